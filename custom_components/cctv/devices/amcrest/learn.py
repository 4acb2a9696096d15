"""Learning what a box is and has: at once what matters, the rest by the survey (§1, §5, §7.6)."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Final

from ..env import JSON, Env
from ..errors import (
    Busy,
    Forbidden,
    Malformed,
    Rejected,
    Unsupported,
    WrongFamily,
)
from ..http.client import Lane
from ..model import (
    BOX,
    Batch,
    Feature,
    Notice,
    Part,
    PartKind,
    Value,
)
from ..settings import POLL
from . import (
    coaxial,
    disks,
    expected,
    inventory,
    lights,
    live,
    plate,
    recordings,
    sound,
    tables,
    wire,
)
from .box import MANY, Box
from .client import Client
from .features import (
    CAMERA_KINDS,
    CAMERAS,
    CLOCK,
    COAXIAL,
    DISKS,
    EXPOSED_MINIMUM,
    EXPOSED_RECORDER,
    INPUTS,
    NO_MODEL,
    OPENED,
    OPENED_CAMERA,
    RECORDERS,
    SESSIONS,
    STARTED,
    SURVEYED,
    SURVEYED_CAMERA,
    THERMAL_CAMERAS,
)
from .inventory import Camera, Identity
from .lights import SCHEME
from .topics import TOPICS

LENSES: Final = "lenses"
"""The verdict on how many lenses a thermal camera has."""


async def identify(client: Client, env: Env) -> Identity:
    """What the box is (§1); any answer may be missing, but not all."""
    answers: dict[str, str] = {}

    async def note(verb: str) -> None:
        try:
            answers[verb] = await client.magic(verb)
        except Unsupported, Rejected, Malformed, Busy:
            return

    first: Exception | None = None
    try:
        answers["getSystemInfo"] = await client.magic("getSystemInfo")
    except (Unsupported, Rejected, Malformed, Busy) as error:
        first = error
    await asyncio.gather(note("getSoftwareVersion"), note("getMachineName"))
    kept = plate.recall(env, answers)
    answers |= kept.answers
    await asyncio.gather(*(note(verb) for verb in plate.LASTING if verb not in answers))
    info = wire.pairs(answers.get("getSystemInfo", ""))
    if info.get("deviceType", "").strip() in NO_MODEL:
        await note("getDeviceType")
    if not info.get("serialNumber", "").strip():
        await note("getSerialNo")
    if not any(answers.values()):
        if isinstance(first, Unsupported):
            raise WrongFamily("a web server without magicBox.cgi")
        raise first or Malformed("nothing but empty answers")
    kind = (wire.word(answers.get("getDeviceClass", ""), "class") or "").upper()
    remote = 0
    if kind not in CAMERA_KINDS and kind not in RECORDERS:
        try:
            remote = await client.product("MaxRemoteInputChannels")
        except Unsupported, Rejected, Malformed, Busy:
            remote = 0
    network = kept.network or await _network(client)
    plate.keep(env, answers, network)
    return inventory.identity(answers, network, env.address, remote)


async def _network(client: Client) -> Mapping[str, str]:
    """The network's table, for the MAC (§4.7)."""
    try:
        return await client.get_config("Network")
    except Unsupported, Rejected, Malformed, Busy, Forbidden:
        return {}


async def learn(box: Box) -> Batch:
    """Everything that is asked at once: cameras, streams, what they tell and can."""
    if box.identity.recorder:
        await _cameras(box)
    else:
        await _lenses(box)
    names = OPENED if box.identity.recorder else (*OPENED, *OPENED_CAMERA)
    told = await asyncio.gather(
        _streams(box),
        _exposed(box),
        _inputs(box),
        _disks(box),
        *(tables.learn(box, name) for name in names),
        *([] if box.identity.recorder else [_lamps(box), coaxial.learn(box, box.cameras[0])]),
        *(topic.learn(box) for topic in TOPICS if topic.learn is not None),
    )
    found = [*(value for batch in told for value in batch), *await _outputs(box)]
    recordings.place(box)
    sound.place(box)
    live.place(box)
    tables.recall(box, _surveyed(box))
    _fixed(box)
    expected.place(box)
    return (box.build(), *found, *_rights(box))


async def survey(box: Box) -> Batch:
    """What can wait: minor tables and verbs, and what could not be told before."""
    found = await _owed(box)
    recorder = box.identity.recorder
    for name in (*OPENED, *(() if recorder else OPENED_CAMERA), *_surveyed(box)):
        if not box.bounds.get(name) and not tables.needless(box, name):
            found += await tables.learn(box, name, Lane.SURVEY)
    if not recorder and not {lights.TABLE, "Lighting"} & set(box.bounds):
        found += await _lamps(box, Lane.SURVEY)
    for camera in box.cameras.values():
        if f"{COAXIAL}{camera.channel}" not in box.features:
            found += await coaxial.learn(box, camera, Lane.SURVEY)
    if any(_is_doubtful(box, camera) for camera in box.cameras.values()):
        await _streams(box, Lane.SURVEY)
    await _care(box)
    await recordings.learn(box)
    for topic in TOPICS:
        if topic.survey is not None:
            found += await topic.survey(box)
    expected.place(box)
    box.surveyed()
    return (box.build(), *found, *_rights(box))


def _surveyed(box: Box) -> tuple[str, ...]:
    """The tables that can wait."""
    return SURVEYED if box.identity.recorder else (*SURVEYED, *SURVEYED_CAMERA)


async def _owed(box: Box) -> list[Value]:
    """What did not answer when the box was opened, for a moment's trouble."""
    owed = frozenset(box.verdicts.unknown)
    found: list[Value] = []
    if owed & {"cameras", "states"}:
        listing = await box.verdicts.probe("cameras", box.client.cameras)
        if listing:
            await _cameras(box)
    if LENSES in owed:
        await _lenses(box)
    if "exposed" in owed:
        await _exposed(box)
    if "inputs" in owed:
        await _inputs(box)
    if DISKS in owed:
        found += await _disks(box)
    if owed & {"outputs", "AlarmOut"}:
        found += await _outputs(box)
    if owed & {"Encode", "MaxExtraStream", "RTSP", LENSES}:
        await _streams(box, Lane.SURVEY)
    return found


async def _lamps(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """White and infrared light (§7.1): the newer table with its scheme, else the older one."""
    told: list[Value] = []
    group = POLL + lights.TABLE
    listing = await box.verdicts.probe(lights.TABLE, lambda: box.store.read(lights.TABLE, lane))
    if listing:
        if any(lights.modes(listing, index) for index in box.cameras):
            told += await tables.learn(box, SCHEME, lane)
        told += tables.place(box, lights.TABLE, listing)
    elif box.identity.kind == "DB" and box.verdicts.get(lights.TABLE) is False:
        box.features[group] = [lights.unread(BOX)]
    if not box.has("infrared"):
        told += await tables.learn(box, "Lighting", lane)
    return told


def _rights(box: Box) -> tuple[Notice, ...]:
    """What the account may not see (case 34)."""
    refused = sorted(box.verdicts.forbidden)
    return (Notice("rights", BOX, bool(refused), {"tables": ", ".join(refused)[:200]}),)


# --- cameras and streams --------------------------------------------------------------------


async def _cameras(box: Box) -> None:
    """The cameras of a recorder: present now, or once seen."""
    probe, client = box.verdicts.probe, box.client
    listing, states, names = await asyncio.gather(
        probe("cameras", client.cameras),
        probe("states", client.camera_states),
        probe("ChannelTitle", lambda: client.get_config("ChannelTitle")),
    )
    titles = inventory.titles(names or {})
    rows: Mapping[int, Mapping[str, str]]
    if listing:
        rows = inventory.positions(listing)
    else:
        remote = await probe("RemoteDevice", lambda: client.get_config("RemoteDevice"))
        rows = inventory.remote_devices(remote or {}) or {index: {} for index in titles}
    here = inventory.present(rows, states, box.seen)
    box.see(here)
    box.cameras = {
        index: inventory.camera(index, rows[index], titles.get(index)) for index in sorted(here)
    }
    box.parts["cameras"] = [camera.part for camera in box.cameras.values()]
    box.features[CAMERAS] = [
        Feature(camera.part.id, "online", poll=CAMERAS)
        for camera in box.cameras.values()
        if states is not None
    ]


async def _lenses(box: Box) -> None:
    """The camera that the box is; a thermal one has a lens more (§10, getCollect §4.5.8)."""
    box.cameras = {0: inventory.single(box.identity)}
    if box.identity.kind in THERMAL_CAMERAS:
        probe, client = box.verdicts.probe, box.client
        count, names = await asyncio.gather(
            probe(LENSES, lambda: client.number("devVideoInput", "getCollect")),
            probe("ChannelTitle", lambda: client.get_config("ChannelTitle")),
        )
        box.cameras = inventory.lenses(box.identity, count or 1, inventory.titles(names or {}))
    box.parts["cameras"] = [each.part for index, each in box.cameras.items() if index]


def _is_doubtful(box: Box, camera: Camera) -> bool:
    """Whether it is not known yet if a camera by ONVIF gives pictures."""
    return camera.onvif and box.verdicts.get(f"still:{camera.channel}") is None


async def _streams(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """The live views; a child by ONVIF only if a still can be had (§4.4.2, §7.6)."""
    probe, client = box.verdicts.probe, box.client
    encode, extra, rtsp = await asyncio.gather(
        probe("Encode", lambda: client.get_config("Encode", lane)),
        box.verdicts.fact("MaxExtraStream", lambda: client.product("MaxExtraStream")),
        probe("RTSP", lambda: client.get_config("RTSP", lane)),
    )
    rtsp = rtsp or {}
    number = rtsp.get("RTSP.Port", "554").strip()
    port: int | None = int(number) if number.isdecimal() and len(number) < 6 else 554
    if rtsp.get("RTSP.Enable", "true").strip().lower() == "false":
        port = None
    box.rtsp = port
    box.voice = inventory.voice(encode or {})
    for index, camera in box.cameras.items():
        if camera.onvif and not await _has_still(box, camera):
            box.streams[index] = []
            continue
        box.streams[index] = inventory.streams(
            camera, encode or {}, extra if isinstance(extra, int) else 1, box.env.address, port
        )
    # A recorder has only a copy of what its cameras are set to.
    return tables.place(box, "Encode", encode) if encode and not box.identity.recorder else []


async def _has_still(box: Box, camera: Camera) -> bool:
    """Whether the recorder gives a still of a camera; the yes is kept while it is away."""
    name = f"still:{camera.channel}"
    if box.verdicts.get(name) is True:
        return True
    return await box.verdicts.probe(name, lambda: box.client.snapshot(camera.channel)) is not None


# --- other verbs ----------------------------------------------------------------------------


async def _exposed(box: Box) -> list[Value]:
    """Which codes the device says it tells (§4.9.18)."""
    exposed = await box.verdicts.fact("exposed", partial(_codes, box))
    least = EXPOSED_RECORDER if box.identity.recorder else EXPOSED_MINIMUM
    told = [str(each) for each in exposed] if isinstance(exposed, list) else []
    box.exposed = frozenset(told or least)
    return []


async def _codes(box: Box) -> JSON:
    """The codes that the box says it tells."""
    return [*await box.client.exposed()]


async def _inputs(box: Box) -> list[Value]:
    """A part for each alarm input (§4.9.4); a doorbell's is its button."""
    if box.identity.bell:
        return []
    slots = await box.verdicts.fact("inputs", box.client.input_slots)
    count = slots if isinstance(slots, int) else 0
    found = {index: f"input.{index + 1}" for index in range(max(0, min(count, MANY)))}
    box.inputs = found
    box.parts[INPUTS] = [Part(part, PartKind.INPUT) for part in found.values()]
    return []


async def _outputs(box: Box) -> list[Value]:
    """Alarm outputs, where there are any (§4.9.5, §4.9.3)."""
    if not await box.verdicts.fact("outputs", box.client.output_slots):
        return []
    return await tables.learn(box, "AlarmOut")


async def _disks(box: Box) -> list[Value]:
    """Disks and cards (§6.1.3)."""
    listing = await box.verdicts.probe(DISKS, box.client.disks)
    return disks.place(box, listing or {})


def _fixed(box: Box) -> None:
    """What every box has."""
    box.features["care"] = [
        Feature(BOX, "clock_drift", poll=CLOCK),
        Feature(BOX, "restart"),
        Feature(BOX, "sync_clock"),
    ]


async def _care(box: Box) -> None:
    """How many are logged in, and since when the box runs (§4.12.3, §4.6)."""
    probe, client = box.verdicts.probe, box.client
    for name, key, ask in (
        (SESSIONS, "sessions", client.sessions),
        (STARTED, "started", client.uptime),
    ):
        if name not in box.features and await probe(name, ask) is not None:
            box.features[name] = [Feature(BOX, key, poll=name)]
