"""Searches: recordings by time, files, grabs, levels, counts (§8)."""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import BadInput, DeviceError, Unsupported
from custom_components.cctv.devices.ispy import refs
from custom_components.cctv.devices.model import Recording, Recordings, Table
from tests.devices.clock import FakeClock
from tests.devices.ispy.conftest import Build, rows
from tests.simulators.ispy import CAMERA
from tests.simulators_tests.ispy_box import NOON


class NoonClock(FakeClock):
    """Shows what the PC's clock shows."""

    def now(self) -> datetime:
        """Noon."""
        return NOON


@pytest.mark.parametrize("personality", ["g3", "g2", "g1", "german"])
async def test_recordings_come_newest_first_with_their_times(
    house: Build, personality: str
) -> None:
    """The clock of the PC has no zone (§8); the list prints in its locale."""
    home = await house(personality)
    device, _ = await home.opened()
    found = await rows(device, "camera.1", Recordings())
    wanted = sorted(home.box.thing(CAMERA, 1).recordings, key=lambda each: each.ended, reverse=True)
    assert len(found) == len(wanted) > 1
    for mine, theirs in zip(found, wanted, strict=True):
        assert isinstance(mine, Recording)
        assert mine.end is not None
        assert abs(mine.end - theirs.ended) < timedelta(seconds=1)
        assert abs(mine.start - theirs.started) < timedelta(seconds=2)
        assert mine.container == theirs.suffix
        assert theirs.name.replace(" ", "%20").replace(",", "%2C") in mine.refs[0]
        assert mine.name == theirs.name
        assert mine.kinds == {"motion" if theirs.max_alarm >= 20 else "other"}


async def test_a_recordings_refs_can_be_fetched(house: Build) -> None:
    home = await house("german")
    device, _ = await home.opened()
    for recording in await rows(device, "camera.3", Recordings()):
        (ref,) = recording.refs
        assert await (await device.fetch(ref)).read()
        assert await (await device.fetch(recording.thumbnail)).read()


async def test_recordings_of_a_microphone_have_no_picture(house: Build) -> None:
    device, _ = await (await house()).opened()
    (found,) = await rows(device, "microphone.2", Recordings())
    assert found.thumbnail is None
    assert found.container == "mp3"


async def test_a_time_is_asked_for_in_ticks_of_the_pcs_clock(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    query = Recordings(start=NOON - timedelta(hours=3), end=NOON)
    (found,) = await rows(device, "camera.1", query)
    assert found.start == pytest.approx(NOON - timedelta(hours=2), abs=timedelta(seconds=2))
    (asked,) = home.told("graphall")
    assert "startdate=638" in asked
    assert not await rows(device, "camera.3", Recordings())


async def test_case_21_an_hour_that_comes_twice_is_told_apart_by_the_order(house: Build) -> None:
    home = await house("hostile")
    device, _ = await home.opened()
    night = datetime(2024, 10, 27, tzinfo=UTC)
    found = await rows(device, "camera.0", Recordings(start=night, end=night + timedelta(hours=6)))
    ends = sorted(recording.end.replace(microsecond=0) for recording in found)
    assert ends == [
        datetime(2024, 10, 27, 0, 40, tzinfo=UTC),
        datetime(2024, 10, 27, 1, 40, 5, tzinfo=UTC),
    ]


async def test_names_with_commas_and_masked_words_are_whole(house: Build) -> None:
    home = await house("hostile")
    device, _ = await home.opened()
    found = await rows(device, "camera.0", Recordings())
    theirs = home.box.thing(CAMERA, 0).recordings
    assert {recording.name for recording in found} == {each.name for each in theirs}
    assert len(found) == len(theirs), "none of them twice, though the spans overlap"
    for recording in found:
        assert [refs.parse(ref).name for ref in recording.refs] in ([recording.name], [])
    assert "result.mp4" in {recording.name for recording in found}
    ends = [recording.end for recording in found]
    assert ends == sorted(ends, reverse=True)


async def test_a_file_too_large_to_be_sent_is_only_listed(house: Build) -> None:
    home = await house("hostile")
    device, _ = await home.opened()
    large = [each.name for each in home.box.thing(CAMERA, 0).recordings if each.size > 2**31]
    found = await rows(device, "camera.0", Recordings())
    assert [each.name for each in found if not each.refs] == large
    home.box.faults.bodies["getcontentlist"] = "2,1"
    assert len(await rows(device, "camera.0", Recordings())) == len(found), "without sizes, too"


async def test_recordings_are_asked_for_as_far_as_somebody_looks(house: Build) -> None:
    home = await house("hostile")
    device, _ = await home.opened(clock=NoonClock())
    async with aclosing(device.find("camera.0", Recordings(limit=1))) as found:
        newest = await anext(found)
    assert isinstance(newest, Recording)
    assert len(home.told("graphall")) == 1
    assert "startdate" in home.told("graphall")[0]
    home.box.wire.clear()
    day = Recordings(start=NOON - timedelta(days=1), end=NOON)
    assert len(await rows(device, "camera.0", day)) > 50
    assert len(home.told("graphall")) == 1


async def test_recordings_overlap_the_time_asked_for(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    (one,) = await rows(
        device,
        "camera.1",
        Recordings(start=NOON - timedelta(hours=6), end=NOON - timedelta(hours=3)),
    )
    second = timedelta(seconds=1)
    inside = one.start + timedelta(seconds=30)
    for start, end in (
        (inside, inside + second),
        (None, one.start + second),
        (one.end - second, NOON),
    ):
        assert one in await rows(device, "camera.1", Recordings(start=start, end=end))
    for start, end in ((None, one.start), (one.end, NOON)):
        assert one not in await rows(device, "camera.1", Recordings(start=start, end=end))


async def test_recordings_are_of_motion_where_it_reached_the_level(house: Build) -> None:
    home = await house()
    device, _ = await home.opened(options={"threshold": 50})
    every = await rows(device, "camera.1", Recordings())
    assert [each.kinds for each in every] == [{"other"}, {"motion"}, {"other"}]
    moved = await rows(device, "camera.1", Recordings(kinds=frozenset({"motion"})))
    assert moved == [every[1]]
    (heard,) = await rows(device, "microphone.2", Recordings())
    assert heard.kinds == {"other"}, "how loud a microphone is, is told raw"


async def test_a_file_that_is_being_written_is_not_listed(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    before = await rows(device, "camera.1", Recordings())
    await device.do("camera.1", Set("record", value=True))
    assert home.box.thing(CAMERA, 1).writing
    home.box.advance(5)
    assert await rows(device, "camera.1", Recordings()) == before
    made = home.box.finish_recording(CAMERA, 1)
    assert made is not None
    newest = (await rows(device, "camera.1", Recordings()))[0]
    assert (newest.name, newest.end - newest.start) == (made.name, timedelta(seconds=made.seconds))


async def test_a_name_that_leads_elsewhere_is_none(house: Build) -> None:
    """The list is the program's own, and yet it is not believed."""
    home = await house()
    device, _ = await home.opened()
    for name in (r"..\..\x.mp4", "../x.mp4", "a:b.mp4", "x" * 399 + ".mp4"):
        home.box.faults.bodies["graphall"] = f'"1711854900123|0.412|6|{name[:400]}"'
        (found,) = await rows(device, "camera.1", Recordings(start=NOON - timedelta(hours=1)))
        assert (found.refs, found.name, found.thumbnail) == ((), None, None)
    for name, container in (("a.mkv", "mkv"), ("b.AVI", "avi"), ("c.fla", "flv"), ("d.exe", "")):
        home.box.faults.bodies["graphall"] = f'"1711854900123|0.412|6|{name}"'
        (found,) = await rows(device, "camera.1", Recordings(start=NOON - timedelta(hours=1)))
        assert (found.name, found.container) == (name, container)
        assert bool(found.refs) is bool(container)


async def test_files_are_listed_page_by_page(house: Build) -> None:
    home = await house("hostile")
    device, _ = await home.opened()
    found = await rows(device, "camera.0", Table(kind="files"))
    names = {each.name for each in home.box.thing(CAMERA, 0).recordings}
    assert {row["name"] for row in found} == names
    assert len(found) == len(names) > 100
    pages = [each for each in home.sent() if "page=1" in each]
    assert len(pages) == 1
    assert not await rows(device, "camera.1", Table(kind="files")), "the page for nothing"


async def test_grabs_of_one_camera_and_of_all(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    mine = await rows(device, "camera.1", Table(kind="pictures"))
    assert len(mine) == 2
    assert mine[0]["time"] is not None
    assert (await (await device.fetch(mine[0]["ref"])).read()).startswith(b"\xff\xd8")
    everyones = await rows(device, "", Table(kind="pictures"))
    assert {row["part"] for row in everyones} == {"camera.1", "camera.2"}
    times = [row["time"] for row in mine]
    assert times == sorted(times, reverse=True)
    since = Table(kind="pictures", start=times[0], end=times[0] + timedelta(seconds=1))
    assert await rows(device, "camera.1", since) == mine[:1]
    assert [row["part"] for row in await rows(device, "", since)] == ["camera.1"]


async def test_names_that_are_not_escaped_do_not_mislead(house: Build) -> None:
    device, _ = await (await house("hostile")).opened()
    everyones = await rows(device, "", Table(kind="pictures"))
    assert {row["part"] for row in everyones} == {"camera.0"}
    assert len(everyones) == 25


async def test_levels_of_one_recording(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    recording = home.box.thing(CAMERA, 1).recordings[0]
    found = await rows(device, "camera.1", Table(kind="levels", where={"name": recording.name}))
    assert [row["level"] for row in found] == list(recording.levels)
    assert found[0]["second"] == 0
    assert found[0]["threshold"] == 80
    assert not await rows(device, "camera.1", Table(kind="levels", where={"name": "none.mp4"}))
    with pytest.raises(BadInput):
        await rows(device, "camera.1", Table(kind="levels"))


async def test_counts_and_previews(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    found = {row["part"]: row["count"] for row in await rows(device, "", Table(kind="counts"))}
    assert found["camera.1"] == 3
    assert found["camera.3"] == 0
    assert found["microphone.2"] == 1
    previews = await rows(device, "", Table(kind="previews"))
    assert len(previews) == 4
    assert previews[0]["seconds"] > 0


async def test_what_is_no_table_is_refused(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for part, query in (
        ("", Table(kind="log")),
        ("camera.1", Table(kind="counts")),
        ("microphone.2", Table(kind="pictures")),
    ):
        with pytest.raises(Unsupported):
            await rows(device, part, query)
    with pytest.raises(DeviceError):
        await rows(device, "camera.9", Recordings())
    assert not home.sent()
