"""The Amcrest simulator's file finder, as the sheet writes it (§4.11.5, §13)."""

from datetime import date, datetime, timedelta

import pytest

from tests.simulators.amcrest import AmcrestSimulator, Damage, Refusal, TimeStyle
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import cgi
from tests.simulators_tests.recording import (
    DAY,
    WHOLE_DAY,
    create,
    everything,
    find,
    page,
    rows,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

BAD_REQUEST = b"Error\nBad Request!\n"
MORNING = datetime(2026, 5, 3, 6, 5)  # noqa: DTZ001


async def empty(start: Start, personality: str = "wizsense") -> AmcrestSimulator:
    """A box with nothing in it."""
    box = await start(personality)
    box.store.clear()
    return box


async def test_an_item_is_told_as_the_box_would(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 8, codec="h265")
    handle = await create(box)
    assert handle == "08137"
    assert (await find(box, handle)).body == b"OK\r\n"
    answer = await page(box, handle)
    assert answer.lines == [
        "found=1",
        "items[0].Channel=0",
        "items[0].Cluster=100",
        "items[0].Compressed=false",
        f"items[0].CutLength={box.store.size(item)}",
        "items[0].Disk=0",
        "items[0].Duration=8",
        "items[0].EndTime=2026-05-03 06:05:08",
        "items[0].Events[0]=VideoMotion",
        f"items[0].FilePath=/mnt/sd/{DAY}/001/dav/06/06.05.00-06.05.08[M][0@0][0].dav",
        "items[0].Flags[0]=Event",
        f"items[0].Length={box.store.size(item)}",
        "items[0].Overwrites=0",
        "items[0].Partition=0",
        "items[0].PicIndex=0",
        "items[0].Redundant=false",
        "items[0].Repeat=0",
        "items[0].StartTime=2026-05-03 06:05:00",
        "items[0].SummaryOffset=0",
        "items[0].Type=dav",
        "items[0].VideoStream=Main",
        "items[0].WorkDir=/mnt/sd",
        "items[0].WorkDirSN=0",
    ]
    assert (await page(box, handle)).body == b"found=0\r\n"
    for verb in ("close", "destroy"):
        answer = await cgi(box, f"mediaFileFind.cgi?action={verb}&object={handle}")
        assert answer.body == b"OK\r\n"
    assert box.finders == 0


async def test_a_handle_is_a_text(start: Start) -> None:
    box = await empty(start)
    handle = await create(box)
    assert (await find(box, handle.lstrip("0"))).body == BAD_REQUEST
    assert (await page(box, "")).body == BAD_REQUEST


async def test_a_finder_that_was_asked_nothing_has_nothing(start: Start) -> None:
    box = await empty(start)
    handle = await create(box)
    assert (await page(box, handle)).body == BAD_REQUEST


async def test_a_closed_finder_has_forgotten_and_a_destroyed_one_is_gone(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING)
    handle = await create(box)
    await find(box, handle)
    await cgi(box, f"mediaFileFind.cgi?action=close&object={handle}")
    assert (await page(box, handle)).status == 400
    assert (await find(box, handle)).body == b"OK\r\n"
    await cgi(box, f"mediaFileFind.cgi?action=destroy&object={handle}")
    assert (await find(box, handle)).status == 400
    assert (await cgi(box, f"mediaFileFind.cgi?action=destroy&object={handle}")).status == 400


async def test_factory_close_is_refused_and_changes_nothing(start: Start) -> None:
    box = await empty(start)
    handle = await create(box)
    answer = await cgi(box, f"mediaFileFind.cgi?action=factory.close&object={handle}")
    assert answer.lines == ["Error", "ErrorID=2, Detail=Invalid Request!"]
    assert box.finders == 1


async def test_leaked_finders_use_up_what_there_is_until_a_restart(start: Start) -> None:
    box = await empty(start)
    box.faults.finders = 2
    box.faults.reboot_drop = box.faults.reboot_refuse = 0.0
    await create(box)
    await create(box)
    answer = await cgi(box, "mediaFileFind.cgi?action=factory.create")
    assert answer.body == BAD_REQUEST
    await box.reboot()
    assert await create(box) == "08139"


async def test_an_idle_finder_can_expire(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING)
    handle = await create(box)
    assert (await find(box, handle)).body == b"OK\r\n"
    box.faults.finder_seconds = 0.0
    assert (await page(box, handle)).status == 400
    assert box.finders == 0


@pytest.mark.parametrize(
    ("personality", "status", "body"),
    [("wizsense", 400, BAD_REQUEST), ("ipc", 200, b"Error\r\n"), ("legacy", 200, b"Error\n")],
)
async def test_nothing_is_an_error(
    start: Start, personality: str, status: int, body: bytes
) -> None:
    box = await empty(start, personality)
    answer = await find(box, await create(box))
    assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize(("count", "found"), [(1, 1), (7, 7), (100, 100), (101, 100), (1000, 100)])
async def test_a_hundred_items_are_the_most(start: Start, count: int, found: int) -> None:
    box = await empty(start)
    box.store.fill(date(2026, 5, 3), 150)
    handle = await create(box)
    await find(box, handle)
    assert len(rows(await page(box, handle, count))) == found


async def test_a_count_over_the_ceiling_may_be_refused(start: Start) -> None:
    box = await empty(start)
    box.faults.find_over_refused = True
    box.store.add(0, MORNING)
    handle = await create(box)
    await find(box, handle)
    assert (await page(box, handle, 101)).body == BAD_REQUEST
    assert (await page(box, handle, 0)).body == BAD_REQUEST
    assert len(rows(await page(box, handle, 100))) == 1


async def test_the_end_may_be_an_error(start: Start) -> None:
    box = await empty(start, "doorbell")
    box.store.add(0, MORNING)
    handle = await create(box)
    await find(box, handle)
    assert len(rows(await page(box, handle))) == 1
    assert (await page(box, handle)).body == b"Error\r\n"


@pytest.mark.parametrize("count", [5_000, 10_000])
async def test_a_huge_day_is_there_without_a_byte_of_it(start: Start, count: int) -> None:
    box = await empty(start)
    box.store.fill(date(2026, 5, 3), count)
    found = await everything(box)
    assert len(found) == len({row["FilePath"] for row in found}) == count
    assert [row["StartTime"] for row in found] == sorted(row["StartTime"] for row in found)
    assert {row["StartTime"][:10] for row in found} == {DAY}
    assert not box.downloads.log


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ((), "abcdefg"),
        (("Types[0]=dav",), "abcdef"),
        (("Types[0]=jpg",), "g"),
        (("Types[0]=jpg", "Types[1]=dav"), "abcdefg"),
        (("Types[0]=mp4",), ""),
        (("Flags[0]=Timing",), "d"),
        (("Flags[0]=Timing", "Flags[1]=Manual"), "de"),
        (("Flag=Timing",), "abcdefg"),
        (("Flag[0]=Timing",), "abcdefg"),
        (("Events[0]=VideoMotion",), "acfg"),
        (("Events[0]=CrossLineDetection",), "b"),
        (("Events[0]=*",), "abcdefg"),
        (("VideoStream=Main",), "abdefg"),
        (("VideoStream=Extra1",), "c"),
        (("Dirs[0]=/mnt/sd",), "abcdefg"),
        (("Dirs[0]=/mnt/dvr",), ""),
        (("Types[0]=dav", "Events[0]=VideoMotion", "VideoStream=Main"), "af"),
    ],
)
async def test_what_is_looked_for(start: Start, conditions: tuple[str, ...], found: str) -> None:
    box = await empty(start)
    add, later = box.store.add, MORNING + timedelta(hours=1)
    made = {
        add(0, MORNING).path: "a",
        add(0, MORNING + timedelta(minutes=1), events=("CrossLineDetection",)).path: "b",
        add(0, MORNING + timedelta(minutes=2), stream="Extra1").path: "c",
        add(0, MORNING + timedelta(minutes=3), flags=("Timing",), events=()).path: "d",
        add(0, MORNING + timedelta(minutes=4), flags=("Manual",), events=()).path: "e",
        add(0, later, kind="mp4").path: "f",
        add(0, later + timedelta(minutes=1), 0, kind="jpg").path: "g",
    }
    rows_found = await everything(box, *conditions)
    assert "".join(made[row["FilePath"]] for row in rows_found) == found


async def test_what_begins_before_or_ends_after_a_time_is_in_it(start: Start) -> None:
    box = await empty(start)
    minute = timedelta(minutes=1)
    for number in range(-2, 4):
        box.store.add(0, MORNING + number * minute, 60)
    inside = (f"{MORNING + minute / 2}", f"{MORNING + minute * 3 / 2}")
    found = await everything(box, between=inside)
    assert [row["StartTime"][11:16] for row in found] == ["06:05", "06:06"]


@pytest.mark.parametrize(
    ("start_time", "end_time"),
    [
        (f"{DAY} 00:00:00.000", f"{DAY} 23:59:59"),
        (f"{DAY} 00:00:00", f"{DAY} 23:59:59.999"),
        (f"{DAY}T00:00:00", f"{DAY} 23:59:59"),
        (f"{DAY}+00:00:00", f"{DAY} 23:59:59"),
        (f"{DAY} 23:00:00", f"{DAY} 22:00:00"),
        ("2026-02-30 00:00:00", f"{DAY} 22:00:00"),
        ("", ""),
    ],
)
async def test_odd_times_are_refused(start: Start, start_time: str, end_time: str) -> None:
    box = await empty(start)
    box.store.add(0, MORNING)
    answer = await find(box, await create(box), between=(start_time, end_time))
    assert answer.body == BAD_REQUEST


@pytest.mark.parametrize(
    ("personality", "taken"),
    [("ipc", (0, 1)), ("wizsense", (1,)), ("doorbell", (1,)), ("nvr", (1, 2, 8))],
)
async def test_which_numbers_a_channel_has(
    start: Start, personality: str, taken: tuple[int, ...]
) -> None:
    box = await empty(start, personality)
    for channel in range(8 if personality == "nvr" else 1):
        box.store.add(channel, MORNING)
    handle = await create(box)
    for number in (0, 1, 2, 8, 9):
        answer = await find(box, handle, channel=number)
        assert answer.body == (b"OK\r\n" if number in taken else BAD_REQUEST), number


async def test_a_recorder_tells_the_channel_from_0_and_puts_r_into_every_path(
    start: Start,
) -> None:
    box = await empty(start, "nvr")
    box.store.add(2, MORNING, 7, events=("FaceRecognition",))
    (row,) = await everything(box, channel=3)
    assert row["Channel"] == "2"
    assert row["Events[0]"] == "FaceRecognition"
    assert row["FilePath"].startswith(f"/mnt/dvr/{DAY}/2/dav/06/0/2/")
    assert row["FilePath"].endswith("/06.05.00-06.05.07[R][0@0][0].dav")
    assert await everything(box, channel=4) == []


async def test_some_recorders_give_the_schedule_where_events_were_asked_for(start: Start) -> None:
    box = await empty(start, "nvr")
    box.store.add(0, MORNING)
    box.store.add(0, MORNING, 60, flags=("Timing",), events=())
    (row,) = await everything(box, "Events[0]=VideoMotion")
    assert row["Flags[0]"] == "Timing"


async def test_some_find_nothing_by_type(start: Start) -> None:
    box = await empty(start)
    box.faults.find_types = False
    box.store.add(0, MORNING)
    assert len(await everything(box)) == 1
    assert await everything(box, "Types[0]=dav") == []


@pytest.mark.parametrize(
    ("style", "told"),
    [(TimeStyle.SHORT, "2026-5-3 06:05:00"), (TimeStyle.AM_PM, "2026-05-03 06:05:00 AM")],
)
async def test_times_are_written_as_the_firmware_writes_them(
    start: Start, style: TimeStyle, told: str
) -> None:
    box = await empty(start)
    box.faults.time_style = style
    box.store.add(0, MORNING)
    (row,) = await everything(box)
    assert row["StartTime"] == told


async def test_a_camera_calls_an_mp4_dav(start: Start) -> None:
    box = await start("ipc")
    found = [item for item in box.store.items if item.is_mp4 and item.stream == "Main"]
    assert {item.type for item in found} == {"dav"}


async def test_a_new_file_is_said_and_a_deleted_one_is_not_listed_again(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING)
    sent = box.device.events.sent[-1]
    assert (sent.code, sent.action, sent.index) == ("NewFile", "Pulse", 0)
    assert len(await everything(box)) == 1
    box.store.remove(item)
    assert await everything(box) == []


@pytest.mark.parametrize("name", ["ipc", "wizsense", "doorbell", "nvr", "hostile"])
async def test_every_model_with_a_disk_has_recorded_for_days(start: Start, name: str) -> None:
    box = await start(name)
    today = box.device.clock.now().date()
    days = {item.start.date() for item in box.store.items}
    assert {today - timedelta(days=back) for back in (1, 2, 3)} <= days
    assert all(item.end <= box.device.clock.now() for item in box.store.items)
    assert {item.damage for item in box.store.items} == {None, *Damage}
    assert {flag for item in box.store.items for flag in item.flags} >= {"Event", "Timing"}
    remote = [item for item in box.store.items if item.damage is Damage.REMOTE]
    assert all(item.path.startswith("ftp://") for item in remote)


async def test_a_camera_without_a_card_has_recorded_nothing(start: Start) -> None:
    assert (await start("legacy")).store.items == []


async def test_two_boxes_of_a_model_have_recorded_the_same(start: Start) -> None:
    one, other = await start("nvr"), await start("nvr")
    other.device.clock.set(one.device.clock.now())
    assert one.store.items == other.store.items


# FileFindHelper (§13), protection and the band limit


async def test_the_motion_finder_is_a_recorders(start: Start) -> None:
    box = await empty(start, "nvr")
    box.store.add(1, MORNING)
    box.store.add(1, MORNING + timedelta(minutes=5), events=("AlarmLocal",))
    begin, end = (time.replace(" ", "%20") for time in WHOLE_DAY)
    answer = await cgi(
        box,
        "FileFindHelper.cgi?action=startFind&condition.channel=2"
        f"&condition.startTime={begin}&condition.endTime={end}",
    )
    handle = answer.values["findId"]
    found = rows(await cgi(box, f"FileFindHelper.cgi?action=findNext&findId={handle}&count=50"))
    assert [row["Events[0]"] for row in found] == ["VideoMotion"]
    answer = await cgi(box, f"FileFindHelper.cgi?action=stopFind&findId={handle}")
    assert answer.body == b"OK\r\n"
    assert box.finders == 0
    bound = await cgi(
        box, f"FileFindHelper.cgi?action=getBoundFile&channel=2&startTime={begin}&endTime={end}"
    )
    assert len(rows(bound)) == 2
    camera = await start("ipc")
    for verb in ("startFind", "findNext", "stopFind", "getBoundFile"):
        assert (await cgi(camera, f"FileFindHelper.cgi?action={verb}")).body == BAD_REQUEST


async def test_protection_is_a_list_of_conditions(start: Start) -> None:
    box = await empty(start, "nvr")
    condition = "condition.Channel=1&condition.StartTime=2026-05-03%2000:00:00"
    added = await cgi(box, f"FileManager.cgi?action=addConditionList&{condition}")
    assert added.body == b"OK\r\n"
    assert box.store.protected == [
        (("condition.Channel", "1"), ("condition.StartTime", "2026-05-03 00:00:00"))
    ]
    cancelled = f"FileManager.cgi?action=cancelConditionList&{condition}"
    assert (await cgi(box, cancelled)).body == b"OK\r\n"
    assert (await cgi(box, cancelled)).body == BAD_REQUEST
    assert (await cgi(box, "FileManager.cgi?action=addConditionList")).body == BAD_REQUEST
    assert box.store.protected == []


async def test_the_band_limit_tells_whether_downloads_are_throttled(start: Start) -> None:
    box = await start("nvr")
    target = "BandLimit.cgi?action=getLimitState"
    assert (await cgi(box, target)).lines == ["state=false"]
    box.faults.download_rate = 1_000_000
    assert (await cgi(box, target)).lines == ["state=true"]


async def test_a_refusal_can_be_had_for_each_verb(start: Start) -> None:
    box = await start("ipc")
    box.faults.refuse["mediaFileFind.factory.create"] = Refusal.SERVER_ERROR
    assert (await cgi(box, "mediaFileFind.cgi?action=factory.create")).status == 500
