"""Simulated Amcrest and Dahua boxes, added by their dialogs, living in Home Assistant."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from homeassistant import config_entries
from homeassistant.components.camera import async_get_image
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.cctv.const import CONF_CHANNELS, CONF_LEFT_OUT, DOMAIN
from custom_components.cctv.devices.commands import Press
from custom_components.cctv.devices.state import EVENT_SOURCE
from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator

from .steps import act, state_of

USER: Final = "admin"
PASSWORD: Final = "p@ss:w/rd#"
DEADLINE_SECONDS: Final = 20
NOTHING_YET: Final = ("unavailable", "unknown")
RECORDER: Final = "nvr"


def picture(scene: str, number: int) -> bytes:
    """Return something that begins and ends like a JPEG and is never twice the same."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


@dataclass
class House:
    """A simulated box and its entry."""

    hass: HomeAssistant
    box: AmcrestSimulator
    entry: ConfigEntry[Any]

    def entities(self) -> list[er.RegistryEntry]:
        """Return its entities in the registry."""
        return er.async_entries_for_config_entry(er.async_get(self.hass), self.entry.entry_id)

    def id_of(self, domain: str, feature: str) -> str:
        """Return the entity of a feature or stream."""
        unique = f"{self.entry.runtime_data.anchor}:{feature}"
        found = er.async_get(self.hass).async_get_entity_id(domain, DOMAIN, unique)
        assert found is not None, unique
        return found

    async def until(self, entity_id: str, wanted: str | Callable[[str], bool]) -> None:
        """Wait until an entity is in a state, or in one that is as wanted."""
        there = asyncio.Event()

        @callback
        def look(event: Event[EventStateChangedData] | None = None) -> None:
            state = self.hass.states.get(entity_id)
            if state is not None and (
                wanted(state.state) if callable(wanted) else state.state == wanted
            ):
                there.set()

        release = async_track_state_change_event(self.hass, entity_id, look)
        try:
            look()
            async with asyncio.timeout(DEADLINE_SECONDS):
                await there.wait()
        finally:
            release()

    async def heard(self) -> None:
        """Wait until the feeds are up, which they are when all that they tell was read as well."""
        coordinator = self.entry.runtime_data
        there = asyncio.Event()

        @callback
        def look() -> None:
            if coordinator.state.value(EVENT_SOURCE) is True:
                there.set()

        release = coordinator.runner.watch({EVENT_SOURCE}, look)
        look()
        async with asyncio.timeout(DEADLINE_SECONDS):
            await there.wait()
        release()


type Move = Callable[..., Awaitable[House]]


@pytest.fixture
async def move_in(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[Move]:
    """Return what starts a box and adds it by its dialogs; at the end all is closed."""
    houses: list[House] = []

    async def move(personality: str, channels: list[str] | None = None) -> House:
        box = AmcrestSimulator(personality, USER, PASSWORD, pictures=picture)
        await box.start()
        step = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": config_entries.SOURCE_USER}
        )
        flow = step["flow_id"]
        step = await hass.config_entries.flow.async_configure(flow, {CONF_URL: box.url})
        assert step["step_id"] == "login", step
        assert box.failed_logins == 0
        login = {CONF_USERNAME: USER, CONF_PASSWORD: PASSWORD}
        step = await hass.config_entries.flow.async_configure(flow, login)
        if step["type"] is FlowResultType.FORM:
            assert step["step_id"] == "channels", step
            assert step["data_schema"] is not None
            chosen = channels or step["data_schema"]({})[CONF_CHANNELS]
            step = await hass.config_entries.flow.async_configure(flow, {CONF_CHANNELS: chosen})
        assert step["type"] is FlowResultType.CREATE_ENTRY, step
        await hass.async_block_till_done()
        houses.append(House(hass, box, step["result"]))
        assert houses[-1].entry.state is ConfigEntryState.LOADED
        await box.wait_attached()
        return houses[-1]

    yield move
    for house in houses:
        if house.entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(house.entry.entry_id)
        await house.box.stop()


@pytest.mark.parametrize("personality", sorted(PERSONALITIES))
async def test_what_a_personality_becomes(
    hass: HomeAssistant, move_in: Move, personality: str, snapshot: SnapshotAssertion
) -> None:
    house = await move_in(personality)
    devices = dr.async_get(hass)
    listed = dr.async_entries_for_config_entry(devices, house.entry.entry_id)
    names = {device.id: device.name for device in listed}
    assert snapshot(name="devices") == [
        {
            "identifiers": sorted(device.identifiers),
            "name": device.name,
            "maker": device.manufacturer,
            "model": device.model,
            "firmware": device.sw_version,
            "hardware": device.hw_version,
            "serial": device.serial_number,
            "via": names.get(device.via_device_id or ""),
        }
        for device in sorted(listed, key=lambda one: sorted(one.identifiers))
    ]
    entities = sorted(house.entities(), key=lambda one: one.entity_id)
    assert snapshot(name="entities") == {
        entity.entity_id: (
            f"{entity.unique_id} on {names[entity.device_id or '']}: {entity.original_name}, "
            f"{entity.original_device_class}, {entity.entity_category}, "
            f"{'disabled' if entity.disabled else 'enabled'}"
        )
        for entity in entities
    }
    counted = Counter((entity.domain, "off" if entity.disabled else "on") for entity in entities)
    assert snapshot(name="count") == {
        f"{domain} {kind}": number for (domain, kind), number in sorted(counted.items())
    }
    assert house.box.failed_logins == 0


async def test_motion_is_seen_at_once(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in("ipc")
    motion = house.id_of("binary_sensor", ":motion")
    await house.until(motion, "off")
    house.box.emit("VideoMotion", "Start")
    await house.until(motion, "on")
    house.box.emit("VideoMotion", "Stop")
    await house.until(motion, "off")


async def test_a_recorder_s_camera_is_told_from_the_others(
    hass: HomeAssistant, move_in: Move
) -> None:
    house = await move_in(RECORDER)
    first = house.id_of("binary_sensor", "camera.1:motion")
    third = house.id_of("binary_sensor", "camera.3:motion")
    await house.until(third, "off")
    house.box.emit("VideoMotion", "Start", 2)
    await house.until(third, "on")
    assert state_of(hass, first) == "off"


async def test_somebody_rings(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in("doorbell")
    bell = house.id_of("event", ":doorbell")
    await house.until(bell, "unknown")
    house.box.emit("_DoTalkAction_", "Pulse", 0, {"Action": "Invite"})
    await house.until(bell, lambda state: state not in NOTHING_YET)
    state = hass.states.get(bell)
    assert state is not None
    assert state.attributes["event_type"] == "ring"


async def test_a_picture_is_the_device_s_own(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in("ipc")
    before = house.box.snapshot_count
    image = await async_get_image(hass, house.id_of("camera", ":main"))
    assert image.content.startswith(b"\xff\xd8")
    assert house.box.snapshot_count == before + 1


async def test_a_switch_reaches_the_device_and_comes_back_from_it(
    hass: HomeAssistant, move_in: Move
) -> None:
    house = await move_in("ipc")
    switch = house.id_of("switch", ":motion_detection")
    await house.until(switch, "on")
    await act(hass, "switch.turn_off", switch)
    assert house.box.config["MotionDetect[0].Enable"] == "false"
    assert state_of(hass, switch) == "off"


async def test_a_password_that_was_changed_before_the_start_costs_one_failed_login(
    hass: HomeAssistant, move_in: Move
) -> None:
    house = await move_in("ipc")
    await hass.config_entries.async_unload(house.entry.entry_id)
    house.box.users[USER] = "changed"
    await hass.config_entries.async_setup(house.entry.entry_id)
    await hass.async_block_till_done()
    assert house.entry.state is ConfigEntryState.SETUP_ERROR
    assert house.box.failed_logins == 1
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH

    wrong = {CONF_USERNAME: USER, CONF_PASSWORD: "wrong"}
    step = await hass.config_entries.flow.async_configure(flow["flow_id"], wrong)
    assert step["errors"] == {"base": "invalid_auth"}
    assert house.box.failed_logins == 2

    right = {CONF_USERNAME: USER, CONF_PASSWORD: "changed"}
    step = await hass.config_entries.flow.async_configure(flow["flow_id"], right)
    assert step["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    await house.until(house.id_of("binary_sensor", ":online"), "on")
    assert house.box.failed_logins == 2


async def test_a_password_that_is_changed_meanwhile_is_asked_for_and_not_tried_again(
    hass: HomeAssistant, move_in: Move
) -> None:
    house = await move_in("ipc")
    await house.heard()
    house.box.users[USER] = "changed"
    house.box.gate.forget()
    house.box.cut_streams()
    await house.until(house.id_of("camera", ":main"), "unavailable")
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    failed = house.box.failed_logins
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, house.id_of("camera", ":main"))
    with pytest.raises(HomeAssistantError):
        await house.entry.runtime_data.async_do("", Press("sync_clock"))
    assert house.box.failed_logins == failed

    right = {CONF_USERNAME: USER, CONF_PASSWORD: "changed"}
    step = await hass.config_entries.flow.async_configure(flow["flow_id"], right)
    assert step["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    await house.until(house.id_of("binary_sensor", ":online"), "on")
    assert house.box.failed_logins == failed


async def test_a_box_that_vanishes_is_unavailable_and_comes_back_without_a_restart(
    hass: HomeAssistant, move_in: Move
) -> None:
    house = await move_in("ipc")
    coordinator = house.entry.runtime_data
    motion = house.id_of("binary_sensor", ":motion")
    await house.until(motion, "off")
    await house.box.go_dark()
    await house.until(motion, "unavailable")
    assert state_of(hass, house.id_of("camera", ":main")) == "unavailable"

    await house.box.come_back()
    await house.until(motion, "off")
    house.box.emit("VideoMotion", "Start")
    await house.until(motion, "on")
    assert house.entry.runtime_data is coordinator


async def test_a_channel_that_was_left_out_is_not_there(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in(RECORDER, ["camera.1", "camera.2"])
    assert "camera.3" in house.entry.options[CONF_LEFT_OUT]
    parts = {entity.unique_id.split(":")[1] for entity in house.entities()}
    assert {"", "camera.1", "camera.2"} <= parts
    assert "camera.3" not in parts
