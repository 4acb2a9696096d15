"""Settings of all families: flat names with text values, told and changed as features."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
import re
from types import MappingProxyType
from typing import Final, Protocol

from .catalogue import Kind, Row, row
from .env import Clock
from .errors import BadInput, Rejected, Unsupported
from .model import Feature, FeatureId, Light, Limits, PartId, Scalar, Value

POLL: Final = "config:"
"""A table's poll is named after the table."""
SECRET: Final = re.compile(
    r"passw|pwd|passphrase|secret|token|psk|(?<![a-z])keys?(?![a-z])", re.IGNORECASE
)
MASK: Final = "******"
_MASKED: Final = re.compile(r"\*{4,}")
_READ_BACK: Final = (0.0, 0.4, 1.2)
"""Pauses (seconds) before each look whether a change has taken."""
_INDEXES: Final = 32
"""[*] stands for the indexes below this."""
_PAIRS: Final = (("true", "false"), ("on", "off"), ("1", "0"), ("yes", "no"))


class Store(Protocol):
    """Where a family keeps its settings: tables of flat names and text values."""

    async def load(self, table: str) -> Mapping[str, str]:
        """The table, by full names. Unsupported where there is none."""

    async def save(self, changes: Mapping[str, str]) -> None:
        """Write; names that are not mentioned stay. Rejected if the device refuses."""


class Codec(Protocol):
    """Between a device's word and a row's value."""

    @property
    def limits(self) -> Limits | None:
        """The range of a number."""

    @property
    def options(self) -> tuple[str, ...]:
        """The vocabulary of a choice."""

    def decode(self, text: str) -> Scalar:
        """The value. ValueError if the text is none."""

    def encode(self, value: Scalar, was: str) -> str:
        """The device's word for a value, spelled as it was. BadInput if there is none."""


@dataclass(frozen=True, slots=True)
class Flag:
    """On or off, in the spelling that the device uses."""

    on: str
    off: str
    limits: Limits | None = None
    options: tuple[str, ...] = ()

    def decode(self, text: str) -> Scalar:
        """True or False."""
        word = text.strip().lower()
        for on, off in ((self.on.lower(), self.off.lower()), *_PAIRS):
            if word in (on, off):
                return word == on
        raise ValueError(f"neither on nor off: {text[:40]!r}")

    def encode(self, value: Scalar, was: str) -> str:
        """The word, in the pair and the capitals of the old one."""
        word = was.strip()
        if word not in (self.on, self.off):
            for pair in _PAIRS:
                if word.lower() in pair:
                    new = pair[0 if value else 1]
                    return new.capitalize() if word[0].isupper() else new
        return self.on if value else self.off


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary, wire word to value; foreign words pass as they are where values are words."""

    words: Mapping[str, Scalar]
    limits: Limits | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen, in the table's order, each once."""
        return tuple(dict.fromkeys(each for each in self.words.values() if isinstance(each, str)))

    def decode(self, text: str) -> Scalar:
        """The value of a word."""
        word = text.strip()
        if word in self.words:
            return self.words[word]
        for wire, value in self.words.items():
            if wire.lower() == word.lower():
                return value
        if word and self.options:
            return word[:64]
        raise ValueError(f"unknown word {text[:40]!r}")

    def encode(self, value: Scalar, was: str) -> str:
        """The first word of a value; a foreign one as it is."""
        for wire, known in self.words.items():
            if known == value and type(known) is type(value):
                return wire
        if isinstance(value, str) and self.options:
            return value
        raise BadInput(f"no word for {value!r}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number: the row's unit is wire × scale + offset."""

    limits: Limits | None = None
    scale: float = 1
    offset: float = 0
    whole: bool = True
    options: tuple[str, ...] = ()

    def decode(self, text: str) -> Scalar:
        """The number in the row's unit."""
        number = float(text) * self.scale + self.offset
        if not abs(number) < 1e15:
            raise ValueError("not a usable number")
        return round(number) if number == round(number) else number

    def encode(self, value: Scalar, was: str) -> str:
        """The number in the device's unit."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadInput(f"not a number: {value!r}")
        number = (value - self.offset) / self.scale
        return str(round(number)) if self.whole else f"{number:g}"


@dataclass(frozen=True, slots=True)
class PlainText:
    """Text as it is."""

    limits: Limits | None = None
    options: tuple[str, ...] = ()

    def decode(self, text: str) -> Scalar:
        """The text."""
        return text[:255]

    def encode(self, value: Scalar, was: str) -> str:
        """The text, on one line."""
        if not isinstance(value, str) or not value.isprintable():
            raise BadInput("not a line of text")
        return value


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A choice in the device's own words, which it lists elsewhere or not at all."""

    limits: Limits | None = None
    options: tuple[str, ...] = ()

    def decode(self, text: str) -> Scalar:
        """The word."""
        if not text.strip():
            raise ValueError("no word")
        return text.strip()[:64]

    def encode(self, value: Scalar, was: str) -> str:
        """The word."""
        if not isinstance(value, str) or not value.isprintable():
            raise BadInput("not a word")
        return value


TRUE_FALSE: Final = Flag("true", "false")
ON_OFF: Final = Flag("On", "Off")
PERCENT: Final = Number(Limits(0, 100))
TEXT: Final = PlainText()
VERBATIM: Final = Verbatim()


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: a feature and its name; {camera} is filled in by the place, [*] is any index."""

    key: str
    path: str
    codec: Codec
    also: tuple[str, ...] = ()
    """Written with the same word, where listed."""
    under: str | None = None
    """A switch above it: off if that is off, and switched on together with it."""
    keep: tuple[str, ...] = ()
    """Sent along unchanged, where listed."""
    minor: bool | None = None

    @property
    def table(self) -> str:
        """The table that lists it."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]

    @property
    def names(self) -> frozenset[str]:
        """The placeholders of its path."""
        return frozenset(re.findall(r"\{(\w+)\}", self.path))


@dataclass(frozen=True, slots=True)
class Place:
    """A part, and what its placeholders stand for."""

    part: PartId
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Bound:
    """A setting at a place that lists it."""

    setting: Setting
    place: Place

    @property
    def id(self) -> FeatureId:
        """The feature's id."""
        return f"{self.place.part}:{self.setting.key}"

    @property
    def row(self) -> Row:
        """Its row of the catalogue."""
        return row(self.setting.key)

    def listed(self, path: str, listing: Mapping[str, str]) -> list[str]:
        """The names that a path stands for here."""
        return _listed(path, self.place, listing)

    def value(self, listing: Mapping[str, str]) -> Scalar | None:
        """What it is now; None if the device says nothing usable."""
        names = self.listed(self.setting.path, listing)
        try:
            value = self.setting.codec.decode(listing[names[0]]) if names else None
            if value is True and self.setting.under is not None:
                switches = self.listed(self.setting.under, listing)
                return all(TRUE_FALSE.decode(listing[each]) for each in switches)
        except ValueError:
            return None
        return value

    def feature(self, listing: Mapping[str, str]) -> Feature:
        """The feature; a foreign word of the device becomes an option."""
        options = self.setting.codec.options
        value = self.value(listing)
        if self.row.kind is Kind.CHOICE and isinstance(value, str) and value not in options:
            options = (*options, value)
        return Feature(
            self.place.part,
            self.setting.key,
            poll=POLL + self.setting.table,
            limits=self.setting.codec.limits,
            options=options,
            minor=self.setting.minor,
        )

    def changes(self, listing: Mapping[str, str], value: Scalar) -> dict[str, str]:
        """What to write for a value; nothing if it is so already."""
        changes: dict[str, str] = {}
        setting = self.setting
        for path in (setting.path, *setting.also):
            for name in self.listed(path, listing):
                changes[name] = setting.codec.encode(value, listing[name])
        if value is True and setting.under is not None:
            for name in self.listed(setting.under, listing):
                changes[name] = TRUE_FALSE.encode(True, listing[name])
        if all(listing[name] == word for name, word in changes.items()):
            return {}
        for path in setting.keep:
            for name in self.listed(path, listing):
                changes[name] = listing[name]
        return changes


def _listed(path: str, place: Place, listing: Mapping[str, str]) -> list[str]:
    """The listed names that a path stands for at a place."""
    path = path.format_map(place.names)
    if "*" not in path:
        return [path] if path in listing else []
    # Looked up, not searched: a recorder lists ten thousand names.
    return [
        name
        for indexes in product(range(_INDEXES), repeat=path.count("*"))
        if (name := path.replace("*", "{}").format(*indexes)) in listing
    ]


def bind(
    settings: Iterable[Setting], places: Sequence[Place], table: str, listing: Mapping[str, str]
) -> list[Bound]:
    """The settings of a table that are listed, at each place; of two for one feature the first."""
    bounds: dict[FeatureId, Bound] = {}
    for setting in settings:
        if setting.table != table:
            continue
        for place in places:
            bound = Bound(setting, place)
            if (
                frozenset(place.names) == setting.names
                and bound.id not in bounds
                and _listed(setting.path, place, listing)
            ):
                bounds[bound.id] = bound
    return list(bounds.values())


def values(bounds: Iterable[Bound], listing: Mapping[str, str]) -> tuple[Value, ...]:
    """What the settings are now."""
    return tuple(Value(bound.id, bound.value(listing)) for bound in bounds)


async def change(
    store: Store, bound: Bound, value: Scalar | Light, peers: Iterable[Bound], clock: Clock
) -> tuple[Value, ...]:
    """Write a setting, look until it is so, tell all that changed. Rejected if it stays."""
    if isinstance(value, Light):
        raise BadInput(f"{bound.id} is no lamp")
    table = bound.setting.table
    before = await store.load(table)
    changes = bound.changes(before, value)
    if not changes:
        return (Value(bound.id, bound.value(before)),)
    await store.save(changes)
    names = bound.listed(bound.setting.path, before)
    wanted = bound.setting.codec.decode(changes[names[0]])
    for pause in _READ_BACK:
        if pause:
            await clock.sleep(pause)
        after = await store.load(table)
        if bound.value(after) == wanted:
            others = (each for each in peers if each.value(before) != each.value(after))
            told = {each.id: Value(each.id, each.value(after)) for each in (bound, *others)}
            return tuple(told.values())
    raise Rejected(f"{bound.id} stays {bound.value(after)!r}")


async def get_config(store: Store, table: str) -> dict[str, str]:
    """One table, its secrets masked."""
    return {
        name: MASK if SECRET.search(name) and text else text
        for name, text in (await _load(store, table)).items()
    }


async def set_config(store: Store, changes: Mapping[str, str]) -> dict[str, str]:
    """Write names that the device lists; what they were. BadInput, nothing written, otherwise."""
    before: dict[str, str] = {}
    for table in dict.fromkeys(re.split(r"[.\[]", name, maxsplit=1)[0] for name in changes):
        before |= await _load(store, table)
    for name, text in changes.items():
        if name not in before:
            raise BadInput(f"the device lists no {name[:80]}")
        if _MASKED.fullmatch(text):
            raise BadInput(f"{name[:80]}: a masked value is no value")
        if not text.isprintable():
            raise BadInput(f"{name[:80]}: not a line of text")
    await store.save(changes)
    return {
        name: before[name]
        for name in changes
        if not SECRET.search(name) and not _MASKED.fullmatch(before[name])
    }


async def _load(store: Store, table: str) -> Mapping[str, str]:
    """A table that a user names. Unsupported, by that name, where there is none."""
    try:
        return await store.load(table)
    except Unsupported as error:
        raise Unsupported(f"there is no table {table[:80]} ({error})") from error
