"""The Amcrest simulator's file finder as JSON calls (§4.11.5)."""

from datetime import datetime, timedelta
import json
from typing import Any

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.control import Control
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.test_amcrest_life import post
from tests.simulators_tests.test_amcrest_rpc2 import call, log_in

pytestmark = pytest.mark.usefixtures("socket_enabled")

MORNING = datetime(2026, 5, 3, 6, 5)  # noqa: DTZ001
NO_DATA, BAD_PARAMS = 285409284, -267976701


def condition(channel: int = 0, **more: object) -> dict[str, object]:
    day = {"StartTime": "2026-05-03 00:00:00", "EndTime": "2026-05-03 23:59:59"}
    return {"condition": {"Channel": channel, **day, **more}}


async def session_of(box: AmcrestSimulator) -> Any:
    return (await log_in(box))["session"]


async def test_recordings_are_found_page_by_page(start: Start) -> None:
    box = await start("nvr")
    box.store.clear()
    for number in range(150):
        box.store.add(1, MORNING + timedelta(minutes=number), 7)
    session = await session_of(box)
    handle = (await call(box, "mediaFileFind.factory.create", None, session))["result"]
    assert isinstance(handle, int)
    assert not isinstance(handle, bool)
    more = {"session": session, "object": handle}
    found = await call(box, "mediaFileFind.findFile", condition(1), **more)
    assert found["result"] is True
    infos: list[dict[str, object]] = []
    for expected in (100, 50):
        said = await call(box, "mediaFileFind.findNextFile", {"count": 100}, **more)
        assert said["params"]["found"] == len(said["params"]["infos"]) == expected
        infos += said["params"]["infos"]
    end = await call(box, "mediaFileFind.findNextFile", {"count": 100}, **more)
    assert end["params"] == {"found": 0, "infos": None}
    first = box.store.items[0]
    assert infos[0]["FilePath"] == first.path
    assert infos[0]["Channel"] == 1
    assert infos[0]["Length"] == box.store.size(first)
    assert infos[0]["Events"] == ["VideoMotion"]
    assert infos[0]["StartTime"] == "2026-05-03 06:05:00"
    for method in ("close", "destroy"):
        assert (await call(box, f"mediaFileFind.{method}", None, **more))["result"] is True
    assert box.finders == 0
    gone = await call(box, "mediaFileFind.findNextFile", {"count": 100}, **more)
    assert gone["error"]["code"] == BAD_PARAMS


async def test_nothing_is_an_error_of_its_own(start: Start) -> None:
    box = await start("nvr")
    box.store.clear()
    box.store.add(0, MORNING)
    session = await session_of(box)
    handle = (await call(box, "mediaFileFind.factory.create", None, session))["result"]
    more = {"session": session, "object": handle}
    for asked, code in (
        (condition(1), NO_DATA),
        (condition(0, Types=["jpg"]), NO_DATA),
        (condition(8), BAD_PARAMS),
        (condition(0, StartTime="2026-05-03 00:00:00.5"), BAD_PARAMS),
        ({}, BAD_PARAMS),
    ):
        said = await call(box, "mediaFileFind.findFile", asked, **more)
        assert (said["result"], said["error"]["code"]) == (False, code)


async def test_finders_end_with_their_session(start: Start) -> None:
    box = await start("ipc")
    box.faults.finders = 1
    session = await session_of(box)
    await call(box, "mediaFileFind.factory.create", None, session)
    said = await call(box, "mediaFileFind.factory.create", None, session)
    assert said["result"] is False
    assert box.finders == 1
    await call(box, "global.logout", None, session)
    assert box.finders == 0


async def test_the_control_endpoint_records_and_erases(start: Start) -> None:
    box = await start("nvr")
    async with Control(box) as control:
        assert json.loads((await post(control, "erase")).body) == {"left": 0}
        answer = await post(control, "record", {"channel": 2, "event": "AlarmLocal"})
        said = json.loads(answer.body)
        (item,) = box.store.items
        assert (item.channel, item.path, item.events) == (2, said["path"], ("AlarmLocal",))
        assert said["size"] == box.store.size(item)
        assert box.device.events.sent[-1].code == "NewFile"
        for nonsense in ({"kind": "avi"}, {"damage": "rust"}, {"seconds": "5"}):
            assert (await post(control, "record", nonsense)).status == 400
        assert (await post(control, "erase", {"path": "/mnt/none"})).status == 400
        assert json.loads((await post(control, "erase", {"path": item.path})).body) == {"left": 0}
