"""Recordings of any kind become one MP4, while they are read."""

import asyncio
from contextlib import aclosing
import random
import threading

import pytest

from custom_components.cctv.media import demux, film as films, source as sources
from custom_components.cctv.media.remux import bound, remux
from custom_components.cctv.media.source import MediaError
from tests.simulators.clips import avi_clip, dav_clip, mp4_clip, raw_clip
from tests.simulators.dhav import PREAMBLE, STREAM_ID

from .tapes import Lost, Tape, film
from .viewing import boxes, fault, view

NAMES = {"h264": ("h264", "avc1"), "h265": ("hevc", "hvc1")}


def left() -> list[str]:
    """Tasks that somebody forgot."""
    here = asyncio.current_task()
    return [task.get_name() for task in asyncio.all_tasks() if task is not here]


# --- what comes out


@pytest.mark.parametrize("codec", ["h264", "h265"])
@pytest.mark.parametrize("audio", ["alaw", "mulaw", "pcm", "aac-adts", None])
async def test_a_dav_is_copied(codec: str, audio: str | None) -> None:
    tape = Tape(dav_clip(5.0, codec=codec, audio=audio))  # type: ignore[arg-type]
    picture, sound = view(await film(tape, length=5.0))
    assert (picture.codec, picture.tag) == NAMES[codec]
    assert picture.size == (320, 180)
    assert picture.decoded == 50
    assert picture.times == pytest.approx([number / 10 for number in range(50)], abs=0.001)
    assert picture.keys == pytest.approx([0, 1, 2, 3, 4], abs=0.001)
    assert picture.duration == pytest.approx(5)
    if audio is None:
        assert sound is None
        return
    assert sound is not None
    assert (sound.codec, sound.rate) == ("aac", 16_000 if audio == "aac-adts" else 8_000)
    assert sound.decoded / sound.rate == pytest.approx(5, abs=0.15)
    assert sound.times[0] == 0
    assert sound.ends == pytest.approx(4.9, abs=0.15)
    assert (tape.opened, tape.closed) == ([0], 1)
    assert left() == []


@pytest.mark.parametrize("index", [True, False])
async def test_an_avi_becomes_h264(index: bool) -> None:
    picture, sound = view(await film(Tape(avi_clip(5.0, index=index), "avi")))
    assert (picture.codec, picture.tag, picture.decoded) == ("h264", "avc1", 50)
    assert picture.ends == pytest.approx(4.9, abs=0.01)
    assert max(b - a for a, b in zip(picture.keys, [*picture.keys[1:], 5.0], strict=True)) <= 2.1
    assert sound is not None
    assert sound.decoded / sound.rate == pytest.approx(5, abs=0.15)


@pytest.mark.parametrize("late_moov", [True, False])
@pytest.mark.parametrize("ranged", [True, False])
async def test_an_mp4_is_copied_wherever_its_moov_is(late_moov: bool, ranged: bool) -> None:
    tape = Tape(mp4_clip(5.0, late_moov=late_moov), "mp4", ranged=ranged, chunk=1_000)
    picture, sound = view(await film(tape))
    assert (picture.codec, picture.decoded) == ("h264", 50)
    assert picture.times == pytest.approx([number / 10 for number in range(50)], abs=0.001)
    assert sound is not None
    assert sound.decoded / sound.rate == pytest.approx(5, abs=0.15)
    assert len(tape.opened) == tape.closed
    assert left() == []


async def test_a_long_mp4_is_read_by_ranges_not_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is kept is fetched, and the description at its end."""
    body = mp4_clip(30.0, size=(640, 360))
    tape = Tape(body, "mp4", ranged=True, chunk=1_000)
    monkeypatch.setattr("custom_components.cctv.media.bridge.HELD_MOST_BYTES", 4_096)
    picture, _ = view(await film(tape.source(keep=(0.0, 5.0))))
    assert picture.decoded == 50
    assert tape.given < len(body) / 2
    assert tape.closed == len(tape.opened)


async def test_a_late_moov_without_ranges_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demux, "SPOOL_MOST_BYTES", 10_000)
    with pytest.raises(MediaError) as caught:
        await film(Tape(mp4_clip(5.0), "mp4"))
    assert caught.value.key == "media_unsupported"


@pytest.mark.parametrize("codec", ["h264", "h265"])
async def test_a_bare_stream_gets_times(codec: str) -> None:
    body = raw_clip(4.0, codec)
    picture, sound = view(await film(Tape(body, codec)))
    assert (picture.codec, picture.tag) == NAMES[codec]
    assert picture.times == pytest.approx([number / 10 for number in range(40)], abs=0.001)
    assert sound is None


async def test_h265_becomes_h264_where_it_is_asked() -> None:
    tape = Tape(dav_clip(4.0, codec="h265"))
    picture, sound = view(await film(tape, hevc=False))
    assert (picture.codec, picture.tag, picture.decoded) == ("h264", "avc1", 40)
    assert picture.times == pytest.approx([number / 10 for number in range(40)], abs=0.001)
    assert sound is not None


@pytest.mark.parametrize(
    "style",
    [
        fault(split=400),
        fault(extension="keys"),
        fault(counter="zero"),
        fault(counter="second"),
        fault(preamble=PREAMBLE, garbage=b"DHAV\xfd\0"),
        fault(preamble=STREAM_ID),
    ],
)
async def test_a_dav_may_be_odd(style: object) -> None:
    body = dav_clip(5.0, style=style)  # type: ignore[arg-type]
    picture, sound = view(await film(Tape(body)))
    assert picture.decoded == 50
    assert sound is not None
    assert sound.decoded / sound.rate == pytest.approx(5, abs=0.15)


async def test_a_file_is_what_it_contains() -> None:
    for body in (mp4_clip(3.0), dav_clip(3.0), avi_clip(3.0)):
        assert view(await film(Tape(body, "dav")))[0].decoded == 30
        assert view(await film(Tape(body, "mp4")))[0].decoded == 30


# --- as a stream


async def test_its_boxes_are_those_of_fragments_and_tell_the_length() -> None:
    pieces = await film(Tape(dav_clip(6.0)), length=6.0)
    kinds = [kind for kind, _ in boxes(b"".join(pieces))]
    assert kinds[:2] == ["ftyp", "moov"]
    assert kinds[2:] == ["moof", "mdat"] * (len(kinds) // 2 - 1)
    assert boxes(pieces[0])[0][0] == "ftyp"
    assert b"mehd" in pieces[0]
    assert b"mehd" not in (await film(Tape(dav_clip(6.0))))[0]
    assert sum(kind == "moof" for kind in kinds) <= 8


async def test_the_first_piece_comes_with_the_first_pictures() -> None:
    tape = Tape(dav_clip(60.0), chunk=512, stalls_at=8_192)
    async with aclosing(remux([tape.source()])) as pieces:
        first = await anext(pieces)
    picture, _ = view(first)
    assert picture.times == [0.0]
    assert tape.given <= 8_192


async def test_a_long_recording_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes nothing more keeps the source waiting."""
    monkeypatch.setattr("custom_components.cctv.media.bridge.HELD_MOST_BYTES", 32 << 10)
    tape = Tape(dav_clip(300.0, size=(640, 360), bits=500_000))
    async with aclosing(remux([tape.source()])) as pieces:
        await anext(pieces)
        for _ in range(50):
            await asyncio.sleep(0)
        assert tape.given < len(tape.body) / 20
    assert tape.closed == 1


# --- joined and cut


async def test_recordings_are_joined_on_one_time_line() -> None:
    row = [Tape(dav_clip(3.0)), Tape(mp4_clip(2.0), "mp4"), Tape(dav_clip(2.0, audio="mulaw"))]
    picture, sound = view(await film(*row, length=7.0))
    assert picture.decoded == 70
    assert picture.times == pytest.approx([number / 10 for number in range(70)], abs=0.001)
    assert sound is not None
    assert sound.decoded / sound.rate == pytest.approx(7, abs=0.4)
    assert sound.times == sorted(sound.times)
    assert [tape.closed for tape in row] == [1, 1, 1]


async def test_one_is_opened_after_the_other() -> None:
    first, second = Tape(dav_clip(3.0)), Tape(dav_clip(3.0))
    async with aclosing(remux([first.source(), second.source()])) as pieces:
        await anext(pieces)
        assert (first.opened, second.opened) == ([0], [])
    assert first.closed == 1


@pytest.mark.parametrize(
    "second",
    [
        ("dav", dav_clip(2.0, size=(640, 360))),
        ("dav", dav_clip(2.0, codec="h265")),
        ("avi", avi_clip(2.0, size=(160, 90))),
    ],
)
async def test_pictures_that_differ_are_made_alike(second: tuple[str, bytes]) -> None:
    row = (Tape(dav_clip(3.0)), Tape(second[1], second[0]), Tape(dav_clip(1.0)))
    picture, _ = view(await film(*row))
    assert (picture.codec, picture.size, picture.decoded) == ("h264", (320, 180), 60)
    assert picture.times == pytest.approx([number / 10 for number in range(60)], abs=0.001)


async def test_pictures_that_cannot_follow_end_it_with_a_reason() -> None:
    first = Tape(dav_clip(3.0, codec="h265"))
    pieces: list[bytes] = []
    with pytest.raises(MediaError) as caught:
        await film(first, Tape(dav_clip(3.0)), into=pieces)
    assert caught.value.key == "media_mixed"
    assert view(pieces)[0].decoded == 30


async def test_an_empty_one_among_others_is_left_out() -> None:
    row = [Tape(b""), Tape(dav_clip(2.0)), Tape(b"junk" * 99), Tape(dav_clip(2.0))]
    assert view(await film(*row))[0].decoded == 40


@pytest.mark.parametrize(
    ("keep", "begin", "end"),
    [((0.0, 4.0), 0, 4), ((3.4, 7.2), 3, 7.2), ((3.0, 99.0), 3, 10), ((9.5, 12.0), 9, 10)],
)
async def test_a_part_is_kept_from_a_key_picture_on(
    keep: tuple[float, float], begin: float, end: float
) -> None:
    for tape in (Tape(dav_clip(10.0)), Tape(mp4_clip(10.0), "mp4")):
        picture, sound = view(await film(tape.source(keep)))
        assert picture.decoded == round((end - begin) * 10)
        assert picture.times[0] == 0
        assert sound is not None
        assert sound.decoded / sound.rate == pytest.approx(end - begin, abs=0.3)
        assert sound.times[0] == pytest.approx(0, abs=0.15)


async def test_nothing_is_read_behind_what_is_kept() -> None:
    tape = Tape(dav_clip(60.0, size=(640, 360)), chunk=1_024)
    view(await film(tape.source((0.0, 2.0))))
    assert tape.given < len(tape.body) / 5 + (2 << 20)
    assert tape.closed == 1


async def test_keeping_nothing_is_an_error() -> None:
    for keep in ((20.0, 30.0), (5.0, 5.0), (7.0, 3.0)):
        with pytest.raises(MediaError):
            await film(Tape(dav_clip(10.0)).source(keep))


# --- how large


@pytest.mark.parametrize("seed", range(12))
async def test_it_is_never_larger_than_promised(seed: int) -> None:
    chance = random.Random(seed)
    row = []
    for _ in range(chance.randint(1, 3)):
        seconds = chance.choice((0.5, 2.0, 13.0))
        style = fault(
            split=chance.choice((None, 300)), extension=chance.choice(("full", "keys", "none"))
        )
        if chance.random() < 0.7:
            body = dav_clip(
                seconds,
                codec="h264",
                audio=chance.choice(("alaw", "pcm", "aac-adts", None)),
                size=chance.choice(((320, 180), (64, 48), (640, 360))),
                fps=chance.choice((2, 10, 25)),
                style=style,
            )
            row.append(Tape(body))
        else:
            body = mp4_clip(seconds, audio=chance.random() < 0.5, fps=chance.choice((5, 25)))
            row.append(Tape(body, "mp4"))
    most = bound([tape.source() for tape in row])
    assert most is not None
    pieces = await film(*row)
    assert sum(map(len, pieces)) <= most
    assert view(pieces)[0].decoded > 0


async def test_a_very_small_picture_for_hours_fits_what_is_promised() -> None:
    """Where fragments weigh more than pictures, they become fewer, and nothing is lost."""
    tape = Tape(dav_clip(1_500.0, size=(64, 48), fps=2, audio=None), chunk=1 << 16)
    most = bound([tape.source()])
    pieces = await film(tape)
    assert most is not None
    assert sum(map(len, pieces)) <= most
    assert view(pieces)[0].decoded == 3_000


async def test_a_promise_is_kept_even_where_the_end_must_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(films, "SPARE_BYTES", 0)
    monkeypatch.setattr(films, "most", lambda size, times=1: size // 2)
    monkeypatch.setattr("custom_components.cctv.media.remux.most", lambda size, times=1: size // 2)
    tape = Tape(dav_clip(30.0, audio=None))
    pieces = await film(tape)
    assert sum(map(len, pieces)) <= len(tape.body) // 2
    assert 0 < view(pieces)[0].decoded < 300
    assert tape.closed == 1


async def test_pictures_coded_anew_are_left_out_where_they_would_break_a_promise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of the recording is there all the same, with fewer pictures."""
    monkeypatch.setattr("custom_components.cctv.media.remux._HEVC_TIMES", 1)
    tape = Tape(dav_clip(60.0, codec="h265", audio=None, bits=60_000))
    most = bound([tape.source()], hevc=False)
    pieces = await film(tape, hevc=False)
    assert most is not None
    assert sum(map(len, pieces)) <= most
    picture = view(pieces)[0]
    assert picture.ends == pytest.approx(60, abs=5)
    assert 20 < picture.decoded < 590


async def test_what_is_coded_anew_is_promised_too() -> None:
    old, new = Tape(dav_clip(2.0)), Tape(dav_clip(2.0, codec="h265"))
    avi = Tape(avi_clip(2.0), "avi")
    for tapes, hevc in (([new], False), ([avi], True), ([old, avi], True), ([old, new], False)):
        most = bound([tape.source() for tape in tapes], hevc=hevc)
        assert most is not None
        pieces = await film(*tapes, hevc=hevc)
        assert sum(map(len, pieces)) <= most


def test_what_is_not_known_is_not_promised() -> None:
    dav = Tape(dav_clip(2.0))
    unknown = Tape(dav.body, sized=False)
    assert bound([unknown.source()]) is None
    assert bound([dav.source(), unknown.source()]) is None
    assert bound([dav.source()] * 2) == films.most(2 * len(dav.body))


# --- when it goes wrong


@pytest.mark.parametrize("container", ["dav", "mp4", "avi", "h264", "h265"])
@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "media_empty"),
        (b"\0" * 300_000, "media_damaged"),
        (b"<html>Not found</html>", "media_damaged"),
        (dav_clip(3.0)[:200], "media_damaged"),
        (b"DHAV" * 20_000, "media_damaged"),
        (dav_clip(3.0, audio="alaw")[-2_000:], "media_damaged"),
    ],
)
async def test_nothing_comes_of_junk(container: str, body: bytes, key: str) -> None:
    tape = Tape(body, container)
    with pytest.raises(MediaError) as caught:
        await film(tape)
    assert caught.value.key == key
    assert tape.closed == 1
    assert left() == []


async def test_an_unknown_kind_is_not_tried() -> None:
    with pytest.raises(MediaError) as caught:
        await film(Tape(b"#EXTM3U\nhttp://127.0.0.1/\n", "m3u8"))
    assert caught.value.key == "media_unsupported"


async def test_junk_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demux, "JUNK_MOST_BYTES", 100_000)
    tape = Tape(b"\0" * 10_000_000)
    with pytest.raises(MediaError) as caught:
        await film(tape)
    assert caught.value.key == "media_damaged"
    assert tape.given < 9_000_000


@pytest.mark.parametrize("container", ["dav", "avi", "mp4"])
async def test_what_breaks_off_is_played_so_far(container: str) -> None:
    body = {
        "dav": dav_clip(10.0),
        "avi": avi_clip(10.0),
        "mp4": mp4_clip(10.0, late_moov=False),
    }[container]
    picture, _ = view(await film(Tape(body[: len(body) * 6 // 10], container)))
    assert 50 <= picture.decoded <= 65


async def test_a_broken_connection_is_raised_after_what_came() -> None:
    body = dav_clip(10.0)
    tape = Tape(body, breaks_at=len(body) // 2)
    pieces: list[bytes] = []
    with pytest.raises(Lost):
        await film(tape, into=pieces)
    assert 45 <= view(pieces)[0].decoded <= 55
    assert tape.closed == 1


@pytest.mark.parametrize("at", [0, 20_000])
async def test_a_source_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(sources, "STALL_SECONDS", 0.2)
    tape = Tape(dav_clip(10.0), stalls_at=at)
    with pytest.raises(MediaError) as caught:
        await film(tape)
    assert caught.value.key == "media_stalled"
    assert tape.closed == 1
    assert left() == []


@pytest.mark.parametrize("container", ["dav", "avi", "mp4"])
@pytest.mark.parametrize("ranged", [True, False])
async def test_who_leaves_while_it_stalls_is_let_go(container: str, ranged: bool) -> None:
    body = {"dav": dav_clip(20.0), "avi": avi_clip(10.0), "mp4": mp4_clip(20.0)}[container]
    tape = Tape(body, container, stalls_at=3 * len(body) // 4, ranged=ranged)

    async def watch() -> None:
        async for _ in remux([tape.source()]):
            pass

    watching = asyncio.create_task(watch())
    async with asyncio.timeout(10):
        await tape.stalled.wait()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert watching.cancelled()
    assert tape.closed == len(tape.opened)
    assert left() == []


async def test_who_leaves_early_stops_the_work() -> None:
    tape = Tape(dav_clip(300.0, size=(640, 360), bits=500_000), chunk=65_536)
    async with aclosing(remux([tape.source()])) as pieces:
        await anext(pieces)
    assert tape.closed == 1
    assert tape.given < len(tape.body)
    assert left() == []
    assert not [one for one in threading.enumerate() if "recording" in one.name]


async def test_bytes_that_were_tampered_with_end_in_a_film_or_a_reason() -> None:
    chance = random.Random(7)
    clips = [
        ("dav", dav_clip(2.0)),
        ("dav", dav_clip(2.0, codec="h265", audio="aac-adts")),
        ("mp4", mp4_clip(2.0)),
        ("avi", avi_clip(2.0, size=(96, 64))),
        ("h264", raw_clip(2.0)),
    ]
    ends = {"film": 0, "reason": 0}
    for number in range(120):
        container, body = clips[number % len(clips)]
        bad = bytearray(body)
        for _ in range(chance.randint(1, 30)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        tape = Tape(bytes(bad), container)
        try:
            pieces = await film(tape)
        except MediaError:
            ends["reason"] += 1
        else:
            ends["film"] += 1
            boxes(b"".join(pieces))
        assert tape.closed == 1
    assert left() == []
    assert min(ends.values()) > 0
