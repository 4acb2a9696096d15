"""The table of actions: every command, and two ways to list what a device keeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
import inspect
import re
from typing import Annotated, Any, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolSchemaType
import voluptuous as vol

from . import action_ptz
from .action_fields import LIST_MOST, Field, fields_of, filename_field
from .devices.commands import COMMANDS, Brings, Command, Param, PtzMove, Risk

CONFIRM: Final = "confirm"
_TARGET: Final[dict[Any, Any]] = {**cv.TARGET_FIELDS, vol.Optional(ATTR_ENTITY_ID): cv.entity_ids}
_CONFIRM: Final = Field(CONFIRM, "This cannot be undone", True, None, cv.boolean, {"boolean": {}})


@dataclass(frozen=True, slots=True)
class ListRecordings:
    """List what a device recorded, newest first."""

    start: Annotated[datetime | None, Param("Nothing that ended before")] = None
    end: Annotated[datetime | None, Param("Nothing that began after")] = None
    kinds: Annotated[tuple[str, ...], Param("Only what was recorded for one of these reasons")] = ()
    limit: Annotated[int, Param("At most so many", low=1, high=LIST_MOST)] = 100


@dataclass(frozen=True, slots=True)
class ListTable:
    """List the rows of one of a device's tables, newest first."""

    kind: Annotated[str, Param("Which table, such as log")]
    start: Annotated[datetime | None, Param("Nothing before")] = None
    end: Annotated[datetime | None, Param("Nothing after")] = None
    where: Annotated[Mapping[str, str] | None, Param("Columns and what must be in them")] = None
    limit: Annotated[int, Param("At most so many", low=1, high=LIST_MOST)] = 100


@dataclass(frozen=True, slots=True)
class Action:
    """An action: what it is made from, what it asks for, who may call it."""

    name: str
    asks: type[Any]
    about: str
    fields: tuple[Field, ...]
    risk: Risk = Risk.NONE
    response: SupportsResponse = SupportsResponse.OPTIONAL
    check: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    @property
    def is_command(self) -> bool:
        """Tell whether it does something; else it only lists."""
        return issubclass(self.asks, Command)

    @property
    def schema(self) -> VolSchemaType:
        """Return the check of all that a call may say."""
        shape: dict[Any, Any] = {field.marker: field.check for field in self.fields}
        if self.risk is Risk.DESTROYS:
            # Left out it is refused by the action itself, in the language of whoever asks.
            del shape[_CONFIRM.marker]
            shape[vol.Optional(CONFIRM, default=False)] = cv.boolean
        checks: list[Any] = [
            # The frontend may leave remarks of its own.
            vol.Schema({vol.Remove("metadata"): dict, **shape, **_TARGET}),
            cv.has_at_least_one_key(*(str(key) for key in _TARGET)),
        ]
        if self.check is not None:
            checks.append(self.check)
        schema: Any = vol.All(*checks)
        checked: VolSchemaType = schema
        return checked


def name_of(described: type) -> str:
    """Return the name of an action: `GotoPreset` is `goto_preset`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", described.__name__).lower()


def _of(command: type[Command]) -> Action:
    """Return the action of a command."""
    asked = fields_of(command)
    check = None
    if command is PtzMove:
        asked += fields_of(action_ptz.CardMove)
        check = action_ptz.check
    if command.brings is Brings.FILE:
        asked += (filename_field("Where the file is written"),)
    if command.risk is Risk.DESTROYS:
        asked += (_CONFIRM,)
    only = command.brings is Brings.DATA
    response = SupportsResponse.ONLY if only else SupportsResponse.OPTIONAL
    about = inspect.getdoc(command) or ""
    return Action(name_of(command), command, about, asked, command.risk, response, check)


def _list(described: type[ListRecordings | ListTable]) -> Action:
    """Return the action of a list."""
    return Action(
        name_of(described),
        described,
        inspect.getdoc(described) or "",
        fields_of(described),
        response=SupportsResponse.ONLY,
    )


ACTIONS: Final = (*map(_of, COMMANDS), _list(ListRecordings), _list(ListTable))
