"""The Amcrest simulator's JSON calls: login in two steps, lock-out, configuration."""

import hashlib
import json
from typing import Any

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import PASSWORD, USER, Answer, Raw, ask, cgi

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def post(box: AmcrestSimulator, path: str, body: bytes) -> Answer:
    async with await Raw.connect(box) as raw:
        return await raw.ask(path, "Content-Type: application/json", method="POST", body=body)


async def call(
    box: AmcrestSimulator,
    method: str,
    params: object = None,
    session: object = 0,
    path: str = "/RPC2",
    **more: object,
) -> Any:
    said = {"method": method, "params": params, "session": session, "id": 7, **more}
    answer = await post(box, path, json.dumps(said).encode())
    assert answer.status == 200
    return json.loads(answer.body)


async def first_step(box: AmcrestSimulator, user: str = USER) -> Any:
    params = {"userName": user, "password": "", "clientType": "Web3.0", "loginType": "Direct"}
    return await call(box, "global.login", params, path="/RPC2_Login")


def hashed(asked: Any, password: str, user: str = USER) -> str:
    """The password of the second step, worked out here from §3.3."""

    def upper(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest().upper()

    inner = upper(f"{user}:{asked['params']['realm']}:{password}")
    return upper(f"{user}:{asked['params']['random']}:{inner}")


async def second_step(
    box: AmcrestSimulator, asked: Any, password: str = PASSWORD, user: str = USER, **more: object
) -> Any:
    params = {
        "userName": user,
        "password": hashed(asked, password, user),
        "clientType": "Web3.0",
        "loginType": "Direct",
        "authorityType": "Default",
        **more,
    }
    return await call(box, "global.login", params, asked["session"], path="/RPC2_Login")


async def log_in(box: AmcrestSimulator, password: str = PASSWORD, user: str = USER) -> Any:
    return await second_step(box, await first_step(box, user), password, user)


async def test_the_challenge_says_how_to_hash(start: Start) -> None:
    box = await start("ipc")
    asked = await first_step(box)
    assert asked == {
        "error": {"code": 268632079, "message": "Component error: login challenge!"},
        "id": 7,
        "params": {
            "encryption": "Default",
            "random": asked["params"]["random"],
            "realm": "Login to AMC0110A41B20C7",
        },
        "result": False,
        "session": asked["session"],
    }
    assert len(asked["session"]) == 32
    assert int(asked["session"], 16) > 0
    assert box.failed_logins == 0


async def test_the_second_step_gives_another_session_and_a_cookie(start: Start) -> None:
    box = await start("ipc")
    asked = await first_step(box)
    said = await second_step(box, asked)
    session = said["session"]
    assert said == {
        "id": 7,
        "params": {"keepAliveInterval": 60},
        "result": True,
        "session": session,
    }
    assert session != asked["session"]
    assert box.state()["rpc2_sessions"] == 1
    kept = await call(box, "global.keepAlive", {"timeout": 60, "active": True}, session)
    assert (kept["result"], kept["params"]) == (True, {"timeout": 60})
    kind = await call(box, "magicBox.getDeviceType", None, session)
    assert kind["params"] == {"type": "IP4M-1041B"}
    left = await call(box, "global.logout", None, session)
    assert left["result"] is True
    assert box.state()["rpc2_sessions"] == 0
    gone = await call(box, "magicBox.getDeviceType", None, session)
    assert gone["error"]["code"] == 287637505


async def test_old_firmware_counts_sessions_and_says_401(start: Start) -> None:
    box = await start("legacy")
    asked = await first_step(box)
    assert asked["error"]["code"] == 401
    assert isinstance(asked["session"], int)
    said = await second_step(box, asked)
    assert isinstance(said["session"], int)
    assert said["params"] == {"keepAliveInterval": 30}


async def test_a_challenge_serves_once_and_for_its_user_alone(start: Start) -> None:
    box = await start("ipc")
    asked = await first_step(box)
    assert (await second_step(box, asked))["result"] is True
    again = await second_step(box, asked)
    assert again["error"]["code"] == 287637505
    other = await second_step(box, await first_step(box, "guest"))
    assert other["error"]["code"] == 268632085
    bare = await second_step(box, await first_step(box), authorityType="")
    assert bare["error"]["code"] == 268632085


async def test_wrong_passwords_count_down_to_the_lock_that_the_cgi_shares(start: Start) -> None:
    box = await start("wizsense")
    box.gate.policy.lock_seconds = 300
    for left in (4, 3):
        said = await log_in(box, "wrong")
        assert said["result"] is False
        assert said["error"] == {"code": 268632085, "message": "PasswordNotValid"}
        assert said["params"] == {"remainLoginTimes": left}
    unknown = await log_in(box, "wrong", "nobody")
    assert unknown["error"] == {"code": 268632085, "message": "UserNotValidt"}
    for _ in range(4):
        await first_step(box)
    assert box.failed_logins == 3
    await log_in(box, "wrong")
    asked = await first_step(box)
    last = await log_in(box, "wrong")
    assert last["error"] == {"code": 268632081, "message": "HasBeenLocked"}
    assert 298 <= last["params"]["remainLockSecond"] <= 300
    assert box.gate.locked
    locked = await first_step(box)
    assert locked["error"]["code"] == 268632081
    assert box.gate.count.while_locked == 0
    right = await second_step(box, asked)
    assert right["error"]["code"] == 268632081
    assert box.gate.count.while_locked == 1
    async with await Raw.connect(box) as raw:
        assert (await raw.ask("/cgi-bin/magicBox.cgi?action=getSerialNo")).status == 401
    box.gate.unlock()
    assert (await log_in(box))["result"] is True


async def test_a_lock_won_at_the_cgi_holds_here(start: Start) -> None:
    box = await start("nvr")
    for _ in range(5):
        box.gate.log_in(False)
    assert (await first_step(box))["error"]["code"] == 268632081


async def test_configuration_is_read_with_types_and_written_into_the_same_tree(
    start: Start,
) -> None:
    box = await start("ipc")
    session = (await log_in(box))["session"]
    read = await call(box, "configManager.getConfig", {"name": "MotionDetect"}, session)
    table = read["params"]["table"]
    assert isinstance(table, list)
    assert table[0]["Enable"] is (box.config["MotionDetect[0].Enable"] == "true")
    table[0]["Enable"] = not table[0]["Enable"]
    wanted = json.dumps(table[0]["Enable"])
    params = {"name": "MotionDetect", "table": table, "options": []}
    written = await call(box, "configManager.setConfig", params, session)
    assert written["result"] is True
    line = await cgi(box, "configManager.cgi?action=getConfig&name=MotionDetect[0].Enable")
    assert line.lines == [f"table.MotionDetect[0].Enable={wanted}"]
    part = {"name": "General", "table": {"MachineName": "Porch"}}
    assert (await call(box, "configManager.setConfig", part, session))["result"] is True
    assert box.config["General.MachineName"] == "Porch"
    bad = {"name": "General", "table": {"Nonsense": 1}}
    refused = await call(box, "configManager.setConfig", bad, session)
    assert refused["error"]["code"] == -267976701
    missing = await call(box, "configManager.getConfig", {"name": "Nothing"}, session)
    assert missing["error"]["code"] == -267976701


async def test_calls_that_are_none_are_refused(start: Start) -> None:
    box = await start("ipc")
    session = (await log_in(box))["session"]
    unknown = await call(box, "magicBox.fly", None, session)
    assert unknown["error"]["code"] == 268894210
    stranger = await call(box, "magicBox.getDeviceType", None, "0" * 32)
    assert stranger["error"]["code"] == 287637505
    odd = await call(box, "magicBox.getDeviceType", None, [1])
    assert odd["error"]["code"] == 287637505
    for body in (b"", b"[]", b"{}", b"{"):
        said = json.loads((await post(box, "/RPC2", body or b" ")).body)
        assert said["error"]["code"] == 268894209
    box.faults.rpc2_refuse["magicBox.getDeviceType"] = 268632064
    assert (await call(box, "magicBox.getDeviceType", None, session))["error"]["code"] == 268632064
    box.faults.rpc2_max_body = 50
    said = await call(box, "configManager.getConfig", {"name": "General"}, session)
    assert said["error"]["message"] == "Request length error!"
    assert (await ask(box, "/cgi-bin/magicBox.cgi?action=getSerialNo")).status == 200


async def test_sessions_end_by_idling_and_by_a_restart(start: Start) -> None:
    box = await start("ipc")
    box.faults.rpc2_sessions = 1
    session = (await log_in(box))["session"]
    assert (await log_in(box))["error"]["message"] == "HasBeedUsed"
    box.faults.rpc2_session_seconds = -1
    gone = await call(box, "global.keepAlive", {"timeout": 60}, session)
    assert gone["error"]["code"] == 287637505
    box.faults.rpc2_session_seconds = 120
    session = (await log_in(box))["session"]
    box.faults.reboot_drop = box.faults.reboot_refuse = 0
    await box.reboot()
    gone = await call(box, "global.keepAlive", {"timeout": 60}, session)
    assert gone["error"]["code"] == 287637505


async def test_a_box_without_json_calls_has_no_such_path(start: Start) -> None:
    box = await start("ipc")
    box.faults.rpc2 = False
    assert (await post(box, "/RPC2_Login", b"{}")).status == 404
    box.faults.rpc2 = True
    async with await Raw.connect(box) as raw:
        assert (await raw.ask("/RPC2")).status == 404
