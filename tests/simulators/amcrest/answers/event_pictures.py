"""A picture of each event as it happens (§4.4.3)."""

from collections.abc import Iterator

from tests.simulators.amcrest.answers.events import read_codes
from tests.simulators.amcrest.config import wire_text
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.parts import JPEG, Part, Parts, beat_of, text_part
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Connection, Reply

_EVERYWHERE = -1
_WITH_TWO = frozenset({"AccessControl"})
_SIZE = (1280, 720)
_SAID = frozenset({"start", "pulse"})


class EventPictures(Section):
    """Who waits for pictures; each event that begins gives one, a passage gives two."""

    def __init__(self, device: Device) -> None:
        """Listen to the events."""
        super().__init__(device)
        self.parts = Parts(device)
        self.sent = 0
        device.events.taps.append(self._happened)

    def _happened(self, code: str, action: str, index: int, data: object) -> None:
        if action.lower() in _SAID and any(
            self._wants(each.key, code, index) for each in self.parts.listeners
        ):
            self.device.spawn(self._picture(code, action, index, data))

    async def _picture(self, code: str, action: str, index: int, data: object) -> None:
        channel = index if index < self.device.personality.channels else 0
        count = 2 if code in _WITH_TWO else 1
        pictures = [await self.device.picture(channel) for _ in range(count)]
        lines = [
            f"Events[0].EventBaseInfo.Code={code}",
            f"Events[0].EventBaseInfo.Action={action}",
            f"Events[0].EventBaseInfo.Index={index}",
            *_flat("Events[0]", data),
        ]
        if count > 1:
            lines += _images(pictures)
        text = text_part(lines, self.device.faults.eol)
        image = Part(b"".join(pictures), JPEG)
        for key in {each.key for each in self.parts.listeners}:
            if self._wants(key, code, index):
                self.sent += 1
                self.parts.send(text, image, key=key)
        self.device.changed.poke()

    @staticmethod
    def _wants(key: object, code: str, index: int) -> bool:
        if not isinstance(key, tuple):
            return False
        channel, codes = key
        return channel in (_EVERYWHERE, index) and (codes is None or code in codes)


async def attach(device: Device, command: Command, connection: Connection) -> Reply | None:
    """attachFileProc&channel=&heartbeat=&Flags[0]=Event&Events=[…]: text, then the picture."""
    if not device.has("event_pictures"):
        return device.missing()
    beat = beat_of(command)
    channel = _EVERYWHERE if command.number("channel") == _EVERYWHERE else device.channel(command)
    try:
        codes = read_codes(command.get("Events") or "")
    except ValueError:
        return device.refuse(Refusal.BAD_REQUEST)
    if beat is None or channel is None or command.listed("Flags") != ["Event"]:
        return device.refuse(Refusal.BAD_REQUEST)
    await device.of(EventPictures).parts.serve(connection, beat, (channel, codes))
    return None


def _flat(place: str, value: object) -> Iterator[str]:
    """What an event carries, as dotted lines."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(f"{place}.{key}", item)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _flat(f"{place}[{index}]", item)
    elif value is not None:
        yield f"{place}={wire_text(value)}"


def _images(pictures: list[bytes]) -> list[str]:
    lines: list[str] = []
    offset = 0
    for number, picture in enumerate(pictures):
        place = f"Events[0].ImageInfo[{number}]"
        lines += [
            f"{place}.Height={_SIZE[1]}",
            f"{place}.Length={len(picture)}",
            f"{place}.Offset={offset}",
            f"{place}.Type={number}",
            f"{place}.Width={_SIZE[0]}",
        ]
        offset += len(picture)
    return lines


STREAMS = {"snapManager.attachFileProc": attach}
