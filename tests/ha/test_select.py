"""Selects: translated words where the catalogue has them, the device's own otherwise."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.catalogue import row
from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.model import Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily, everything
from .steps import act, attributes_of, say, state_of

MODE = "select.door_record_mode"


async def test_a_choice_of_the_catalogue(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    assert attributes_of(hass, MODE)["options"] == list(row("record_mode").options)
    await act(hass, "select.select_option", MODE, option="on")
    assert state_of(hass, MODE) == "on"
    assert fake.device.done == [("camera.1", Set("record_mode", "on"))]


async def test_what_the_device_is_in_is_offered_even_if_nobody_knows_it(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value("camera.1:record_mode", "Turbo"))
    assert state_of(hass, MODE) == "Turbo"
    assert attributes_of(hass, MODE)["options"] == [*row("record_mode").options, "Turbo"]
    await say(hass, fake, clock, Value("camera.1:record_mode", None))
    assert state_of(hass, MODE) == "unknown"


async def test_the_device_s_own_words(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    old = running.runtime_data.topology.features["camera.1:record_mode"]
    new = replace(old, options=("auto", "m7"), labels={"m7": "At night", "auto": "Whenever"})
    fake.device.topology = everything(new)
    fake.device.truth[new.id] = "m7"
    await say(hass, fake, clock, fake.device.topology, Value(new.id, "m7"))
    assert state_of(hass, MODE) == "At night"
    assert attributes_of(hass, MODE)["options"] == ["auto", "At night"]
    await act(hass, "select.select_option", MODE, option="auto")
    await act(hass, "select.select_option", MODE, option="At night")
    assert [command for _, command in fake.device.done] == [
        Set("record_mode", "auto"),
        Set("record_mode", "m7"),
    ]


async def test_what_bears_the_same_name_can_still_be_told_apart(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    old = running.runtime_data.topology.features["camera.1:preset"]
    labels = {"1": "Door", "2": "Gate", "3": "Door", "4": "Door (1)", "5": ""}
    new = replace(old, options=tuple(labels), labels=labels)
    fake.device.topology = everything(new)
    await say(hass, fake, clock, fake.device.topology, Value(new.id, "3"))
    entity = "select.door_preset"
    assert state_of(hass, entity) == "Door (3)"
    options = ["Door (1) (1)", "Gate", "Door (3)", "Door (1)", "5"]
    assert attributes_of(hass, entity)["options"] == options
    for option in options:
        await act(hass, "select.select_option", entity, option=option)
    assert [command for _, command in fake.device.done] == [
        Set("preset", token) for token in labels
    ]
