"""`.dav` files are read as they come: every frame, at its time, whatever is between them."""

from datetime import datetime, timedelta
import random

import pytest

from custom_components.cctv.media.dhav import LONGEST, Reader
from custom_components.cctv.media.units import Pictures, Sounds, Unit
from tests.simulators.clips import START, dav_clip, pictures, sounds
from tests.simulators.dhav import (
    PREAMBLE,
    SOUND_IDS,
    STREAM_ID,
    Auxiliary,
    Counter,
    Item,
    Picture,
    Sound,
    Style,
    dav,
    on_channel,
)

KEY = b"\0\0\0\1\x67\x42\0\x1f\0\0\0\1\x68\xce\0\0\0\1\x65" + bytes(range(1, 120))
INTER = b"\0\0\0\1\x41" + bytes(range(1, 60))


def some(seconds: float = 3.0, fps: int = 10, audio: bool = True) -> list[Item]:
    """A made-up recording, a key picture every second; every payload tells its number."""
    items: list[Item] = []
    for number in range(round(seconds * fps)):
        key = number % fps == 0
        body = (KEY if key else INTER) + b"%06d" % number
        items.append(Picture(number / fps, body, key))
        if audio:
            items.append(Sound(number / fps, b"\xd5" * 40 + b"%06d" % number))
    return items


def read(body: bytes, chunk: int = 1 << 16) -> list[Unit]:
    reader = Reader()
    found = [
        unit for at in range(0, len(body), chunk) for unit in reader.feed(body[at : at + chunk])
    ]
    return found + reader.end()


def seen(units: list[Unit]) -> list[Unit]:
    return [one for one in units if isinstance(one.form, Pictures)]


def heard(units: list[Unit]) -> list[Unit]:
    return [one for one in units if isinstance(one.form, Sounds)]


def clock(units: list[Unit]) -> list[int]:
    return [one.time // 1_000 for one in units]


@pytest.mark.parametrize("codec", ["h264", "h265"])
@pytest.mark.parametrize("audio", ["alaw", "mulaw", "pcm", "aac-adts"])
def test_all_that_was_written_is_read(codec: str, audio: str) -> None:
    made = list(pictures(3.0, codec))  # type: ignore[arg-type]
    tune = list(sounds(3.0, audio))  # type: ignore[arg-type]
    units = read(dav_clip(3.0, codec=codec, audio=audio))  # type: ignore[arg-type]
    assert [one.data for one in seen(units)] == [one.data for one in made]
    assert [one.key for one in seen(units)] == [one.key for one in made]
    assert [one.data for one in heard(units)] == [one.data for one in tune]
    name = {"h264": "h264", "h265": "hevc"}[codec]
    assert {one.form for one in seen(units)} == {Pictures(name, 10.0, (320, 180))}
    kinds = {"alaw": "pcm_alaw", "mulaw": "pcm_mulaw", "pcm": "pcm_s16le", "aac-adts": "aac"}
    rate = 16_000 if audio == "aac-adts" else 8_000
    assert {one.form for one in heard(units)} == {Sounds(kinds[audio], rate, 1)}
    assert clock(seen(units)) == [number * 100 for number in range(30)]


def test_it_reads_the_same_at_every_split() -> None:
    body = STREAM_ID + dav(some(0.6, fps=5), START, Style(split=50, garbage=b"DHAV\xfd junk"))
    whole = read(body)
    assert len(seen(whole)) == 3
    for at in range(len(body)):
        reader = Reader()
        assert reader.feed(body[:at]) + reader.feed(body[at:]) + reader.end() == whole, at
    assert read(body, 1) == whole
    reader = Reader()
    pieces = [body[at : at + 97] for at in range(0, len(body), 97)]
    assert reader.feed(*pieces) + reader.end() == whole


def test_no_bytes_whatever_upset_it() -> None:
    body = bytearray(dav(some(0.6, fps=5), START, Style(split=60)))
    chance = random.Random(4)
    whole = 0
    for _ in range(10_000):
        bad = bytearray(body)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(bad))
            match chance.randrange(3):
                case 0:
                    bad[at] = chance.randrange(256)
                case 1:
                    del bad[at : at + chance.randint(1, 40)]
                case _:
                    bad[at:at] = chance.randbytes(chance.randint(1, 40))
        units = read(bytes(bad), 700)
        assert units == read(bytes(bad))
        assert sum(len(one.data) for one in units) <= len(bad)
        whole += len(units) >= 4
    assert whole > 5_000


def test_a_bad_frame_costs_no_other() -> None:
    items = some(2.0, audio=False)
    for style in (Style(wrong_checksum=frozenset({3, 7})), Style(wrong_trailer=frozenset({3, 7}))):
        units = read(dav(items, START, style))
        numbers = [int(one.data[-6:]) for one in units]
        assert numbers == [number for number in range(20) if number not in (3, 7)]
        assert clock(units) == [number * 100 for number in numbers]


@pytest.mark.parametrize("front", [b"", STREAM_ID, PREAMBLE, b"DHAV" * 9, b"\0" * 5_000])
@pytest.mark.parametrize("between", [b"", b"\r\n", b"DHAV", b"dhav" * 20])
def test_what_is_between_frames_is_passed_over(front: bytes, between: bytes) -> None:
    items = some(1.0)
    clean = read(dav(items, START))
    assert read(front + dav(items, START, Style(garbage=between)), 333) == clean


def test_a_frame_that_breaks_off_is_lost_alone() -> None:
    body = dav(some(1.0, audio=False), START)
    assert len(read(body[:-1])) == 9
    assert len(read(body[: len(body) // 2])) in (4, 5)
    assert read(body[:31]) == []
    assert read(b"") == []


def test_a_length_that_lies_hides_nothing_behind_it() -> None:
    """The header adds up, but claims megabytes that are not there."""
    body = dav(some(1.0, audio=False), START)
    head = bytearray(body[:24])
    head[12:16] = (LONGEST - 1).to_bytes(4, "little")
    head[23] = sum(head[:23]) % 256
    assert len(read(bytes(head) + body)) == 10


@pytest.mark.parametrize("split", [30, 64, 137])
def test_key_frames_in_pieces_are_joined(split: int) -> None:
    items = some(3.0)
    assert seen(read(dav(items, START, Style(split=split)))) == seen(read(dav(items, START)))


def test_the_rest_of_a_key_frame_without_its_beginning_is_no_picture() -> None:
    items = some(2.0, audio=False)
    units = read(dav(items, START, Style(split=60, wrong_checksum=frozenset({0}))))
    assert [int(one.data[-6:]) for one in units if one.key] == [10]


def test_only_one_channel_is_read() -> None:
    one, other = some(2.0), on_channel(some(2.0), 3)
    assert read(dav([*one, *other], START)) == read(dav(one, START))
    assert len(seen(read(dav([*other, *one], START)))) == 20
    units = Reader(channel=3).feed(dav([*one, *other], START))
    assert len(seen(units)) == 19


def test_a_microphone_of_another_channel_is_heard_with_the_only_pictures() -> None:
    items = [one for one in some(1.0) if isinstance(one, Picture)]
    tune = on_channel([one for one in some(1.0) if isinstance(one, Sound)], 5)
    assert len(heard(read(dav([*items, *tune], START)))) == 10


def test_auxiliary_frames_are_skipped() -> None:
    items = [*some(1.0), *(Auxiliary(number / 7) for number in range(7))]
    assert read(dav(items, START)) == read(dav(some(1.0), START))


@pytest.mark.parametrize("extension", ["keys", "none", "unknown"])
def test_pictures_are_known_without_being_told(extension: str) -> None:
    style = Style(extension=extension)  # type: ignore[arg-type]
    units = seen(read(dav(some(2.0, audio=False), START, style)))
    assert len(units) == 20
    assert {one.form.codec for one in units} == {"h264"}


def test_every_sound_that_the_sheet_names_is_known() -> None:
    for name in SOUND_IDS:
        units = heard(read(dav(some(1.0), START, Style(audio=name, rate=16_000, channels=2))))
        assert len(units) == 10
        assert {(one.form.rate, one.form.channels) for one in units} == {(16_000, 2)}  # type: ignore[union-attr]


# --- times


@pytest.mark.parametrize("counter", ["running", "second"])
@pytest.mark.parametrize("start", [START, START + timedelta(milliseconds=730)])
def test_times_are_right_however_milliseconds_are_counted(
    counter: Counter, start: datetime
) -> None:
    units = seen(read(dav(some(80.0), start, Style(counter=counter))))
    assert clock(units) == [number * 100 for number in range(800)]


@pytest.mark.parametrize("start", [START, START + timedelta(milliseconds=730)])
def test_times_follow_date_and_rate_when_nothing_counts(start: datetime) -> None:
    times = clock(seen(read(dav(some(80.0), start, Style(counter="zero", fps=10)))))
    assert times == sorted(times)
    assert all(abs(one - number * 100) < 1_000 for number, one in enumerate(times))


@pytest.mark.parametrize("counter", ["running", "second", "zero"])
@pytest.mark.parametrize("gap", [5, 40, 66, 3_600])
def test_gaps_are_kept(counter: Counter, gap: int) -> None:
    first = some(3.0, audio=False)
    later = [
        Picture(one.time + gap, one.data, one.key) for one in first if isinstance(one, Picture)
    ]
    times = clock(read(dav([*first, *later], START, Style(counter=counter))))
    assert times == sorted(times)
    assert times[30] == pytest.approx(gap * 1_000, abs=1_000)
    assert times[-1] == pytest.approx(gap * 1_000 + 2_900, abs=1_000)


def test_a_clock_set_back_turns_no_time_back() -> None:
    body = dav(some(3.0), START) + dav(some(3.0), START - timedelta(hours=1))
    times = clock(seen(read(body)))
    assert len(times) == 60
    assert times == sorted(times)
    assert times[-1] < 10_000


def test_a_date_that_cannot_be_is_passed_over() -> None:
    body = bytearray(dav(some(1.0, audio=False), START))
    body[16:20] = b"\0\0\0\0"
    body[23] = sum(body[:23]) % 256
    times = clock(read(bytes(body)))
    assert times == [number * 100 for number in range(10)]
