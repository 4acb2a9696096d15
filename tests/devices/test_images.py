"""Pictures that belong to a moment: fetched when somebody looks, kept in a bounded box."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.commands import Install
from custom_components.cctv.devices.engine import pictures
from custom_components.cctv.devices.engine.pictures import Image
from custom_components.cctv.devices.errors import CannotConnect, Gone, Malformed
from custom_components.cctv.devices.model import (
    BOX,
    Content,
    Feature,
    Part,
    PartKind,
    Picture,
    Ref,
    Value,
)

from .clock import settle
from .sample import JPEG, House, Sample, house, listing

PLACES = ("camera.1", "camera.2")
LAST = "camera.1:last_picture"
PNG = b"\x89PNG\r\n\x1a\n..."
TAKEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Album(Sample):
    """A sample whose cameras have a last picture each; what is stored is in `files`."""

    files: dict[Ref, bytes] = field(default_factory=dict)

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Give a file."""
        await self._step("fetch")
        if ref not in self.files:
            raise Gone(ref)

        async def once() -> AsyncIterator[bytes]:
            yield self.files[ref]

        return Content("application/octet-stream", once())

    def shot(self, place: str, body: bytes, ref: str = "") -> Picture:
        """Store a picture, say that it is the last one, and return what was said."""
        ref = ref or f"shot/{len(self.files)}"
        self.files[ref] = body
        picture = Picture(ref, TAKEN + timedelta(seconds=len(self.log)))
        self.say(Value(f"{place}:last_picture", picture))
        return picture


def album(*parts: Part) -> Album:
    places = [*PLACES, *(part.id for part in parts)]
    features = [Feature(place, "last_picture", push="events") for place in places]
    return Album(topology=listing(*parts, *features))


@pytest.fixture
async def home() -> AsyncIterator[House]:
    async with house(album()) as one:
        one.runner.want((LAST,))
        await one.heard()
        yield one


def device(home: House) -> Album:
    assert isinstance(home.device, Album)
    return home.device


async def test_a_picture_comes_with_what_its_first_bytes_say_it_is(home: House) -> None:
    device(home).shot("camera.1", JPEG)
    device(home).shot("camera.2", PNG)
    await settle()
    assert await home.runner.image(LAST) == Image("image/jpeg", JPEG)
    assert await home.runner.image("camera.2:last_picture") == Image("image/png", PNG)


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"GIF89a..", "image/gif"),
        (b"BM......", "image/bmp"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_what_pictures_begin_with(body: bytes, mime: str) -> None:
    assert pictures.kind(body) == mime


async def test_a_picture_is_fetched_when_somebody_looks_and_once(home: House) -> None:
    """Case 40: it outlives its file, as long as it is the last one."""
    device(home).shot("camera.1", JPEG)
    await settle()
    assert home.device.count("fetch") == 0
    gate = home.device.gates["fetch"] = asyncio.Event()
    looking = [asyncio.create_task(home.runner.image(LAST)) for _ in range(20)]
    await settle()
    looking.pop().cancel()
    gate.set()
    assert await asyncio.gather(*looking) == [Image("image/jpeg", JPEG)] * 19
    device(home).files.clear()
    await home.clock.advance(3600)
    home.device.say()
    assert (await home.runner.image(LAST)).body == JPEG
    assert home.device.count("fetch") == 1


async def test_the_next_picture_takes_its_place_even_under_the_same_name(home: House) -> None:
    """A file that is written over and over."""
    device(home).shot("camera.1", JPEG, "last.jpg")
    await settle()
    await home.runner.image(LAST)
    other = JPEG.replace(b"sample", b"second")
    device(home).shot("camera.1", other, "last.jpg")
    await settle()
    assert (await home.runner.image(LAST)).body == other


async def test_where_there_was_no_moment_yet_there_is_no_picture(home: House) -> None:
    for feature in (LAST, "camera.1:motion", "camera.9:last_picture"):
        with pytest.raises(Gone):
            await home.runner.image(feature)
    assert home.device.count("fetch") == 0


async def test_a_picture_whose_file_is_gone_is_gone(home: House) -> None:
    device(home).shot("camera.1", JPEG)
    device(home).files.clear()
    await settle()
    with pytest.raises(Gone):
        await home.runner.image(LAST)


@pytest.mark.parametrize("body", [b"", b"<html>", JPEG[:-2], b"RIFF....AVI LIST"])
async def test_what_is_no_whole_picture_is_not_kept(home: House, body: bytes) -> None:
    shot = device(home).shot("camera.1", body)
    await settle()
    with pytest.raises(Malformed):
        await home.runner.image(LAST)
    device(home).files[shot.ref] = JPEG
    assert (await home.runner.image(LAST)).body == JPEG


async def test_a_picture_without_end_is_given_up(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "STILL_MOST_BYTES", 64)
    device(home).shot("camera.1", JPEG + bytes(64))
    await settle()
    with pytest.raises(Malformed):
        await home.runner.image(LAST)


@pytest.mark.parametrize(
    ("most", "most_bytes"), [(3, 1 << 20), (64, 3 * len(JPEG)), (64, 3 * len(JPEG) + 1)]
)
async def test_the_box_is_bounded(
    monkeypatch: pytest.MonkeyPatch, most: int, most_bytes: int
) -> None:
    """Case 40: what was put in first makes room."""
    monkeypatch.setattr(pictures, "BOX_MOST", most)
    monkeypatch.setattr(pictures, "BOX_MOST_BYTES", most_bytes)
    more = [Part(f"camera.{number}", PartKind.CAMERA) for number in range(3, 7)]
    async with house(album(*more)) as home:
        features = [f"{part.id}:last_picture" for part in more]
        home.runner.want(features)
        await home.heard()
        for part in more:
            device(home).shot(part.id, JPEG)
        await settle()
        for feature in features:
            await home.runner.image(feature)
        assert home.device.count("fetch") == 4
        for feature in reversed(features):
            await home.runner.image(feature)
        assert home.device.count("fetch") == 5


async def test_who_looks_when_the_runner_stops_is_sent_away(home: House) -> None:
    device(home).shot("camera.1", JPEG)
    await settle()
    home.device.gates["fetch"] = asyncio.Event()
    looking = asyncio.create_task(home.runner.image(LAST))
    await settle()
    await home.runner.stop()
    with pytest.raises(CannotConnect):
        await looking


# --- until a box is back


def updatable() -> Sample:
    """A sample that installs what it is told to."""
    device = Sample()
    box = device.topology.parts[BOX]
    able = Part(BOX, PartKind.BOX, about=box.about, can=box.can | {Install})
    return Sample(topology=listing(able))


async def test_whoever_installs_hears_when_the_box_is_back() -> None:
    """Case 27."""
    async with house(updatable()) as home:
        await home.clock.advance(1)
        await home.runner.returned()
        await home.runner.do(BOX, Install())
        waiting = asyncio.create_task(home.runner.returned())
        home.device.offline(CannotConnect("refused"))
        await home.clock.advance(60)
        assert not waiting.done()
        home.device.online()
        await home.clock.advance(8)
        assert waiting.done()
        await waiting
        assert home.runner.state.online


async def test_a_box_that_does_not_come_back_is_given_up() -> None:
    async with house(updatable()) as home:
        await home.runner.do(BOX, Install())
        waiting = asyncio.create_task(home.runner.returned())
        home.device.offline(CannotConnect("refused"))
        await home.clock.advance(Install.away - 1)
        assert not waiting.done()
        await home.clock.advance(2)
        await waiting


async def test_nobody_waits_for_a_box_that_nobody_runs() -> None:
    async with house(updatable()) as home:
        await home.runner.do(BOX, Install())
        waiting = asyncio.create_task(home.runner.returned())
        await settle()
        await home.runner.stop()
        await asyncio.wait_for(waiting, 5)
