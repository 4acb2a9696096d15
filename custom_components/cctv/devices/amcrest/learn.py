"""Learning what a box is and has: at once what matters, the rest by the survey (§1, §5, §7.6)."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from custom_components.cctv.devices.catalogue import row
from custom_components.cctv.devices.env import Env
from custom_components.cctv.devices.errors import (
    Busy,
    Forbidden,
    Malformed,
    Rejected,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.http import Lane
from custom_components.cctv.devices.model import (
    BOX,
    Batch,
    Feature,
    Light,
    Notice,
    Part,
    PartId,
    PartKind,
    Value,
)
from custom_components.cctv.devices.settings import POLL, Place, bind, values

from . import disks, inventory, lights, wire
from .box import Box
from .client import Client
from .features import (
    ACTIVE,
    CAMERA_KINDS,
    CAMERAS,
    CLOCK,
    COAXIAL,
    DISKS,
    EVENTS,
    EXPOSED_MINIMUM,
    EXPOSED_RECORDER,
    GUARD,
    INPUTS,
    LEVELS,
    NO_MODEL,
    OPENED,
    OPENED_CAMERA,
    RECORDERS,
    RINGING,
    SESSIONS,
    STARTED,
    SURVEYED,
    SURVEYED_CAMERA,
)
from .inventory import Camera, Identity
from .lights import SCHEME

_MANY: Final = 64
"""More parts of a kind than this are for few people."""


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
    verbs = ("getSoftwareVersion", "getDeviceClass", "getVendor", "getMachineName")
    await asyncio.gather(*(note(verb) for verb in verbs))
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
    try:
        network = await client.get_config("Network")
    except Unsupported, Rejected, Malformed, Busy, Forbidden:
        network = {}
    return inventory.identity(answers, network, env.address, remote)


async def learn(box: Box) -> Batch:
    """Everything that is asked at once: cameras, streams, what they tell and can."""
    probe = box.verdicts.probe
    client = box.client
    if box.identity.recorder:
        await _cameras(box)
    else:
        box.cameras = {0: inventory.single(box.identity)}
        box.parts["cameras"] = []
    tables = OPENED if box.identity.recorder else (*OPENED, *OPENED_CAMERA)
    told = await asyncio.gather(
        _streams(box),
        _exposed(box),
        _inputs(box),
        _disks(box),
        *(table(box, name) for name in tables),
        *([] if box.identity.recorder else [_lamps(box), coaxial(box, box.cameras[0])]),
    )
    found = [value for batch in told for value in batch]
    if await probe("outputs", lambda: client.output_slots()):
        found += await table(box, "AlarmOut")
    _fixed(box)
    events(box)
    return (box.build(), *found, *_rights(box))


async def survey(box: Box) -> Batch:
    """What can wait: minor tables and verbs, and what could not be told before."""
    found: list[Value] = []
    recorder = box.identity.recorder
    for name in (*OPENED, *SURVEYED, *(() if recorder else (*OPENED_CAMERA, *SURVEYED_CAMERA))):
        if name not in box.bounds and not _needless(box, name):
            found += await table(box, name, Lane.SURVEY)
    if not recorder and not {lights.TABLE, "Lighting"} & set(box.bounds):
        found += await _lamps(box, Lane.SURVEY)
    for camera in box.cameras.values():
        if f"{COAXIAL}{camera.channel}" not in box.features:
            found += await coaxial(box, camera, Lane.SURVEY)
    if any(_is_doubtful(box, camera) for camera in box.cameras.values()):
        await _streams(box, Lane.SURVEY)
    await _care(box)
    events(box)
    return (box.build(), *found, *_rights(box))


async def _lamps(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """White and infrared light (§7.1): the newer table with its scheme, else the older one."""
    told: list[Value] = []
    group = POLL + lights.TABLE
    listing = await box.verdicts.probe(lights.TABLE, lambda: box.store.read(lights.TABLE, lane))
    if listing:
        if any(lights.modes(listing, index) for index in box.cameras):
            told += await table(box, SCHEME, lane)
        told += place(box, lights.TABLE, listing)
    elif box.identity.kind == "DB" and box.verdicts.get(lights.TABLE) is False:
        box.features[group] = [lights.unread(BOX)]
    if not box.has("infrared"):
        told += await table(box, "Lighting", lane)
    return told


def _needless(box: Box, table: str) -> bool:
    """Whether another table already told everything that this one could."""
    keys = {setting.key for setting in box.settings if setting.table == table}
    return bool(keys) and all(box.has(key) for key in keys)


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


def _is_doubtful(box: Box, camera: Camera) -> bool:
    """Whether it is not known yet if a camera by ONVIF gives pictures."""
    return camera.onvif and box.verdicts.get(f"still:{camera.channel}") is None


async def _streams(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """The live views; a child by ONVIF only if a still can be had (§4.4.2, §7.6)."""
    probe, client = box.verdicts.probe, box.client
    encode, extra, rtsp = await asyncio.gather(
        probe("Encode", lambda: client.get_config("Encode", lane)),
        probe("MaxExtraStream", lambda: client.product("MaxExtraStream")),
        probe("RTSP", lambda: client.get_config("RTSP", lane)),
    )
    rtsp = rtsp or {}
    number = rtsp.get("RTSP.Port", "554").strip()
    port: int | None = int(number) if number.isdecimal() and len(number) < 6 else 554
    if rtsp.get("RTSP.Enable", "true").strip().lower() == "false":
        port = None
    for index, camera in box.cameras.items():
        if camera.onvif and not await _has_still(box, camera):
            box.streams[index] = []
            continue
        box.streams[index] = inventory.streams(
            camera, encode or {}, 1 if extra is None else extra, box.env.address, port
        )
    return []


async def _has_still(box: Box, camera: Camera) -> bool:
    """Whether the recorder gives a still of a camera; the yes is kept while it is away."""
    name = f"still:{camera.channel}"
    if box.verdicts.get(name) is True:
        return True
    return await box.verdicts.probe(name, lambda: box.client.snapshot(camera.channel)) is not None


# --- settings -------------------------------------------------------------------------------


async def table(box: Box, name: str, lane: Lane = Lane.READ) -> list[Value]:
    """Learn one table, if the device has it."""
    listing = await box.verdicts.probe(name, lambda: box.store.read(name, lane))
    return place(box, name, listing) if listing else []


def place(box: Box, name: str, listing: Mapping[str, str]) -> list[Value]:
    """Make parts, features and values of a table's listing."""
    group = POLL + name
    places = [Place(BOX)]
    places += [
        Place(camera.part.id, {"camera": str(index)}) for index, camera in box.cameras.items()
    ]
    extra: list[Feature] = []
    if name == "AlarmOut":
        places += _outputs(box, group, listing)
    elif name == "VideoAnalyseRule":
        found, extra = _rules(box, group, listing)
        places += found
    elif name == lights.TABLE:
        extra = [
            lamp
            for index, camera in box.cameras.items()
            if (lamp := lights.feature(listing, camera.part.id, index, bell=box.identity.bell))
        ]
    elif name == SCHEME:
        box.schemes = listing
    bounds = bind(box.settings, places, name, listing)
    box.bounds[name] = bounds
    box.features[group] = [*(bound.feature(listing) for bound in bounds), *extra]
    lamps = [each for each in extra if each.key == "floodlight"]
    return [*values(bounds, listing), *lamp_values(box, lamps, listing)]


def lamp_values(box: Box, lamps: Iterable[Feature], listing: Mapping[str, str]) -> list[Value]:
    """What the white lamps are now."""
    index_of = {camera.part.id: index for index, camera in box.cameras.items()}
    return [
        Value(lamp.id, lights.read(listing, box.schemes, index_of[lamp.part])) for lamp in lamps
    ]


def _outputs(box: Box, group: str, listing: Mapping[str, str]) -> list[Place]:
    """A part for each alarm output (§4.9.3)."""
    found = wire.rows(listing, "AlarmOut")
    box.parts[group] = [
        Part(f"output.{index + 1}", PartKind.OUTPUT, one.get("Name", "").strip()[:80] or None)
        for index, one in sorted(found.items())[:_MANY]
    ]
    return [Place(part.id, {"output": str(int(part.token) - 1)}) for part in box.parts[group]]


def _rules(box: Box, group: str, listing: Mapping[str, str]) -> tuple[list[Place], list[Feature]]:
    """A part for each rule of the video analysis, by its own id (§8.1.3)."""
    parts: dict[PartId, Part] = {}
    places: list[Place] = []
    features: list[Feature] = []
    box.rules.clear()
    for index, camera in box.cameras.items():
        for at, one in wire.rows(listing, f"VideoAnalyseRule[{index}]").items():
            number, name = one.get("Id", "").strip(), one.get("Name", "").strip()
            if not number and not name:
                continue
            above = f"{camera.part.id}/" if camera.part.id else ""
            part = f"{above}rule.{wire.slug(number or name)}"
            if part in parts:
                continue
            parts[part] = Part(part, PartKind.RULE, name[:80] or None)
            places.append(Place(part, {"camera": str(index), "rule": str(at)}))
            for token in (number, name):
                if token:
                    box.rules[index, token] = part
            level = LEVELS.get(one.get("Type", ""))
            if level is not None and level.ruled:
                minor = True if len(parts) > _MANY else None
                features.append(Feature(part, level.row, push=EVENTS, hold=GUARD, minor=minor))
    box.parts[group] = list(parts.values())
    return places, features


# --- other verbs ----------------------------------------------------------------------------


async def _exposed(box: Box) -> list[Value]:
    """Which codes the device says it tells (§4.9.18)."""
    exposed = await box.verdicts.probe("exposed", box.client.exposed)
    least = EXPOSED_RECORDER if box.identity.recorder else EXPOSED_MINIMUM
    box.exposed = frozenset(exposed or least)
    return []


async def _inputs(box: Box) -> list[Value]:
    """A part for each alarm input (§4.9.4); a doorbell's is its button."""
    if box.identity.bell:
        return []
    count = await box.verdicts.probe("inputs", box.client.input_slots) or 0
    found = {index: f"input.{index + 1}" for index in range(max(0, min(count, _MANY)))}
    box.inputs = found
    box.parts[INPUTS] = [Part(part, PartKind.INPUT) for part in found.values()]
    return []


async def _disks(box: Box) -> list[Value]:
    """Disks and cards (§6.1.3)."""
    listing = await box.verdicts.probe(DISKS, box.client.disks)
    return place_disks(box, listing or {})


def place_disks(box: Box, listing: Mapping[int, Mapping[str, str]]) -> list[Value]:
    """Make parts, features and values of a listing of disks."""
    box.parts[DISKS] = disks.parts(listing)
    box.features[DISKS] = disks.features(box.parts[DISKS])
    return disks.values(listing)


async def coaxial(box: Box, camera: Camera, lane: Lane = Lane.READ) -> list[Value]:
    """Siren and warning light of a camera (§7.2)."""
    poll = f"{COAXIAL}{camera.channel}"
    state = await box.verdicts.probe(poll, lambda: box.client.coaxial(camera.channel, lane))
    if state is None:
        return []
    found: list[Feature] = []
    if "Speaker" in state:
        found.append(Feature(camera.part.id, "siren", poll=poll))
    if "WhiteLight" in state:
        found.append(Feature(camera.part.id, "warning_light", poll=poll))
    box.features[poll] = found
    return coaxial_values(camera.part.id, state)


def coaxial_values(part: PartId, state: Mapping[str, bool]) -> list[Value]:
    """What siren and warning light are now."""
    told: list[Value] = []
    if "Speaker" in state:
        told.append(Value(f"{part}:siren", state["Speaker"]))
    if "WhiteLight" in state:
        told.append(Value(f"{part}:warning_light", Light(state["WhiteLight"])))
    return told


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


# --- what events tell -----------------------------------------------------------------------


def events(box: Box) -> None:
    """The features that events tell: what the device exposes, its tables imply, or was heard."""
    wanted = set(box.heard) | _expected(box)
    rows = {id_.rpartition(":")[2] for id_ in wanted}
    box.codes = {key: codes for key in sorted(rows) if (codes := _codes(box, key))}
    found = []
    for id_ in sorted(wanted):
        part, _, key = id_.rpartition(":")
        if key in ("doorbell", "call", "security", "new_file"):
            found.append(Feature(part, key, push=EVENTS))
            continue
        hold = GUARD if row(key).detects else None
        poll = ACTIVE if key in box.codes else None
        found.append(Feature(part, key, poll=poll, push=EVENTS, hold=hold))
    poll = INPUTS if box.verdicts.get("input_state") is not False else None
    found += [Feature(part, "input", poll=poll, push=EVENTS) for part in box.inputs.values()]
    box.features[EVENTS] = found


def _codes(box: Box, key: str) -> tuple[str, ...]:
    """The codes to ask for a row: those that the device exposes, else the first."""
    codes = [code for code, level in LEVELS.items() if level.row == key]
    known = [code for code in codes if code in box.exposed] or codes[:1]
    return tuple(code for code in known if box.verdicts.get(f"active:{code}") is not False)


def _expected(box: Box) -> set[str]:
    """What this box tells by all we know."""
    found = {f"{BOX}:security"}
    rung = box.identity.bell or bool(box.exposed & (RINGING - {"Invite"}))
    for index, camera in box.cameras.items():
        part = camera.part.id
        found.add(f"{part}:new_file")
        if rung and index == 0:
            found |= {f"{part}:doorbell", f"{part}:call"}
        for key, sign in _IMPLIED:
            if box.has(sign, part):
                found.add(f"{part}:{key}")
        found |= {
            f"{part}:{level.row}"
            for code, level in LEVELS.items()
            if code in box.exposed and not level.box and not (box.identity.recorder and level.ruled)
        }
        rules = [one for one in box.rules if one[0] == index]
        for one in rules:
            found |= {
                f"{part}:{each.key}"
                for each in box.features.get(f"{POLL}VideoAnalyseRule", [])
                if each.part == box.rules[one] and each.key != "rule"
            }
    found |= {
        f"{BOX}:{level.row}" for code, level in LEVELS.items() if code in box.exposed and level.box
    }
    return found


_IMPLIED: Final = (
    ("motion", "motion_detection"),
    ("person", "person_detection"),
    ("vehicle", "vehicle_detection"),
    ("sound", "sound_detection"),
)
"""What a setting says about the events there are."""
