"""Lamps (§7.1): which light is which, the white one with its scheme, infrared by name."""

from collections.abc import Mapping
import re
from typing import Final

from ..model import Feature, Light, Limits, PartId
from ..settings import POLL
from .features import WHITE

TABLE: Final = "Lighting_V2"
SCHEME: Final = "LightingScheme"
STROBE: Final = "strobe"
WHITE_MODE: Final = "WhiteMode"
_LIGHT: Final = re.compile(r"(Lighting_V2\[\d+\]\[\d+\])\[(\d+)\](.*)")
_LIT: Final = frozenset({"manual", "forceon"})
_DARK: Final = frozenset({"infraredmode", "off"})
"""Schemes in which the white lamp stays dark whatever its mode."""


def named(listing: Mapping[str, str]) -> dict[str, str]:
    """The listing with each light also under its type instead of its index: name to name."""
    types = {
        found[1] + found[2]: value.strip()
        for name, value in listing.items()
        if (found := _LIGHT.fullmatch(name)) and found[3] == ".LightType"
    }
    return {
        f"{found[1]}[{types[found[1] + found[2]]}]{found[3]}": name
        for name in listing
        if (found := _LIGHT.fullmatch(name)) and types.get(found[1] + found[2], "").isalpha()
    }


def modes(listing: Mapping[str, str], index: int) -> dict[str, str]:
    """The mode of a channel's white lamp by profile; empty without a lamp."""
    return _by_profile(listing, f"{TABLE}[{index}]", f"[{WHITE}].Mode")


def _by_profile(listing: Mapping[str, str], head: str, tail: str) -> dict[str, str]:
    """The values of names that differ by profile alone."""
    pattern = re.compile(rf"{re.escape(head)}\[(\d+)\]{re.escape(tail)}")
    return {
        found[1]: value
        for name, value in listing.items()
        if name.startswith(head) and (found := pattern.fullmatch(name))
    }


def feature(listing: Mapping[str, str], part: PartId, index: int, *, bell: bool) -> Feature | None:
    """The white lamp of a channel, if it has one."""
    profiles = modes(listing, index)
    if not profiles:
        return None
    dims = _by_profile(listing, f"{TABLE}[{index}]", f"[{WHITE}].MiddleLight[0].Light")
    states = _by_profile(listing, f"{TABLE}[{index}]", f"[{WHITE}].State")
    return Feature(
        part,
        "floodlight",
        poll=POLL + TABLE,
        limits=Limits(0, 100) if dims else None,
        options=(STROBE,) if bell and states else (),
    )


def read(listing: Mapping[str, str], schemes: Mapping[str, str], index: int) -> Light:
    """Whether the white lamp shines: lit in a profile whose scheme allows it."""
    allowed = _by_profile(schemes, f"{SCHEME}[{index}]", ".LightingMode")
    lit = [
        profile
        for profile, mode in modes(listing, index).items()
        if mode.strip().lower() in _LIT and allowed.get(profile, "").lower() not in _DARK
    ]
    profile = lit[0] if lit else "0"
    head = f"{TABLE}[{index}][{profile}][{WHITE}]"
    level = listing.get(f"{head}.MiddleLight[0].Light", "").strip()
    flickers = listing.get(f"{head}.State", "").lower() == "flicker"
    return Light(
        bool(lit),
        min(int(level), 100) if level.isdecimal() and len(level) < 4 else None,
        STROBE if lit and flickers else None,
    )


def changes(listing: Mapping[str, str], index: int, wanted: Light, *, bell: bool) -> dict[str, str]:
    """What to write to every profile; only the live one has an effect, and that one changes."""
    written: dict[str, str] = {}
    for profile in modes(listing, index):
        head = f"{TABLE}[{index}][{profile}][{WHITE}]"
        mode, state, level = f"{head}.Mode", f"{head}.State", f"{head}.MiddleLight[0].Light"
        if not wanted.on:
            written[mode] = "Off"
            continue
        written[mode] = "ForceOn" if bell else "Manual"
        if bell and state in listing:
            written[state] = "Flicker" if wanted.effect == STROBE else "On"
        if level in listing:
            now = wanted.level if wanted.level is not None else listing[level]
            written[level] = "100" if str(now).strip() in ("0", "") else str(now)
    return written


def unread(part: PartId) -> Feature:
    """The security light of a doorbell that does not let its table be read: set, never seen."""
    return Feature(part, "floodlight", options=(STROBE,), minor=True)


def unread_changes(wanted: Light) -> dict[str, str]:
    """What to write to such a light; its place is always the same."""
    head = f"{TABLE}[0][0][1]"
    if not wanted.on:
        return {f"{head}.Mode": "Off"}
    state = "Flicker" if wanted.effect == STROBE else "On"
    return {f"{head}.Mode": "ForceOn", f"{head}.State": state}


def schemes(listing: Mapping[str, str], index: int) -> dict[str, str]:
    """The scheme of a channel by name, one for each profile."""
    head = f"{SCHEME}[{index}]"
    return {
        f"{head}[{profile}].LightingMode": mode
        for profile, mode in _by_profile(listing, head, ".LightingMode").items()
    }
