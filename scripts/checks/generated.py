"""Files that are made from code, and are committed: stale ones are found here, and written anew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
import importlib
import json
from typing import Any

from . import generated_actions
from .manifest import MANIFEST, in_order
from .tree import Problem, Tree

FAMILIES = "custom_components/cctv/devices/"
DISCOVERY = ("dhcp", "ssdp", "zeroconf")

type Producer = Callable[[Tree], Mapping[str, str]]
"""Gives whole files: path → text."""


def manifest_of_families(tree: Tree) -> Mapping[str, str]:
    """Put what gives each family away on the network into the manifest."""
    matchers = list(_matchers(tree))
    if not matchers:
        return {}
    return {MANIFEST: written(with_matchers(tree.json(MANIFEST), matchers))}


PRODUCERS: tuple[Producer, ...] = (
    manifest_of_families,
    generated_actions.services,
    generated_actions.english,
    generated_actions.docs,
)
"""One function for each file, or group of files, that is made from code."""


def check(tree: Tree) -> Iterator[Problem]:
    """Compare what is there with what would be made."""
    for path in stale(tree):
        yield Problem(path, "is stale; `scripts/lint --fix` writes it anew")


def stale(tree: Tree) -> dict[str, str]:
    """Return the new text of every file that differs from what the code makes."""
    made = {path: text for produce in PRODUCERS for path, text in produce(tree).items()}
    return {
        path: text for path, text in made.items() if not tree.has(path) or tree.text(path) != text
    }


def write(tree: Tree) -> None:
    """Write the stale files anew."""
    for path, text in stale(tree).items():
        (tree.root / path).write_text(text, encoding="utf-8")


def with_matchers(
    manifest: Mapping[str, Any], matchers: Sequence[tuple[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    """Return the manifest with these and only these ways to be discovered."""
    rest = {key: value for key, value in manifest.items() if key not in DISCOVERY}
    for via, data in matchers:
        rest.setdefault(via, []).append(dict(sorted(data.items())))
    for via in DISCOVERY:
        if via in rest:
            rest[via].sort(key=json.dumps)
    if "dhcp" in rest:
        rest["dhcp"].append({"registered_devices": True})
    return {key: rest[key] for key in in_order(rest)}


def written(data: Mapping[str, Any]) -> str:
    """Return the JSON text of a manifest: one line for each short thing."""
    lines = []
    for key, value in data.items():
        text = json.dumps(value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(f"    {json.dumps(row)}" for row in value)
            text = f"[\n{rows}\n  ]"
        lines.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _matchers(tree: Tree) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield how each family that is there is discovered."""
    for path in tree.files:
        folder, _, file = path.removeprefix(FAMILIES).partition("/")
        if not path.startswith(FAMILIES) or file != "__init__.py":
            continue
        module = importlib.import_module(f"{FAMILIES.replace('/', '.')}{folder}")
        if not hasattr(module, "FAMILY"):
            continue
        for matcher in module.FAMILY.matchers:
            yield matcher.via, matcher.data
