"""Run every check of our own; with --fix, first write anew what is made from code."""

from collections.abc import Iterator
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
from .tree import Check, Problem, Tree

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


def finished(check: Check, tree: Tree) -> Iterator[Problem]:
    """Run one check; a file it cannot read must not hide what the others find."""
    try:
        yield from check(tree)
    except (AttributeError, ImportError, OSError, SyntaxError, ValueError) as error:
        name = check.__module__.rpartition(".")[2]
        yield Problem(name, f"could not finish: {type(error).__name__}: {error}")


def main(arguments: list[str]) -> int:
    """Print each problem; 1 when there is one."""
    tree = Tree(Path(__file__).parents[2])
    if "--fix" in arguments:
        generated.write(tree)
    problems = [problem for check in CHECKS for problem in finished(check, tree)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
