"""Simulated Amcrest and Dahua boxes, added by their dialogs, living in Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from homeassistant.components.camera import async_get_image
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.cctv.const import CONF_CHANNELS, CONF_LEFT_OUT, DOMAIN
from custom_components.cctv.devices.commands import Press
from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator

from .house import House, add
from .steps import act, state_of

USER: Final = "admin"
PASSWORD: Final = "p@ss:w/rd#"
DEADLINE_SECONDS: Final = 20
NOTHING_YET: Final = ("unavailable", "unknown")
RECORDER: Final = "nvr"


def picture(scene: str, number: int) -> bytes:
    """Return something that begins and ends like a JPEG and is never twice the same."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


type Yard = House[AmcrestSimulator]
type Move = Callable[..., Awaitable[Yard]]


@pytest.fixture
async def move_in(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[Move]:
    """Return what starts a box and adds it by its dialogs; at the end all is closed."""
    houses: list[Yard] = []

    async def move(personality: str, channels: list[str] | None = None) -> Yard:
        box = AmcrestSimulator(personality, USER, PASSWORD, pictures=picture)
        await box.start()
        known: dict[str, Any] = {CONF_USERNAME: USER, CONF_PASSWORD: PASSWORD}
        if channels is not None:
            known[CONF_CHANNELS] = channels
        houses.append(House(hass, box, await add(hass, box.url, known)))
        assert box.failed_logins == 0
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
    assert snapshot(name="devices") == house.devices()
    assert snapshot(name="entities") == house.listing()
    assert snapshot(name="count") == house.count()
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
