"""mediaFileFind as JSON calls: channels from 0, handles that are numbers (§4.11.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.simulators.amcrest.answers.finding import sized
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.finder import BadCondition, Condition, Finders

_PREFIX: Final = "mediaFileFind."
METHODS: Final = frozenset(
    _PREFIX + name for name in ("factory.create", "findFile", "findNextFile", "close", "destroy")
)


class NothingFound(Exception):
    """No file fits the condition."""


@dataclass(frozen=True, slots=True)
class MediaCall:
    """What a call comes to: its result, which may be a number, and its parameters."""

    result: object = True
    params: object = None


async def media_call(
    device: Device, finders: Finders, method: str, handle: object, params: Mapping[str, Any]
) -> MediaCall:
    """Do one of METHODS; the finder's own exceptions say why it cannot be done."""
    if method == "mediaFileFind.factory.create":
        return MediaCall(int(finders.create()))
    name = str(handle)
    match method.removeprefix(_PREFIX):
        case "findFile":
            if not finders.find(name, _condition(device, params)):
                raise NothingFound
        case "findNextFile":
            return await _next(device, finders, name, params.get("count"))
        case "close":
            finders.close(name)
        case "destroy":
            finders.destroy(name)
    return MediaCall()


async def _next(device: Device, finders: Finders, handle: str, count: object) -> MediaCall:
    if not isinstance(count, int) or count < 1:
        raise BadCondition("no count")
    infos = await sized(device, finders.next(handle, count))
    return MediaCall(params={"found": len(infos), "infos": infos or None})


def _condition(device: Device, params: Mapping[str, Any]) -> Condition:
    condition = params.get("condition")
    if not isinstance(condition, dict):
        raise BadCondition("no condition")
    channel = condition.get("Channel")
    if not isinstance(channel, int) or not 0 <= channel < device.personality.channels:
        raise BadCondition("no such channel")
    return Condition.read(channel, condition.get)
