"""Recordings of simulated boxes where loadfile.cgi gives none (§4.1.2-3, §4.2.3-4, §15)."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.amcrest.playback import Prefix
from custom_components.cctv.devices.amcrest.refs import parse
from custom_components.cctv.devices.errors import Gone, Malformed
from custom_components.cctv.devices.model import Recording, Recordings, Table
from custom_components.cctv.media import dhav
from tests.simulators.amcrest.answers.playback import Playbacks
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.item import Item

from .archive import day, found, moment, noon, opened, rows_of
from .conftest import Build, House
from .test_files import stored

LOAD = "loadfile.startLoad"
CANCEL = "playBack.cgi?action=control&streamId={}&cmd=cancel"


def playbacks(home: House) -> Playbacks:
    """The streams that a box plays back."""
    return home.box.device.of(Playbacks)


async def span_of(device: Amcrest, item: Item) -> str:
    """What names the time of a recording."""
    (row,) = await rows_of(device, Table(moment(item.start), moment(item.end), kind="footage"))
    assert isinstance(row["ref"], str)
    return row["ref"]


async def unloadable(house: Build, **more: Any) -> tuple[House, Amcrest, Item, str]:
    """A box with a recording that loadfile.cgi does not give, and what names its time."""
    home, device, item, _ = await stored(house, **more)
    home.box.faults.refuse[LOAD] = Refusal.BAD_REQUEST
    ref = await span_of(device, item)
    home.box.wire.clear()
    return home, device, item, ref


# --- over HTTP ------------------------------------------------------------------------------


async def test_a_time_that_cannot_be_loaded_is_played_back(house: Build) -> None:
    """§4.2.3: exactly the line in front is taken off; the next one is asked for here at once."""
    home, device, item, ref = await unloadable(house)
    whole = b"".join(home.box.device.store.between([item], item.start, item.end))
    for _ in range(2):
        content = await device.fetch(ref)
        assert (content.container, content.size) == ("dav", None)
        assert await content.read() == whole
    verbs = [each.partition("?")[0].rpartition("/")[2] for each in home.sent()]
    assert verbs == ["loadfile.cgi", "playBack.cgi", "playBack.cgi"]
    asked = home.sent()[-1]
    assert "action=getStream&channel=1&subtype=0&startTime=" in asked
    assert not home.box.device.downloads.open
    assert not playbacks(home).open


async def test_who_stops_reading_has_the_stream_cancelled(house: Build) -> None:
    """§4.2.4."""
    home, device, _, ref = await unloadable(house)
    home.box.faults.download_stall = 3_000
    content = await device.fetch(ref)
    await anext(content.chunks)
    await home.box.device.changed.until(lambda: playbacks(home).open)
    (playback,) = playbacks(home).open.values()
    await content.close()
    assert playback.orders == ["cancel"]
    assert home.sent()[-1].endswith(CANCEL.format(playback.number))
    await home.box.device.changed.until(lambda: not playbacks(home).open)


async def test_a_box_that_knows_no_cancel_is_left_all_the_same(house: Build) -> None:
    home, device, _, ref = await unloadable(house)
    home.box.faults.download_stall = 3_000
    home.box.faults.refuse["playBack.control"] = Refusal.BAD_REQUEST
    content = await device.fetch(ref)
    await content.close()
    await home.box.device.changed.until(lambda: not playbacks(home).open)
    assert await device.read("clock")


async def test_where_nothing_was_recorded_it_is_gone_and_nothing_is_concluded(
    house: Build,
) -> None:
    home, device, item, _ = await stored(house)
    query = Table(moment(noon(3)), moment(noon(2)), kind="footage")
    (row,) = await rows_of(device, query)
    with pytest.raises(Gone):
        await device.fetch(row["ref"])
    home.box.wire.clear()
    content = await device.fetch(await span_of(device, item))
    await content.read()
    assert not [each for each in home.sent() if "playBack" in each]


@pytest.mark.parametrize("step", [1, 3, 11, 1 << 10])
def test_the_line_in_front_is_taken_off_at_every_split(step: int) -> None:
    for line, number in ((b"streamId=17\r\n", 17), (b"StreamID=4\n", 4), (b"", None)):
        body = line + b"DHAV and more\r\nstreamId=5\r\n"
        prefix = Prefix()
        out = b"".join(prefix.feed(body[at : at + step]) for at in range(0, len(body), step))
        assert out + prefix.finish() == body[len(line) :]
        assert prefix.number == number
        assert prefix.done


def test_what_is_no_stream_is_told_from_one() -> None:
    with pytest.raises(Malformed):
        Prefix().feed(b"x" * 64)
    short = Prefix()
    assert short.feed(b"DHA") == b""
    assert short.finish() == b"DHA"


# --- over RTSP ------------------------------------------------------------------------------


async def test_a_time_and_a_file_have_an_address_for_players_outside(house: Build) -> None:
    _, device, item, one = await stored(house)
    (row,) = await rows_of(device, Table(moment(item.start), moment(item.end), kind="footage"))
    times = f"starttime={item.start:%Y_%m_%d_%H_%M_%S}&endtime={item.end:%Y_%m_%d_%H_%M_%S}"
    assert row["url"] == f"rtsp://127.0.0.1:554/cam/playback?channel=1&{times}"
    (listed,) = await found(device, day())
    assert isinstance(listed, Recording)
    assert listed.url == one.url
    assert listed.url is not None
    assert listed.url.startswith("rtsp://127.0.0.1:554/mnt/sd/")
    assert listed.url.endswith("%5B0%400%5D%5B0%5D.dav")
    assert parse(listed.refs[0]).path == item.path


@pytest.mark.parametrize(("port", "enabled"), [("8554", "true"), ("554", "false")])
async def test_the_address_has_the_port_and_there_is_none_without_rtsp(
    house: Build, port: str, enabled: str
) -> None:
    home = await house("ipc")
    home.box.config["RTSP.Port"] = port
    home.box.config["RTSP.Enable"] = enabled
    device = await home.surveyed()
    start, end = moment(noon()), moment(noon()) + timedelta(hours=1)
    home.box.device.store.add(0, noon(), 4, silent=True)
    home.box.device.store.add(0, noon() + timedelta(minutes=5), 4, kind="jpg", silent=True)
    told = {one.container: one.url for one in await found(device, Recordings(start, end))}
    assert told["jpeg"] is None
    if enabled == "true":
        assert (told["dav"] or "").startswith(f"rtsp://127.0.0.1:{port}/mnt/sd/")
    else:
        assert told["dav"] is None


# --- what a recording says of itself (§15) ----------------------------------------------------

TITLE = bytes((0x85, 1, 2, 3))
"""Records whose bytes are not public: what readers know of them is how long they are (§8)."""
ZONE = bytes((0x91, 0, 0, 0, 8, 0, 0, 0))
FLAG = bytes((0xB3, 1, 0, 0, 0, 0, 0, 0))
OPERATE = bytes((0x94, 0, 0, 7))


async def read_of(house: Build, **style: Any) -> tuple[list[Any], int]:
    """What the reader makes of a recording that is fetched, and how many bytes it passed over."""
    home, device = await opened(house)
    home.box.device.store.style = replace(home.box.device.store.style, **style)
    home.box.device.store.add(0, noon(), 4, silent=True)
    (one,) = await found(device, day())
    assert isinstance(one, Recording)
    content = await device.fetch(one.refs[0])
    reader = dhav.Reader()
    units = reader.feed(await content.read()) + reader.end()
    return units, reader.skipped


def pictures(units: list[Any]) -> list[Any]:
    return [unit for unit in units if unit.form.codec == "h264"]


async def test_the_head_of_each_frame_tells_kind_and_time(house: Build) -> None:
    """§15.1."""
    units, skipped = await read_of(house)
    assert skipped == 0
    seen = pictures(units)
    assert seen[0].key
    assert any(not unit.key for unit in seen)
    assert all(0 < later.time - one.time < 1_000_000 for one, later in pairwise(seen))
    assert seen[-1].time - seen[0].time == pytest.approx(4_000_000, abs=1_000_000)


@pytest.mark.parametrize(
    "records",
    [OPERATE, TITLE, ZONE, FLAG, OPERATE + TITLE + ZONE + FLAG],
    ids=["video (15.2.2)", "title (15.2.3)", "zone (15.2.4)", "flag (15.2.5)", "all"],
)
async def test_records_in_front_of_pictures_are_passed_over(house: Build, records: bytes) -> None:
    """§15.2.2-15.2.5: with them a recording is read exactly as without, its codec found behind."""
    plain, _ = await read_of(house)
    units, skipped = await read_of(house, records=records)
    assert skipped == 0
    assert [(each.form, each.time, each.key, each.data) for each in units] == [
        (each.form, each.time, each.key, each.data) for each in plain
    ]
