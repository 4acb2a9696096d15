"""How the measuring counts; what it measures is judged by running it."""

from datetime import datetime
import json
from math import isnan
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from scripts.benchmark.__main__ import GROUPS, SUITES
from scripts.benchmark.events import match
from scripts.benchmark.rows import Row, percentile, table, write
from scripts.benchmark.sender import Tape
from scripts.benchmark.viewer import watch


def test_each_event_meets_the_state_that_it_made() -> None:
    sent = [(1.0, 0, True), (2.0, 1, True), (3.0, 0, False)]
    heard = [(1.5, 0, True), (2.25, 1, True), (4.0, 0, False)]
    assert sorted(match(sent, heard)) == [250.0, 500.0, 1000.0]


def test_what_was_lost_is_not_counted() -> None:
    sent = [(1.0, 0, True), (2.0, 0, False), (3.0, 0, True), (4.0, 0, False)]
    heard = [(3.5, 0, True), (4.5, 0, False)]
    assert len(match(sent, heard)) == 2
    assert match(sent, []) == []


def test_percentiles_are_of_the_nearest_rank() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(number) for number in range(1, 101)], 0.99) == 99.0
    assert isnan(percentile([], 0.5))


def test_a_target_is_a_floor_or_a_ceiling() -> None:
    assert Row("found", "events", 10, target=10).met
    assert not Row("found", "events", 9, target=10).met
    assert Row("delay", "ms", 9, target=10, most=True).met
    assert not Row("delay", "ms", 11, target=10, most=True).met
    assert Row("delay", "ms", 11).met


def test_rows_are_for_people_and_for_machines(tmp_path: Path) -> None:
    rows = [
        Row("LF: parsed", "events", 3, {"other": 0}, 4),
        Row("LF: p50", "ms", 0.25, {"other": None}),
    ]
    shown = table(rows)
    assert "!3 / 0" in shown
    assert "0.25 / - ms" in shown
    assert "MISSED LF: parsed: 3, wanted at least 4 events" in shown
    write(rows, tmp_path / "rows.json")
    first, second = json.loads((tmp_path / "rows.json").read_text())
    assert first == {
        "name": "LF: parsed",
        "unit": "events",
        "ours": 3,
        "peers": {"other": 0},
        "target": 4,
        "met": False,
    }
    assert second["peers"] == {"other": None}


def test_suites_that_go_together_are_there() -> None:
    assert {name for names in GROUPS.values() for name in names} <= SUITES.keys()
    assert not GROUPS.keys() & SUITES.keys()


def test_a_tape_gives_its_file_and_knows_when(tmp_path: Path) -> None:
    file = tmp_path / "long.dav"
    file.write_bytes(bytes(range(256)) * 4_000)
    tape = Tape(file)
    assert tape.first == 0
    pieces = list(tape.dav(datetime(2026, 5, 3), 600))  # noqa: DTZ001
    assert b"".join(pieces) == file.read_bytes()
    assert len(pieces) > 1
    assert tape.size(600) == file.stat().st_size
    assert tape.first > 0


@pytest.mark.parametrize("pace", [0, 1 << 30])
async def test_a_viewer_takes_all(socket_enabled: None, pace: int) -> None:
    async def film(request: web.Request) -> web.Response:
        return web.Response(body=bytes(3_000_000))

    app = web.Application()
    app.router.add_get("/film.mp4", film)
    async with TestServer(app) as server, ClientSession() as session:
        seen = await watch(session, str(server.make_url("/film.mp4")), pace, 60)
    assert seen.size == 3_000_000
    assert seen.begun < seen.first <= seen.ended
