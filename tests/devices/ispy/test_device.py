"""What a PC has: generations, objects that come and go, plans, and answers that never come."""

import asyncio

import pytest

from custom_components.cctv.devices.errors import (
    DeviceError,
    InvalidAuth,
    Malformed,
    NoAnswer,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.http.asker import asker
from custom_components.cctv.devices.ispy import client
from custom_components.cctv.devices.ispy.device import recognise
from custom_components.cctv.devices.ispy.wire import Generation
from custom_components.cctv.devices.model import Event, PartKind, Picture, Topology
from tests.devices.clock import FakeClock
from tests.devices.conftest import Lend
from tests.devices.ispy.conftest import CATCH_ALL, Build, told, topology_of
from tests.devices.waiting import until
from tests.simulators.ispy import CAMERA, MICROPHONE

# --- what it has ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("personality", "generation"),
    [
        ("g3", Generation.G3),
        ("g2", Generation.G2),
        ("g1", Generation.G1),
        ("ancient", Generation.ANCIENT),
        ("german", Generation.G3),
        ("hostile", Generation.G3),
    ],
)
async def test_generations_are_told_apart(
    house: Build, personality: str, generation: Generation
) -> None:
    device, batch = await (await house(personality)).opened()
    features = topology_of(batch).features
    assert device.box.client.generation is generation
    first = next(iter(device.box.things))
    assert (f"{first}:recording" in features) is (generation is Generation.G3)
    assert (f"{first}:motion" in features) is generation.modern
    assert (f"{first}:object_name" in features) is (generation is not Generation.ANCIENT)
    assert (f"{first}:ftp_recordings" in features) is generation.modern
    assert (":save_settings" in features) is generation.modern
    assert bool(topology_of(batch).feeds) is generation.modern


async def test_everything_has_its_part(house: Build) -> None:
    _, batch = await (await house()).opened()
    parts = topology_of(batch).parts
    kinds = {id_: part.kind for id_, part in parts.items()}
    assert kinds["camera.1"] is PartKind.CAMERA
    assert kinds["microphone.2"] is PartKind.MICROPHONE
    assert kinds["plan.1"] is PartKind.PLAN
    assert kinds["group.outside"] is PartKind.GROUP
    assert kinds["macro.20"] is PartKind.MACRO
    assert parts[""].name == "Office, 2nd floor"
    assert parts["camera.1"].name == "Front door"
    assert parts["macro.20"].name == "Open gate  front"


async def test_the_command_that_blocks_the_pc_is_no_part(house: Build) -> None:
    _, batch = await (await house()).opened()
    assert "macro.11" not in topology_of(batch).parts
    assert "macro.10" in topology_of(batch).parts


async def test_only_some_cameras_move_and_talk(house: Build) -> None:
    device, batch = await (await house()).opened()
    topology = topology_of(batch)
    assert topology.parts["camera.4"].ptz is None
    assert topology.features["camera.4:tilt_up"].minor is True, "perhaps a Kinect"
    assert "camera.4:pan_left" not in topology.features
    ability = topology.parts["camera.1"].ptz
    assert ability is not None
    assert ability.axes == {"pan", "tilt", "zoom"}
    assert topology.features["camera.1:preset"].options == ("Gate", "2", "Steps & path")
    assert len(topology.features["camera.3:ptz_command"].options) == 45
    talk = topology.parts["camera.1"].talk
    assert talk is not None
    assert (talk.codec, talk.rate) == ("pcm_s16le", 22_050)
    assert topology.parts["camera.2"].talk is None
    assert "camera.2:talk_from_server" not in topology.features
    assert "microphone.1:listen_at_server" in topology.features
    assert device.box.threshold == 0.2


async def test_a_digital_drive_is_for_few_people(house: Build) -> None:
    _, batch = await (await house("german")).opened()
    features = topology_of(batch).features
    assert features["camera.1:pan_left"].minor is True


async def test_a_camera_has_live_pictures_stills_and_sound(house: Build) -> None:
    _, batch = await (await house()).opened()
    streams = topology_of(batch).streams
    stream = streams["camera.1:main"]
    assert (stream.live, stream.still, stream.sound) == ("live/1", "still/1", "sound/1")
    assert stream.size == (640, 360)
    assert stream.url is None
    assert streams["camera.2:main"].sound is None
    together = streams[":main"]
    assert together.minor
    assert together.live == "live/1,2,3,4"


async def test_values_are_told_at_once(house: Build) -> None:
    _, batch = await (await house()).opened()
    values = told(batch)
    assert values["camera.1:enabled"] is True
    assert values["camera.4:enabled"] is False
    assert values["camera.1:record_mode"] == "detection"
    assert values["camera.2:record_mode"] == "alert"
    assert values["camera.3:record_mode"] == "off"
    assert values["camera.1:alert_interval"] == 180
    assert values["camera.1:access_groups"] == "outside,doors"
    assert values["camera.1:picture_size"] == "640x360"
    assert isinstance(values["plan.1:floor_plan"], Picture)


async def test_an_object_whose_source_broke_is_offline(house: Build) -> None:
    """Enabled says nothing about it; of one that is switched off nothing is known (§4)."""
    home = await house()
    device, batch = await home.opened()
    assert told(batch)["camera.2:online"] is True
    assert told(batch)["camera.4:online"] is None
    home.box.set_failing(CAMERA, 2)
    assert told(await device.read("status:camera.2"))["camera.2:online"] is False


async def test_motion_is_a_level_over_a_threshold(house: Build) -> None:
    """Case 9: above or below is said, the engine keeps an off back."""
    home = await house()
    device, batch = await home.opened(options={"threshold": 35})
    assert topology_of(batch).features["camera.1:motion"].linger > 0
    home.box.set_level(CAMERA, 1, 0.34)
    home.box.set_level(MICROPHONE, 2, 0.36)
    camera = told(await device.read("level:camera.1"))
    assert camera == {"camera.1:motion_level": 34, "camera.1:motion": False}
    microphone = told(await device.read("level:microphone.2"))
    assert microphone == {"microphone.2:sound_level": 36, "microphone.2:sound": True}


async def test_the_newest_grab_is_the_last_picture(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    before = told(await device.read("grabs:camera.1"))["camera.1:last_picture"]
    home.box.advance(60)
    home.box.program.snapshot(home.box.thing(CAMERA, 1))
    after = told(await device.read("grabs:camera.1"))["camera.1:last_picture"]
    assert isinstance(before, Picture)
    assert isinstance(after, Picture)
    assert after.taken > before.taken
    assert told(await device.read("grabs:camera.1"))["camera.1:last_picture"] == after
    body = await (await device.fetch(after.ref)).read()
    assert body.startswith(b"\xff\xd8")


# --- objects that come and go (case 2) ------------------------------------------------------


async def test_case_2_objects_appear_get_renamed_and_vanish(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    added = home.box.add_object(CAMERA, "Attic")
    batch = await device.read("objects")
    part = f"camera.{added.id}"
    assert topology_of(batch).parts[part].name == "Attic"
    assert f"{part}:record_mode" in topology_of(batch).features, "its panel was read, too"
    home.box.rename_object(CAMERA, added.id, "Loft, left")
    batch = await device.read("objects")
    assert topology_of(batch).parts[part].name == "Loft, left"
    home.box.remove_object(CAMERA, added.id)
    assert part not in topology_of(await device.read("objects")).parts
    assert part not in topology_of(await device.read("objects")).parts, "told again each time"
    with pytest.raises(Unsupported):
        await device.read(f"status:{part}")


async def test_case_2_a_page_for_nothing_is_no_empty_list(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    home.box.faults.bodies["getobjectlist"] = CATCH_ALL
    with pytest.raises(Malformed):
        await device.read("objects")
    del home.box.faults.bodies["getobjectlist"]
    assert topology_of(await device.read("objects")) == topology_of(batch)


async def test_case_2_a_camera_goes_when_a_second_listing_agrees(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    runner = await home.run("camera.3:enabled", clock=clock)
    home.box.remove_object(CAMERA, 3)
    async with asyncio.timeout(20):
        while "camera.3" in runner.state.topology.parts:
            await clock.advance(1)
    assert "camera.2" in runner.state.topology.parts


async def test_an_id_that_comes_again_is_learnt_anew(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.remove_object(CAMERA, 4)
    await device.read("objects")
    again = home.box.add_object(CAMERA, "New")
    assert again.id == 4
    again.settings.recordonalert = True
    assert told(await device.read("objects"))["camera.4:record_mode"] == "alert"


async def test_a_camera_that_is_given_a_drive_can_move(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.thing(CAMERA, 4).ptz = -4
    topology = topology_of(await device.read("objects"))
    assert topology.parts["camera.4"].ptz is not None
    assert topology.features["camera.4:ptz_command"].options


async def test_a_plan_vouches_for_no_camera(house: Build) -> None:
    """What a listing did not list it does not confirm, so that one odd list removes nobody."""
    home = await house()
    device, _ = await home.opened()
    assert not any(isinstance(each, Topology) for each in await device.read("plans"))
    assert not any(isinstance(each, Topology) for each in await device.read("survey"))
    home.box.program.plans.pop()
    for _ in range(2):
        assert "plan.2" not in topology_of(await device.read("plans")).parts
    assert not any(isinstance(each, Topology) for each in await device.read("plans"))


async def test_an_object_that_goes_while_it_is_asked_breaks_nothing(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.delays["getobjectconfig"] = 0.3
    asked = asyncio.create_task(device.read("status:camera.3"))
    await home.box.until(lambda: home.told("getobjectconfig"))
    home.box.remove_object(CAMERA, 3)
    await device.read("objects")
    await asked
    assert "camera.3" not in device.box.known


# --- floor plans ----------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["g3", "g1"])
async def test_a_floor_plan_tells_who_alerted(house: Build, personality: str) -> None:
    home = await house(personality)
    device, batch = await home.opened()
    assert "microphone.2:alert" in topology_of(batch).features, "it is on a plan"
    assert "microphone.1:alert" not in topology_of(batch).features
    home.box.advance(1)
    home.box.trigger_alert(2, MICROPHONE)
    batch = await device.read("plans")
    events = [update for update in batch if isinstance(update, Event)]
    assert [event.feature for event in events] == ["plan.1:alert", "microphone.2:alert"]
    assert events[0].details["part"] == "microphone.2"
    assert [each.details["plan"] for each in events] == [device.box.plans["plan.1"].name] * 2
    assert not [each for each in await device.read("plans") if isinstance(each, Event)]


async def test_a_first_look_at_a_plan_is_only_the_baseline(house: Build) -> None:
    home = await house()
    home.box.trigger_alert(1)
    device, batch = await home.opened()
    for told_now in (batch, await device.read("plans")):
        assert not [each for each in told_now if isinstance(each, Event)]


async def test_a_camera_of_the_first_generation_alerts_by_its_plan(house: Build) -> None:
    home = await house("g1")
    device, batch = await home.opened()
    assert topology_of(batch).features["camera.1:alert"].poll == "plans"
    assert "camera.3:alert" not in topology_of(batch).features
    assert isinstance(told(batch)["plan.1:floor_plan"], Picture)
    home.box.advance(1)
    home.box.trigger_alert(1)
    events = [each for each in await device.read("plans") if isinstance(each, Event)]
    assert [event.feature for event in events] == ["plan.1:alert", "camera.1:alert"]
    assert {each.partition("?")[0] for each in home.sent()} == {
        "getfloorplans",
        "getfloorplanalerts",
    }


async def test_a_redrawn_plan_is_a_new_picture(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    before = told(batch)["plan.1:floor_plan"]
    assert told(await device.read("plans"))["plan.1:floor_plan"] == before
    home.box.advance(90)
    home.box.program.plans[0].refreshed = home.box.program.clock.now()
    after = told(await device.read("plans"))["plan.1:floor_plan"]
    assert isinstance(before, Picture)
    assert isinstance(after, Picture)
    assert (after.taken - before.taken).total_seconds() == 90


# --- answers that never come (case 26) ------------------------------------------------------


async def test_case_26_a_request_that_hangs_costs_its_poll_only(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    home = await house()
    runner = await home.run(":online", "camera.1:motion", "camera.1:enabled")
    home.box.faults.mute.add("loadobject.json")
    await until(
        lambda: not runner.state.available("camera.1:motion"),
        lambda poke: runner.watch(["camera.1:motion"], poke),
    )
    assert runner.state.available("camera.1:enabled")
    assert runner.state.online
    home.box.faults.mute.clear()


async def test_what_hangs_at_the_start_is_learnt_later(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    home = await house()
    home.box.faults.mute.update({"getcontrolpanel", "getptzcommands", "getcmdlist"})
    device, batch = await home.opened()
    assert "camera.1:alerts" not in topology_of(batch).features
    assert "camera.1:enabled" in topology_of(batch).features
    home.box.faults.mute.clear()
    batch = await device.read("survey")
    assert "camera.1:alerts" in topology_of(batch).features
    assert "camera.1:preset" in topology_of(batch).features
    assert "macro.20" in topology_of(batch).parts
    assert told(batch)["camera.1:alerts"] is True


@pytest.mark.parametrize("personality", ["g3", "g1"])
async def test_a_server_that_hangs_up_has_not_answered(
    house: Build, monkeypatch: pytest.MonkeyPatch, personality: str
) -> None:
    """A broken request hangs or is hung up on, by generation; neither is the end of the server."""
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    home = await house(personality)
    device, _ = await home.opened()
    home.box.remove_object(CAMERA, 3)
    with pytest.raises(NoAnswer):
        await device.read("config:camera:3")
    await device.read("ping")


async def test_an_outage_ends_without_a_restart(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    runner = await home.run("camera.1:enabled", clock=clock)
    await home.box.go_dark()
    async with asyncio.timeout(20):
        while runner.state.online:
            await clock.advance(5)
    await home.box.come_back()
    async with asyncio.timeout(20):
        while not runner.state.available("camera.1:enabled"):
            await clock.advance(5)
    assert runner.state.online
    assert runner.state.available("camera.1:enabled")


# --- who is let in (§3) ---------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["g3", "g2", "g1", "ancient"])
async def test_who_is_not_let_in_learns_what_to_do(house: Build, personality: str) -> None:
    home = await house(personality)
    home.box.access.peer = "203.0.113.9"
    with pytest.raises(InvalidAuth, match="allowed IP addresses"):
        await home.device().open()


@pytest.mark.parametrize("personality", ["g3", "g1"])
async def test_the_code_of_connect_lets_in(house: Build, personality: str) -> None:
    home = await house(personality)
    home.box.access.peer = "203.0.113.9"
    device, _ = await home.opened(home.box.auth)
    body = await (await device.fetch("still/1")).read()
    assert body.startswith(b"\xff\xd8")
    assert home.box.auth not in repr(device.box.topology)


async def test_a_code_dies_with_the_program(house: Build) -> None:
    """Access may end at run time: the login is asked for again, and nothing is sent any more."""
    home = await house()
    home.box.access.peer = "203.0.113.9"
    device, _ = await home.opened(home.box.auth)
    await home.box.restart()
    with pytest.raises(InvalidAuth, match="started anew"):
        await device.read("objects")
    sent = len(home.box.wire)
    with pytest.raises(InvalidAuth):
        await device.read("ping")
    assert len(home.box.wire) == sent


async def test_an_empty_list_of_addresses_lets_nobody_in(house: Build) -> None:
    home = await house()
    home.box.access.allowed = ""
    with pytest.raises(InvalidAuth):
        await home.device().open()


async def test_a_picture_that_is_a_denial_is_one(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.access.peer = "203.0.113.9"
    with pytest.raises(InvalidAuth):
        await device.fetch("still/1")


async def test_the_runner_is_told_of_a_denial(house: Build) -> None:
    home = await house()
    runner = await home.run("camera.1:enabled")
    home.box.access.peer = "203.0.113.9"
    heard: asyncio.Future[InvalidAuth] = asyncio.get_running_loop().create_future()
    runner.failed(heard.set_result)
    async with asyncio.timeout(20):
        assert isinstance(await heard, InvalidAuth)


# --- recognising (§3, §5) -------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["g3", "g2", "g1", "german", "hostile", "ancient"])
@pytest.mark.parametrize("peer", [None, "203.0.113.9"])
async def test_it_is_recognised_by_one_harmless_question(
    house: Build, lend: Lend, personality: str, peer: str | None
) -> None:
    home = await house(personality)
    home.box.access.peer = peer
    env = lend(home.box.url)
    ask = asker(env.session, env.address)
    try:
        sighting = await recognise(ask)
    finally:
        await ask.close()
    assert sighting is not None
    assert sighting.certain
    assert sighting.login is (peer is not None)
    assert home.sent() == ["ping"]


async def test_something_else_is_not_opened(house: Build) -> None:
    home = await house()
    home.box.faults.bodies["connect"] = "<html>hello</html>"
    with pytest.raises(WrongFamily):
        await home.device().open()


async def test_nothing_is_sent_before_it_is_opened(house: Build) -> None:
    home = await house()
    device = home.device()
    for asked in (device.read("ping"), device.fetch("still/1")):
        with pytest.raises(DeviceError):
            await asked
    assert not home.sent()
