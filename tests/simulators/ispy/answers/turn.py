"""One command being carried out: for one object, with the text that takes its data."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulators.ispy.grammar import Call, Crash
from tests.simulators.ispy.objects import SpyObject
from tests.simulators.ispy.program import Program
from tests.simulators.ispy.rules import ALWAYS, Rules, Version

NEVER: Version = (99,)


@dataclass(slots=True)
class Turn:
    """The program, the request, and the object that it is about."""

    program: Program
    call: Call
    ot: int
    oid: int
    js: str
    """The `jsfunc` text; commands put their data into it (§7)."""

    @property
    def thing(self) -> SpyObject | None:
        """The object; None for an unknown one."""
        return self.program.find(self.ot, self.oid)

    @property
    def camera(self) -> SpyObject | None:
        """The object, taken for a camera."""
        return self.program.find(2, self.oid)

    def need(self) -> SpyObject:
        """The object, where the program does not check."""
        thing = self.thing
        if thing is None:
            raise Crash("unknown object")
        return thing

    def put(self, word: str, text: str) -> None:
        """Replace a word of the text by data."""
        self.js = self.js.replace(word, text)


type Run = Callable[[Turn], str]


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does, and the versions that know it: from the first to before the second."""

    run: Run
    windows: tuple[tuple[Version, Version], ...] = ((ALWAYS, NEVER),)

    def known(self, rules: Rules) -> bool:
        """Whether this version knows it."""
        return any(first <= rules.version < end for first, end in self.windows)


def since(first: Version, run: Run) -> Command:
    """A command that came with a version."""
    return Command(run, ((first, NEVER),))


def before(end: Version, run: Run) -> Command:
    """A command that went with a version."""
    return Command(run, ((ALWAYS, end),))
