"""manifest.json and hacs.json, by the rules of hassfest and HACS."""

from collections.abc import Iterable, Iterator
import re
from typing import Any

from .tree import Problem, Tree

MANIFEST = "custom_components/cctv/manifest.json"
HACS = "hacs.json"

REQUIRED = (
    "domain",
    "name",
    "codeowners",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "version",
)
KNOWN = frozenset(REQUIRED) | {
    "after_dependencies",
    "bluetooth",
    "categories",
    "config_flow",
    "connectivity",
    "dependencies",
    "dhcp",
    "homekit",
    "import_executor",
    "loggers",
    "mqtt",
    "preview_features",
    "quality_scale",
    "requirements",
    "single_config_entry",
    "ssdp",
    "usb",
    "zeroconf",
}
DHCP_KEYS = frozenset({"hostname", "macaddress", "registered_devices"})
ZEROCONF_KEYS = frozenset({"name", "properties", "type"})
HACS_KEYS = frozenset(
    {
        "name",
        "content_in_root",
        "country",
        "filename",
        "hacs",
        "hide_default_branch",
        "homeassistant",
        "persistent_directory",
        "render_readme",
        "zip_release",
    }
)
FIRST = {"domain": 0, "name": 1}
VERSION = re.compile(r"\d+\.\d+\.\d+([ab]|rc|-[a-z0-9.]+)?\d*")
MAC_PATTERN = re.compile(r"[0-9A-F]{6,12}\*?")


def check(tree: Tree) -> Iterator[Problem]:
    """Check both files."""
    for text in manifest_faults(tree.json(MANIFEST)):
        yield Problem(MANIFEST, text)
    if tree.has(HACS):
        for text in hacs_faults(tree.json(HACS)):
            yield Problem(HACS, text)


def in_order(keys: Iterable[str]) -> list[str]:
    """Return a manifest's keys in the order hassfest wants."""
    return sorted(keys, key=lambda key: (FIRST.get(key, len(FIRST)), key))


def manifest_faults(manifest: dict[str, Any]) -> Iterator[str]:
    """Say what is wrong with a manifest."""
    for key in REQUIRED:
        if not manifest.get(key):
            yield f"{key} is missing"
    for key in sorted(manifest.keys() - KNOWN):
        yield f"{key} is not a key that Home Assistant knows"
    ordered = in_order(manifest)
    if list(manifest) != ordered:
        yield f"keys must stand in this order: {', '.join(ordered)}"
    if manifest.get("domain") != "cctv":
        yield "the domain must be the folder's name"
    if not VERSION.fullmatch(str(manifest.get("version", ""))):
        yield "the version must look like 1.2.3"
    for key in ("documentation", "issue_tracker"):
        if not str(manifest.get(key, "")).startswith("https://"):
            yield f"{key} must be an https address"
    if "www.home-assistant.io/integrations" in str(manifest.get("documentation", "")):
        yield "documentation must be this project's own"
    if not all(str(owner).startswith("@") for owner in manifest.get("codeowners", [])):
        yield "each of codeowners starts with @"
    yield from _dhcp_faults(manifest.get("dhcp", []))
    yield from _zeroconf_faults(manifest.get("zeroconf", []))


def _dhcp_faults(matchers: list[dict[str, Any]]) -> Iterator[str]:
    """Say what is wrong with the DHCP matchers."""
    for matcher in matchers:
        if not matcher or matcher.keys() - DHCP_KEYS:
            yield f"dhcp {matcher} has other keys than {', '.join(sorted(DHCP_KEYS))}"
        if (mac := matcher.get("macaddress")) and not MAC_PATTERN.fullmatch(mac):
            yield f"dhcp macaddress {mac} must be upper-case digits and an asterisk"
        if (host := matcher.get("hostname")) and host != host.lower():
            yield f"dhcp hostname {host} must be lower-case"
    if matchers and {"registered_devices": True} not in matchers:
        yield "dhcp misses registered_devices, which finds known devices at new addresses"


def _zeroconf_faults(matchers: list[dict[str, Any] | str]) -> Iterator[str]:
    """Say what is wrong with the zeroconf matchers."""
    for matcher in matchers:
        spec: dict[str, Any] = {"type": matcher} if isinstance(matcher, str) else matcher
        if spec.keys() - ZEROCONF_KEYS:
            yield f"zeroconf {spec} has other keys than {', '.join(sorted(ZEROCONF_KEYS))}"
        if not str(spec.get("type", "")).endswith(".local."):
            yield f"zeroconf {spec} needs a type that ends in .local."
        texts = [spec.get("name", ""), *spec.get("properties", {}).values()]
        if any(text != text.lower() for text in texts):
            yield f"zeroconf {spec} must be lower-case"


def hacs_faults(hacs: dict[str, Any]) -> Iterator[str]:
    """Say what is wrong with hacs.json."""
    if not hacs.get("name"):
        yield "name is missing"
    for key in sorted(hacs.keys() - HACS_KEYS):
        yield f"{key} is not a key that HACS knows"
    if hacs.get("zip_release"):
        yield "a zip_release cannot be installed from the catalogue"
