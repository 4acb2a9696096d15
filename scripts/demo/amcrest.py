"""The Amcrest and Dahua devices of the demonstration, each with its RTSP server."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.simulators import footage
from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator
from tests.simulators.amcrest.reel import Reel, file_reel
from tests.simulators.amcrest.store import block_reels
from tests.simulators.clips import VideoCodec
from tests.simulators.dhav import Style
from tests.simulators.rtsp import RtspServer

from .actor import Kept, Level, Moment, Order, Stage, View, switched
from .pictures import Look

USER: Final = "admin"
PASSWORD: Final = "p@ss:w/rd#"
"""With everything in it that has to be escaped somewhere."""


class AmcrestActor:
    """One simulated box; its live streams show the scenes that its snapshots show."""

    def __init__(
        self,
        personality: str,
        scenes: tuple[str, ...],
        stage: Stage,
        *,
        name: str,
        rings: bool = False,
        codec: footage.VideoCodec = "h264",
        audio: footage.AudioCodec | None = "aac",
    ) -> None:
        """Choose the model and what its lenses see."""
        self._model = PERSONALITIES[personality]
        self._name = name
        self._rings = rings
        self._pictures = stage.pictures
        self.looks: tuple[Look, ...] = tuple(
            (stage.pictures.scene(scene), codec, audio) for scene in scenes
        )
        self._rtsp = RtspServer(self._resolve, USER, PASSWORD)
        self.simulator: AmcrestSimulator | None = None
        self._moving: dict[int, datetime] = {}

    @property
    def box(self) -> AmcrestSimulator:
        """The simulator, once it has started."""
        if self.simulator is None:
            raise RuntimeError("the device has not been started")
        return self.simulator

    @property
    def url(self) -> str:
        """The address that the user types."""
        return self.box.url

    async def start(self) -> None:
        """Open its ports."""
        for look in self.looks:
            self._pictures.order(look)
        await self._rtsp.start()
        self.simulator = box = AmcrestSimulator(
            self._model.name,
            USER,
            PASSWORD,
            rtsp_port=self._rtsp.port,
            name=self._name,
            pictures=self._still,
            reels=self._reel,
        )
        for item in box.store.items:
            # What cannot be played to its end belongs to the tests, too.
            if item.damage is not None:
                box.store.remove(item)
        for slot in box.device.slots:
            # A recorder whose cameras all work; the ill ones belong to the tests.
            if slot.enabled:
                slot.state, slot.protocol = "Connected", "Private"
        await box.start()

    async def stop(self) -> None:
        """Leave nothing behind."""
        if self.simulator is not None:
            await self.simulator.stop()
        await self._rtsp.stop()

    @property
    def answers(self) -> Mapping[str, Any]:
        """Nothing: what is proposed is right."""
        return {}

    @property
    def views(self) -> tuple[View, ...]:
        """The only lens, or a recorder's first and last."""
        parts = [self._part(channel) for channel in self._channels]
        return tuple(View(part) for part in dict.fromkeys((parts[0], parts[-1])))

    @property
    def levels(self) -> tuple[Level, ...]:
        """Motion in each picture."""
        return tuple(
            Level("motion", partial(self._motion, channel), self._part(channel))
            for channel in self._channels
        )

    @property
    def moments(self) -> tuple[Moment, ...]:
        """A press of the button, if there is one."""
        return (Moment("doorbell", self._ring),) if self._rings else ()

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What its first lens has recorded, where it has a card or disks."""
        first = self._part(self._channels[0])
        return (Kept(first, self._model.record_suffix),) if self._model.disks else ()

    @property
    def orders(self) -> tuple[Order, ...]:
        """Motion detection (MotionDetect, §4.6)."""
        channel = self._channels[0]
        key = f"MotionDetect[{channel}].Enable"
        return switched(
            "motion_detection", lambda: self.setting(key) == "true", self._part(channel)
        )

    @property
    def _channels(self) -> tuple[int, ...]:
        """The channels with a picture, counted from 0."""
        has = self.box.device.has_picture
        return tuple(channel for channel in range(self._model.channels) if has(channel))

    def _part(self, channel: int) -> str:
        """The place of a channel: a recorder counts from 1, a camera is its only one."""
        return f"camera.{channel + 1}" if self._model.channels > 1 else ""

    async def _motion(self, channel: int, on: bool) -> None:
        """Motion begins or ends (VideoMotion, §4.9.17), and was recorded in the end."""
        region = {"Id": [0], "RegionName": ["Region1"]}
        self.box.emit("VideoMotion", "Start" if on else "Stop", channel, region)
        now = self.box.device.clock.now().replace(microsecond=0)
        if on:
            self._moving[channel] = now
        elif self._model.disks and (began := self._moving.pop(channel, None)) is not None:
            self.box.store.add(
                channel,
                began,
                max(1, round((now - began).total_seconds())),
                kind=self._model.record_suffix,
                codec=self._model.record_codec,
            )

    async def _ring(self) -> None:
        """Somebody presses the button, and nobody answers."""
        self.box.press_doorbell()
        self.box.hang_up()

    def records(self) -> bool:
        """Whether the device was told to record for ever (RecordMode, §4.10)."""
        return self.setting("RecordMode[0].Mode") == "1"

    def setting(self, key: str) -> str | None:
        """What stands in its configuration tables (§4.5)."""
        value = self.box.config.get(key)
        return None if value is None else str(value)

    def _still(self, scene: str, frame: int) -> bytes:
        """A snapshot shows what the live stream shows, in the order of the model's channels."""
        names = self._model.scenes
        channel = names.index(scene) if scene in names else 0
        return self._pictures.still(self.looks[channel % len(self.looks)], frame)

    def _reel(self, channel: int, codec: VideoCodec, style: Style) -> Reel:
        """A recording shows what the live stream shows, once that is drawn."""
        loop = self._pictures.drawn_loop(self.looks[channel % len(self.looks)])
        return block_reels(channel, codec, style) if loop is None else file_reel(loop, style)

    def _resolve(self, path: str) -> Path | None:
        """The file behind realmonitor's channel and subtype (§4.1.1)."""
        parts = urlsplit(path)
        if parts.path != "/cam/realmonitor":
            return None
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        channel, subtype = query.get("channel", "1"), query.get("subtype", "0")
        if not (channel.isdecimal() and subtype.isdecimal()):
            return None
        index, profile = int(channel) - 1, int(subtype)
        if not (0 <= index < self._model.channels and profile <= self._model.extra_streams):
            return None
        if not self.box.device.has_picture(index):
            return None
        return self._pictures.loop(self.looks[index % len(self.looks)])


ROLES: Final = (
    ("Front door", "ipc", ("front_door",), False),
    ("Driveway", "wizsense", ("driveway",), False),
    ("Doorbell", "doorbell", ("street",), True),
    ("Garage", "legacy", ("garage",), False),
    ("Recorder", "nvr", PERSONALITIES["nvr"].scenes, False),
)
"""Title, model, what each lens sees, whether it rings."""


def maker(
    title: str, personality: str, scenes: tuple[str, ...], rings: bool
) -> Callable[[Stage], AmcrestActor]:
    """What makes the actor of a role."""
    return partial(AmcrestActor, personality, scenes, name=title, rings=rings)
