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


def table(rows: Sequence[Row]) -> str:
    """The rows for people: figures of one thing ('thing: figure') side by side, ours / a peer's."""
    things: dict[str, dict[str, Row]] = {}
    for row in rows:
        thing, _, figure = row.name.rpartition(": ")
        things.setdefault(thing, {})[figure] = row
    figures = list(dict.fromkeys(figure for cells in things.values() for figure in cells))
    peers = list(dict.fromkeys(peer for row in rows for peer in row.peers))
    lines = [f"ours / {' / '.join(peers)}"] if peers else []
    lines.append(f"{'':32}" + "".join(f"{figure:>20}" for figure in figures))
    for thing, cells in things.items():
        words = [_cell(cells[figure]) if figure in cells else "" for figure in figures]
        lines.append(f"{thing:32}" + "".join(f"{word:>20}" for word in words))
    missed = [row for row in rows if not row.met]
    lines += [f"MISSED {row.name}: {_figure(row.ours)}, {_target(row)}" for row in missed]
    return "\n".join(lines)


def _cell(row: Row) -> str:
    """Ours and the peers', with the unit unless it is a count."""
    said = " / ".join(_figure(value) for value in (row.ours, *row.peers.values()))
    mark = "" if row.met else "!"
    return f"{mark}{said}" + ("" if row.unit == "events" else f" {row.unit}")


def _target(row: Row) -> str:
    return f"wanted {'at most' if row.most else 'at least'} {_figure(row.target)} {row.unit}"


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
        return "-"
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
