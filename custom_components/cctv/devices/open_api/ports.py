"""Inputs and outputs (§5): how a unit counts them, what they are, switches and pulses."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, replace
import logging
from typing import Final

from ..commands import OutputSequence
from ..env import JSON
from ..errors import (
    CannotConnect,
    DeviceError,
    Rejected,
    Unsupported,
)
from ..model import (
    Batch,
    Feature,
    Limits,
    Part,
    PartId,
    PartKind,
    Update,
    Value,
)
from ..push import LineParser
from . import motion, wire
from .box import Box, Group
from .features import EDGES, INPUTS, MAX_PORTS, OUTPUTS, PORTS
from .wire import Port

_LOGGER = logging.getLogger(__name__)

PULSE_LIMITS: Final = Limits(0.1, 60, 0.1)
PULSE_SECONDS: Final = 1.0
_FIRST_PART_SECONDS: Final = 5.0
_CHUNKS_MOST: Final = 64
CHECK: Final = "check"
MONITOR: Final = "monitor"


@dataclass(frozen=True, slots=True)
class Slot:
    """One input or output: its part, its place in IOPort, and which circuit means active."""

    part: PartId
    name: str | None
    index: int
    closed: bool = True

    def active(self, told: Port) -> bool:
        """Whether it is active; an electric word says only how the circuit is."""
        return told.on is self.closed if told.electric else told.on


@dataclass(frozen=True, slots=True)
class Bank:
    """How all inputs, or all outputs, are reached: what to ask, and what the answers call them."""

    cgi: str
    slots: tuple[Slot, ...]
    asked: tuple[int, ...]
    called: tuple[int, ...]
    tells: str
    """What tells their states when asked: 'check', the first part of 'monitor', or nothing."""

    def read(self, told: Mapping[int, Port]) -> dict[Slot, bool]:
        """What an answer says of each."""
        pairs = zip(self.slots, self.called, strict=True)
        return {slot: slot.active(told[number]) for slot, number in pairs if number in told}

    @property
    def monitor(self) -> str:
        """The path of the stream that tells them."""
        return wire.query(self.cgi, [("monitor", ",".join(map(str, self.asked)))])


def slots(box: Box, kind: str) -> tuple[Slot, ...]:
    """The inputs or outputs that the parameters tell of ('Input' or 'Output')."""
    listed = wire.rows(box.tables.get(PORTS, {}), "IOPort.I")
    mine = [each for each in listed.items() if each[1].get("Direction", "").lower() == kind.lower()]
    count = wire.number(box.tables.get(kind, {}).get(f"{kind}.NbrOf{kind}s")) or len(mine)
    active = "Input.Trig" if kind == "Input" else "Output.Active"
    found = []
    for at in range(min(count, MAX_PORTS)):
        index, one = mine[at] if at < len(mine) else (at, {})
        name = one.get(f"{kind}.Name", "").strip()[:80] or None
        closed = one.get(active, "").strip().lower() != "open"
        found.append(Slot(f"{kind.lower()}.{at + 1}", name, index, closed))
    return tuple(found)


async def learn(box: Box, kind: str) -> Bank | None:
    """Find out how the inputs or outputs are counted (§5, index bases).

    Once a firmware where the states are told when asked: a refusal may be that of a bad moment.
    """
    found = slots(box, kind)
    if not found:
        return None
    known = _known(box.verdicts.get(kind), found)
    return known or await box.verdicts.probe(kind, lambda: _search(box, kind, found))


async def _search(box: Box, kind: str, found: tuple[Slot, ...]) -> Bank:
    """Ask with every way of counting until one answers of all. Unsupported without any CGI."""
    from_one = tuple(range(1, len(found) + 1))
    by_port = tuple(slot.index + 1 for slot in found)
    ways = {
        f"/{kind.lower()}.cgi": (from_one, tuple(range(len(found))), by_port),
        "/port.cgi": (by_port, tuple(slot.index for slot in found)),
    }
    for cgi, counts in ways.items():
        try:
            bank = await _count(box, cgi, found, counts)
        except Unsupported:
            continue
        if not bank.tells and kind == "Output":
            bank = await _watched(box, bank)
        if bank.tells:
            _remember(box, kind, bank)
        return bank
    raise Unsupported(f"no CGI for {kind}")


async def _count(
    box: Box, cgi: str, found: tuple[Slot, ...], counts: tuple[tuple[int, ...], ...]
) -> Bank:
    """Try ways of counting at one CGI."""
    for asked in dict.fromkeys(counts):
        try:
            told = await box.client.check_ports(cgi, asked)
        except Rejected:
            continue
        if (called := _called(asked, told)) is not None:
            return Bank(cgi, found, asked, called, CHECK)
    # It is there and tells no state when asked; its stream may.
    return Bank(cgi, found, counts[0], counts[0], "")


async def _watched(box: Box, bank: Bank) -> Bank:
    """The same bank, told by the first part of its stream if that tells of all."""
    try:
        told = await _first(box, bank)
    except DeviceError as error:
        _LOGGER.debug("%s tells no states: %r", bank.cgi, error)
        return bank
    called = _called(bank.asked, told)
    return bank if called is None else replace(bank, called=called, tells=MONITOR)


async def _first(box: Box, bank: Bank) -> dict[int, Port]:
    """The states of the first part of a stream (§5.2)."""
    told: dict[int, Port] = {}
    async with box.client.http.stream(
        bank.monitor, login=box.client.login, idle=_FIRST_PART_SECONDS
    ) as stream:
        await motion.accept(box, stream)
        parser = LineParser()
        chunks = 0
        async for chunk in stream:
            chunks += 1
            for line in parser.feed(chunk):
                if (found := wire.port(line.decode("latin-1"))) is not None:
                    told[found.number] = found
            if len(told) >= len(bank.slots) or chunks > _CHUNKS_MOST:
                break
    return told


def _called(asked: tuple[int, ...], told: Mapping[int, Port]) -> tuple[int, ...] | None:
    """What an answer calls those that were asked for; None if it does not tell of all."""
    lower = tuple(number - 1 for number in asked)
    # An answer from 0 to a question from 1 is the mark of a unit that counts from 0.
    if 0 in told and 0 not in asked and told.keys() >= set(lower):
        return lower
    return asked if told.keys() >= set(asked) else None


def _known(kept: JSON, found: tuple[Slot, ...]) -> Bank | None:
    """What was found out before, if it fits what there is now."""
    match kept:
        case {"cgi": str(cgi), "asked": list(asked), "called": list(called), "tells": str(tells)}:
            numbers = tuple(each for each in asked if isinstance(each, int))
            names = tuple(each for each in called if isinstance(each, int))
            if len(numbers) == len(names) == len(found):
                return Bank(cgi, found, numbers, names, tells)
    return None


def _remember(box: Box, kind: str, bank: Bank) -> None:
    """Keep how they are counted."""
    asked: list[JSON] = [*bank.asked]
    called: list[JSON] = [*bank.called]
    box.verdicts.put(kind, {"cgi": bank.cgi, "asked": asked, "called": called, "tells": bank.tells})


# --- what they are ----------------------------------------------------------------------------


def place_inputs(box: Box, bank: Bank) -> None:
    """A part and its state for each input."""
    poll = INPUTS if bank.tells else None
    parts = tuple(Part(slot.part, PartKind.INPUT, slot.name) for slot in bank.slots)
    features = tuple(Feature(slot.part, "input", poll=poll, push=EDGES) for slot in bank.slots)
    box.groups[INPUTS] = Group(parts, features)


def place_outputs(box: Box, bank: Bank) -> list[Value]:
    """A part for each output: a switch, a button for a pulse, its length that lives with us."""
    parts, features, told = [], [], []
    for slot in bank.slots:
        parts.append(Part(slot.part, PartKind.OUTPUT, slot.name))
        features.append(Feature(slot.part, "output", poll=OUTPUTS if bank.tells else None))
        features.append(Feature(slot.part, "pulse"))
        features.append(Feature(slot.part, "pulse_length", limits=PULSE_LIMITS))
        told.append(Value(f"{slot.part}:pulse_length", pulse_seconds(box, slot.part)))
    able = {slot.part: frozenset({OutputSequence}) for slot in bank.slots}
    box.groups[OUTPUTS] = Group(tuple(parts), tuple(features), able)
    return told


async def states(box: Box, bank: Bank, key: str) -> list[Update]:
    """What all of them are now: by a check, else by the first part of the stream."""
    if bank.tells == MONITOR:
        told = bank.read(await _first(box, bank))
    else:
        told = bank.read(await box.client.check_ports(bank.cgi, bank.asked))
    return [Value(f"{slot.part}:{key}", on) for slot, on in told.items()]


async def listen(box: Box, inputs: Callable[[], Bank | None]) -> AsyncGenerator[Batch]:
    """The inputs as they change (§5.2); () for blank lines and empty parts."""
    bank = inputs()
    if bank is None:
        raise Unsupported("no inputs")
    async with box.client.http.stream(bank.monitor, login=box.client.login) as stream:
        await motion.accept(box, stream)
        parser = LineParser()
        called = bank.called if bank.tells else None
        async for chunk in stream:
            lost = parser.dropped
            found = [wire.port(line.decode("latin-1")) for line in parser.feed(chunk)]
            box.dropped += parser.dropped - lost
            ports = [each for each in found if each is not None]
            if ports and called is None:
                # A unit that tells no state when asked counts as its stream does.
                told = {each.number: each for each in ports}
                called = _called(bank.asked, told) or bank.called
            # Which circuit means active may be changed meanwhile.
            bank = inputs() or bank
            yield tuple(_updates(replace(bank, called=called or bank.called), ports))
    raise CannotConnect("the stream ended")


def _updates(bank: Bank, ports: list[Port]) -> list[Update]:
    """One update a line, in order: a close and an open in one segment are two."""
    by_number = dict(zip(bank.called, bank.slots, strict=True))
    return [
        Value(f"{slot.part}:input", slot.active(each))
        for each in ports
        if (slot := by_number.get(each.number)) is not None
    ]


def pulse_seconds(box: Box, part: PartId) -> float:
    """How long a pulse is: as the user said, else a second."""
    kept = box.env.memory.get(f"pulse:{part}")
    good = isinstance(kept, int | float) and PULSE_LIMITS.min <= kept <= PULSE_LIMITS.max
    return float(kept) if good and isinstance(kept, int | float) else PULSE_SECONDS
