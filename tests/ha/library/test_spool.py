"""Files that are made while they are watched: shared, padded, bounded, gone with their owner."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from custom_components.cctv import spool as module
from custom_components.cctv.devices.errors import Gone
from custom_components.cctv.media.source import MediaError
from custom_components.cctv.spool import SLACK_BYTES, Begin, Plan, Spool, SpoolBusy, SpoolFull, Work
from tests.ha.house import eventually


@dataclass
class Press:
    """Something that makes files, piece by piece, and knows how often it was begun and ended."""

    pieces: tuple[bytes | Exception, ...] = (b"a" * 1000, b"b" * 1000)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    size: int | None = None
    most: int | None = None
    begun: int = 0
    ended: int = 0

    def begin(self) -> Begin:
        """Return how a file is begun."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[Plan]:
            self.begun += 1
            try:
                yield Plan(self._made(), self.size, self.most)
            finally:
                self.ended += 1

        return begin

    async def _made(self) -> AsyncGenerator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece
            await self.gate.wait()


@pytest.fixture
async def spool(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[Spool]:
    """Return an empty spool; at the end nothing may be left of it."""
    made = Spool(hass, tmp_path / "spool", most=10_000_000)
    yield made
    for owner in ("me", "you"):
        await made.forget(owner)
    assert made.works == 0
    assert list((tmp_path / "spool").glob("*")) == []


async def whole(work: Work, start: int = 0, end: int | None = None) -> bytes:
    """Return what is read of a file."""
    return b"".join([chunk async for chunk in work.read(start, end)])


async def test_many_viewers_share_one_work(spool: Spool) -> None:
    press = Press()

    async def watch() -> bytes:
        async with spool.view("a", "me", press.begin()) as work:
            await work.ready()
            press.gate.set()
            return await whole(work)

    bodies = await asyncio.gather(*(watch() for _ in range(20)))
    assert set(bodies) == {b"a" * 1000 + b"b" * 1000}
    assert (press.begun, press.ended) == (1, 1)


async def test_what_was_promised_is_filled_up_with_a_box_that_players_skip(spool: Spool) -> None:
    press = Press(most=2500)
    async with spool.view("a", "me", press.begin()) as work:
        await work.ready()
        size = work.size
        assert size == 2500 + 16 + SLACK_BYTES
        assert await whole(work, size - 8, size) == bytes(8)
        press.gate.set()
        body = await whole(work, 0, size)
    assert len(body) == size
    assert body[2000:2008] == (size - 2000).to_bytes(4) + b"free"
    assert set(body[2008:]) == {0}


async def test_a_box_of_many_gigabytes_says_its_length_in_long(spool: Spool) -> None:
    press = Press(pieces=(b"a" * 1000,), most=5 << 30)
    press.gate.set()
    spool.most = 6 << 30
    async with spool.view("a", "me", press.begin()) as work:
        await eventually(lambda: work.over)
        size = work.size
        assert size is not None
        head = await whole(work, 1000, 1016)
    assert head == (1).to_bytes(4) + b"free" + (size - 1000).to_bytes(8)


async def test_more_than_was_promised_is_never_sent(spool: Spool) -> None:
    for press in (Press(size=1500), Press(most=1500), Press(size=2500)):
        press.gate.set()
        async with spool.view("a", "me", press.begin()) as work:
            with pytest.raises(MediaError):
                await whole(work, 0, press.size or work.size)


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((Gone("x"),), Gone),
        ((MediaError("media_damaged", "x"),), MediaError),
        ((OSError("x"),), OSError),
        ((ZeroDivisionError("x"),), MediaError),
        ((), MediaError),
    ],
)
async def test_what_goes_wrong_reaches_every_viewer(
    spool: Spool, pieces: tuple[Exception, ...], error: type[Exception]
) -> None:
    press = Press(pieces=pieces)

    async def watch() -> None:
        async with spool.view("a", "me", press.begin()) as work:
            await work.ready()

    outcomes = await asyncio.gather(watch(), watch(), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [error, error]
    await eventually(lambda: spool.works == 0)
    again = Press()
    again.gate.set()
    async with spool.view("a", "me", again.begin()) as work:
        assert len(await whole(work)) == 2000


async def test_all_places_are_read_alike_from_memory_and_from_the_disk(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FRESH_BYTES", 5_000)
    monkeypatch.setattr(module, "CHUNK_BYTES", 700)
    body = bytes(number % 251 for number in range(40_000))
    press = Press(pieces=tuple(body[at : at + 1_999] for at in range(0, len(body), 1_999)))
    spans = [(start, end) for start in (0, 1, 1_999, 20_001, 38_000) for end in (39_000, 40_000)]
    async with spool.view("a", "me", press.begin()) as work:
        await work.ready()
        reading = [asyncio.create_task(whole(work, start, end)) for start, end in spans]
        await asyncio.sleep(0)
        press.gate.set()
        found = await asyncio.gather(*reading)
        assert found == [body[start:end] for start, end in spans]
        assert [await whole(work, start, end) for start, end in spans] == found


@pytest.mark.parametrize("written", [0, 2])
async def test_what_cannot_be_written_is_the_end_for_all(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """Who was right behind may have seen some of it already."""
    write, left = Work._write, written

    def full(work: Work, chunk: bytes) -> None:
        nonlocal left
        if not left:
            raise OSError(ENOSPC, "No space left on device")
        left -= 1
        write(work, chunk)

    monkeypatch.setattr(Work, "_write", full)
    press = Press(pieces=(b"a" * 1000,) * 5)
    async with spool.view("a", "me", press.begin()) as work:
        await work.ready()
        following = asyncio.create_task(whole(work))
        press.gate.set()
        async with asyncio.timeout(10):
            with pytest.raises(OSError, match="No space"):
                await following
            await eventually(lambda: work.over)
            with pytest.raises(OSError, match="No space"):
                await whole(work)
            assert await whole(work, 0, written * 1000) == b"a" * written * 1000


async def test_nothing_for_too_long_is_the_end(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALL_SECONDS", 0.05)
    async with spool.view("a", "me", Press().begin()) as work:
        with pytest.raises(MediaError) as raised:
            await whole(work)
    assert raised.value.key == "media_stalled"


async def test_the_oldest_makes_room(spool: Spool) -> None:
    press = Press(pieces=(b"a" * 4_000_000,))
    press.gate.set()
    for key in "abc":
        async with spool.view(key, "me", press.begin()) as work:
            await whole(work)
    assert spool.works == 2
    async with spool.view("a", "me", press.begin()) as work:
        await whole(work)
    assert press.begun == 4
    async with spool.view("c", "me", press.begin()) as work:
        await whole(work)
    assert press.begun == 4


async def test_what_is_watched_does_not_make_room(spool: Spool) -> None:
    press = Press(pieces=(b"a" * 6_000_000,))
    press.gate.set()
    async with spool.view("a", "me", press.begin()) as first:
        await whole(first)
        async with spool.view("b", "me", press.begin()) as second:
            with pytest.raises(SpoolFull):
                await second.ready()
        assert len(await whole(first)) == 6_000_000


async def test_a_full_disk_is_left_alone(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FREE_LEAST_BYTES", 1 << 60)
    monkeypatch.setattr(module, "LOOK_EVERY_BYTES", 1)
    async with spool.view("a", "me", Press().begin()) as work:
        with pytest.raises(SpoolFull):
            await work.ready()


async def test_so_many_are_made_at_once_and_no_more(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE_MOST", 1)
    press = Press()
    async with spool.view("a", "me", press.begin()):
        with pytest.raises(SpoolBusy):
            async with spool.view("b", "me", press.begin()):
                pass
        async with spool.view("a", "me", press.begin()) as work:
            await work.ready()


async def test_a_finished_file_goes_when_nobody_wants_it_for_long(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP_SECONDS", 0.01)
    press = Press()
    press.gate.set()
    async with spool.view("a", "me", press.begin()) as work:
        await whole(work)
    await eventually(lambda: spool.works == 0)


async def test_what_is_finished_in_the_grace_is_kept(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.05)
    press = Press()
    async with spool.view("a", "me", press.begin()) as work:
        await work.ready()
    press.gate.set()
    await eventually(lambda: work.over)
    await eventually(_later(work))
    assert spool.works == 1


def _later(work: Work) -> Callable[[], bool]:
    """Return what tells whether the grace is over."""
    first = work.leaving
    return lambda: work.leaving is not first


async def test_only_the_owners_files_go(spool: Spool) -> None:
    press = Press()
    press.gate.set()
    for key, owner in (("a", "me"), ("b", "you")):
        async with spool.view(key, owner, press.begin()) as work:
            await whole(work)
    await spool.forget("me")
    assert spool.works == 1


async def test_a_reader_of_a_forgotten_file_reads_nothing_else(spool: Spool) -> None:
    press = Press()
    press.gate.set()
    async with spool.view("a", "me", press.begin()) as work:
        await whole(work)
        await spool.forget("me")
        with pytest.raises(MediaError):
            await whole(work)


async def test_what_an_earlier_run_left_is_removed(hass: HomeAssistant, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "old").write_bytes(b"x")
    await Spool(hass, folder).clear()
    assert not folder.exists()
