"""A survey meets a moment's trouble: what it cost is found by a later one."""

from dataclasses import dataclass, replace

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import SavePreset, Set
from custom_components.cctv.devices.model import Hint
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.wire import Connection, Reply, Request

from .conftest import Build, topology_of

TROUBLES = [
    ("dome", "ptz.getCurrentProtocolCaps"),
    ("dome", "ptz.getPresets"),
    ("ipc", "ptz.getPresets"),
    ("dome", "devVideoInput.getCurrentWindow"),
    ("dome", "devVideoInput.getFocusStatus"),
    ("wizsense", "devVideoInput.getFocusStatus"),
    ("nvr", "split.getMode"),
    ("nvr", "configManager.getConfig:MonitorTour"),
    ("vto", "VideoTalkPeer.attachState"),
    ("vto", "accessControl.getDoorStatus"),
    ("terminal", "accessControl.getLockStatus"),
    ("terminal", "recordFinder.getQuerySize:AccessControlCard"),
    ("thermal", "configManager.getConfig:ThermographyOptions"),
    ("thermal", "configManager.getConfig:HeatImagingThermometry"),
    ("thermal", "configManager.getConfig:ThermometryRule"),
    ("counter", "videoStatServer.getHeatMap"),
    ("counter", "configManager.getConfig:VideoAnalyseRule"),
]
"""Boxes, and what each refuses for a moment."""


@dataclass(frozen=True)
class Known:
    """What a device says it has."""

    features: frozenset[tuple[str, str | None, str | None]]
    can: frozenset[tuple[str, str]]
    tables: frozenset[tuple[str, str]]
    feeds: frozenset[str]


def known(device: Amcrest) -> Known:
    """What a device says it has now."""
    has = device.box.topology
    return Known(
        frozenset((id_, each.poll, each.push) for id_, each in has.features.items()),
        frozenset((id_, one.__name__) for id_, part in has.parts.items() for one in part.can),
        frozenset((id_, kind) for id_, part in has.parts.items() for kind in part.tables),
        frozenset(has.feeds),
    )


@pytest.mark.parametrize(("personality", "command"), TROUBLES)
async def test_what_a_box_refuses_for_a_moment_is_found_by_the_next_survey(
    house: Build, personality: str, command: str
) -> None:
    home = await house(personality)
    whole = known(await home.surveyed())
    refused = home.box.faults.refuse
    device, _ = await home.opened()
    refused[command] = Refusal.SERVER_ERROR
    await device.read("survey")
    assert known(device) != whole
    del refused[command]
    await device.read("survey")
    assert known(device) == whole


@pytest.mark.parametrize(
    ("personality", "command"),
    [("dome", "ptz.getTours"), ("dome", "ptz.getPresets"), ("nvr", "global.getCurrentTime")],
)
async def test_what_a_box_always_refuses_keeps_nothing_else_back(
    house: Build, personality: str, command: str
) -> None:
    home = await house(personality)
    whole = known(await home.surveyed())
    home.box.faults.refuse[command] = Refusal.SERVER_ERROR
    device, _ = await home.opened()
    await device.read("survey")
    lost = {id_ for id_, _, _ in whole.features} - {id_ for id_, _, _ in known(device).features}
    assert lost <= {":preset", ":tour"}
    assert lost != {":preset", ":tour"}


async def test_the_first_preset_of_a_drive_becomes_a_choice(house: Build) -> None:
    home = await house("dome")
    home.box.device.ptz.presets.clear()
    device = await home.surveyed()
    assert ":preset" not in device.box.topology.features
    answer = await device.do("", SavePreset("1", "Gate"))
    assert answer.updates == (Hint(("spots:1",)),)
    assert "spots:1" in device.box.topology.polls
    topology = topology_of(await device.read("spots:1"))
    assert topology.features[":preset"].labels == {"1": "Gate"}
    await device.do("", Set("preset", "1"))


async def test_the_survey_sees_another_software(house: Build) -> None:
    """Its version is that of getSoftwareVersion now, not that of the start (§4.6.16)."""
    home = await house("ipc")
    device = await home.surveyed()
    box = home.box.device
    box.personality = replace(box.personality, version="version=3.1.R,build:2026-01-02")
    about = topology_of(await device.read("survey")).parts[""].about
    assert about is not None
    assert about.firmware == "3.1.R (2026-01-02)"


async def test_a_version_that_was_cut_once_is_no_other_software(house: Build) -> None:
    """Some answers end early, and whoever hears half a version would learn all anew."""
    home = await house("ipc")
    device = await home.surveyed()
    box, whole = home.box.device, home.box.device.personality
    box.personality = replace(whole, version="version=2.80")
    answer = home.box.respond

    async def once(request: Request, connection: Connection) -> Reply | None:
        """Say half of it one time."""
        try:
            return await answer(request, connection)
        finally:
            if "getSoftwareVersion" in request.target:
                box.personality = whole

    home.box.respond = once  # type: ignore[method-assign]
    about = topology_of(await device.read("survey")).parts[""].about
    assert box.personality is whole
    assert about is not None
    assert about.firmware == "2.800.00AC006.0.R (2023-10-27)"
