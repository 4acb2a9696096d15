"""Floor plans and their alerts, as text (G1) and as JavaScript with bare keys (§10). Pure."""

from dataclasses import dataclass, replace
import re
from typing import Final

from ..errors import Malformed
from . import wire

_MS: Final = r"(\d{1,15})(?:[.,]\d{1,4})?"
_PLAN: Final = re.compile(
    r'\{oid:\s*(-?\d{1,9}),\s*name:\s*"(.{0,400}?)",\s*refreshTimestamp:\s*'
    + _MS
    + r",\s*alertTimestamp:\s*"
    + _MS
    + r",\s*width:\s*(\d{1,6}),\s*height:\s*(\d{1,6})",
    re.DOTALL,
)
_AREAS: Final = re.compile(r"areas:\s*\[([^\[\]]*)\]\s*\}")
_AREA: Final = re.compile(r"\{oid:\s*(-?\d{1,9}),\s*ot:\s*(\d{1,2})\b")
_ALERT: Final = re.compile(
    r"\{oid:\s*(-?\d{1,9}),\s*alertTimestamp:\s*"
    + _MS
    + r",\s*refreshTimestamp:\s*"
    + _MS
    + r",\s*last_oid:\s*(-?\d{1,9}),\s*last_otid:\s*(-?\d{1,9})"
)
_OLD_PLAN: Final = re.compile(r"(-?\d{1,9}),(.*),(\d{1,6}),(\d{1,6})\|(.*)", re.DOTALL)
_OLD_AREA: Final = re.compile(r"(-?\d{1,9}),(camera|microphone),")
_OLD_ALERT: Final = re.compile(rf"(-?\d{{1,9}}),{_MS},{_MS},(-?\d{{1,9}}),(-?\d{{1,9}})")


@dataclass(frozen=True, slots=True)
class Plan:
    """A floor plan, the objects on it, when it was drawn and alerted last (ms, UTC; 0 never)."""

    oid: int
    name: str
    size: tuple[int, int]
    areas: frozenset[tuple[int, int]] = frozenset()
    """Type and id of the objects on it."""
    refreshed: int = 0
    alerted: int = 0

    @property
    def part(self) -> str:
        """The id of its part."""
        return f"plan.{self.oid}"

    def at(self, refreshed: int, alerted: int) -> Plan:
        """The same with its times."""
        return replace(self, refreshed=refreshed, alerted=alerted)


@dataclass(frozen=True, slots=True)
class Alert:
    """When a plan alerted last, and which object was it."""

    oid: int
    alerted: int
    refreshed: int
    thing: tuple[int, int]


def plans(data: str) -> tuple[Plan, ...]:
    """What getfloorplans2 says."""
    body = _array(data)
    heads = [*_PLAN.finditer(body)]
    if bool(body) != bool(heads):
        raise Malformed("no floor plans")
    found = []
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(body)
        areas = _AREAS.search(body, head.end(), end)
        things = _AREA.findall(areas[1]) if areas else ()
        found.append(
            Plan(
                int(head[1]),
                wire.unmasked(head[2]),
                (int(head[5]), int(head[6])),
                frozenset((int(ot), int(oid)) for oid, ot in things),
                int(head[3]),
                int(head[4]),
            )
        )
    return tuple(found)


def alerts(data: str) -> tuple[Alert, ...]:
    """What getfloorplanalerts2 says."""
    body = _array(data)
    found = tuple(
        Alert(int(one[1]), int(one[2]), int(one[3]), (int(one[5]), int(one[4])))
        for one in _ALERT.finditer(body)
    )
    if bool(body) != bool(found):
        raise Malformed("no floor plan alerts")
    return found


def old_plans(text: str) -> tuple[Plan, ...]:
    """What getfloorplans says (G1); without plans it is the page for nothing."""
    if wire.is_nothing(text) or text.strip() in ("", wire.OK):
        return ()
    found = []
    for row in text.strip().split("^"):
        if not row:
            continue
        one = _OLD_PLAN.fullmatch(row)
        if one is None:
            raise Malformed("no floor plans")
        areas = (_OLD_AREA.match(area) for area in one[5].split("_") if area)
        things = frozenset(
            (wire.CAMERA if area[2] == "camera" else wire.MICROPHONE, int(area[1]))
            for area in areas
            if area
        )
        found.append(Plan(int(one[1]), one[2].strip(), (int(one[3]), int(one[4])), things))
    return tuple(found)


def old_alerts(text: str) -> tuple[Alert, ...]:
    """What getfloorplanalerts says (G1)."""
    if wire.is_nothing(text) or text.strip() in ("", wire.OK):
        return ()
    found = []
    for row in text.strip().strip("|").split("|"):
        one = _OLD_ALERT.fullmatch(row)
        if one is None:
            raise Malformed("no floor plan alerts")
        found.append(Alert(int(one[1]), int(one[2]), int(one[3]), (int(one[5]), int(one[4]))))
    return tuple(found)


def _array(data: str) -> str:
    """What stands between the outer brackets."""
    data = data.strip()
    if not data.startswith("[") or not data.endswith("]"):
        raise Malformed("no floor plans")
    return data[1:-1].strip()
