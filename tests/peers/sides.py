"""Both clients on one simulated box, and how what they say is made comparable."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
import re
from typing import Any

from amcrest import ApiWrapper
from amcrest.exceptions import CommError

from custom_components.cctv.devices.amcrest import wire
from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import Command, GetAbilities, GetConfig
from custom_components.cctv.devices.errors import DeviceError
from custom_components.cctv.devices.model import (
    BOX,
    About,
    Answer,
    Query,
    Table,
    Topology,
    Value,
)
from custom_components.cctv.devices.settings import MASK, SECRET
from tests.simulators.amcrest import AmcrestSimulator, Refusal

REFUSED = "refused"


@dataclass
class Sides:
    """A box, python-amcrest on it, and our device on it."""

    box: AmcrestSimulator
    theirs: ApiWrapper
    ours: Amcrest
    topology: Topology
    values: dict[str, Any] = field(default_factory=dict)
    """What our device told when it was opened."""

    @property
    def about(self) -> About:
        """What our device knows of the box."""
        about = self.topology.parts[BOX].about
        assert about is not None
        return about

    async def do(self, command: Command, part: str = BOX) -> Answer:
        """One of our commands."""
        return await self.ours.do(part, command)

    async def feature(self, id_: str) -> Any:
        """What one of our features is now."""
        poll = self.ours.box.topology.features[id_].poll
        assert poll is not None
        told = {
            update.feature: update.value
            for update in await self.ours.read(poll)
            if isinstance(update, Value)
        }
        return told[id_]

    async def rows(self, query: Query, part: str = BOX) -> list[Any]:
        """The rows of one of our searches."""
        async with aclosing(self.ours.find(part, query)) as found:
            return [row async for row in found]


type Ask = Callable[[Sides], Awaitable[Any]]
type Read = Callable[[Any], Any]


@dataclass(frozen=True)
class Counterpart:
    """A method of theirs and what we have for it."""

    method: str
    """Without `async_`: where there are two, the asynchronous one is called."""
    ours: Ask
    args: tuple[Any, ...] | Callable[[AmcrestSimulator], tuple[Any, ...]] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    read: Read = lambda said: said
    """Makes of theirs what ours says."""
    state: Callable[[AmcrestSimulator], Any] | None = None
    """What both change in the box, which is compared then, each from the same beginning."""
    model: str = "ipc"
    before: Callable[[AmcrestSimulator], object] | None = None
    """What is so in the box before either is there."""
    differs: str = ""
    """Why the two do not say the same; `told` is what each says instead."""
    told: tuple[Any, Any] | None = None

    def __str__(self) -> str:
        return f"{self.method}-{self.model}"


async def theirs(sides: Sides, method: str, *args: Any, **kwargs: Any) -> Any:
    """Call a method of theirs by its plain name; what they raise is a refusal."""
    try:
        if not hasattr(type(sides.theirs), f"async_{method}"):
            return await asyncio.to_thread(_blocking, sides.theirs, method, args, kwargs)
        found = getattr(sides.theirs, f"async_{method}")
        if callable(found):
            found = found(*args, **kwargs)
        if hasattr(found, "__aiter__"):
            return [page async for page in found]
        return await found
    except CommError:
        return REFUSED


def _blocking(client: ApiWrapper, method: str, args: Any, kwargs: Any) -> Any:
    """Call a method of theirs that there is for threads only."""
    found = getattr(client, method)(*args, **kwargs)
    return list(found) if isinstance(found, Iterator) else found


async def ours(sides: Sides, ask: Ask) -> Any:
    """Ask ours; what the device refuses is a refusal."""
    try:
        return await ask(sides)
    except DeviceError:
        return REFUSED


# --- ours ---------------------------------------------------------------------------------------


def config(table: str) -> Ask:
    """A table by our action get_config."""

    async def ask(sides: Sides) -> Any:
        return (await sides.do(GetConfig(table))).data

    return ask


def ability(topic: str, part: str = BOX) -> Ask:
    """What the box can by our action get_abilities."""

    async def ask(sides: Sides) -> Any:
        return (await sides.do(GetAbilities(topic), part)).data

    return ask


def config_value(name: str) -> Ask:
    """One value of a table."""

    async def ask(sides: Sides) -> Any:
        return (await config(re.split(r"[.\[]", name, maxsplit=1)[0])(sides))[name]

    return ask


def ability_value(topic: str, name: str) -> Ask:
    """One line of what the box can."""

    async def ask(sides: Sides) -> Any:
        return (await ability(topic)(sides))[name]

    return ask


def options(id_: str) -> Ask:
    """What may be chosen, as a user reads it."""

    async def ask(sides: Sides) -> Any:
        return list(sides.ours.box.topology.features[id_].labels.values())

    return ask


def listed(kind: str, column: str, where: Mapping[str, str] | None = None) -> Ask:
    """One column of one of our tables."""

    async def ask(sides: Sides) -> Any:
        rows = await sides.rows(Table(None, None, 1_000, kind=kind, where=where or {}))
        return [row[column] for row in rows]

    return ask


def fetched(ref: str) -> Ask:
    """All bytes of a ref."""

    async def ask(sides: Sides) -> Any:
        return b"".join([chunk async for chunk in (await sides.ours.fetch(ref)).chunks])

    return ask


def saved(one: Command) -> Ask:
    """All bytes that a command names."""

    async def ask(sides: Sides) -> Any:
        ref = (await sides.do(one)).ref
        assert ref is not None
        return await fetched(ref)(sides)

    return ask


def feature(id_: str) -> Ask:
    """A feature's value."""

    async def ask(sides: Sides) -> Any:
        return await sides.feature(id_)

    return ask


def known(name: str) -> Ask:
    """What is known of the box."""

    async def ask(sides: Sides) -> Any:
        return getattr(sides.about, name)

    return ask


def command(one: Command, part: str = BOX) -> Ask:
    """A command; what counts is what it does in the box."""

    async def ask(sides: Sides) -> Any:
        await sides.do(one, part)

    return ask


# --- theirs -------------------------------------------------------------------------------------


def table(text: str) -> Any:
    """Their text of a table with the names that ours has, and its passwords hidden as ours are."""
    if text == REFUSED:
        return REFUSED
    found = {name.removeprefix("table."): value for name, value in wire.pairs(text).items()}
    return {name: MASK if SECRET.search(name) and value else value for name, value in found.items()}


def lines(text: str) -> Any:
    """Their text of an answer as names and values."""
    return REFUSED if text == REFUSED else dict(wire.pairs(text))


def under(prefix: str) -> Read:
    """The same with what ours puts in front where a topic is several questions."""

    def read(text: str) -> Any:
        told = lines(text)
        return told if told == REFUSED else {f"{prefix}.{k}": v for k, v in told.items()}

    return read


def last(text: str) -> str:
    """Their text of one value."""
    return text.strip().rpartition("=")[2]


def members(name: str) -> Read:
    """One member of each of their rows."""

    def read(text: str) -> list[str]:
        return re.findall(rf"^\w+(?:\[\d+\])?\.{name}=(.*?)\s*$", text, re.MULTILINE)

    return read


# --- the box ------------------------------------------------------------------------------------


def setting(*names: str) -> Any:
    """What one name of the tables says, or several."""
    if len(names) == 1:
        return lambda box: box.config[names[0]]
    return lambda box: tuple(box.config[name] for name in names)


def refusing(*tables: str) -> Any:
    """A box that has not these tables."""

    def before(box: AmcrestSimulator) -> None:
        for name in tables:
            box.faults.refuse[f"configManager.getConfig:{name}"] = Refusal.BAD_REQUEST

    return before
