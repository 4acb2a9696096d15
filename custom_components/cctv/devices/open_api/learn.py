"""Learning what a unit is and has (§3): the picture proves the login, the parameters tell most."""

from collections.abc import Mapping

from ..env import ShortMemory
from ..errors import (
    Busy,
    Forbidden,
    Malformed,
    Rejected,
    Unsupported,
    WrongFamily,
)
from ..model import (
    BOX,
    Batch,
    Feature,
    Notice,
    Update,
    Value,
)
from ..settings import POLL, Place, Setting, Words, bind, values
from ..verdicts import Verdicts
from . import care, pictures, ports, presets, ptz, sound, storage, streams, windows, wire, zones
from .box import Box, Camera, Group, about
from .features import (
    ALIVE,
    GROUPS,
    IMAGE,
    MAX_CAMERAS,
    MOTION,
    PORTS,
    RESOLUTIONS,
    SETTINGS,
    SIZE,
    SOURCE,
    SOURCES,
)
from .unit import Unit

_FRESH_SECONDS = 60.0
"""What was learnt so shortly ago is not asked again."""
_PAUSES = (0.0, 0.2, 1.0)
"""Seconds before each try to see a picture."""


async def learn(unit: Unit) -> Batch:
    """Everything at once: a small server is asked one thing after the other."""
    box = unit.box
    await _prove(unit)
    await _parameters(box)
    told = await survey(unit)
    return tuple(told)


async def survey(unit: Unit) -> Batch:
    """All that is probed; what was found absent before is not asked again."""
    box = unit.box
    unit.learnt = box.env.clock.monotonic()
    told: list[Update] = []
    box.groups["box"] = Group()
    if not box.weak:
        told += await _everything(unit)
    await streams.learn(box)
    box.surveyed()
    refused = sorted(box.verdicts.forbidden)
    notice = Notice("rights", BOX, bool(refused), {"tables": ", ".join(refused)[:200]})
    return (box.build(), *told, notice)


async def again(unit: Unit) -> Batch:
    """The same later: parameters that were changed elsewhere, probes that failed."""
    fresh = unit.box.env.clock.monotonic() - unit.learnt < _FRESH_SECONDS
    if fresh and not unit.box.verdicts.unknown:
        return (unit.box.build(),)
    if not unit.box.weak:
        await _parameters(unit.box)
    return await survey(unit)


async def _prove(unit: Unit) -> None:
    """A still: any account may see it, so a refusal is about the login (§1.4)."""
    box = unit.box
    for pause in _PAUSES:
        if pause:
            await box.env.clock.sleep(pause)
        try:
            await pictures.still(box, Camera(1, BOX, alone=True))
            return
        except Forbidden:
            # Without a user nobody asked for the login yet.
            if not box.client.login:
                raise box.client.refuse() from None
            raise
        except Unsupported:
            return
        except Malformed, Rejected, Busy:
            # A full box or a torn picture says nothing of the login.
            continue


# --- parameters -------------------------------------------------------------------------------


async def _parameters(box: Box) -> None:
    """The groups that matter, in one request; one by one where some are refused."""
    try:
        found = await box.client.parameters(*GROUPS)
        _take(box, found.values)
    except Forbidden:
        await _allowed(box)
    except Unsupported:
        await _without(box)


async def _allowed(box: Box) -> None:
    """What this account may list; a refusal of the first one is one of all."""
    listed: dict[str, str] = {}
    for group in GROUPS:
        try:
            listed |= (await box.client.parameters(group)).values
        except Forbidden:
            box.verdicts.forbidden.add(group)
            if not listed:
                break
        except Unsupported, Rejected, Malformed, Busy:
            continue
    _take(box, listed)
    box.weak = not listed
    if box.weak:
        box.verdicts.forbidden.add("config.cgi")


async def _without(box: Box) -> None:
    """A unit without parameters: the family is known by its other CGIs (§3)."""
    for path in ("/ptz.cgi?info=1", "/time.cgi?action=get"):
        try:
            await box.client.ask(path)
        except Unsupported:
            continue
        except Rejected, Malformed, Busy, Forbidden:
            pass
        _take(box, {})
        return
    raise WrongFamily("a web server without config.cgi")


def _take(box: Box, listed: Mapping[str, str]) -> None:
    """Take in a listing: who it is, how many cameras, its zone."""
    before = box.verdicts
    box.tables = {
        group: {name: value for name, value in listed.items() if name.startswith(f"{group}.")}
        for group in GROUPS
    }
    box.about = about(listed, box.env.address.base)
    # What an account sees that may not know the firmware is not worth remembering.
    memory = box.env.memory if listed else ShortMemory()
    box.verdicts = Verdicts(memory, f"{box.about.model} {box.about.firmware}")
    box.verdicts.forbidden |= before.forbidden
    box.verdicts.nothing |= before.nothing
    if (still := before.get("still")) is not None:
        box.verdicts.put("still", still)
    box.zone = zones.posix(listed.get("Time.POSIXTimeZone")) or box.env.zone
    count = wire.number(listed.get("ImageSource.NbrOfSources"))
    count = count or len(wire.rows(box.tables[SOURCE], "ImageSource.I")) or 1
    box.cameras = (
        (Camera(1, BOX, alone=True),)
        if count == 1
        else tuple(
            Camera(number, f"camera.{number}", alone=False)
            for number in range(1, min(count, MAX_CAMERAS) + 1)
        )
    )


def table(box: Box, name: str, listing: Mapping[str, str]) -> list[Value]:
    """Make features and values of a group of parameters that is nothing but settings."""
    places = [Place(camera.part, {"camera": str(camera.index)}) for camera in box.cameras]
    bounds = bind([*SETTINGS, _resolutions(box, listing)], places, name, listing)
    box.bounds[name] = bounds
    box.groups[POLL + name] = Group((), tuple(bound.feature(listing) for bound in bounds))
    return list(values(bounds, listing))


def _resolutions(box: Box, listing: Mapping[str, str]) -> Setting:
    """The choice of resolutions with the words of this model, and those it has now."""
    listed = box.tables["Properties"].get("Properties.Image.Resolution", "")
    words = [each.strip() for each in listed.split(",") if each.strip()]
    words += [value for name, value in listing.items() if name.endswith(".Appearance.Resolution")]
    codec = Words({each[:32]: each[:32] for each in words if each})
    return Setting(RESOLUTIONS.key, RESOLUTIONS.path, codec)


# --- everything else --------------------------------------------------------------------------


async def _everything(unit: Unit) -> list[Update]:
    """What an account with rights sees."""
    box = unit.box
    _box(unit)
    told: list[Update] = [*await _clock(box)]
    for name in (IMAGE, SOURCE):
        told += table(box, name, box.tables[name])
    _overlay(box)
    if await box.verdicts.probe(MOTION, lambda: windows.probe(box)):
        told += windows.place(box, unit.translator, box.tables[MOTION])
    else:
        windows.absent(box)
    told += await _ports(unit)
    for camera in box.cameras:
        head = await ptz.learn(box, camera)
        if head is not None:
            head.at = unit.heads[camera.part].at if camera.part in unit.heads else None
            unit.heads[camera.part] = head
            ptz.place(box, head)
            told += await presets.read(box, head)
            if head.told:
                told += await ptz.read(box, head)
    disks = await box.verdicts.probe("list.cgi", box.client.disks)
    if disks is not None:
        told += storage.place(box, disks)
    told += await _video(box)
    await sound.learn(box)
    return told


def _box(unit: Unit) -> None:
    """What every unit can do for an account with rights."""
    unit.box.groups["box"] = Group(
        (), (Feature(BOX, "restart"), Feature(BOX, "sync_clock")), {BOX: unit.commands}
    )
    unit.box.tables_of[BOX] = unit.box.tables_of.get(BOX, frozenset()) | care.TABLES


async def _clock(box: Box) -> Batch:
    """The clock, which is also what tells that the box is alive."""
    told = await box.verdicts.probe("time.cgi", lambda: care.clock(box))
    if told is not None:
        box.groups[ALIVE] = Group((), (Feature(BOX, "clock_drift", poll=ALIVE),))
    return told or ()


def _overlay(box: Box) -> None:
    """The text in the picture where it is no parameter (§1.11); it can only be set."""
    ids = [f"{camera.part}:overlay_text" for camera in box.cameras]
    if len(box.cameras) == 1 and not any(box.has(id_) for id_ in ids):
        box.groups["overlay"] = Group((), (Feature(BOX, "overlay_text"),))
    else:
        box.groups.pop("overlay", None)


async def _ports(unit: Unit) -> list[Update]:
    """Inputs and outputs with their states."""
    box = unit.box
    told: list[Update] = []
    unit.inputs = await ports.learn(box, "Input") or unit.inputs
    if unit.inputs is not None:
        ports.place_inputs(box, unit.inputs)
    unit.outputs = await ports.learn(box, "Output") or unit.outputs
    if unit.outputs is not None:
        told += ports.place_outputs(box, unit.outputs)
    if unit.inputs is not None or unit.outputs is not None:
        box.groups[POLL + PORTS] = Group()
    return told


async def _video(box: Box) -> list[Update]:
    """Which sources have a picture (§2.2), and how large it is (§2.1)."""
    told: list[Update] = []
    box.groups.pop(SOURCES, None)
    box.groups.pop(SIZE, None)
    count = len(box.cameras)
    found = await box.verdicts.probe("videostatus.cgi", lambda: box.client.sources(count))
    if found:
        mine = [camera for camera in box.cameras if camera.number in found]
        features = tuple(Feature(each.part, "video_loss", poll=SOURCES) for each in mine)
        box.groups[SOURCES] = Group((), features)
        told += [Value(f"{each.part}:video_loss", not found[each.number]) for each in mine]
    camera = box.cameras[0]
    size = await box.verdicts.probe("resolution.cgi", lambda: box.client.size(camera.params))
    if size is not None:
        features = tuple(Feature(each.part, "picture_size", poll=SIZE) for each in box.cameras)
        box.groups[SIZE] = Group((), features)
        told.append(Value(f"{camera.part}:picture_size", size))
    return told
