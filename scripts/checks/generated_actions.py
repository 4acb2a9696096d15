"""What comes of the table of actions: services.yaml, missing English texts, the docs' tables."""

from collections.abc import Iterator, Mapping
import json
from typing import Any

import yaml

from custom_components.cctv.action_fields import Field
from custom_components.cctv.action_schema import ACTIONS, Action
from custom_components.cctv.devices.commands import Risk

from .translations import ENGLISH
from .tree import Tree

SERVICES = "custom_components/cctv/services.yaml"
DOCS = "docs/actions.md"
BEGIN = "<!-- Written by `scripts/lint --fix` from here on; above is by hand. -->\n"
HEAD = "# Written by `scripts/lint --fix` from the commands; change those.\n"
TARGET = {"device": [{"integration": "cctv"}], "entity": [{"integration": "cctv"}]}
WHO: Mapping[Risk, str] = {
    Risk.NONE: "Whoever may control the device",
    Risk.ADMIN: "Administrators",
    Risk.DESTROYS: "Administrators, with `confirm: true`",
}


def services(tree: Tree) -> Mapping[str, str]:
    """Describe every action to Home Assistant's dialogs."""
    return {SERVICES: HEAD + "".join(f"\n{_described(action)}" for action in ACTIONS)}


def english(tree: Tree) -> Mapping[str, str]:
    """Add the English texts that are missing, and drop those of what is no more."""
    before = tree.json(ENGLISH) if tree.has(ENGLISH) else {}
    after = with_texts(before)
    if after == before:
        return {}
    return {ENGLISH: json.dumps(after, indent=2, ensure_ascii=False) + "\n"}


def docs(tree: Tree) -> Mapping[str, str]:
    """Describe every action to people, below what was written by hand."""
    by_hand, found, _ = tree.text(DOCS).partition(BEGIN) if tree.has(DOCS) else ("", "", "")
    if not found:
        return {}
    texts = with_texts(tree.json(ENGLISH))["services"]
    told = "".join(line for action in ACTIONS for line in _told(action, texts[action.name]))
    return {DOCS: by_hand + BEGIN + told}


def with_texts(before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts with one for every action, field and option; polished ones stay."""
    polished = before.get("services", {})
    made = {action.name: _texts(action, polished.get(action.name, {})) for action in ACTIONS}
    selectors = dict(before.get("selector", {}))
    for key, options in _options().items():
        known = selectors.get(key, {}).get("options", {})
        kept = {option: known.get(option, _words(option)) for option in options}
        selectors[key] = {"options": {**kept, **known}}
    return {**before, "selector": selectors, "services": made}


def _texts(action: Action, polished: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of one action."""
    known = polished.get("fields", {})
    fields = {
        field.name: {
            "name": known.get(field.name, {}).get("name", _words(field.name)),
            "description": known.get(field.name, {}).get("description", f"{field.about}."),
        }
        for field in action.fields
    }
    return {
        "name": polished.get("name", _words(action.name)),
        "description": polished.get("description", action.about),
        **({"fields": fields} if fields else {}),
    }


def _options() -> dict[str, tuple[str, ...]]:
    """Return the options of every selector that has some; fields of one name share theirs."""
    found: dict[str, dict[str, None]] = {}
    for action in ACTIONS:
        for field in action.fields:
            if field.options:
                key = field.selector["select"]["translation_key"]
                found.setdefault(key, {}).update(dict.fromkeys(field.options))
    return {key: tuple(options) for key, options in found.items()}


def _words(key: str) -> str:
    """Return a key as words."""
    return key.replace("_", " ").capitalize()


def _described(action: Action) -> str:
    """Return the YAML of one action, a line for each field."""
    lines = [f"{action.name}:", f"  target: {_flow(TARGET)}"]
    if action.fields:
        lines.append("  fields:")
        lines += [f"    {field.name}: {_flow(_shape(field))}" for field in action.fields]
    return "\n".join(lines) + "\n"


def _shape(field: Field) -> dict[str, Any]:
    """Return what YAML says of a field."""
    shape: dict[str, Any] = {"required": True} if field.required else {}
    if field.default:
        shape["default"] = _plain(field.default)
    return {**shape, "selector": _plain(field.selector)}


def _plain(value: Any) -> Any:
    """Return what YAML can write."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


def _flow(value: Mapping[str, Any]) -> str:
    """Return YAML on one line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, width=1_000_000, allow_unicode=True
    )
    return text.strip()


def _told(action: Action, texts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the docs about one action."""
    yield f"\n### cctv.{action.name}\n\n**{texts['name']}.** {texts['description']}\n\n"
    yield f"{_who(action)}.\n"
    if not action.fields:
        return
    yield "\n| field | what | values |\n| --- | --- | --- |\n"
    for field in action.fields:
        told = texts["fields"][field.name]["description"].replace("|", "\\|")
        must = " (required)" if field.required else ""
        yield f"| `{field.name}`{must} | {told} | {_values(field)} |\n"


def _who(action: Action) -> str:
    """Return who may call an action."""
    if action.only_looks:
        return "Whoever may see the device"
    return WHO[action.risk]


def _values(field: Field) -> str:
    """Return what a field takes, and what it is when left out."""
    ((kind, config),) = field.selector.items()
    told = {
        "boolean": "true or false",
        "datetime": "a time",
        "number": _number(config) if kind == "number" else "",
        "object": "names with texts",
        "select": ", ".join(f"`{option}`" for option in field.options),
        "text": "texts" if config.get("multiple") else "text",
    }[kind]
    if field.name == "filename":
        told = "the whole path of a file"
    if field.required or field.default in (None, "", ()):
        return told
    default = str(field.default).lower() if isinstance(field.default, bool) else field.default
    return f"{told}; `{default}` if left out"


def _number(config: Mapping[str, Any]) -> str:
    """Return the range of a number."""
    unit = f" {config['unit_of_measurement']}" if "unit_of_measurement" in config else ""
    return f"{config['min']} to {config['max']}{unit}"
