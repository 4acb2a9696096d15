"""Every integration that is imported is named in the manifest."""

import ast
from collections.abc import Iterator

from homeassistant.const import Platform

from .manifest import MANIFEST
from .tree import Problem, Tree

COMPONENT = "custom_components/cctv/"
# Home Assistant loads these itself, or before any integration.
ALWAYS_THERE = frozenset(
    {
        "auth",
        "automation",
        "conversation",
        "device_automation",
        "diagnostics",
        "frontend",
        "group",
        "homeassistant",
        "homeassistant_alerts",
        "media_source",
        "mjpeg",
        "onboarding",
        "person",
        "repairs",
        "script",
        "search",
        "stream",
        "system_health",
        "system_log",
        "trace",
        "webhook",
        "websocket_api",
        "zone",
    }
)
DISCOVERY = frozenset({"bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"})


def check(tree: Tree) -> Iterator[Problem]:
    """Check every module of the integration."""
    manifest = tree.json(MANIFEST)
    allowed = set(manifest.get("dependencies", [])) | set(manifest.get("after_dependencies", []))
    allowed |= ALWAYS_THERE | set(Platform) | (DISCOVERY & manifest.keys())
    modules = [path for path in tree.python() if path.startswith(COMPONENT)]
    # A platform of our own, like repairs.py, may import the integration it is for.
    allowed |= {path.removeprefix(COMPONENT).split("/")[0].removesuffix(".py") for path in modules}
    for path in modules:
        for line, name in imported(tree.text(path)):
            if name not in allowed:
                yield Problem(path, f"{name} is not among the manifest's dependencies", line)


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Yield the integrations a module imports, but for types alone."""
    parsed = ast.parse(source)
    for_types = {
        id(inner)
        for node in ast.walk(parsed)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(parsed):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            head, _, rest = name.partition("homeassistant.components.")
            if not head and rest:
                yield node.lineno, rest.split(".")[0]
