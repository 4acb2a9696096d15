"""Ports, PTZ, IP filter and storage of the simulated Open API camera (S-3, S-5, S-6, S-8)."""

from datetime import datetime
from urllib.parse import quote
import xml.etree.ElementTree as ET

import pytest

from tests.simulators.open_api import Idle, OpenApiSimulator, Said
from tests.simulators.open_api.ports import Step, read_action
from tests.simulators_tests.open_api_box import (
    BASIC,
    OK,
    ask,
    body_of,
    running,
    stream,
    until,
)
from tests.simulators_tests.raw import Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=ioboundary\r\n\r\n"
PART = b"--ioboundary\r\nContent-Type: text/plain\r\n\r\n"


class Ticks:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def act(box: OpenApiSimulator, action: str) -> bytes:
    """Run an action on an output, every sign of it escaped."""
    return await body_of(box, f"/output.cgi?action={quote(action, safe='')}")


async def position(box: OpenApiSimulator, camera: int = 1) -> list[str]:
    """Where a camera says that it looks."""
    body = await body_of(box, f"/ptz.cgi?query=position&camera={camera}")
    return body.decode().splitlines()[:3]


# S-5 Inputs and outputs


async def test_inputs_are_watched_as_printed() -> None:
    async with running() as box:
        box.set_input(1, on=True)
        async with stream(box, "/input.cgi?monitor=1", "input", HEAD) as raw:
            await raw.exactly(PART + b"IO1:H\r\n")
            box.set_input(1, on=False)
            await raw.exactly(PART + b"IO1:\\\r\n")
            box.set_input(2, on=True)
            box.set_input(1, on=False)
            box.set_input(1, on=True)
            await raw.exactly(PART + b"IO1:/\r\n")


async def test_several_inputs_are_lines_of_one_part_and_no_change_is_lost() -> None:
    async with running() as box, stream(box, "/input.cgi?monitor=1,2", "input", HEAD) as raw:
        await raw.exactly(PART + b"IO1:L\r\nIO2:L\r\n")
        for on in (True, False, True):
            box.set_input(2, on=on)
        box.set_input(1, on=True)
        for lines in (b"IO1:L\r\nIO2:/", b"IO1:L\r\nIO2:\\", b"IO1:L\r\nIO2:/"):
            await raw.exactly(PART + lines + b"\r\n")
        await raw.exactly(PART + b"IO1:/\r\nIO2:H\r\n")


@pytest.mark.parametrize(
    ("idle", "said"), [(Idle.STATE, PART + b"IO1:L\r\n"), (Idle.EMPTY, PART), (Idle.NOTHING, b"")]
)
async def test_when_nothing_happens(idle: Idle, said: bytes) -> None:
    async with running() as box:
        box.faults.idle, box.faults.idle_seconds = idle, 0.001
        async with stream(box, "/input.cgi?monitor=1", "input", HEAD + PART + b"IO1:L\r\n") as raw:
            await raw.exactly(said * 3)
            box.set_input(1, on=True)
            await until(raw, PART + b"IO1:/\r\n")


async def test_the_axis_spelling() -> None:
    async with running("vapix") as box:
        box.set_input(2, on=True)
        assert await body_of(box, "/input.cgi?check=1,2") == b"input1=0\r\ninput2=1\r\n"
        assert await body_of(box, "/output.cgi?check=2") == b"output2=0\r\n"
        async with stream(box, "/input.cgi?monitor=2", "input", HEAD) as raw:
            await raw.exactly(PART + b"2I:H\r\n")
        async with stream(box, "/output.cgi?monitor=1", "output", HEAD) as raw:
            await raw.exactly(PART + b"1O:L\r\n")


async def test_blank_lines_may_stand_anywhere() -> None:
    async with running() as box:
        box.faults.blank_lines = True
        async with stream(box, "/input.cgi?monitor=1", "input", HEAD) as raw:
            await raw.exactly(PART + b"\r\nIO1:L\r\n\r\n")


async def test_a_unit_that_counts_from_nought() -> None:
    async with running() as box:
        box.faults.io_base = 0
        async with stream(box, "/input.cgi?monitor=1", "input", HEAD) as raw:
            await raw.exactly(PART + b"IO0:L\r\nIO1:L\r\n")
        assert await act(box, "0:/") == b""
        assert box.outputs == [True, False]
        assert await body_of(box, "/output.cgi?check=0") == b"IO0:H\r\n"


async def test_checks_and_ports() -> None:
    async with running() as box:
        box.set_input(1, on=True)
        box.parameters["IOPort.I1.Input.Trig"] = "open"
        assert await body_of(box, "/input.cgi?check=1,2") == b"IO1:H\r\nIO2:L\r\n"
        assert await body_of(box, "/port.cgi?check=1,2,3") == b"port1=1\r\nport2=1\r\nport3=0\r\n"
        assert await body_of(box, "/port.cgi?checkactive=1,2") == (
            b"port1=active\r\nport2=inactive\r\n"
        )
        assert await body_of(box, "/port.cgi?checkdirection=2,3") == (
            b"port2=input\r\nport3=output\r\n"
        )
        assert await body_of(box, "/port.cgi?action=4:/") == b""
        assert box.outputs == [False, True]
        assert (await body_of(box, "/port.cgi?action=1:/")).startswith(b"Error:")
        assert (await body_of(box, "/port.cgi?monitor=2,3")).startswith(b"Error:")
        async with stream(box, "/port.cgi?monitor=3,4", "port", HEAD) as raw:
            await raw.exactly(PART + b"3O:L\r\n4O:H\r\n")
        for wrong in ("input.cgi?check=3", "input.cgi?monitor=0", "input.cgi", "port.cgi?check=x"):
            assert (await ask(box, f"/{wrong}")).status == 400, wrong


async def test_switching_and_what_it_says() -> None:
    async with running() as box:
        answer = await ask(box, "/output.cgi?action=1:/")
        assert answer.head + answer.body == (b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        assert box.outputs == [True, False]
        assert await act(box, "/") == b""
        assert await act(box, "1:\\") == b""
        assert box.outputs == [False, False]
        box.faults.output_says = Said.OK
        assert await act(box, "2:/") == OK
        for wrong in ("", "1:", "3:/", "1:x", "1:/-5\\", "1:/\\", "1:500", "a:/", "0:/"):
            assert (await act(box, wrong)).startswith(b"Error:"), wrong
        assert box.wire[-1].target == "/output.cgi?action=0%3A%2F"


async def test_pulses_run_in_the_camera_in_real_time() -> None:
    async with running() as box, stream(box, "/output.cgi?monitor=1,2", "output", HEAD) as raw:
        await raw.exactly(PART + b"IO1:L\r\nIO2:L\r\n")
        await act(box, "1:/1500\\")
        await act(box, "2:/40\\")
        for lines in (
            b"IO1:/\r\nIO2:L\r\n",
            b"IO1:H\r\nIO2:/\r\n",
            b"IO1:H\r\nIO2:\\\r\n",
            b"IO1:\\\r\nIO2:L\r\n",
        ):
            await raw.exactly(PART + lines)
        await act(box, "1:1/1\\1/")
        for sign in (b"/", b"\\", b"/"):
            await raw.exactly(PART + b"IO1:" + sign + b"\r\nIO2:L\r\n")


async def test_a_new_action_ends_the_old_one_and_a_monostable_output_falls_back() -> None:
    async with running() as box:
        await act(box, "1:/60000\\")
        await act(box, "1:\\")
        assert box.outputs[0] is False
        box.parameters["IOPort.I3.Output.Mode"] = "monostable"
        box.parameters["IOPort.I3.Output.DelayTime"] = "0"
        async with stream(
            box, "/output.cgi?monitor=2", "output", HEAD + PART + b"IO2:L\r\n"
        ) as raw:
            await act(box, "2:/")
            await raw.exactly(PART + b"IO2:/\r\n" + PART + b"IO2:\\\r\n")


def test_the_grammar_of_actions() -> None:
    assert read_action("1:/300\\500/300\\") == (
        1,
        (Step(0, True), Step(0.3, False), Step(0.5, True), Step(0.3, False)),
    )
    assert read_action("1:1000/") == (1, (Step(1.0, True),))
    assert read_action("\\") == (None, (Step(0, False),))
    assert read_action("1:/" + "1\\1/" * 32) is None


# S-3 PTZ


async def test_a_move_is_a_step_and_says_nothing() -> None:
    async with running() as box:
        answer = await ask(box, "/ptz.cgi?move=upright&speed=20")
        assert answer.head == b"HTTP/1.0 204 No Content\r\nContent-Type: text/plain\r\n\r\n"
        assert answer.body == b""
        assert await position(box) == ["pan=5", "tilt=5", "zoom=1"]
        assert await body_of(box, "/ptz.cgi?query=speed") == b"speed=20\n"
        for bad in ("move=around", "pan=x", "speed=0", "gotoserverpresetno=9", "nothing=1", ""):
            assert (await body_of(box, f"/ptz.cgi?{bad}")).startswith(b"Error:"), bad


async def test_absolute_relative_and_bounded() -> None:
    async with running() as box:
        await ask(box, "/ptz.cgi?pan=51.2891&tilt=46.1914&zoom=300")
        assert await body_of(box, "/ptz.cgi?query=position") == (
            b"pan=51.2891\ntilt=46.1914\nzoom=300\nautofocus=on\nautoiris=on\n"
        )
        await ask(box, "/ptz.cgi?rpan=-1.2891&rtilt=-100&rzoom=20000")
        assert await position(box) == ["pan=50", "tilt=-20", "zoom=300"]
        await ask(box, "/ptz.cgi?rzoom=9999&autofocus=off")
        assert (await position(box))[2] == "zoom=9999"
        assert box.heads[0].switches["autofocus"] == "off"
        await ask(box, "/ptz.cgi?center=960,270&imagewidth=960&imageheight=540")
        assert (await position(box))[0] == "pan=80"
        limits = await body_of(box, "/ptz.cgi?query=limits")
        assert limits.startswith(b"MinPan=-170\nMaxPan=170\nMinTilt=-20\nMaxTilt=90\nMinZoom=1\n")


async def test_a_continuous_move_goes_on_until_it_is_stopped() -> None:
    ticks = Ticks()
    async with running(ticks=ticks) as box:
        await ask(box, "/ptz.cgi?continuouspantiltmove=10,-5")
        ticks.now += 2
        assert await position(box) == ["pan=20", "tilt=-10", "zoom=1"]
        assert box.heads[0].moving
        await ask(box, "/ptz.cgi?continuouspantiltmove=0,0")
        ticks.now += 10
        assert await position(box) == ["pan=20", "tilt=-10", "zoom=1"]
        await ask(box, "/ptz.cgi?continuouszoommove=100")
        ticks.now += 1
        await ask(box, "/ptz.cgi?move=stop")
        ticks.now += 1
        assert (await position(box))[2] == "zoom=5001"
        assert (await body_of(box, "/ptz.cgi?continuouspantiltmove=101,0")).startswith(b"Error:")


async def test_presets_from_one() -> None:
    async with running() as box:
        assert await body_of(box, "/ptz.cgi?query=presetposcam") == (
            b"Preset Positions for camera 1\npresetposno1=Home\npresetposno2=Gate\n"
            b"presetposno3=Yard\n"
        )
        await ask(box, "/ptz.cgi?gotoserverpresetno=2")
        assert await position(box) == ["pan=51.2891", "tilt=46.1914", "zoom=1"]
        assert (await ask(box, "/configptz.cgi?setserverpresetname=Door")).status == 204
        await ask(box, "/ptz.cgi?move=home")
        assert (await position(box))[0] == "pan=0"
        await ask(box, "/ptz.cgi?gotoserverpresetname=Door")
        assert (await position(box))[0] == "pan=51.2891"
        listed = await body_of(box, "/config.cgi?action=list&group=PTZ.Preset.P0.Position.P4")
        assert listed == (
            b"PTZ.Preset.P0.Position.P4.Name=Door\n"
            b"PTZ.Preset.P0.Position.P4.Data=tilt=46.1914:pan=51.2891:zoom=1\n"
        )
        await ask(box, "/ptz.cgi?pan=9&tilt=0")
        await ask(box, "/configptz.cgi?setserverpresetname=Door&home=yes")
        await ask(box, "/ptz.cgi?pan=0")
        await ask(box, "/ptz.cgi?gotoserverpresetname=Home")
        assert (await position(box))[0] == "pan=9"
        await ask(box, "/configptz.cgi?setserverpresetno=7")
        await ask(box, "/configptz.cgi?removeserverpresetno=1")
        await ask(box, "/configptz.cgi?removeserverpresetname=Yard")
        assert {number: each.name for number, each in box.heads[0].presets.items()} == {
            2: "Gate",
            4: "Door",
            7: "Preset 7",
        }
        for bad in (
            "setserverpresetname=a~b",
            "setserverpresetname=" + "x" * 32,
            "setserverpresetno=0",
            "removeserverpresetno=1",
            "removeserverpresetname=Nobody",
            "osdmenu=sideways",
        ):
            assert (await body_of(box, f"/configptz.cgi?{bad}")).startswith(b"Error: "), bad
        await ask(box, "/configptz.cgi?osdmenu=open")
        await ask(box, "/configptz.cgi?setdevicepreset=3")
        await ask(box, "/ptz.cgi?gotodevicepreset=3&auxiliary=wiper")
        assert box.heads[0].calls == [
            "osdmenu open",
            "setdevicepreset 3",
            "gotodevicepreset 3",
            "auxiliary wiper",
        ]
        assert (await ask(box, "/ptz.cgi?removeserverpresetno=2")).body.startswith(b"Error:")


async def test_the_dialect_of_the_field() -> None:
    async with running("3s") as box:
        answer = await ask(box, "/ptz.cgi?Autofocus=off")
        assert (answer.status, answer.body) == (200, b"")
        assert (await body_of(box, "/ptz.cgi?autofocus=on")).startswith(b"Error:")
        assert box.heads[0].switches["autofocus"] == "off"
        info = await body_of(box, "/ptz.cgi?info=1")
        assert info.startswith(b"Available commands\n")
        assert b"\nAutofocus=[on|off]\n" in info
        assert await body_of(box, "/config.cgi?action=list&group=PTZ.PresetPos") == (
            b"PTZ.PresetPos.P0=Home~tilt=0:pan=0:zoom=1\n"
            b"PTZ.PresetPos.P1=Gate~tilt=46.1914:pan=51.2891:zoom=1\n"
            b"PTZ.PresetPos.P2=Yard~tilt=10:pan=-90:zoom=2000\n"
        )
        await ask(box, "/ptz.cgi?gotoserverpresetno=0")
        await ask(box, "/ptz.cgi?pan=7")
        await ask(box, "/ptz.cgi?pan=7&devicepresetno=5")
        assert (await position(box))[0] == "pan=14"
        assert box.heads[0].presets[5].pan == 14
        await ask(box, "/ptz.cgi?removeserverpresetno=5")
        assert list(box.heads[0].presets) == [0, 1, 2]
    async with running() as box:
        assert b"\nautofocus=[on|off]\n" in await body_of(box, "/ptz.cgi?info=1")
        assert (await body_of(box, "/ptz.cgi?Autofocus=off")).startswith(b"Error:")


async def test_each_source_of_a_server_moves_alone() -> None:
    async with running("server4") as box:
        await ask(box, "/ptz.cgi?camera=3&move=left")
        assert [(await position(box, number))[0] for number in (1, 2, 3, 4)] == [
            "pan=0",
            "pan=0",
            "pan=-5",
            "pan=0",
        ]
        everywhere = await body_of(box, "/ptz.cgi?query=presetposall")
        assert everywhere.count(b"Preset Positions for camera ") == 4
        assert (await ask(box, "/ptz.cgi?camera=5&move=left")).status == 400


# S-6 IP filter


async def test_the_filter_locks_nobody_out() -> None:
    base = "/ipfilter.cgi?action="
    async with running() as box:
        assert await body_of(box, f"{base}list") == b"Accept addresses: \r\nEnabled: no\r\n"
        assert await body_of(box, f"{base}add&ipaddress=10.0.0.1%2010.0.0.2") == OK
        assert await body_of(box, f"{base}list") == (
            b"Accept addresses: 10.0.0.1 10.0.0.2\r\nEnabled: no\r\n"
        )
        locked = await body_of(box, f"{base}update&enable=yes")
        assert locked == b"Error: 127.0.0.1 would be locked out\r\n"
        assert await body_of(box, f"{base}add&ipaddress=127.0.0.0/8") == OK
        assert await body_of(box, f"{base}update&enable=yes") == OK
        assert (await body_of(box, f"{base}remove&ipaddress=127.0.0.0/8&verify=yes")).startswith(
            b"Error: "
        )
        for bad in ("remove&ipaddress=9.9.9.9", "add&ipaddress=x", "add", "remove"):
            assert (await body_of(box, f"{base}{bad}")).startswith(b"Error: "), bad
        assert (await ask(box, f"{base}update&enable=maybe")).status == 400
        assert box.parameters["Network.Filter.Enabled"] == "yes"
        assert await body_of(box, f"{base}removeall") == OK
        assert box.parameters["Network.Filter.Enabled"] == "no"


async def test_who_is_not_in_the_list_is_not_answered() -> None:
    async with running("vapix") as box:
        add = "/ipfilter.cgi?action=add&ipaddress=10.0.0.1%20127.0.0.1&enable=yes"
        assert await body_of(box, add) == OK
        assert await body_of(box, "/ipfilter.cgi?action=list") == (
            b"Accept addresses: 10.0.0.1 127.0.0.1\r\nInput policy: allow\r\nEnabled: yes\r\n"
        )
        assert await body_of(box, "/ipfilter.cgi?action=remove&ipaddress=127.0.0.1") == OK
        async with await Raw.connect(box) as raw:
            raw.send("/image.jpg", BASIC)
            with pytest.raises(ConnectionResetError):
                await raw.rest()


# S-8 Storage


async def test_the_disk_as_printed() -> None:
    async with running() as box:
        box.storage.recordings.clear()
        answer = await ask(box, "/list.cgi?diskid=SD_DISK")
        assert answer.head == b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n"
        assert answer.body == (
            b'<?xml version="1.0" ?>\r\n<root>\r\n<disks numberofdisks="1">\r\n'
            b'<disk diskid="SD_DISK" totalsize="124048" freesize="124032" cleanuplevel="95" '
            b'cleanupmaxage="1" cleanuppolicy="none" locked="no" full="no" readonly="no" '
            b'status="OK" />\r\n</disks>\r\n</root>\r\n'
        )
        box.storage.present = False
        assert b'numberofdisks="0"' in await body_of(box, "/list.cgi?diskid=all")
        assert (await ask(box, "/list.cgi")).status == 400


async def test_recordings_as_printed_without_an_end() -> None:
    async with running() as box:
        box.storage.recordings.clear()
        made = box.add_recording(datetime(2009, 1, 1, 1, 1, 1))  # noqa: DTZ001
        body = await body_of(box, "/list.cgi?recordingid=all")
        assert body == (
            b'<root><recordings><recording recordingid="20090101_010101.avi" diskid="SD_DISK" '
            b'starttime="20090101_010101" date="20090101" recordingtype="scheduled"> '
            b"</recording></recordings>"
        )
        with pytest.raises(ET.ParseError):
            ET.fromstring(body)
        box.faults.truncated_xml = False
        whole = await body_of(box, f"/list.cgi?recordingid={made.id}")
        assert [each.get("date") for each in ET.fromstring(whole).iter("recording")] == ["20090101"]


async def test_removing_formatting_and_mounting() -> None:
    async with running() as box:
        first, *others = list(box.storage.recordings)
        assert await body_of(box, f"/remove.cgi?recordingid={first}") == (
            b'<?xml version="1.0" ?><root><job action="remove" diskid="SD_DISK" result="OK" '
            b'jobid="1"/></root>'
        )
        assert list(box.storage.recordings) == others
        gone = await body_of(box, f"/remove.cgi?recordingid={first}")
        assert b'result="ERROR" description="no such recording"' in gone
        box.parameters["Storage.S0.Locked"] = "yes"
        assert b"disk is locked" in await body_of(box, "/format.cgi?diskid=SD_DISK")
        assert b'locked="yes"' in await body_of(box, "/list.cgi?diskid=all")
        box.parameters["Storage.S0.Locked"] = "no"
        box.faults.format_seconds = 0.001
        assert b'result="OK"' in await body_of(box, "/format.cgi?diskid=SD_DISK")
        assert box.storage.recordings == {}
        await box.until(lambda: box.storage.mounted)
        assert b'result="OK"' in await body_of(box, "/mount.cgi?diskid=SD_DISK&action=umount")
        assert b'status="connected"' in await body_of(box, "/list.cgi?diskid=all")
        assert b"disk is connected" in await body_of(box, "/remove.cgi?recordingid=all")
        assert b'result="OK"' in await body_of(box, "/mount.cgi?diskid=SD_DISK&action=mount")
        assert b"no such disk" in await body_of(box, "/format.cgi?diskid=OTHER")
        assert (await ask(box, "/mount.cgi?diskid=SD_DISK&action=eject")).status == 400
        box.add_recording(datetime(2026, 1, 2))  # noqa: DTZ001
        assert b'result="OK"' in await body_of(box, "/remove.cgi?recordingid=all")
        assert box.storage.recordings == {}
        box.storage.read_only = box.storage.broken = True
        assert b'readonly="yes" status="failed"' in await body_of(box, "/list.cgi?diskid=all")
        box.storage.present = False
        assert b"disk is disconnected" in await body_of(
            box, "/mount.cgi?diskid=SD_DISK&action=mount"
        )
