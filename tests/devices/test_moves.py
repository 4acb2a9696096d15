"""The buttons of a moving camera, its steps and its presets, as the engine makes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from custom_components.cctv.devices.commands import (
    Command,
    GotoPreset,
    Mode,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    RemovePreset,
    Set,
)
from custom_components.cctv.devices.engine import moves
from custom_components.cctv.devices.env import Memory
from custom_components.cctv.devices.errors import BadInput, NoAnswer, Unsupported
from custom_components.cctv.devices.model import (
    Answer,
    Feature,
    Part,
    PartKind,
    Poll,
    PtzAbility,
    Value,
)

from .sample import POLLS, House, Sample, house, listing

PART = "camera.3"
PRESET = f"{PART}:preset"
STEP = f"{PART}:ptz_step"
BOTH = frozenset({Mode.CONTINUOUS, Mode.STEP})
ALL = frozenset({"pan", "tilt", "zoom", "focus"})
NAMES = {"1": "Gate", "2": "Barn", "007": "7"}


class Dome(Sample):
    """A sample that answers a Set of its preset, and a home position, with where it looks."""

    async def do(self, part: str, command: Command) -> Answer:
        """Tell the preset that is the home position."""
        answer = await super().do(part, command)
        if isinstance(command, PtzHome) and self.truth.get("home") is not None:
            return Answer((Value(PRESET, self.truth["home"]),))
        return answer


def drive(
    *commands: type[Command],
    axes: frozenset[str] = ALL,
    modes: frozenset[str] = BOTH,
    presets: Feature | None = None,
    poll: str | None = None,
) -> Dome:
    """A sample with one more camera, that moves."""
    able = frozenset({Set, Press, PtzMove, PtzStop, *commands})
    part = Part(PART, PartKind.CAMERA, can=able, ptz=PtzAbility(axes, modes))
    preset = presets or Feature(PART, "preset", poll=poll, options=tuple(NAMES), labels=NAMES)
    return Dome(topology=listing(part, preset, polls=[*POLLS, Poll("where", every=60)]))


@asynccontextmanager
async def dome(
    *commands: type[Command], memory: Memory | None = None, **other: object
) -> AsyncIterator[House]:
    """Run it."""
    async with house(drive(*commands, **other), memory=memory) as home:  # type: ignore[arg-type]
        yield home


def keys(home: House, part: str = PART) -> set[str]:
    features = home.runner.state.topology.features.values()
    return {one.key for one in features if one.part == part} - {"detection"}


# --- what there is


async def test_a_part_that_moves_has_a_button_for_each_way_of_each_axis() -> None:
    async with dome() as home:
        steps = {"pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out"}
        assert keys(home) == {*steps, "ptz_step", "preset"}
        step = home.runner.state.topology.features[STEP]
        assert (step.blind, step.limits) == (True, moves.STEP_LIMITS)
        assert home.runner.state.available(STEP)


async def test_only_the_axes_it_has() -> None:
    async with dome(PtzHome, axes=frozenset({"zoom", "iris"})) as home:
        assert keys(home) == {"zoom_in", "zoom_out", "ptz_home", "ptz_step", "preset"}


@pytest.mark.parametrize("modes", [frozenset({Mode.ABSOLUTE}), frozenset[str]()])
async def test_what_cannot_go_a_step_has_no_buttons_for_it(modes: frozenset[str]) -> None:
    async with dome(PtzHome, modes=modes) as home:
        assert keys(home) == {"ptz_home", "preset"}


async def test_what_does_not_move_has_none() -> None:
    device = Sample()
    able = device.topology.parts["camera.1"].can - {PtzMove}
    still = replace(device.topology.parts["camera.1"], can=able)
    device.topology = listing(still)
    async with house(device) as home:
        for part in ("camera.1", "camera.2", ""):
            assert not keys(home, part) & {"pan_left", "ptz_home", "ptz_step"}


async def test_what_a_family_says_of_a_button_counts() -> None:
    """A drive that nobody has looked at yet: its buttons are for few people."""
    device = drive()
    button = Feature(PART, "pan_left", minor=True)
    device.topology = listing(device.topology.parts[PART], button)
    async with house(device) as home:
        assert home.runner.state.topology.features[button.id].minor is True
        assert "pan_right" in keys(home)


# --- steps


@pytest.mark.parametrize(
    ("key", "pan", "tilt", "zoom"),
    [
        ("pan_left", -1, 0, 0),
        ("pan_right", 1, 0, 0),
        ("tilt_up", 0, 1, 0),
        ("tilt_down", 0, -1, 0),
        ("zoom_in", 0, 0, 1),
        ("zoom_out", 0, 0, -1),
    ],
)
async def test_a_button_goes_a_step(key: str, pan: float, tilt: float, zoom: float) -> None:
    async with dome() as home:
        await home.runner.do(PART, Press(key))
        step = PtzMove(pan, tilt, zoom, mode=Mode.STEP, seconds=0.5)
        assert home.device.done == [(PART, step)]
        await home.clock.advance(60)
        assert len(home.device.done) == 1


async def test_where_there_are_no_steps_a_move_is_stopped_after_one() -> None:
    """Case 28: families know moves and stops, and nothing of steps."""
    async with dome(modes=frozenset({Mode.CONTINUOUS})) as home:
        await home.runner.do(PART, Set("ptz_step", 2))
        await home.runner.do(PART, Press("tilt_down"))
        assert home.device.done == [(PART, PtzMove(tilt=-1, mode=Mode.CONTINUOUS, seconds=2))]
        await home.clock.advance(1.9)
        assert len(home.device.done) == 1
        await home.clock.advance(0.2)
        assert home.device.done[1:] == [(PART, PtzStop())]


async def test_the_home_button_goes_home() -> None:
    async with dome(PtzHome) as home:
        await home.runner.do(PART, Press("ptz_home"))
        assert home.device.done == [(PART, PtzHome())]


async def test_a_button_of_what_has_no_drive_is_its_family_s() -> None:
    """A foot that tilts, without a drive."""
    device = Sample(topology=listing(Feature("camera.2", "tilt_up")))
    async with house(device) as home:
        await home.runner.do("camera.2", Press("tilt_up"))
        assert device.done == [("camera.2", Press("tilt_up"))]


async def test_how_long_a_step_is_stays_with_us() -> None:
    """Case 23: the number lives with us, also over a restart."""
    async with dome() as home:
        assert home.value(STEP) == moves.STEP_SECONDS
        await home.runner.do(PART, Set("ptz_step", 1.5))
        await home.runner.do(PART, Press("zoom_in"))
        assert home.device.done == [(PART, PtzMove(zoom=1, mode=Mode.STEP, seconds=1.5))]
        async with dome(memory=home.memory) as again:
            assert again.value(STEP) == 1.5


@pytest.mark.parametrize("seconds", [0, 0.05, 10.5, float("nan"), True, "1"])
async def test_a_step_that_cannot_be_is_refused(seconds: float | str) -> None:
    async with dome() as home:
        with pytest.raises(BadInput):
            await home.runner.do(PART, Set("ptz_step", seconds))
        assert home.value(STEP) == moves.STEP_SECONDS


async def test_a_remembered_step_that_cannot_be_is_forgotten() -> None:
    async with dome() as home:
        home.memory.put("blind", {STEP: 99})
        async with dome(memory=home.memory) as again:
            assert again.value(STEP) == moves.STEP_SECONDS


# --- presets


@pytest.mark.parametrize(
    ("wanted", "token"),
    [("1", "1"), ("Barn", "2"), ("barn ", "2"), ("01", "1"), ("007", "007"), ("7", "007")],
)
async def test_a_preset_is_found_by_token_name_or_number(wanted: str, token: str) -> None:
    """Case 29."""
    async with dome() as home:
        assert GotoPreset in home.runner.state.topology.parts[PART].can
        await home.runner.do(PART, GotoPreset(wanted))
        assert home.device.done == [(PART, Set("preset", token))]
        assert home.value(PRESET) == token


@pytest.mark.parametrize("wanted", ["", "3", "Cellar", "²"])
async def test_a_preset_that_is_not_there_is_refused(wanted: str) -> None:
    async with dome() as home:
        with pytest.raises(BadInput):
            await home.runner.do(PART, GotoPreset(wanted))
        assert home.device.done == []


async def test_presets_that_nobody_lists_are_the_family_s_to_know() -> None:
    async with dome(GotoPreset, presets=Feature(PART, "preset", poll="where")) as home:
        await home.runner.do(PART, GotoPreset("5"))
        assert home.device.done == [(PART, GotoPreset("5"))]


async def test_what_knows_no_presets_goes_to_none() -> None:
    async with dome(presets=Feature(PART, "enabled")) as home:
        with pytest.raises(Unsupported):
            await home.runner.do(PART, GotoPreset("5"))


@pytest.mark.parametrize(
    "command",
    [
        Press("pan_left"),
        PtzMove(zoom=0.5),
        PtzMove(mode=Mode.ABSOLUTE),
        PtzHome(),
    ],
)
async def test_after_a_move_nobody_knows_at_which_preset_the_camera_is(command: Command) -> None:
    modes = frozenset(Mode)
    async with dome(PtzHome, modes=modes) as home:
        await home.runner.do(PART, GotoPreset("Gate"))
        assert home.value(PRESET) == "1"
        await home.runner.do(PART, command)
        assert home.value(PRESET) is None
        await home.runner.do(PART, command)
        async with dome(memory=home.memory) as again:
            assert again.value(PRESET) is None


@pytest.mark.parametrize("command", [PtzMove(focus=1), PtzStop(), RemovePreset("2")])
async def test_what_does_not_turn_the_camera_leaves_it_there(command: Command) -> None:
    async with dome(RemovePreset) as home:
        await home.runner.do(PART, GotoPreset("Gate"))
        await home.runner.do(PART, command)
        assert home.value(PRESET) == "1"


async def test_a_move_that_failed_leaves_it_there() -> None:
    async with dome() as home:
        await home.runner.do(PART, GotoPreset("Gate"))
        home.device.faults["do"] = NoAnswer("ptz")
        with pytest.raises(NoAnswer):
            await home.runner.do(PART, Press("pan_left"))
        assert home.value(PRESET) == "1"
        home.device.faults.clear()


async def test_a_home_position_that_is_a_preset_is_known() -> None:
    async with dome(PtzHome) as home:
        await home.runner.do(PART, GotoPreset("Barn"))
        home.device.truth["home"] = "1"
        await home.runner.do(PART, Press("ptz_home"))
        assert home.value(PRESET) == "1"


async def test_a_camera_that_tells_where_it_looks_is_asked_after_a_move() -> None:
    async with dome(poll="where") as home:
        home.runner.want((PRESET,))
        home.device.truth[PRESET] = "1"
        await home.clock.advance(5)
        assert home.value(PRESET) == "1"
        before = home.device.count("read where")
        home.device.truth[PRESET] = "2"
        await home.runner.do(PART, Press("pan_left"))
        await home.clock.advance(1)
        assert home.device.count("read where") == before + 1
        assert home.value(PRESET) == "2"
