"""The table of actions: every command is one, described, translated, drawn, and checked."""

from collections.abc import Iterator
from dataclasses import fields, make_dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Annotated, Any

from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.helpers import selector
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import pytest
import voluptuous as vol
import yaml

from custom_components.cctv.action_asks import ASKS
from custom_components.cctv.action_fields import FILENAME, fields_of, file_field
from custom_components.cctv.action_schema import ACTIONS, Action, name_of
from custom_components.cctv.devices import commands as c
from custom_components.cctv.devices.commands import Param, Risk
from scripts.checks import generated, generated_actions
from scripts.checks.tree import Tree

from .examples import example, least, value_of

ROOT = Path(__file__).parents[3]
COMPONENT = ROOT / "custom_components" / "cctv"
TARGET = {"entity_id": "camera.door"}
BY_NAME = {action.name: action for action in ACTIONS}
TEXTS = {
    path.stem: json.loads(path.read_text())
    for path in sorted((COMPONENT / "translations").glob("*.json"))
}


def check(name: str, /, **data: Any) -> dict[str, Any]:
    """Have an action's schema look at what is said."""
    schema: Any = BY_NAME[name].schema
    checked: dict[str, Any] = schema({**TARGET, **data})
    return checked


def test_every_command_is_an_action_once() -> None:
    names = [action.name for action in ACTIONS]
    assert len(set(names)) == len(names)
    assert {action.asks for action in ACTIONS} >= set(c.COMMANDS)
    assert {action.asks for action in ACTIONS} == {*c.COMMANDS, *ASKS}


def test_names_are_snake_case() -> None:
    assert [name_of(c.GotoPreset), name_of(c.SetIpFilter), name_of(c.Say)] == [
        "goto_preset",
        "set_ip_filter",
        "say",
    ]


async def test_every_action_is_registered_and_described(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "cctv", {})
    described = (await async_get_all_descriptions(hass))["cctv"]
    assert described.keys() == BY_NAME.keys()
    for action in ACTIONS:
        told = described[action.name]
        assert told["target"]
        assert set(told["fields"]) == {field.name for field in action.fields}
        assert hass.services.supports_response("cctv", action.name) is action.response
    assert hass.services.supports_response("cctv", "get_config") is SupportsResponse.ONLY
    assert hass.services.supports_response("cctv", "set_config") is SupportsResponse.OPTIONAL


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_each_selector_is_one_that_home_assistant_knows(action: Action) -> None:
    for field in action.fields:
        selector.validate_selector(dict(field.selector))
        known: Any = selector.selector(dict(field.selector))
        assert known(value_of(field)) is not None


@pytest.mark.parametrize("language", TEXTS)
def test_every_action_has_texts(language: str) -> None:
    told = TEXTS[language]["services"]
    assert told.keys() == BY_NAME.keys()
    for action in ACTIONS:
        text = told[action.name]
        assert text["name"]
        assert text["description"].endswith(".")
        assert text.get("fields", {}).keys() == {field.name for field in action.fields}
        for field in text.get("fields", {}).values():
            assert field["name"]
            assert field["description"].endswith(".")


@pytest.mark.parametrize("language", TEXTS)
def test_every_option_has_a_text(language: str) -> None:
    told = TEXTS[language]["selector"]
    wanted: dict[str, set[str]] = {}
    for action in ACTIONS:
        for field in action.fields:
            if field.options:
                wanted.setdefault(field.selector["select"]["translation_key"], set()).update(
                    field.options
                )
    assert {key: set(told[key]["options"]) for key in wanted} == wanted


def test_every_action_has_an_icon() -> None:
    icons = json.loads((COMPONENT / "icons.json").read_text())["services"]
    assert icons.keys() == BY_NAME.keys()


def test_fields_do_not_hide_the_target() -> None:
    for action in ACTIONS:
        names = [field.name for field in action.fields]
        assert len(set(names)) == len(names)
        assert not set(names) & {"entity_id", "device_id", "area_id", "floor_id", "label_id"}


def test_what_destroys_asks_to_be_confirmed() -> None:
    for action in ACTIONS:
        confirmed = any(field.name == "confirm" and field.required for field in action.fields)
        assert confirmed is (action.risk is Risk.DESTROYS)


def test_secrets_are_asked_for_as_passwords() -> None:
    secret = {
        f"{action.name}.{field.name}"
        for action in ACTIONS
        for field in action.fields
        if field.selector.get("text", {}).get("type") == "password"
    }
    assert secret == {"add_user.password", "change_user.old_password", "change_user.password"}


# --- what is generated ------------------------------------------------------------------------


def test_what_is_generated_is_not_stale() -> None:
    tree = Tree(ROOT)
    for produce in (generated_actions.services, generated_actions.english, generated_actions.docs):
        assert produce in generated.PRODUCERS
        for path, text in produce(tree).items():
            assert tree.text(path) == text, path


def test_the_described_actions_are_the_commands() -> None:
    described = yaml.safe_load((COMPONENT / "services.yaml").read_text())
    assert described["goto_preset"]["fields"] == {
        "preset": {"required": True, "selector": {"text": {}}}
    }
    assert described["record_for"]["fields"]["seconds"]["default"] == 60


def test_missing_texts_are_made_and_polished_ones_stay() -> None:
    polished = {"name": "Away with it", "description": "Polished."}
    given = {
        "title": "CCTV",
        "services": {"shut_down": polished, "gone": {"name": "x"}},
        "selector": {"action_kind": {"options": {"camera": "Polished"}}, "other": {}},
    }
    made = generated_actions.with_texts(given)
    assert made["services"]["shut_down"]["name"] == "Away with it"
    assert made["services"]["shut_down"]["description"] == "Polished."
    assert made["services"]["shut_down"]["fields"]["confirm"]["name"] == "Confirm"
    assert made["services"]["goto_preset"] == {
        "name": "Goto preset",
        "description": "Go to a stored position.",
        "fields": {"preset": {"name": "Preset", "description": "Its name or number."}},
    }
    assert made["selector"]["action_kind"]["options"] == {
        "camera": "Polished",
        "microphone": "Microphone",
    }
    assert "gone" not in made["services"]
    assert made["selector"]["other"] == {}


def test_without_docs_by_hand_none_are_made(tmp_path: Path) -> None:
    assert generated_actions.docs(Tree(tmp_path)) == {}


def _calls(example: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each action that an example of the docs calls, and what it says."""
    if isinstance(example, list):
        for each in example:
            yield from _calls(each)
    if not isinstance(example, dict):
        return
    action = example.get("perform_action") or example.get("action")
    if isinstance(action, str) and action.startswith("cctv."):
        yield action, {**example.get("target", {}), **example.get("data", {})}
    if "service" in example:
        for key, data in example.items():
            if key.startswith("data_"):
                yield example["service"], data
    for each in example.values():
        yield from _calls(each)


def test_the_examples_of_the_docs_are_right() -> None:
    text = (ROOT / "docs" / "actions.md").read_text()
    found = [
        call
        for block in text.split("```yaml\n")[1:]
        for call in _calls(yaml.safe_load(block.partition("```")[0]))
    ]
    assert len(found) > 25
    for action, data in found:
        said = {**data}
        for name in ("start", "end"):
            if "{{" in said.get(name, ""):
                said[name] = "2026-03-01 00:00:00+01:00"
        schema: Any = BY_NAME[action.removeprefix("cctv.")].schema
        schema(said)


# --- what is checked --------------------------------------------------------------------------


@pytest.mark.parametrize("command", c.COMMANDS, ids=lambda command: command.__name__)
def test_a_command_survives_being_asked_for(command: type[c.Command]) -> None:
    given = least(command)
    said = {each.name: getattr(given, each.name) for each in fields(command)}
    content = said.pop(file_field(command) or "", None)
    said = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in said.items()
        if value is not None
    }
    if content is not None:
        said[FILENAME] = "/media/file.bin"
    action = BY_NAME[name_of(command)]
    if command.brings is c.Brings.FILE:
        said[FILENAME] = "/media/file.bin"
    if command.risk is Risk.DESTROYS:
        said["confirm"] = True
    required = {field.name for field in action.fields if field.required}
    said = {
        name: value for name, value in said.items() if value not in ("", []) or name in required
    }
    checked = check(action.name, **said)
    own = {each.name for each in fields(command)}
    ours = {name: value for name, value in checked.items() if name in own}
    if content is not None:
        ours[file_field(command) or ""] = content
    assert command(**ours) == given


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_takes_the_least_and_everything(action: Action) -> None:
    schema: Any = action.schema
    schema({**TARGET, **example(action)})
    said = {field.name: value_of(field) for field in action.fields}
    if action.asks is c.PtzMove:
        del said["direction"], said["action"]
    checked = schema({**TARGET, **said})
    assert said.keys() <= checked.keys()
    left = {name: checked[name] for name in said if name not in (FILENAME, "confirm")}
    if field := file_field(action.asks):
        left[field] = b""
    assert isinstance(action.asks(**left), action.asks)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("record_for", {"seconds": 0}),
        ("record_for", {"seconds": 3601}),
        ("record_for", {"seconds": "nan"}),
        ("record_for", {"seconds": True}),
        ("record_for", {"seconds": "long"}),
        ("add_window", {"name": "x", "left": 1.5}),
        ("add_window", {"name": "x", "left": 10000}),
        ("add_user", {"user": "", "password": "x"}),
        ("add_user", {"user": "x", "password": "x", "group": "king"}),
        ("add_object", {"kind": "door", "source": 0}),
        ("goto_preset", {}),
        ("goto_preset", {"preset": "x" * 8193}),
        ("goto_preset", {"preset": "1", "speed": 2}),
        ("set_config", {"values": {}}),
        ("set_config", {"values": {"a": True}}),
        ("set_config", {"values": {"a": 1.10}}),
        ("set_config", {"values": {1: "a"}}),
        ("set_config", {"values": "a=1"}),
        ("set_config", {"values": {str(number): "x" for number in range(1001)}}),
        ("archive", {"names": ["x"] * 1001}),
        ("archive", {"names": [""]}),
        ("set_time", {"time": "tomorrow"}),
        ("back_up", {"filename": "backup.bin"}),
        ("back_up", {"filename": "/media/a\x00b"}),
        ("list_recordings", {"limit": 1001}),
        ("list_recordings", {"limit": 0}),
        ("list_table", {}),
        ("ptz_stop", {"entity_id": "all"}),
        ("ptz_move", {"pan": 361}),
        ("ptz_move", {"mode": "spin"}),
        ("ptz_move", {"direction": "left", "pan": 1}),
        ("ptz_move", {"direction": "left", "mode": "step"}),
        ("ptz_move", {"direction": "sideways"}),
        ("ptz_move", {"action": "start"}),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, data: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        check(name, **data)


def test_what_is_said_is_taken_as_it_is_meant() -> None:
    assert check("goto_preset", preset=3)["preset"] == "3"
    assert check("add_window", name="x", left="20.0")["left"] == 20
    assert check("archive", names="one")["names"] == ("one",)
    assert check("set_config", values={"Port": 80})["values"] == {"Port": "80"}
    assert check("ptz_move", mode="step")["mode"] is c.Mode.STEP
    assert check("change_user", user="x", group="")["group"] == ""
    assert check("set_time", time="2026-03-01 12:00:00+01:00")["time"] == datetime(
        2026, 3, 1, 11, tzinfo=UTC
    )
    assert "metadata" not in check("ptz_stop", metadata={"from": "the frontend"})


async def test_a_time_without_a_zone_is_home_assistants(hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    assert check("set_time", time="2026-07-01 12:00")["time"] == datetime(
        2026, 7, 1, 10, tzinfo=UTC
    )


def test_an_error_does_not_repeat_a_password() -> None:
    with pytest.raises(vol.Invalid) as caught:
        check("add_user", user="x", password="secret" * 2000)
    assert "secret" not in str(caught.value)


def test_a_field_of_an_unknown_type_is_found_at_once() -> None:
    odd = make_dataclass("Odd", [("what", Annotated[complex, Param("x")])])
    with pytest.raises(TypeError, match="nothing is known"):
        fields_of(odd)
