"""Our own checks find what they are for, and only that."""

from pathlib import Path
import subprocess
from typing import Any

import pytest

from scripts.checks import (
    actions,
    dependencies,
    generated,
    generators,
    icons,
    manifest,
    tidiness,
    translations,
)
from scripts.checks.__main__ import finished
from scripts.checks.tree import Tree

ROOT = Path(__file__).parents[1]

GOOD_TEXTS: dict[str, Any] = {
    "config": {
        "step": {"user": {"data": {"host": "Host"}, "data_description": {"host": "Its address."}}},
        "error": {"locked": "Locked for {minutes} minutes"},
    },
    "entity": {"switch": {"record": {"name": "Record"}}},
    "exceptions": {"gone": {"message": "{name} is gone"}},
    "issues": {"h265": {"title": "H.265", "description": "Choose H.264."}},
    "services": {
        "say": {
            "name": "Say",
            "description": "Say something.",
            "fields": {"text": {"name": "Text", "description": "What to say."}},
        }
    },
    "selector": {"voice": {"options": {"low": "Low"}}},
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Give a checkout of two files, one of them ignored."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    (tmp_path / "ignored.py").write_text("x = 1\n")
    return Tree(tmp_path)


def put(tree: Tree, path: str, text: str) -> None:
    """Write one file of a checkout."""
    file = tree.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_tree_lists_new_files_and_not_ignored_ones(tree: Tree) -> None:
    put(tree, "scripts/probe", "#!/usr/bin/env python3\n")
    put(tree, "scripts/setup", "#!/usr/bin/env bash\n")
    assert tree.files == (".gitignore", "scripts/probe", "scripts/setup")
    assert list(tree.python()) == ["scripts/probe"]


def test_a_json_key_said_twice_is_refused(tree: Tree) -> None:
    put(tree, "a.json", '{"x": 1, "x": 2}')
    with pytest.raises(ValueError, match="said twice: x"):
        tree.json("a.json")


def good_manifest() -> dict[str, Any]:
    """Return the manifest of this very project."""
    content: dict[str, Any] = Tree(ROOT).json(manifest.MANIFEST)
    return content


def test_the_manifest_has_no_faults() -> None:
    assert not list(manifest.manifest_faults(good_manifest()))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "one"}, "version must look like"),
        ({"codeowners": ["somebody"]}, "starts with @"),
        ({"codeowners": []}, "codeowners is missing"),
        ({"brand": "cctv"}, "brand is not a key"),
        ({"domain": "camera"}, "folder's name"),
        ({"documentation": "http://x.example"}, "documentation must be an https"),
        ({"dhcp": [{"macaddress": "aabbcc*"}]}, "upper-case"),
        ({"dhcp": [{"hostname": "Cam*"}]}, "lower-case"),
        ({"dhcp": [{"hostname": "cam*"}]}, "registered_devices"),
        ({"zeroconf": [{"type": "_http._tcp"}]}, "ends in .local."),
        ({"zeroconf": [{"type": "_x._tcp.local.", "properties": {"mac": "AA*"}}]}, "lower-case"),
    ],
)
def test_a_bad_manifest_is_found_out(change: dict[str, Any], fault: str) -> None:
    faults = "\n".join(manifest.manifest_faults(good_manifest() | change))
    assert fault in faults


def test_manifest_keys_stand_in_order() -> None:
    turned = dict(reversed(good_manifest().items()))
    assert any("order" in fault for fault in manifest.manifest_faults(turned))


def test_hacs_takes_no_foreign_keys() -> None:
    assert list(manifest.hacs_faults({"name": "CCTV"})) == []
    assert list(manifest.hacs_faults({"domains": ["camera"]})) == [
        "name is missing",
        "domains is not a key that HACS knows",
    ]


def test_good_texts_have_no_faults() -> None:
    assert not list(translations.structure_faults(GOOD_TEXTS))
    for text in translations.leaves(GOOD_TEXTS).values():
        assert not list(translations.text_faults(text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("See https://example.org", "URL"),
        ("See www.example.org", "URL"),
        ("A <b>bold</b> word", "HTML"),
        ("Not '{name}'", "single quotes"),
        (" padded", "space"),
        ("", "empty"),
        ("{not a name}", "no name"),
        ("{open", "unmatched"),
        ("[%key:common::x%]", "refers to another"),
        (5, "not a text"),
    ],
)
def test_a_bad_text_is_found_out(text: Any, fault: str) -> None:
    assert fault in "\n".join(translations.text_faults(text))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"strings": {}}, "strings is not a section"),
        ({"entity": {"switch": {"Record": {"name": "x"}}}}, "lower-case"),
        ({"entity": {"switch": {"a__b": {"name": "x"}}}}, "lower-case"),
        ({"config": {"step": {"user": {"data": {"host": "Host"}}}}}, "no data_description"),
        ({"config": {"step": {"user": {"data_description": {"host": "x"}}}}}, "explains no field"),
        ({"issues": {"x": {"title": "X"}}}, "either description or fix_flow"),
        ({"exceptions": {"x": {"text": "X"}}}, "has a message"),
        ({"config_subentries": {"x": {}}}, "entry_type"),
    ],
)
def test_texts_of_the_wrong_shape_are_found_out(change: dict[str, Any], fault: str) -> None:
    assert fault in "\n".join(translations.structure_faults(GOOD_TEXTS | change))


def test_fields_inside_a_section_of_a_form_count_too() -> None:
    form = {"sections": {"more": {"name": "More", "data": {"port": "Port"}}}}
    faults = list(translations.structure_faults({"options": {"step": {"init": form}}}))
    assert faults == ["options.step.init.sections.more.data.port has no data_description"]


def test_languages_say_the_same_things() -> None:
    english = {"a": "{name} is gone", "b": "On"}
    assert list(translations.parity_faults(english, {"a": "{nom} est parti", "c": "Off"})) == [
        "b is missing",
        "c is not in English",
        "a has other placeholders than English",
    ]


def test_actions_match_their_texts() -> None:
    texts, selectors = GOOD_TEXTS["services"], GOOD_TEXTS["selector"]
    select = {"select": {"translation_key": "voice", "options": ["low", "high"]}}
    assert not list(actions.section_faults({"say": {"fields": {"text": None}}}, texts, selectors))
    fields = {"text": None, "more": {"fields": {"voice": {"selector": select}}}}
    assert list(actions.section_faults({"say": {"fields": fields}}, texts, selectors)) == [
        "say: the section more is only here or only in the texts",
        "say: the field voice is only here or only in the texts",
        "say.voice: selector.voice.options.high has no text",
    ]
    assert list(actions.section_faults({}, texts, selectors)) == [
        "say is only here or only in the texts"
    ]


def test_icons_belong_to_something() -> None:
    good = {"entity": {"switch": {"record": {"default": "mdi:record"}}}}
    assert not list(icons.icon_faults(good, GOOD_TEXTS))
    bad = {"entity": {"switch": {"other": {"default": "hass:x", "state": {"on": "hass:x"}}}}}
    faults = "\n".join(icons.icon_faults(bad, GOOD_TEXTS))
    assert "not an mdi: icon" in faults
    assert "no translation key" in faults
    assert "same as the default" in faults


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("async with aclosing(runner.find(p, q)) as rows:\n    pass", []),
        ("async def f(self):\n    return self._device.find(p, q)", []),
        ("def f():\n    async for row in runner.find(p, q):\n        pass", [2]),
        ("rows = self._runner.find(p, q)", [1]),
        ("async def f():\n    return [b async for b in feeds.listen('x')]", [2]),
        ("text.find('x')", []),
    ],
)
def test_what_is_found_is_closed(source: str, lines: list[int]) -> None:
    assert list(generators.unclosed(source)) == lines


def test_imports_of_integrations_are_seen_but_for_types() -> None:
    source = (
        "from typing import TYPE_CHECKING\n"
        "from homeassistant.components.http import HomeAssistantView\n"
        "from homeassistant.components import mqtt\n"
        "import homeassistant.components.stream.const\n"
        "if TYPE_CHECKING:\n"
        "    from homeassistant.components.recorder import Recorder\n"
    )
    assert list(dependencies.imported(source)) == [(2, "http"), (3, "mqtt"), (4, "stream")]


def test_an_undeclared_integration_is_found_out(tree: Tree) -> None:
    put(tree, manifest.MANIFEST, '{"dependencies": ["http"]}')
    put(
        tree,
        "custom_components/cctv/views.py",
        "from homeassistant.components import camera, http, network\n",
    )
    (problem,) = dependencies.check(tree)
    assert "network is not among" in problem.text
    assert problem.line == 1


def test_the_manifest_is_made_from_the_matchers_of_the_families() -> None:
    before = {"domain": "cctv", "name": "CCTV", "dhcp": [{"hostname": "x"}], "version": "1.0.0"}
    matchers: list[tuple[str, dict[str, Any]]] = [
        ("zeroconf", {"type": "_http._tcp.local.", "properties": {"mac": "aa*"}}),
        ("dhcp", {"macaddress": "BBBBBB*"}),
        ("dhcp", {"macaddress": "AAAAAA*"}),
    ]
    made = generated.with_matchers(before, matchers)
    assert list(made) == ["domain", "name", "dhcp", "version", "zeroconf"]
    assert made["dhcp"] == [
        {"macaddress": "AAAAAA*"},
        {"macaddress": "BBBBBB*"},
        {"registered_devices": True},
    ]
    assert '    {"macaddress": "AAAAAA*"},\n' in generated.written(made)


def test_a_stale_file_is_found_and_written_anew(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated, "PRODUCERS", (lambda _: {"made.txt": "new\n"},))
    put(tree, "made.txt", "old\n")
    assert [problem.path for problem in generated.check(tree)] == ["made.txt"]
    generated.write(tree)
    assert tree.text("made.txt") == "new\n"
    assert not list(generated.check(tree))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("see .." + "/shared/DESIGN.md", "out of the project"),
        ("open /wo" + "rk/main/x", "one machine"),
        ("cd /ro" + "ot/x", "one machine"),
        ("https://pypi.example/sim" + "ple/x", "package host"),
        ("# TO" + "DO: later", "finish it"),
        ("x = 1\n" * 501, "more than 500"),
    ],
)
def test_what_must_not_be_in_a_file_is_found(text: str, fault: str) -> None:
    assert fault in "\n".join(map(str, tidiness.text_faults("tests/x.py", text)))


def test_ordinary_text_is_left_alone() -> None:
    text = "framework/ro" + "ot/ and a/wo" + "rk/b, http://camera.example/simpler\n"
    assert not list(tidiness.text_faults("docs/x.md", text))


def test_a_check_that_cannot_read_its_file_says_so(tree: Tree) -> None:
    put(tree, manifest.MANIFEST, "{")
    (problem,) = finished(manifest.check, tree)
    assert str(problem).startswith("manifest: could not finish: JSONDecodeError")


def test_nothing_strange_lies_at_the_top(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidiness, "LONG", {})
    put(tree, "notes.txt", "x\n")
    put(tree, "docs/notes.txt", "x\n")
    assert [str(problem) for problem in tidiness.check(tree)] == [
        "notes.txt: does not belong at the top"
    ]
