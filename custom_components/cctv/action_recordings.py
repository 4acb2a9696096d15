"""Recordings by action: listed, the newest one or the next, and deleted one by one."""

from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.media_source import is_media_source_id
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.util.json import JsonObjectType

from .action_answers import async_at_each, plain, response
from .action_asks import DeleteRecording, LatestRecording, ListRecordings
from .action_lists import RECORDINGS, span
from .action_schema import CONFIRM, MEDIA_ID
from .action_targets import Target, async_allow, async_targets, nearest, refused
from .const import DOMAIN
from .coordinator import CctvCoordinator
from .devices.commands import DeletePictures, DeleteRecordings
from .devices.engine.recorded import is_picture
from .devices.model import Part, Recording, Recordings
from .errors import translated
from .media_id import BadMediaId, Clip, clip_of, media_ids

PREFIX: Final = f"media-source://{DOMAIN}/"
TARGETS: Final = frozenset({"entity_id", "device_id", "area_id", "floor_id", "label_id"})
LOOK_MOST: Final = 100
"""Among so many pictures and files that cannot be played the newest recording is looked for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an action is for: a recording that was named, or the newest of a target."""

    target: Target
    clip: Clip | None = None


def records(part: Part) -> bool:
    """Tell whether a part has recordings."""
    return RECORDINGS in part.tables


# --- listing


async def async_list_recordings(call: ServiceCall) -> ServiceResponse:
    """List recordings of all targets."""
    query = Recordings(**span(call), kinds=frozenset(call.data.get("kinds", ())))
    targets = await async_targets(call, records, right=ListRecordings.right)
    outcomes = await async_at_each(targets, lambda target: _listed(target, query))
    return response(outcomes, wanted=True)


async def _listed(target: Target, query: Recordings) -> JsonObjectType:
    """List what one target has, and leave off as soon as there is enough."""
    rows: list[Any] = []
    with translated(target.coordinator.entry.title):
        async with aclosing(target.coordinator.runner.find(target.part, query)) as found:
            async for one in found:
                if isinstance(one, Recording):
                    rows.append(row_of(target, one))
                if len(rows) >= query.limit:
                    break
    return {RECORDINGS: rows, "limit_reached": len(rows) >= query.limit}


def row_of(target: Target, one: Recording) -> JsonObjectType:
    """Return a recording as it is answered."""
    length = None if one.end is None else (one.end - one.start).total_seconds()
    return {
        "part": one.part,
        "name": one.name,
        "start": plain(one.start),
        "end": plain(one.end),
        "length": length,
        "kinds": plain(one.kinds),
        "size": one.size,
        "container": one.container,
        "thumbnail": one.thumbnail is not None,
        MEDIA_ID: target.coordinator.library.media_id(one),
        "refs": list(one.refs),
        "url": one.url,
    }


# --- the newest, and the next


async def async_latest_recording(call: ServiceCall) -> ServiceResponse:
    """Tell the newest recording of all targets, or wait for the next one of each."""
    wait: int = call.data.get("wait", 0)
    targets = await async_targets(call, records, right=LatestRecording.right)
    outcomes = await async_at_each(targets, lambda target: _latest(target, wait))
    return response(outcomes, wanted=True)


async def _latest(target: Target, wait: int) -> JsonObjectType:
    """Tell the next recording of one target if it comes in time, else the newest."""
    new = None
    with translated(target.coordinator.entry.title):
        if wait:
            new = await target.coordinator.runner.next_recording(target.part, wait)
        one = new or await newest(target, playable=False)
    return {"recording": None if one is None else row_of(target, one), "new": new is not None}


async def newest(target: Target, *, playable: bool = True) -> Recording | None:
    """Return the newest recording of a part, which some devices only list."""
    query = Recordings(limit=LOOK_MOST)
    async with aclosing(target.coordinator.runner.find(target.part, query)) as found:
        async for one in found:
            if isinstance(one, Recording) and not is_picture(one) and (one.refs or not playable):
                return one
    return None


# --- one that is named


async def async_chosen(call: ServiceCall, right: str) -> list[Chosen]:
    """Return the recording that a call names, or each target whose newest it means."""
    media_id: str = call.data.get(MEDIA_ID, "")
    targets: tuple[Target, ...] = ()
    if not media_id or call.data.keys() & TARGETS:
        targets = await async_targets(call, records, right=right)
    if not media_id:
        return [Chosen(target) for target in targets]
    target, clip = _named(call.hass, media_id)
    if targets and target not in targets:
        raise refused("not_of_target", target=target.name)
    await async_allow(call, target, right=right)
    return [Chosen(target, clip)]


def _named(hass: HomeAssistant, media_id: str) -> tuple[Target, Clip]:
    """Return the recording behind an id, and where it is."""
    if is_media_source_id(media_id) and media_id.startswith(PREFIX):
        try:
            place = media_ids(hass).parse(media_id.removeprefix(PREFIX))
        except BadMediaId:
            raise refused("bad_media_id") from None
        if place.clip is not None and place.entry_id is not None:
            coordinator = _coordinator(hass, place.entry_id)
            if place.clip.part in coordinator.topology.parts:
                return Target(coordinator, place.clip.part), place.clip
    raise refused("bad_media_id")


def _coordinator(hass: HomeAssistant, entry_id: str) -> CctvCoordinator:
    """Return what runs the device of an entry."""
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.domain != DOMAIN:
        raise refused("bad_media_id")
    if entry.state is not ConfigEntryState.LOADED:
        raise refused("not_set_up", target=entry.title)
    coordinator: CctvCoordinator = entry.runtime_data
    return coordinator


async def clip_to_copy(chosen: Chosen) -> Clip:
    """Return the recording that was named, or the newest one."""
    if chosen.clip is not None:
        return chosen.clip
    with translated(chosen.target.coordinator.entry.title):
        one = await newest(chosen.target)
    if one is None:
        raise refused("nothing_recorded", target=chosen.target.name)
    return clip_of(one)


async def async_delete_recording(call: ServiceCall) -> ServiceResponse:
    """Delete the recording that is named."""
    if not call.data[CONFIRM]:
        raise refused("not_confirmed", action=f"{DOMAIN}.{call.service}")
    (chosen,) = await async_chosen(call, DeleteRecording.right)
    clip = chosen.clip
    if clip is None or clip.name is None:
        raise refused("cannot_delete", target=chosen.target.name)
    command = (DeletePictures if clip.picture else DeleteRecordings)(names=(clip.name,))
    able = nearest(call, chosen.target, lambda part: type(command) in part.can)

    async def delete(target: Target) -> JsonObjectType:
        await target.coordinator.async_do(target.part, command)
        target.coordinator.library.forget()
        return {"name": clip.name}

    return response(await async_at_each([able], delete), wanted=call.return_response)
