"""Who may do what: each target is checked, and what is dangerous is for administrators."""

from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.cctv.action_schema import ACTIONS, Action
from custom_components.cctv.devices import commands as c
from custom_components.cctv.devices.commands import Risk
from custom_components.cctv.devices.model import BOX

from .boxes import Desk
from .conftest import Obliging
from .examples import example

DANGEROUS = [action for action in ACTIONS if action.risk is not Risk.NONE]
DESTROYING = [action for action in ACTIONS if action.risk is Risk.DESTROYS]


def may(user: MockUser, *entity_ids: str) -> MockUser:
    """Let a user control these entities and nothing else."""
    user.mock_policy({"entities": {"entity_ids": dict.fromkeys(entity_ids, True)}})
    return user


async def test_a_user_in_control_may(desk: Desk, device: Obliging, guest: MockUser) -> None:
    await desk.call("ptz_home", by=guest, entity_id=desk.entity("camera.1:main"))
    await desk.call("ptz_home", by=guest, device_id=desk.device("camera.1"))
    assert len(device.done) == 2


@pytest.mark.parametrize("way", ["entity", "device", "area"])
async def test_a_user_who_only_looks_may_not(
    hass: HomeAssistant, desk: Desk, device: Obliging, watcher: MockUser, way: str
) -> None:
    area = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(desk.device("camera.1"), area_id=area.id)
    target: dict[str, Any] = {
        "entity": {"entity_id": desk.entity("camera.1:main")},
        "device": {"device_id": desk.device("camera.1")},
        "area": {"area_id": area.id},
    }[way]
    with pytest.raises(Unauthorized) as caught:
        await desk.call("record_for", by=watcher, **target)
    assert caught.value.permission == POLICY_CONTROL
    assert device.done == []


async def test_the_right_over_one_entity_is_enough_for_its_part(
    desk: Desk, device: Obliging, guest: MockUser
) -> None:
    camera = desk.entity("camera.1:main")
    await desk.call("ptz_home", by=may(guest, camera), entity_id=camera)
    assert device.done == [("camera.1", c.PtzHome())]


async def test_the_right_over_one_entity_is_not_enough_for_the_recorder(
    desk: Desk, device: Obliging, guest: MockUser
) -> None:
    camera = desk.entity("camera.1:main")
    with pytest.raises(Unauthorized):
        await desk.call("create_directory", by=may(guest, camera), entity_id=camera, directory="x")
    with pytest.raises(Unauthorized):
        await desk.call("ptz_home", by=guest, device_id=desk.device("camera.1"))
    assert device.done == []


async def test_one_target_without_the_right_stops_all(
    desk: Desk, device: Obliging, guest: MockUser
) -> None:
    mine, other = desk.entity("camera.1:main"), desk.entity("camera.2/lens.1:main")
    with pytest.raises(Unauthorized) as caught:
        await desk.call("record_for", by=may(guest, mine), entity_id=[mine, other])
    assert caught.value.entity_id != mine
    assert device.done == []


async def test_a_device_without_entities_is_for_administrators(
    hass: HomeAssistant, desk: Desk, device: Obliging, guest: MockUser, hass_admin_user: MockUser
) -> None:
    registry, box = er.async_get(hass), desk.device("camera.1")
    for entry in er.async_entries_for_device(registry, box, include_disabled_entities=True):
        registry.async_remove(entry.entity_id)
    with pytest.raises(Unauthorized):
        await desk.call("ptz_home", by=guest, device_id=box)
    await desk.call("ptz_home", by=hass_admin_user, device_id=box)
    assert len(device.done) == 1


async def test_a_user_who_was_removed_may_not(hass: HomeAssistant, desk: Desk) -> None:
    with pytest.raises(UnknownUser):
        await hass.services.async_call(
            "cctv",
            "ptz_home",
            {"entity_id": desk.entity("camera.1:main")},
            blocking=True,
            context=Context(user_id="nobody"),
        )


@pytest.mark.parametrize("action", DANGEROUS, ids=lambda action: action.name)
async def test_what_is_dangerous_is_for_administrators(
    desk: Desk, device: Obliging, guest: MockUser, action: Action
) -> None:
    with pytest.raises(Unauthorized):
        await desk.call(
            action.name,
            by=guest,
            answer=action.response is SupportsResponse.ONLY,
            device_id=desk.device(BOX),
            **example(action),
        )
    assert device.done == []


@pytest.mark.parametrize("action", DESTROYING, ids=lambda action: action.name)
async def test_what_cannot_be_undone_is_confirmed(
    desk: Desk, device: Obliging, hass_admin_user: MockUser, action: Action
) -> None:
    for given in ({}, {"confirm": False}):
        asked = {**example(action), **given}
        if not given:
            del asked["confirm"]
        with pytest.raises(ServiceValidationError) as caught:
            await desk.call(action.name, by=hass_admin_user, device_id=desk.device(BOX), **asked)
        assert caught.value.translation_key == "not_confirmed"
        assert f"cctv.{action.name}" in str(caught.value)
    assert device.done == []


async def test_an_administrator_who_confirms_may(
    desk: Desk, device: Obliging, hass_admin_user: MockUser
) -> None:
    await desk.call("factory_reset", by=hass_admin_user, device_id=desk.device(BOX), confirm=True)
    assert device.done == [(BOX, c.FactoryReset(keep_network=True))]


async def test_an_automation_may_as_home_assistant_itself(
    hass: HomeAssistant, desk: Desk, device: Obliging
) -> None:
    automation = {
        "alias": "Reset",
        "triggers": {"trigger": "event", "event_type": "reset"},
        "actions": {
            "action": "cctv.shut_down",
            "target": {"device_id": desk.device(BOX)},
            "data": {"confirm": True},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    hass.bus.async_fire("reset")
    await hass.async_block_till_done()
    assert device.done == [(BOX, c.ShutDown())]


async def test_looking_is_enough_for_lists(desk: Desk, device: Obliging, watcher: MockUser) -> None:
    camera = desk.entity("camera.1:main")
    told = await desk.call("list_recordings", by=watcher, answer=True, entity_id=camera, limit=1)
    assert len(told["results"][0]["recordings"]) == 1


async def test_tables_about_access_are_for_administrators(
    desk: Desk, device: Obliging, guest: MockUser, hass_admin_user: MockUser
) -> None:
    asked: dict[str, Any] = {"device_id": desk.device(BOX), "kind": "log", "limit": 1}
    before = device.log.count("find")
    with pytest.raises(Unauthorized):
        await desk.call("list_table", by=guest, answer=True, **asked)
    assert device.log.count("find") == before
    await desk.call("list_table", by=hass_admin_user, answer=True, **asked)
    assert device.log.count("find") == before + 1
