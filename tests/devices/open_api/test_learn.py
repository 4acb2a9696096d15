"""What a unit is found to be and have, how it is asked, and what a weak account leaves of it."""

import pytest

from custom_components.cctv.devices.commands import AddUser, Set
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    InvalidAuth,
    Malformed,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.http.asker import asker
from custom_components.cctv.devices.model import BOX, Need, Notice, PartKind
from custom_components.cctv.devices.open_api.device import recognise
from tests.devices.clock import FakeClock
from tests.simulators.open_api.faults import Separator

from .conftest import Build, told, topology_of


async def test_a_camera_tells_who_it_is(house: Build) -> None:
    home = await house("vapix")
    _, batch = await home.opened()
    about = topology_of(batch).parts[BOX].about
    assert about is not None
    assert about.model
    assert about.serial == "0017F200A1B2"
    assert about.mac == "00:17:f2:00:a1:b2"
    assert about.firmware == "V5.0.2.3843"
    assert about.identities == {"mac:00:17:f2:00:a1:b2", "serial:0017F200A1B2"}


async def test_a_camera_is_learnt_with_few_requests_and_again_with_fewer(house: Build) -> None:
    home = await house()
    memory = ShortMemory()
    device = home.device(memory=memory)
    await device.open()
    first = len(home.box.wire)
    assert first <= 25
    home.box.wire.clear()
    again = home.device(memory=memory)
    await again.open()
    assert len(home.box.wire) < first
    assert not any("videostatus" in each.target for each in home.box.wire)


async def test_a_server_has_a_camera_for_each_source(house: Build) -> None:
    home = await house("server4")
    device, batch = await home.opened()
    topology = topology_of(batch)
    cameras = [part for part in topology.parts.values() if part.kind is PartKind.CAMERA]
    assert [camera.id for camera in cameras] == [f"camera.{n}" for n in range(1, 5)]
    assert set(topology.streams) == {f"camera.{n}:main" for n in range(1, 5)}
    assert topology.streams["camera.3:main"].url is not None
    assert "/cam3/" in str(topology.streams["camera.3:main"].url)
    home.box.set_signal(3, on=False)
    assert told(await device.read("video"))["camera.3:video_loss"] is True
    assert told(await device.read("video"))["camera.1:video_loss"] is False
    answer = await device.do("camera.2", Set("brightness", 17))
    assert told(answer.updates) == {"camera.2:brightness": 17}
    assert home.box.parameters["ImageSource.I1.Sensor.Brightness"] == "17"
    assert home.box.parameters["ImageSource.I0.Sensor.Brightness"] != "17"


@pytest.mark.parametrize("separator", [*Separator])
async def test_a_listing_is_read_whatever_ends_its_headers(
    house: Build, separator: Separator
) -> None:
    home = await house(faults={"separator": separator})
    _, batch = await home.opened()
    assert "window.3" in topology_of(batch).parts


async def test_parameters_below_another_path_are_found(house: Build) -> None:
    """A dialect keeps them below /asp (§0.2)."""
    home = await house(faults={"asp": True})
    device, batch = await home.opened()
    assert "window.3" in topology_of(batch).parts
    await device.do(BOX, Set("contrast", 12))
    assert home.box.parameters["ImageSource.I0.Sensor.Contrast"] == "12"
    assert all(each.startswith("/asp/") for each in home.sent() if "config.cgi" in each)


async def test_an_absent_cgi_leaves_its_features_out_and_is_not_asked_again(
    house: Build,
) -> None:
    gone = {
        "/motion.cgi",
        "/input.cgi",
        "/output.cgi",
        "/port.cgi",
        "/ptz.cgi",
        "/list.cgi",
        "/resolution.cgi",
        "/fromserver.cgi",
        "/time.cgi",
    }
    home = await house(faults={"missing": gone})
    memory = ShortMemory()
    device, batch = await home.opened(memory=memory)
    topology = topology_of(batch)
    assert set(topology.parts) == {BOX}
    assert not topology.feeds
    assert not {":picture_size", ":clock_drift", ":speaker", ":motion"} & set(topology.features)
    assert topology.parts[BOX].talk is None
    assert topology.parts[BOX].ptz is None
    assert [poll.name for poll in topology.polls.values() if poll.need is Need.VITAL] == ["alive"]
    assert await device.read("alive") == ()
    again = home.device(memory=memory)
    home.box.wire.clear()
    await again.open()
    assert not [each for each in home.sent() if each.partition("?")[0] in gone]


async def test_an_account_that_sees_pictures_only_has_a_camera_and_a_notice(
    house: Build,
) -> None:
    """Case 34: a refusal of the parameters is no bad login."""
    home = await house("weak_account")
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert set(topology.parts) == {BOX}
    assert not topology.features
    assert not topology.parts[BOX].can
    assert set(topology.streams) == {":main"}
    (notice,) = (each for each in batch if isinstance(each, Notice))
    assert notice.key == "rights"
    assert notice.active
    assert "config.cgi" in notice.data["tables"]
    assert await (await device.fetch("still:1")).read()
    assert await device.read("alive") == ()
    assert await device.read("survey")
    with pytest.raises(Unsupported):
        await device.do(BOX, AddUser("joe", "secret"))


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_is_a_missing_right_whichever_status_it_has(
    house: Build, status: int
) -> None:
    home = await house("weak_account", faults={"denied_status": status})
    _, batch = await home.opened()
    assert any(isinstance(each, Notice) and each.active for each in batch)


async def test_a_strong_account_takes_the_notice_back(house: Build) -> None:
    home = await house("seed")
    _, batch = await home.opened()
    assert [each.active for each in batch if isinstance(each, Notice)] == [False]


async def test_without_a_user_a_closed_camera_asks_for_one(house: Build) -> None:
    home = await house()
    device = home.device("", user="")
    for _ in range(2):
        with pytest.raises(InvalidAuth):
            await device.open()
    assert home.box.failed_logins == 0


async def test_an_open_camera_needs_no_user(house: Build) -> None:
    home = await house()
    home.box.accounts.of.clear()
    device = home.device("", user="")
    batch = await device.open()
    assert "window.0" in topology_of(batch).parts


async def test_a_foreign_web_server_is_another_family(house: Build) -> None:
    every = {"/config.cgi", "/image.jpg", "/image.cgi", "/ptz.cgi", "/time.cgi"}
    home = await house(faults={"missing": every})
    with pytest.raises(WrongFamily):
        await home.device().open()


async def test_a_login_page_is_no_list_of_parameters(house: Build) -> None:
    """A session that ended answers 200 with a page."""
    home = await house(faults={"bodies": {"/config.cgi": b"<html><form></form></html>"}})
    with pytest.raises(Malformed):
        await home.device().open()


# --- recognition ------------------------------------------------------------------------------


async def test_a_camera_behind_a_login_is_recognised_perhaps(house: Build) -> None:
    home = await house()
    device = home.device()
    ask = asker(device.env.session, device.env.address)
    sighting = await recognise(ask)
    await ask.close()
    assert sighting is not None
    assert (sighting.family, sighting.certain, sighting.login) == ("open_api", False, True)
    assert home.box.failed_logins == 0


@pytest.mark.parametrize("asp", [False, True])
async def test_an_open_camera_is_recognised_for_certain(house: Build, asp: bool) -> None:
    home = await house(faults={"asp": asp})
    home.box.accounts.of.clear()
    device = home.device()
    ask = asker(device.env.session, device.env.address)
    sighting = await recognise(ask)
    await ask.close()
    assert sighting is not None
    assert sighting.certain


@pytest.mark.parametrize(
    "gone", [{"/config.cgi", "/image.jpg"}, {"/config.cgi", "/ptz.cgi", "/motion.cgi"}]
)
async def test_a_picture_alone_proves_nothing(house: Build, gone: set[str]) -> None:
    home = await house(faults={"missing": gone})
    device = home.device()
    ask = asker(device.env.session, device.env.address)
    assert await recognise(ask) is None
    await ask.close()


async def test_what_was_just_learnt_is_not_asked_again(house: Build) -> None:
    home = await house()
    clock = FakeClock()
    device, batch = await home.opened(clock=clock)
    assert topology_of(await device.read("survey")) == topology_of(batch)
    assert home.sent() == []
    await clock.advance(3600)
    assert topology_of(await device.read("survey")) == topology_of(batch)
    assert len(home.sent()) > 5


async def test_what_did_not_answer_is_asked_again_soon(house: Build) -> None:
    home = await house()
    home.box.faults.bodies["/list.cgi"] = b"<html>please log in</html>"
    device, batch = await home.opened()
    assert "disk.sd_disk" not in topology_of(batch).parts
    home.box.faults.bodies.clear()
    assert "disk.sd_disk" in topology_of(await device.read("survey")).parts
