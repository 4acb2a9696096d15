"""What every family promises, tried on every personality that can be simulated.

A family that joins the registry is tried here without a line more, but for its record in `traits`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
import re
from typing import Any, Final, cast

import pytest

from custom_components.cctv.devices import registry
from custom_components.cctv.devices.catalogue import (
    CATALOGUE,
    RECORDING_KINDS,
    SETTABLE,
    Kind,
    row,
)
from custom_components.cctv.devices.commands import Press, Set
from custom_components.cctv.devices.device import Device
from custom_components.cctv.devices.engine.checks import check
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import Crew, Env
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    DeviceError,
    InvalidAuth,
    Unsupported,
)
from custom_components.cctv.devices.http.asker import asker
from custom_components.cctv.devices.model import (
    BOX,
    Batch,
    Event,
    Feature,
    Hint,
    Light,
    Need,
    Notice,
    Part,
    PartKind,
    Recording,
    Recordings,
    Scalar,
    Topology,
    Value,
)
from tests.simulators.families import FAMILIES

from .bus import LocalBus
from .clock import HastyClock
from .conftest import Lend
from .traits import TRAITS
from .waiting import becomes, is_available, until

_MANY: Final = 20
_SOME: Final = 2
"""So many places are searched, recordings fetched, and files of one."""
_TOKEN: Final = re.compile(r"[a-z]+\.[a-z0-9_-]+(?:/[a-z]+\.[a-z0-9_-]+)*")


@dataclass
class Case:
    """One personality of one family, and our device on it."""

    family: str
    personality: str
    box: Any
    env: Env
    device: Device
    user: str
    password: str
    ears: Any
    """What its listeners are attached to: the box, or the bus between."""

    @property
    def logs(self) -> list[list[Any]]:
        """The wire logs of all ports."""
        return TRAITS[self.family].logs(self.box)

    def changes(self) -> list[str]:
        """The requests of the wire log that change something."""
        return TRAITS[self.family].changing(self.box)

    async def learn(self) -> tuple[Topology, list[Batch]]:
        """Open, and read what is always read; the topology in the end and all that was told."""
        batches = [await self.device.open()]
        topology = cast(Topology, batches[0][0])
        always = [poll.name for poll in topology.polls.values() if poll.need is Need.ALWAYS]
        batches += [await self.device.read(name) for name in always]
        for batch in batches:
            for update in batch:
                if isinstance(update, Topology):
                    topology = update
        return topology, batches


def personalities() -> Iterator[tuple[str, str]]:
    """Every personality of every family there is."""
    for family in registry.FAMILIES:
        for personality in FAMILIES[family].personalities:
            if personality not in TRAITS[family].shut:
                yield family, personality


@pytest.fixture(params=personalities(), ids=lambda param: "-".join(param))
async def case(
    request: pytest.FixtureRequest, socket_enabled: None, lend: Lend
) -> AsyncIterator[Case]:
    """A simulated box and a device that is not opened yet."""
    family, personality = request.param
    simulated = FAMILIES[family]
    traits = TRAITS[family]
    bus = LocalBus() if traits.bus else None
    spoken = {} if bus is None else {"publish": bus.deliver}
    login = {"user": simulated.user, "password": simulated.password}
    async with simulated.make(personality, **login, **traits.extra, **spoken) as box:
        clock = HastyClock(traits.pace)
        env = lend(box.url, simulated.user, simulated.password, clock=clock)
        if bus is not None:
            env = replace(env, bus=bus)
        env = replace(env, options=traits.options(box))
        device = registry.family(family).create(env)
        ears = bus or traits.ears(box)
        yield Case(family, personality, box, env, device, simulated.user, simulated.password, ears)
        await device.close()


# --- what it claims -----------------------------------------------------------------------------


async def test_what_it_has_fits_together(case: Case) -> None:
    topology, batches = await case.learn()
    assert isinstance(batches[0][0], Topology), "the topology comes first"
    assert topology.parts[BOX].kind is PartKind.BOX
    assert topology.parts[BOX].about is not None
    for id_, part in topology.parts.items():
        assert id_ == part.id
        assert id_ == BOX or _TOKEN.fullmatch(id_), id_
        assert part.above is None or part.above in topology.parts, id_
    for id_, feature in topology.features.items():
        assert id_ == feature.id
        assert feature.part in topology.parts, id_
        assert feature.key in CATALOGUE, id_
        assert feature.poll is None or feature.poll in topology.polls, id_
        assert feature.push is None or feature.push in topology.feeds, id_
        _fits(feature)
    for feed in topology.feeds.values():
        assert set(feed.seed) <= set(topology.polls)
        for feature in topology.features.values():
            # Rule 6: what rests after a connect must have been read before.
            if feature.push == feed.name and feature.poll and row(feature.key).rest is not None:
                assert feature.poll in feed.seed, feature.id
    for stream in topology.streams.values():
        assert stream.part in topology.parts
        assert stream.id == f"{stream.part}:{stream.profile}"
    assert any(poll.need is Need.VITAL for poll in topology.polls.values())


def _fits(feature: Feature) -> None:
    """A feature has what its kind needs."""
    kind = row(feature.key).kind
    if kind is Kind.NUMBER:
        assert feature.limits is not None, feature.id
        assert feature.limits.min < feature.limits.max
    if kind is Kind.CHOICE:
        assert feature.options, feature.id
        assert len(set(feature.options)) == len(feature.options)
    if kind is Kind.BUTTON:
        assert feature.blind, feature.id


async def test_what_it_can_is_what_its_features_take(case: Case) -> None:
    topology, _ = await case.learn()
    for feature in topology.features.values():
        kind = row(feature.key).kind
        can = topology.parts[feature.part].can
        if kind in SETTABLE:
            assert Set in can, feature.id
        if kind is Kind.BUTTON:
            assert Press in can, feature.id


async def test_what_it_tells_is_of_what_it_has_and_of_the_right_kind(case: Case) -> None:
    topology, batches = await case.learn()
    told: set[str] = set()
    for poll in topology.polls:
        batches.append(await case.device.read(poll))
    for batch in batches:
        for update in batch:
            match update:
                case Value():
                    assert update.feature in topology.features, update
                    told.add(update.feature)
                    _is_a_value(topology.features[update.feature], update.value)
                case Event():
                    assert update.feature in topology.features, update
                case Hint() | Notice() | Topology():
                    pass
    silent = {
        id_
        for id_, each in topology.features.items()
        # An event may be told by a poll, but not by every read of it.
        if each.poll is not None and id_ not in told and row(each.key).kind is not Kind.EVENT
    }
    assert not silent, "features whose poll says nothing of them"


def _is_a_value(feature: Feature, value: object) -> None:
    """A value is of its row's kind."""
    if value is None:
        return
    kinds: dict[Kind, tuple[type, ...]] = {
        Kind.BINARY: (bool,),
        Kind.SWITCH: (bool,),
        Kind.SIREN: (bool,),
        Kind.LOCK: (bool,),
        Kind.MEASURE: (int, float),
        Kind.NUMBER: (int, float),
        Kind.LABEL: (str,),
        Kind.CHOICE: (str,),
        Kind.TEXT: (str,),
        Kind.MOMENT: (datetime,),
        Kind.TIME: (time,),
        Kind.LIGHT: (Light,),
    }
    wanted = kinds.get(row(feature.key).kind)
    assert wanted is None or isinstance(value, wanted), feature.id
    if feature.options and isinstance(value, str):
        assert value in feature.options, feature.id
    if isinstance(value, datetime):
        assert value.tzinfo is not None, feature.id


# --- what it does -------------------------------------------------------------------------------


def _wishes(family: str, feature: Feature) -> list[Scalar | Light]:
    """Values to give a feature, the last one unlike the one before."""
    if feature.key in TRAITS[family].words:
        return TRAITS[family].words[feature.key]
    limits = feature.limits
    match row(feature.key).kind:
        case Kind.SWITCH | Kind.SIREN | Kind.LOCK:
            return [True, False, True, False]
        case Kind.NUMBER if limits is not None:
            return [limits.min, limits.max]
        case Kind.CHOICE:
            return [*feature.options]
        case Kind.LIGHT:
            lit = Light(on=True, level=70 if limits is not None else None)
            return [lit, Light(on=False)]
        case Kind.TEXT:
            return ["One", "Two"]
        case _:
            return []


async def test_everything_that_can_be_set_is_set_and_read_back(case: Case) -> None:
    topology, _ = await case.learn()
    tried = 0
    for feature in topology.features.values():
        traits = TRAITS[case.family]
        known = (case.personality, feature.id) in traits.refused
        if (first := traits.first.get(feature.key)) is not None:
            await case.device.do(feature.part, first)
        wishes = _wishes(case.family, feature)
        if known:
            with pytest.raises(DeviceError):
                await _try_all(case, feature, wishes)
            continue
        for wish in wishes:
            command = Set(feature.key, wish)
            check(topology, feature.part, command)
            answer = await case.device.do(feature.part, command)
            mine = [
                update.value
                for update in answer.updates
                if isinstance(update, Value) and update.feature == feature.id
            ]
            assert mine, f"{feature.id}: the answer does not tell it"
            _is_as_wished(feature, mine[-1], wish)
            if feature.poll is not None:
                batch = await case.device.read(feature.poll)
                read = [
                    update.value
                    for update in batch
                    if isinstance(update, Value) and update.feature == feature.id
                ]
                _is_as_wished(feature, read[-1], wish)
            tried += 1
    settable = any(row(each.key).kind in SETTABLE for each in topology.features.values())
    assert bool(tried) is settable


async def _try_all(case: Case, feature: Feature, wishes: list[Scalar | Light]) -> None:
    """Set all of them, for the first may be what it is already."""
    for wish in wishes:
        await case.device.do(feature.part, Set(feature.key, wish))


def _is_as_wished(feature: Feature, value: object, wish: Scalar | Light) -> None:
    """What was read is what was set; a lamp that is off may say how bright it was."""
    if isinstance(wish, Light):
        assert isinstance(value, Light), feature.id
        assert value.on == wish.on, feature.id
        if wish.on and wish.level is not None:
            assert value.level == wish.level, feature.id
    else:
        assert value == wish, feature.id


async def test_what_it_has_not_is_refused(case: Case) -> None:
    topology, _ = await case.learn()
    for log in case.logs:
        log.clear()
    with pytest.raises((BadInput, Unsupported)):
        await case.device.do("nowhere.1", Set("motion_detection", value=True))
    with pytest.raises(DeviceError):
        await case.device.fetch("no such ref\r\nX: y")
    with pytest.raises(DeviceError):
        await case.device.read("no such poll")
    with pytest.raises(DeviceError):
        async with aclosing(case.device.listen("no such feed")) as batches:
            await anext(batches)
    assert not case.changes()
    assert topology.parts


# --- pictures and streams -----------------------------------------------------------------------


async def test_every_still_is_a_picture(case: Case) -> None:
    topology, _ = await case.learn()
    refs = {stream.still for stream in topology.streams.values() if stream.still is not None}
    assert bool(refs) is TRAITS[case.family].pictures
    for ref in sorted(refs):
        content = await case.device.fetch(ref)
        body = await content.read()
        assert content.mime == "image/jpeg"
        assert body.startswith(b"\xff\xd8")
        assert body.endswith(b"\xff\xd9")


async def test_no_secret_is_told(case: Case) -> None:
    topology, batches = await case.learn()
    if case.password:
        assert case.password not in repr(topology) + repr(batches) + repr(case.device)
    for stream in topology.streams.values():
        if stream.url is not None:
            url = case.device.play_url(stream)
            assert case.password in url
            assert stream.url.partition("://")[2] in url


# --- recordings ---------------------------------------------------------------------------------


async def test_what_is_recorded_is_told_alike(case: Case) -> None:
    """Newest first, in words of ours, and no more than is asked for."""
    topology, _ = await case.learn()
    for part in _with_recordings(topology):
        found = await _recorded(case, part.id, Recordings(limit=_MANY))
        starts = [each.start for each in found]
        assert starts == sorted(starts, reverse=True)
        assert await _recorded(case, part.id, Recordings(limit=1)) == found[:1]
        for each in found:
            assert each.part == part.id
            assert each.start.tzinfo is not None
            assert each.end is None or each.end >= each.start
            assert each.kinds <= set(RECORDING_KINDS)
            assert each.kinds, "what is not known is `other`"
            assert each.container == each.container.lower()
            assert bool(each.container) or not each.refs
            assert each.name is None or each.name.isprintable()
        for each in found[:1]:
            end = each.start + timedelta(seconds=1)
            for kinds in (frozenset[str](), each.kinds):
                moment = Recordings(start=each.start, end=end, kinds=kinds)
                assert each in await _recorded(case, part.id, moment)
            before = Recordings(start=each.start - timedelta(hours=1), end=each.start)
            assert each not in await _recorded(case, part.id, before)
            others = frozenset(RECORDING_KINDS) - each.kinds
            other = Recordings(start=each.start, end=end, kinds=others)
            assert each not in await _recorded(case, part.id, other)


async def test_every_recording_is_fetched_whole_and_in_parts(case: Case) -> None:
    topology, _ = await case.learn()
    for part in _with_recordings(topology):
        for one in (await _recorded(case, part.id, Recordings(limit=_MANY)))[:_SOME]:
            sizes = [await _is_fetched(case, ref, one.container) for ref in one.refs[:_SOME]]
            if len(one.refs) == len(sizes) == 1:
                assert one.size in (None, sizes[0]), one
            if one.thumbnail is not None:
                content = await case.device.fetch(one.thumbnail)
                assert content.mime == "image/jpeg"
                assert (await content.read()).startswith(b"\xff\xd8")


def _with_recordings(topology: Topology) -> list[Part]:
    """The first places that can be searched for recordings."""
    return [part for part in topology.parts.values() if "recordings" in part.tables][:_SOME]


async def _recorded(case: Case, part: str, query: Recordings) -> list[Recording]:
    """What a search finds, as far as it asks."""
    found: list[Recording] = []
    async with aclosing(case.device.find(part, query)) as rows:
        async for row in rows:
            assert isinstance(row, Recording)
            found.append(row)
            if len(found) == query.limit:
                break
    return found


async def _is_fetched(case: Case, ref: str, container: str) -> int:
    """Fetch a file and parts of it; how long it is."""
    content = await case.device.fetch(ref)
    ranged = content.ranged
    assert content.container == container
    kinds = ("video", "audio", "image", *(("application",) if container == "dav" else ()))
    assert content.mime.partition("/")[0] in kinds
    body = await content.read()
    assert content.size in (None, len(body))
    for start, end in ((0, 1), (7, 300), (len(body) - 3, None)) if len(body) > 300 else ():
        content = await case.device.fetch(ref, start, end)
        assert content.size in (None, len(body))
        assert content.ranged is ranged
        assert await content.read() == (body[start:end] if ranged else body)
    return len(body)


# --- feeds --------------------------------------------------------------------------------------


async def test_every_feed_survives_a_cut(case: Case) -> None:
    runner = Runner(case.device, case.env, jitter=lambda: 0.0)
    await runner.start()
    try:
        for feed in runner.state.topology.feeds:
            source = f"feed:{feed}"
            features = runner.state.topology.features.values()
            release = runner.want(each.id for each in features if each.push == feed)

            def is_up(source: str = source) -> bool:
                health = runner.state.health.get(source)
                return health is not None and health.up is True

            await case.ears.wait_attached()
            _liven(case)
            await becomes(runner, ":event_source", wanted=True)
            assert is_up()
            TRAITS[case.family].cut(case.ears)
            await case.ears.wait_detached()
            await case.ears.wait_attached()
            _liven(case)
            await until(is_up, lambda poke: runner.watch([":event_source", ":online"], poke))
            release()
            if runner.state.topology.feeds[feed].need is Need.WANTED:
                await becomes(runner, ":event_source", wanted=False)
        await is_available(runner, ":online", wanted=True)
    finally:
        await runner.stop()


def _liven(case: Case) -> None:
    """Have the box say anything at all, so that nobody waits for its next heartbeat."""
    liven = TRAITS[case.family].liven
    assert liven is not None
    liven(case.box)


# --- manners ------------------------------------------------------------------------------------


async def test_nothing_is_changed_by_looking(case: Case) -> None:
    """Rule 14.7: open, read, listen and recognise send nothing that changes state."""
    topology, _ = await case.learn()
    for poll in topology.polls:
        await case.device.read(poll)
    for feed in topology.feeds:
        await _hear(case, feed)
    ask = asker(case.env.session, case.env.address)
    try:
        sighting = await registry.family(case.family).recognise(ask)
    finally:
        await ask.close()
    assert sighting is not None
    assert sighting.family == case.family
    assert case.box.wire
    assert not case.changes()


async def _hear(case: Case, feed: str) -> None:
    """Listen for the first thing that is said; a box with too many listeners says so first."""
    for _ in range(3):
        attached = asyncio.ensure_future(case.ears.wait_attached())
        async with aclosing(case.device.listen(feed)) as batches:
            listening = asyncio.ensure_future(anext(batches))
            await asyncio.wait((listening, attached), return_when=asyncio.FIRST_COMPLETED)
            if not listening.done():
                _liven(case)
            (heard,) = await asyncio.gather(listening, return_exceptions=True)
        attached.cancel()
        if not isinstance(heard, Busy):
            assert isinstance(heard, tuple)
            return
    raise AssertionError(f"{feed} is never heard")


async def test_a_wrong_password_is_tried_once(case: Case, lend: Lend) -> None:
    if not case.password:
        pytest.skip("nobody logs in there")
    env = lend(case.box.url, case.user, "not the password")
    device = registry.family(case.family).create(env)
    for _ in range(2):
        with pytest.raises(InvalidAuth):
            await device.open()
    await device.close()
    assert case.box.failed_logins == 1


async def test_close_leaves_nothing(case: Case, crew: Crew) -> None:
    before = asyncio.all_tasks()
    topology, _ = await case.learn()
    await case.device.close()
    assert crew.size == 0
    left = asyncio.all_tasks() - before
    ours = [task for task in left if "cctv" in str(task.get_coro())]
    assert not ours
    if topology.feeds:
        await case.ears.until(lambda: case.ears.attached == 0)
    for log in case.logs:
        log.clear()
    with pytest.raises(DeviceError):
        await case.device.read(next(iter(topology.polls)))
    assert not any(case.logs)
