"""The contract: what every family gives, and the only things it exports."""

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .commands import Command
from .env import JSON, Env
from .model import Answer, Batch, Content, Day, PartId, Query, Recording, Ref, Stream, TableRow


class Device(Protocol):
    """One box on the wire. Errors are those of `errors`; nothing else comes out."""

    async def open(self) -> Batch:
        """Learn what it is and has: a Topology first, then the values met on the way."""

    async def read(self, poll: str) -> Batch:
        """Read one poll; a refused part leaves the topology, the others are told."""

    def listen(self, feed: str) -> AsyncGenerator[Batch]:
        """Batches of a feed until cancelled; () is a sign of life, an end or error means down."""

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do it; returns when the device took it, or where that is soon seen, when it is so."""

    def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
        """Search, newest first, lazily; frees its finder when closed."""

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Bytes behind a ref, from `start` to before `end`; Gone if not there.

        Stills, live pictures and sound, clips. A range is kept only where the content says
        `ranged`; its `size` is that of the whole.
        """

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Play sound, given in the part's TalkFormat."""

    def play_url(self, stream: Stream) -> str:
        """The stream's URL with secrets, percent-encoded; for the player only."""

    async def resume(self) -> Batch:
        """After an outage and before anything is read: put back what the device forgets."""

    async def close(self) -> None:
        """Leave nothing behind: no task, socket, finder or session."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: status, headers by lower-case name (last wins), a bounded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    challenges: tuple[str, ...] = ()
    """Every WWW-Authenticate header, whole."""

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become the replacement character."""
        return self.body.decode("utf-8", "replace")


type Ask = Callable[[str], Awaitable[Reply]]
"""Sends one harmless GET of a path or of ':port/path'; asked again, it gives the first reply."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A family recognised its device, for certain or perhaps."""

    family: str
    certain: bool
    model: str | None = None
    login: bool = True
    """Whether it wants a user and password."""
    url: str | None = None
    """Where the API really is, if not where it was asked (another port or scheme)."""


@dataclass(frozen=True, slots=True)
class Option:
    """A question that the set-up asks for this family."""

    key: str
    kind: str
    """'bool' 'int' 'text' 'url' 'choice'"""
    default: JSON = None
    min: int | None = None
    max: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """How the network gives a device away: a row of the manifest's dhcp, zeroconf or ssdp."""

    via: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Family:
    """All that a family package exports."""

    name: str
    title: str
    ports: tuple[int, ...]
    create: Callable[[Env], Device]
    recognise: Callable[[Ask], Awaitable[Sighting | None]]
    options: tuple[Option, ...] = ()
    matchers: tuple[Matcher, ...] = field(default=())
