"""What one may say to each action: the least, and everything."""

from dataclasses import MISSING, fields
from typing import Any, Final

from custom_components.cctv.action_fields import Field, fields_of, file_field
from custom_components.cctv.action_schema import Action
from custom_components.cctv.devices import commands as c

_VALUES: Final[dict[str, Any]] = {
    "boolean": True,
    "datetime": "2026-03-01T12:00:00+00:00",
    "object": {"Name.Of[0].It": "1"},
    "text": "word",
}


def value_of(field: Field) -> Any:
    """Return something that a field takes."""
    ((kind, config),) = field.selector.items()
    if field.name == "filename":
        return "/media/file.bin"
    if field.name == "directory":
        return "/media"
    if kind == "select":
        return config["options"][:2] if config.get("multiple") else config["options"][0]
    if kind == "number":
        return config["max"]
    if config.get("multiple"):
        return ["one", "two"]
    return _VALUES[kind]


def example(action: Action) -> dict[str, Any]:
    """Return the least that an action takes."""
    return {field.name: value_of(field) for field in action.fields if field.required}


def least(command: type[c.Command]) -> c.Command:
    """Return a command of its defaults, with something for what has none."""
    known = {"source": 0, "values": {"a": "1"}, "names": ("one",)}
    asked = {field.name: field for field in fields_of(command)}
    given: dict[str, Any] = {}
    for each in fields(command):
        if each.name == file_field(command):
            given[each.name] = b"\x00\x01"
        elif each.default is MISSING:
            field = asked[each.name]
            given[each.name] = known.get(each.name, field.check(value_of(field)))
    return command(**given)
