"""Images are fetched when somebody looks, and kept until there is another."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from http import HTTPStatus

from homeassistant.components.image import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cctv.devices.errors import Gone
from custom_components.cctv.devices.model import Content, Picture, Value
from tests.devices.clock import FakeClock
from tests.devices.sample import JPEG

from .fakes import FakeFamily
from .steps import say, state_of

IMAGE = "image.door_last_picture"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_a_picture_is_fetched_once(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    hass_client: ClientSessionGenerator,
) -> None:
    assert state_of(hass, IMAGE) == "2026-03-01T00:00:00+00:00"
    client = await hass_client()
    for _ in range(2):
        response = await client.get(f"/api/image_proxy/{IMAGE}")
        assert response.status == HTTPStatus.OK
        assert response.headers["Content-Type"] == "image/jpeg"
        assert await response.read() == JPEG
    assert fake.device.count("fetch") == 1

    await say(hass, fake, clock, Value("camera.1:last_picture", Picture("still/10", NOON)))
    assert state_of(hass, IMAGE) == NOON.isoformat()
    assert (await async_get_image(hass, IMAGE)).content == JPEG
    assert fake.device.count("fetch") == 2


async def test_there_may_be_none(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value("camera.1:last_picture", None))
    assert state_of(hass, IMAGE) == "unknown"
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, IMAGE)


async def test_one_that_is_gone_is_told(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.faults["fetch"] = Gone("rotated away")
    with pytest.raises(HomeAssistantError) as told:
        await async_get_image(hass, IMAGE)
    assert told.value.translation_key == "gone"


@pytest.mark.parametrize(
    ("claimed", "body"),
    [
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("image/jpeg", b"<html><script>1</script></html>"),
        ("image/jpeg", JPEG[:-2]),
        ("image/png", b"x" * (17 << 20)),
    ],
)
async def test_what_is_no_picture_is_not_shown(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    monkeypatch: pytest.MonkeyPatch,
    claimed: str,
    body: bytes,
) -> None:
    """What is shown comes from the device: nothing that a browser would run."""
    answer(fake, monkeypatch, claimed, body)
    with pytest.raises(HomeAssistantError) as told:
        await async_get_image(hass, IMAGE)
    assert told.value.translation_key == "malformed"


async def test_a_picture_is_what_its_first_bytes_say(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    monkeypatch: pytest.MonkeyPatch,
    hass_client: ClientSessionGenerator,
) -> None:
    answer(fake, monkeypatch, "text/html", b"\x89PNG\r\n\x1a\n...")
    client = await hass_client()
    response = await client.get(f"/api/image_proxy/{IMAGE}")
    assert response.headers["Content-Type"] == "image/png"


def answer(fake: FakeFamily, monkeypatch: pytest.MonkeyPatch, claimed: str, body: bytes) -> None:
    """Have the device answer every question for bytes so."""

    async def chunks() -> AsyncIterator[bytes]:
        yield body

    async def fetch(*args: object) -> Content:
        return Content(claimed, chunks())

    monkeypatch.setattr(fake.device, "fetch", fetch)
