"""Exactly the bytes that were wanted, whatever a device makes of a range."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import pytest

from custom_components.cctv.devices.errors import Malformed
from custom_components.cctv.devices.model import Content, Ref
from custom_components.cctv.stored import Facts, StoredFile

FILE = bytes(range(256)) * 40
SIZE = len(FILE)

type Habit = Callable[[int, int | None], bytes]


def honest(start: int, end: int | None) -> bytes:
    """Give what is asked."""
    return FILE[start:end]


HABITS: dict[str, Habit] = {
    "honest": honest,
    "too much": lambda start, end: FILE[start:],
    "one too many": lambda start, end: FILE[start : None if end is None else end + 1],
    "in pieces": lambda start, end: FILE[start:end][:1000],
}


@dataclass
class Shop:
    """A device with one file, and habits of its own."""

    habit: Habit = honest
    ranged: bool = True
    step: int = 300
    open: int = 0
    asked: list[tuple[int, int | None]] = field(default_factory=list)

    async def fetch(self, ref: Ref, start: int, end: int | None) -> Content:
        """Give a range, or all where there are none."""
        self.asked.append((start, end))
        body = self.habit(start, end) if self.ranged else FILE
        return Content("video/mp4", self._sent(body), "mp4", SIZE, ranged=self.ranged)

    async def _sent(self, body: bytes) -> AsyncGenerator[bytes]:
        self.open += 1
        try:
            for at in range(0, len(body), self.step):
                yield body[at : at + self.step]
        finally:
            self.open -= 1


async def read(file: StoredFile, start: int = 0, end: int | None = None) -> bytes:
    """Return what comes."""
    return b"".join([chunk async for chunk in await file.open(start, end)])


RANGES = ((0, None), (0, 10), (5, 6), (299, 301), (300, None), (9_000, SIZE), (SIZE - 1, SIZE))


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("ranged", [True, False])
@pytest.mark.parametrize("known", [True, False])
async def test_every_range_is_exact(habit: str, ranged: bool, known: bool) -> None:
    shop = Shop(HABITS[habit], ranged=ranged)
    facts = Facts(SIZE, ranged, "video/mp4", "mp4") if known else None
    for start, end in RANGES:
        file = StoredFile(shop.fetch, "ref", facts)
        assert await read(file, start, end) == FILE[start:end], (start, end)
    assert shop.open == 0


async def test_the_first_answer_serves_the_first_reader() -> None:
    shop = Shop()
    file = StoredFile(shop.fetch, "ref")
    assert await file.look() == Facts(SIZE, True, "video/mp4", "mp4")
    assert await read(file) == FILE
    assert shop.asked == [(0, None)]
    assert await read(file, 10, 20) == FILE[10:20]
    assert shop.asked[1:] == [(10, 20)]


async def test_an_answer_that_nobody_wants_is_let_go() -> None:
    shop = Shop()
    file = StoredFile(shop.fetch, "ref")
    await file.look()
    await file.close()
    await file.close()
    assert shop.open == 0


async def test_who_stops_in_the_middle_leaves_nothing_open() -> None:
    shop = Shop()
    chunks = await StoredFile(shop.fetch, "ref").open()
    assert len(await anext(chunks)) == 300
    assert shop.open == 1
    await chunks.aclose()
    assert shop.open == 0


async def test_a_device_that_sends_nothing_more_is_not_asked_forever() -> None:
    shop = Shop(lambda start, end: FILE[start : min(5_000, end or SIZE)])
    with pytest.raises(Malformed):
        await read(StoredFile(shop.fetch, "ref"))
    assert len(shop.asked) == 2
    assert shop.open == 0


async def test_a_file_without_ranges_that_breaks_off_is_broken() -> None:
    shop = Shop(ranged=False)
    file = StoredFile(shop.fetch, "ref", Facts(SIZE + 5, False, "video/mp4", "mp4"))
    with pytest.raises(Malformed):
        await read(file)


async def test_what_knows_no_length_is_read_to_its_end() -> None:
    shop = Shop()
    file = StoredFile(shop.fetch, "ref", Facts(None, False, "video/mp4", "mp4"))
    assert await read(file) == FILE
