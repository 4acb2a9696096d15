"""The Amcrest simulator's event stream, byte for byte as the sheet writes it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.simulators.amcrest import AmcrestSimulator, Faults, JsonStyle, Length, Refusal
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import Raw, ask, cgi, login

pytestmark = pytest.mark.usefixtures("socket_enabled")

ATTACH = "/cgi-bin/eventManager.cgi?action=attach&codes="
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=myboundary\r\n"
    b"Cache-Control: no-cache\r\nPragma: no-cache\r\nConnection: close\r\n\r\n"
)
STYLED = (
    b'Code=VideoMotion;action=Start;index=0;data={\n   "Id" : [ 0 ],\n'
    b'   "RegionName" : [ "Region1" ]\n}\n'
)
TABBED = b'Code=VideoMotion;action=Start;index=0;data={\n\t"UTC":\t1789141183,\n\t"Name":\t"IPC"\n}'
PLAIN = b"Code=AlarmLocal;action=Stop;index=0"


def part(body: bytes, eol: bytes = b"\r\n") -> bytes:
    """A part as §9 writes it."""
    head = [b"--myboundary", b"Content-Type: text/plain", b"Content-Length:%d" % len(body), b""]
    return eol.join(head) + eol + body + eol + eol


@asynccontextmanager
async def attached(
    box: AmcrestSimulator, codes: str = "[All]", head: bytes | None = HEAD, more: str = ""
) -> AsyncIterator[Raw]:
    """A client that has read the head of its stream."""
    target = f"{ATTACH}{codes}{more}"
    header = await login(box, target)
    before = box.attached
    async with await Raw.connect(box) as raw:
        raw.send(target, header)
        if head is not None:
            await raw.exactly(head)
        await box.wait_attached(before + 1)
        yield raw


async def test_styled_and_plain_parts(start: Start) -> None:
    box = await start("ipc")
    async with attached(box) as raw:
        box.emit("VideoMotion", data={"Id": [0], "RegionName": ["Region1"]})
        await raw.exactly(part(STYLED))
        box.emit("AlarmLocal", "Stop")
        await raw.exactly(part(PLAIN))
        box.emit("NewFile", "Pulse", data=None)
        await raw.exactly(part(b"Code=NewFile;action=Pulse;index=0;data=null\n"))


async def test_tabbed_parts(start: Start) -> None:
    box = await start("wizsense")
    head = HEAD.replace(b"=myboundary", b"=myboundary;charset=utf-8")
    async with attached(box, head=head) as raw:
        box.emit("VideoMotion", data={"UTC": 1789141183, "Name": "IPC"})
        await raw.exactly(part(TABBED).replace(b"Length:", b"Length: "))


async def test_nested_json_in_both_styles(start: Start) -> None:
    box = await start("ipc")
    data = {"Object": {"Box": [1, 2], "Text": "a;b={"}, "All": [{"N": 1.5}], "No": [], "Ok": True}
    async with attached(box) as raw:
        box.emit("CrossLineDetection", "Pulse", 2, data)
        await raw.exactly(
            part(
                b"Code=CrossLineDetection;action=Pulse;index=2;data={\n"
                b'   "Object" : {\n      "Box" : [ 1, 2 ],\n      "Text" : "a;b={"\n   },\n'
                b'   "All" : [\n      {\n         "N" : 1.5\n      }\n   ],\n'
                b'   "No" : [],\n   "Ok" : true\n}\n'
            )
        )
        box.emit("CrossLineDetection", "Pulse", 2, data, style=JsonStyle.TAB)
        await raw.exactly(
            part(
                b"Code=CrossLineDetection;action=Pulse;index=2;data={\n"
                b'\t"Object":\t{\n\t\t"Box":\t[1, 2],\n\t\t"Text":\t"a;b={"\n\t},\n'
                b'\t"All":\t[{\n\t\t\t"N":\t1.5\n\t\t}],\n\t"No":\t[],\n\t"Ok":\ttrue\n}'
            )
        )


async def test_firmware_of_2014_writes_lf_everywhere(start: Start) -> None:
    box = await start("legacy")
    async with attached(box, head=HEAD.replace(b"\r\n", b"\n")) as raw:
        box.emit("AlarmLocal", "Stop")
        await raw.exactly(part(PLAIN, b"\n"))


async def test_heartbeats_come_only_when_asked_for(start: Start) -> None:
    box = await start("ipc")
    box.faults.heartbeat_seconds = 0.01
    async with attached(box) as silent, attached(box, more="&heartbeat=5") as beating:
        await beating.exactly(part(b"Heartbeat") * 3)
        box.emit("AlarmLocal", "Stop")
        await silent.exactly(part(PLAIN))


async def test_only_the_codes_asked_for(start: Start) -> None:
    box = await start("ipc")
    async with attached(box, "[AlarmLocal,%20VideoLoss]") as raw:
        assert box.emit("VideoMotion").streams == 0
        assert box.emit("AlarmLocal", "Stop").streams == 1
        await raw.exactly(part(PLAIN))


def _no_blank_line(faults: Faults) -> None:
    faults.blank_line = False


def _spaced(faults: Faults) -> None:
    faults.spaced_boundary = True


def _no_length(faults: Faults) -> None:
    faults.length = Length.ABSENT


def _short(faults: Faults) -> None:
    faults.length = Length.SHORT


def _long(faults: Faults) -> None:
    faults.length = Length.LONG


def _only_length(faults: Faults) -> None:
    faults.content_type = False


def _capitals(faults: Faults) -> None:
    faults.capital_keys = True
    faults.lower_actions = True


def _bare_end(faults: Faults) -> None:
    faults.body_ends = 0


def _stray(faults: Faults) -> None:
    faults.stray_status_every = 1


def _end_boundary(faults: Faults) -> None:
    faults.end_boundary_every = 1


@pytest.mark.parametrize(
    ("switch", "sent"),
    [
        (_no_blank_line, part(PLAIN).replace(b"35\r\n\r\n", b"35\r\n")),
        (_spaced, b"-- " + part(PLAIN)[2:]),
        (_no_length, part(PLAIN).replace(b"Content-Length:35\r\n", b"")),
        (_short, part(PLAIN).replace(b":35", b":32")),
        (_long, part(PLAIN).replace(b":35", b":42")),
        (_only_length, part(PLAIN).replace(b"Content-Type: text/plain\r\n", b"")),
        (_capitals, part(PLAIN).replace(b"action=Stop;index", b"Action=stop;Index")),
        (_bare_end, part(PLAIN)[:-4]),
        (_stray, HEAD + part(PLAIN)),
        (_end_boundary, b"--myboundary--\r\n" + part(PLAIN)),
    ],
)
async def test_the_shapes_of_a_part(
    start: Start, switch: Callable[[Faults], None], sent: bytes
) -> None:
    box = await start("ipc")
    async with attached(box) as raw:
        switch(box.faults)
        box.emit("AlarmLocal", "Stop")
        box.emit("AlarmLocal", "Stop")
        await raw.exactly(sent * 2)


async def test_variants_of_one_event(start: Start) -> None:
    box = await start("ipc")
    async with attached(box) as raw:
        box.emit("X", "Start", -1, text=b'{"Name":"\xb2\xd6;=', members=["count=2"])
        await raw.exactly(part(b'Code=X;action=Start;index=-1;count=2;data={"Name":"\xb2\xd6;='))
        box.emit("AlarmLocal", "Stop", length=1)
        await raw.exactly(part(PLAIN).replace(b":35", b":1"))
        box.send_raw(b"anything")
        await raw.exactly(b"anything")


async def test_a_chunked_stream(start: Start) -> None:
    box = await start("ipc")
    box.faults.chunked = True
    head = HEAD.replace(b"Connection", b"Transfer-Encoding: chunked\r\nConnection")
    async with attached(box, head=head) as raw:
        box.emit("AlarmLocal", "Stop")
        await raw.exactly(b"%x\r\n%s\r\n" % (len(part(PLAIN)), part(PLAIN)))


async def test_glued_and_cut_streams_lose_nothing(start: Start) -> None:
    box = await start("ipc")
    box.faults.glue = True
    async with attached(box) as raw:
        for _ in range(5):
            box.emit("AlarmLocal", "Stop")
        await raw.exactly(part(PLAIN) * 5)
        box.faults.fragment = 40
        for _ in range(50):
            box.emit("VideoMotion", data={"Id": [0], "RegionName": ["Region1"]})
        await raw.exactly(part(STYLED) * 50)


async def test_a_burst_arrives_whole_on_every_stream(start: Start) -> None:
    box = await start("ipc")
    async with attached(box) as one, attached(box) as two:
        for number in range(2000):
            box.emit("AlarmLocal", "Start" if number % 2 == 0 else "Stop")
        burst = (part(PLAIN.replace(b"Stop", b"Start")) + part(PLAIN)) * 1000
        await one.exactly(burst)
        await two.exactly(burst)
    stamps = [sent.at for sent in box.device.events.sent]
    assert stamps == sorted(stamps)
    assert len(stamps) == 2000


async def test_what_is_active_can_be_asked_after_a_lost_stop(start: Start) -> None:
    box = await start("nvr")
    rest = "eventManager.cgi?action=getEventIndexes&code=VideoMotion"
    for channel in (7, 2, 4):
        box.emit("VideoMotion", "Start", channel)
    box.emit("VideoMotion", "Pulse", 1)
    assert (await cgi(box, rest)).body == b"channels[0]=2\r\nchannels[1]=4\r\nchannels[2]=7\r\n"
    async with attached(box, head=None) as raw:
        await raw.head()
        box.emit("VideoMotion", "Stop", 2, silent=True)
        box.emit("VideoMotion", "Stop", 4)
        await raw.exactly(part(b"Code=VideoMotion;action=Stop;index=4"))
    assert (await cgi(box, rest)).body == b"channels[0]=7\r\n"


async def test_some_firmware_says_nothing_where_nothing_is_active(start: Start) -> None:
    rest = "eventManager.cgi?action=getEventIndexes&code=VideoMotion"
    answer = await cgi(await start("doorbell"), rest)
    assert (answer.status, answer.body) == (200, b"")


async def test_a_press_says_five_things_and_five_at_the_end(start: Start) -> None:
    box = await start("doorbell")
    async with attached(box) as raw:
        assert box.press_doorbell() == 1
        box.hang_up()
        for body in (
            b"Code=_CallRemoveMask;action=Start;index=0",
            b"Code=AlarmLocal;action=Start;index=0",
            (
                b'Code=_DoTalkAction_;action=Pulse;index=0;data={\n   "Action" : "Invite",\n'
                b'   "CallID" : "1"\n}\n'
            ),
            b"Code=CallNoAnswered;action=Start;index=0",
            b"Code=PhoneCallDetect;action=Start;index=0",
            (
                b'Code=_DoTalkAction_;action=Pulse;index=0;data={\n   "Action" : "Hangup",\n'
                b'   "HangupReason" : "Timeout"\n}\n'
            ),
            b"Code=AlarmLocal;action=Stop;index=0",
            b"Code=CallNoAnswered;action=Stop;index=0",
            b"Code=PhoneCallDetect;action=Stop;index=0",
            b"Code=_CallRemoveMask;action=Stop;index=0",
        ):
            await raw.exactly(part(body))


# Limits and ends


async def test_long_lists_may_be_refused(start: Start) -> None:
    box = await start("legacy")
    codes = ",".join(f"C{number}" for number in range(9))
    refused = await ask(box, f"{ATTACH}[{codes}]")
    assert (refused.status, refused.body) == (400, b"Error\nBad Request!\n")
    box.faults.max_codes_status = 500
    assert (await ask(box, f"{ATTACH}[{codes}]")).status == 500
    async with attached(box, "[A,B]", head=None):
        assert box.attached == 1


async def test_all_may_be_mute_but_for_beats(start: Start) -> None:
    box = await start("ipc")
    box.faults.mute_all = True
    box.faults.heartbeat_seconds = 0.01
    async with attached(box, more="&heartbeat=1") as mute, attached(box, "[AlarmLocal]") as listed:
        assert box.emit("AlarmLocal", "Stop").streams == 1
        await listed.exactly(part(PLAIN))
        await mute.exactly(part(b"Heartbeat") * 3)


async def test_streams_may_be_counted(start: Start) -> None:
    box = await start("ipc")
    box.faults.max_streams = 1
    async with attached(box):
        assert (await ask(box, f"{ATTACH}[All]")).status == 500
        box.faults.max_streams_refusal = Refusal.CONNECTIONS
        full = await ask(box, f"{ATTACH}[All]")
        assert full.body == b"Exceeded maximum number of connections\r\n"
    await box.wait_detached()
    async with attached(box):
        assert box.attached == 1


@pytest.mark.parametrize("rst", [False, True])
async def test_streams_are_cut(start: Start, rst: bool) -> None:
    box = await start("ipc")
    async with attached(box) as raw:
        box.cut_streams(rst)
        if rst:
            with pytest.raises(ConnectionResetError):
                await raw.rest()
        else:
            assert await raw.rest() == b""
    await box.wait_detached()


async def test_a_stalled_stream_is_open_and_silent_while_a_new_one_speaks(start: Start) -> None:
    box = await start("ipc")
    box.faults.heartbeat_seconds = 0.01
    async with attached(box, more="&heartbeat=1") as stalled:
        box.stall_streams()
        async with attached(box) as fresh:
            box.emit("AlarmLocal", "Stop")
            await fresh.exactly(part(PLAIN))
        box.cut_streams()
        assert b"Code=" not in await stalled.rest()
