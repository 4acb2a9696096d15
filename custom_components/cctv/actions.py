"""The integration's actions: registered once, whatever devices there are, and done in one way."""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.json import JsonObjectType

from . import action_asks as asks, action_ptz
from .action_answers import async_at_each, plain, response
from .action_downloads import async_download_recording, async_export_clip
from .action_fields import FILENAME, file_field
from .action_files import async_free, async_read, async_write
from .action_lists import async_list_table
from .action_recordings import (
    async_delete_recording,
    async_latest_recording,
    async_list_recordings,
)
from .action_schema import ACTIONS, CONFIRM, Action
from .action_targets import Target, async_targets, refused
from .const import DOMAIN
from .devices.commands import Command, Press, PtzMove, PtzStop, Risk
from .devices.model import Part, Ref
from .errors import translated

type _Handle = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]

_ENOUGH: Final[Mapping[type[Command], frozenset[type[Command]]]] = {
    PtzStop: frozenset({PtzStop, PtzMove}),
    Press: frozenset({PtzMove}),
}
"""What a part must be able to do, where that is not the command itself."""


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register every action; those that need an administrator by Home Assistant's own way."""
    for action in ACTIONS:
        handle: _Handle = _ASKS.get(action.asks, partial(_async_perform, action))
        if action.risk is Risk.NONE:
            hass.services.async_register(
                DOMAIN, action.name, handle, action.schema, action.response
            )
        else:
            async_register_admin_service(
                hass, DOMAIN, action.name, handle, action.schema, action.response
            )


async def _async_perform(action: Action, call: ServiceCall) -> ServiceResponse:
    """Do the command of an action at each of its targets."""
    if action.risk is Risk.DESTROYS and not call.data[CONFIRM]:
        raise refused("not_confirmed", action=f"{DOMAIN}.{action.name}")
    data = call.data
    given = {field.name: data[field.name] for field in action.fields if field.name in data}
    given.pop(CONFIRM, None)
    filename: str | None = given.pop(FILENAME, None)
    moves = action.asks is PtzMove
    kind: type[Command] = type(action_ptz.command_of(given)) if moves else action.asks
    targets = await async_targets(call, partial(_is_able, _ENOUGH.get(kind, frozenset({kind}))))
    path: Path | None = None
    if filename is not None and (field := file_field(action.asks)) is not None:
        given[field] = await async_read(call.hass, filename)
    elif filename is not None:
        if len(targets) > 1:
            raise refused("one_file_one_target", targets=str(len(targets)))
        path = await async_free(call.hass, filename)
    command: Command = action_ptz.command_of(given) if moves else action.asks(**given)
    outcomes = await async_at_each(targets, partial(_do, call.hass, command, path))
    return response(outcomes, wanted=call.return_response)


def _is_able(enough: frozenset[type[Command]], part: Part) -> bool:
    """Tell whether a part can do one of these."""
    return bool(part.can & enough)


async def _do(
    hass: HomeAssistant, command: Command, path: Path | None, target: Target
) -> JsonObjectType:
    """Do a command at one target, and keep the file that it brings."""
    answer = await target.coordinator.async_do(target.part, command)
    told: JsonObjectType = {} if answer.data is None else {"data": plain(answer.data)}
    if path is not None:
        if answer.ref is None:
            raise refused("no_file", target=target.name)
        await _keep(hass, target, answer.ref, path)
        told["file"] = str(path)
    return told


async def _keep(hass: HomeAssistant, target: Target, ref: Ref, path: Path) -> None:
    """Fetch what a command brought, into a file."""
    with translated(target.coordinator.entry.title):
        content = await target.coordinator.runner.fetch(ref)
        await async_write(hass, content, path)


_ASKS: Final[Mapping[type, _Handle]] = {
    asks.ListRecordings: async_list_recordings,
    asks.LatestRecording: async_latest_recording,
    asks.DownloadRecording: async_download_recording,
    asks.ExportClip: async_export_clip,
    asks.DeleteRecording: async_delete_recording,
    asks.ListTable: async_list_table,
}
