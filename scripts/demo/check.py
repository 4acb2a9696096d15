"""Proves over Home Assistant's own API that the house works, and keeps the time of each proof."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
import json
import re
import time
from typing import Any, Final
from urllib.parse import urljoin

from . import automation, dashboard
from .actor import Actor, Keeper, Level, Live, Moment, Order, View
from .api import Api, ApiError
from .cast import Role
from .home import Home
from .inventory import Holding, Place, take_stock

WAIT_SECONDS: Final = 90
"""The deadline of each single thing that is waited for; busy cores make all of them slow."""

MJPEG_PICTURES: Final = 12

_FAULT = re.compile(
    r"\[custom_components\.cctv[.\w]*\]|custom_components/cctv/|integration '?cctv|for cctv|cctv\."
)
_STARTS = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_SEVERE = re.compile(r"^\S+ \S+ (ERROR|CRITICAL|FATAL) ")
_WARNED = re.compile(r"^\S+ \S+ WARNING .*(Detected that custom integration|[Bb]locking call)")


class Failed(Exception):
    """A proof did not come out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One proof: what, whether, what was seen, how long it took."""

    name: str
    passed: bool
    seen: str
    seconds: float


class Proofs:
    """Runs proofs one after another and remembers how they went."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: list[Row] = []

    async def run(self, name: str, proof: Callable[[], Awaitable[str]]) -> None:
        """Run one; a fault is written down and the next one goes on."""
        begun = time.monotonic()
        try:
            seen, passed = await proof(), True
        except (Failed, ApiError, LookupError, TimeoutError, OSError) as error:
            seen, passed = f"{type(error).__name__}: {error}", False
        self.add(name, seen, time.monotonic() - begun, passed=passed)

    def add(self, name: str, seen: str, seconds: float, *, passed: bool = True) -> None:
        """Write down what was proven elsewhere."""
        row = Row(name, passed, seen, seconds)
        self.rows.append(row)
        print(line(row), flush=True)

    @property
    def passed(self) -> bool:
        """Whether all of them came out."""
        return bool(self.rows) and all(row.passed for row in self.rows)


def line(row: Row) -> str:
    """One row of the table."""
    return f"  {'ok  ' if row.passed else 'FAIL'} {row.seconds:6.1f} s  {row.name:<34} {row.seen}"


async def until[T](look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look again and again until there is something to see."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                seen = await look()
                if seen is not None:
                    return seen
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise Failed(f"{what}: not within {WAIT_SECONDS} s") from None


async def loaded(api: Api, entry: str) -> str:
    """The entry is loaded and none of its enabled entities is unavailable, late ones included."""
    holding = next(holding for holding in await take_stock(api) if holding.entry == entry)
    if holding.state != "loaded":
        raise Failed(f"the entry is in the state {holding.state}")
    things = [thing.entity for thing in holding.things]
    if not things:
        raise Failed("it has no entities")

    missing: list[str] = []

    async def present() -> bool | None:
        states = await api.states()
        missing[:] = [
            entity
            for entity in things
            if states.get(entity, {}).get("state", "") in ("", "unavailable")
        ]
        return None if missing else True

    try:
        await until(present, "available")
    except Failed:
        raise Failed(f"unavailable: {', '.join(missing)}") from None
    return f"{len(holding.places)} devices, {len(things)} entities, none unavailable"


async def snapshot(api: Api, camera: str) -> str:
    """The camera's picture is a JPEG, and another one a moment later."""
    path = f"/api/camera_proxy/{camera}"
    kind, first = await api.fetch(path)
    if kind != "image/jpeg" or not first.startswith(b"\xff\xd8") or not first.endswith(b"\xff\xd9"):
        raise Failed(f"{kind}, {len(first)} bytes, from {first[:2].hex()} to {first[-2:].hex()}")

    async def other() -> bool | None:
        return (await api.fetch(path))[1] != first or None

    await until(other, "another picture")
    return f"JPEG of {len(first)} bytes, changes"


async def mjpeg(api: Api, camera: str) -> str:
    """The live view is JPEG after JPEG, and they differ."""
    async with asyncio.timeout(WAIT_SECONDS):
        pictures = await api.pictures(f"/api/camera_proxy_stream/{camera}", MJPEG_PICTURES)
    if not all(each.startswith(b"\xff\xd8") for each in pictures):
        raise Failed(f"no JPEG: {[each[:2].hex() for each in pictures]}")
    if len(set(pictures)) < 2:
        raise Failed(f"{len(pictures)} times the same picture")
    return f"{len(set(pictures))} different JPEGs, the first of {len(pictures[0])} bytes"


async def hls(api: Api, camera: str) -> str:
    """The live stream gives a master playlist, a media playlist and segments."""
    master = (await api.ask("camera/stream", entity_id=camera))["url"]
    media = urljoin(master, _uris(await _text(api, master))[0])

    async def segments() -> list[str] | None:
        uris = [uri for uri in _uris(await _text(api, media)) if "segment" in uri]
        return uris if len(uris) >= 2 else None

    uris = await until(segments, "two segments")
    head = re.search(r'#EXT-X-MAP:URI="([^"]+)"', await _text(api, media))
    if head is None:
        raise Failed("the playlist names no initialisation segment")
    _, start = await api.fetch(urljoin(media, head[1]))
    _, piece = await api.fetch(urljoin(media, uris[0]))
    if start[4:8] != b"ftyp" or b"moof" not in piece[:4096]:
        raise Failed(f"no fragmented MP4: {start[:12].hex()} {piece[:12].hex()}")
    codecs = re.search(r'CODECS="([^"]*)"', await _text(api, master))
    return f"{len(uris)} segments, the first of {len(piece)} bytes, {codecs[1] if codecs else '?'}"


LIVE: Final[Mapping[Live, Callable[[Api, str], Awaitable[str]]]] = {
    Live.HLS: hls,
    Live.MJPEG: mjpeg,
}


async def happens(api: Api, level: Level, holding: Holding) -> str:
    """What begins at the device turns the binary sensor on, and its end turns it off."""
    sensor = await _entity(api, holding, level.part, level.key, "binary_sensor")
    await level.pull(False)
    await _becomes(api, sensor, "off")
    begun = time.monotonic()
    await level.pull(True)
    await _becomes(api, sensor, "on")
    took = time.monotonic() - begun
    await level.pull(False)
    if not level.ends:
        return f"{sensor} on after {took * 1000:.0f} ms"
    await _becomes(api, sensor, "off")
    return f"{sensor} on after {took * 1000:.0f} ms, and off again"


async def automated(api: Api, level: Level, keeper: Keeper, door: Place) -> str:
    """Motion at the front door runs the automation: the device records and a note is left."""
    if keeper.records():
        raise Failed("the device records already")
    sensor = door.only("motion", "binary_sensor")
    await _becomes(api, automation.ENTITY, "on")
    await _becomes(api, sensor, "off")
    await level.pull(True)
    await _becomes(api, sensor, "on")

    async def recording() -> bool | None:
        return keeper.records() or None

    async def note() -> str | None:
        for entry in await api.ask("persistent_notification/get"):
            if entry["notification_id"] == automation.NOTE:
                return str(entry["message"])
        return None

    await until(recording, "the device records")
    message = await until(note, "the notification")
    await level.pull(False)
    entity, wanted = automation.record_control(door)
    await _becomes(api, entity, wanted)
    picture = re.search(r"\((/api/camera_proxy/[^)]+)\)", message)
    if picture is None:
        raise Failed(f"the note shows no picture: {message!r}")
    _, jpeg = await api.fetch(picture[1])
    if not jpeg.startswith(b"\xff\xd8"):
        raise Failed("the picture in the note is no JPEG")
    return f"the device records, {entity} is {wanted}, the note shows a JPEG of {len(jpeg)} bytes"


async def fires(api: Api, moment: Moment, holding: Holding) -> str:
    """What happens at the device is an event at once."""
    entity = await _entity(api, holding, moment.part, moment.key, "event")
    before = await api.state(entity)
    begun = time.monotonic()
    await moment.fire()

    async def heard() -> bool | None:
        return (await api.state(entity)) not in (before, "unavailable") or None

    await until(heard, f"{entity} fires")
    return f"{entity} fired after {(time.monotonic() - begun) * 1000:.0f} ms"


async def obeyed(api: Api, orders: Sequence[Order], holding: Holding) -> str:
    """What is asked through the entities is done by the device, and they show it."""
    entities = []
    for order in orders:
        platform = order.action.partition(".")[0]
        entity = await _entity(api, holding, order.part, order.key, platform)
        entities.append(entity)
        if order.done():
            raise Failed(f"{order.key} is so already, before {order.action}")
        await api.act(order.action, {"entity_id": entity, **order.data})

        async def done(order: Order = order) -> bool | None:
            return order.done() or None

        await until(done, f"{order.action} of {entity} reaches the device")
        if order.state is not None:
            await _becomes(api, entity, order.state)
    return ", ".join(dict.fromkeys(entities))


def quiet_log(home: Home) -> str:
    """Nothing severe in Home Assistant's log comes from this integration."""
    bad = [
        record
        for record in _records(home.log_text())
        if (_SEVERE.match(record) and _FAULT.search(record))
        or ("Traceback" in record and "custom_components/cctv/" in record)
        or (_WARNED.match(record) and "cctv" in record)
    ]
    if bad:
        raise Failed(f"{len(bad)} faults, the first: {bad[0][:2000]}")
    return "no error, no traceback, nothing that blocks"


async def everything(api: Api, cast: Sequence[tuple[Role, Actor, Holding]], door: str) -> Proofs:
    """All proofs; the devices are proven side by side, since a stream takes its time to begin."""
    proofs = Proofs()
    await asyncio.gather(*(_prove(proofs, api, member, door) for member in cast))
    # By now the devices were also asked about what can wait.
    for role, _, holding in cast:
        await proofs.run(f"{role.title}: entry", partial(loaded, api, holding.entry))
    return proofs


async def shown(api: Api) -> str:
    """The dashboard shows every enabled entity, and nothing that is not there."""
    config = await api.ask("lovelace/config", url_path=dashboard.URL_PATH)
    states = await api.states()
    listed = set(re.findall(r'"entity(?:_id)?": "(\w+\.\w+)"', json.dumps(config)))
    ours = {thing.entity for holding in await take_stock(api) for thing in holding.things}
    if missing := ours - listed:
        raise Failed(f"it does not show {', '.join(sorted(missing))}")
    if foreign := listed - states.keys():
        raise Failed(f"it shows what is not there: {', '.join(sorted(foreign))}")
    return f"{len(config['views'])} views, all {len(ours)} entities"


async def _prove(proofs: Proofs, api: Api, member: tuple[Role, Actor, Holding], door: str) -> None:
    """One device: its cameras side by side, and meanwhile what happens at it and is asked of it."""
    role, actor, holding = member
    await asyncio.gather(
        *(_prove_view(proofs, api, holding, view) for view in actor.views),
        _prove_wire(proofs, api, actor, holding, door=role.title == door),
    )


async def _prove_view(proofs: Proofs, api: Api, holding: Holding, view: View) -> None:
    place = holding.place(view.part)
    camera, name = place.cameras[0].entity, _named(holding, view.part)
    if view.still:
        await proofs.run(f"{name}: snapshot", partial(snapshot, api, camera))
    for live in view.live:
        await proofs.run(f"{name}: live {live}", partial(LIVE[live], api, camera))


async def _prove_wire(
    proofs: Proofs, api: Api, actor: Actor, holding: Holding, *, door: bool
) -> None:
    levels = {level.key: level for level in reversed(actor.levels)}
    if door and isinstance(actor, Keeper):
        proof = partial(automated, api, levels["motion"], actor, holding.places[0])
        await proofs.run(f"{holding.title}: automation", proof)
    for level in levels.values():
        name = f"{_named(holding, level.part)}: {level.key}"
        await proofs.run(name, partial(happens, api, level, holding))
    for moment in actor.moments:
        name = f"{_named(holding, moment.part)}: {moment.key}"
        await proofs.run(name, partial(fires, api, moment, holding))
    await proofs.run(f"{holding.title}: orders", partial(obeyed, api, actor.orders, holding))


def _named(holding: Holding, part: str) -> str:
    """The device of a part, as people would say it."""
    place = holding.place(part)
    return f"{holding.title}, {place.name}" if place.behind else holding.title


async def _entity(api: Api, holding: Holding, part: str, key: str, platform: str) -> str:
    """An entity of a device; some come when the device first says that it has such a thing."""

    async def listed() -> str | None:
        held = next(each for each in await take_stock(api) if each.entry == holding.entry)
        return next((each.entity for each in held.things if each.id == (part, key, platform)), None)

    return await until(listed, f"{holding.title} has an enabled {platform} for {part}:{key}")


async def _becomes(api: Api, entity: str, wanted: str) -> None:
    async def look() -> bool | None:
        return (await api.state(entity)) == wanted or None

    await until(look, f"{entity} is {wanted}")


async def _text(api: Api, path: str) -> str:
    return (await api.fetch(path))[1].decode()


def _uris(playlist: str) -> list[str]:
    return [row for row in playlist.splitlines() if row and not row.startswith("#")]


def _records(log: str) -> list[str]:
    """Log records with the lines that belong to them."""
    records: list[list[str]] = []
    for row in log.splitlines():
        if _STARTS.match(row) or not records:
            records.append([])
        records[-1].append(row)
    return ["\n".join(record) for record in records]


def census(families: Mapping[str, Sequence[Holding]]) -> str:
    """How many entries, devices and entities each family has become."""
    rows = []
    for family, holdings in families.items():
        places = sum(len(holding.places) for holding in holdings)
        things = sum(1 for holding in holdings for _ in holding.things)
        rows.append(
            f"  {family:<10} {len(holdings):>3} entries {places:>3} devices {things:>4} entities"
        )
    return "\n".join(rows)


def summary(proofs: Proofs, began: float, extra: dict[str, Any]) -> str:
    """The last lines: how many, how long, with what."""
    failed = [row.name for row in proofs.rows if not row.passed]
    words = ", ".join(f"{name} {value}" for name, value in extra.items())
    verdict = f"{len(failed)} FAILED: {', '.join(failed)}" if failed else "all passed"
    total = time.monotonic() - began
    return f"{len(proofs.rows)} proofs, {verdict}; {total:.1f} s in all ({words})"
