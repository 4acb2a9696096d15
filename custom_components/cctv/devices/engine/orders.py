"""How a command reaches the device: checked, shown at once, one at a time, verified after."""

from dataclasses import dataclass, replace
import logging
from typing import Final

from ..catalogue import row
from ..commands import Command, Press, PtzMove, PtzStop, Set
from ..env import JSON
from ..errors import BadInput, CannotConnect, NoAnswer
from ..model import (
    Answer,
    Feature,
    FeatureId,
    Light,
    Origin,
    PartId,
    Reading,
    Scalar,
    Topology,
    Value,
)
from . import moves
from .checks import check
from .core import Engine
from .polls import Polls
from .stops import Stops

_LOGGER = logging.getLogger(__name__)

type Settable = Scalar | Light

BLIND: Final = "blind"
"""Where the memory keeps what was set and cannot be read."""
BLIND_MOST: Final = 256


@dataclass(slots=True)
class _Pending:
    """A feature with commands under way: what is true of it as far as is known, and how many."""

    truth: Reading | None
    count: int = 0


class Orders:
    """Sends commands."""

    def __init__(self, engine: Engine, polls: Polls, stops: Stops) -> None:
        """Begin with none under way."""
        self._engine = engine
        self._board = engine.board
        self._polls = polls
        self._stops = stops
        self._pending: dict[FeatureId, _Pending] = {}

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do it; a Set shows its value meanwhile, and what was before if the device refuses."""
        topology = self._board.state.topology
        check(topology, part, command)
        meant = moves.meant(topology, part, command, self._step(part))
        if meant is not command:
            command = meant
            check(topology, part, command)
        self._engine.check()
        if isinstance(command, Set):
            if command.key == moves.STEP:
                return self._keep(part, command)
            return await self._set(part, command)
        if isinstance(command, PtzMove):
            self._stops.owe(part, command)
        owed = self._stops.moves(part)
        async with self._engine.turn(part):
            try:
                answer = await self._send(part, command)
            except BaseException:
                # A stop that is cancelled may not have reached the drive either: it goes out again.
                if isinstance(command, PtzStop):
                    self._stops.late(part)
                raise
            if isinstance(command, PtzStop):
                self._stops.paid(part, owed)
        if moves.leaves(command):
            self._leave(part)
        self._take(answer)
        return answer

    def recall(self) -> None:
        """Tell what was set of features that can only be set."""
        topology = self._board.state.topology
        known: dict[FeatureId, Settable] = {
            id_: moves.STEP_SECONDS
            for id_, feature in topology.features.items()
            if feature.key == moves.STEP
        }
        for id_, one in self._kept().items():
            feature = topology.features.get(id_)
            value = _unpacked(one)
            if feature is None or not feature.blind or value is None:
                continue
            if _fits(topology, feature, value):
                known[id_] = value
        values = tuple(
            Value(id_, value)
            for id_, value in known.items()
            # A step is ours alone, whatever a family thinks of it.
            if self._board.reading(id_) is None or id_.endswith(f":{moves.STEP}")
        )
        self._board.tell(values, self._engine.clock.monotonic(), Origin.COMMAND)

    # --- what a drive's buttons need

    def _step(self, part: PartId) -> float:
        """How long a step of a part is, in seconds."""
        reading = self._board.reading(f"{part}:{moves.STEP}")
        known = None if reading is None else reading.value
        return known if isinstance(known, int | float) else moves.STEP_SECONDS

    def _keep(self, part: PartId, command: Set) -> Answer:
        """Keep what concerns us alone; the device hears nothing of it."""
        value = Value(f"{part}:{command.key}", command.value)
        self._take(Answer((value,)))
        self._remember(value.feature, command.value)
        return Answer()

    def _leave(self, part: PartId) -> None:
        """The camera looks elsewhere now than at the preset it was sent to."""
        id_ = f"{part}:{moves.PRESET}"
        reading = self._board.reading(id_)
        if reading is not None and reading.value is not None:
            self._take(Answer((Value(id_, None),)))
            self._forget(id_)
            self._verify(id_)

    # --- setting

    async def _set(self, part: PartId, command: Set) -> Answer:
        id_ = f"{part}:{command.key}"
        pending = self._pending.setdefault(id_, _Pending(self._board.reading(id_)))
        pending.count += 1
        shown = self._board.expect(Value(id_, command.value))
        last = False
        try:
            async with self._engine.turn(part):
                answer = await self._send(part, command)
                last = pending.count == 1
                self._confirm(id_, command, answer, pending, last=last)
                return answer
        except BaseException:
            # Cancelled or failed, nobody knows what the box took: what is shown has to be read.
            if pending.count == 1:
                self._board.retract(id_, shown, pending.truth)
                self._verify(id_)
            raise
        finally:
            pending.count -= 1
            if not pending.count:
                del self._pending[id_]

    def _confirm(
        self, id_: FeatureId, command: Set, answer: Answer, pending: _Pending, *, last: bool
    ) -> None:
        """Take in what a Set brought; a later one under way keeps on showing its own value."""
        now = self._engine.clock.monotonic()
        told = False
        updates = []
        for update in answer.updates:
            if isinstance(update, Value) and update.feature == id_:
                told = True
                if command.seconds is not None and update.hold is None:
                    update = replace(update, hold=command.seconds)
                pending.truth = Reading(update.value, now)
                if not last:
                    continue
            updates.append(update)
        if not told:
            pending.truth = Reading(command.value, now)
            if last:
                updates.insert(0, Value(id_, command.value, command.seconds))
        self._take(replace(answer, updates=tuple(updates)))
        feature = self._board.state.topology.features.get(id_)
        if feature is not None and feature.blind:
            # What is so for a while only is none of what is so after a restart.
            if command.seconds is None:
                self._remember(id_, command.value)
        elif not told:
            self._verify(id_)

    async def _send(self, part: PartId, command: Command) -> Answer:
        """Send it; a box that goes away as it was told to has taken the command."""
        away = row(command.key).away if isinstance(command, Press) else command.away
        online = self._board.state.online
        if not away:
            with self._engine.asking():
                return await self._engine.device.do(part, command)
        answer = Answer()
        self._engine.check()
        try:
            with self._engine.asking():
                self._polls.away(away)
                answer = await self._engine.device.do(part, command)
        except (CannotConnect, NoAnswer) as error:
            if not online:
                self._polls.away(0)
                raise
            _LOGGER.debug("The box left without an answer: %r", error)
        except BaseException:
            # However it ended, the box was not seen to leave: it is read as before.
            self._polls.away(0)
            raise
        return answer

    def _take(self, answer: Answer) -> None:
        """Take in what a command changed, and read it again when it has settled."""
        now = self._engine.clock.monotonic()
        self._board.tell(answer.updates, now, Origin.COMMAND)
        topology = self._board.state.topology
        told = {one.feature for one in answer.updates if isinstance(one, Value)}
        for name in {topology.features[id_].poll for id_ in told if id_ in topology.features}:
            poll = None if name is None else topology.polls.get(name)
            if poll is not None:
                for seconds in poll.settle:
                    self._polls.at(poll.name, now + seconds)

    def _verify(self, id_: FeatureId) -> None:
        """Read what a command may or may not have changed, if it does not settle by itself."""
        topology: Topology = self._board.state.topology
        feature = topology.features.get(id_)
        reading = self._board.reading(id_)
        if feature is None or feature.poll is None:
            return
        if reading is None or reading.settles <= self._engine.clock.monotonic():
            self._polls.soon((feature.poll,))

    def _remember(self, id_: FeatureId, value: Settable) -> None:
        """Keep what was set and cannot be read; what was set longest ago is forgotten first."""
        known = self._kept()
        known.pop(id_, None)
        known[id_] = _packed(value)
        self._engine.env.memory.put(BLIND, dict([*known.items()][-BLIND_MOST:]))

    def _forget(self, id_: FeatureId) -> None:
        """Keep no longer what was set."""
        known = self._kept()
        if known.pop(id_, None) is not None:
            self._engine.env.memory.put(BLIND, known)

    def _kept(self) -> dict[str, JSON]:
        """What was set and cannot be read, by feature."""
        kept = self._engine.env.memory.get(BLIND)
        return dict(kept) if isinstance(kept, dict) else {}


def _fits(topology: Topology, feature: Feature, value: Settable) -> bool:
    """Whether a remembered value could be set today."""
    try:
        check(topology, feature.part, Set(feature.key, value))
    except BadInput:
        return False
    return True


def _packed(value: Settable) -> JSON:
    """A value as JSON; None for what cannot be kept."""
    match value:
        case Light():
            return {"on": value.on, "level": value.level, "effect": value.effect}
        case bool() | int() | float() | str():
            return value
    return None


def _unpacked(kept: JSON) -> Settable | None:
    """A value out of JSON; None for what is none."""
    match kept:
        case {"on": bool(on), "level": int() | None as level, "effect": str() | None as effect}:
            return Light(on, level, effect)
        case bool() | int() | float() | str():
            return kept
    return None
