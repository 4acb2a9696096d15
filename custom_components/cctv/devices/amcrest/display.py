"""The monitors of a recorder (§7): how each is divided, and whether it shows cameras in turn."""

from functools import partial
from typing import Final

from ..commands import Set
from ..errors import BadInput, Rejected, Unsaid, Unsupported
from ..http.client import Lane
from ..model import Answer, Batch, Feature, Part, PartId, PartKind, Value
from ..settings import change
from . import tables, wire
from .box import MANY, Box
from .topic import Topic

MONITOR: Final = "monitor:"
"""The poll of how one monitor is divided (getMode, §7.2)."""
_CGI: Final = "split"
_COUNT: Final = "devVideoOutput"
_MODE: Final = "split.getMode"
_ENABLE: Final = "split.enableTour"
_TOUR: Final = "MonitorTour"
_SIZES: Final = (1, 4, 8, 9, 16, 25, 36, 64, 144)
_OTHERS: Final = ("pip1", "pip3")


async def _survey(box: Box) -> list[Value]:
    """What monitors there are, and what they tell; what does not answer is asked again."""
    if not box.identity.recorder or not await _monitors(box):
        return []
    told: list[Value] = []
    for index, part in box.displays.items():
        poll = f"{MONITOR}{index + 1}"
        if poll in box.features:
            continue
        # What one monitor says goes for all.
        mode = await box.verdicts.probe(_MODE, partial(_mode, box, index, Lane.SURVEY))
        if mode is not None:
            options = tuple(dict.fromkeys((*_layouts(box), mode[0])))
            box.features[poll] = [Feature(part, "monitor_layout", poll=poll, options=options)]
            told.append(Value(f"{part}:monitor_layout", mode[0]))
    if not box.bounds.get(_TOUR):
        told += await tables.learn(box, _TOUR, Lane.SURVEY)
    return told


async def _monitors(box: Box) -> bool:
    """Whether there are monitors, and how many; only recorders have any (getCollect, §4.5.9)."""
    if MONITOR not in box.parts:
        count = await box.verdicts.probe(_COUNT, partial(box.client.number, _COUNT, "getCollect"))
        if count is None:
            return False
        box.displays = {index: f"display.{index + 1}" for index in range(max(0, min(count, MANY)))}
        box.parts[MONITOR] = [Part(part, PartKind.DISPLAY) for part in box.displays.values()]
    return bool(box.displays)


def _layouts(box: Box) -> tuple[str, ...]:
    """Layouts that make sense: up to the first that shows all cameras."""
    most = 1 + max(box.cameras, default=0)
    enough = next((size for size in _SIZES if size >= most), _SIZES[-1])
    return (*(f"split{size}" for size in _SIZES if size <= enough), *_OTHERS)


async def _mode(box: Box, index: int, lane: Lane = Lane.READ) -> tuple[str, str]:
    """How a monitor is divided, and which group of cameras it shows (getMode, §7.2)."""
    text = await box.client.ask(_CGI, "getMode", [("channel", index + 1)], lane=lane)
    mode = wire.word(text, "mode")
    if mode is None:
        raise Unsaid("no layout")
    return mode.lower()[:40], wire.word(text, "group") or "0"


async def _read(box: Box, poll: str) -> Batch:
    """How one monitor is divided now; a layout that nobody knew of becomes an option."""
    index = int(poll.removeprefix(MONITOR)) - 1
    mode, _ = await _mode(box, index)
    (feature,) = box.features[poll]
    value = Value(feature.id, mode)
    if mode in feature.options:
        return (value,)
    box.features[poll] = [
        Feature(feature.part, feature.key, poll=poll, options=(*feature.options, mode))
    ]
    return (box.build(), value)


def _index(box: Box, part: PartId) -> int:
    """The index of a monitor."""
    for index, display in box.displays.items():
        if display == part:
            return index
    raise BadInput(f"no monitor {part}")


async def _divide(box: Box, part: PartId, command: Set) -> Answer:
    """Divide a monitor (setMode, §7.2), and look whether it is so."""
    if not isinstance(command.value, str):
        raise BadInput("not a layout")
    index = _index(box, part)
    _, group = await _mode(box, index)
    params: list[tuple[str, wire.Param]] = [
        ("channel", index + 1),
        ("mode", command.value),
        ("group", group),
    ]
    await box.client.tell(_CGI, "setMode", params)
    mode, _ = await _mode(box, index)
    if mode != command.value:
        raise Rejected(f"the layout stays {mode}")
    return Answer((Value(f"{part}:monitor_layout", mode),))


async def _tour(box: Box, part: PartId, command: Set) -> Answer:
    """Show the cameras in turn (enableTour, §7.3.2; else the table itself, §7.3.1), and look."""
    bound = box.bound(f"{part}:monitor_tour")
    if bound is None:
        raise BadInput(f"no monitor {part}")
    on = bool(command.value)
    if box.verdicts.get(_ENABLE) is not False:
        params: list[tuple[str, wire.Param]] = [
            ("channel", _index(box, part) + 1),
            ("enable", "true" if on else "false"),
        ]
        try:
            await box.client.tell(_CGI, "enableTour", params)
        except Unsupported:
            box.verdicts.put(_ENABLE, verdict=False)
    # Nothing is written where it is so already.
    return Answer(await change(box.store, bound, on, box.bounds[_TOUR], box.env.clock))


TOPIC: Final = Topic(
    survey=_survey,
    readers={MONITOR: _read},
    setters={"monitor_layout": _divide, "monitor_tour": _tour},
)
