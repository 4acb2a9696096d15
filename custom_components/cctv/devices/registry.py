"""The families there are: one line each, imported when first wanted."""

from collections.abc import Iterator, Mapping
import functools
import importlib
from typing import Final, override

from .device import Family

_PACKAGES: Final = ("amcrest", "dvro", "ispy", "open_api", "yi_hack")


class _Families(Mapping[str, Family]):
    """Families by name; a package is imported when its family is first looked at."""

    @override
    def __getitem__(self, name: str) -> Family:
        if name not in _PACKAGES:
            raise KeyError(name)
        return _load(name)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(_PACKAGES)

    @override
    def __len__(self) -> int:
        return len(_PACKAGES)


@functools.cache
def _load(name: str) -> Family:
    """Import one family's package."""
    module = importlib.import_module(f"{__package__}.{name}")
    found: Family = module.FAMILY
    return found


FAMILIES: Final[Mapping[str, Family]] = _Families()


def families() -> tuple[Family, ...]:
    """All of them. Reads files the first time: not on the event loop."""
    return tuple(FAMILIES.values())


def family(name: str) -> Family:
    """One of them; KeyError if there is none of that name."""
    return FAMILIES[name]
