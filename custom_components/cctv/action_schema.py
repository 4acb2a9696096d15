"""The table of actions: every command, and what is asked of recordings and tables."""

from collections.abc import Callable
from dataclasses import dataclass
import inspect
import re
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolSchemaType
import voluptuous as vol

from . import action_ptz
from .action_asks import ASKS, Ask
from .action_fields import Field, fields_of, filename_field
from .devices.commands import COMMANDS, Brings, Command, PtzMove, Risk

CONFIRM: Final = "confirm"
MEDIA_ID: Final = "media_content_id"
_TARGET: Final[dict[Any, Any]] = {**cv.TARGET_FIELDS, vol.Optional(ATTR_ENTITY_ID): cv.entity_ids}
_CONFIRM: Final = Field(CONFIRM, "This cannot be undone", True, None, cv.boolean, {"boolean": {}})


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
    by_id: bool = False
    """Whether a recording's id may stand for the target."""

    @property
    def only_looks(self) -> bool:
        """Tell whether it does nothing to a device or a disk."""
        return issubclass(self.asks, Ask) and self.asks.right == POLICY_READ

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
            cv.has_at_least_one_key(
                *(str(key) for key in _TARGET), *((MEDIA_ID,) if self.by_id else ())
            ),
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


def _ask(described: type[Ask]) -> Action:
    """Return the action of what is asked beside the commands."""
    asked = fields_of(described)
    if described.risk is Risk.DESTROYS:
        asked += (_CONFIRM,)
    return Action(
        name_of(described),
        described,
        inspect.getdoc(described) or "",
        asked,
        described.risk,
        described.response,
        by_id=described.by_id,
    )


ACTIONS: Final = (*map(_of, COMMANDS), *map(_ask, ASKS))
