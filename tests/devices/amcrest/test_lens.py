"""A motor lens and the wiper: where they are, where they go."""

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import Press, PtzMove, PtzStop, Set
from custom_components.cctv.devices.errors import BadInput
from custom_components.cctv.devices.model import Topology

from .conftest import Build, House, told, topology_of

LENS = {"focus", "zoom", "focus_state", "focus_now"}
WIPER = {"wiper", "wipe"}


async def surveyed(house: Build, personality: str) -> tuple[House, Amcrest, Topology]:
    """A box, surveyed."""
    home = await house(personality)
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


def keys(topology: Topology) -> set[str]:
    """What features the box has."""
    return {each.key for each in topology.features.values()}


async def test_a_motor_lens_and_a_wiper_are_found_where_they_are(house: Build) -> None:
    _, _, topology = await surveyed(house, "dome")
    assert keys(topology) >= LENS | WIPER


@pytest.mark.parametrize("personality", ["doorbell", "nvr"])
async def test_a_fixed_lens_has_no_focus(house: Build, personality: str) -> None:
    _, _, topology = await surveyed(house, personality)
    assert not keys(topology) & (LENS | WIPER)


@pytest.mark.parametrize(("key", "value"), [("focus", 25.0), ("zoom", 60.0)])
async def test_it_is_sent_somewhere_and_the_other_axis_stays(
    house: Build, key: str, value: float
) -> None:
    home, device, _ = await surveyed(house, "dome")
    before = told(await device.read("lens:1"))
    answer = await device.do("", Set(key, value))
    assert told(answer.updates)[f":{key}"] == pytest.approx(value, abs=5)
    other = "zoom" if key == "focus" else "focus"
    assert told(await device.read("lens:1"))[f":{other}"] == before[f":{other}"]
    moved = [each for each in home.sent() if "adjustFocus" in each]
    assert len(moved) == 1
    assert f"{other}=-1" in moved[0]


async def test_words_are_no_place(house: Build) -> None:
    home, device, _ = await surveyed(house, "dome")
    with pytest.raises(BadInput):
        await device.do("", Set("focus", "far"))
    assert home.sent() == []


async def test_it_focuses_by_itself(house: Build) -> None:
    home, device, _ = await surveyed(house, "dome")
    await device.do("", Press("focus_now"))
    assert any("action=autoFocus" in each for each in home.sent())
    assert told(await device.read("lens:1"))[":focus_state"] in ("normal", "focusing")


async def test_the_wiper_wipes_once_or_on_and_on(house: Build) -> None:
    home, device, _ = await surveyed(house, "dome")
    await device.do("", Press("wipe"))
    answer = await device.do("", Set("wiper", value=True))
    assert told(answer.updates) == {":wiper": True}
    await device.do("", Set("wiper", value=False))
    actions = [each.partition("action=")[2].partition("&")[0] for each in home.sent()]
    assert actions == ["moveOnce", "moveContinuously", "stopMove"]


async def test_a_lens_without_a_head_moves_on_and_on(house: Build) -> None:
    home = await house("wizsense")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert keys(topology) >= LENS
    assert topology.parts[""].ptz is not None
    assert topology.parts[""].ptz.axes == {"focus", "zoom"}
    home.box.wire.clear()
    await device.do("", PtzMove(zoom=1, speed=0.5))
    await device.do("", PtzStop())
    sent = [each for each in home.sent() if "adjustFocusContinuously" in each]
    assert "zoom=0.5" in sent[0]
    assert "zoom=0&" in sent[1] or sent[1].endswith("zoom=0")
