"""Doors, their records and their calls: door stations and access terminals."""

from contextlib import aclosing
from itertools import pairwise
from typing import Any

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.amcrest.doors import hold
from custom_components.cctv.devices.commands import (
    AddRecord,
    Call,
    ChangeRecord,
    Command,
    CountRecords,
    Press,
    RemoveRecord,
    Set,
)
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import PartKind, Table, Topology
from tests.simulators.amcrest.answers.doors import Doors
from tests.simulators.amcrest.answers.records import Records
from tests.simulators.amcrest.answers.talk import CallState, Talk
from tests.simulators.amcrest.grammar import Refusal

from .conftest import Build, House, told, topology_of

CARDS = "AccessControlCard"


async def surveyed(house: Build, personality: str) -> tuple[House, Amcrest, Topology]:
    """A box, surveyed."""
    home = await house(personality)
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


async def rows(device: Amcrest, kind: str, **query: Any) -> list[Any]:
    """The rows of a table."""
    async with aclosing(device.find("", Table(kind=kind, **query))) as found:
        return [row async for row in found]


# --- doors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("personality", "count"), [("vto", 1), ("terminal", 2), ("ipc", 0)])
async def test_a_part_for_each_door(house: Build, personality: str, count: int) -> None:
    _, _, topology = await surveyed(house, personality)
    doors = [each for each in topology.parts.values() if each.kind is PartKind.DOOR]
    assert len(doors) == count
    assert all(f"{each.id}:door_lock" in topology.features for each in doors)
    assert (":access" in topology.features) is bool(count)


@pytest.mark.parametrize(
    ("word", "seconds"), [("2", 2), ("3000", 3), ("", 5), ("x", 5), ("0", 5), ("-1", 5)]
)
def test_how_long_a_door_stays_unlocked(word: str, seconds: float) -> None:
    assert hold({"UnlockHoldInterval": word}) == seconds


@pytest.mark.parametrize("command", [Set("door_lock", value=False), Press("open_door")])
async def test_it_unlocks_for_a_moment(house: Build, command: Command) -> None:
    home, device, topology = await surveyed(house, "vto")
    doors = home.box.device.of(Doors)
    answer = await device.do("door.1", command)
    assert told(answer.updates) == {"door.1:door_lock": False}
    assert doors.is_unlocked(0)
    assert told(await device.read("door:1"))["door.1:door_lock"] is False
    assert topology.features["door.1:door_lock"].hold == 2


async def test_it_locks_at_once_where_it_can(house: Build) -> None:
    home, device, _ = await surveyed(house, "terminal")
    await device.do("door.2", Set("door_lock", value=False))
    assert home.box.device.of(Doors).is_unlocked(1)
    await device.do("door.2", Set("door_lock", value=True))
    assert not home.box.device.of(Doors).is_unlocked(1)


async def test_a_door_tells_whether_it_is_open(house: Build) -> None:
    home, device, _ = await surveyed(house, "terminal")
    doors = home.box.device.of(Doors)
    doors.push(0, True)
    assert told(await device.read("door:1"))["door.1:door"] is True
    doors.push(0, False)
    assert told(await device.read("door:1"))["door.1:door"] is False


# --- records ----------------------------------------------------------------------------------


async def test_tables_are_those_of_doors(house: Build) -> None:
    _, _, station = await surveyed(house, "vto")
    assert {"cards", "swipes", "calls", "alarms"} <= station.parts[""].tables
    assert {AddRecord, ChangeRecord, CountRecords, RemoveRecord} <= station.parts[""].can
    _, _, camera = await surveyed(house, "ipc")
    assert not {"cards", "swipes", "calls", "alarms"} & camera.parts[""].tables


async def test_cards_are_found_by_what_they_say(house: Build) -> None:
    home, device, _ = await surveyed(house, "terminal")
    there = home.box.device.of(Records).rows(CARDS)
    found = await rows(device, "cards")
    assert len(found) == len(there) > 1
    card = found[0]["CardNo"]
    assert [row["CardNo"] for row in await rows(device, "cards", where={"CardNo": card})] == [card]


async def test_a_card_is_added_counted_changed_and_removed(house: Build) -> None:
    home, device, _ = await surveyed(house, "terminal")
    records = home.box.device.of(Records)
    before = (await device.do("", CountRecords("cards"))).data["count"]
    new = {"CardNo": "00AB12CD", "CardName": "Ann Example", "CardStatus": "0", "UserID": "44"}
    answer = await device.do("", AddRecord("cards", new))
    number = answer.data["record"]
    assert (await device.do("", CountRecords("cards"))).data["count"] == before + 1
    await device.do("", ChangeRecord("cards", number, {"CardName": "Ann Other"}))
    changed = records.at(CARDS, number)
    assert changed is not None
    assert (changed["CardName"], changed["CardNo"]) == ("Ann Other", "00AB12CD")
    await device.do("", RemoveRecord("cards", number))
    assert records.at(CARDS, number) is None


async def test_an_announcement_is_put_up(house: Build) -> None:
    home, device, _ = await surveyed(house, "vto")
    before = len(home.box.device.of(Records).rows("Announcement"))
    said = {"Title": "Water", "Content": "Off from 9 to 11", "State": "1"}
    await device.do("", AddRecord("announcements", said))
    after = home.box.device.of(Records).rows("Announcement")
    assert len(after) == before + 1
    assert after[-1]["Content"] == "Off from 9 to 11"


async def test_swipes_are_told_newest_first(house: Build) -> None:
    home, device, _ = await surveyed(house, "terminal")
    doors = home.box.device.of(Doors)
    cards = [row["CardNo"] for row in home.box.device.of(Records).rows(CARDS)]
    doors.swipe(cards[0])
    doors.swipe("FFFFFFFF")
    found = await rows(device, "swipes")
    assert [row["CardNo"] for row in found[:2]] == ["FFFFFFFF", cards[0]]
    assert all(a["time"] >= b["time"] for a, b in pairwise(found))
    assert len(await rows(device, "swipes", limit=1)) == 1


@pytest.mark.parametrize("kind", ["calls", "alarms"])
async def test_calls_and_alarms_are_listed(house: Build, kind: str) -> None:
    home, device, _ = await surveyed(house, "vto")
    wire = {"calls": "VideoTalkLog", "alarms": "AlarmRecord"}[kind]
    assert len(await rows(device, kind)) == len(home.box.device.of(Records).rows(wire))


@pytest.mark.parametrize(
    "command",
    [
        AddRecord("swipes", {"CardNo": "1"}),
        AddRecord("cards", {}),
        AddRecord("cards", {"CardNo&action": "x"}),
        AddRecord("cards", {"name": "AlarmRecord"}),
        AddRecord("cards", {"CardNo": "1\r\n2"}),
        ChangeRecord("cards", "1&name=x", {"CardNo": "1"}),
        RemoveRecord("cards", "all"),
        CountRecords("passwords"),
    ],
)
async def test_bad_records_are_refused_before_a_byte_is_sent(
    house: Build, command: Command
) -> None:
    home, device, _ = await surveyed(house, "terminal")
    with pytest.raises(BadInput):
        await device.do("", command)
    assert home.sent() == []


# --- calls ------------------------------------------------------------------------------------


async def test_a_call_is_told_as_it_goes_and_taken_part_in(house: Build) -> None:
    home, device, _ = await surveyed(house, "vto")
    talk = home.box.device.of(Talk)
    async with aclosing(device.listen("calls")) as batches:

        async def until(state: str) -> None:
            async for batch in batches:
                if told(batch).get(":call_state") == state:
                    return

        await until("idle")
        talk.ring()
        await until("ringing")
        await device.do("", Press("answer_call"))
        await until("talking")
        await device.do("", Press("hang_up"))
        await until("idle")
        assert len(talk.peers.listeners) == 1
    # Whoever leaves is subscribed no more (§12.1.2).
    await home.box.device.changed.until(lambda: not talk.peers.listeners)
    assert talk.state is CallState.IDLE


@pytest.mark.parametrize(
    ("begin", "action", "state"),
    [
        ("ring", "answer", CallState.TALKING),
        ("ring", "refuse", CallState.IDLE),
        ("ring", "hang_up", CallState.IDLE),
        ("", "invite", CallState.CALLING),
        ("invite", "cancel", CallState.IDLE),
    ],
)
async def test_every_part_in_a_call_can_be_played(
    house: Build, begin: str, action: str, state: CallState
) -> None:
    home, device, _ = await surveyed(house, "vto")
    talk = home.box.device.of(Talk)
    if begin:
        getattr(talk, begin)()
    await device.do("", Call(action))
    assert talk.state is state
    assert told(await device.read("call"))[":call_state"] == str(state).lower()


async def test_without_a_call_there_is_nothing_to_answer(house: Build) -> None:
    _, device, _ = await surveyed(house, "vto")
    with pytest.raises(Rejected):
        await device.do("", Call("answer"))


async def test_a_verb_that_is_refused_without_a_call_is_tried_at_the_next_one(
    house: Build,
) -> None:
    home = await house("vto")
    home.box.faults.rpc2 = False
    device, _ = await home.opened()
    await device.read("survey")
    home.box.faults.refuse["VideoTalkPeer.answer"] = Refusal.BAD_REQUEST
    with pytest.raises(Rejected):
        await device.do("", Call("answer"))
    del home.box.faults.refuse["VideoTalkPeer.answer"]
    talk = home.box.device.of(Talk)
    talk.ring()
    await device.do("", Call("answer"))
    assert talk.state is CallState.TALKING


async def test_verbs_that_a_station_lacks_are_not_tried_at_every_call(house: Build) -> None:
    home, device, _ = await surveyed(house, "vto")
    for verb in ("hangup", "hangUp"):
        home.box.faults.refuse[f"VideoTalkPeer.{verb}"] = Refusal.BAD_REQUEST
    talk = home.box.device.of(Talk)
    for _ in range(2):
        talk.ring()
        await device.do("", Call("hang_up"))
        assert talk.state is CallState.IDLE
    verbs = [each for each in home.sent() if "action=hang" in each]
    assert len(verbs) == 2


async def test_a_camera_takes_part_in_no_call(house: Build) -> None:
    home, device, _ = await surveyed(house, "ipc")
    with pytest.raises(Unsupported):
        await device.do("", Call("answer"))
    assert home.sent() == []
