"""A small still of a recording."""

import io

from PIL import Image
import pytest

from custom_components.cctv.media import source as sources
from custom_components.cctv.media.source import MediaError
from custom_components.cctv.media.thumbnail import still
from tests.simulators.clips import avi_clip, dav_clip, mp4_clip, raw_clip
from tests.simulators.dhav import Style

from .tapes import Tape

CLIPS = [
    ("dav", dav_clip(3.0, size=(640, 360))),
    ("dav", dav_clip(3.0, codec="h265", size=(640, 360))),
    ("dav", dav_clip(3.0, size=(640, 360), style=Style(split=500))),
    ("avi", avi_clip(3.0, (640, 360))),
    ("mp4", mp4_clip(3.0, size=(640, 360))),
    ("mp4", mp4_clip(3.0, "h265", size=(640, 360), late_moov=False)),
    ("h264", raw_clip(3.0, size=(640, 360))),
]


@pytest.mark.parametrize("ranged", [True, False])
@pytest.mark.parametrize(("container", "body"), CLIPS)
async def test_it_is_the_first_picture_made_small(
    container: str, body: bytes, ranged: bool
) -> None:
    tape = Tape(body, container, ranged=ranged)
    image = Image.open(io.BytesIO(await still(tape.source())))
    assert (image.format, image.size) == ("JPEG", (320, 180))
    red, green, blue = image.convert("RGB").getpixel((20, 80))  # type: ignore[misc]
    assert (red, green, blue) == pytest.approx((230, 120, 30), abs=25)
    assert tape.closed == len(tape.opened)


async def test_it_is_not_made_larger() -> None:
    body = await still(Tape(dav_clip(2.0)).source(), width=4_000)
    assert Image.open(io.BytesIO(body)).size == (320, 180)


async def test_only_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.cctv.media.bridge.HELD_MOST_BYTES", 16 << 10)
    tape = Tape(dav_clip(300.0, size=(640, 360), bits=500_000))
    await still(tape.source())
    assert tape.given < len(tape.body) / 20
    assert tape.closed == 1


async def test_a_late_moov_is_fetched_by_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.cctv.media.bridge.HELD_MOST_BYTES", 4 << 10)
    tape = Tape(mp4_clip(30.0, size=(640, 360)), "mp4", ranged=True, chunk=1_024)
    await still(tape.source())
    assert tape.given < len(tape.body) / 2
    assert tape.closed == len(tape.opened)


@pytest.mark.parametrize("container", ["dav", "mp4", "avi"])
async def test_nothing_is_made_of_nothing(container: str) -> None:
    for body, key in ((b"", "media_empty"), (b"x" * 5_000, "media_damaged")):
        tape = Tape(body, container)
        with pytest.raises(MediaError) as caught:
            await still(tape.source())
        assert caught.value.key == key
        assert tape.closed == 1


async def test_a_device_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "STALL_SECONDS", 0.2)
    tape = Tape(dav_clip(3.0), stalls_at=0)
    with pytest.raises(MediaError) as caught:
        await still(tape.source())
    assert caught.value.key == "media_stalled"
