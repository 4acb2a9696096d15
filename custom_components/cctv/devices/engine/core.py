"""What the runner's pieces share: the device, the board, the tasks, who wants what, and the end."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ..device import Device
from ..env import Crew, Env
from ..errors import CannotConnect, InvalidAuth
from ..model import FeatureId, PartId
from .board import Board, Calls


class Engine:
    """One device being run."""

    def __init__(
        self, device: Device, env: Env, left_out: Iterable[PartId], jitter: Callable[[], float]
    ) -> None:
        """Begin with nothing known; `jitter` gives numbers from 0 to 1."""
        self.device = device
        self.env = env
        self.clock = env.clock
        self.jitter = jitter
        self.crew = Crew()
        self.board = Board(env.clock, self.crew, {*left_out, *_left_out(env)})
        self.demand: Counter[FeatureId] = Counter()
        self.alarms = Calls[None]()
        """Called when something could not connect."""
        self.halts = Calls[InvalidAuth]()
        """Called when the device refused the login: nothing is asked any more."""
        self.failure: InvalidAuth | None = None
        self.closed = False
        self._turns: dict[PartId, asyncio.Lock] = {}

    def turn(self, part: PartId) -> asyncio.Lock:
        """Hold this while a command is sent to a part."""
        return self._turns.setdefault(part, asyncio.Lock())

    def wanted(self, feature: FeatureId) -> bool:
        """Whether somebody wants to know a feature."""
        return feature in self.demand

    def halt(self, error: InvalidAuth) -> None:
        """Ask nothing any more: the same login would be refused again, or lock the account."""
        if self.failure is None:
            self.failure = error
            self.board.lost(error)
            self.halts.call(error)

    def check(self, *, last: bool = False) -> None:
        """Refuse to ask after a refused login, and after the end but for the `last` words."""
        if self.failure is not None:
            raise self.failure.with_traceback(None)
        if self.closed and not last:
            raise CannotConnect("nobody runs the device any more")

    @contextmanager
    def asking(self, *, last: bool = False) -> Iterator[None]:
        """Around whatever reaches the device: never after a refused login; its errors are noted."""
        self.check(last=last)
        try:
            yield
        except InvalidAuth as error:
            self.halt(error)
            raise
        except CannotConnect:
            self.alarms.call(None)
            raise


def _left_out(env: Env) -> tuple[PartId, ...]:
    """The parts that the options leave out."""
    listed = env.options.get("left_out")
    return tuple(str(part) for part in listed) if isinstance(listed, list) else ()
