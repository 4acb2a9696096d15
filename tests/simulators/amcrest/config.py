"""The configuration tree: tables of flat keys, read and merged as §4 and §6 say."""

from collections.abc import Iterator, Mapping, MutableMapping
import re

_NAME = re.compile(r"[^.\[]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_BOOLEAN = frozenset({"true", "false"})
_FREE_TEXT = re.compile(r"(Name|Title|Text|Address|Password|Memo|SSID|Value|Hostname|Version)$")


class UnknownMember(Exception):
    """A key was written that its table does not have."""


class UnknownTable(Exception):
    """A key was written whose table this device does not have."""


class WrongType(Exception):
    """A word was written where a boolean or a number is stored."""


def wire_text(value: object) -> str:
    """A Python value as the device writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class ConfigTree(MutableMapping[str, str]):
    """Flat keys without the `table.` prefix, in the order of the device, grouped by table."""

    def __init__(self, text: str = "") -> None:
        """Read lines of key=value; blank lines and lines with a leading # are skipped."""
        self._tables: dict[str, dict[str, str]] = {}
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                key, _, value = line.partition("=")
                self[key.strip()] = value

    def __getitem__(self, key: str) -> str:
        """Value of one key."""
        return self._tables[table_of(key)][key]

    def __setitem__(self, key: str, value: object) -> None:
        """Write one key, adding it when it is new."""
        self._tables.setdefault(table_of(key), {})[key] = wire_text(value)

    def __delitem__(self, key: str) -> None:
        """Take one key away, and its table with the last one."""
        table = self._tables[table_of(key)]
        del table[key]
        if not table:
            del self._tables[table_of(key)]

    def __iter__(self) -> Iterator[str]:
        """All keys."""
        for table in self._tables.values():
            yield from table

    def __len__(self) -> int:
        """Number of keys."""
        return sum(len(table) for table in self._tables.values())

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables."""
        return frozenset(self._tables)

    def under(self, path: str) -> dict[str, str]:
        """The keys of a table or of a sub-path of it."""
        table = self._tables.get(table_of(path), {})
        if path in self._tables:
            return dict(table)
        return {
            key: value
            for key, value in table.items()
            if key == path or key.startswith((f"{path}.", f"{path}["))
        }

    def nested(self, path: str) -> object:
        """A table or sub-path as dicts and lists would show it, with every index a key."""
        result: dict[str, object] = {}
        for key, value in self.under(path).items():
            steps = re.findall(r"[^.\[\]]+", key.removeprefix(path))
            if not steps:
                return value
            place = result
            for step in steps[:-1]:
                child = place.setdefault(step, {})
                if not isinstance(child, dict):
                    break
                place = child
            place[steps[-1]] = value
        return result

    def drop(self, path: str) -> None:
        """Take a table or sub-path away, as a model without it."""
        for key in self.under(path):
            del self[key]

    def is_on(self, key: str) -> bool:
        """Whether a boolean member is true; absent counts as false."""
        return self.get(key) == "true"

    def merge(self, changes: Mapping[str, str], strict: bool = True) -> dict[str, str]:
        """Write members of existing tables, all or none; what really changed comes back."""
        for key, value in changes.items():
            table = self._tables.get(table_of(key))
            if table is None:
                raise UnknownTable(key)
            if key not in table:
                raise UnknownMember(key)
            if strict and not _same_type(key, table[key], value):
                raise WrongType(key)
        changed = {key: value for key, value in changes.items() if self[key] != value}
        for key, value in changed.items():
            self[key] = value
        return changed


def table_of(key: str) -> str:
    """Name of the table that a key belongs to."""
    match = _NAME.match(key)
    return match.group() if match else key


def _same_type(key: str, old: str, new: str) -> bool:
    if old in _BOOLEAN:
        return new in _BOOLEAN
    if _NUMBER.fullmatch(old) and not _FREE_TEXT.search(key):
        return _NUMBER.fullmatch(new) is not None
    return True
