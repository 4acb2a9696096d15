"""Who may see recordings: whoever may read the entities of the camera, and nobody else."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from tests.ha.house import House
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator

from .viewer import Viewer


@pytest.fixture
async def guest(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    viewer: Viewer,
) -> Viewer:
    """Return somebody who may read all there is, until a test says otherwise."""
    token = hass_read_only_access_token
    return Viewer(await hass_client(token), await hass_ws_client(hass, access_token=token))


async def _address(viewer: Viewer, *titles: str) -> str:
    place = await viewer.walk(*titles)
    return (await viewer.resolve(place["children"][0]["media_content_id"]))["url"].split("?")[0]


async def test_who_may_read_everything_sees_everything(
    yi: House[YiHackSimulator], guest: Viewer
) -> None:
    url = await _address(guest, "yi", "2026")
    assert (await guest.get(url)).status == 200


async def test_who_may_read_nothing_sees_nothing(
    yi: House[YiHackSimulator], viewer: Viewer, guest: Viewer, hass_read_only_user: MockUser
) -> None:
    url = await _address(viewer, "yi", "2026")
    hass_read_only_user.groups = []
    hass_read_only_user.mock_policy({})
    assert (await guest.open())["children"] == []
    assert await guest.search("motion") == []
    entry = f"media-source://cctv/{yi.entry.entry_id}"
    for place in (entry, f"{entry}/box", f"{entry}/box/2026-03-01"):
        assert not (await guest.ask("browse_media", media_content_id=place))["success"]
    for view in ("play", "play/h264", "thumbnail", "picture"):
        answer = await guest.get(url.replace("/play/", f"/{view}/"))
        assert (answer.status, await answer.read()) == (403, b"")


async def test_who_may_see_one_camera_sees_that_one(
    ispy: House[IspySimulator], viewer: Viewer, guest: Viewer, hass_read_only_user: MockUser
) -> None:
    urls = {
        name: await _address(viewer, "Office", name, "2026") for name in ("Driveway", "Front door")
    }
    shown = {
        entity.entity_id: {"read": True}
        for entity in ispy.entities()
        if ".driveway" in entity.entity_id and not entity.disabled
    }
    assert shown
    hass_read_only_user.groups = []
    hass_read_only_user.mock_policy({"entities": {"entity_ids": shown}})
    place = await guest.walk("Office")
    assert [child["title"][:4] for child in place["children"]] == ["2026"]
    assert (await guest.get(urls["Driveway"])).status == 200
    assert (await guest.get(urls["Front door"])).status == 403


async def test_nobody_in_particular_gets_nothing(
    yi: House[YiHackSimulator], viewer: Viewer, hass_client_no_auth: ClientSessionGenerator
) -> None:
    url = await _address(viewer, "yi", "2026")
    anyone = await hass_client_no_auth()
    assert (await anyone.get(url)).status == 401


async def test_a_signed_address_is_enough(
    yi: House[YiHackSimulator], viewer: Viewer, hass_client_no_auth: ClientSessionGenerator
) -> None:
    place = await viewer.walk("yi", "2026")
    told = await viewer.resolve(place["children"][0]["media_content_id"])
    anyone = await hass_client_no_auth()
    answer = await anyone.get(told["url"])
    assert (answer.status, answer.content_type) == (200, "video/mp4")


async def test_an_action_lists_no_more_than_the_media_browser(
    hass: HomeAssistant,
    yi: House[YiHackSimulator],
    viewer: Viewer,
    guest: Viewer,
    hass_read_only_user: MockUser,
) -> None:
    """Who asks over HTTP has no websocket that could tell who it is."""
    speaker = yi.id_of("media_player", ":speaker")
    asked = {
        "entity_id": speaker,
        "media_content_type": "video",
        "media_content_id": f"media-source://cctv/{yi.entry.entry_id}/box",
    }
    action = "/api/services/media_player/browse_media?return_response"
    hass_read_only_user.groups = []
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {speaker: True}}})
    answer = await guest.http.post(action, json=asked)
    assert answer.status >= 400
    assert "2026-03-01" not in await answer.text()
    answer = await viewer.http.post(action, json=asked)
    assert answer.status == 200
    assert "2026-03-01" in await answer.text()
