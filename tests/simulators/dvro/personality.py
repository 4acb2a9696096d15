"""The variants of the recorder, as data (§8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.simulators.dvro.faults import Booleans, Framing, JsonStyle, NoFolder


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Personality:
    """One installation."""

    name: str
    summary: str
    channels: tuple[str, ...] = ("Rayfin", "Overview")
    inspector: bool = True
    """Whether port 13000 answers."""
    status: bool = True
    """Whether port 8088 answers."""
    faults: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of Faults that differ."""


PERSONALITIES = {
    each.name: each
    for each in (
        Personality("seed", "answers as printed, row 9 without a body"),
        Personality(
            "object_booleans",
            "every boolean is an object with one member",
            faults={
                "booleans": Booleans.OBJECT,
                "framing": Framing.LENGTH,
                "json": JsonStyle.PRETTY,
            },
        ),
        Personality(
            "template_json", "row 9 tells the current values", faults={"template_json": True}
        ),
        Personality(
            "encoder_only",
            "isrecording is not there, encoderrunning is",
            faults={"missing": {"/api/inspector/isrecording", "/api/recording/isrecording"}},
        ),
        Personality("status_refused", "8088 is behind the firewall", status=False),
        Personality("status_only", "13000 is behind the firewall", inspector=False),
        Personality(
            "html_errors",
            "refusals are 500 with a page",
            faults={
                "html_pages": True,
                "no_folder": NoFolder.ERROR,
                "idle_clip_status": 500,
                "framing": Framing.LENGTH,
                "json": JsonStyle.COMPACT,
            },
        ),
        Personality(
            "hostile",
            "BOM, True as text/html, tiny chunks, no lengths, a dialog that holds the answer",
            faults={
                "bom": True,
                "booleans": Booleans.CAPITAL,
                "boolean_type": "text/html",
                "chunk": 1,
                "fragment": 1,
                "empty_length": False,
                "no_folder": NoFolder.LATE,
            },
        ),
    )
}
