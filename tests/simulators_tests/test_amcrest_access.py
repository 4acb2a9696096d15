"""Doors, calls, records and pictures of events of the Amcrest simulator, as the sheet has them."""

import asyncio

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.doors import Doors
from tests.simulators.amcrest.answers.event_pictures import EventPictures
from tests.simulators.amcrest.answers.records import CALLS, CARDS, SWIPES, Records
from tests.simulators.amcrest.answers.talk import CallState, Talk
from tests.simulators.amcrest.answers.users import Account, Users
from tests.simulators.amcrest.rpc2_objects import Objects
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import DEADLINE, USER, Raw, cgi, login
from tests.simulators_tests.rpc import Rpc

pytestmark = pytest.mark.usefixtures("socket_enabled")

OK = b"OK\r\n"
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=myboundary\r\n"
    b"Cache-Control: no-cache\r\nPragma: no-cache\r\nConnection: close\r\n\r\n"
)


def part(body: bytes, kind: bytes = b"text/plain") -> bytes:
    return b"--myboundary\r\nContent-Type: %s\r\nContent-Length:%d\r\n\r\n%s\r\n\r\n" % (
        kind,
        len(body),
        body,
    )


def said(box: AmcrestSimulator) -> list[tuple[str, str]]:
    return [(each.code, each.action) for each in box.device.events.sent]


# Doors, §11


async def test_a_door_is_opened_and_falls_back(start: Start) -> None:
    box = await start("terminal")
    box.config["AccessControl[1].UnlockHoldInterval"] = 200
    door, lock = (
        f"accessControl.cgi?action={verb}&channel=2" for verb in ("getDoorStatus", "getLockStatus")
    )
    assert (await cgi(box, door)).body == b"Info.status=Close\r\n"
    opened = "accessControl.cgi?action=openDoor&channel=2&UserID=101&Type=Remote"
    assert (await cgi(box, opened)).body == OK
    doors = box.device.of(Doors)
    assert doors.doors[1].opened == [USER]
    await box.until(lambda: not doors.is_unlocked(1) and len(said(box)) == 3)
    assert said(box) == [
        ("AccessControl", "Pulse"),
        ("DoorStatus", "Pulse"),
        ("DoorStatus", "Pulse"),
    ]
    assert (await cgi(box, lock)).body == b"Info.status=Close\r\n"


async def test_a_terminal_holds_three_seconds_and_closes_when_told(start: Start) -> None:
    box = await start("terminal")
    box.config["AccessControl[0].UnlockHoldInterval"] = 90_000
    doors = box.device.of(Doors)
    assert doors.hold(0) == 90.0
    assert doors.hold(1) == 3.0
    await cgi(box, "accessControl.cgi?action=openDoor&channel=1")
    assert (await cgi(box, "accessControl.cgi?action=getLockStatus&channel=1")).values == {
        "Info.status": "Open"
    }
    assert (await cgi(box, "accessControl.cgi?action=getDoorStatus&channel=1")).values == {
        "Info.status": "Open"
    }
    assert (await cgi(box, "accessControl.cgi?action=closeDoor&channel=1")).body == OK
    assert doors.state(0) == "Close"
    doors.push(0, True)
    assert doors.state(0) == "Open"
    doors.force(0)
    assert (await cgi(box, "accessControl.cgi?action=getDoorStatus&channel=1")).body == (
        b"Info.status=Break\r\n"
    )


async def test_a_station_without_a_contact_always_says_close(start: Start) -> None:
    box = await start("vto")
    box.config["AccessControl[0].UnlockHoldInterval"] = 60
    assert (await cgi(box, "accessControl.cgi?action=openDoor&channel=1")).body == OK
    assert (await cgi(box, "accessControl.cgi?action=getDoorStatus&channel=1")).body == (
        b"Info.status=Close\r\n"
    )
    assert box.device.of(Doors).is_unlocked(0)
    assert said(box) == [("AccessControl", "Pulse"), ("BackKeyLight", "Pulse")]


async def test_only_admins_open_doors_that_are_there(start: Start) -> None:
    box = await start("vto")
    assert (await cgi(box, "accessControl.cgi?action=openDoor&channel=2")).status == 400
    assert (await cgi(box, "accessControl.cgi?action=openDoor&channel=0")).status == 400
    users = box.device.of(Users)
    assert users.account(USER) is not None
    users.change(Account(1, USER, "user"))
    refused = await cgi(box, "accessControl.cgi?action=openDoor&channel=1")
    assert (refused.status, refused.body) == (403, b"Authority:check failure.")
    assert (
        await cgi(await start("ipc"), "accessControl.cgi?action=openDoor&channel=1")
    ).status == 400


async def test_a_card_opens_or_not(start: Start) -> None:
    box = await start("terminal")
    doors = box.device.of(Doors)
    before = len(box.device.of(Records).rows(SWIPES))
    assert doors.swipe("03A1B2C4")
    assert not doors.swipe("0FFFFFFF"), "a card that was reported lost"
    assert not doors.swipe("nobody")
    rows = box.device.of(Records).rows(SWIPES)[before:]
    assert [(row["CardName"], row["Status"], row["ErrorCode"]) for row in rows] == [
        ("Anna", "1", "0"), ("", "0", "16"), ("", "0", "16"),
    ]  # fmt: skip


# Records, §12.2-12.6


async def test_records_are_found_the_oldest_first(start: Start) -> None:
    box = await start("terminal")
    found = await cgi(box, "recordFinder.cgi?action=find&name=AccessControlCardRec&count=2")
    assert found.lines[:4] == [
        "totalCount=40",
        "found=2",
        "records[0].RecNo=1",
        f"records[0].CreateTime={box.device.of(Records).rows(SWIPES)[0]['CreateTime']}",
    ]
    values = found.values
    assert values["records[0].CardName"] == "Anna"
    assert values["records[1].RecNo"] == "2"
    seek = "recordFinder.cgi?action=doSeekFind&name=AccessControlCardRec&offset=38&count=10"
    last = (await cgi(box, seek)).values
    assert (last["found"], last["records[1].RecNo"]) == ("2", "40")


async def test_records_are_found_by_time_and_member(start: Start) -> None:
    box = await start("terminal")
    now = int(box.device.clock.now().timestamp())
    rest = f"recordFinder.cgi?action=find&name=AccessControlCardRec&StartTime={now - 30_000}"
    since = (await cgi(box, f"{rest}&EndTime={now}")).values
    assert since["found"] == "4"
    by_card = await cgi(
        box, "recordFinder.cgi?action=getQuerySize&name=AccessControlCard&condition.CardNo=03A1B2C5"
    )
    assert by_card.body == b"count=1\r\n"
    size = await cgi(
        box, "recordFinder.cgi?action=getQuerySize&name=VideoTalkLog&condition.EndState=Missed"
    )
    assert size.body == b"count=3\r\n"
    assert (
        await cgi(box, "recordFinder.cgi?action=getQuerySize&name=AlarmRecord")
    ).body == b"count=1\r\n"
    for bad in ("find&name=NoTable", "find", "find&name=AlarmRecord&count=0"):
        assert (await cgi(box, f"recordFinder.cgi?action={bad}")).status == 400, bad
    none = await cgi(box, "recordFinder.cgi?action=find&name=AlarmRecord&condition.RoomNumber=1")
    assert none.body == b"totalCount=0\r\nfound=0\r\n"


async def test_a_card_is_added_changed_and_removed(start: Start) -> None:
    box = await start("vto")
    updater = "recordUpdater.cgi?action={}&name=AccessControlCard"
    added = await cgi(
        box, updater.format("insert") + "&CardNo=0A0B&CardStatus=0&CardName=Cleo&UserID=104"
    )
    assert added.body == b"RecNo=4\r\n"
    assert (await cgi(box, updater.format("update") + "&recno=4&CardName=Cleo%20B")).body == OK
    record = (await cgi(box, updater.format("get") + "&recno=4")).values
    assert record["record.CardName"] == "Cleo B"
    assert record["record.CardNo"] == "0A0B"
    assert (await cgi(box, updater.format("remove") + "&recno=4")).body == OK
    assert (await cgi(box, updater.format("remove") + "&recno=4")).status == 400
    assert (await cgi(box, updater.format("insert") + "&CardName=NoNumber")).status == 400
    assert (await cgi(box, updater.format("clear"))).body == OK
    assert box.device.of(Records).rows(CARDS) == []
    notice = "recordUpdater.cgi?action=insert&name=Announcement&Content=Hello&Title=Hi&User=admin"
    assert (await cgi(box, notice)).body == b"RecNo=2\r\n"
    log = "recordUpdater.cgi?action=insert&name=AccessControlCardRec&CardNo=1"
    assert (await cgi(box, log)).status == 400, "what happened is not written by hand"


# The call, §12.1


async def test_a_call_is_heard_answered_and_ended(start: Start) -> None:
    box = await start("vto")
    target = "/cgi-bin/VideoTalkPeer.cgi?action=attachState&heartbeat=60"
    talk = box.device.of(Talk)
    header = await login(box, target)
    async with await Raw.connect(box) as raw:
        raw.send(target, header)
        head = HEAD.replace(
            b"no-cache\r\nConn", b"no-cache\r\nExpires: Thu, 01 Dec 2099 16:00:00 GMT\r\nConn"
        )
        await raw.exactly(head + part(b"callState=Idle\r\n"))
        talk.ring()
        await raw.exactly(part(b"callState=Ringing\r\n"))
        assert (await cgi(box, "VideoTalkPeer.cgi?action=answer")).body == OK
        await raw.exactly(part(b"callState=Talking\r\n"))
        assert (await cgi(box, "VideoTalkPeer.cgi?action=hangup")).body == OK
        await raw.exactly(part(b"callState=Idle\r\n"))
        assert (await cgi(box, "VideoTalkPeer.cgi?action=detachState")).body == OK
        assert await raw.rest() == b""
    assert box.device.of(Records).rows(CALLS)[-1]["EndState"] == "Received"


@pytest.mark.parametrize("verb", ["answer", "refuse", "cancel", "hangUp"])
async def test_nothing_can_be_done_with_no_call(start: Start, verb: str) -> None:
    box = await start("vto")
    answer = await cgi(box, f"VideoTalkPeer.cgi?action={verb}")
    assert (answer.status, answer.body) == (200, b"Unknown error\r\n")


async def test_a_call_from_inside_and_one_that_is_refused(start: Start) -> None:
    box = await start("vto")
    talk = box.device.of(Talk)
    assert (await cgi(box, "VideoTalkPeer.cgi?action=invite")).body == OK
    assert talk.state is CallState.CALLING
    assert (await cgi(box, "VideoTalkPeer.cgi?action=cancel")).body == OK
    talk.ring()
    assert ("CallNoAnswered", 0) in box.device.events.active
    assert (await cgi(box, "VideoTalkPeer.cgi?action=refuse")).body == OK
    assert box.device.of(Talk).state is CallState.IDLE
    assert box.device.events.active == {}
    assert (await cgi(await start("ipc"), "VideoTalkPeer.cgi?action=invite")).status == 400


async def test_json_calls_answer_and_hang_up(start: Start) -> None:
    box = await start("vto")
    talk = box.device.of(Talk)
    async with Rpc(box) as rpc:
        phone = await rpc.result("VideoTalkPhone.factory.instance")
        assert isinstance(phone, int)
        assert await rpc.params("VideoTalkPhone.getCallState", phone) == {"callState": "Idle"}
        assert "error" in await rpc.call("VideoTalkPhone.answer", handle=phone)
        talk.ring()
        assert await rpc.params("VideoTalkPhone.getCallState", phone) == {"callState": "Ringing"}
        assert await rpc.result("VideoTalkPhone.answer", phone) is True
        assert await rpc.result("VideoTalkPhone.disconnect", phone) is True
        assert talk.state is CallState.IDLE
        talk.ring()
        said = await rpc.call("console.runCmd", {"command": "hc"})
        assert said["result"] is True
        assert talk.state is CallState.IDLE
        listed = await rpc.params("system.listMethod")
        assert isinstance(listed, dict)
        assert "ptz.start" not in listed["method"]


async def test_json_calls_open_doors_and_read_the_newest_records(start: Start) -> None:
    box = await start("terminal")
    async with Rpc(box) as rpc:
        door = await rpc.result("accessControl.factory.instance", params={"Channel": 1})
        assert await rpc.result("accessControl.openDoor", door, {"ShortNumber": "9901"}) is True
        assert box.device.of(Doors).is_unlocked(1)
        assert "error" in await rpc.call("accessControl.openDoor", {"DoorIndex": 7}, door)
        finder = await rpc.result("RecordFinder.factory.create", params={"name": SWIPES})
        assert await rpc.result("RecordFinder.startFind", finder, {"condition": {}}) is True
        assert await rpc.params("RecordFinder.getQuerySize", finder) == {"count": 41}
        newest = await rpc.params("RecordFinder.doSeekFind", finder, {"offset": 40, "count": 5})
        assert isinstance(newest, dict)
        assert (newest["found"], newest["records"][0]["RecNo"]) == (1, 41)
        for handle, kind in ((door, "accessControl"), (finder, "RecordFinder")):
            assert await rpc.result(f"{kind}.destroy", handle) is True
        assert box.device.of(Objects).open == 0
        assert "error" in await rpc.call("RecordFinder.doFind", {"count": 1}, finder)
        assert "error" in await rpc.call("RecordFinder.factory.create", {"name": "NoTable"})
        assert "error" in await rpc.call("VideoTalkPhone.factory.instance")


async def test_json_calls_turn_the_head(start: Start) -> None:
    box = await start("dome")
    async with Rpc(box) as rpc:
        head = await rpc.result("ptz.factory.instance", params={"channel": 0})
        assert await rpc.result("ptz.start", head, {"code": "Left", "arg1": 0, "arg2": 3}) is True
        assert box.device.ptz.moving == "Left"
        assert await rpc.result("ptz.stop", head, {"code": "Left"}) is True
        status = await rpc.params("ptz.getStatus", head)
        assert isinstance(status, dict)
        assert status["status"]["MoveStatus"] == "Idle"
        presets = await rpc.params("ptz.getPresets", head)
        assert isinstance(presets, dict)
        assert [each["Index"] for each in presets["presets"]] == [1, 2, 7]
        assert "error" in await rpc.call("ptz.start", {"code": "Sideways"}, head)
        assert isinstance(await rpc.params("magicBox.getUpTime"), dict)


# Pictures of events, §4.4.3


async def test_each_event_brings_its_picture(start: Start) -> None:
    box = await start("wizsense")
    box.faults.charset = False
    target = (
        "/cgi-bin/snapManager.cgi?action=attachFileProc&channel=1&heartbeat=60"
        "&Flags[0]=Event&Events=[VideoMotion,VideoLoss]"
    )
    header = await login(box, target)
    async with await Raw.connect(box) as raw:
        raw.send(target, header)
        await raw.exactly(HEAD)
        await box.until(lambda: box.device.of(EventPictures).parts.listeners)
        box.emit("CrossLineDetection")
        box.emit("VideoMotion", "Start", 0, {"Id": [0], "RegionName": ["Region1"]})
        box.emit("VideoMotion", "Stop")
        await raw.exactly(
            part(
                b"Events[0].EventBaseInfo.Code=VideoMotion\r\n"
                b"Events[0].EventBaseInfo.Action=Start\r\nEvents[0].EventBaseInfo.Index=0\r\n"
                b"Events[0].Id[0]=0\r\nEvents[0].RegionName[0]=Region1\r\n"
            )
            + part(b"\xff\xd8driveway 1\xff\xd9", b"image/jpeg")
        )
    assert box.device.of(EventPictures).sent == 1


async def test_a_passage_brings_two_pictures_in_one_part(start: Start) -> None:
    box = await start("terminal")
    target = (
        "/cgi-bin/snapManager.cgi?action=attachFileProc&channel=-1&heartbeat=1"
        "&Flags[0]=Event&Events=[All]"
    )
    header = await login(box, target)
    async with await Raw.connect(box) as raw:
        raw.send(target, header)
        await raw.exactly(HEAD)
        await raw.exactly(part(b"Heartbeat"))
        box.device.of(Doors).swipe("nobody")
        async with asyncio.timeout(DEADLINE):
            text = await raw.reader.readuntil(b"image/jpeg\r\n")
        assert b"Events[0].ImageInfo[1].Length=13\r\nEvents[0].ImageInfo[1].Offset=13\r\n" in text
        assert b"Events[0].CardNo=nobody\r\n" in text
        async with asyncio.timeout(DEADLINE):
            rest = await raw.reader.readuntil(b"hallway 2\xff\xd9")
        assert rest.endswith(b"\r\n\r\n\xff\xd8hallway 1\xff\xd9\xff\xd8hallway 2\xff\xd9")


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("wizsense", "channel=1&heartbeat=5&Events=[All]"),
        ("wizsense", "channel=1&heartbeat=5&Flags[0]=Event"),
        ("wizsense", "channel=9&heartbeat=5&Flags[0]=Event&Events=[All]"),
        ("wizsense", "channel=1&heartbeat=61&Flags[0]=Event&Events=[All]"),
        ("doorbell", "channel=1&heartbeat=5&Flags[0]=Event&Events=[All]"),
    ],
)
async def test_pictures_that_cannot_be_had(start: Start, name: str, rest: str) -> None:
    box = await start(name)
    assert (await cgi(box, f"snapManager.cgi?action=attachFileProc&{rest}")).status == 400
