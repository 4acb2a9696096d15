"""The simulated iSpy says byte for byte what docs/protocols/ispy.md says (§5-§7, §9)."""

import asyncio
import json
import re
import signal
import sys

import pytest

from tests.simulators.control import Control
from tests.simulators.ispy.language import LANGUAGES
from tests.simulators_tests.ispy_box import hangs, running, text
from tests.simulators_tests.raw import Answer, Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

CATCH_ALL = "iSpy server is running"
START = "recording,Recording will continue until you click stop.,OK"
STOP = "notrecording,Recording stopped. Files will be refreshed automatically.,OK"


# §5 Control


async def test_recording_answers() -> None:
    async with running() as box:
        assert await text(box, "/record?ot=2&oid=4") == START
        assert box.cameras[3].enabled
        assert (await text(box, "/getobjectlist?ot=2&oid=4")).endswith(",true\r\nOK")
        assert "recording: true" in await text(box, "/getobjectconfig?ot=2&oid=4&jsfunc=cfg")
        assert await text(box, "/recordswitch?ot=2&oid=4") == STOP
        assert await text(box, "/recordoff?ot=1&oid=2") == STOP
        assert await text(box, "/record?ot=2&oid=9") == "Camera not found,OK"
        assert await text(box, "/recordstop?ot=1&oid=9") == "Microphone not found,OK"
        assert await text(box, "/recordswitch?ot=1&oid=9") == "stopped,Control not found,OK"
        assert await text(box, "/record?ot=3&oid=1") == CATCH_ALL
        box.faults.record_permission = False
        assert await text(box, "/record?ot=2&oid=1") == STOP
    async with running("g1") as box:
        assert await text(box, "/recordswitch?ot=2&oid=9") == "stopped,Camera not found,OK"


async def test_all_means_enabled_objects_only() -> None:
    async with running() as box:
        assert await text(box, "/record") == CATCH_ALL
        assert [camera.now.forced for camera in box.cameras] == [True, True, True, False]
        assert await text(box, "/alloff") == "OK"
        assert not any(thing.writing or thing.enabled for thing in box.program.objects())
        assert await text(box, "/allon") == "OK"
        assert all(thing.enabled for thing in box.program.objects())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_sentences_in_every_language(language: str) -> None:
    async with running(language=language) as box:
        said = await text(box, "/record?ot=2&oid=1")
        assert said == f"recording,{LANGUAGES[language].start},OK"
        assert len(LANGUAGES[language].labels) == 18
        assert len(LANGUAGES[language].commands) == 14


async def test_the_german_sentence_has_a_comma_more() -> None:
    async with running("german") as box:
        assert await text(box, "/record?ot=2&oid=1") == (
            "recording,Die Aufnahme wird fortgesetzt, bis Sie Stop klicken.,OK"
        )


async def test_the_flag_and_the_file_lag_behind() -> None:
    async with running("hostile") as box:
        camera, before = box.cameras[0], len(box.cameras[0].recordings)
        await text(box, "/record?ot=2&oid=0")
        assert not camera.writing
        box.advance(2)
        assert camera.writing
        await text(box, "/recordstop?ot=2&oid=0")
        assert (camera.writing, len(camera.recordings)) == (True, before)
        box.advance(2)
        assert (camera.writing, len(camera.recordings)) == (False, before + 1)


async def test_recordings_are_cut_at_their_longest() -> None:
    async with running() as box:
        await text(box, "/record?ot=2&oid=3")
        box.advance(2000)
        assert [file.seconds for file in box.cameras[2].recordings] == [900, 900]
        assert box.cameras[2].writing


async def test_alerts_fire_once_in_their_interval() -> None:
    async with running() as box:
        camera = box.cameras[0]
        camera.settings.alerts = False
        for _ in range(2):
            assert await text(box, "/alert?ot=2&oid=1") == "OK"
        assert camera.now.alerted == 1
        box.advance(180)
        assert await text(box, "/triggeralarm?ot=2&oid=1") == "OK"
        assert camera.now.alerted == 2
        assert await text(box, "/alert?ot=2&oid=9") == "Camera not found,OK"
        assert await text(box, "/triggeralarm?ot=2&oid=9") == "OK"


async def test_detection_records_where_that_is_the_mode() -> None:
    async with running() as box:
        assert await text(box, "/triggerdetect?oid=1") == "OK"
        assert box.cameras[0].writing
        assert box.cameras[0].now.alerted == 0
        await text(box, "/triggerdetect?oid=3")
        assert not box.cameras[2].writing
        assert box.trigger_alert(2)
        assert box.cameras[1].writing
        box.advance(60)
        assert not any(camera.writing for camera in box.cameras)


async def test_modes_of_one_of_all_and_of_a_group() -> None:
    async with running() as box:
        assert await text(box, "/recordonalerton?ot=2&oid=1") == "OK"
        assert not box.cameras[0].settings.recordondetect
        await text(box, "/recordondetecton")
        assert all(thing.settings.recordondetect for thing in box.program.objects())
        await text(box, "/recordingoff?group=OUTSIDE")
        assert [camera.settings.recordondetect for camera in box.cameras[:3]] == [False] * 2 + [
            True
        ]
        assert await text(box, "/alertoff?group=inside") == "OK"
        assert not box.microphones[1].settings.alerts
        assert box.microphones[0].settings.alerts
        await text(box, "/togglealertmode?ot=2&oid=1")
        assert box.cameras[0].alert_mode == "nomovement"


async def test_what_only_the_pc_sees() -> None:
    async with running() as box:
        camera = box.cameras[0]
        mask = r"C:%5CiSpy%5CMasks%5C"
        for target, said in (
            ("synthtocam?oid=1&text=Hello%20there", "OK"),
            ("startlisten?oid=2", "OK"),
            ("starttalk?oid=1", "OK"),
            ("kinect_tilt_up?oid=1", "OK"),
            ("setframerate?oid=1&rate=0", "OK"),
            (f"setmask?ot=2&oid=1&fn={mask}porch.png", "OK"),
            (f"setmask?ot=2&oid=1&fn={mask}broken.png", "NOK"),
            (f"setmask?ot=2&oid=1&fn={mask}none.png", "Mask not found"),
            ("setmask?ot=1&oid=1&fn=x", "NOK"),
            ("allscheduledon", "OK"),
            ("playfile?ot=2&oid=1&fn=x", "File does not exist"),
            ("archive?ot=2&oid=1&filelist=a|b", "OK"),
            ("saveobjects", "OK"),
            ("reloaddatafile", "OK"),
            ("getservername", "Office, 2nd floor,OK"),
            ("showgridview?index=0", "OK"),
        ):
            assert await text(box, f"/{target}") == said
        assert camera.spoken == ["Hello there"]
        assert (camera.now.talking, box.microphones[1].now.listening) == (True, True)
        assert (camera.tilt, camera.settings.maxframerate, camera.mask) == (4, 1, "")
        assert await hangs(box, "/showgridview?index=9")
        box.faults.archive = False
        assert await text(box, "/archive") == "Archive failed. Check storage settings."


async def test_remote_commands() -> None:
    async with running() as box:
        listed = await text(box, "/getcmdlist")
        assert listed.startswith("0|All On,1|All Off,")
        assert listed.endswith(",20|Open gate  front,21|Lights out")
        assert await text(box, "/executecmd?id=1") == "Command Executed.,OK"
        assert not box.cameras[0].enabled
        failed = "Command Failed: The system cannot find the file specified,OK"
        assert await text(box, "/smscmd?id=21") == failed
        assert await text(box, "/executecmd?id=77") == "OK"
        assert await hangs(box, "/executecmd?id=11")
        assert await hangs(box, "/shutdowncomputer")
    async with running("german") as box:
        assert (await text(box, "/getcmdlist")).startswith("0|Alle ein,1|Alle aus,")


# §7 Settings


async def test_settings_are_written_and_read_back() -> None:
    async with running() as box:
        settings = box.cameras[1].settings
        for field, value in (
            ("recordondetect", "TRUE"),
            ("minimuminterval", "-7"),
            ("maxframerate", "abc"),
            ("accessgroups", "a,b"),
            ("ftp", "true"),
            ("ALERTS", "false"),
            ("sendsmsonalert", "1"),
        ):
            target = f"/changesetting?ot=2&oid=2&field={field}&value={value}"
            assert await text(box, target) == "OK"
        assert (settings.recordondetect, settings.recordonalert) == (True, False)
        assert (settings.minimuminterval, settings.maxframerate) == (-7, 1)
        assert (settings.accessgroups, settings.ftpenabled, settings.alerts) == ("a,b", True, True)


async def test_the_control_panel() -> None:
    async with running() as box:
        panel = await text(box, "/getcontrolpanel?port=80&ot=2&oid=2")
        assert panel.startswith('<table cellspacing=\\"3px\\">')
        assert re.search(r'(?<!\\)"', panel) is None
        fields = re.findall(r"send_changesetting\(2,2,80,'(\w+)',this\.(?:checked|value)\)", panel)
        assert " ".join(fields) == (
            "alerts notifyondisconnect minimuminterval accessgroups scheduler recordoff"
            " recordondetect recordonalert ftprecordings timelapseon timelapse timelapseframes"
            " maxframerate maxframeraterecord ftpenabled localsaving cloudimages cloudrecording"
        )
        assert """'alerts',this.checked)\\" checked=\\"checked\\"/>""" in panel
        assert """'scheduler',this.checked)\\" />""" in panel
        assert """'recordoff',this.checked)\\" checked=\\"checked\\"/>""" in panel
        assert """'recordonalert',this.checked)\\" checked=\\"checked\\"/>""" in panel
        assert 'disabled=\\"disabled\\" title=\\"Not Subscribed\\" onclick' in panel
        assert (
            'value=\\"180\\" onblur=\\"send_changesetting'
            "(2,2,80,'minimuminterval',this.value)\\\"" in panel
        )
        sound = await text(box, "/getcontrolpanel?port=80&ot=1&oid=2")
        assert "'recordonalert'" in sound
        assert "'timelapse'" not in sound


async def test_unsaved_settings_die_with_a_crash() -> None:
    async with running() as box:
        await text(box, "/alertoff?ot=2&oid=1")
        await text(box, "/saveobjects")
        await text(box, "/alertoff?ot=2&oid=2")
        await box.restart(crash=True)
        assert [camera.settings.alerts for camera in box.cameras[:2]] == [False, True]


# §9 PTZ


async def test_moving_and_presets() -> None:
    async with running() as box:
        camera = box.cameras[0]
        move = "/changesetting?ot=2&oid=1&field=ptz&value="
        for value in ("ispydir_3", "ispydir_11", "ispydir_x", "token_1", "Gate"):
            assert await text(box, move + value) == "OK"
        assert camera.moves == ["up", "stop", "token_1"]
        assert camera.preset == "token_1"
        listed = await text(box, "/getptzcommands?ptzid=-5&oid=1&jsfunc=data")
        assert listed.startswith('"<option value=\\"Gate\\">onvif.services.PTZPreset</option>')
        assert 'value=\\"Steps%20%26%20path\\"' in listed
        pelco = await text(box, "/getptzcommands?ptzid=-4&oid=3&jsfunc=data")
        assert pelco.count("<option") == 45
        assert await text(box, "/getptzcommands?ptzid=-6&oid=4&jsfunc=data") == '""'


# The control endpoint and the program


async def test_the_control_endpoint_moves_and_shows_the_pc() -> None:
    async with running() as box, Control(box) as control:

        async def post(verb: str, payload: object) -> Answer:
            reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
            async with Raw(reader, writer) as raw:
                return await raw.ask(f"/{verb}", method="POST", body=json.dumps(payload).encode())

        assert json.loads((await post("alert", {"oid": 2})).body) == {"raised": True}
        assert json.loads((await post("add", {"name": "Shed"})).body) == {"ot": 2, "oid": 5}
        assert (await post("rename", {"oid": 9, "name": "x"})).status == 400
        state = json.dumps(box.state())
        assert '"Shed"' in state
        await post("restart", {})
        assert box.restarts == 1


async def test_the_program_runs_every_personality_until_interrupted() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.simulators", "ispy", "--personality", "german"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    async with asyncio.timeout(60):
        line = (await program.stdout.readline()).decode()
        port = int(line.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with Raw(reader, writer) as raw:
            raw.send("/getservername")
            assert (await raw.rest()).endswith("Büro, 1. Stock,OK".encode())
        program.send_signal(signal.SIGTERM)
        assert await program.wait() == 0
