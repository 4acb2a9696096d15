"""Every command of the five families' documents: what serves it, and the test that proves it."""

from collections import Counter
from collections.abc import Iterator
import csv
from dataclasses import dataclass, fields
import json
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components.cctv.devices import errors
from custom_components.cctv.devices.catalogue import CATALOGUE, ENGINE, Kind
from custom_components.cctv.devices.commands import COMMANDS
from custom_components.cctv.devices.model import About

from .reading import DEVICES, ROOT, Package, camel, mentions, module, package, says

ROWS: Final = {"amcrest": 161, "ispy": 61, "open_api": 50, "yi_hack": 39, "dvro": 19}
"""How many commands the document of each family has."""
EVERYBODY: Final = "tests/devices/test_contract.py"
"""Tests that are run on every family, so that rows of several may name them."""
READS: Final = {
    "list_recordings": "Recordings",
    "latest_recording": "Recordings",
    "download_recording": "Recordings",
    "list_table": "Table",
}
"""The actions that are no commands, by what they ask."""
MEANS: Final = {"goto_preset": "preset"}
"""The commands that the engine may tell a family in the words of a row."""
ALWAYS: Final = frozenset({"online", "event_source", "detection"})
"""The rows that every device has."""
SHOWN: Final = {
    "live": "live",
    "still": "still",
    "stream": "url",
    "sound": "sound",
    "film": "film",
}
"""What a camera shows, by what a Stream is given for it."""
WIRE: Final = {"ispy.video.mjpg.several": "video.mjpg", "ispy.video.mjpg.one": "video.mjpg"}
"""Commands on the wire, where they are not what the row is called after its family."""
REASON: Final = 5
"""So many words are needed to say why nothing serves a row."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    row: str
    what: str
    surface: str
    test: str

    @property
    def family(self) -> str:
        """Whose it is."""
        return self.row.partition(".")[0]

    @property
    def wire(self) -> str:
        """The command as the device knows it; a number of a section says nothing."""
        name = WIRE.get(self.row, self.row.partition(".")[2])
        return "" if name[0].isdigit() else name

    @property
    def surfaces(self) -> list[tuple[str, str]]:
        """What serves it: kinds and names."""
        if self.surface.startswith("none:"):
            return [("none", self.surface.removeprefix("none:").strip())]
        parts = (each.strip().partition(":") for each in self.surface.split(";"))
        return [(kind, name) for kind, _, name in parts]

    @property
    def served(self) -> list[tuple[str, str]]:
        """Those of them that a user can reach."""
        return [each for each in self.surfaces if each[0] != "none"]

    @property
    def tests(self) -> list[str]:
        """What proves it."""
        return [each.strip() for each in self.test.split(";") if each.strip()]


def _lines() -> list[Line]:
    """The table."""
    with (ROOT / "tests" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return [Line(**row) for row in csv.DictReader(file)]


LINES: Final = _lines()
ENGLISH: Final[dict[str, Any]] = json.loads(
    (ROOT / "custom_components" / "cctv" / "translations" / "en.json").read_text(encoding="utf-8")
)


def _kinds(base: type[errors.DeviceError]) -> Iterator[type[errors.DeviceError]]:
    """An error and all that are of its kind."""
    yield base
    for each in base.__subclasses__():
        yield from _kinds(each)


ERRORS: Final = {each.key: each.__name__ for each in reversed([*_kinds(errors.DeviceError)])}
COMMAND_NAMES: Final = {each.__name__ for each in COMMANDS}


# --- what there is ------------------------------------------------------------------------------


def _missing(family: str, kind: str, name: str) -> str | None:
    """Why a surface does not exist, or is not this family's; None if all is well."""
    own = package(family)
    match kind:
        case "entity" | "event":
            if name not in CATALOGUE or (CATALOGUE[name].kind is Kind.EVENT) is (kind == "entity"):
                return "is no such row of the catalogue"
            offered = name in own.words or _is_lent(own, name)
        case "action" if name not in ENGLISH["services"]:
            return "is no action"
        case "action" if name in READS:
            offered = READS[name] in own.names
        case "action":
            if camel(name) not in COMMAND_NAMES:
                return "is no command"
            offered = camel(name) in own.handled or MEANS.get(name) in own.words
        case "media":
            offered = name == "recordings" and ("Recording", "refs") in own.given
        case "camera":
            given = {("Stream", SHOWN.get(name)), ("replace", SHOWN.get(name))}
            offered = name in SHOWN and not given.isdisjoint(own.given)
        case "flow":
            steps = {*ENGLISH["config"]["step"], *ENGLISH["config"]["error"]}
            offered = name in steps or (name in _asked() and name in own.words)
        case "device":
            if name not in {each.name for each in fields(About)}:
                return "is nothing that a device says of itself"
            offered = ("About", name) in own.given or ("replace", name) in own.given
        case "diagnostics":
            offered = "Counters" in own.names
        case "none":
            return None if len(name.split()) >= REASON else "needs a reason"
        case _:
            return "is of no kind"
    return None if offered else "is not offered by this family"


def _is_lent(own: Package, name: str) -> bool:
    """Whether the engine makes this row for a family: for one that moves cameras, its buttons."""
    if name in ALWAYS:
        return True
    return name in ENGINE and ("PtzHome" if name == "ptz_home" else "PtzMove") in own.handled


def _asked() -> set[str]:
    """What the families ask beside address and login."""
    return {*ENGLISH["options"]["step"]["init"]["data"]}


def _tokens(kind: str, name: str) -> list[str]:
    """The words by which a test shows that it uses a surface."""
    match kind:
        case "entity" | "event" | "device":
            return [name]
        case "action":
            return [name, READS.get(name) or camel(name)]
        case "media":
            return [name, "fetch"]
        case "camera":
            return [name, "snapshot"] if name == "still" else [name, SHOWN[name], "play_url"]
        case "flow":
            return [name, ERRORS.get(name, name)]
        case "diagnostics":
            return ["diagnostics", "counters"]
        case _:
            return []


# --- the guard ----------------------------------------------------------------------------------


def test_every_command_has_one_row() -> None:
    counted = Counter(line.row for line in LINES)
    assert not [row for row, number in counted.items() if number > 1]
    assert Counter(line.family for line in LINES) == ROWS
    assert all(line.what for line in LINES)


def test_the_families_are_those_there_are() -> None:
    """A family without a package has nothing that its rows could name."""
    folder = ROOT.joinpath(*DEVICES.split("."))
    there = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert there - {"catalogue", "commands", "engine", "http"} <= set(ROWS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.row)
def test_what_serves_a_row_is_there_and_is_tried(line: Line) -> None:
    for kind, name in line.surfaces:
        fault = _missing(line.family, kind, name)
        assert fault is None, f"{line.row}: {kind}:{name} {fault}"
    said = [_said(test) for test in line.tests]
    assert said or not line.served, f"{line.row}: no test"
    for kind, name in line.served:
        words = [*_tokens(kind, name), *([line.wire] if line.wire else [])]
        assert any(says(text, word) for text in said for word in words), (
            f"{line.row}: no test mentions {' or '.join(words)}"
        )
    own = [word for each in line.served for word in _tokens(*each)]
    for test, text in zip(line.tests, said, strict=True):
        assert any(says(text, word) for word in [*own, line.wire] if word), (
            f"{line.row}: {test} mentions nothing of it"
        )


def _said(test: str) -> str:
    """What a test says, by its node id."""
    path, _, name = test.partition("::")
    source = ROOT / path
    assert source.is_file(), f"no file {path}"
    assert name in module(source).functions, f"no test {test}{_elsewhere(source, name)}"
    assert name.startswith("test_"), f"no test {test}"
    return mentions(source, name)


def _elsewhere(source: Path, name: str) -> str:
    """Where a test of that name is now, if it was only moved."""
    beside = sorted(source.parent.glob("test_*.py"))
    found = [path.name for path in beside if name in module(path).functions]
    return f", but one in {found[0]}" if found else ""


def test_no_test_stands_for_two_families() -> None:
    named: dict[str, set[str]] = {}
    for line in LINES:
        for test in line.tests:
            named.setdefault(test, set()).add(line.family)
    shared = {test: families for test, families in named.items() if len(families) > 1}
    assert not [test for test in shared if not test.startswith(f"{EVERYBODY}::")]


def test_what_is_left_is_counted() -> None:
    """With -s: how many rows of each family are served by what."""
    kinds: dict[str, Counter[str]] = {family: Counter() for family in ROWS}
    for line in LINES:
        kinds[line.family].update({kind for kind, _ in line.surfaces})
    shown = sorted({kind for counted in kinds.values() for kind in counted})
    print(f"\n{'rows by surface':16}", *(f"{kind:>11}" for kind in shown))
    for family, counted in kinds.items():
        print(f"{family:16}", *(f"{counted[kind]:>11}" for kind in shown))
    assert "todo" not in shown


# --- the judge itself is judged -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("entity", "no_such_key"),
        ("entity", "doorbell"),
        ("entity", "siren"),
        ("entity", "pan_left"),
        ("event", "motion"),
        ("action", "no_such_command"),
        ("action", "format_disk"),
        ("action", "goto_preset"),
        ("camera", "still"),
        ("camera", "smell"),
        ("media", "recordings"),
        ("media", "radio"),
        ("flow", "no_such_step"),
        ("flow", "snapshot_quality"),
        ("device", "serial"),
        ("device", "colour"),
        ("none", "not now"),
        ("entitty", "record"),
        ("todo", ""),
    ],
)
def test_what_is_not_there_is_seen(kind: str, name: str) -> None:
    """A recorder without pictures and without a serial number is a good witness."""
    assert _missing("dvro", kind, name) is not None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("entity", "record"),
        ("entity", "online"),
        ("action", "create_directory"),
        ("camera", "stream"),
        ("flow", "source_url"),
        ("flow", "cannot_connect"),
        ("device", "maker"),
        ("diagnostics", ""),
        ("none", "the device has no such thing at all"),
    ],
)
def test_what_is_there_is_seen(kind: str, name: str) -> None:
    assert _missing("dvro", kind, name) is None


def test_words_of_a_test_are_code_and_tables_and_no_prose(tmp_path: Path) -> None:
    source = tmp_path / "tests" / "test_it.py"
    source.parent.mkdir()
    source.with_name("beside.py").write_text("TABLE = ['eta']\nOTHER = ['theta']\n")
    source.write_text(
        "from . import beside\n"
        "TABLE = ['alpha', *beside.TABLE]\nOTHER = ['beta']\n"
        "def helper():\n    return 'gamma'\n"
        "def test_delta():\n    '''Epsilon.'''\n    # zeta\n    assert TABLE, helper()\n"
    )
    said = mentions(source, "test_delta")
    assert all(says(said, word) for word in ("alpha", "gamma", "eta"))
    prose = ("beta", "delta", "epsilon", "zeta", "theta", "alph")
    assert not any(says(said, word) for word in prose)
