"""Run every check of our own; with --fix, first write anew what is made from code."""

from pathlib import Path
import sys

from . import (
    actions,
    dependencies,
    generated,
    generators,
    icons,
    manifest,
    tidiness,
    translations,
)
from .tree import Check, Tree

CHECKS: tuple[Check, ...] = (
    manifest.check,
    translations.check,
    actions.check,
    icons.check,
    dependencies.check,
    generators.check,
    generated.check,
    tidiness.check,
)


def main(arguments: list[str]) -> int:
    """Print each problem; 1 when there is one."""
    tree = Tree(Path(__file__).parents[2])
    if "--fix" in arguments:
        generated.write(tree)
    problems = [problem for check in CHECKS for problem in check(tree)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
