"""services.yaml, triggers.yaml and conditions.yaml against their texts and icons."""

from collections.abc import Iterator, Mapping
from typing import Any

from .icons import ICONS
from .translations import ENGLISH
from .tree import Problem, Tree

SECTIONS = ("services", "triggers", "conditions")


def check(tree: Tree) -> Iterator[Problem]:
    """Check each of the three files that is there."""
    texts = tree.json(ENGLISH) if tree.has(ENGLISH) else {}
    icons = tree.json(ICONS) if tree.has(ICONS) else {}
    for section in SECTIONS:
        path = f"custom_components/cctv/{section}.yaml"
        described = tree.yaml(path) or {} if tree.has(path) else {}
        described = {name: spec or {} for name, spec in described.items() if name[0] != "."}
        told = texts.get(section, {})
        for fault in section_faults(described, told, texts.get("selector", {})):
            yield Problem(path, fault)
        for name in sorted(described.keys() ^ icons.get(section, {}).keys()):
            yield Problem(ICONS, f"{section}.{name} is only there or only in {section}.yaml")


def section_faults(
    described: Mapping[str, Any], told: Mapping[str, Any], selectors: Mapping[str, Any]
) -> Iterator[str]:
    """Say where one file and its texts differ."""
    for name in sorted(described.keys() ^ told.keys()):
        yield f"{name} is only here or only in the texts"
    for name in sorted(described.keys() & told.keys()):
        text = told[name]
        for word in ("name", "description"):
            if word not in text:
                yield f"{name} has no {word} in the texts"
        fields, groups = _flatten(described[name].get("fields", {}))
        for group in sorted(groups ^ text.get("sections", {}).keys()):
            yield f"{name}: the section {group} is only here or only in the texts"
        field_texts = text.get("fields", {})
        for field in sorted(fields.keys() ^ field_texts.keys()):
            yield f"{name}: the field {field} is only here or only in the texts"
        for field in sorted(fields.keys() & field_texts.keys()):
            if {"name", "description"} - field_texts[field].keys():
                yield f"{name}.{field} needs a name and a description in the texts"
        for field, spec in fields.items():
            yield from _select_faults(f"{name}.{field}", spec or {}, selectors)


def _flatten(fields: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Return all fields, those inside sections too, and the sections' names."""
    flat: dict[str, Any] = {}
    groups: set[str] = set()
    for name, spec in fields.items():
        if spec and "fields" in spec:
            groups.add(name)
            flat |= spec["fields"]
        else:
            flat[name] = spec
    return flat, groups


def _select_faults(where: str, spec: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    """Say which options of a select have no text."""
    select = spec.get("selector", {}).get("select") or {}
    key = select.get("translation_key")
    if key is None:
        return
    texts = told.get(key, {}).get("options", {})
    for option in select.get("options", []):
        if option not in texts:
            yield f"{where}: selector.{key}.options.{option} has no text"
