"""Head, lens, wiper and picture tables of the Amcrest simulator, as the sheet writes them."""

import pytest

from tests.simulators.amcrest.answers.brush import Brush
from tests.simulators.amcrest.answers.lens import Lens
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import cgi

pytestmark = pytest.mark.usefixtures("socket_enabled")

OK = b"OK\r\n"
BAD_REQUEST = b"Error\nBad Request!\n"


# The lens, §4.5.14-19


async def test_focus_and_zoom_go_where_they_are_told(start: Start) -> None:
    box = await start("dome")
    assert (await cgi(box, "devVideoInput.cgi?action=adjustFocus&focus=0.25&zoom=0.5")).body == OK
    answer = await cgi(box, "devVideoInput.cgi?action=getFocusStatus&channel=1")
    assert answer.body == (
        b"status.Focus=0.250000\r\nstatus.FocusMotorSteps=1000\r\nstatus.LenAdjustStatus=0\r\n"
        b"status.ResetResult=0\r\nstatus.Status=Normal\r\nstatus.Zoom=0.500000\r\n"
        b"status.ZoomMotorSteps=2000\r\n"
    )
    await cgi(box, "devVideoInput.cgi?action=adjustFocus&focus=-1&zoom=0.75&channel=1")
    lens = box.device.of(Lens)
    assert (lens.focus(), lens.zoom()) == (0.25, 0.75)
    box.device.of(Lens).slack = 0.1
    await cgi(box, "devVideoInput.cgi?action=adjustFocus&focus=0.9&zoom=-1")
    assert lens.focus() == pytest.approx(0.8)


async def test_a_driven_lens_stops_at_nought_and_at_its_end(start: Start) -> None:
    box = await start("wizsense")
    drive = "devVideoInput.cgi?action=adjustFocusContinuously&focus={}&zoom={}&channel=1"
    lens = box.device.of(Lens)
    assert (await cgi(box, drive.format(0, 1000000))).body == OK
    await cgi(box, drive.format(0, 0))
    assert lens.zoom() == 1.0
    await cgi(box, drive.format(-0.01, 0))
    await cgi(box, drive.format(0, 0))
    assert lens.focus() < 0.5


async def test_a_search_takes_its_time(start: Start) -> None:
    box = await start("dome")
    lens = box.device.of(Lens)
    lens.autofocus_seconds = 3600.0
    assert (await cgi(box, "devVideoInput.cgi?action=autoFocus&channel=1")).body == OK
    status = "devVideoInput.cgi?action=getFocusStatus"
    assert (await cgi(box, status)).values["status.Status"] == "Autofocus"
    lens.autofocus_seconds = 0.0
    await cgi(box, "devVideoInput.cgi?action=autoFocus")
    assert (await cgi(box, status)).values["status.Status"] == "Normal"
    assert lens.autofocused == 2


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("dome", "devVideoInput.cgi?action=adjustFocus&focus=2&zoom=0"),
        ("dome", "devVideoInput.cgi?action=adjustFocus&focus=0.5"),
        ("dome", "devVideoInput.cgi?action=getFocusStatus&channel=2"),
        ("dome", "devVideoInput.cgi?action=setCurrentWindow&channel=1&rect[0]=5"),
        ("wizsense", "devVideoInput.cgi?action=getCurrentWindow&channel=1"),
        ("wizsense", "rainBrush.cgi?action=moveOnce&channel=1"),
        ("ipc", "devVideoInput.cgi?action=getFocusStatus"),
        ("dome", "rainBrush.cgi?action=moveContinuously&channel=1"),
        ("dome", "rainBrush.cgi?action=moveOnce&channel=3"),
        ("wizsense", "ptz.cgi?action=getProtocolList&channel=1"),
    ],
)
async def test_what_a_model_has_not_got(start: Start, name: str, rest: str) -> None:
    answer = await cgi(await start(name), rest)
    assert (answer.status, answer.body) == (400, BAD_REQUEST)


async def test_the_window_of_a_dome(start: Start) -> None:
    box = await start("dome")
    read = "devVideoInput.cgi?action=getCurrentWindow&channel=1"
    assert (
        await cgi(box, read)
    ).body == b"rect[0]=0\r\nrect[1]=0\r\nrect[2]=8191\r\nrect[3]=8191\r\n"
    write = "devVideoInput.cgi?action=setCurrentWindow&channel=1"
    write += "&rect[0]={}&rect[1]={}&rect[2]={}&rect[3]={}"
    assert (await cgi(box, write.format(100, 200, 4000, 5000))).body == OK
    assert (
        await cgi(box, read)
    ).body == b"rect[0]=100\r\nrect[1]=200\r\nrect[2]=4000\r\nrect[3]=5000\r\n"
    assert (await cgi(box, write.format(4000, 0, 100, 8191))).status == 400
    assert (await cgi(box, write.format(0, 0, 9000, 8191))).status == 400


async def test_the_wiper(start: Start) -> None:
    box = await start("dome")
    brush = box.device.of(Brush)
    assert (await cgi(box, "rainBrush.cgi?action=moveOnce&channel=1")).body == OK
    assert brush.wiped == 1
    on = "rainBrush.cgi?action=moveContinuously&channel=1&interval=5"
    assert (await cgi(box, on)).body == OK
    assert brush.interval == 5
    assert (await cgi(box, "rainBrush.cgi?action=stopMove&channel=1")).body == OK
    assert brush.interval is None


# The head, §4.10


async def test_protocols_and_what_the_head_can(start: Start) -> None:
    box = await start("dome")
    assert (await cgi(box, "ptz.cgi?action=getProtocolList&channel=1")).body == (
        b"info.Coaxial[0]=NONE\r\ninfo.RS[0]=NONE\r\ninfo.RS[1]=DH-SD1\r\ninfo.RS[2]=PELCO-D\r\n"
    )
    caps = (await cgi(box, "ptz.cgi?action=getCurrentProtocolCaps&channel=1")).values
    assert {caps[f"caps.{each}"] for each in ("Pan", "Tile", "Focus", "Iris", "Wiper")} == {"true"}
    indoor = await cgi(await start("ipc"), "ptz.cgi?action=getCurrentProtocolCaps&channel=0")
    assert indoor.values["caps.Focus"] == "false"


async def test_tours_are_made_named_run_and_cleared(start: Start) -> None:
    box = await start("dome")
    ptz = "ptz.cgi?action={}&channel=1&code={}&arg1={}&arg2={}&arg3=0"
    for preset in (1, 7):
        assert (await cgi(box, ptz.format("start", "AddTour", 2, preset))).body == OK
    await cgi(box, "ptz.cgi?action=setTour&channel=1&arg1=2&arg2=Night%20round")
    listed = await cgi(box, "ptz.cgi?action=getTours&channel=1")
    assert listed.body == b"tours[0].Index=2\r\ntours[0].Name=Night round\r\n"
    assert box.device.ptz.tours == {2: [1, 7]}
    await cgi(box, ptz.format("start", "StartTour", 2, 0))
    assert box.device.ptz.running_tour == 2
    await cgi(box, ptz.format("start", "StopTour", 2, 0))
    assert box.device.ptz.running_tour is None
    await cgi(box, ptz.format("start", "DelTour", 2, 1))
    assert box.device.ptz.tours == {2: [7]}
    await cgi(box, ptz.format("start", "ClearTour", 2, 0))
    assert (await cgi(box, "ptz.cgi?action=getTours&channel=1")).body == b""
    assert (await cgi(box, ptz.format("start", "StartTour", 9, 0))).status == 400


async def test_patterns_scans_turns_and_outputs(start: Start) -> None:
    box = await start("dome")
    head = box.device.ptz
    order = "ptz.cgi?action=start&channel=1&code={}&arg1={}&arg2=0&arg3=0"

    async def do(code: str, number: int = 0) -> int:
        return (await cgi(box, order.format(code, number))).status

    assert await do("SetPatternBegin", 1) == await do("SetPatternEnd", 1) == 200
    assert head.patterns == {1}
    await do("StartPattern", 1)
    assert head.running_pattern == 1
    await do("StopPattern", 1)
    assert head.running_pattern is None
    assert await do("StartPattern", 6) == 400
    await do("SetLeftLimit", 3)
    await do("SetRightLimit", 3)
    assert head.scans == {3: {"left": 0.0, "right": 0.0}}
    await do("AutoScanOn", 3)
    assert head.running_scan == 3
    await do("AutoPanOn")
    assert head.auto_pan
    await do("AuxOn", 2)
    await do("AuxOn", 4)
    await do("AuxOff", 2)
    assert head.aux == {4}
    await do("Flip")
    await do("Reset")
    assert head.done == ["Flip", "Reset"]
    await cgi(box, "ptz.cgi?action=start&channel=1&code=Left&arg1=0&arg2=1&arg3=0")
    assert (head.running_scan, head.auto_pan) == (None, False), "whoever moves it ends a scan"


async def test_looking_into_a_box(start: Start) -> None:
    box = await start("dome")
    rest = (
        "ptzBase.cgi?action=moveDirectly&channel=1"
        "&startPoint[0]={}&startPoint[1]=4000&endPoint[0]={}&endPoint[1]=6000"
    )
    assert (await cgi(box, rest.format(6000, 8048))).body == OK
    pan, tilt, zoom = box.device.ptz.position
    assert pan > 0
    assert tilt > 0
    assert zoom == 4.0
    assert (await cgi(box, rest.format(0, 9000))).status == 400
    assert (await cgi(box, "ptzBase.cgi?action=moveDirectly&channel=1")).status == 400


# Tables


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("dome", ("VideoInFocus[0][0].Mode=0", "VideoInZoom[0][2].DigitalZoom=false")),
        ("dome", ("VideoInSharpness[0][1].Sharpness=6", "VideoInMode[0].Config[2]=2")),
        ("dome", ("Ptz[0].Homing[0]=-1", "PtzAutoMovement[0][3].AutoHoming.Time=600")),
        ("ipc", ("VideoWidget[0].Covers[3].Rect[3]=0", "VideoEncodeROI[0].Regions[0][2]=8191")),
        ("ipc", ("Holiday.MonthMask[11]=0", "WLan.eth2.SSID=Home", "SmartEncode[0].Enable=false")),
        ("wizsense", ("VideoInOptions[0].ReferenceLevel=50", "UPnP.MapTable[0].InnerPort=80")),
        ("nvr", ("VideoOut[1].Color.Hue=50", "MonitorTour[0].Interval=5", "GUISet.MenuAlpha=100")),
        (
            "nvr",
            ("RecordStoragePoint[7].TimingRecord.Remote=FTP", "StorageGroup[0].FileHoldTime=0"),
        ),
        (
            "doorbell",
            ("PirAlarm[0].Enable=true", "LoginFailureAlarm.EventHandler.MailEnable=false"),
        ),
    ],
)
async def test_tables_are_read_and_written(start: Start, name: str, keys: tuple[str, ...]) -> None:
    box = await start(name)
    for line in keys:
        key, _, value = line.partition("=")
        table = key.partition("[")[0].partition(".")[0]
        read = f"configManager.cgi?action=getConfig&name={table}"
        assert (await cgi(box, read)).values[f"table.{key}"] == value
        other = {"true": "false", "false": "true"}.get(value, "3" if value != "Home" else "Away")
        if value == "FTP":
            other = "NAS1"
        assert (await cgi(box, f"configManager.cgi?action=setConfig&{key}={other}")).body == OK
        assert (await cgi(box, read)).values[f"table.{key}"] == other
