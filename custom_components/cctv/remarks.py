"""A device's remarks as attributes of an entity: plain, few and short."""

from collections.abc import Mapping
from typing import Any, Final

ATTRIBUTES_LIMIT: Final = 16
TEXT_LIMIT: Final = 255
_TAKEN: Final = frozenset({"event_type", "event_types"})


def attributes(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain ones of a device's remarks, so few and short that they can be recorded."""
    plain = {
        key: _short(value)
        for key, value in details.items()
        if key not in _TAKEN and (_is_plain(value) or _is_list(value))
    }
    return dict(list(plain.items())[:ATTRIBUTES_LIMIT])


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float | str)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_plain, value))


def _short(value: Any) -> Any:
    """Cut a text, or a list of texts."""
    if isinstance(value, list):
        return [_short(each) for each in value[:ATTRIBUTES_LIMIT]]
    return value[:TEXT_LIMIT] if isinstance(value, str) else value
