"""The simulated Open API camera's pages, byte for byte as docs/protocols/open_api.md has them."""

import asyncio
import json
import signal
import sys

import pytest

from tests.simulators.control import Control
from tests.simulators.open_api import PERSONALITIES, Separator, UnknownGroup
from tests.simulators_tests.open_api_box import (
    BASIC,
    OK,
    ask,
    body_of,
    running,
    split,
)
from tests.simulators_tests.raw import DEADLINE, Raw, digest

pytestmark = pytest.mark.usefixtures("socket_enabled")

LIST = "/config.cgi?action=list"
TEXT = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"


# S-1.1 Parameters


async def test_a_list_parts_head_and_body_with_a_bare_line_feed() -> None:
    async with running() as box:
        answer = await ask(box, f"{LIST}&group=Motion.M0&responseformat=rfc")
        assert answer.head == b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\n"
        assert answer.body.startswith(b"Motion.M0.Name=Entrance\nMotion.M0.Left=5000\n")
        assert b"\r" not in answer.body


async def test_vapix_prefixes_names_and_has_a_clean_head_when_asked() -> None:
    async with running("vapix") as box:
        rfc = await ask(box, f"{LIST}&group=root.Motion.M3.Name&responseformat=rfc")
        assert rfc.head == TEXT
        assert rfc.body == b"root.Motion.M3.Name=Gate\n"
        assert (await ask(box, f"{LIST}&group=Motion.M3.Name")).head == TEXT[:-2] + b"\n"
        box.faults.separator = Separator.CLEAN
        assert (await ask(box, f"{LIST}&group=Motion.M3.Name")).head == TEXT


@pytest.mark.parametrize(
    "groups",
    [
        "group=Motion.M3,Motion.M0",
        "group=Motion.M3,group=Motion.M0",
        "group=Motion.M3,group%3DMotion.M0",
        "group=Motion.M3&group=Motion.M0",
        "group=root.Motion.M3%2CMotion.M0",
    ],
)
async def test_every_spelling_of_several_groups(groups: str) -> None:
    async with running() as box:
        lines = (await ask(box, f"{LIST}&{groups}")).lines
        assert [line for line in lines if ".Name" in line] == [
            "Motion.M3.Name=Gate",
            "Motion.M0.Name=Entrance",
        ]


async def test_lists_by_name_by_star_and_whole() -> None:
    async with running() as box:
        assert await body_of(box, f"{LIST}&group=Motion.*.Name") == (
            b"Motion.M0.Name=Entrance\nMotion.M3.Name=Gate\n"
        )
        everything = (await ask(box, LIST)).values
        assert everything["Brand.ProdFullName"] == "Generic IP Camera N5071"
        assert everything["Network.Wireless.WPA.Key"] == "******"
        assert everything["PTZ.Preset.P0.Position.P2.Name"] == "Gate"
        assert everything["Network.RTSP.Port"] == str(box.rtsp and box.rtsp.port)
        assert "Motion.M00.Name" not in everything
        assert await body_of(box, f"{LIST}&group=Motion.M") != b""
        box.remove_window(0)
        box.remove_window(3)
        assert await body_of(box, f"{LIST}&group=Motion") == b""


async def test_an_unknown_group_is_a_line_or_nothing() -> None:
    error = b"# Error: Error -1 getting param in group 'Nothing.N0'\n"
    async with running() as box:
        assert (
            await body_of(box, f"{LIST}&group=Nothing.N0,Brand.Brand")
            == error + b"Brand.Brand=Generic\n"
        )
        box.faults.unknown_group = UnknownGroup.EMPTY
        assert await body_of(box, f"{LIST}&group=Nothing.N0") == b""


async def test_updates_and_what_is_refused() -> None:
    async with running() as box:
        answer = await ask(
            box, "/config.cgi?action=update&Motion.M0.Top=1500&root.Motion.M0.Name=a%3Db%26c"
        )
        assert (answer.head, answer.body) == (TEXT, OK)
        assert await body_of(box, f"{LIST}&group=Motion.M0.Name") == b"Motion.M0.Name=a=b&c\n"
        refused = await body_of(
            box,
            "/config.cgi?action=update&Motion.M0.Top=10000&Motion.M0.Left=7&Brand.Brand=Mine"
            "&Motion.M1.Top=5&random=123",
        )
        assert refused == (
            b"# Error: Error setting 'Motion.M0.Top' to '10000'!\r\n"
            b"# Error: Error setting 'Brand.Brand' to 'Mine'!\r\n"
            b"# Error: Error setting 'Motion.M1.Top' to '5'!\r\n"
        )
        assert (box.parameters["Motion.M0.Top"], box.parameters["Motion.M0.Left"]) == ("1500", "7")


async def test_updates_may_come_as_a_form() -> None:
    async with running() as box:
        answer = await ask(
            box,
            "/config.cgi",
            "Content-Type: application/x-www-form-urlencoded",
            method="POST",
            body=b"action=update&Image.I0.Text.String=a+b%2Bc",
        )
        assert answer.body == OK
        assert box.parameters["Image.I0.Text.String"] == "a b+c"


async def test_windows_are_added_under_the_lowest_free_number() -> None:
    add = "/config.cgi?action=add&group=Motion&template=motion"
    async with running() as box:
        assert await body_of(box, add) == b"M1 OK\r\n"
        fresh = (await ask(box, f"{LIST}&group=Motion.M1")).values
        assert [fresh[f"Motion.M1.{each}"] for each in ("Left", "Right", "Top", "Bottom")] == [
            "200",
            "4000",
            "200",
            "4000",
        ]
        assert fresh["Motion.M1.Name"] == "DefaultWindow"
        assert await body_of(box, f"{add}&Motion.M.Name=T%C3%BCr&Motion.M.Top=500") == b"M2 OK\r\n"
        assert box.parameters["Motion.M2.Name"] == "Tür"
        assert await body_of(box, f"{add}&Motion.M.Top=-1") == (
            b"# Error: Error setting 'Motion.M.Top' to '-1'!\r\nM4 OK\r\n"
        )
        assert list(box.parameters.windows()) == [0, 1, 2, 3, 4]
        names = await body_of(box, f"{LIST}&group=Motion.*.Name")
        assert names.split(b"\n")[1] == b"Motion.M1.Name=DefaultWindow"
        for _ in range(5):
            box.add_window()
        assert (await body_of(box, add)).startswith(b"# Request failed: ")
        assert await body_of(box, f"{add}&force=yes") == b"M10 OK\r\n"
        assert (await body_of(box, "/config.cgi?action=add&group=Event&template=event")).startswith(
            b"# Request failed: "
        )


async def test_windows_are_removed_all_or_none() -> None:
    remove = "/config.cgi?action=remove"
    async with running() as box:
        for group in ("Motion.M0,group=Motion.M7", "Motion", "Brand", ""):
            assert (await body_of(box, f"{remove}&group={group}")).startswith(b"# Request failed: ")
        assert list(box.parameters.windows()) == [0, 3]
        assert await body_of(box, f"{remove}&group=Motion.M3,group=Motion.M0") == OK
        assert list(box.parameters.windows()) == []
        assert (await ask(box, "/config.cgi")).status == 400


# §1.4 Who may do what


async def test_digest_looks_at_the_raw_line() -> None:
    target = "/output.cgi?action=1%3A%2F500%5C"
    async with running("vapix") as box:
        async with await Raw.connect(box) as raw:
            raw.send(target)
            first = split(await raw.rest())
        assert first.head.startswith(b"HTTP/1.0 401 Unauthorized\r\nContent-Type: text/html\r\n")
        asked = first.header("WWW-Authenticate")
        assert asked is not None
        assert asked.startswith("Digest realm=")
        decoded = digest(asked, target, user="root", password="root", uri="/output.cgi?action=1:/")
        assert (await ask(box, target, authorization=decoded)).status == 401
        assert box.gate.count.uri_mismatches == 1
        box.faults.lenient_uri = True
        asked = (await ask(box, target, authorization="X: y")).header("WWW-Authenticate") or ""
        decoded = digest(asked, target, user="root", password="root", uri="/output.cgi?action=1:/")
        assert (await ask(box, target, authorization=decoded)).status == 200
        assert (await ask(box, target, authorization=BASIC)).status == 401


async def test_the_policy_is_a_parameter() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        raw.send("/image.jpg")
        head = (await raw.rest()).decode()
        assert "WWW-Authenticate: Digest " in head
        assert 'WWW-Authenticate: Basic realm="IP Camera"\r\n' in head
        policy = "/config.cgi?action=update&Network.HTTP.AuthenticationPolicy"
        assert (await ask(box, f"{policy}=none")).body.startswith(b"# Error")
        assert (await ask(box, f"{policy}=digest")).body == OK
        assert (await ask(box, "/image.jpg", authorization=BASIC)).status == 401


async def test_a_weak_account_sees_pictures_and_no_settings() -> None:
    async with running("weak_account") as box:
        for target in ("/image.jpg", "/input.cgi?check=1", "/time.cgi?action=get"):
            assert (await ask(box, target)).status == 200, target
        refused = (
            LIST,
            "/output.cgi?action=1:/",
            "/output.cgi?check=1",
            "/port.cgi?action=3:/",
            "/ptz.cgi?query=position",
            "/time.cgi?action=set&hour=1",
            "/usrgrp.cgi?action=get",
            "/list.cgi?diskid=all",
            "/reboot.cgi",
        )
        for target in refused:
            answer = await ask(box, target)
            assert answer.status == 401, target
            assert answer.header("WWW-Authenticate"), target
        box.faults.denied_status = 403
        assert (await ask(box, LIST)).status == 403
        assert box.failed_logins == 0
        assert box.outputs == [False, False]


async def test_an_operator_may_draw_windows_and_nothing_more() -> None:
    async with running() as box:
        add = "/usrgrp.cgi?action=add&user=joe&pwd=x&grp=users&sgrp=viewer:operator"
        assert await body_of(box, add) == b"Created account joe.\r\n"
        box.accounts.of["root"].groups = {"operator"}
        assert (await ask(box, "/config.cgi?action=update&Motion.M0.Top=1")).body == OK
        assert (await ask(box, LIST)).status == 200
        assert (await ask(box, "/config.cgi?action=update&Network.HostName=x")).status == 401
        assert (await ask(box, "/time.cgi?action=set&hour=1")).status == 401


async def test_without_a_user_nobody_logs_in() -> None:
    async with running(user="", password="") as box:
        assert (await ask(box, LIST, authorization="Accept: */*")).status == 200


# What every model has, and the switches


async def test_what_a_model_has_not_is_not_found() -> None:
    async with running() as box:
        assert (await ask(box, "/nothing.cgi")).status == 404
        assert (await ask(box, "/videostatus.cgi?status=1")).status == 404
        assert (await ask(box, "/image.jpg", method="PUT")).status == 405
        box.faults.asp = True
        assert (await ask(box, LIST)).status == 404
        assert (await ask(box, f"/asp{LIST}")).status == 200
        assert (await ask(box, "/image.jpg")).status == 200
    async with running("server4") as box:
        for path in ("mount.cgi", "format.cgi", "list.cgi", "remove.cgi"):
            assert (await ask(box, f"/{path}?diskid=all")).status == 404
    async with running("hostile") as box:
        assert (await ask(box, "/ptz.cgi?query=position")).status == 404


async def test_paths_can_be_slow_mute_missing_or_something_else() -> None:
    async with running() as box:
        box.faults.missing.add("/image.jpg")
        assert (await ask(box, "/image.jpg")).status == 404
        box.faults.bodies["/config.cgi"] = b"<html>login</html>"
        assert (await ask(box, LIST)).body == b"<html>login</html>"
        box.faults.mute.add("/time.cgi")
        box.faults.delays["/systemlog.cgi"] = 60.0
        for target in ("/time.cgi?action=get", "/systemlog.cgi"):
            async with await Raw.connect(box) as raw:
                raw.send(target, BASIC)
                await box.until(lambda: box.wire[-1].target == target)  # noqa: B023
                assert box.wire[-1].status is None


async def test_hostile_lists() -> None:
    async with running("hostile") as box:
        answer = await ask(box, f"{LIST}&group=Motion.*.Name")
        assert answer.head == b"HTTP/1.0 200 OK\nContent-Type: text/plain\n\n"
        lines = "Motion.M0.Name=Einfahrt Süd\nMotion.M1.Name=Tür\n".encode("latin-1")
        assert answer.body == lines * 2


@pytest.mark.parametrize("name", PERSONALITIES)
async def test_every_personality_shows_a_picture_and_who_it_is(name: str) -> None:
    async with running(name) as box:
        answer = await ask(box, "/image.jpg")
        assert answer.body.startswith(b"\xff\xd8driveway 1 960x540\xff\xd9")
        if name != "weak_account":
            brand = (await body_of(box, f"{LIST}&group=Brand")).decode("latin-1")
            assert PERSONALITIES[name].product in brand
        assert json.dumps(box.state())
        assert box.state()["personality"] == name


async def test_the_control_endpoint_turns_it() -> None:
    async with running("server4") as box, Control(box) as control:

        async def verb(name: str, payload: object) -> object:
            reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
            body = json.dumps(payload).encode()
            head = f"POST /{name} HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            async with asyncio.timeout(DEADLINE):
                answer = await reader.read()
            writer.close()
            return json.loads(answer.partition(b"\r\n\r\n")[2])

        assert await verb("add_window", {"name": "Roof"}) == {"window": 4}
        await verb("level", {"window": 4, "level": 33})
        assert box.levels[4] == 33
        assert await verb("remove_window", {"window": 4}) == {}
        assert await verb("level", {"window": 4, "level": 33}) == {"error": "no window 4"}
        assert await verb("input", {"port": 4}) == {"inputs": [False, False, False, True]}
        assert await verb("output", {"port": 1}) == {"outputs": [True, False]}
        assert await verb("output", {"port": 3}) == {"error": "no number 3"}
        assert await verb("signal", {"channel": 3, "on": False}) == {
            "signals": [True, True, False, True]
        }
        assert await verb("config", {"Brand.Brand": "Other"}) == {"changed": 1}
        await verb("dark", {})
        assert box.mode == "refuse"
        await verb("back", {})
        await verb("reboot", {})
        await box.until(lambda: box.restarts == 1)


async def test_live_moves_and_switches() -> None:
    async with running() as box:
        living = asyncio.create_task(box.live(0.001))
        try:
            await box.until(lambda: box.inputs[1])
        finally:
            living.cancel()
            await asyncio.wait([living])


async def test_it_can_be_run_by_hand() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.simulators", "open_api", "--personality", "server4"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        first = await process.stdout.readline()
        await process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert first.startswith(b"device   http://127.0.0.1:")
