"""The event feed on the wire: how it is asked for, every shape that it comes in, how it ends."""

import asyncio
from contextlib import aclosing

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.amcrest.features import DISKS, WANTED
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import CannotConnect
from custom_components.cctv.devices.model import Event, Hint, Topology, Update, Value
from tests.devices.waiting import becomes, happens, until
from tests.simulators.amcrest import AmcrestSimulator, JsonStyle, Length

from .conftest import Build, House, topology_of

END = Value(":tamper", value=True)


class Ear:
    """Listens in the background and keeps what it hears."""

    def __init__(self, device: Amcrest) -> None:
        self.heard: list[Update] = []
        self.batches = 0
        self.error: Exception | None = None
        self._more = asyncio.Event()
        self._task = asyncio.create_task(self._listen(device))

    async def _listen(self, device: Amcrest) -> None:
        try:
            async with aclosing(device.listen("events")) as feed:
                async for batch in feed:
                    self.batches += 1
                    self.heard += batch
                    self._more.set()
        except CannotConnect as error:
            self.error = error
        self._more.set()

    async def until(self, wanted: int | Update) -> list[Update]:
        """What was heard, once there is so much or this."""
        async with asyncio.timeout(20):
            while not (
                len(self.heard) >= wanted if isinstance(wanted, int) else wanted in self.heard
            ):
                self._more.clear()
                await self._more.wait()
        return self.heard

    async def lives(self) -> None:
        """Wait for the first sign of life."""
        async with asyncio.timeout(20):
            while not self.batches:
                self._more.clear()
                await self._more.wait()

    async def ended(self) -> None:
        """Wait for the end that the device makes."""
        async with asyncio.timeout(20):
            await self._task

    async def stop(self) -> None:
        """Listen no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def listening(home: House, device: Amcrest) -> Ear:
    """An ear, once the box has it."""
    ear = Ear(device)
    await home.box.wait_attached()
    return ear


SHAPES: dict[str, dict[str, object]] = {
    "as written": {},
    "LF": {"stream_eol": b"\n"},
    "tab JSON": {"json": JsonStyle.TAB},
    "no blank line": {"blank_line": False},
    "spaced boundary": {"spaced_boundary": True},
    "no length": {"length": Length.ABSENT},
    "short length": {"length": Length.SHORT},
    "long length": {"length": Length.LONG},
    "length with a blank": {"length_blank": True},
    "no content type": {"content_type": False},
    "one line end": {"body_ends": 1},
    "stray status": {"stray_status_every": 3},
    "end boundary": {"end_boundary_every": 3},
    "capital keys": {"capital_keys": True},
    "small actions": {"lower_actions": True},
    "glued": {"glue": True},
    "fragments of 40 bytes": {"fragment": 40},
    "byte by byte": {"fragment": 1},
    "chunked": {"chunked": True},
    "charset": {"charset": True},
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_of_the_stream_is_received_whole(house: Build, shape: str) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    for name, value in SHAPES[shape].items():
        setattr(home.box.faults, name, value)
    ear = await listening(home, device)
    wanted: list[Update] = []
    for number in range(20):
        name = f"Zone {number}; x={{[\\ ü"
        home.box.emit("VideoMotion", "Start", 0, {"Id": [0], "RegionName": [name]})
        home.box.emit("VideoMotion", "Stop", 0)
        wanted += [
            Value(":motion", value=True, details={"regions": [name]}),
            Value(":motion", value=False),
        ]
    home.box.emit("VideoBlind", "Start")
    home.box.emit("Heartbeat-like", "Start")
    await ear.until(END)
    assert ear.heard[: len(wanted)] == wanted
    assert device.counters.dropped == 0
    await ear.stop()


async def test_a_burst_of_two_thousand_events_is_heard_whole(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    ear = await listening(home, device)
    for number in range(1_000):
        home.box.emit("VideoMotion", "Start", 2, {"Id": [number], "RegionName": ["R"]})
        home.box.emit("VideoMotion", "Stop", 2)
    await ear.until(2_000)
    assert [update.value for update in ear.heard if isinstance(update, Value)] == [
        True,
        False,
    ] * 1_000
    await ear.stop()


@pytest.mark.parametrize(
    "damage",
    [
        b'Code=VideoMotion;action=Start;index=0;data={"Name": "cut in ha',
        b"Code=VideoMotion;action=Start;index=0;data=" + b'{"a":' * 10_000 + b"}" * 10_000,
        b"no event at all",
        b"Code=;action=;index=",
    ],
    ids=["half", "deep", "text", "empty"],
)
async def test_a_damaged_event_is_dropped_and_counted_and_the_stream_goes_on(
    house: Build, damage: bytes
) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    ear = await listening(home, device)
    home.box.emit("VideoMotion", "Start")
    home.box.send_raw(
        b"--myboundary\r\nContent-Type: text/plain\r\nContent-Length:%d\r\n\r\n%b\r\n\r\n"
        % (len(damage), damage)
    )
    home.box.emit("VideoMotion", "Stop")
    home.box.emit("VideoBlind", "Start")
    await ear.until(END)
    assert ear.heard == [Value(":motion", value=True), Value(":motion", value=False), END]
    assert device.counters.dropped == 1
    await ear.stop()


async def test_bad_utf_8_and_four_kilobytes_of_json_are_no_damage(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    ear = await listening(home, device)
    home.box.emit(
        "VideoMotion", "Start", 0, text=b'{"RegionName": ["\xff\xfe"], "X": "%b"}' % (b"y" * 4096)
    )
    home.box.emit("VideoBlind", "Start")
    await ear.until(END)
    assert ear.heard[0] == Value(":motion", value=True, details={"regions": ["\ufffd\ufffd"]})
    await ear.stop()


async def test_a_heartbeat_is_a_sign_of_life(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.beat_at_once = True
    async with asyncio.timeout(10), aclosing(device.listen("events")) as feed:
        assert await anext(feed) == ()


async def test_a_way_that_worked_before_is_alive_when_it_is_accepted(house: Build) -> None:
    """After a restart nobody waits for the first heartbeat: a bell would be dead so long."""
    home = await house("doorbell")
    home.box.faults.heartbeats = False
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    ear = await listening(home, device)
    home.box.emit("VideoBlind", "Start")
    await ear.until(END)
    assert ear.batches == 1, "a new way is alive with its first part alone"
    await ear.stop()
    await device.close()
    device, _ = await home.opened(memory=memory)
    ear = await listening(home, device)
    await ear.lives()
    assert ear.heard == []
    home.box.emit("VideoBlind", "Stop")
    await ear.until(Value(":tamper", value=False))
    await ear.stop()


async def test_what_the_device_never_spoke_of_comes_with_its_first_event_and_stays(
    house: Build,
) -> None:
    """Features may come from any stream, and are there after a restart."""
    home = await house("ipc")
    memory = ShortMemory()
    device, batch = await home.opened(memory=memory)
    assert ":line_crossed" not in topology_of(batch).features
    ear = await listening(home, device)
    home.box.emit("CrossLineDetection", "Start", 0, {"Name": "Gate"})
    home.box.emit("VideoBlind", "Start")
    await ear.until(END)
    assert isinstance(ear.heard[0], Topology)
    assert ear.heard[0].features[":line_crossed"].poll == "active"
    assert ear.heard[0].feeds == topology_of(batch).feeds, "a feed that changes is a feed cut"
    assert ear.heard[1] == Value(":line_crossed", value=True, details={"name": "Gate"})
    await ear.stop()
    await device.close()
    _, batch = await home.opened(memory=memory)
    assert ":line_crossed" in topology_of(batch).features


async def test_a_press_of_the_bell_is_one_ring_for_the_engine(house: Build) -> None:
    """Case 10."""
    home = await house("doorbell")
    runner = Runner(home.device(), home.lend(home.box.url))
    heard: list[Event] = []
    runner.events(heard.append)
    await runner.start()
    await home.box.wait_attached()
    home.box.press_doorbell()
    home.box.hang_up()
    await happens(runner, heard, "ended")
    assert [(event.feature, event.type) for event in heard] == [
        (":doorbell", "ring"),
        (":call", "ended"),
    ]
    await runner.stop()


# --- how it is asked for ------------------------------------------------------------------------


def attaches(box: AmcrestSimulator) -> list[tuple[int, int | None]]:
    """How many codes each subscription named (0 = All), and what it got."""
    found = []
    for each in box.wire:
        if "action=attach" in each.target and each.status != 401:
            assert each.target.endswith("&heartbeat=5")
            listed = each.target.partition("codes=[")[2].partition("]")[0].split(",")
            found.append((0 if listed == ["All"] else len(listed), each.status))
    return found


async def test_the_list_is_asked_first_so_that_a_mute_all_does_not_matter(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.mute_all = True
    device, _ = await home.opened()
    ear = await listening(home, device)
    home.box.emit("VideoBlind", "Start")
    await ear.until(END)
    assert attaches(home.box) == [(len(WANTED), 200)]
    await ear.stop()


@pytest.mark.parametrize("status", [400, 500])
async def test_a_list_too_long_becomes_all_and_that_is_remembered(
    house: Build, status: int
) -> None:
    home = await house("ipc")
    home.box.faults.max_codes = 9
    home.box.faults.max_codes_status = status
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    ear = await listening(home, device)
    home.box.emit("VideoBlind", "Start")
    await ear.until(END)
    await ear.stop()
    assert attaches(home.box) == [(len(WANTED), status), (0, 200)]
    await device.close()
    device, _ = await home.opened(memory=memory)
    ear = await listening(home, device)
    assert attaches(home.box) == [(0, 200)]
    await ear.stop()


async def test_a_way_that_worked_is_not_given_up_for_one_refusal(house: Build) -> None:
    """A box that is asked for too many subscriptions refuses any of them."""
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.beat_at_once = True
    ear = await listening(home, device)
    await ear.lives()
    await ear.stop()
    home.box.faults.max_streams = 0
    ear = Ear(device)
    await ear.ended()
    assert [count for count, _ in attaches(home.box)] == [len(WANTED)] * 2
    ear = Ear(device)
    await ear.ended()
    assert len(attaches(home.box)) > 3, "refused twice running, it looks for another way"


async def test_a_box_that_takes_no_subscription_is_told_so(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.max_streams = 0
    device, _ = await home.opened()
    ear = Ear(device)
    await ear.ended()
    assert isinstance(ear.error, CannotConnect)
    counts = [count for count, _ in attaches(home.box)]
    assert counts[:3] == [len(WANTED), 0, len(WANTED) // 2]
    assert counts[2:] == sorted(counts[2:], reverse=True)
    home.box.faults.max_streams = None
    ear = await listening(home, device)
    assert attaches(home.box)[-1] == (len(WANTED), 200), "it begins anew"
    await ear.stop()


# --- how it ends --------------------------------------------------------------------------------


@pytest.mark.parametrize("rst", [False, True])
async def test_the_end_of_the_stream_is_the_end_of_the_feed(house: Build, rst: bool) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    ear = await listening(home, device)
    home.box.cut_streams(rst=rst)
    await ear.ended()
    assert home.box.attached == 0
    ear = await listening(home, device)
    assert home.box.attached == 1, "it may be heard again"
    await ear.stop()
    await home.box.wait_detached()


async def test_after_a_cut_the_state_is_what_the_device_says(house: Build) -> None:
    """Cases 8 and 15: motion that ended meanwhile rests, motion that began meanwhile is on."""
    home = await house("nvr")
    runner = Runner(home.device(), home.lend(home.box.url), jitter=lambda: 0.0)
    await runner.start()
    runner.want(["camera.1:motion", "camera.2:motion", "camera.1:person"])
    await home.box.wait_attached()

    home.box.emit("VideoMotion", "Start", 0)
    home.box.emit("SmartMotionHuman", "Start", 0)
    await becomes(runner, "camera.1:motion", True)
    await becomes(runner, "camera.1:person", True)
    home.box.cut_streams(rst=True)
    home.box.emit("VideoMotion", "Stop", 0, silent=True)
    home.box.emit("SmartMotionHuman", "Stop", 0, silent=True)
    home.box.emit("VideoMotion", "Start", 1, silent=True)
    await home.box.wait_attached()
    home.box.emit("VideoMotion", "Stop", 7)
    await becomes(runner, "camera.1:motion", False)
    await becomes(runner, "camera.1:person", False)
    await becomes(runner, "camera.2:motion", True)
    ids = ("camera.1:motion", "camera.1:person", "camera.2:motion")
    assert [runner.state.value(id_) for id_ in ids] == [False, False, True]
    await runner.stop()


@pytest.mark.parametrize("personality", ["ipc", "nvr"])
async def test_where_the_feed_tells_of_whole_recordings_they_are_listed_seldom(
    house: Build, personality: str
) -> None:
    home = await house(personality)
    memory = ShortMemory()
    device, batch = await home.opened(memory=memory)
    part = "" if personality == "ipc" else "camera.3"
    told = f"{part}:new_recording"
    assert told not in topology_of(batch).features
    ear = await listening(home, device)
    for path, size in (("/mnt/sd/a.jpg", 5), ("/mnt/sd/a.dav", 0), ("/mnt/sd/b.dav", None)):
        home.box.emit("NewFile", "Pulse", 2 if part else 0, {"File": path, "Size": size})
    home.box.emit("VideoBlind", "Start", 0)
    await ear.until(Value(f"{'camera.1' if part else ''}:tamper", value=True))
    assert told not in device.box.topology.features
    home.box.emit("NewFile", "Pulse", 2 if part else 0, {"File": "/mnt/sd/c.dav", "Size": 77})
    await ear.until(Event(f"{part}:new_file", "video", None, {"file": "/mnt/sd/c.dav", "size": 77}))
    assert Hint((DISKS, f"recordings:{part}")) in ear.heard
    assert device.box.topology.features[told].push == "events"
    missed = Hint((f"recordings:{part}",))
    assert missed not in ear.heard
    await ear.stop()
    # Nobody tells what was recorded between two connections.
    ear = await listening(home, device)
    home.box.emit("VideoBlind", "Stop", 0)
    await ear.until(missed)
    await ear.stop()
    _, batch = await home.opened(memory=memory)
    assert topology_of(batch).features[told].push == "events"


async def test_a_recording_is_told_at_once_where_the_feed_tells_of_it(house: Build) -> None:
    home = await house("ipc")
    device = home.device()
    home.devices.remove(device)
    runner = Runner(device, home.lend(home.box.url), jitter=lambda: 0.0)
    heard: list[Event] = []
    runner.events(heard.append)
    await runner.start()
    try:
        runner.want({":new_recording", ":recordings_today", ":last_recording"})
        await home.box.wait_attached()
        # The first listing is the baseline.
        await until(
            lambda: runner.state.value(":recordings_today") is not None,
            lambda poke: runner.watch([":recordings_today"], poke),
        )
        home.box.device.store.add(0, seconds=10)
        await happens(runner, heard, "recorded")
        assert runner.state.topology.features[":new_recording"].push == "events"
        assert runner.state.pushed(":new_recording")
    finally:
        await runner.stop()
