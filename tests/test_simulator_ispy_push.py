"""What the simulated iSpy pushes and says as JSON, byte for byte (§10)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
import json

import pytest

from tests.simulators.ispy import CAMERA, MICROPHONE, FileSeed
from tests.simulators.ispy.clock import naive_ticks
from tests.simulators_tests.ispy_box import ask, closes, running, text
from tests.simulators_tests.raw import Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

CATCH_ALL = "iSpy server is running"


# §10 Push


async def shake(raw: Raw) -> None:
    raw.send(
        "/websocket",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    head = await raw.head()
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head


def masked(opcode: int, payload: bytes) -> bytes:
    mask = b"\1\2\3\4"
    hidden = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
    return bytes((0x80 | opcode, 0x80 | len(payload))) + mask + hidden


async def test_push_tells_names_three_a_second() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        box.faults.push_seconds = 3600.0
        await shake(raw)
        await box.wait_attached()
        box.trigger_alert(1)
        box.trigger_alert(2, MICROPHONE)
        box.add_recording(CAMERA, 3)
        box.add_recording(CAMERA, 3)
        box.push.flush()
        await raw.exactly(b"\x81\x10alert|Front door\x81\x11new events|Garage")
        for name in "abcd":
            box.program.push(f"alert|{name}")
        box.push.flush()
        await raw.exactly(b"\x81\x07alert|a\x81\x07alert|b\x81\x07alert|c")


async def test_push_answers_the_text_test_but_no_ping() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        await shake(raw)
        raw.writer.write(masked(9, b"x") + masked(8, b"") + masked(1, b"communication test"))
        await raw.exactly(b"\x81\x15communication success")
        assert box.push.ignored == [9, 8]
        assert box.attached == 1
        box.drop_websockets()
        assert await raw.rest() == b""
        await box.wait_detached()
        box.access.peer = "172.16.0.9"
        assert "error" in await text(box, "/websocket")
    async with running("g1") as box:
        assert await text(box, "/websocket") == CATCH_ALL


# §10 JSON


async def test_the_same_as_json() -> None:
    async with running() as box:

        async def load(query: str) -> object:
            answer = await ask(box, f"/loadobject.json?{query}")
            assert answer.header("Content-Type") == "application/json"
            return json.loads(answer.body, parse_float=Decimal)

        listed = await load("cmd=loadobjects")
        assert isinstance(listed, dict)
        assert listed["objectList"][0] == {
            "name": "Front door",
            "groups": "outside,doors",
            "typeID": 2,
            "id": 1,
            "active": True,
            "ptzID": -5,
            "talk": True,
            "micID": 1,
            "camID": -1,
        }
        assert listed["objectList"][4]["camID"] == 1
        box.set_level(CAMERA, 3, 0.1)
        assert await load("CMD=queryLevel&ot=2&oid=3") == {"level": Decimal("0.1")}
        assert await load("cmd=record&ot=2&oid=3") == {"status": "ok"}
        assert await load("cmd=getobjectstatus&ot=2&oid=3") == {
            "online": True,
            "recording": True,
            "width": 640,
            "height": 360,
            "micpairid": -1,
            "talk": False,
        }
        assert (await ask(box, "/loadobject.json?cmd=getobjectstatus&ot=2&oid=9")).body == b""
        events = await load("cmd=getevents")
        assert isinstance(events, dict)
        assert events["timezoneOffset"] == 60
        started = naive_ticks(datetime(2024, 3, 30, 9, 0, 0, 250_000))  # noqa: DTZ001
        assert events["events"][0]["created"] == started
        assert await load("cmd=ptzcommand&oid=1&value=TOKEN_1") == {"status": "ok"}
        assert box.cameras[0].preset == "token_1"
        assert await closes(box, "/loadobject.json?cmd=nonsense")
    async with running("g1") as box:
        assert await text(box, "/loadobject.json?cmd=loadobjects") == CATCH_ALL


async def test_a_file_tells_the_zone_of_the_pc() -> None:
    summer = datetime(2024, 7, 1, 12, tzinfo=UTC)
    async with running(at=summer) as box:
        box.add_recording(CAMERA, 3, FileSeed(at=summer - timedelta(minutes=1), seconds=7))
        listed = await text(box, "/graphall?ot=2&oid=3&jsfunc=data")
        answer = await ask(box, "/loadobject.json?cmd=getevents&ot=2&oid=3")
        ticks = int(json.loads(answer.body)["events"][0]["created"])
        start_ms = (ticks - naive_ticks(datetime(1970, 1, 1))) // 10_000  # noqa: DTZ001
        created = int(listed.strip('"').split("|")[0])
        assert created - start_ms - 7000 == 2 * 3_600_000


async def test_silence_and_return() -> None:
    async with running() as box:
        port = box.port
        await box.go_dark()
        with pytest.raises(ConnectionRefusedError):
            await ask(box, "/ping")
        await box.come_back()
        assert (await text(box, "/ping"), box.port) == ("OK", port)
        box.faults.mute.add("ping")
        box.faults.bodies["getservername"] = "<html>"
        assert await text(box, "/getservername") == "<html>"
        async with await Raw.connect(box) as raw:
            raw.send("/ping")
            await box.until(lambda: box.wire[-1].target == "/ping")
            box.faults.mute.clear()
            assert await text(box, "/ping") == "OK"
            assert not raw.reader.at_eof()
