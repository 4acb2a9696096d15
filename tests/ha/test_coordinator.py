"""The adapter: who is woken, what comes and goes, what is logged, when to log in again."""

from collections import Counter
from dataclasses import replace
import logging

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, EVENT_STATE_REPORTED
from homeassistant.core import (
    CoreState,
    Event as HassEvent,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import DOMAIN
from custom_components.cctv.devices.errors import CannotConnect, InvalidAuth
from custom_components.cctv.devices.model import (
    BOX,
    Event,
    Feature,
    Notice,
    Part,
    PartKind,
    Profile,
    Stream,
    Topology,
    Value,
)
from tests.devices.clock import FakeClock

from .fakes import ACTS, FakeFamily, everything
from .steps import attributes_of, pass_time, state_of


async def test_only_what_changed_is_written(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    written: list[str] = []

    @callback
    def count(event: HassEvent[EventStateChangedData]) -> None:
        written.append(event.data["entity_id"])

    async_track_state_change_event(hass, hass.states.async_entity_ids(), count)
    reported: list[str] = []

    @callback
    def report(event: HassEvent[EventStateReportedData]) -> None:
        reported.append(event.data["entity_id"])

    @callback
    def any_of_them(data: EventStateReportedData) -> bool:
        return True

    hass.bus.async_listen(EVENT_STATE_REPORTED, report, event_filter=any_of_them)

    fake.device.say(Value("camera.1:motion", True))
    await pass_time(hass, clock)
    assert sorted(written) == ["binary_sensor.door_motion", "event.door_detection"]
    assert reported == []

    # The same once more changes nothing, and what nobody knows is nothing.
    fake.device.say(Value("camera.1:motion", True), Value("camera.9:motion", True))
    await pass_time(hass, clock)
    assert len(written) == 2
    assert reported == []


async def test_an_outage_is_logged_once_and_passes_without_a_restart(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.clear()
    caplog.set_level(logging.INFO, "custom_components.cctv")
    fake.device.offline(CannotConnect("unplugged"))
    await pass_time(hass, clock, 60)
    assert state_of(hass, "binary_sensor.cellar_connection") == "off"
    assert state_of(hass, "binary_sensor.door_motion") == "unavailable"
    assert state_of(hass, "camera.door") == "unavailable"
    assert state_of(hass, "switch.door_privacy") == "unavailable"

    await pass_time(hass, clock, 600)
    fake.device.online()
    await pass_time(hass, clock, 600)
    fake.device.say()
    await pass_time(hass, clock)
    assert state_of(hass, "binary_sensor.cellar_connection") == "on"
    assert state_of(hass, "binary_sensor.door_motion") == "off"
    assert state_of(hass, "camera.door") == "idle"
    told = [
        record.getMessage()
        for record in caplog.records
        if record.name == "custom_components.cctv" and record.levelno >= logging.INFO
    ]
    assert told == ["Cellar does not answer", "Cellar is back"]


async def test_one_failure_is_no_outage(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.device.faults["read settings"] = CannotConnect("hiccup")
    asked = fake.device.count("read settings")
    while fake.device.count("read settings") == asked:
        await pass_time(hass, clock, 1)
    assert state_of(hass, "switch.door_privacy") == "off"
    while fake.device.count("read settings") == asked + 1:
        await pass_time(hass, clock, 1)
    assert state_of(hass, "switch.door_privacy") == "unavailable"


async def test_a_camera_that_is_gone_takes_only_its_own_with_it(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.device.say(Value("camera.1:online", False))
    await pass_time(hass, clock)
    assert state_of(hass, "binary_sensor.door_connection") == "off"
    assert state_of(hass, "camera.door") == "unavailable"
    assert state_of(hass, "binary_sensor.door_line_crossed_gate") == "unavailable"
    assert state_of(hass, "camera.camera_2_wide") == "idle"


async def test_a_login_that_is_refused_later_asks_for_another_at_once(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.device.offline(InvalidAuth("changed"))
    await pass_time(hass, clock, 30)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    asked = len(fake.device.log)
    await pass_time(hass, clock, 3600)
    assert len(fake.device.log) == asked
    assert state_of(hass, "camera.door") == "unavailable"


async def test_what_the_device_gets_appears_by_itself(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    device_registry: dr.DeviceRegistry,
) -> None:
    more = everything(
        Part("camera.3", PartKind.CAMERA, "Garden", can=ACTS),
        Feature("camera.3", "motion", push="events"),
        Stream("camera.3:main", "camera.3", url="rtsp://sample.example/3"),
    )
    fake.device.topology = more
    fake.device.say(more)
    await pass_time(hass, clock, 0.5)
    assert state_of(hass, "binary_sensor.garden_motion") in ("off", "unknown")
    assert state_of(hass, "camera.garden") == "idle"
    found = device_registry.async_get_device_by_identifier(
        (DOMAIN, "S1:camera.3"), running.entry_id
    )
    assert found is not None
    assert found.name == "Garden"


async def lose(hass: HomeAssistant, fake: FakeFamily, clock: FakeClock, *parts: str) -> None:
    """Have two listings agree that parts are gone."""
    fake.device.topology = everything(without=parts)
    for _ in range(2):
        fake.device.say(fake.device.topology)
        await pass_time(hass, clock, 1)


async def test_what_the_device_loses_goes_when_two_listings_agree(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    fake.device.topology = everything(without=("camera.1/window.7",))
    fake.device.say(fake.device.topology)
    await pass_time(hass, clock)
    assert state_of(hass, "binary_sensor.door_line_crossed_gate") == "unavailable"

    second = ("camera.2", "camera.2/lens.1", "camera.2/lens.2")
    await lose(hass, fake, clock, "camera.1/window.7", *second)
    assert hass.states.get("binary_sensor.door_line_crossed_gate") is None
    assert hass.states.get("camera.camera_2_wide") is None
    assert state_of(hass, "camera.door") == "idle"
    left = {
        entity.unique_id
        for entity in er.async_entries_for_config_entry(entity_registry, running.entry_id)
    }
    assert not [one for one in left if "camera.2" in one or "window.7" in one]
    names = {
        device.name
        for device in dr.async_entries_for_config_entry(device_registry, running.entry_id)
    }
    assert names == {"Cellar", "Door", "Microphone 1"}

    # It comes back as if it had never been away.
    fake.device.topology = everything()
    fake.device.say(fake.device.topology)
    await pass_time(hass, clock, 1)
    assert hass.states.get("binary_sensor.door_line_crossed_gate") is not None
    assert state_of(hass, "camera.camera_2_wide") == "idle"


async def test_a_renamed_camera_renames_its_device(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    device_registry: dr.DeviceRegistry,
) -> None:
    parts = everything(Part("camera.2", PartKind.CAMERA, "Garage", can=ACTS))
    fake.device.say(parts)
    await pass_time(hass, clock)
    found = device_registry.async_get_device_by_identifier(
        (DOMAIN, "S1:camera.2"), running.entry_id
    )
    assert found is not None
    assert found.name == "Garage"


async def test_a_renamed_rule_renames_its_entities(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    entity_registry: er.EntityRegistry,
) -> None:
    rule, minor = "switch.door_rule_fence", "binary_sensor.door_line_crossed_gate"
    entity_registry.async_update_entity(minor, name="Mine")
    await pass_time(hass, clock)
    parts = everything(
        Part("camera.1/rule.3", PartKind.RULE, "Hedge", can=ACTS),
        Part("camera.1/window.7", PartKind.WINDOW, "Lawn", can=ACTS),
    )
    fake.device.say(parts)
    await pass_time(hass, clock)
    assert friendly_name(hass, rule) == "Door Rule Hedge"
    assert friendly_name(hass, minor) == "Mine"
    entry = entity_registry.async_get(rule)
    assert entry is not None
    assert entry.original_name == "Rule Hedge"


def friendly_name(hass: HomeAssistant, entity_id: str) -> str:
    """Return how an entity is called in the frontend."""
    name: str = attributes_of(hass, entity_id)["friendly_name"]
    return name


async def test_what_the_user_can_mend_is_a_repair(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    issue_registry: ir.IssueRegistry,
) -> None:
    def raised() -> dict[str, ir.IssueEntry]:
        return {
            issue_id: issue
            for (domain, issue_id), issue in issue_registry.issues.items()
            if domain == DOMAIN
        }

    fake.device.say(Notice("rights", BOX, True, {"tables": "Lighting"}))
    await pass_time(hass, clock)
    ((issue_id, issue),) = raised().items()
    assert issue_id.startswith(running.entry_id)
    assert issue.translation_key == "rights"
    assert issue.translation_placeholders == {"device": "Cellar", "tables": "Lighting"}

    fake.device.say(Notice("rights", BOX, False))
    await pass_time(hass, clock)
    assert raised() == {}

    fake.device.say(Notice("rights", BOX, True, {"tables": "Lighting"}))
    await pass_time(hass, clock)
    assert len(raised()) == 1
    await hass.config_entries.async_unload(running.entry_id)
    assert raised() == {}


async def test_a_camera_that_few_browsers_show_is_a_repair(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    issue_registry: ir.IssueRegistry,
) -> None:
    def shown() -> list[dict[str, str] | None]:
        return [
            issue.translation_placeholders
            for issue in issue_registry.issues.values()
            if issue.domain == DOMAIN and issue.translation_key == "h265"
        ]

    def streams(main: str, sub: str) -> Topology:
        door = fake.device.topology.streams["camera.1:main"]
        return everything(
            replace(door, codec=main, minor=main == "h265" != sub),
            replace(door, id="camera.1:sub", profile=Profile.SUB, codec=sub, minor=sub == "h265"),
        )

    for main, sub, wanted in (
        ("h265", "h264", []),
        ("h265", "h265", [{"device": "Cellar", "camera": "Cellar Door"}]),
        ("h264", "h265", []),
    ):
        fake.device.say(streams(main, sub))
        await pass_time(hass, clock)
        assert shown() == wanted, (main, sub)


RIGHTS = Notice("rights", BOX, True, {"tables": "Lighting"})


async def ignored(
    hass: HomeAssistant, fake: FakeFamily, clock: FakeClock, issues: ir.IssueRegistry
) -> tuple[str, str]:
    """Have something to mend that the user ignores."""
    fake.device.say(RIGHTS)
    await pass_time(hass, clock)
    (key,) = [key for key in issues.issues if key[0] == DOMAIN]
    ir.async_ignore_issue(hass, *key, ignore=True)
    return key


async def test_what_the_user_ignores_stays_ignored_over_a_reload(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    issue_registry: ir.IssueRegistry,
) -> None:
    key = await ignored(hass, fake, clock, issue_registry)
    await hass.config_entries.async_reload(running.entry_id)
    await pass_time(hass, clock, 1)
    assert key not in issue_registry.issues
    fake.device.say(RIGHTS)
    await pass_time(hass, clock)
    assert issue_registry.issues[key].dismissed_version is not None

    # What was mended and comes again is news.
    for active in (False, True):
        fake.device.say(Notice("rights", BOX, active, RIGHTS.data))
        await pass_time(hass, clock)
    assert issue_registry.issues[key].dismissed_version is None


async def test_what_the_user_ignores_stays_ignored_over_a_restart(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    issue_registry: ir.IssueRegistry,
) -> None:
    key = await ignored(hass, fake, clock, issue_registry)
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    assert fake.device.closed
    # This is what Home Assistant writes down, and reads at its next start.
    assert issue_registry.issues[key].dismissed_version is not None
    hass.set_state(CoreState.running)


async def test_nothing_to_mend_is_left_of_an_entry_that_is_removed(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    issue_registry: ir.IssueRegistry,
) -> None:
    key = await ignored(hass, fake, clock, issue_registry)
    await hass.config_entries.async_unload(running.entry_id)
    old = f"{running.entry_id}_rights_camera.9"
    ir.async_create_issue(
        hass,
        DOMAIN,
        old,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="rights",
    )
    await hass.config_entries.async_remove(running.entry_id)
    assert not [one for one in issue_registry.issues if one in (key, (DOMAIN, old))]


async def test_who_asks_for_an_entity_has_it_read_at_once(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    await pass_time(hass, clock, 2)
    fake.device.truth["camera.1:privacy"] = True
    asked = Counter(fake.device.log)
    entities = ["switch.door_privacy", "switch.door_rule_fence", "button.door_pulse"]
    await hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": entities}, blocking=True
    )
    assert state_of(hass, "switch.door_privacy") == "on"
    assert Counter(fake.device.log) - asked == {"read settings": 1}


async def test_only_what_is_enabled_is_asked_for(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    entity_registry: er.EntityRegistry,
) -> None:
    for entity in er.async_entries_for_config_entry(entity_registry, running.entry_id):
        feature = running.runtime_data.topology.features.get(entity.unique_id.removeprefix("S1:"))
        if entity.domain == "camera" or (feature is not None and feature.poll == "settings"):
            entity_registry.async_update_entity(
                entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
            )
    await hass.config_entries.async_reload(running.entry_id)
    await hass.async_block_till_done()
    fake.device.log.clear()
    await pass_time(hass, clock, 1200)
    assert fake.device.count("read settings") == 0
    assert fake.device.count("read states") > 0


async def test_events_of_a_disabled_entity_are_nobody_s(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    before = {state.entity_id: state.state for state in hass.states.async_all()}
    fake.device.say(Event(":security", "login_failed"))
    await pass_time(hass, clock)
    assert {state.entity_id: state.state for state in hass.states.async_all()} == before
