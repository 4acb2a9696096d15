"""An entry's life: set up, unloaded, removed, and what goes wrong meanwhile."""

from dataclasses import replace

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.cctv.const import CONF_IDENTITIES, CONF_LEFT_OUT, DOMAIN
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    Locked,
    Malformed,
    NoAnswer,
    Rejected,
    TlsRefused,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.model import BOX
from tests.devices.clock import FakeClock

from .fakes import FakeFamily, everything


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def test_an_entry_comes_and_goes(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    assert running.state is ConfigEntryState.LOADED
    assert hass.states.get("camera.door") is not None

    assert await hass.config_entries.async_unload(running.entry_id)
    assert running.state.value == "not_loaded"
    assert fake.device.closed
    assert not fake.device.ears
    state = hass.states.get("camera.door")
    assert state is not None
    assert state.state == "unavailable"


async def test_the_device_is_left_in_order_when_home_assistant_stops(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    assert fake.device.closed
    assert not fake.device.ears


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (CannotConnect("refused"), ConfigEntryState.SETUP_RETRY),
        (TlsRefused("self-signed"), ConfigEntryState.SETUP_RETRY),
        (NoAnswer("silent"), ConfigEntryState.SETUP_RETRY),
        (Malformed("nonsense"), ConfigEntryState.SETUP_RETRY),
        (Busy("later"), ConfigEntryState.SETUP_RETRY),
        (WrongFamily("a toaster"), ConfigEntryState.SETUP_RETRY),
        (Forbidden("no rights"), ConfigEntryState.SETUP_ERROR),
        (Unsupported("too old"), ConfigEntryState.SETUP_ERROR),
        (Rejected("no"), ConfigEntryState.SETUP_RETRY),
        (BadInput("nonsense"), ConfigEntryState.SETUP_ERROR),
        (Locked("too many", 60), ConfigEntryState.SETUP_RETRY),
    ],
)
async def test_trouble_at_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    trouble: DeviceError,
    state: ConfigEntryState,
) -> None:
    fake.device.faults["open"] = trouble
    await set_up(hass, entry)
    assert entry.state is state
    assert entry.error_reason_translation_key == trouble.key
    assert entry.error_reason_translation_placeholders == {
        "device": "Cellar",
        "detail": str(trouble),
        **trouble.placeholders,
    }
    assert fake.device.closed


async def test_a_wrong_password_asks_for_another_and_is_sent_once(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.password = "changed"
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert fake.device.count("login") == 1
    assert entry.data[CONF_PASSWORD] not in str(flow)


async def test_another_device_at_the_address_is_not_taken_for_it(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_IDENTITIES: ["serial:S2"]}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "wrong_family"
    assert fake.device.closed


@pytest.mark.parametrize(
    ("known", "then"),
    [
        (["serial:S1"], ["mac:00005e005301", "serial:S1"]),
        # Nothing says that it is the same.
        ([], []),
    ],
)
async def test_a_device_that_tells_more_of_itself_is_known_by_that_too(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    known: list[str],
    then: list[str],
) -> None:
    """An account that may see more, for instance; discovery goes by it from then on."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_IDENTITIES: known})
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.data[CONF_IDENTITIES] == then


async def test_each_part_sits_on_its_device(
    hass: HomeAssistant,
    running: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    def device(part: str) -> dr.DeviceEntry:
        found = device_registry.async_get_device_by_identifier(
            (DOMAIN, f"S1:{part}"), running.entry_id
        )
        assert found is not None
        return found

    box = device("")
    assert (box.name, box.manufacturer, box.model) == ("Cellar", "Sample", "S-8")
    assert (box.serial_number, box.sw_version, box.hw_version) == ("S1", "1.2.3", "B")
    assert box.configuration_url == "http://sample.example/start"
    assert box.connections == {(dr.CONNECTION_NETWORK_MAC, "00:00:5e:00:53:01")}
    door, second = device("camera.1"), device("camera.2")
    assert (door.name, door.via_device_id, door.model) == ("Door", box.id, "E-1")
    assert (second.name, second.via_device_id) == ("Camera 2", box.id)
    assert device("microphone.1").name == "Microphone 1"
    children = dr.async_entries_for_parent_device(device_registry, second.id)
    assert {child.name for child in children} == {"Wide", "Lens 2"}

    def carrier(entity_id: str) -> str | None:
        found = entity_registry.async_get(entity_id)
        assert found is not None
        return found.device_id

    assert carrier("binary_sensor.door_line_crossed_gate") == door.id
    assert carrier("switch.door_rule_fence") == door.id
    assert carrier("sensor.cellar_storage_used_mmc0") == box.id
    assert carrier("binary_sensor.cellar_alarm_input_gate_contact") == box.id
    assert carrier("camera.camera_2_wide") in {child.id for child in children}


async def test_what_was_left_out_has_neither_entities_nor_devices(
    hass: HomeAssistant,
    running: MockConfigEntry,
    clock: FakeClock,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    devices = len(dr.async_entries_for_config_entry(device_registry, running.entry_id))
    hass.config_entries.async_update_entry(
        running, options={**running.options, CONF_LEFT_OUT: {"camera.2": "Camera 2"}}
    )
    await hass.config_entries.async_reload(running.entry_id)
    await hass.async_block_till_done()
    left = dr.async_entries_for_config_entry(device_registry, running.entry_id)
    assert len(left) == devices - 1
    entities = er.async_entries_for_config_entry(entity_registry, running.entry_id)
    assert not [one.unique_id for one in entities if "camera.2" in one.unique_id]
    assert [one.unique_id for one in entities if "camera.1" in one.unique_id]


async def test_the_user_may_remove_what_the_device_no_longer_has(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    device_registry: dr.DeviceRegistry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    await async_setup_component(hass, "config", {})
    old = device_registry.async_get_or_create(
        config_entry_id=running.entry_id, identifiers={(DOMAIN, "S1:camera.9")}
    )
    door = device_registry.async_get_device_by_identifier((DOMAIN, "S1:camera.1"), running.entry_id)
    assert door is not None
    client = await hass_ws_client(hass)
    assert not (await client.remove_device(door.id))["success"]
    assert (await client.remove_device(old.id))["success"]
    assert device_registry.async_get(old.id) is None

    await hass.config_entries.async_unload(running.entry_id)
    assert (await client.remove_device(door.id))["success"]


async def test_what_was_remembered_goes_with_the_entry(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, hass_storage: dict[str, object]
) -> None:
    assert fake.device.env is not None
    fake.device.env.memory.put("folder", "2026-03-01")
    await hass.config_entries.async_unload(running.entry_id)
    kept = f"{DOMAIN}.{running.entry_id}"
    assert kept in hass_storage
    await hass.config_entries.async_remove(running.entry_id)
    assert kept not in hass_storage


async def test_an_unload_that_fails_leaves_the_device_running(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:

        async def refuse(*args: object) -> bool:
            return False

        patch.setattr(hass.config_entries, "async_unload_platforms", refuse)
        assert not await hass.config_entries.async_unload(running.entry_id)
    assert not fake.device.closed
    running.mock_state(hass, ConfigEntryState.LOADED)


async def test_texts_of_the_device_are_not_trusted(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    device_registry: dr.DeviceRegistry,
) -> None:
    box = everything().parts[BOX]
    assert box.about is not None
    for url in ("javascript:alert(1)", "http://[", None):
        about = replace(box.about, url=url)
        fake.device.topology = everything(replace(box, about=about))
        await set_up(hass, entry) if entry.state is ConfigEntryState.NOT_LOADED else (
            await hass.config_entries.async_reload(entry.entry_id)
        )
        device = device_registry.async_get_device_by_identifier((DOMAIN, "S1:"), entry.entry_id)
        assert device is not None
        assert device.configuration_url == "http://192.0.2.1"
