"""The three rooms stay apart: devices, media and the Home Assistant side."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import re

import pytest

COMPONENT = Path(__file__).parents[1] / "custom_components" / "cctv"
PACKAGE = "custom_components.cctv"
DEVICES = f"{PACKAGE}.devices"
MEDIA = f"{PACKAGE}.media"

FAMILIES = frozenset({"amcrest", "dvro", "ispy", "open_api", "yi_hack"})
# How each family is called in prose, by its maker or by its users.
FAMILY_WORDS = re.compile(r"amcrest|dahua|open[_ -]?api|yi[_ -]?hack|ispy|dvr\+?o", re.IGNORECASE)

# The packages of the device layer that are no family.
SHARED = frozenset({"catalogue", "commands", "engine", "http"})

# http/ owns the client; env.py carries the session it is lent.
AIOHTTP_ROOMS = (f"{DEVICES}.http", f"{DEVICES}.env")
# sources.py fetches what a user has Home Assistant play, from anywhere but a device.
CLIENTS = (f"{DEVICES}.http", f"{PACKAGE}.sources")
CLIENT_CALL = re.compile(
    r"(aiohttp\.)?(ClientSession|TCPConnector|request)"
    r"|(.*[._])?(client)?session(\(.*\))?"
    r"\.(get|post|put|patch|delete|head|options|request|ws_connect)"
)


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of the integration, parsed."""

    name: str
    path: Path
    source: str
    tree: ast.Module
    is_package: bool

    def where(self, node: ast.stmt | ast.expr) -> str:
        """Name the place of a node, as a reader would look for it."""
        return f"{self.path.relative_to(COMPONENT)}:{node.lineno}"

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Yield every absolute dotted name imported, also those inside functions."""
        home = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node, alias.name
            elif isinstance(node, ast.ImportFrom):
                parent = home[: len(home) - node.level + 1] if node.level else []
                module = ".".join([*parent, *([node.module] if node.module else [])])
                for alias in node.names:
                    yield node, f"{module}.{alias.name}"


def _load(path: Path) -> Module:
    """Parse one file."""
    relative = path.relative_to(COMPONENT).with_suffix("")
    parts = [part for part in relative.parts if part != "__init__"]
    source = path.read_text(encoding="utf-8")
    return Module(
        name=".".join([PACKAGE, *parts]),
        path=path,
        source=source,
        tree=ast.parse(source, filename=str(path)),
        is_package=path.stem == "__init__",
    )


MODULES = tuple(_load(path) for path in sorted(COMPONENT.rglob("*.py")))


def within(name: str, package: str) -> bool:
    """Tell whether a dotted name is the package or something in it."""
    return name == package or name.startswith(f"{package}.")


def in_room(package: str) -> list[Module]:
    """Return the modules of one room."""
    return [module for module in MODULES if within(module.name, package)]


def home_assistant_side() -> list[Module]:
    """Return the modules that are in neither of the two pure rooms."""
    return [
        module
        for module in MODULES
        if not within(module.name, DEVICES) and not within(module.name, MEDIA)
    ]


def family_of(name: str) -> str | None:
    """Return the family whose package a dotted name lies in."""
    if not name.startswith(f"{DEVICES}."):
        return None
    first = name.removeprefix(f"{DEVICES}.").split(".")[0]
    return first if first in FAMILIES else None


def test_there_are_modules_to_judge() -> None:
    """An empty tree would pass every rule below."""
    names = {module.name for module in MODULES}
    assert DEVICES in names
    assert len(in_room(DEVICES)) > 5


def test_every_package_below_devices_is_a_known_family() -> None:
    """A family this file does not know would escape its rules."""
    packages = {path.parent.name for path in (COMPONENT / "devices").glob("*/__init__.py")}
    unknown = packages - FAMILIES - SHARED
    assert not unknown, f"add {sorted(unknown)} to FAMILIES"


def test_devices_and_media_know_no_home_assistant() -> None:
    """The device layer stands alone, and so does the media layer."""
    pure = in_room(DEVICES) + in_room(MEDIA)
    offences = [
        f"{module.where(node)} imports {name}"
        for module in pure
        for node, name in module.imports()
        if within(name, "homeassistant")
    ]
    assert not offences, "\n".join(offences)


def test_arrows_go_one_way() -> None:
    """Devices import no media and nothing above them; media imports only itself."""
    offences = [
        f"{module.where(node)} imports {name}"
        for room in (DEVICES, MEDIA)
        for module in in_room(room)
        for node, name in module.imports()
        if within(name, "custom_components") and not within(name, room)
    ]
    assert not offences, "\n".join(offences)


def test_no_family_imports_another() -> None:
    """Families share what is above them, never each other."""
    offences = [
        f"{module.where(node)} imports {name}"
        for module in MODULES
        if (family := family_of(module.name))
        for node, name in module.imports()
        if (other := family_of(name)) and other != family
    ]
    assert not offences, "\n".join(offences)


def test_one_shared_module_knows_the_families() -> None:
    """A new family is one line in the registry, so nothing else may know one."""
    registries = {
        module.name
        for module in MODULES
        if not family_of(module.name) and any(family_of(name) for _, name in module.imports())
    }
    assert len(registries) <= 1, f"one of {sorted(registries)} is too many"
    assert all(within(name, DEVICES) for name in registries)


def test_the_home_assistant_side_names_no_family() -> None:
    """Not in code, not in a text, not in a comment."""
    offences = [
        f"{module.path.relative_to(COMPONENT)}:{number} names {found.group()}"
        for module in home_assistant_side()
        for number, line in enumerate(module.source.splitlines(), 1)
        if (found := FAMILY_WORDS.search(line))
    ]
    assert not offences, "\n".join(offences)


def test_only_http_speaks_aiohttp() -> None:
    """There is one HTTP client, so that its limits and deadlines hold for every family."""
    offences = [
        f"{module.where(node)} imports {name}"
        for module in in_room(DEVICES) + in_room(MEDIA)
        if not any(within(module.name, room) for room in AIOHTTP_ROOMS)
        for node, name in module.imports()
        if within(name, "aiohttp")
    ]
    assert not offences, "\n".join(offences)


def sends_a_request(node: ast.Call) -> bool:
    """Tell whether a call makes or uses an HTTP client."""
    return bool(CLIENT_CALL.fullmatch(ast.unparse(node.func)))


def test_a_session_is_lent_and_never_used_by_its_lender() -> None:
    """Whoever else names aiohttp's client does it for a type."""
    offences = [
        f"{module.where(node)} calls {ast.unparse(node.func)}"
        for module in MODULES
        if not any(within(module.name, room) for room in CLIENTS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and sends_a_request(node)
    ]
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("source", "sends"),
    [
        ("aiohttp.ClientSession()", True),
        ("ClientSession(connector=connector)", True),
        ("self._session.get(url)", True),
        ("session.ws_connect(url)", True),
        ("async_get_clientsession(hass).request('GET', url)", True),
        ("async_create_clientsession(hass)", False),
        ("web.Response(body=body)", False),
        ("self._sessions.get(key)", False),
        ("session.detach()", False),
    ],
)
def test_the_rule_on_sessions_sees_what_it_should(source: str, sends: bool) -> None:
    """The judge itself is judged."""
    (statement,) = ast.parse(source).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert sends_a_request(statement.value) is sends


def asks_for_the_family(node: ast.AST) -> bool:
    """Tell whether a comparison holds something called family against a text."""
    if isinstance(node, ast.Match):
        return bool(re.search(r"\bfamily\b", ast.unparse(node.subject)))
    if not isinstance(node, ast.Compare):
        return False
    sides = (node.left, *node.comparators)
    texts = {
        part.value
        for side in sides
        for part in ast.walk(side)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    named = any(re.search(r"family", ast.unparse(side), re.IGNORECASE) for side in sides)
    return named and bool(texts - {"family"})


def test_nothing_outside_devices_decides_by_family() -> None:
    """What differs is said by features and abilities, never asked of a name."""
    offences = [
        f"{module.where(node)} {ast.unparse(node).splitlines()[0]}"
        for module in home_assistant_side() + in_room(MEDIA)
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Compare, ast.Match)) and asks_for_the_family(node)
    ]
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("source", "asks"),
    [
        ("family == 'x'", True),
        ("entry.data['family'] == 'x'", True),
        ("entry.data[CONF_FAMILY] in ('x', 'y')", True),
        ("self.family.name != 'x'", True),
        ("match family:\n    case 'x': pass", True),
        ("feature.key == 'motion'", False),
        ("family is None", False),
        ("entry.data['family'] == family.name", False),
    ],
)
def test_the_rule_on_families_sees_what_it_should(source: str, asks: bool) -> None:
    """The judge itself is judged."""
    (statement,) = ast.parse(source).body
    judged = statement.value if isinstance(statement, ast.Expr) else statement
    assert asks_for_the_family(judged) is asks
