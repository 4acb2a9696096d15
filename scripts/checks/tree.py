"""The files of the checkout, and what a check says about them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
import json
from pathlib import Path
import subprocess
from typing import Any, NamedTuple

import yaml


class Problem(NamedTuple):
    """One thing to mend, and where."""

    path: str
    text: str
    line: int | None = None

    def __str__(self) -> str:
        """Write it the way editors jump to."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.text}"


@dataclass(frozen=True)
class Tree:
    """A checkout: its root, and its files that are tracked or would be."""

    root: Path

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Paths below the root, sorted, without what is ignored or deleted."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        names = {name for name in listed.split("\0") if name}
        return tuple(sorted(name for name in names if (self.root / name).is_file()))

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return (self.root / path).is_file()

    def text(self, path: str) -> str:
        """Return a file's text."""
        return (self.root / path).read_text(encoding="utf-8")

    def json(self, path: str) -> Any:
        """Return what a JSON file says; a key said twice is an error."""
        return json.loads(self.text(path), object_pairs_hook=_unique)

    def yaml(self, path: str) -> Any:
        """Return what a YAML file says."""
        return yaml.safe_load(self.text(path))

    def python(self) -> Iterator[str]:
        """Yield the Python files, also the commands that have no ending."""
        for path in self.files:
            if path.endswith(".py") or (
                path.startswith("scripts/")
                and "." not in path
                and self.text(path).partition("\n")[0].endswith(("python", "python3"))
            ):
                yield path


type Check = Callable[[Tree], Iterator[Problem]]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a key that comes twice."""
    built = dict(pairs)
    if len(built) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"said twice: {', '.join(twice)}")
    return built
