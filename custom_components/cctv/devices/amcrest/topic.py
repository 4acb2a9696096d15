"""What one module of this family adds: what it learns, reads, does, finds and fetches."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ..commands import Command, Set
from ..model import Answer, Batch, Content, PartId, Ref, Table, TableRow, Value
from .box import Box

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})

type Learn = Callable[[Box], Awaitable[list[Value]]]
"""Asks what there is; writes parts, features, abilities and tables into the box."""
type Handler = Callable[[Box, PartId, Any], Awaitable[Answer]]
"""Carries out a command of its type at a part."""
type Setter = Callable[[Box, PartId, Set], Awaitable[Answer]]
type Presser = Callable[[Box, PartId], Awaitable[Answer]]
type Reader = Callable[[Box, str], Awaitable[Batch]]
"""Reads a poll by its name."""
type Finder = Callable[[Box, PartId, Table], AsyncGenerator[TableRow]]
type Fetcher = Callable[[Box, Ref, int, int | None], Awaitable[Content]]
"""Fetches what a ref names, which it checks. Gone."""
type Listener = Callable[[Box, str], AsyncGenerator[Batch]]


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of the vendor's document."""

    learn: Learn | None = None
    """At once: what enabled entities need."""
    survey: Learn | None = None
    """When there is time: what can wait."""
    readers: Mapping[str, Reader] = field(default_factory=lambda: _NONE)
    """By a poll's name, or what its name begins with up to the colon and with it."""
    handlers: Mapping[type[Command], Handler] = field(default_factory=lambda: MappingProxyType({}))
    setters: Mapping[str, Setter] = field(default_factory=lambda: _NONE)
    """Features that are set, but no setting of a table, by key."""
    pressers: Mapping[str, Presser] = field(default_factory=lambda: _NONE)
    """Buttons by key."""
    finders: Mapping[str, Finder] = field(default_factory=lambda: _NONE)
    """Tables by kind."""
    fetchers: Mapping[str, Fetcher] = field(default_factory=lambda: _NONE)
    """By what a ref begins with, up to its colon."""
    listeners: Mapping[str, Listener] = field(default_factory=lambda: _NONE)
    """Feeds beside that of the events, by name, or what it begins with up to the colon."""
