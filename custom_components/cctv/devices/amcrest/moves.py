"""Moving a camera: on and on, by so much, to a place, to a part of the picture (§4.10.7)."""

from collections.abc import Mapping
from typing import Final

from ..commands import GetView, Mode, PtzBox, PtzMove, PtzStop, SetView
from ..errors import BadInput, Unsaid, Unsupported
from ..model import Answer, PartId
from . import wire
from .box import Box
from .drive import channel_of, index_of, leaves, looks, number, send

_GRID: Final = 8_191
"""Places in the picture go from 0 to this."""
_LENS: Final[Mapping[str, tuple[str, str]]] = {
    "focus": ("FocusNear", "FocusFar"),
    "iris": ("IrisSmall", "IrisLarge"),
}


async def move(box: Box, part: PartId, command: PtzMove) -> Answer:
    """Go on, by so much, or to a place; the stop is the runner's."""
    match command.mode:
        case Mode.CONTINUOUS if part in box.lenses:
            await _turn(box, part, command.zoom * command.speed, command.focus * command.speed)
        case Mode.CONTINUOUS:
            await _go(box, part, command)
        case Mode.RELATIVE:
            _no_lens(command)
            ways = (("arg1", command.pan), ("arg2", command.tilt), ("arg3", command.zoom))
            params: list[tuple[str, wire.Param]] = [("channel", channel_of(box, part))]
            params += [(name, f"{max(-1.0, min(1.0, way)):g}") for name, way in ways]
            await box.client.tell("ptz", "moveRelatively", params)
        case Mode.ABSOLUTE:
            _no_lens(command)
            zoom = command.zoom
            if zoom and not 1 <= zoom <= 128:
                raise BadInput("zoom is from 1 to 128")
            await send(
                box, part, "start", "PositionABS", command.pan % 360, command.tilt, float(zoom)
            )
        case _:
            raise BadInput("it does not go by steps")
    turned = command.mode is not Mode.CONTINUOUS or command.pan or command.tilt or command.zoom
    return Answer((*(leaves(box, part) if turned else ()), looks(box, part)))


async def _go(box: Box, part: PartId, command: PtzMove) -> None:
    """Move on every axis that is asked for, until stopped."""
    if not any((command.pan, command.tilt, command.zoom, command.focus, command.iris)):
        raise BadInput("a move without a direction")
    if command.pan or command.tilt or command.zoom:
        end = min(3_600, max(1, round(command.seconds + 1))) if command.seconds else 60
        await send(
            box,
            part,
            "start",
            "Continuously",
            *(_pace(way, command.speed) for way in (command.pan, command.tilt, command.zoom)),
            end=end,
        )
    for axis, (back, forth) in _LENS.items():
        way = getattr(command, axis)
        if way:
            await send(box, part, "start", forth if way > 0 else back, 0.0, 0.0, 0.0)


async def _turn(box: Box, part: PartId, zoom: float, focus: float) -> None:
    """Move a lens on and on, or stop it with zeros (adjustFocusContinuously, §4.5.15)."""
    params: list[tuple[str, wire.Param]] = [("focus", f"{focus:g}"), ("zoom", f"{zoom:g}")]
    channel = box.cameras[index_of(box, part)].channel
    await box.client.tell(
        "devVideoInput", "adjustFocusContinuously", [*params, ("channel", channel)]
    )


def _no_lens(command: PtzMove) -> None:
    if command.focus or command.iris:
        raise BadInput("focus and iris only go on and stop")


def _pace(way: float, speed: float) -> float:
    """−100 to 100, never inside the dead zone of ±4 (§4.10.7)."""
    if not way:
        return 0.0
    pace = max(5, min(100, round(abs(way) * speed * 100)))
    return float(pace if way > 0 else -pace)


async def stop(box: Box, part: PartId, command: PtzStop) -> Answer:
    """Stop the drive, and the lens where it has one."""
    if part in box.lenses:
        await _turn(box, part, 0, 0)
        return Answer((looks(box, part),))
    await send(box, part, "stop", "Continuously", 0.0, 0.0, 0.0)
    ability = box.drives.get(part)
    for axis, codes in _LENS.items():
        if ability is not None and axis in ability.axes:
            for code in codes:
                await send(box, part, "stop", code, 0.0, 0.0, 0.0)
    return Answer((looks(box, part),))


async def area(box: Box, part: PartId, command: PtzBox) -> Answer:
    """Turn and zoom to a part of the picture (ptzBase moveDirectly, §4.10.7)."""
    edges = _edges(command.left, command.top, command.right, command.bottom)
    names = ("startPoint[0]", "startPoint[1]", "endPoint[0]", "endPoint[1]")
    params: list[tuple[str, wire.Param]] = [("channel", channel_of(box, part))]
    await box.client.tell("ptzBase", "moveDirectly", [*params, *zip(names, edges, strict=True)])
    return Answer((*leaves(box, part), looks(box, part)))


def _edges(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """Percent to the device's grid."""
    if left >= right or top >= bottom:
        raise BadInput("the left edge is left of the right one, and the upper one above the lower")
    return (
        round(left * _GRID / 100),
        round(top * _GRID / 100),
        round(right * _GRID / 100),
        round(bottom * _GRID / 100),
    )


async def window(box: Box, channel: int) -> tuple[float, ...]:
    """The window that is shown (getCurrentWindow, §4.5.18)."""
    text = await box.client.ask("devVideoInput", "getCurrentWindow", [("channel", channel)])
    told = wire.pairs(text)
    edges = [
        float(word)
        for at in range(4)
        for name, word in told.items()
        if name.endswith(f"[{at}]") and number(word) is not None
    ]
    if len(edges) != 4:
        raise Unsaid("no window")
    return tuple(edges)


async def get_view(box: Box, part: PartId, command: GetView) -> Answer:
    """The window in percent."""
    edges = await window(box, box.cameras[index_of(box, part)].channel)
    names = ("left", "top", "right", "bottom")
    return Answer(
        data={name: round(each * 100 / _GRID, 2) for name, each in zip(names, edges, strict=True)}
    )


async def set_view(box: Box, part: PartId, command: SetView) -> Answer:
    """Show a part only (setCurrentWindow, §4.5.19)."""
    edges = _edges(command.left, command.top, command.right, command.bottom)
    channel = box.cameras[index_of(box, part)].channel
    params: list[tuple[str, wire.Param]] = [("channel", channel)]
    try:
        await box.client.tell(
            "devVideoInput",
            "setCurrentWindow",
            [*params, *((f"rect[{at}]", each) for at, each in enumerate(edges))],
        )
    except Unsupported:
        # A later document calls the members so; the refusal changed nothing.
        await box.client.tell(
            "devVideoInput",
            "setCurrentWindow",
            [*params, *((f"region[{at}]", each) for at, each in enumerate(edges))],
        )
    return Answer()
