"""What a recorder is found to be and to tell, and what is said when it is none."""

from collections.abc import Awaitable, Callable
import random

import pytest

from custom_components.cctv.devices.commands import (
    CreateDirectory,
    Press,
    Set,
)
from custom_components.cctv.devices.detect import detect
from custom_components.cctv.devices.device import Reply
from custom_components.cctv.devices.dvro import FAMILY
from custom_components.cctv.devices.dvro.client import text
from custom_components.cctv.devices.dvro.device import Dvro
from custom_components.cctv.devices.dvro.features import LADDER, POLLS, TEMPLATE_NAMES
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.http.asker import asker
from custom_components.cctv.devices.model import PartKind, Topology
from tests.devices.conftest import Lend
from tests.simulators.dvro import Booleans, Framing, JsonStyle

from .conftest import FOLDER, Build, told, topology_of

PING = "/api/stats/ping"


# --- what it is ---------------------------------------------------------------------------------


async def test_a_recorder_is_no_camera_and_has_no_identity(house: Build) -> None:
    home = await house()
    _, batch = await home.opened()
    topology = topology_of(batch)
    assert list(topology.parts) == [""]
    about = topology.parts[""].about
    assert about is not None
    assert about.maker == "SubC Imaging"
    assert not about.identities
    assert about.serial is about.mac is about.firmware is None
    assert not topology.streams
    assert not topology.feeds


async def test_opening_tells_what_is_so(house: Build) -> None:
    home = await house()
    home.box.recorder.drive_space = 42
    _, batch = await home.opened()
    assert told(batch) == {
        ":record": False,
        ":recording": False,
        ":clip": False,
        ":clip_recording": False,
        ":storage_free": 42,
        ":current_file": None,
    }


async def test_what_can_only_be_set_is_blind(house: Build) -> None:
    home = await house()
    _, batch = await home.opened()
    features = topology_of(batch).features
    blind = {feature.key for feature in features.values() if feature.blind}
    assert blind == {
        "recording_directory",
        "inspection_directory",
        "split_time",
        "reevaluate_tags",
        "take_snapshot",
        "last_snapshot",
        "apply_settings",
        *TEMPLATE_NAMES,
    }


async def test_templates_that_are_told_are_not_blind(house: Build) -> None:
    home = await house("template_json")
    device, batch = await home.opened()
    assert all(topology_of(batch).features[f":{key}"].poll == "templates" for key in TEMPLATE_NAMES)
    assert told(batch)[":data_log_template"] == home.box.recorder.templates["DataLogTemplate"]
    home.box.recorder.templates["EventTemplate"] = "${ss}"
    assert told(await device.read("templates"))[":event_template"] == "${ss}"


@pytest.mark.parametrize("personality", ["seed", "hostile", "html_errors", "object_booleans"])
async def test_the_same_is_read_however_it_is_written(house: Build, personality: str) -> None:
    home = await house(personality)
    home.box.recorder.recording_dir = FOLDER
    home.box.recorder.start()
    _, batch = await home.opened()
    values = told(batch)
    assert values[":record"] is values[":recording"] is True
    assert values[":clip"] is False
    assert str(values[":current_file"]).startswith("D:\\Dives")


@pytest.mark.parametrize("booleans", Booleans)
@pytest.mark.parametrize("framing", Framing)
async def test_every_spelling_comes_in_every_frame(
    house: Build, booleans: Booleans, framing: Framing
) -> None:
    home = await house()
    faults = home.box.faults
    faults.booleans, faults.framing, faults.bom = booleans, framing, True
    faults.json, faults.fragment, faults.boolean_type = JsonStyle.PRETTY, 3, "text/html"
    device, _ = await home.opened()
    assert told(await device.read("recording"))[":recording"] is False
    home.box.recorder.recording_dir = FOLDER
    home.box.recorder.start()
    assert told(await device.read("recording"))[":recording"] is True


# --- the second port ----------------------------------------------------------------------------


async def test_without_the_second_port_all_but_its_own_is_there(house: Build) -> None:
    home = await house("status_refused")
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert ":storage_free" not in topology.features
    assert ":current_file" not in topology.features
    assert ":recording" in topology.features
    await home.box.status.come_back()
    grown = await device.read("survey")
    assert ":storage_free" in topology_of(grown).features
    assert told(grown)[":storage_free"] == 100


async def test_a_second_port_that_is_not_wanted_is_not_asked(house: Build) -> None:
    home = await house()
    _, batch = await home.opened(options={"status_port": 0})
    assert ":storage_free" not in topology_of(batch).features
    assert home.box.status.accepted == 0


async def test_what_the_second_port_told_once_stays_when_it_closes(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await home.box.status.go_dark()
    with pytest.raises(CannotConnect):
        await device.read("drive")
    assert ":storage_free" in topology_of(await device.read("survey")).features
    assert await device.read("ping") == ()


async def test_odd_numbers_and_names_are_no_values(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/api/recording/status"] = b'{"DriveSpace": "plenty"}'
    home.box.faults.bodies["/api/recording/filename"] = b"D:\\x.mp4"
    for poll in ("drive", "file"):
        with pytest.raises(Malformed):
            await device.read(poll)


# --- who tells whether it records (§9) ----------------------------------------------------------


@pytest.mark.parametrize("first", range(4))
async def test_the_first_that_tells_is_asked_and_remembered(house: Build, first: int) -> None:
    home = await house()
    home.box.faults.missing |= {rung.path for rung in LADDER[:first]}
    memory = ShortMemory()
    device, batch = await home.opened(memory=memory)
    assert told(batch)[":recording"] is False
    assert memory.get("recording_told_by") == LADDER[first].name
    await device.read("recording")
    assert home.box.requests == [f"GET {LADDER[first].path}"]
    again, _ = await home.opened(memory=memory)
    await again.read("recording")
    assert home.box.requests == [f"GET {LADDER[first].path}"]


async def test_when_the_remembered_one_goes_the_others_are_asked(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.failing.add(LADDER[0].path)
    home.box.faults.bodies[LADDER[1].path] = b"maybe"
    home.box.recorder.recording_dir = FOLDER
    home.box.recorder.start()
    assert told(await device.read("recording"))[":recording"] is True
    assert home.box.requests == [f"GET {rung.path}" for rung in LADDER[:3]]


async def test_a_recorder_that_tells_nowhere_whether_it_records_is_not_opened(
    house: Build,
) -> None:
    home = await house()
    home.box.faults.missing |= {rung.path for rung in LADDER}
    with pytest.raises(Unsupported, match="404"):
        await home.device().open()


async def test_an_odd_word_is_logged_once(house: Build, caplog: pytest.LogCaptureFixture) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/api/inspector/iscliprecording"] = b"perhaps"
    for _ in range(3):
        with pytest.raises(Malformed):
            await device.read("clip")
    assert caplog.text.count("perhaps") == 1


async def test_a_recorder_without_clip_state_has_a_blind_switch(house: Build) -> None:
    home = await house()
    home.box.faults.missing.add("/api/inspector/iscliprecording")
    device, batch = await home.opened()
    features = topology_of(batch).features
    assert features[":clip"].blind
    assert ":clip_recording" not in features
    home.box.recorder.recording_dir = FOLDER
    home.box.recorder.start()
    answer = await device.do("", Set("clip", value=True))
    assert told(answer.updates) == {":clip": True}
    assert home.box.recorder.clip


# --- what goes wrong says what to do (dvro.failures) --------------------------------------------


async def test_a_closed_port_names_the_software_and_the_firewall(house: Build) -> None:
    home = await house("status_only")
    with pytest.raises(CannotConnect, match=rf"software running.*firewall.*{home.box.port}"):
        await home.device().open()


async def test_another_server_is_no_recorder(house: Build) -> None:
    home = await house()
    home.box.faults.missing.add(PING)
    with pytest.raises(WrongFamily):
        await home.device().open()
    home.box.faults.missing.clear()
    home.box.faults.bodies[PING] = b"<html><title>Router</title></html>"
    with pytest.raises(WrongFamily, match="Router"):
        await home.device().open()


@pytest.mark.parametrize(
    ("body", "fault"), [(b'{"Ping": false}', Busy), (b'{"Ping": 3}', WrongFamily)]
)
async def test_a_ping_that_is_not_true_is_no_life(
    house: Build, body: bytes, fault: type[DeviceError]
) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies[PING] = body
    with pytest.raises(fault):
        await device.read("ping")


@pytest.mark.parametrize("html", [False, True])
async def test_404_and_500_each_say_what_to_do(house: Build, html: bool) -> None:
    home = await house()
    home.box.faults.html_pages = html
    device, _ = await home.opened()
    home.box.faults.missing.add("/api/inspector/createdirectory")
    with pytest.raises(Unsupported, match="another server"):
        await device.do("", CreateDirectory("new"))
    home.box.faults.missing.clear()
    home.box.faults.failing.add("/api/inspector/createdirectory")
    with pytest.raises(Rejected, match="500"):
        await device.do("", CreateDirectory("new"))
    home.box.faults.failing.add(PING)
    with pytest.raises(Busy):
        await device.read("ping")


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (301, Malformed),
        (400, Rejected),
        (401, Forbidden),
        (403, Forbidden),
        (404, Unsupported),
        (405, Unsupported),
        (500, Rejected),
        (503, Busy),
    ],
)
def test_every_status_but_success_is_a_failure(status: int, fault: type[DeviceError]) -> None:
    with pytest.raises(fault, match=str(status)):
        text(Reply(status, {}, b"true"))
    assert text(Reply(204, {}, b"")) == ""


async def test_a_command_without_an_answer_points_to_the_screen(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.cctv.devices.dvro.client.COMMAND_SECONDS", 0.8)
    home = await house()
    device, _ = await home.opened()
    home.box.faults.mute.add("/api/inspector/takeframegrab")
    with pytest.raises(NoAnswer, match="dialog"):
        await device.do("", Press("take_snapshot"))
    assert home.box.requests == ["GET /api/inspector/takeframegrab"]


# --- detection ----------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["seed", "hostile", "object_booleans", "status_refused"])
async def test_one_ping_recognises_it(house: Build, lend: Lend, personality: str) -> None:
    home = await house(personality)
    env = home.env()
    sighting = await detect(env.session, env.address, [FAMILY])
    assert (sighting.family, sighting.certain, sighting.login) == ("dvro", True, False)
    assert home.box.requests == [f"GET {PING}"]


@pytest.mark.parametrize(
    "body", [b"true", b"", b'{"Pong": true}', b"<html>Ping: true</html>", b'["Ping"]']
)
async def test_a_foreign_answer_to_ping_is_not_this_family(house: Build, body: bytes) -> None:
    home = await house()
    env = home.env()
    home.box.faults.bodies[PING] = body
    ask = asker(env.session, env.address)
    try:
        assert await FAMILY.recognise(ask) is None
    finally:
        await ask.close()


async def test_a_404_is_not_this_family(house: Build) -> None:
    home = await house()
    home.box.faults.missing.add(PING)
    env = home.env()
    with pytest.raises(WrongFamily):
        await detect(env.session, env.address, [FAMILY])


# --- the camera that it records (§7) ------------------------------------------------------------


async def test_the_address_of_the_source_makes_a_camera(house: Build) -> None:
    home = await house()
    device, batch = await home.opened(
        options={"source_url": "rtsp://diver:p%40ss w@10.0.0.7:554/main?x=1"}
    )
    topology: Topology = topology_of(batch)
    part = topology.parts["camera.source"]
    assert (part.kind, part.name, part.can) == (PartKind.CAMERA, "Source: 10.0.0.7", frozenset())
    (stream,) = topology.streams.values()
    assert stream.url == "rtsp://10.0.0.7:554/main?x=1"
    assert device.play_url(stream) == "rtsp://diver:p%40ss%20w@10.0.0.7:554/main?x=1"
    assert "p%40ss" not in repr(batch) + repr(device)
    with pytest.raises(Unsupported):
        await device.do("camera.source", Set("record", value=True))


@pytest.mark.parametrize("url", ["http://10.0.0.7/", "rtsp://", "rtsp://[", "10.0.0.7", 7, ""])
async def test_what_is_no_rtsp_address_makes_none(house: Build, url: str | int) -> None:
    home = await house()
    _, batch = await home.opened(options={"source_url": url})
    assert not topology_of(batch).streams
    assert list(topology_of(batch).parts) == [""]


# --- manners ------------------------------------------------------------------------------------


async def test_odd_answers_are_errors_of_the_device_and_nothing_else(house: Build) -> None:
    home = await house("template_json")
    device, _ = await home.opened()
    samples: dict[str, bytes] = {
        PING: b'{ "Ping": true }',
        "/api/inspector/isrecording": b"true",
        "/api/inspector/iscliprecording": b'{"IsRecording": false}',
        "/api/inspector/pathtemplate": b'{"EventTemplate": "${ss}"}',
        "/api/recording/status": b'{"IsRecording":false,"DriveSpace":100}',
        "/api/recording/filename": b'{"Filename": "D:\\\\x.mp4"}',
    }
    dice = random.Random(8088)
    reads: list[Callable[[], Awaitable[object]]] = [
        device.open,
        *((lambda poll=poll: device.read(poll)) for poll in POLLS),
        lambda: device.do("", Set("event_template", "${mm}")),
    ]
    odd = 0
    for _ in range(60):
        for path, sample in samples.items():
            data = bytearray(sample)
            for _ in range(dice.randint(0, 3)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            home.box.faults.bodies[path] = bytes(data)
        for read in reads:
            try:
                await read()
            except DeviceError:
                odd += 1
    assert odd


async def test_a_huge_answer_is_not_swallowed(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies[PING] = b" " * 200_000
    with pytest.raises(Malformed):
        await device.read("ping")


async def test_looking_changes_nothing(house: Build) -> None:
    home = await house()
    before = home.box.state() | {"requests": None}
    device: Dvro = home.device()
    await device.open()
    for poll in POLLS:
        if poll != "templates":
            await device.read(poll)
    assert home.box.state() | {"requests": None} == before
    assert all(request.startswith("GET ") for request in home.box.requests)


async def test_counters_know_both_ports(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    before = device.counters.requests
    await device.read("drive")
    await device.read("ping")
    assert device.counters.requests == before + 2
