"""What a device finds or tells is closed by whoever reads it."""

import ast
from collections.abc import Iterator

from .tree import Problem, Tree

METHODS = frozenset({"find", "listen"})
OWNERS = frozenset({"device", "runner"})


def check(tree: Tree) -> Iterator[Problem]:
    """Check every Python file."""
    for path in tree.python():
        for line in unclosed(tree.text(path)):
            yield Problem(
                path,
                "read this inside `async with aclosing(…)`: left early, it would keep"
                " the device's finder or stream",
                line,
            )


def unclosed(source: str) -> Iterator[int]:
    """Yield the lines that call find() or listen() and leave the end to chance."""
    parsed = ast.parse(source)
    owned = {id(argument) for node in ast.walk(parsed) for argument in _owned_by(node)}
    iterated = {id(iterable) for node in ast.walk(parsed) for iterable in _iterated_by(node)}
    for node in ast.walk(parsed):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in METHODS or id(node) in owned:
            continue
        owner = ast.unparse(node.func.value).rpartition(".")[2].lstrip("_")
        if owner in OWNERS or id(node) in iterated:
            yield node.lineno


def _owned_by(node: ast.AST) -> list[ast.expr]:
    """Return what this node closes, or hands to its caller to close."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "aclosing":
        return node.args
    if isinstance(node, ast.Return) and node.value is not None:
        return [node.value]
    return []


def _iterated_by(node: ast.AST) -> list[ast.expr]:
    """Return what this node runs through asynchronously."""
    if isinstance(node, ast.AsyncFor):
        return [node.iter]
    if isinstance(node, ast.comprehension) and node.is_async:
        return [node.iter]
    return []
