"""Learning what a box is and has: at once what matters, the rest by the survey (§1, §5, §7.6)."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from ..env import JSON, Env
from ..errors import (
    Busy,
    DeviceError,
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
    kept,
    lights,
    live,
    plate,
    recordings,
    relays,
    sound,
    streams,
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
    OPENED_BELL,
    RECORDERS,
    SESSIONS,
    STARTED,
    SURVEYED,
    SURVEYED_CAMERA,
    THERMAL_CAMERAS,
)
from .inventory import Identity
from .lights import SCHEME
from .topics import TOPICS

LENSES: Final = "lenses"
"""The verdict on how many lenses a thermal camera has."""
OUTPUTS: Final = "AlarmOut"
TROUBLES: Final = ("storage_failure", "storage_missing")


async def identify(client: Client, env: Env) -> Identity:
    """What the box is (§1); any answer may be missing, but not all."""
    answers: dict[str, str] = {}
    errors: dict[str, DeviceError] = {}

    async def note(verb: str) -> None:
        try:
            text = await client.magic(verb)
            if wire.pairs(text):
                answers[verb] = text
        except Unsupported as error:
            errors[verb] = error
            answers[verb] = ""
        except (Rejected, Malformed, Busy) as error:
            errors[verb] = error

    await note("getSystemInfo")
    await note(plate.SOFTWARE)
    kept = plate.recall(env, answers)
    answers |= kept.answers
    await asyncio.gather(*(note(verb) for verb in plate.LASTING if verb not in answers))
    info = wire.pairs(answers.get("getSystemInfo", ""))
    if info.get("deviceType", "").strip() in NO_MODEL and "getDeviceType" not in answers:
        await note("getDeviceType")
    if not info.get("serialNumber", "").strip() and "getSerialNo" not in answers:
        await note("getSerialNo")
    if not any(answers.values()):
        first = errors.get("getSystemInfo", Malformed("nothing but empty answers"))
        if isinstance(first, Unsupported):
            raise WrongFamily("a web server without magicBox.cgi")
        raise first
    kind = (wire.word(answers.get("getDeviceClass", ""), "class") or "").upper()
    remote = kept.remote
    if remote is None and kind not in CAMERA_KINDS and kind not in RECORDERS:
        remote = await _remote(client)
    network = kept.network or await _network(client)
    plate.keep(env, answers, network, remote)
    return inventory.identity(
        answers,
        network,
        env.address,
        remote or 0,
        recalled=plate.NAME in kept.answers or plate.NAME not in answers,
    )


async def _remote(client: Client) -> int | None:
    """How many cameras it takes that are elsewhere (§4.5.10); None where it failed to say."""
    try:
        return await client.product("MaxRemoteInputChannels")
    except Unsupported:
        return 0
    except Rejected, Malformed, Busy:
        return None


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
    told = await asyncio.gather(
        streams.learn(box),
        _exposed(box),
        _inputs(box),
        _disks(box),
        *(tables.learn(box, name) for name in _opened(box)),
        *([] if box.identity.recorder else [_lamps(box), coaxial.learn(box, box.cameras[0])]),
        *(topic.learn(box) for topic in TOPICS if topic.learn is not None),
    )
    found = [*(value for batch in told for value in batch), *await _outputs(box)]
    relays.recall(box)
    recordings.place(box)
    sound.place(box)
    live.place(box)
    tables.recall(box, _surveyed(box))
    _fixed(box)
    expected.place(box)
    return (box.build(), *found, *_untroubled(box), *_rights(box))


async def survey(box: Box) -> Batch:
    """What can wait: minor tables and verbs, and what could not be told before."""
    fresh = kept.is_fresh(box)
    if not fresh:
        box.verdicts.forgive()
    found = await _owed(box)
    fresh = fresh and kept.is_fresh(box)
    found += await streams.survey(box)
    recorder = box.identity.recorder
    for name in _tables(box, fresh=fresh):
        found += await tables.learn(box, name, Lane.SURVEY)
    if not recorder and not {lights.TABLE, "Lighting"} & set(box.bounds):
        found += await _lamps(box, Lane.SURVEY)
    elif SCHEME in box.verdicts.unknown:
        found += await tables.learn(box, SCHEME, Lane.SURVEY)
    for camera in box.cameras.values():
        if f"{COAXIAL}{camera.channel}" not in box.features:
            found += await coaxial.learn(box, camera, Lane.SURVEY)
    await _care(box)
    await recordings.learn(box)
    for topic in TOPICS:
        if topic.survey is not None:
            found += await topic.survey(box)
    if not fresh:
        kept.refreshed(box)
    await _software(box)
    more = expected.place(box)
    box.surveyed()
    return (box.build(), *found, *_rights(box), *more)


def _tables(box: Box, *, fresh: bool) -> Iterator[str]:
    """The tables to ask for, one by one, as the answer to one may make another needless."""
    known = frozenset(kept.listings(box))
    for name in (*_opened(box), *_surveyed(box)):
        if tables.needless(box, name):
            continue
        if name in box.recalled if box.bounds.get(name) else name in known:
            # One that is asked at once is not recalled, and its answer may be owed.
            wanted = not fresh or name in box.verdicts.unknown
        else:
            wanted = not box.bounds.get(name)
        if wanted:
            yield name


def _opened(box: Box) -> tuple[str, ...]:
    """The tables that are asked at once."""
    return (*OPENED, *OPENED_BELL) if box.identity.bell else OPENED


def _surveyed(box: Box) -> tuple[str, ...]:
    """The tables that can wait."""
    if box.identity.recorder:
        return SURVEYED
    more = () if box.identity.bell else OPENED_BELL
    return (*SURVEYED, *more, *SURVEYED_CAMERA)


async def _owed(box: Box) -> list[Value]:
    """What did not answer when the box was opened, for a moment's trouble."""
    owed = frozenset(box.verdicts.unknown)
    found: list[Value] = []
    if owed & {"cameras", "states"}:
        listing = await box.verdicts.probe("cameras", box.client.cameras)
        if listing:
            await _cameras(box)
    if "exposed" in owed:
        await _exposed(box)
    if LENSES in owed:
        known = set(box.cameras)
        await _lenses(box)
        if known != set(box.cameras):
            # What was read of the tables is not all that they tell.
            box.recalled |= box.bounds.keys()
        if box.streams.keys() != box.cameras.keys():
            found += await streams.learn(box, Lane.SURVEY)
    if DISKS in owed:
        found += await _disks(box)
    if box.identity.recalled:
        await _name(box)
    if box.verdicts.get("fact:inputs") is None:
        await _inputs(box, Lane.SURVEY)
    if not box.bounds.get(OUTPUTS):
        found += await _outputs(box, Lane.SURVEY)
    return found


async def _name(box: Box) -> None:
    """What the box is called now (getMachineName, §4.6); that outlasts no firmware."""
    answer = await box.verdicts.probe(plate.NAME, lambda: box.client.magic(plate.NAME))
    if not answer:
        return
    plate.rename(box.env, answer)
    about = replace(box.identity.about, name=wire.word(answer, "name"))
    box.identity = replace(box.identity, about=about, recalled=False)
    for index, camera in box.cameras.items():
        if camera.part.id == BOX:
            box.cameras[index] = replace(camera, part=inventory.single(box.identity).part)


async def _software(box: Box) -> None:
    """What the box runs now (getSoftwareVersion, §4.6.16): somebody may have renewed it."""
    told = await _version(box)
    # An answer that was cut looks like another version: two that say the same are believed.
    if told not in (None, box.identity.about.firmware) and told == await _version(box):
        box.identity = replace(box.identity, about=replace(box.identity.about, firmware=told))


async def _version(box: Box) -> str | None:
    """The version that the box tells now; None without an answer."""
    answer = await box.verdicts.probe(plate.SOFTWARE, lambda: box.client.magic(plate.SOFTWARE))
    return wire.version(answer or "")


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
    if "states" not in box.verdicts.unknown:
        # Else it is a guess by their addresses, and those that are seen once stay.
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
            box.verdicts.fact(LENSES, lambda: client.number("devVideoInput", "getCollect")),
            probe("ChannelTitle", lambda: client.get_config("ChannelTitle")),
        )
        box.cameras = inventory.lenses(
            box.identity, count if isinstance(count, int) else 1, inventory.titles(names or {})
        )
    box.parts["cameras"] = [each.part for index, each in box.cameras.items() if index]


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


def _waits(box: Box, fact: str, lane: Lane) -> bool:
    """Whether a camera is asked for this when there is time: it is nothing but slots."""
    return (
        lane is Lane.READ and not box.identity.recorder and box.verdicts.get(f"fact:{fact}") is None
    )


async def _inputs(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """A part for each alarm input (§4.9.4); a doorbell's is its button."""
    if box.identity.bell or _waits(box, "inputs", lane):
        return []
    slots = await box.verdicts.fact("inputs", box.client.input_slots)
    count = slots if isinstance(slots, int) else 0
    found = {index: f"input.{index + 1}" for index in range(max(0, min(count, MANY)))}
    if found != box.inputs and lane is Lane.SURVEY:
        # Its table had nothing for a box without any.
        kept.drop(box, "Alarm")
    box.inputs = found
    box.parts[INPUTS] = [Part(part, PartKind.INPUT) for part in found.values()]
    return []


async def _outputs(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """Alarm outputs, where there are any (§4.9.5, §4.9.3)."""
    if _waits(box, "outputs", lane):
        return []
    if not await box.verdicts.fact("outputs", box.client.output_slots):
        return []
    return await tables.learn(box, OUTPUTS)


async def _disks(box: Box) -> list[Value]:
    """Disks and cards (§6.1.3)."""
    listing = await box.verdicts.probe(DISKS, box.client.disks)
    return disks.place(box, listing or {})


def _untroubled(box: Box) -> list[Value]:
    """Of disks that are listed and well it need not be asked whether one fails or is missing."""
    if not disks.are_well(box):
        return []
    now = box.env.clock.monotonic()
    ids = [f"{BOX}:{key}" for key in TROUBLES if f"{BOX}:{key}" in box.topology.features]
    box.settled |= {id_.rpartition(":")[2]: now for id_ in ids}
    return [Value(id_, False) for id_ in ids]


def _fixed(box: Box) -> None:
    """What every box has."""
    box.features["care"] = [
        Feature(BOX, "clock_drift", poll=CLOCK),
        Feature(BOX, "restart"),
        Feature(BOX, "sync_clock"),
    ]
    for name, key in ((SESSIONS, "sessions"), (STARTED, "started")):
        if box.verdicts.get(name) is True:
            box.features[name] = [Feature(BOX, key, poll=name)]


async def _care(box: Box) -> None:
    """How many are logged in, and since when the box runs (§4.12.3, §4.6)."""
    probe, client = box.verdicts.probe, box.client
    for name, key, ask in (
        (SESSIONS, "sessions", client.sessions),
        (STARTED, "started", client.uptime),
    ):
        if name not in box.features and await probe(name, ask) is not None:
            box.features[name] = [Feature(BOX, key, poll=name)]
