"""Reading our own sources: what a test mentions, what a family's package offers."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
import re
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DEVICES: Final = "custom_components.cctv.devices"
WHOLE: Final = "*"
"""What stands for a module that is imported by its own name."""
type Function = ast.FunctionDef | ast.AsyncFunctionDef


def camel(name: str) -> str:
    """The class of a command by its action's name: go_there becomes GoThere."""
    return "".join(word.capitalize() for word in name.split("_"))


# --- a family's package -------------------------------------------------------------------------


@dataclass(slots=True)
class Package:
    """What stands in the sources of a family."""

    words: set[str] = field(default_factory=set)
    """Its texts, and the pieces of those that a point, a colon or a slash parts."""
    names: set[str] = field(default_factory=set)
    handled: set[str] = field(default_factory=set)
    """The commands that are keys of a table, cases of a match, or asked for by isinstance."""
    given: set[tuple[str, str]] = field(default_factory=set)
    """Calls with a keyword: ('About', 'serial')."""


@cache
def package(family: str) -> Package:
    """Read the package of a family."""
    found = Package()
    for path in sorted((ROOT.joinpath(*DEVICES.split(".")) / family).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            _note(found, node)
    return found


def _note(found: Package, node: ast.AST) -> None:
    """Take in one node of a package."""
    match node:
        case ast.Constant(value=str(text)):
            found.words |= {text, *re.split(r"[.:/]", text)}
        case ast.Name(id=name):
            found.names.add(name)
        case ast.Dict(keys=keys):
            found.handled |= {key.id for key in keys if isinstance(key, ast.Name)}
        case ast.MatchClass(cls=ast.Name(id=name)):
            found.handled.add(name)
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
            found.handled |= {each.id for each in ast.walk(kind) if isinstance(each, ast.Name)}
        case ast.Call(func=ast.Name(id=name), keywords=keywords):
            found.given |= {(name, each.arg) for each in keywords if each.arg and _is_set(each)}
        case _:
            return


def _is_set(keyword: ast.keyword) -> bool:
    """Whether a keyword gives anything but None."""
    return not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)


# --- a test and the tables it uses --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Module:
    """One source: its functions and tables by name, and where other names come from."""

    functions: dict[str, Function]
    tables: dict[str, ast.expr]
    imports: dict[str, tuple[Path, str]]
    """Names of our own tests and of the device layer: their file, and what they are there."""


@cache
def module(path: Path) -> Module:
    """Read one source."""
    read = Module({}, {}, {})
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                read.functions[name] = node
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                read.tables[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                read.tables[name] = value
            case ast.ImportFrom():
                read.imports.update(_imports(path, node))
            case _:
                continue
    return read


def _imports(path: Path, node: ast.ImportFrom) -> Iterator[tuple[str, tuple[Path, str]]]:
    """The names that an import brings from a source of ours."""
    if node.level:
        folder = path.parents[node.level - 1]
    elif (node.module or "").startswith(("tests.", f"{DEVICES}.")):
        folder = ROOT
    else:
        return
    if node.module is None:
        for alias in node.names:
            if (source := folder / f"{alias.name}.py").is_file():
                yield alias.asname or alias.name, (source, WHOLE)
        return
    source = folder.joinpath(*node.module.split(".")).with_suffix(".py")
    if source.is_file():
        for alias in node.names:
            yield alias.asname or alias.name, (source, alias.name)


@cache
def mentions(path: Path, name: str) -> str:
    """All that a test says in code: itself, and the tables and helpers it uses, without prose."""
    said: list[str] = []
    seen: set[tuple[Path, str]] = set()
    _follow(path, name, said, seen)
    return "\n".join(said)


def _follow(path: Path, name: str, said: list[str], seen: set[tuple[Path, str]]) -> None:
    """Add what a name stands for, and whatever that uses."""
    if (path, name) in seen:
        return
    seen.add((path, name))
    here = module(path)
    if name in here.imports:
        _follow(*here.imports[name], said, seen)
    elif name in here.tables:
        _add(path, here.tables[name], said, seen)
    # Of the product only tables count: what its functions say is not what a test says.
    elif name in here.functions and "tests" in path.parts:
        for node in _code(here.functions[name]):
            _add(path, node, said, seen)
        for each in here.functions[name].args.args:
            if each.arg in here.functions:
                _follow(path, each.arg, said, seen)


def _add(path: Path, node: ast.AST, said: list[str], seen: set[tuple[Path, str]]) -> None:
    """Add a piece of code and what its names stand for."""
    said.append(ast.unparse(node))
    imports = module(path).imports
    for each in ast.walk(node):
        match each:
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name in imports:
                source, whole = imports[name]
                if whole == WHOLE:
                    _follow(source, member, said, seen)
            case ast.Name(id=name):
                _follow(path, name, said, seen)


def _code(function: Function) -> list[ast.AST]:
    """The decorators and the body of a function, without its docstring."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return [*function.decorator_list, *body]


def says(text: str, word: str) -> bool:
    """Whether a word stands in a text, not as a part of another one."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
