"""From the device's events (§4.9.17) to updates: pure, with the little memory that needs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..model import BOX, Batch, Event, Hint, PartId, Update, Value
from . import entry
from .features import (
    ALARM,
    CALLS,
    CHATTER,
    DETAILS,
    GUARD,
    HINTS,
    KEY_LIGHT,
    LEVELS,
    MOMENTS,
    NESTED,
    PULSE,
    RECORDINGS,
    RINGING,
    TALK,
    Level,
    Moment,
)
from .wire import WireEvent

_PICTURES: Final = (".jpg", ".jpeg", ".png")
_VIDEOS: Final = (".dav", ".mp4", ".avi", ".h264", ".h265", ".ps")
_SAME_CALL: Final = 60.0
"""Call numbers are used again; within so many seconds it is the same call."""
_CALLS: Final = 16
_TEXT: Final = 200
_ITEMS: Final = 8
_BEGINS: Final = ("Start", "Pulse", "Open")
_ENDS: Final = ("Stop", "Close")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where events belong: channel index to camera, slot to input, rule to its part."""

    cameras: Mapping[int, PartId]
    inputs: Mapping[int, PartId] = field(default_factory=dict)
    rules: Mapping[tuple[int, str], PartId] = field(default_factory=dict)
    bell: bool = False
    """A doorbell: its alarm input is the button."""
    doors: Mapping[int, PartId] = field(default_factory=dict)
    spaces: Mapping[str, PartId] = field(default_factory=dict)
    """Parking spaces by their lane."""


class Translator:
    """Translates one feed; `begin` at every connect, `counts` says what was not told."""

    def __init__(self, layout: Layout) -> None:
        """Begin with nothing active."""
        self.layout = layout
        self.counts: Counter[str] = Counter()
        self._active: dict[tuple[PartId, str], dict[tuple[str, str], float]] = {}
        self._calls: dict[str, tuple[float, float]] = {}

    def begin(self) -> None:
        """Forget what was active: nobody knows what was missed."""
        self._active.clear()

    def translate(self, event: WireEvent, now: float) -> Batch:
        """The updates of one event, heard at `now` (monotonic)."""
        updates = tuple(self._translate(event, now))
        self.counts["told" if updates else "left out"] += 1
        return updates

    def _translate(self, event: WireEvent, now: float) -> Iterator[Update]:
        code = event.code
        if code in CHATTER or event.action == "State":
            self.counts["chatter"] += 1
        elif code in HINTS:
            yield Hint(HINTS[code])
        elif code in entry.CODES:
            camera = self.layout.cameras.get(event.index)
            layout = self.layout
            yield from entry.translate(event, camera, layout.doors, layout.spaces, details(event))
        elif code in RINGING or (code == ALARM and self.layout.bell):
            yield from self._bell(event, now)
        elif code == ALARM:
            yield from self._input(event)
        elif code in LEVELS:
            yield from self._level(event, LEVELS[code], now)
        elif code in MOMENTS:
            yield from self._moment(event, MOMENTS[code])
        else:
            yield from self._other(event)

    def _place(self, event: WireEvent) -> PartId | None:
        """The camera of an event; None, counted, if there is none."""
        part = self.layout.cameras.get(event.index)
        if part is None:
            self.counts["place"] += 1
        return part

    def _input(self, event: WireEvent) -> Iterator[Update]:
        """An alarm input by its slot."""
        part = self.layout.inputs.get(event.index)
        if part is None:
            self.counts["place"] += 1
        elif event.action in _BEGINS:
            hold = PULSE if event.action == "Pulse" else None
            yield Value(f"{part}:input", True, hold, details(event))
        elif event.action in _ENDS:
            yield Value(f"{part}:input", False, None, details(event))

    def _level(self, event: WireEvent, level: Level, now: float) -> Iterator[Update]:
        """A row that is on while any rule or code says so, and the rule's own row."""
        part = BOX if level.box else self._place(event)
        if part is None or event.action not in _BEGINS + _ENDS:
            return
        rule = _rule(event.data) if level.ruled else ""
        on, hold = self._any(event, part, level.row, rule, now)
        told = details(event)
        yield Value(f"{part}:{level.row}", on, hold, told)
        below = self.layout.rules.get((event.index, rule)) if rule else None
        if below is not None:
            mine = event.action in _BEGINS
            yield Value(f"{below}:{level.row}", mine, hold if mine else None, told)
        if level.hints:
            yield Hint(level.hints)

    def _any(
        self, event: WireEvent, part: PartId, row: str, rule: str, now: float
    ) -> tuple[bool, float | None]:
        """Whether the row is on now, and for how long without a Stop."""
        key = (part, row)
        active = {
            one: since for one, since in self._active.get(key, {}).items() if now - since < GUARD
        }
        mine = (event.code, rule)
        if event.action == "Start" or event.action == "Open":
            # A rule may be given any name; so many at once are no rules any more.
            if len(active) < 64 or mine in active:
                active[mine] = now
        elif event.action in _ENDS:
            if not rule:
                active = {one: since for one, since in active.items() if one[0] != event.code}
            elif mine in active:
                del active[mine]
            else:
                active.pop((event.code, ""), None)
        if active:
            self._active[key] = active
        else:
            self._active.pop(key, None)
        if event.action == "Pulse":
            return True, None if active else PULSE
        return bool(active), None

    def _moment(self, event: WireEvent, moment: Moment) -> Iterator[Update]:
        """A row that happens."""
        if event.action not in _BEGINS:
            return
        part = BOX if moment.box else self._place(event)
        if part is None:
            return
        kind = moment.type
        told = details(event)
        if moment.row == "new_file":
            kind = _kind(str(told.get("file", "")))
        yield Event(f"{part}:{moment.row}", kind, None, told)
        table = event.data.get("Name")
        if event.code == "ConfigChange" and isinstance(table, str) and table.isidentifier():
            yield Hint((f"config:{table[:64]}",))
        elif kind == "video" and moment.row == "new_file":
            yield Hint((*moment.hints, f"{RECORDINGS}{part}"))
        elif moment.hints:
            yield Hint(moment.hints)

    def _bell(self, event: WireEvent, now: float) -> Iterator[Update]:
        """The many codes of one press, and how the call goes on."""
        if event.action not in _BEGINS:
            return
        meaning: tuple[str, str] | None
        if event.code == "_DoTalkAction_":
            meaning = TALK.get(str(event.data.get("Action", "")))
        elif event.code == "BackKeyLight":
            state = event.data.get("State")
            meaning = KEY_LIGHT.get(state) if isinstance(state, int) else None
            if state == 0:
                return
            if state in (entry.UNLOCKED, entry.REFUSED):
                granted = state == entry.UNLOCKED
                yield from entry.swipe(event, granted, self.layout.doors, details(event))
                return
        else:
            meaning = CALLS.get(event.code, ("doorbell", "ring"))
        if meaning is None:
            yield from self._other(event)
            return
        row, kind = meaning
        part = self.layout.cameras.get(event.index, BOX)
        yield Event(f"{part}:{row}", kind, self._call(event, kind, now), details(event))

    def _call(self, event: WireEvent, kind: str, now: float) -> str | None:
        """An id for what the call does; None if the event names no call."""
        number = event.data.get("CallID")
        if not isinstance(number, (str, int)) or not str(number):
            return None
        number = str(number)[:64]
        since, heard = self._calls.pop(number, (now, now))
        if now - heard > _SAME_CALL:
            since = now
        self._calls[number] = (since, now)
        while len(self._calls) > _CALLS:
            del self._calls[next(iter(self._calls))]
        return f"{number}@{since:.3f}:{kind}"

    def _other(self, event: WireEvent) -> Iterator[Update]:
        """A code without a row, as a detection of its camera."""
        self.counts["unknown"] += 1
        if event.action not in _BEGINS:
            return
        part = self._place(event)
        if part is not None:
            told = {"code": event.code, **details(event)}
            # A lens is no camera of its own.
            camera = BOX if part.startswith("lens.") else part
            yield Event(f"{camera}:detection", "other", None, told)


def _rule(data: Mapping[str, Any]) -> str:
    """What tells a rule from others: its id, else its name, else nothing."""
    for member in ("RuleID", "RuleId", "Name"):
        value = data.get(member)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
            return str(value)[:_TEXT]
    return ""


def _kind(path: str) -> str:
    """What kind of file a path names."""
    path = path.lower()
    if path.endswith(_PICTURES):
        return "picture"
    return "video" if path.endswith(_VIDEOS) else "other"


def details(event: WireEvent) -> dict[str, Any]:
    """The members worth telling, under common names, short and flat."""
    told: dict[str, Any] = {}
    for data in (event.data, *_nested(event.data)):
        for member, key in DETAILS.items():
            if key not in told and member in data:
                value = _short(data[member])
                if value is not None and value != "":
                    told[key] = value
    return told


def _nested(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects that an event is about, the first of each list."""
    for member in NESTED:
        value = data.get(member)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            yield value


def _short(value: Any) -> Any:
    """A scalar or a list of scalars within bounds; None for anything else."""
    if isinstance(value, str):
        return value[:_TEXT]
    if isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else None
    if isinstance(value, list):
        items = [_short(item) for item in value[:_ITEMS] if isinstance(item, (str, int, float))]
        return items or None
    return None
