"""What the document names and no other test does: stops, groups, remote commands, uploads."""

import json

import pytest

from custom_components.cctv.devices.commands import Press, Set, UploadRecording
from tests.devices.ispy.conftest import CATCH_ALL, Build, do, told, topology_of
from tests.simulators.ispy import CAMERA, MICROPHONE
from tests.simulators_tests.ispy_box import text

DENIED = "203.0.113.9"


async def test_both_ends_of_listening_and_talking_are_told_to_the_pc(house: Build) -> None:
    """startlisten, stoplisten, starttalk, stoptalk (§5)."""
    home = await house()
    device, _ = await home.opened()
    for part, key in (("microphone.2", "listen_at_server"), ("camera.1", "talk_from_server")):
        for value in (True, False):
            answer = await do(device, part, Set(key, value))
            assert told(answer) == {f"{part}:{key}": value}
    assert home.sent() == [
        "startlisten?ot=1&oid=2",
        "stoplisten?ot=1&oid=2",
        "starttalk?ot=2&oid=1",
        "stoptalk?ot=2&oid=1",
    ]
    assert not home.box.thing(MICROPHONE, 2).now.listening
    assert not home.box.thing(CAMERA, 1).now.talking


@pytest.mark.parametrize(
    ("key", "field", "setting"),
    [
        ("schedule", "scheduler", "scheduler"),
        ("notify_on_disconnect", "notifyondisconnect", "notifyondisconnect"),
        ("ftp_pictures", "ftpenabled", "ftpenabled"),
        ("ftp_recordings", "ftprecordings", "ftprecordings"),
        ("save_pictures", "localsaving", "localsaving"),
        ("cloud_pictures", "cloudimages", "cloudimages"),
        ("cloud_recordings", "cloudrecording", "cloudrecording"),
        ("timelapse", "timelapseon", "timelapseon"),
    ],
)
async def test_switches_of_the_panel_are_changed_and_read_back(
    house: Build, key: str, field: str, setting: str
) -> None:
    """Changesetting (§7)."""
    home = await house()
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 2)
    for value in (True, False, True):
        answer = await do(device, "camera.2", Set(key, value))
        assert told(answer)[f"camera.2:{key}"] is value
        assert getattr(camera.settings, setting) is value
    word = home.told("changesetting")[-1]
    assert word == f"changesetting?ot=2&oid=2&field={field}&value=true"


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("all_on", "bringonline"),
        ("all_off", "takeoffline"),
        ("all_record", "record"),
        ("all_stop", "recordstop"),
        ("all_alerts_on", "alerton"),
        ("all_alerts_off", "alertoff"),
    ],
)
async def test_every_button_of_a_group_names_it(house: Build, key: str, command: str) -> None:
    """A group's name in the place of an object (§6)."""
    home = await house()
    device, _ = await home.opened()
    await do(device, "group.outside", Press(key))
    assert home.told(command) == [f"{command}?group=outside"]


async def test_remote_commands_are_buttons_by_their_names(house: Build) -> None:
    """Getcmdlist (§10); the list may change while it runs."""
    home = await house()
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert topology.features["macro.20:run"].key == "run"
    assert topology.parts["macro.20"].name == "Open gate  front"
    home.box.faults.bodies["getcmdlist"] = "20|Close gate,30|Lights"
    parts = topology_of(await device.read("survey")).parts
    assert parts["macro.20"].name == "Close gate"
    assert parts["macro.30"].name == "Lights"
    assert "macro.21" not in parts


async def test_a_version_that_knows_one_place_only_uploads_to_it(house: Build) -> None:
    """uploadyoutube, which is gone from 7.2.4 on (§5)."""
    home = await house("g2")
    device, _ = await home.opened()
    name = home.box.thing(CAMERA, 1).recordings[0].name
    home.box.faults.bodies["uploadcloud"] = CATCH_ALL
    answer = await do(device, "camera.1", UploadRecording(name))
    assert answer.data["message"]
    assert home.told("uploadyoutube") == [f"uploadyoutube?ot=2&oid=1&fn={name}"]
    del home.box.faults.bodies["uploadcloud"]
    await do(device, "camera.1", UploadRecording(name))
    assert len(home.told("uploadyoutube")) == 1, "where there is a choice, it is the newer one"


async def test_the_code_that_connect_tells_is_the_login(house: Build) -> None:
    """Told to whoever is let in, it lets in those who are not (§3)."""
    home = await house()
    code = json.loads(await text(home.box, "/connect"))["auth"]
    home.box.access.peer = DENIED
    device, batch = await home.opened(code)
    assert "camera.1" in topology_of(batch).parts
    await device.read("ping")
    assert home.sent() == [f"ping?auth={code}"]
