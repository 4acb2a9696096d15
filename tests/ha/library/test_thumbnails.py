"""Small pictures of recordings: the device's own, else the first in them; made once."""

import asyncio
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from custom_components.cctv import thumbnails
from tests.ha.house import House
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator

from .viewer import Place, Viewer


async def clips(viewer: Viewer, *places: str) -> list[Place]:
    """Return what is shown at a place."""
    children: list[Place] = (await viewer.walk(*places))["children"]
    return children


def fetched(yi: House[YiHackSimulator], ending: str) -> int:
    """Return how often a kind of file was fetched."""
    requests = [exchange.request for exchange in yi.box.wire]
    return len([one for one in requests if one.method == "GET" and one.target.endswith(ending)])


async def test_a_device_gives_its_own_and_is_asked_once(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = (await clips(viewer, "yi", "2026"))[0]["thumbnail"]
    before = fetched(yi, ".jpg")
    answers = await asyncio.gather(*(viewer.get(url) for _ in range(10)))
    bodies = {await answer.read() for answer in answers}
    assert len(bodies) == 1
    assert bodies.pop().startswith(b"\xff\xd8")
    assert fetched(yi, ".jpg") == before + 1
    first = answers[0]
    assert first.content_type == "image/jpeg"
    assert first.headers["Cache-Control"] == "private, max-age=86400"
    tag = first.headers["ETag"]
    assert (await viewer.get(url, **{"If-None-Match": tag})).status == 304


async def test_without_one_the_first_picture_is_taken(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    card = yi.box.camera.card
    for path in yi.box.clips:
        card.remove(path.replace(".mp4", ".jpg"))
    url = (await clips(viewer, "yi", "2026"))[1]["thumbnail"]
    answer = await viewer.get(url)
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert (await answer.read()).startswith(b"\xff\xd8")


async def test_one_is_made_at_a_time(
    hass: HomeAssistant, yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    urls = [one["thumbnail"] for one in await clips(viewer, "yi", "2026")]
    lock = yi.entry.runtime_data.library.thumbnails
    async with lock:
        waiting = [asyncio.create_task(viewer.get(url)) for url in urls]
        _, pending = await asyncio.wait(waiting, timeout=0.1)
        assert len(pending) == len(urls)
    answers = await asyncio.gather(*waiting)
    assert {answer.status for answer in answers} == {200}


async def test_who_waits_too_long_is_told_so(
    yi: House[YiHackSimulator], viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "WAIT_SECONDS", 0.05)
    url = (await clips(viewer, "yi", "2026"))[0]["thumbnail"]
    async with yi.entry.runtime_data.library.thumbnails:
        assert (await viewer.get(url)).status == 503


async def test_what_has_none_is_not_asked_again_and_again(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = (await clips(viewer, "yi", "2026"))[1]["thumbnail"]
    for path in yi.box.clips:
        yi.box.camera.card.remove(path)
        yi.box.camera.card.remove(path.replace(".mp4", ".jpg"))
    assert (await viewer.get(url)).status == 404
    asked = fetched(yi, ".mp4")
    assert (await viewer.get(url)).status == 404
    assert fetched(yi, ".mp4") == asked


async def test_they_go_with_their_device(
    hass: HomeAssistant, yi: House[YiHackSimulator], viewer: Viewer, cache: Path
) -> None:
    url = (await clips(viewer, "yi", "2026"))[0]["thumbnail"]
    await (await viewer.get(url)).read()
    folder = cache / "thumbnails" / yi.entry.entry_id
    assert len(list(folder.iterdir())) == 1
    await hass.config_entries.async_remove(yi.entry.entry_id)
    assert not folder.exists()


async def test_a_stored_picture_is_its_own_thumbnail(
    ispy: House[IspySimulator], viewer: Viewer
) -> None:
    one = (await clips(viewer, "Office", "Driveway", "2026"))[0]
    answer = await viewer.get(one["thumbnail"])
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    picture = await viewer.resolve(one["media_content_id"])
    assert await answer.read() == await (await viewer.get(picture["url"])).read()


async def test_a_film_is_no_picture_and_a_picture_no_film(
    ispy: House[IspySimulator], viewer: Viewer
) -> None:
    picture, film = await clips(viewer, "Office", "Driveway", "2026")
    shown = (await viewer.resolve(picture["media_content_id"]))["url"].split("?")[0]
    played = (await viewer.resolve(film["media_content_id"]))["url"].split("?")[0]
    assert (await viewer.get(shown.replace("/picture/", "/play/"))).status == 404
    assert (await viewer.get(played.replace("/play/", "/picture/"))).status == 404
