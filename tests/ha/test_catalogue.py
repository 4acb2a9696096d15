"""Every row of the catalogue has a platform, a description, a name, and an icon."""

import ast
from collections.abc import Mapping
import importlib
import json
from pathlib import Path
from typing import Any, Final

from homeassistant.components.event import DoorbellEventType
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.cctv.const import PLATFORMS
from custom_components.cctv.devices import errors
from custom_components.cctv.devices.catalogue import CATALOGUE, Kind, Unit
from custom_components.cctv.devices.model import PartKind, Profile
from custom_components.cctv.devices.registry import families
from custom_components.cctv.event import OTHER
from custom_components.cctv.issues import CLAIM, CLAIMS, HEVC
from custom_components.cctv.notify import SPEECH

COMPONENT: Final = Path(__file__).parents[2] / "custom_components" / "cctv"
PLATFORM_OF: Final = {
    Kind.BINARY: Platform.BINARY_SENSOR,
    Kind.MEASURE: Platform.SENSOR,
    Kind.LABEL: Platform.SENSOR,
    Kind.MOMENT: Platform.SENSOR,
    Kind.SWITCH: Platform.SWITCH,
    Kind.NUMBER: Platform.NUMBER,
    Kind.CHOICE: Platform.SELECT,
    Kind.TEXT: Platform.TEXT,
    Kind.TIME: Platform.TIME,
    Kind.BUTTON: Platform.BUTTON,
    Kind.EVENT: Platform.EVENT,
    Kind.LIGHT: Platform.LIGHT,
    Kind.SIREN: Platform.SIREN,
    Kind.LOCK: Platform.LOCK,
    Kind.IMAGE: Platform.IMAGE,
    Kind.SPEAKER: Platform.MEDIA_PLAYER,
    Kind.FIRMWARE: Platform.UPDATE,
}
FEATURE_PLATFORMS: Final = sorted(set(PLATFORMS) - {Platform.CAMERA, Platform.NOTIFY})


def loaded(name: str) -> Any:
    return json.loads((COMPONENT / name).read_text(encoding="utf-8"))


ENGLISH: Final = loaded("translations/en.json")
ICONS: Final = loaded("icons.json")


def descriptions(platform: Platform) -> Mapping[str, EntityDescription]:
    module = importlib.import_module(f"custom_components.cctv.{platform}")
    found: Mapping[str, EntityDescription] = module.DESCRIPTIONS
    return found


def rows(platform: Platform) -> set[str]:
    return {row.key for row in CATALOGUE.values() if PLATFORM_OF[row.kind] is platform}


def names(platform: Platform) -> set[str]:
    """Return the translation keys that entities of this platform can have."""
    nested = {f"{key}_of" for key in rows(platform) if CATALOGUE[key].nested}
    return rows(platform) | nested


def test_every_row_has_a_platform() -> None:
    assert {PLATFORM_OF[row.kind] for row in CATALOGUE.values()} == set(FEATURE_PLATFORMS)


@pytest.mark.parametrize("platform", FEATURE_PLATFORMS)
def test_every_row_has_a_description(platform: Platform) -> None:
    table = descriptions(platform)
    assert set(table) == rows(platform)
    assert all(key == description.key for key, description in table.items())


@pytest.mark.parametrize("platform", FEATURE_PLATFORMS)
def test_every_row_has_a_name(platform: Platform) -> None:
    texts = ENGLISH["entity"][platform]
    assert set(texts) == names(platform)
    for key, text in texts.items():
        assert ("{part}" in text["name"]) == key.endswith("_of")


@pytest.mark.parametrize("platform", FEATURE_PLATFORMS)
def test_every_row_has_an_icon(platform: Platform) -> None:
    icons = ICONS["entity"][platform]
    assert set(icons) == names(platform)
    for icon in icons.values():
        assert icon["default"] not in icon.get("state", {}).values()


@pytest.mark.parametrize("platform", [Platform.SELECT, Platform.SENSOR])
def test_every_choice_has_a_word(platform: Platform) -> None:
    for key, text in ENGLISH["entity"][platform].items():
        row = CATALOGUE[key.removesuffix("_of")]
        assert set(text.get("state", ())) == set(row.options)


def test_every_event_type_has_a_word() -> None:
    for key, text in ENGLISH["entity"][Platform.EVENT].items():
        words = text["state_attributes"]["event_type"]["state"]
        seen = {row.key for row in CATALOGUE.values() if row.detects and key == "detection"}
        assert set(words) == {*CATALOGUE[key].options, *seen, OTHER}


def test_a_doorbell_rings() -> None:
    assert CATALOGUE["doorbell"].options == (DoorbellEventType.RING,)


def test_measures_and_numbers_are_in_the_unit_of_their_row() -> None:
    for platform in (Platform.SENSOR, Platform.NUMBER):
        for key, description in descriptions(platform).items():
            unit = CATALOGUE[key].unit
            told = getattr(description, "native_unit_of_measurement", None)
            assert told == (None if unit is None else Unit(unit))


def test_every_profile_of_a_stream_has_a_description_name_and_icon() -> None:
    assert set(descriptions(Platform.CAMERA)) == set(Profile)
    assert set(ENGLISH["entity"][Platform.CAMERA]) == set(Profile)
    assert set(ICONS["entity"][Platform.CAMERA]) == set(Profile)


def test_a_voice_has_a_description_name_and_icon() -> None:
    assert set(descriptions(Platform.NOTIFY)) == {SPEECH}
    assert set(ENGLISH["entity"][Platform.NOTIFY]) == {SPEECH}
    assert set(ICONS["entity"][Platform.NOTIFY]) == {SPEECH}


def test_nothing_is_named_that_is_not_there() -> None:
    assert set(ENGLISH["entity"]) == set(PLATFORMS)
    assert set(ICONS["entity"]) == set(PLATFORMS)


def test_every_kind_of_device_has_a_name() -> None:
    assert set(ENGLISH["device"]) == {PartKind.CAMERA, PartKind.MICROPHONE, PartKind.LENS}


def kinds_of_error(base: type[errors.DeviceError]) -> set[type[errors.DeviceError]]:
    return {base}.union(*(kinds_of_error(kind) for kind in base.__subclasses__()))


def test_every_error_has_a_text_in_actions_and_in_the_flow() -> None:
    keys = {kind.key for kind in kinds_of_error(errors.DeviceError)}
    assert keys <= set(ENGLISH["exceptions"])
    assert keys <= set(ENGLISH["config"]["error"])


def test_every_text_of_an_error_is_used() -> None:
    keys = {kind.key for kind in kinds_of_error(errors.DeviceError)}
    used = {
        node.value
        for folder in (COMPONENT, COMPONENT / "media")
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert set(ENGLISH["exceptions"]) <= keys | used


def notices() -> set[str]:
    """Return the keys of all notices that the device layer can raise, read from its source."""
    found: set[str] = set()
    for path in (COMPONENT / "devices").rglob("*.py"):
        parsed = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            node.target.id: node.value
            for node in parsed.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for node in ast.walk(parsed):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Notice" and node.args:
                key = node.args[0]
                given = named.get(key.id) if isinstance(key, ast.Name) else key
                assert isinstance(given, ast.Constant), f"{path}:{node.lineno}"
                found.add(str(given.value))
    return found


def test_every_notice_has_a_text() -> None:
    assert set(ENGLISH.get("issues", {})) == notices() | {CLAIM, *CLAIMS.values(), HEVC}


def test_every_question_of_a_family_has_a_text() -> None:
    asked = {option.key for family in families() for option in family.options}
    for step in (
        ENGLISH["config"]["step"].get("preferences", {}),
        ENGLISH["options"]["step"]["init"],
    ):
        assert asked <= set(step.get("data", ()))
        assert asked <= set(step.get("data_description", ()))


async def test_home_assistant_reads_the_texts(hass: HomeAssistant) -> None:
    texts = await async_get_translations(hass, "en", "exceptions", {"cctv"})
    assert texts["component.cctv.exceptions.gone.message"]
