"""What the card holds: found, told by poll, fetched in parts, deleted (§5.2-5.6, §7, §11)."""

from collections.abc import Mapping
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from custom_components.cctv.devices.commands import DeleteRecordings, RecordFor
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    BOX,
    Day,
    Days,
    Event,
    Hint,
    Picture,
    Recordings,
    Table,
)
from custom_components.cctv.devices.yi_hack.device import YiHack
from tests.simulators.yi_hack import NamesIn, YiHackSimulator
from tests.simulators_tests.yi_box import AT

from .card import bare, furnished, listed, recordings
from .conftest import Build, StillClock, told

# --- finding --------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["mstar", "allwinner", "allwinner_v2", "hostile"])
@pytest.mark.parametrize("names", [NamesIn.GMT, NamesIn.LOCAL])
async def test_recordings_have_their_true_time_whatever_the_names(
    house: Build, personality: str, names: NamesIn
) -> None:
    """Cases 21 and 37."""

    def named(box: YiHackSimulator) -> None:
        bare(box)
        box.faults.names_in = names

    _, device = await furnished(house, personality, before=named)
    found = await recordings(device, kinds=frozenset({"motion"}))
    assert [each.start for each in found] == sorted((each.start for each in found), reverse=True)
    starts = {each.start: each for each in found}
    long = starts[AT - timedelta(minutes=30)]
    assert long.end == AT - timedelta(minutes=30) + timedelta(seconds=83)
    assert len(long.refs) == 2
    assert AT - timedelta(minutes=10) in starts
    assert {each.container for each in found} == {"mp4"}
    assert all(each.kinds == {"motion"} for each in found)
    assert long.name == f"{long.refs[0]}..{long.refs[1]}"
    assert starts[AT - timedelta(minutes=10)].name == starts[AT - timedelta(minutes=10)].refs[0]


async def test_names_without_a_length_have_no_end(house: Build) -> None:
    home = await house("v5")
    home.box.add_clip(AT - timedelta(minutes=10), 20)
    device, _ = await home.opened(clock=StillClock())
    newest = (await recordings(device))[0]
    assert newest.start == AT - timedelta(minutes=10)
    assert newest.end is None
    assert newest.thumbnail is None


@pytest.mark.parametrize(
    ("clock", "hours"), [("gmt", 1), ("local", 0)], ids=["believed GMT", "believed local"]
)
async def test_the_user_may_know_the_clock_better(house: Build, clock: str, hours: int) -> None:
    home = await house("mstar", before=lambda box: setattr(box.faults, "names_in", NamesIn.LOCAL))
    home.box.add_clip(AT - timedelta(minutes=10), 20)
    device, _ = await home.opened(clock=StillClock(), options={"recordings_clock": clock})
    newest = (await recordings(device))[0]
    assert newest.start == AT - timedelta(minutes=10) + timedelta(hours=hours)
    assert not [each for each in home.box.wire if each.method == "HEAD"]


async def test_a_span_is_all_that_is_asked_for(house: Build) -> None:
    home, device = await furnished(house)
    found = await recordings(
        device, start=AT - timedelta(minutes=31), end=AT - timedelta(minutes=15)
    )
    assert [each.start for each in found] == [AT - timedelta(minutes=30)]
    assert await recordings(device, start=AT + timedelta(hours=3)) == []
    home.box.wire.clear()
    await recordings(device, end=AT - timedelta(days=30), kinds=frozenset({"motion"}))
    assert home.sent() == ["/cgi-bin/eventsdir.sh"]
    assert await recordings(device, kinds=frozenset({"doorbell"})) == []


async def test_folders_are_read_as_far_as_somebody_looks(house: Build) -> None:
    """Case 36."""
    home, device = await furnished(house)
    for hours in range(2, 8):
        home.box.add_clip(AT - timedelta(hours=hours), 20)
    await recordings(device, start=AT, end=AT)
    home.box.wire.clear()
    async with aclosing(device.find(BOX, Recordings())) as found:
        await anext(found)
    assert sum("eventsfile" in each for each in home.sent()) == 1


async def test_continuous_recording_comes_in_quarters(house: Build) -> None:
    home = await house("mstar", before=bare)
    home.box.config["camera"]["SAVE_VIDEO_ON_MOTION"] = "no"
    start = datetime(2026, 11, 20, 12, 50, tzinfo=UTC)
    home.box.add_clip(start, 2_400)
    device, _ = await home.opened(clock=StillClock())
    found = await recordings(device)
    assert [len(each.refs) for each in found] == [15, 15, 10]
    assert found[-1].start == start
    assert {kind for each in found for kind in each.kinds} == {"scheduled"}


async def test_what_reaches_over_the_edges_of_a_span_is_told_whole(house: Build) -> None:
    """The same recording of both days, though its folders are those of three hours."""
    home = await house("mstar", before=bare)
    hour = AT.replace(minute=0, second=0)
    home.box.add_clip(hour - timedelta(minutes=62), 82 * 60)
    home.box.add_clip(hour - timedelta(hours=3), 20)
    device, _ = await home.opened(clock=StillClock())
    (before,) = await recordings(device, start=hour - timedelta(minutes=90), end=hour)
    (after,) = await recordings(device, start=hour, end=hour + timedelta(hours=9))
    assert before == after
    assert len(before.refs) == 82
    assert before.start == hour - timedelta(minutes=62)
    assert before.end == hour + timedelta(minutes=20)


async def test_the_clip_that_is_being_written_is_not_listed(house: Build) -> None:
    home, device = await furnished(house)
    before = await recordings(device)
    assert home.box.start_motion()
    home.box.advance(10)
    assert await recordings(device) == before
    home.box.stop_motion()
    assert len(await recordings(device)) == len(before) + 1


async def test_films_are_listed_with_the_others_or_alone(house: Build) -> None:
    home, device = await furnished(house)
    name = home.box.camera.add_lapse(AT - timedelta(minutes=20))
    found = await recordings(device)
    starts = [each.start for each in found]
    assert starts == sorted(starts, reverse=True)
    (film,) = [one for one in found if one.refs == (name,)]
    assert (film.name, film.container) == (name, "avi")
    assert film.kinds == {"timelapse"}
    assert film.start == AT - timedelta(minutes=20)
    assert film.end is None
    assert name not in [one.name for one in await recordings(device, kinds=frozenset({"motion"}))]
    found = await recordings(device, kinds=frozenset({"timelapse"}))
    assert {kind for each in found for kind in each.kinds} == {"timelapse"}
    assert await recordings(device, kinds=frozenset({"timelapse"}), start=AT) == []
    content = await device.fetch(name)
    assert content.mime == "video/x-msvideo"
    assert (await content.read()).startswith(b"RIFF")


async def test_folders_can_be_listed(house: Build) -> None:
    _, device = await furnished(house)
    rows = await listed(device, Table(kind="folders"))
    assert rows[0] == {
        "folder": "2026Y11M20D14H",
        "start": datetime(2026, 11, 20, 14, tzinfo=UTC),
    }
    with pytest.raises(Unsupported):
        await listed(device, Table(kind="cards"))


async def test_days_are_told_by_folders_alone(house: Build) -> None:
    """A card holds hundreds of hours: none of them is read for the list of days."""
    home = await house("mstar", before=lambda box: box.camera.card.remove_folder(""))
    for hours in (0, 1, 30):
        home.box.add_clip(AT - timedelta(hours=hours, minutes=30), 20)
    device, _ = await home.opened(clock=StillClock())
    await recordings(device, limit=1)
    home.box.wire.clear()
    films = len(await recordings(device, kinds=frozenset({"timelapse"})))
    days = await listed(device, Days())
    assert days[0] == Day(date(2026, 11, 20), 2 + films, whole=False)
    assert Day(date(2026, 11, 19), 1, whole=False) in days
    assert not [each for each in home.sent() if "eventsfile" in each]
    assert await listed(device, Days(start=AT + timedelta(days=1))) == []


# --- the last one (§5.6) ----------------------------------------------------------------------


async def last(device: YiHack, **where: str) -> list[Mapping[str, Any]]:
    """The last recording, or the one before it."""
    return await listed(device, Table(kind="last_recording", where=where))


async def test_the_last_recording_and_those_before_it(house: Build) -> None:
    home, device = await furnished(house)
    (newest,) = await last(device)
    assert newest["start"] == AT - timedelta(minutes=10)
    assert newest["end"] == AT - timedelta(minutes=10) + timedelta(seconds=20)
    assert newest["name"] == home.box.clips[-1]
    assert newest["url"] == f"{home.box.url}/record/{newest['name']}"
    (third,) = await last(device, oldness="3")
    assert third["name"] == home.box.clips[-3]
    (oldest,) = await last(device, oldness="999")
    assert oldest["name"] == home.box.clips[0]


async def test_the_next_recording_is_waited_for_while_one_is_made(house: Build) -> None:
    home, device = await furnished(house)
    clock = device.box.env.clock
    assert isinstance(clock, StillClock)
    assert home.box.start_motion()
    clock.after = [lambda: None, home.box.stop_motion]
    home.box.advance(20)
    (found,) = await last(device, wait="80")
    assert found["new"]
    assert found["name"] == home.box.clips[-1]
    assert found["start"] > AT - timedelta(minutes=1)


async def test_nothing_is_waited_for_while_none_is_made(house: Build) -> None:
    home, device = await furnished(house)
    before = device.box.env.clock.monotonic()
    (found,) = await last(device, wait="80")
    assert not found["new"]
    assert device.box.env.clock.monotonic() == before
    assert home.box.start_motion()
    (found,) = await last(device, wait="80")
    assert not found["new"]
    assert device.box.env.clock.monotonic() == before + 80


@pytest.mark.parametrize("where", [{"oldness": "0"}, {"oldness": "x"}, {"wait": "81"}])
async def test_odd_wishes_are_refused(house: Build, where: dict[str, str]) -> None:
    home, device = await furnished(house)
    with pytest.raises(BadInput):
        await last(device, **where)
    assert not home.sent()


async def test_an_empty_card_has_no_last_recording(house: Build) -> None:
    home = await house("mstar", before=bare)
    device, _ = await home.opened(clock=StillClock())
    assert await last(device) == []
    assert await recordings(device) == []
    assert told(await device.read("recordings")) == {":last_picture": None}


# --- told by poll ---------------------------------------------------------------------------


async def test_new_recordings_are_told_once_even_over_a_restart(house: Build) -> None:
    """Case 17: the first look is the baseline, what was heard is never told again."""
    home, device = await furnished(house)
    memory = ShortMemory()
    device, _ = await home.opened(clock=StillClock(), memory=memory)
    assert not [each for each in await device.read("recordings") if isinstance(each, Event)]
    home.box.add_clip(AT - timedelta(minutes=2), 20)
    home.box.add_clip(AT - timedelta(minutes=1), 20)
    events = [each for each in await device.read("recordings") if isinstance(each, Event)]
    assert [each.id for each in events] == home.box.clips[-2:]
    assert {each.type for each in events} == {"video"}
    home.box.add_clip(AT - timedelta(seconds=10), 5)
    again, _ = await home.opened(clock=StillClock(), memory=memory)
    events = [each for each in await again.read("recordings") if isinstance(each, Event)]
    assert [each.id for each in events] == home.box.clips[-1:]
    assert not [each for each in await again.read("recordings") if isinstance(each, Event)]


async def test_the_newest_thumbnail_is_the_last_picture(house: Build) -> None:
    """Case 40, without a bus."""
    home, device = await furnished(house)
    home.box.advance(120)
    picture = told(await device.read("recordings"))[":last_picture"]
    assert isinstance(picture, Picture)
    assert picture.taken == AT - timedelta(minutes=10)
    assert (await (await device.fetch(picture.ref)).read()).startswith(b"\xff\xd8")


async def test_a_clip_being_written_is_motion_and_its_end_a_hint(house: Build) -> None:
    """Case 20: one static file is asked for, no script runs."""
    home, device = await furnished(house)
    assert told(await device.read("recorder")) == {":recording": False, ":motion": False}
    home.box.start_motion()
    assert told(await device.read("recorder")) == {":recording": True, ":motion": True}
    home.box.stop_motion()
    batch = await device.read("recorder")
    assert told(batch) == {":recording": False, ":motion": False}
    assert Hint(("recordings", "recordings:")) in batch
    assert {(each.method, each.target) for each in home.box.wire} == {
        ("HEAD", "/record/tmp.mp4.tmp")
    }


async def test_the_camera_records_when_it_is_told_to(house: Build) -> None:
    """Case 26: the answer stays open as long as it records."""
    home, device = await furnished(house)
    await device.do(BOX, RecordFor(60))
    assert home.sent() == ["/cgi-bin/record.sh?time=60"]
    with pytest.raises(BadInput):
        await device.do(BOX, RecordFor(301))


# --- deleting -------------------------------------------------------------------------------


async def test_recordings_are_deleted_by_name(house: Build) -> None:
    """Case 32."""
    home, device = await furnished(house)
    film = home.box.camera.add_lapse(AT - timedelta(hours=1))
    names = (home.box.clips[-1], film)
    await device.do(BOX, DeleteRecordings(names=names))
    assert not set(names) & set(home.box.clips)
    assert f"/cgi-bin/eventsfiledel.sh?file={names[0]}" in home.sent()
    assert await recordings(device)


async def test_a_chain_is_deleted_by_its_name_whole_and_alone(house: Build) -> None:
    home = await house("mstar", before=bare)
    home.box.add_clip(AT.replace(minute=58, second=30) - timedelta(hours=1), 150)
    home.box.add_clip(AT - timedelta(minutes=10), 20)
    device, _ = await home.opened(clock=StillClock())
    kept, chain = await recordings(device, kinds=frozenset({"motion"}))
    assert len({ref.partition("/")[0] for ref in chain.refs}) == 2
    assert chain.name is not None
    await device.do(BOX, DeleteRecordings(names=(chain.name,)))
    assert home.box.clips == [*kept.refs]


async def test_a_folder_and_everything_can_be_deleted(house: Build) -> None:
    home, device = await furnished(house)
    home.box.add_clip(AT - timedelta(hours=2), 20)
    await device.do(BOX, DeleteRecordings(folder="2026Y11M20D14H"))
    assert home.box.clips
    assert not [each for each in home.box.clips if each.startswith("2026Y11M20D14H")]
    await device.do(BOX, DeleteRecordings(all=True))
    assert not home.box.clips
    assert [each for each in home.sent() if "eventsdirdel" in each] == [
        "/cgi-bin/eventsdirdel.sh?dir=2026Y11M20D14H",
        "/cgi-bin/eventsdirdel.sh?dir=all",
    ]


@pytest.mark.parametrize(
    "command",
    [
        DeleteRecordings(),
        DeleteRecordings(folder="all"),
        DeleteRecordings(folder="../x"),
        DeleteRecordings(folder="2026Y11M20D14H/.."),
        DeleteRecordings(names=("",)),
        DeleteRecordings(names=("2026Y11M20D14H",)),
        DeleteRecordings(names=("2026Y11M20D14H/01M37S23.jpg",)),
        DeleteRecordings(names=("timelapse/x",)),
        DeleteRecordings(names=("2026Y11M20D14H/01M37S23.mp4..",)),
        DeleteRecordings(names=("..2026Y11M20D14H/01M37S23.mp4",)),
        DeleteRecordings(names=("2026Y11M20D14H/01M37S23.mp4..2026Y11M20D13H/01M37S23.mp4",)),
        DeleteRecordings(folder="2026Y11M20D14H", all=True),
    ],
)
async def test_an_odd_name_deletes_nothing(house: Build, command: DeleteRecordings) -> None:
    """Case 32: an empty or climbing name would wipe the card, or more (§13)."""
    home, device = await furnished(house)
    before = home.box.clips
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert home.box.clips == before
    assert not home.sent()
    assert not home.box.disasters


async def test_a_deletion_that_is_only_claimed_is_refused(house: Build) -> None:
    home, device = await furnished(house)
    keep = home.box.camera.card
    keep.remove = lambda *_, **__: None  # type: ignore[method-assign]
    with pytest.raises(Rejected):
        await device.do(BOX, DeleteRecordings(names=(home.box.clips[-1],)))
