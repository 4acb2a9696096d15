"""Cameras: stills, streams, live pictures, and what their part can do."""

import asyncio
from dataclasses import replace
from http import HTTPStatus

from homeassistant.components import camera
from homeassistant.components.camera import async_get_image
from homeassistant.components.camera.const import DATA_COMPONENT, CameraEntityFeature
from homeassistant.components.camera.prefs import get_dynamic_camera_stream_settings
from homeassistant.components.stream import CONF_RTSP_TRANSPORT, Stream as Player
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cctv.camera import CctvCamera
from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import Gone
from custom_components.cctv.devices.model import (
    Part,
    PartKind,
    Profile,
    Stream,
    Value,
    topology,
)
from custom_components.cctv.parts import leading
from tests.devices.clock import FakeClock
from tests.devices.sample import JPEG

from .fakes import FakeFamily, everything
from .house import eventually
from .steps import act, attributes_of, pass_time, say, state_of

DOOR = "camera.door"
WIDE = "camera.camera_2_wide"
LENS = "camera.camera_2_lens_2"


def entity(hass: HomeAssistant, entity_id: str) -> CctvCamera:
    found = hass.data[DATA_COMPONENT].get_entity(entity_id)
    assert isinstance(found, CctvCamera)
    return found


async def test_a_still_is_the_device_s_own(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    both = await asyncio.gather(async_get_image(hass, DOOR), async_get_image(hass, DOOR))
    assert [image.content for image in both] == [JPEG, JPEG]
    assert both[0].content_type == "image/jpeg"
    assert fake.device.count("fetch") == 1


async def test_a_still_that_is_not_to_be_had_is_told(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.faults["fetch"] = Gone("rotated away")
    with pytest.raises(HomeAssistantError) as told:
        await async_get_image(hass, DOOR)
    assert told.value.translation_key == "gone"


async def test_where_there_is_no_still_a_live_picture_serves(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.pictures.put_nowait(JPEG)
    assert not entity(hass, LENS).use_stream_for_stills
    image = await async_get_image(hass, LENS)
    assert image.content == JPEG
    assert fake.device.live == 0


async def test_a_live_view_without_a_picture_is_no_still(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.pictures.put_nowait(None)
    with pytest.raises(HomeAssistantError) as told:
        await async_get_image(hass, LENS)
    assert told.value.translation_key == "gone"


async def test_live_pictures_that_never_begin_are_an_error(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    hass_client: ClientSessionGenerator,
) -> None:
    client = await hass_client()
    fake.device.faults["fetch"] = Gone("rotated away")
    response = await client.get(f"/api/camera_proxy_stream/{LENS}")
    assert response.status == HTTPStatus.INTERNAL_SERVER_ERROR


async def test_where_there_is_only_a_stream_stills_are_cut_out_of_it(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    assert entity(hass, WIDE).use_stream_for_stills
    assert not entity(hass, DOOR).use_stream_for_stills


async def test_the_player_gets_the_login_and_nobody_else(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    door = entity(hass, DOOR)
    assert await door.stream_source() == "rtsp://user:secret@sample.example/1"
    assert door.stream_options == {CONF_RTSP_TRANSPORT: "tcp"}
    assert "secret" not in str(attributes_of(hass, DOOR))
    assert await entity(hass, LENS).stream_source() is None


async def test_what_a_camera_can_do_follows_from_its_part(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    both = CameraEntityFeature.STREAM | CameraEntityFeature.ON_OFF
    assert entity(hass, DOOR).supported_features == both
    assert entity(hass, WIDE).supported_features == CameraEntityFeature.STREAM
    assert entity(hass, LENS).supported_features == CameraEntityFeature(0)
    shown = attributes_of(hass, DOOR)
    assert (shown["brand"], shown["model_name"]) == ("Eye", "E-1")


async def test_it_is_switched_and_looks_for_motion(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    await act(hass, "camera.turn_on", DOOR)
    await act(hass, "camera.enable_motion_detection", DOOR)
    assert entity(hass, DOOR).is_on
    assert attributes_of(hass, DOOR)["motion_detection"] is True
    await act(hass, "camera.turn_off", DOOR)
    await act(hass, "camera.disable_motion_detection", DOOR)
    assert not entity(hass, DOOR).is_on
    assert "motion_detection" not in attributes_of(hass, DOOR)
    assert [command for _, command in fake.device.done] == [
        Set("enabled", True),
        Set("motion_detection", True),
        Set("enabled", False),
        Set("motion_detection", False),
    ]
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, DOOR)


async def test_it_shows_that_the_device_records(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    assert state_of(hass, DOOR) == "idle"
    await say(hass, fake, clock, Value("camera.1:recording", True))
    assert state_of(hass, DOOR) == "recording"


async def test_a_stream_that_the_device_takes_away_is_unavailable(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    whole = everything()
    less = topology(
        list(whole.parts.values()),
        list(whole.features.values()),
        [stream for stream in whole.streams.values() if stream.id != "camera.1:main"],
        list(whole.polls.values()),
        list(whole.feeds.values()),
    )
    fake.device.topology = less
    await say(hass, fake, clock, less)
    await pass_time(hass, clock, 1)
    await say(hass, fake, clock, less)
    assert state_of(hass, DOOR) == "unavailable"
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, DOOR)
    await say(hass, fake, clock, whole)
    assert state_of(hass, DOOR) == "idle"


async def test_live_pictures_are_passed_on_as_they_come(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    hass_client: ClientSessionGenerator,
) -> None:
    client = await hass_client()
    for picture in (b"\xff\xd8one\xff\xd9", b"\xff\xd8two\xff\xd9", None):
        fake.device.pictures.put_nowait(picture)
    response = await client.get(f"/api/camera_proxy_stream/{LENS}")
    assert response.status == HTTPStatus.OK
    kind = response.headers["Content-Type"]
    assert kind == "multipart/x-mixed-replace; boundary=frame"
    body = await response.read()
    assert body.startswith(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 7\r\n\r\n")
    # Who is slow misses some, but never the last.
    assert body.endswith(b"\xff\xd8two\xff\xd9\r\n")
    assert fake.device.live == 0


async def test_who_takes_no_pictures_any_more_is_let_go(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custom_components.cctv.camera.SEND_SECONDS", 0.2)
    client = await hass_client()
    token = entity(hass, LENS).access_tokens[-1]
    large = b"\xff\xd8" + bytes(1 << 20) + b"\xff\xd9"

    def is_let_go() -> bool:
        """Have another picture, as long as there is somebody to see it."""
        fake.device.pictures.put_nowait(large)
        return fake.device.live == 0

    fake.device.pictures.put_nowait(large)
    reader, writer = await asyncio.open_connection(client.host, client.port, limit=1)
    try:
        writer.write(f"GET /api/camera_proxy_stream/{LENS}?token={token} HTTP/1.1\r\n".encode())
        writer.write(b"Host: house\r\n\r\n")
        assert await reader.readexactly(15) == b"HTTP/1.1 200 OK"
        await eventually(lambda: fake.device.live == 1)
        await eventually(is_let_go)
    finally:
        writer.close()


async def test_where_there_are_no_live_pictures_stills_follow_each_other(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    hass_client: ClientSessionGenerator,
) -> None:
    old = running.runtime_data.topology.streams["camera.1:main"]
    still = Stream(old.id, old.part, Profile.MAIN, still="still/1")
    await say(hass, fake, clock, everything(still))
    client = await hass_client()
    async with client.get(f"/api/camera_proxy_stream/{DOOR}") as response:
        assert response.status == HTTPStatus.OK
        assert JPEG in await response.content.readuntil(JPEG)


async def a_player(hass: HomeAssistant) -> Player:
    """Return the player of the door's stream, preloaded as the user chose."""
    assert await async_setup_component(hass, "stream", {})
    settings = await get_dynamic_camera_stream_settings(hass, DOOR)
    settings.preload_stream = True
    stream = await entity(hass, DOOR).async_create_stream()
    assert stream is not None
    stream.add_provider("hls")
    return stream


async def test_the_player_goes_with_its_camera(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    stream = await a_player(hass)
    await hass.config_entries.async_unload(running.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not stream.outputs()
    assert not stream.dynamic_stream_settings.preload_stream
    assert (await get_dynamic_camera_stream_settings(hass, DOOR)).preload_stream


async def test_a_player_that_cannot_play_takes_no_stills_away(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """Home Assistant tells of its player's trouble as that of the camera, until nobody watches."""
    (await a_player(hass))._async_update_state(available=False)
    assert state_of(hass, DOOR) == "idle"
    assert (await async_get_image(hass, DOOR)).content == JPEG
    wide = await entity(hass, WIDE).async_create_stream()
    assert wide is not None
    wide._async_update_state(available=False)
    assert state_of(hass, WIDE) == "unavailable"


async def test_a_stream_that_moves_gets_another_player(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    stream = await a_player(hass)
    old = running.runtime_data.topology.streams["camera.1:main"]
    await say(hass, fake, clock, everything(replace(old, still=None)))
    assert entity(hass, DOOR).stream is stream
    await say(hass, fake, clock, everything(replace(old, url="rtsp://sample.example:8554/1")))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not stream.outputs()
    another = await entity(hass, DOOR).async_create_stream()
    assert another is not None
    assert another.source == "rtsp://user:secret@sample.example:8554/1"


async def test_a_talk_button_where_home_assistant_has_one(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant 2026.11 has the class that declares it; 2026.10 has not."""

    def capabilities(*, two_way_audio: bool) -> dict[str, bool]:
        return {"two_way_audio": two_way_audio}

    monkeypatch.setattr(camera, "CameraEntityCapabilities", capabilities, raising=False)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    door, wide = entity(hass, DOOR), entity(hass, WIDE)
    assert getattr(door, "_attr_camera_entity_capabilities") == {"two_way_audio": True}  # noqa: B009
    assert not hasattr(wide, "_attr_camera_entity_capabilities")


def test_the_stream_that_most_can_play_bears_the_camera_s_name() -> None:
    main = Stream("camera.1:main", "camera.1", Profile.MAIN, minor=True)
    sub = Stream("camera.1:sub", "camera.1", Profile.SUB)
    part = Part("camera.1", PartKind.CAMERA)
    assert leading(topology([part], [], [main, sub]), "camera.1") == "camera.1:sub"
    assert leading(topology([part], [], [main]), "camera.1") == "camera.1:main"
    assert leading(topology([part], [], []), "camera.1") is None
