"""icons.json against the texts of the entities."""

from collections.abc import Iterator, Mapping
from typing import Any

from .translations import ENGLISH, leaves
from .tree import Problem, Tree

ICONS = "custom_components/cctv/icons.json"


def check(tree: Tree) -> Iterator[Problem]:
    """Check that each icon belongs to something that has a text."""
    if not tree.has(ICONS):
        return
    icons = tree.json(ICONS)
    texts = tree.json(ENGLISH) if tree.has(ENGLISH) else {}
    for fault in icon_faults(icons, texts):
        yield Problem(ICONS, fault)


def icon_faults(icons: Mapping[str, Any], texts: Mapping[str, Any]) -> Iterator[str]:
    """Say which icons are malformed, pointless, or belong to nothing."""
    for where, icon in leaves(icons).items():
        if not str(icon).startswith("mdi:"):
            yield f"{where}: {icon} is not an mdi: icon"
    for domain, entities in icons.get("entity", {}).items():
        told = texts.get("entity", {}).get(domain, {})
        for key, entity in entities.items():
            where = f"entity.{domain}.{key}"
            if key not in told:
                yield f"{where} belongs to no translation key"
            if "default" not in entity:
                yield f"{where} has no default"
            for state, icon in entity.get("state", {}).items():
                if icon == entity.get("default"):
                    yield f"{where}.state.{state} is the same as the default"
