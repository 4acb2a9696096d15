"""A measured figure: what, in which unit, ours, a peer's, and what was wanted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
import json
from math import ceil
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `most`: the target is a ceiling, not a floor."""

    name: str
    unit: str
    ours: float
    peers: Mapping[str, float | None] = field(default_factory=dict)
    """None: the peer brought nothing to measure."""
    target: float | None = None
    most: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is what was wanted."""
        if self.target is None:
            return True
        return self.ours <= self.target if self.most else self.ours >= self.target


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all does not exceed; nearest rank."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def table(rows: Iterable[Row]) -> str:
    """The rows for people."""
    lines = [f"{'':4} {'figure':<44} {'ours':>10} {'unit':<8} {'target':>10}  peers"]
    for row in rows:
        peers = ", ".join(f"{name} {_figure(value)}" for name, value in row.peers.items())
        sign = "<=" if row.most else ">="
        target = "" if row.target is None else f"{sign} {_figure(row.target)}"
        mark = "ok" if row.met else "MISS"
        lines.append(
            f"{mark:<4} {row.name:<44} {_figure(row.ours):>10} {row.unit:<8} {target:>10}  {peers}"
        )
    return "\n".join(lines)


def write(rows: Iterable[Row], file: Path) -> None:
    """The rows for machines."""
    listed = []
    for row in rows:
        entry = asdict(row) | {"met": row.met}
        del entry["most"]
        listed.append(entry)
    file.write_text(json.dumps(listed, indent=2) + "\n")


def _figure(value: float | None) -> str:
    if value is None or value != value:
        return "none"
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
