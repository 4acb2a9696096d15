"""A film comes as its recording does: at once, a piece ahead, and never much at a time."""

import asyncio
from contextlib import aclosing
import threading
from typing import Any

import pytest

from custom_components.cctv.media import film as films
from custom_components.cctv.media.remux import remux
from tests.simulators.clips import dav_clip

from .tapes import Tape, film
from .viewing import view


async def test_what_has_come_goes_out_though_the_rest_waits() -> None:
    body = dav_clip(20.0)
    tape = Tape(body, stalls_at=len(body) * 3 // 4)
    async with aclosing(remux([tape.source()])) as pieces, asyncio.timeout(10):
        seen = [await anext(pieces)]
        while view(seen)[0].ends < 12:
            seen.append(await anext(pieces))
    assert tape.closed == 1


async def test_a_piece_is_made_while_the_one_before_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = threading.Event()
    more, calls = films.Film.more, []

    def counted(film: films.Film, *args: Any) -> bytes | None:
        calls.append(film)
        if len(calls) > 1:
            again.set()
        return more(film, *args)

    monkeypatch.setattr(films.Film, "more", counted)
    async with aclosing(remux([Tape(dav_clip(20.0)).source()])) as pieces:
        await anext(pieces)
        # Nobody has asked for another one yet.
        assert await asyncio.to_thread(again.wait, 10)


async def test_a_fast_source_makes_no_large_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "BATCH_BYTES", 64 << 10)
    tape = Tape(dav_clip(120.0, size=(640, 360), bits=500_000), chunk=65_536)
    pieces = await film(tape)
    assert max(map(len, pieces)) < 400 << 10
    assert len(b"".join(pieces)) > 4 << 20
