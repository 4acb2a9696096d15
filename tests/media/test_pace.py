"""Sound comes in real time, to who waits for it, and in bounded memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
import threading
import tracemalloc

import pytest

from custom_components.cctv.media import audio, bridge
from custom_components.cctv.media.audio import sound

from .hearing import all_of, pieces
from .samples import tone


class Stopwatch:
    """A clock that jumps: sleeping costs no time, and each sleep is written down."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


# --- when it comes out


async def test_frames_come_in_real_time(wav: Path) -> None:
    """Case 41: faster overruns the speaker, slower is a gap."""
    clock = Stopwatch()
    frames = sound(wav, codec="mulaw", rate=8_000, frame=160, clock=clock)
    times = [clock.now - 100 async for _ in frames]
    assert len(times) == 100
    assert times[:2] == [0, 0]
    for at, moment in enumerate(times[10:], 10):
        assert moment == pytest.approx(at * 0.02 - audio.LEAD_SECONDS)
    # And the end waits until the last frame was heard.
    assert clock.now - 100 == pytest.approx(2)


async def test_by_itself_it_goes_by_the_machine_s_time(tmp_path: Path) -> None:
    path = tone(tmp_path / "t.wav", "pcm_s16le", rate=8_000, seconds=0.3, layout="mono")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert len(await all_of(path, codec="mulaw", rate=8_000, frame=160, paced=True)) == 15
    assert loop.time() - begun >= 0.25


async def test_what_need_not_be_paced_is_not(wav: Path) -> None:
    clock = Stopwatch()
    frames = await all_of(wav, clock=clock)
    assert len(frames) == 100
    assert clock.sleeps == []


async def test_reaching_the_speaker_is_no_delay_to_make_up_for(wav: Path) -> None:
    clock = Stopwatch()
    times: list[float] = []
    async for _ in sound(wav, codec="mulaw", rate=8_000, frame=160, clock=clock):
        if not times:
            clock.now += 30
        times.append(clock.now - 130)
    assert times[20] == pytest.approx(0.3)


async def test_a_short_hold_up_is_made_up_for_and_a_long_one_is_not(wav: Path) -> None:
    for hold_up, end in ((0.5, 2.0), (10.0, 11.0)):
        clock = Stopwatch()
        count = 0
        async for _ in sound(wav, codec="mulaw", rate=8_000, frame=160, clock=clock):
            count += 1
            if count == 50:
                clock.now += hold_up
        assert clock.now - 100 == pytest.approx(end, abs=0.3)


# --- who leaves


async def test_who_leaves_stops_the_work(tmp_path: Path) -> None:
    body = tone(tmp_path / "tone.mp3", "libmp3lame", seconds=5).read_bytes()
    freed = asyncio.Event()

    async def radio() -> AsyncIterator[bytes]:
        try:
            while True:
                yield body
                await asyncio.sleep(0)
        finally:
            freed.set()

    async with aclosing(
        sound(radio(), codec="mulaw", rate=8_000, frame=160, paced=False)
    ) as frames:
        async for _ in frames:
            break
    assert freed.is_set()


async def test_who_leaves_while_nothing_comes_lets_the_thread_go() -> None:
    """The reader waits for a source that is silent for ever."""
    asked = asyncio.Event()

    async def silent() -> AsyncIterator[bytes]:
        yield b"RIFF"
        asked.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(all_of(silent()))
    await asked.wait()
    task.cancel()
    async with asyncio.timeout(20):
        with pytest.raises(asyncio.CancelledError):
            await task
    left = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    assert left == []


async def test_who_leaves_in_the_middle_of_a_silence_lets_the_thread_go(tmp_path: Path) -> None:
    path = tone(tmp_path / "long.wav", "pcm_s16le", rate=44_100, seconds=8)
    body = path.read_bytes()
    asked = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        asked.set()
        await asyncio.Event().wait()

    got: list[bytes] = []
    most = asyncio.Event()

    async def listen() -> None:
        async for one in sound(stuck(), codec="mulaw", rate=8_000, frame=160, paced=False):
            got.append(one)
            if len(got) == 175:
                most.set()

    task = asyncio.create_task(listen())
    await asked.wait()
    await most.wait()
    task.cancel()
    async with asyncio.timeout(20):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_memory_stays_flat(tmp_path: Path) -> None:
    """An hour of radio costs no more than a minute of it."""
    body = tone(tmp_path / "tone.mp3", "libmp3lame", seconds=10).read_bytes()

    async def radio() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield body

    tracemalloc.start()
    try:
        peak = 0
        count = 0
        async for _ in sound(radio(), codec="mulaw", rate=8_000, frame=800, paced=False):
            count += 1
            if count == 600:
                tracemalloc.reset_peak()
                peak = tracemalloc.get_traced_memory()[1]
        after = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count > 5_900
    assert len(body) * 60 > 4 * bridge.HELD_MOST_BYTES
    assert after < peak + 2 * bridge.HELD_MOST_BYTES


async def test_the_bridge_holds_no_more_than_it_may() -> None:
    inlet = bridge.Inlet()
    taken = 0

    async def fast() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield bytes(1 << 18)

    filling = asyncio.create_task(inlet.fill(fast()))
    for _ in range(50):
        await asyncio.sleep(0)
    assert taken == bridge.HELD_MOST_BYTES // (1 << 18) + 1
    read = 0
    while chunk := await asyncio.to_thread(inlet.read, 100_000):
        read += len(chunk)
    assert read == 100 << 18
    await filling


async def test_a_batch_is_waited_for_and_less_is_enough_where_no_more_comes() -> None:
    inlet = bridge.Inlet()
    gates = [asyncio.Event() for _ in range(2)]

    async def slow() -> AsyncIterator[bytes]:
        yield bytes(1_000)
        await gates[0].wait()
        yield bytes(bridge.BATCH_BYTES)
        await gates[1].wait()

    filling = asyncio.create_task(inlet.fill(slow()))
    async with asyncio.timeout(10):
        await inlet.filled()
        assert inlet.held == 1_000
        gates[0].set()
        await inlet.filled()
        assert inlet.held == 1_000 + bridge.BATCH_BYTES
        assert sum(map(len, await asyncio.to_thread(inlet.some))) == 1_000 + bridge.BATCH_BYTES
        assert inlet.held == 0
        waiting = asyncio.create_task(inlet.filled())
        await asyncio.sleep(0)
        assert not waiting.done()
        gates[1].set()
        await waiting
        assert await asyncio.to_thread(inlet.some) == []
        await filling


async def test_a_closed_bridge_lets_reader_and_source_go() -> None:
    inlet = bridge.Inlet()
    begun = threading.Event()

    def read() -> None:
        begun.set()
        with pytest.raises(bridge.Closed):
            inlet.read()

    reading = asyncio.get_running_loop().run_in_executor(None, read)
    await asyncio.to_thread(begun.wait)
    inlet.close()
    await reading
    await inlet.fill(pieces(bytes(4 << 20), 1 << 18))
