"""What an action asks for, read from a dataclass: how each field is checked and how it is asked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from enum import StrEnum
from math import isfinite
from pathlib import PurePath
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .devices.commands import Param

FILENAME: Final = "filename"
TEXT_MOST: Final = 8192  # characters; as long as the id of a recording of many files can be
LIST_MOST: Final = 1000  # items

type Check = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an action; its options have texts of their own."""

    name: str
    about: str
    required: bool
    default: Any
    check: Check
    selector: Mapping[str, Any]
    options: tuple[str, ...] = ()

    @property
    def marker(self) -> vol.Marker:
        """Return the key of a schema; what is left out is the dataclass's to fill in."""
        return vol.Required(self.name) if self.required else vol.Optional(self.name)


def fields_of(described: type) -> tuple[Field, ...]:
    """Return the fields of a dataclass whose types are annotated with a Param."""
    hints = get_type_hints(described, include_extras=True)
    found = []
    for each in fields(described):
        hint, param = get_args(hints[each.name])
        kind = _without_none(hint)
        required = each.default is MISSING
        name = FILENAME if kind is bytes else each.name
        options = tuple(option for option in param.options if option)
        selector, check = _asked(kind, param, name, required=required)
        default = None if required else each.default
        found.append(Field(name, param.about, required, default, check, selector, options))
    return tuple(found)


def file_field(described: type) -> str | None:
    """Return the field that is bytes, and so is asked for as the name of a file."""
    hints = get_type_hints(described)
    return next((each.name for each in fields(described) if hints[each.name] is bytes), None)


def filename_field(about: str) -> Field:
    """Return the field that names a file to be written."""
    selector, check = _asked(bytes, Param(about), FILENAME, required=True)
    return Field(FILENAME, about, True, None, check, selector)


def _without_none(hint: Any) -> Any:
    """Return the type of what may be None."""
    kinds = [each for each in get_args(hint) if each is not NoneType]
    return kinds[0] if NoneType in get_args(hint) else hint


def _asked(
    kind: Any, param: Param, name: str, *, required: bool
) -> tuple[Mapping[str, Any], Check]:
    """Return the selector and the check of a type."""
    selector: Mapping[str, Any]
    check: Check
    if param.options:
        # What may stay as it is is not among what can be chosen.
        shown = [str(option) for option in param.options if option]
        selector = {"select": {"options": shown, "translation_key": f"action_{name}"}}
        words = vol.In([str(option) for option in param.options])
        if get_origin(kind) is tuple:
            selector = {"select": {**selector["select"], "multiple": True}}
            return selector, vol.All(cv.ensure_list, vol.Length(max=LIST_MOST), [words], _tuple)
        enum = isinstance(kind, type) and issubclass(kind, StrEnum)
        return selector, vol.All(cv.string, words, kind) if enum else vol.All(cv.string, words)
    match kind if isinstance(kind, type) else get_origin(kind):
        case t if t is bool:
            selector, check = {"boolean": {}}, cv.boolean
        case t if t is int:
            selector, check = _number(param, 1), vol.All(_whole, _range(param))
        case t if t is float:
            selector, check = _number(param, param.step or 1), vol.All(_finite, _range(param))
        case t if t is str:
            selector = {"text": {"type": "password"}} if param.secret else {"text": {}}
            check = vol.All(cv.string, vol.Length(min=int(required), max=TEXT_MOST))
        case t if t is datetime:
            selector, check = {"datetime": {}}, _moment
        case t if t is bytes:
            selector, check = {"text": {}}, _absolute
        case t if t is tuple:
            selector = {"text": {"multiple": True}}
            word = vol.All(cv.string, vol.Length(min=1, max=TEXT_MOST))
            check = vol.All(cv.ensure_list, [word], vol.Length(max=LIST_MOST), _tuple)
        case t if t is Mapping:
            selector, check = {"object": {}}, _texts
        case _:
            raise TypeError(f"{name}: nothing is known of {kind}")
    return selector, check


def _number(param: Param, step: float) -> Mapping[str, Any]:
    """Return the selector of a number."""
    told = {
        "min": param.low,
        "max": param.high,
        "step": step,
        "unit_of_measurement": param.unit,
        "mode": "box",
    }
    return {"number": {key: value for key, value in told.items() if value is not None}}


def _range(param: Param) -> Check:
    """Return the check of a number's range."""
    return vol.Range(min=param.low, max=param.high)


def _finite(value: Any) -> float:
    """Take a number that is one."""
    if isinstance(value, bool) or not isfinite(number := float(value)):
        raise vol.Invalid("expected a number")
    return number


def _whole(value: Any) -> int:
    """Take a whole number, also where a slider made 3.0 of it."""
    number = _finite(value)
    if number != int(number):
        raise vol.Invalid("expected a whole number")
    return int(number)


def _moment(value: Any) -> datetime:
    """Take a time; without a zone it is Home Assistant's."""
    moment = cv.datetime(value)
    try:
        return dt_util.as_utc(moment)
    except OverflowError:
        # At the ends of the calendar a zone is no matter.
        return moment.replace(tzinfo=dt_util.UTC)


def _absolute(value: Any) -> str:
    """Take the whole path of a file."""
    path: str = cv.string(value)
    if not PurePath(path).is_absolute() or not path.isprintable() or len(path) > TEXT_MOST:
        raise vol.Invalid("expected the whole path of a file, from the root on")
    return path


def _tuple(value: Iterable[str]) -> tuple[str, ...]:
    """Take a list as a value that stays as it is."""
    return tuple(value)


def _texts(value: Any) -> dict[str, str]:
    """Take names with texts; YAML would have made something else of some words and numbers."""
    if not isinstance(value, Mapping) or not value:
        raise vol.Invalid("expected names with their values")
    if len(value) > LIST_MOST:
        raise vol.Invalid(f"expected {LIST_MOST} names at most")
    for name, text in value.items():
        if not isinstance(name, str) or isinstance(text, bool) or not isinstance(text, str | int):
            raise vol.Invalid(f"put the value of {str(name)[:80]} into quotes")
    return {name: str(text) for name, text in value.items()}
