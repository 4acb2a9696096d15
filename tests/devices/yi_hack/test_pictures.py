"""Stills (§5.1): empty answers, another grabber, a camera that is switched off."""

import pytest

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import Busy, Gone
from custom_components.cctv.devices.model import BOX

from .conftest import Build, House, StillClock

JPEG = b"\xff\xd8"


def shots(home: House) -> int:
    """How often a picture was asked for."""
    return sum("snapshot.sh" in each for each in home.sent())


async def test_an_empty_answer_is_asked_once_more(house: Build) -> None:
    """Case 38."""
    home = await house("mstar", before=lambda box: setattr(box.faults, "snapshot_empty_every", 2))
    device, _ = await home.opened(clock=StillClock())
    for wanted in (1, 3, 5):
        content = await device.fetch("still:high")
        assert (await content.read()).startswith(JPEG)
        assert shots(home) == wanted


async def test_the_last_good_picture_stands_in_for_a_while(house: Build) -> None:
    home = await house("mstar")
    clock = StillClock()
    device, _ = await home.opened(clock=clock)
    first = await (await device.fetch("still:high")).read()
    await device.do(BOX, Set("enabled", value=False))
    assert await (await device.fetch("still:high")).read() == first
    with pytest.raises(Busy):
        await device.fetch("still:low")
    clock.advance(400)
    with pytest.raises(Busy):
        await device.fetch("still:high")


async def test_v5_says_that_it_is_switched_off(house: Build) -> None:
    home = await house("v5", before=lambda box: box.config["camera"].update(SWITCH_ON="no"))
    device, _ = await home.opened(clock=StillClock())
    with pytest.raises(Busy):
        await device.fetch("still:high")


async def test_a_picture_ends_where_the_jpeg_ends(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    content = await device.fetch("still:low")
    body = await content.read()
    assert content.mime == "image/jpeg"
    assert content.size == len(body)
    assert body.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "ref", ["still:", "still:huge", "still:high&file=x", "image:1", "image:", "../x", "", "backup2"]
)
async def test_no_other_ref_is_a_picture(house: Build, ref: str) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.sent()
