"""What comes of an action: one outcome for each target, what failed, and what is answered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from homeassistant.core import ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .action_targets import Target
from .const import DOMAIN

type Work = Callable[[Target], Awaitable[JsonObjectType]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it at one target: what there is to tell, or an error."""

    target: Target
    told: JsonObjectType
    error: HomeAssistantError | None = None

    def as_json(self) -> JsonObjectType:
        """Return it as a response tells it."""
        place: JsonObjectType = {
            "target": self.target.name,
            "device_id": self.target.device_id,
            "part": self.target.part,
        }
        if self.error is not None:
            return {**place, "done": False, "error": str(self.error)}
        return {**place, "done": True, **self.told}


async def async_at_each(targets: Sequence[Target], work: Work) -> list[Outcome]:
    """Do it at all targets at once; one that fails does not keep the others from it."""

    async def one(target: Target) -> Outcome:
        try:
            return Outcome(target, await work(target))
        except HomeAssistantError as error:
            return Outcome(target, {}, error)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(target)) for target in targets]
    return [task.result() for task in tasks]


def response(outcomes: Sequence[Outcome], *, wanted: bool) -> ServiceResponse:
    """Return what is answered; raise what failed, unless the answer tells it beside successes."""
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    if failed and (not wanted or len(failed) == len(outcomes)):
        raise _summed(outcomes, failed)
    return {"results": [outcome.as_json() for outcome in outcomes]} if wanted else None


def _summed(outcomes: Sequence[Outcome], failed: Sequence[Outcome]) -> HomeAssistantError:
    """Return one error of all."""
    errors = [outcome.error for outcome in failed if outcome.error is not None]
    if len(outcomes) == 1:
        return errors[0]
    invalid = all(isinstance(error, ServiceValidationError) for error in errors)
    return (ServiceValidationError if invalid else HomeAssistantError)(
        translation_domain=DOMAIN,
        translation_key="not_everywhere",
        translation_placeholders={
            "failed": str(len(failed)),
            "all": str(len(outcomes)),
            "errors": "; ".join(f"{each.target.name}: {each.error}" for each in failed),
        },
    )


def plain(value: Any) -> Any:
    """Return what a device told as JSON can hold it; times in Home Assistant's zone."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case datetime():
            return dt_util.as_local(value).isoformat()
        case date() | time():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case frozenset() | set():
            return sorted(map(str, value))
        case list() | tuple():
            return [plain(each) for each in value]
    return str(value)
