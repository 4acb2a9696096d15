"""Live without RTSP: simulated Amcrest boxes are watched, heard and spoken to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from aiohttp.test_utils import TestClient
import av
from homeassistant.components.camera.const import DATA_COMPONENT, CameraEntityFeature
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.cctv import live_view
from custom_components.cctv.camera import CctvCamera
from tests.devices.clock import FakeClock
from tests.media.samples import tone
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.audio import Speaker
from tests.simulators.amcrest.answers.live import Live

from .house import House, add
from .steps import act

USER: Final = "admin"
PASSWORD: Final = "p@ss:w/rd#"
DEADLINE_SECONDS: Final = 30
SEEN_SECONDS: Final = 6

type Yard = House[AmcrestSimulator]
type Move = Callable[[str], Awaitable[Yard]]


def picture(scene: str, number: int) -> bytes:
    """Return something that begins and ends like a JPEG."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


@pytest.fixture
async def move_in(
    hass: HomeAssistant, socket_enabled: None, clock: FakeClock
) -> AsyncIterator[Move]:
    """Return what starts a box without RTSP, and adds it with all that is found later."""
    houses: list[Yard] = []
    assert await async_setup_component(hass, "http", {"http": {}})

    async def move(personality: str) -> Yard:
        box = AmcrestSimulator(personality, USER, PASSWORD, pictures=picture)
        box.config["RTSP.Enable"] = "false"
        await box.start()
        known = {"username": USER, "password": PASSWORD}
        houses.append(House(hass, box, await add(hass, box.url, known)))
        await houses[-1].known(clock)
        return houses[-1]

    yield move
    for house in houses:
        if house.entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(house.entry.entry_id)
        await house.box.stop()


def camera_of(house: Yard, stream: str = ":main") -> CctvCamera:
    """Return the camera of a stream."""
    found = house.hass.data[DATA_COMPONENT].get_entity(house.id_of("camera", stream))
    assert isinstance(found, CctvCamera)
    return found


async def address(house: Yard, client: TestClient[Any, Any]) -> str:
    """Return the address that players are given, at the server that tests have."""
    camera = camera_of(house)
    assert CameraEntityFeature.STREAM in camera.supported_features
    source = await camera.stream_source()
    assert source is not None
    assert PASSWORD not in source
    url = URL(source, encoded=True)
    assert url.host == "127.0.0.1" or url.host == house.hass.config.api.host  # type: ignore[union-attr]
    return str(client.make_url("/")).rstrip("/") + url.raw_path_qs


def watch(url: str, seconds: float) -> tuple[set[str], Counter[str], int]:
    """Watch as Home Assistant's own player does; codecs, packets, and pictures that were drawn."""
    packets: Counter[str] = Counter()
    drawn = 0
    with av.open(url, timeout=DEADLINE_SECONDS) as film:
        codecs = {stream.codec_context.name for stream in film.streams}
        for packet in film.demux():
            packets[packet.stream.type] += 1
            if packet.stream.type == "video" and packet.pts is not None:
                drawn += len(packet.decode())
                if float(packet.pts * packet.time_base) >= seconds:
                    break
    return codecs, packets, drawn


async def test_a_live_view_without_rtsp_is_seen_and_heard(
    move_in: Move, hass_client: ClientSessionGenerator
) -> None:
    house = await move_in("ipc")
    live = house.box.device.of(Live)
    live.hurry = 10
    url = await address(house, await hass_client())
    async with asyncio.timeout(DEADLINE_SECONDS):
        codecs, packets, drawn = await asyncio.to_thread(watch, url, SEEN_SECONDS)
    assert codecs == {"h264", "aac"}
    assert packets["video"] >= SEEN_SECONDS * 5
    assert packets["audio"] > 10
    assert drawn > SEEN_SECONDS
    # It goes on for as long as somebody takes it, and no longer.
    await house.box.changed.until(lambda: not live.watching)


async def test_two_watch_and_one_leaves(move_in: Move, hass_client: ClientSessionGenerator) -> None:
    house = await move_in("ipc")
    live = house.box.device.of(Live)
    live.hurry = 10
    client = await hass_client()
    url = URL(await address(house, client), encoded=True)
    async with asyncio.timeout(DEADLINE_SECONDS):
        first = await client.session.get(url)
        second = await client.session.get(url)
        assert (first.status, first.content_type) == (HTTPStatus.OK, "video/mp4")
        assert b"ftyp" in await second.content.readany()
        await house.box.changed.until(lambda: live.watching == 2)
        first.close()
        await house.box.changed.until(lambda: live.watching == 1)
        while len(await second.content.readany()) == 0:
            pass
        second.close()
    await house.box.changed.until(lambda: not live.watching)


async def test_it_ends_when_the_entry_is_unloaded(
    hass: HomeAssistant, move_in: Move, hass_client: ClientSessionGenerator
) -> None:
    house = await move_in("ipc")
    live = house.box.device.of(Live)
    client = await hass_client()
    live.hurry = 10
    url = URL(await address(house, client), encoded=True)
    async with asyncio.timeout(DEADLINE_SECONDS):
        answer = await client.session.get(url)
        await answer.content.readany()
        assert await hass.config_entries.async_unload(house.entry.entry_id)
        await house.box.changed.until(lambda: not live.watching)
        again = await client.session.get(url)
        assert again.status == HTTPStatus.NOT_FOUND
        answer.close()


async def test_only_who_may_see_it_gets_it(
    hass: HomeAssistant,
    move_in: Move,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    house = await move_in("ipc")
    client = await hass_client()
    path = URL(await address(house, client), encoded=True).raw_path
    stranger = await hass_client_no_auth()
    assert (await stranger.get(path)).status == HTTPStatus.UNAUTHORIZED
    assert (await stranger.get(f"{path}?authSig=x")).status == HTTPStatus.UNAUTHORIZED
    for wrong in (
        path.replace("main", "third"),
        path.replace("/box/", "/camera.7/"),
        path.replace(house.entry.entry_id, "0" * 26),
    ):
        assert wrong != path
        assert (await client.get(wrong)).status == HTTPStatus.NOT_FOUND
    assert not house.box.device.of(Live).watching


async def test_a_box_that_refuses_says_why(
    move_in: Move, hass_client: ClientSessionGenerator
) -> None:
    house = await move_in("ipc")
    client = await hass_client()
    url = URL(await address(house, client), encoded=True)
    house.box.config["Encode[0].MainFormat[0].VideoEnable"] = "false"
    answer = await client.session.get(url)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert house.entry.title in await answer.text()


async def test_a_player_that_takes_nothing_is_left(
    move_in: Move, hass_client: ClientSessionGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_view, "SEND_SECONDS", 0.3)
    house = await move_in("ipc")
    live = house.box.device.of(Live)
    live.hurry = 10_000
    client = await hass_client()
    url = URL(await address(house, client), encoded=True)
    async with asyncio.timeout(DEADLINE_SECONDS):
        answer = await client.session.get(url)
        await house.box.changed.until(lambda: not live.watching, DEADLINE_SECONDS)
        answer.close()


async def test_moving_jpeg_is_shown_as_it_comes_and_to_no_player(
    hass: HomeAssistant, move_in: Move, hass_client: ClientSessionGenerator
) -> None:
    house = await move_in("wizsense")
    entity_id = house.id_of("camera", ":third")
    er.async_get(hass).async_update_entity(entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(house.entry.entry_id)
    await hass.async_block_till_done()
    third = camera_of(house, ":third")
    assert CameraEntityFeature.STREAM not in third.supported_features
    client = await hass_client()
    async with asyncio.timeout(DEADLINE_SECONDS):
        async with client.get(f"/api/camera_proxy_stream/{entity_id}") as answer:
            assert answer.status == HTTPStatus.OK
            assert b"\xff\xd9" in await answer.content.readuntil(b"\xff\xd9")


async def test_what_is_played_is_heard_at_a_doorbell(
    hass: HomeAssistant, move_in: Move, tmp_path: Path
) -> None:
    """§4.3.4: in real time, so that nothing is lost."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    assert await async_setup_component(hass, "media_source", {})
    tone(tmp_path / "tone.mp3", "libmp3lame", seconds=1)
    house = await move_in("doorbell")
    entity = house.id_of("media_player", ":speaker")
    async with asyncio.timeout(DEADLINE_SECONDS):
        await act(
            hass,
            "media_player.play_media",
            entity,
            media_content_type="music",
            media_content_id="media-source://media_source/local/tone.mp3",
        )
    await house.until(entity, "idle")
    (heard,) = house.box.device.of(Speaker).heard
    assert (heard.codec, heard.overrun) == ("G.711Mu", 0)
    assert len(heard.data) == pytest.approx(8_000, rel=0.15)
