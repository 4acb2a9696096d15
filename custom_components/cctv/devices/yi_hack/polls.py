"""One function a poll: what is read, and the updates that come of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from ..errors import Malformed, NoAnswer, Unsupported
from ..model import (
    BOX,
    Batch,
    Event,
    Firmware,
    Hint,
    Picture,
    Update,
    Value,
)
from ..settings import values
from ..when import drift_of
from . import inventory, recordings, wire
from .box import Box
from .clips import Clip, moment
from .features import (
    CAMERA,
    FIRMWARE,
    RECORDED,
    RECORDER,
    RECORDINGS,
    SERVICE_ROWS,
    SERVICES,
    STATUS,
    SURVEY,
)
from .layout import build

_STARTED_JITTER: Final = 60.0
"""A start that moves by less than so many seconds is the same one."""
_NEWEST: Final = "newest"
_AT_ONCE: Final = 16
"""So many new recordings are told at a time."""


async def read(box: Box, poll: str) -> Batch:
    """Read one poll by its name."""
    if poll not in READERS or poll not in box.topology.polls:
        raise Unsupported(f"no poll {poll}")
    return await READERS[poll](box)


# --- learning -------------------------------------------------------------------------------


async def learn(box: Box, status: Mapping[str, str]) -> Batch:
    """Everything that is asked at once, two requests at a time."""
    learnt = box.learnt
    camera, _ = await asyncio.gather(box.store.load("camera"), _look(box))
    learnt.camera = camera
    told = _measures(box, status)
    grown = build(box)
    loud = [Value(f"{BOX}:speaker_volume", box.volume)] if box.speaks else []
    return (grown, *told, *values(box.bounds, camera), *loud)


async def _look(box: Box) -> None:
    """What decides the topology beside status and camera settings."""
    client, learnt = box.client, box.learnt
    system, links, presets = await asyncio.gather(
        client.get_config("system"), _optional(client.links(), learnt.links), _presets(box)
    )
    learnt.system, learnt.links, learnt.presets = system, links, presets
    if learnt.system.get("MQTT") == "yes":
        learnt.mqtt = await _optional(client.get_config("mqtt"), learnt.mqtt)


async def _presets(box: Box) -> Mapping[str, str] | None:
    """The presets, of a camera that moves (§5.17)."""
    if not box.identity.ptz:
        return None
    try:
        return inventory.presets(await box.client.get_config("ptz_presets"))
    except Unsupported:
        return None
    except Malformed, NoAnswer:
        return box.learnt.presets


async def _optional(
    asked: Awaitable[Mapping[str, str]], known: Mapping[str, str]
) -> Mapping[str, str]:
    """An answer that may be missing: nothing where there is none, what was known if it failed."""
    try:
        return await asked
    except Unsupported:
        return {}
    except Malformed, NoAnswer:
        return known


async def _survey(box: Box) -> Batch:
    """What changes seldom: services, addresses, presets, topics (§12)."""
    await _look(box)
    return (build(box),)


async def presets(box: Box) -> Batch:
    """The topology after a preset was stored or removed."""
    box.learnt.presets = await _presets(box)
    return (build(box),)


# --- status (§5.10) -------------------------------------------------------------------------


async def _status(box: Box) -> Batch:
    status = await box.client.status()
    inventory.family_name(status)
    card = box.learnt.card
    told = _measures(box, status)
    # The card decides what can be told of recordings.
    return tuple(told) if card == box.learnt.card else (build(box), *told)


def _measures(box: Box, status: Mapping[str, str]) -> list[Value]:
    """What status.json measures; also whether there is a card."""
    now = box.env.clock.now()
    free = wire.share(status.get("free_sd"))
    box.learnt.card = free is not None
    uptime = wire.number(status.get("uptime"))
    if uptime is not None:
        since = now - timedelta(seconds=uptime)
        known = box.started
        if known is None or abs((since - known).total_seconds()) > _STARTED_JITTER:
            box.started = since.replace(microsecond=0)
    strength = wire.number(status.get("wlan_strength"))
    total, left = wire.number(status.get("total_memory")), wire.number(status.get("free_memory"))
    shown = wire.clock(status.get("local_time"))
    drift = None if shown is None else drift_of(shown, box.env.zone, now).total_seconds()
    wifi = None
    if strength is not None:
        wifi = min(100, round(strength * 100 / box.identity.variant.wifi))
    found = {
        "started": box.started,
        "storage_free": free,
        "storage_missing": free is None,
        "wifi_signal": wifi,
        "memory_free": round(100 * left / total) if total and left is not None else None,
        "load": wire.number(status.get("load_avg")),
        "clock_drift": None if drift is None else round(drift),
    }
    return [Value(f"{BOX}:{key}", value) for key, value in found.items()]


# --- settings -------------------------------------------------------------------------------


async def _camera(box: Box) -> Batch:
    """The camera's settings; some decide what there is to tell (§5.9)."""
    return take(box, await box.store.load("camera"))


def take(box: Box, listing: Mapping[str, str]) -> Batch:
    """What a listing of the settings says; the topology first, where it changes."""
    before = box.topology
    box.learnt.camera = listing
    grown = build(box)
    return (*(() if grown == before else (grown,)), *values(box.bounds, listing))


async def _services(box: Box) -> Batch:
    """Which services run (§5.15)."""
    return tuple(
        [
            Value(f"{BOX}:{key}", await box.client.service_status(name))
            for key, name in SERVICE_ROWS.items()
            if (feature := box.topology.features.get(f"{BOX}:{key}")) and feature.poll
        ]
    )


async def _firmware(box: Box) -> Batch:
    """The firmware that runs and the newest one (§5.13)."""
    found = await box.client.firmware()
    installed = wire.shown(str(found.get("fw_version", ""))) or box.identity.firmware
    latest = wire.shown(str(found.get("latest_fw") or ""))
    if latest is not None and wire.version(latest) <= wire.version(installed):
        latest = installed
    notes = "An image on the card will be installed" if found.get("local_fw") is True else None
    return (Value(f"{BOX}:firmware", Firmware(installed, latest, notes)),)


# --- recordings (§11) -----------------------------------------------------------------------


async def _recorder(box: Box) -> Batch:
    """Whether a clip is being written: one static file, no script (§11)."""
    was = box.recorder.writing
    writing = box.recorder.look(await box.client.writing(), box.env.clock.monotonic())
    told: list[Update] = [Value(f"{BOX}:recording", writing)]
    motion = box.topology.features.get(f"{BOX}:motion")
    # The file comes and goes later than the motion: what is heard at once knows better.
    if motion is not None and motion.poll is not None and (box.seeding or not box.hearing):
        told.append(Value(motion.id, writing))
    box.seeding = False
    if was and not writing:
        told.append(Hint((RECORDINGS, RECORDED)))
    return tuple(told)


async def _recordings(box: Box) -> Batch:
    """New recordings since the last look, and the picture of the newest one."""
    listed = [clip async for clip in recordings.newest(box)]
    told: list[Update] = [
        Event(f"{BOX}:new_file", "video", clip.path, {"file": clip.path})
        for clip in reversed(_unheard(box, listed))
    ]
    if f"{BOX}:last_picture" in box.topology.features and not box.identity.variant.old:
        told.append(Value(f"{BOX}:last_picture", await _picture(box, listed)))
    return tuple(told)


def _unheard(box: Box, listed: list[Clip]) -> list[Clip]:
    """The clips since the newest one that is remembered; the first look is the baseline (§11)."""
    kept = box.env.memory.get(_NEWEST)
    newest = listed[0].path if listed else kept or ""
    if newest != kept:
        box.env.memory.put(_NEWEST, newest)
    if not isinstance(kept, str):
        return []
    known = next((clip.start for clip in listed if clip.path == kept), None)
    before = known or recordings.start_of(kept)
    fresh = [each for each in listed if before is None or each.start > before]
    return fresh[:_AT_ONCE]


async def _picture(box: Box, listed: list[Clip]) -> Picture | None:
    """The newest thumbnail, or what came over the bus since."""
    found = next((clip for clip in listed if clip.thumb), None)
    latest = box.latest
    if found is not None:
        zone = await recordings.zone(box)
        taken = moment(found.start, zone)
        if latest is None or taken > latest.taken:
            latest = Picture(f"{found.folder}/{found.thumb}", taken)
    box.latest = latest
    return latest


type Reader = Callable[[Box], Awaitable[Batch]]

READERS: Final[Mapping[str, Reader]] = {
    STATUS: _status,
    SURVEY: _survey,
    CAMERA: _camera,
    SERVICES: _services,
    FIRMWARE: _firmware,
    RECORDER: _recorder,
    RECORDINGS: _recordings,
}
