"""What the document names and no other test does, section by section."""

import asyncio

import pytest

from custom_components.cctv.devices.commands import GetConfig, Set
from custom_components.cctv.devices.model import BOX
from tests.simulators.open_api.faults import Separator

from .conftest import Build, told, topology_of


@pytest.mark.parametrize("separator", [*Separator])
@pytest.mark.parametrize("personality", ["seed", "vapix", "3s"])
async def test_every_form_of_a_listing_gives_the_same_settings(
    house: Build, personality: str, separator: Separator
) -> None:
    """With and without a root, whatever ends the headers (§1.1.2)."""
    home = await house(personality, faults={"separator": separator})
    home.box.parameters["ImageSource.I0.Sensor.Brightness"] = "64"
    device, batch = await home.opened()
    assert told(batch)[":brightness"] == 64
    shown = (await device.do(BOX, GetConfig("ImageSource"))).data
    assert shown["ImageSource.I0.Sensor.Brightness"] == "64"


@pytest.mark.parametrize("key", ["overlay_shown", "overlay_clock", "overlay_date"])
async def test_the_text_in_the_picture_is_shown_and_hidden(house: Build, key: str) -> None:
    """OSD (§1.11)."""
    home = await house()
    device, _ = await home.opened()
    name = {
        "overlay_shown": "TextEnabled",
        "overlay_clock": "ClockEnabled",
        "overlay_date": "DateEnabled",
    }[key]
    for value, word in ((True, "yes"), (False, "no"), (True, "yes")):
        answer = await device.do(BOX, Set(key, value))
        assert told(answer.updates)[f":{key}"] is value
        assert home.box.parameters[f"Image.I0.Text.{name}"] == word


async def test_how_large_the_picture_is_and_may_be(house: Build) -> None:
    """resolution.cgi, and the resolutions that the model has (§2.1)."""
    home = await house()
    device, batch = await home.opened()
    options = topology_of(batch).features[":resolution"].options
    assert len(options) > 1
    for wish in options[:2]:
        await device.do(BOX, Set("resolution", wish))
        assert home.box.parameters["Image.I0.Appearance.Resolution"] == wish
        assert told(await device.read("size"))[":picture_size"] == wish


@pytest.mark.parametrize(
    ("key", "name"), [("motion_history", "History"), ("motion_object_size", "ObjectSize")]
)
async def test_every_number_of_a_window_is_set_at_it(house: Build, key: str, name: str) -> None:
    """Updated and listed by its own number (§4.3, §4.4)."""
    home = await house()
    device, _ = await home.opened()
    for value in (12, 87):
        answer = await device.do("window.3", Set(key, value))
        assert told(answer.updates)[f"window.3:{key}"] == value
        assert home.box.parameters[f"Motion.M3.{name}"] == str(value)
    home.box.parameters[f"Motion.M3.{name}"] = "50"
    assert told(await device.read("config:Motion"))[f"window.3:{key}"] == 50


async def test_a_still_is_the_picture_without_what_follows_it(house: Build) -> None:
    """The counted bytes of the response, and not the line end behind them (§2.3.3)."""
    home = await house()
    device, _ = await home.opened()
    content = await device.fetch("still:1")
    body = await content.read()
    assert (content.mime, content.size) == ("image/jpeg", len(body))
    assert body.startswith(b"\xff\xd8")
    assert body.endswith(b"\xff\xd9")


async def test_live_pictures_are_as_large_as_the_user_wants(house: Build) -> None:
    """The request of the live view with its options (§2.3.5)."""
    home = await house(faults={"frame_interval": 0.02})
    options = {"live_resolution": "320x180", "live_compression": "50"}
    device, _ = await home.opened(options=options)
    content = await device.fetch("live:1")
    try:
        async with asyncio.timeout(20):
            assert b"320x180" in await anext(aiter(content.chunks))
    finally:
        await content.close()
    assert home.sent() == ["/video.mjpg?resolution=320x180&compression=50"]
