"""Changing an entry: its login, its address, its preferences."""

from collections.abc import Mapping
from typing import Any

from homeassistant import config_entries
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TIME_ZONE,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import (
    CONF_CHANNELS,
    CONF_FAMILY_OPTIONS,
    CONF_LEFT_OUT,
)
from custom_components.cctv.devices import registry
from custom_components.cctv.devices.device import Family, Option, Sighting
from custom_components.cctv.devices.model import BOX, About, Part, PartKind, topology
from tests.devices.clock import FakeClock

from .dialogs import CHANNELS, LOGIN, URL, address, answer, errors, single, told
from .fakes import NAME, PASSWORD, FakeFamily, everything
from .steps import say

# --- the login changed


async def reauth(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    entry.add_to_hass(hass)
    step = await entry.start_reauth_flow(hass)
    assert step["step_id"] == "reauth_confirm"
    assert told(step)["name"] == "Cellar"
    return step


async def test_a_new_password_is_taken(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.password = "new"
    step = await reauth(hass, entry)
    step = await hass.config_entries.flow.async_configure(step["flow_id"])
    assert step["step_id"] == "reauth_confirm"
    step = await answer(hass, step, {CONF_USERNAME: "admin", CONF_PASSWORD: "wrong"})
    assert errors(step) == {"base": "invalid_auth"}
    assert fake.device.count("login") == 1
    step = await answer(hass, step, {CONF_USERNAME: "viewer", CONF_PASSWORD: "new"})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert entry.data[CONF_USERNAME] == "viewer"
    assert entry.data[CONF_PASSWORD] == "new"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_the_login_of_another_device_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    strange = About(serial="S2", identities=frozenset({"serial:S2"}))
    fake.device.topology = topology([Part(BOX, PartKind.BOX, about=strange)])
    step = await answer(hass, await reauth(hass, entry), LOGIN)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "another_device")


# --- the address changed


async def reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    entry.add_to_hass(hass)
    step = await entry.start_reconfigure_flow(hass)
    assert step["step_id"] == "reconfigure"
    return step


async def test_address_login_and_certificate_can_be_changed(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.sighting = Sighting(NAME, certain=True, url="https://192.0.2.3:8443")
    step = await answer(
        hass,
        await reconfigure(hass, entry),
        {CONF_URL: "192.0.2.3", CONF_USERNAME: "viewer", CONF_VERIFY_SSL: False},
    )
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.data[CONF_URL] == "https://192.0.2.3:8443"
    assert entry.data[CONF_USERNAME] == "viewer"
    assert entry.data[CONF_PASSWORD] == PASSWORD
    assert entry.options[CONF_VERIFY_SSL] is False
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_another_kind_of_device_is_refused_and_can_be_corrected(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = FakeFamily(name="other", title="Other cameras", sighting=Sighting("other", True))
    both: dict[str, Family] = {"other": other.family, NAME: fake.family}
    monkeypatch.setattr(registry, "_PACKAGES", tuple(both))
    monkeypatch.setattr(registry, "_load", both.__getitem__)
    step = await reconfigure(hass, entry)
    step = await answer(hass, step, {CONF_URL: "192.0.2.3", CONF_VERIFY_SSL: True, **LOGIN})
    assert errors(step) == {"base": "wrong_family"}
    assert told(step)["found"] == "Other cameras"
    step = await answer(hass, step, {CONF_URL: URL, CONF_VERIFY_SSL: True, **LOGIN})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()


async def test_another_device_of_the_same_kind_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    strange = About(serial="S2", identities=frozenset({"serial:S2"}))
    fake.device.topology = topology([Part(BOX, PartKind.BOX, about=strange)])
    step = await reconfigure(hass, entry)
    step = await answer(hass, step, {CONF_URL: "192.0.2.3", CONF_VERIFY_SSL: True, **LOGIN})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "another_device")
    assert entry.data[CONF_URL] == URL


# --- preferences


async def options(hass: HomeAssistant, entry: config_entries.ConfigEntry) -> ConfigFlowResult:
    step = await hass.config_entries.options.async_init(entry.entry_id)
    assert (step["type"], step["step_id"]) == (FlowResultType.FORM, "init")
    return step


async def prefer(
    hass: HomeAssistant, step: ConfigFlowResult, given: Mapping[str, Any]
) -> ConfigFlowResult:
    return await hass.config_entries.options.async_configure(step["flow_id"], dict(given))


async def test_preferences_can_be_changed(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.options = (Option("eager", "bool", default=False),)
    step = await options(hass, running)
    given = {CONF_VERIFY_SSL: False, "eager": True, CONF_TIME_ZONE: "Nowhere/Land"}
    step = await prefer(hass, step, {CONF_CHANNELS: [], **given})
    assert errors(step) == {CONF_CHANNELS: "no_channels", CONF_TIME_ZONE: "unknown_time_zone"}
    given[CONF_TIME_ZONE] = "Asia/Kathmandu"
    step = await prefer(hass, step, {CONF_CHANNELS: ["camera.1"], **given})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert running.options == {
        CONF_VERIFY_SSL: False,
        CONF_LEFT_OUT: {"camera.2": "Camera 2"},
        CONF_FAMILY_OPTIONS: {"eager": True},
        CONF_TIME_ZONE: "Asia/Kathmandu",
    }
    assert fake.device.env is not None
    assert str(fake.device.env.zone) == "Asia/Kathmandu"
    assert hass.states.get("binary_sensor.camera_2_connection") is None

    # What was left out can be taken in again.
    step = await options(hass, running)
    assert step["data_schema"] is not None
    assert step["data_schema"]({})[CONF_CHANNELS] == ["camera.1"]
    step = await prefer(
        hass, step, {CONF_CHANNELS: CHANNELS, CONF_VERIFY_SSL: True, "eager": False}
    )
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert CONF_TIME_ZONE not in running.options
    assert hass.states.get("binary_sensor.camera_2_connection") is not None


async def test_many_cameras_stand_in_their_order(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    names = [f"camera.{number}" for number in range(1, 13)]
    await say(hass, fake, clock, everything(*(Part(name, PartKind.CAMERA) for name in names[2:])))
    step = await options(hass, running)
    assert step["data_schema"] is not None
    assert step["data_schema"]({CONF_VERIFY_SSL: True})[CONF_CHANNELS] == names


async def test_preferences_of_a_single_camera_ask_for_no_cameras(
    hass: HomeAssistant, fake: FakeFamily
) -> None:
    open_house = single()
    fake.device, fake.sighting = open_house.device, open_house.sighting
    step = await address(hass)
    await hass.async_block_till_done()
    entry = step["result"]
    step = await options(hass, entry)
    assert step["data_schema"] is not None
    assert CONF_CHANNELS not in step["data_schema"]({})
    step = await prefer(hass, step, {CONF_VERIFY_SSL: True})
    assert step["type"] is FlowResultType.CREATE_ENTRY


async def test_a_text_of_the_family_can_be_emptied(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.options = (Option("label", "text"),)
    step = await options(hass, running)
    common = {CONF_CHANNELS: CHANNELS, CONF_VERIFY_SSL: True}
    await prefer(hass, step, {**common, "label": "mine"})
    await hass.async_block_till_done()
    assert running.options[CONF_FAMILY_OPTIONS] == {"label": "mine"}
    step = await options(hass, running)
    await prefer(hass, step, common)
    await hass.async_block_till_done()
    assert running.options[CONF_FAMILY_OPTIONS] == {}
