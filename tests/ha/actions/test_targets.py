"""What is named becomes the parts that can do it, before a byte is sent."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.cctv.devices import commands as c
from custom_components.cctv.devices.model import BOX

from .boxes import Desk
from .conftest import Obliging


def asked(device: Obliging) -> list[str]:
    """Return the parts that something was done to."""
    return sorted(part for part, _ in device.done)


async def refused(desk: Desk, action: str, /, **data: Any) -> ServiceValidationError:
    """Call what must be refused before anything is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call(action, **data)
    return caught.value


async def test_an_entity_stands_for_its_part(desk: Desk, device: Obliging) -> None:
    await desk.call("ptz_home", entity_id=desk.entity("camera.1:main"))
    assert device.done == [("camera.1", c.PtzHome())]


async def test_a_device_stands_for_its_part(desk: Desk, device: Obliging) -> None:
    await desk.call("ptz_home", device_id=desk.device("camera.1"))
    assert asked(device) == ["camera.1"]


async def test_a_part_in_a_camera_asks_the_camera(desk: Desk, device: Obliging) -> None:
    window = desk.entity("camera.1/window.7:intrusion", "binary_sensor")
    await desk.call("ptz_home", entity_id=window)
    await desk.call("remove_window", entity_id=window, window="7")
    assert asked(device) == ["camera.1", "camera.1/window.7"]


async def test_a_camera_asks_the_recorder_it_hangs_on(desk: Desk, device: Obliging) -> None:
    await desk.call("create_directory", device_id=desk.device("camera.2"), directory="D:\\New")
    assert device.done == [(BOX, c.CreateDirectory("D:\\New"))]


async def test_a_lens_asks_its_camera(desk: Desk, device: Obliging) -> None:
    await desk.call("record_for", entity_id=desk.entity("camera.2/lens.1:main"), seconds=5)
    assert device.done == [("camera.2", c.RecordFor(5))]


async def test_many_ways_to_one_part_are_one(desk: Desk, device: Obliging) -> None:
    await desk.call(
        "record_for",
        entity_id=[desk.entity("camera.2/lens.1:main"), desk.entity("camera.2/lens.2:main")],
        device_id=[desk.device("camera.2"), desk.device("camera.1")],
    )
    assert asked(device) == ["camera.1", "camera.2"]


async def test_a_group_stands_for_its_members(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    members = [desk.entity("camera.1:motion", "binary_sensor")]
    hass.states.async_set("group.motion", "off", {"entity_id": members})
    await desk.call("record_for", entity_id="group.motion")
    assert asked(device) == ["camera.1"]


async def test_an_area_stands_for_what_is_in_it(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    floor = fr.async_get(hass).async_create("Ground floor")
    area = ar.async_get(hass).async_create("Yard", floor_id=floor.floor_id)
    registry = dr.async_get(hass)
    for part in ("camera.1", "camera.2", "microphone.1"):
        registry.async_update_device(desk.device(part), area_id=area.id)
    await desk.call("record_for", area_id=area.id)
    assert asked(device) == ["camera.1", "camera.2"]
    device.done.clear()
    await desk.call("record_for", floor_id=floor.floor_id)
    assert asked(device) == ["camera.1", "camera.2"]


async def test_an_area_does_not_reach_the_recorder_elsewhere(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    area = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(desk.device("camera.1"), area_id=area.id)
    error = await refused(desk, "factory_reset", area_id=area.id, confirm=True)
    assert error.translation_key == "no_target"
    assert device.done == []


async def test_a_disk_is_found_by_the_area_of_its_recorder(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    area = ar.async_get(hass).async_create("Cellar")
    dr.async_get(hass).async_update_device(desk.device(BOX), area_id=area.id)
    await desk.call("format_disk", area_id=area.id, confirm=True)
    assert device.done == [("disk.mmc0", c.FormatDisk())]


async def test_a_label_stands_for_what_carries_it(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    label = lr.async_get(hass).async_create("Watch")
    er.async_get(hass).async_update_entity(desk.entity("camera.1:main"), labels={label.label_id})
    await desk.call("record_for", label_id=label.label_id)
    assert asked(device) == ["camera.1"]


async def test_others_in_an_area_are_passed_over(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    area = ar.async_get(hass).async_create("Yard")
    er.async_get(hass).async_get_or_create("light", "hue", "1")
    er.async_get(hass).async_update_entity("light.hue_1", area_id=area.id)
    other = MockConfigEntry(domain="hue")
    other.add_to_hass(hass)
    lamp = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("hue", "1")}
    )
    for device_id in (lamp.id, desk.device("camera.1")):
        dr.async_get(hass).async_update_device(device_id, area_id=area.id)
    await desk.call("record_for", area_id=area.id)
    assert asked(device) == ["camera.1"]


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"entity_id": "camera.nobody"}, "not_ours"),
        ({"device_id": "nobody"}, "not_found"),
        ({"area_id": "nowhere"}, "not_found"),
        ({"floor_id": "nowhere"}, "not_found"),
        ({"label_id": "nothing"}, "not_found"),
    ],
)
async def test_what_is_not_there_is_refused(
    desk: Desk, device: Obliging, target: dict[str, str], key: str
) -> None:
    error = await refused(desk, "record_for", **target)
    assert error.translation_key == key
    assert next(iter(target.values())) in str(error)
    assert device.done == []


async def test_what_belongs_to_others_is_refused(hass: HomeAssistant, desk: Desk) -> None:
    er.async_get(hass).async_get_or_create("light", "hue", "1")
    assert (await refused(desk, "say", entity_id="light.hue_1", text="x")).translation_key == (
        "not_ours"
    )
    other = MockConfigEntry(domain="hue")
    other.add_to_hass(hass)
    lamp = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("hue", "1")}
    )
    assert (await refused(desk, "say", device_id=lamp.id, text="x")).translation_key == "not_found"


async def test_one_that_cannot_stops_all(desk: Desk, device: Obliging) -> None:
    error = await refused(
        desk, "ptz_home", device_id=[desk.device("camera.1"), desk.device("microphone.1")]
    )
    assert error.translation_key == "cannot_do"
    assert "cctv.ptz_home" in str(error)
    assert device.done == []


async def test_something_has_to_be_named(desk: Desk) -> None:
    with pytest.raises(vol.Invalid, match="at least one of"):
        await desk.call("ptz_home")


async def test_what_was_disabled_is_refused(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    hidden = desk.entity("camera.1:sub")
    error = await refused(desk, "record_for", entity_id=hidden)
    assert error.translation_key == "disabled"
    dr.async_get(hass).async_update_device(
        desk.device("camera.1"), disabled_by=dr.DeviceEntryDisabler.USER
    )
    error = await refused(desk, "record_for", device_id=desk.device("camera.1"))
    assert error.translation_key == "disabled"
    assert device.done == []


async def test_what_the_box_has_no_longer_does_not_reach_the_box(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    gone = dr.async_get(hass).async_get_or_create(
        config_entry_id=desk.entry.entry_id, identifiers={("cctv", "S1:camera.9")}
    )
    entity = er.async_get(hass).async_get_or_create(
        "camera", "cctv", "S1:camera.9:main", config_entry=desk.entry, device_id=gone.id
    )
    error = await refused(desk, "factory_reset", device_id=gone.id, confirm=True)
    assert error.translation_key == "not_found"
    error = await refused(desk, "factory_reset", entity_id=entity.entity_id, confirm=True)
    assert error.translation_key == "cannot_do"
    assert device.done == []


async def test_a_device_that_is_not_set_up_is_refused(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    camera, box = desk.entity("camera.1:main"), desk.device("camera.1")
    area = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(box, area_id=area.id)
    await hass.config_entries.async_unload(desk.entry.entry_id)
    for target in ({"entity_id": camera}, {"device_id": box}):
        error = await refused(desk, "record_for", **target)
        assert error.translation_key == "not_set_up"
    error = await refused(desk, "record_for", area_id=area.id)
    assert error.translation_key == "no_target"


async def test_a_disabled_entry_is_refused(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    camera, box = desk.entity("camera.1:main"), desk.device("camera.1")
    await hass.config_entries.async_set_disabled_by(desk.entry.entry_id, ConfigEntryDisabler.USER)
    await hass.async_block_till_done()
    for target in ({"entity_id": camera}, {"device_id": box}):
        await refused(desk, "record_for", **target)
    assert device.done == []


async def test_actions_are_there_without_any_device(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "cctv", {})
    assert hass.services.has_service("cctv", "ptz_move")
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "cctv", "ptz_home", {"entity_id": "camera.nobody"}, blocking=True
        )
