"""Units of pictures, AAC headers and MP4 boxes, at their edges."""

from collections.abc import Sequence
import random
import re

import pytest

from custom_components.cctv.media import adts, nal
from custom_components.cctv.media.mp4 import Run, Track, child, fragment, full, head
from tests.simulators.clips import pictures, sounds

from .viewing import boxes


@pytest.mark.parametrize("start", [b"\0\0\1", b"\0\0\0\1", b"\0\0\0\0\0\1"])
def test_units_are_cut_at_start_codes_of_any_length(start: bytes) -> None:
    units = [b"\x67\x42\0\1\x80", b"\x68\xce", b"\x65\0\0\3\1" + b"\x80" * 40]
    data = start + start.join(units)
    assert nal.units(data) == units
    assert nal.units(data + b"\0\0\0") == units
    assert b"".join(map(bytes, nal.lengths(units)))[:9] == b"\0\0\0\5\x67\x42\0\1\x80"
    assert nal.units(nal.start_codes(units)) == units
    assert nal.units(b"") == nal.units(b"\0\0") == nal.units(b"\1\2\3") == []
    assert nal.units(b"\0\0\1") == nal.units(b"\0\0\1\0\0\1\0") == []


@pytest.mark.parametrize(("codec", "name"), [("h264", "h264"), ("h265", "hevc")])
def test_real_pictures_are_sorted_and_known(codec: str, name: str) -> None:
    for one in pictures(2.0, codec):  # type: ignore[arg-type]
        sets, rest = nal.sort(name, nal.units(one.data))
        assert nal.complete(name, sets) == one.key
        assert len(rest) >= 1
        if one.key:
            assert nal.guess(one.data) == name
    assert nal.guess(b"\xff\xd8\xff\xe0") == "mjpeg"
    assert nal.guess(b"") is None
    assert nal.guess(b"\0\0\1") is None
    assert nal.guess(b"\xd5" * 100) is None


def test_units_of_any_bytes_are_a_part_of_them() -> None:
    chance = random.Random(5)
    seed = next(pictures(1.0)).data[:400]
    for _ in range(10_000):
        data = bytearray(seed[: chance.randrange(len(seed))])
        for _ in range(chance.randint(0, 6)):
            at = chance.randrange(len(data) + 1)
            data[at:at] = chance.choice((b"\0\0\1", b"\0", b"\0\0\0\1", b"\xff"))
        found = nal.units(bytes(data))
        nal.guess(bytes(data))
        for codec in ("h264", "hevc"):
            sets, rest = nal.sort(codec, found)
            nal.complete(codec, sets)
            assert len(sets) + len(rest) <= len(found)
        assert all(found)
        # A length takes the place of a start code, and is at most a byte longer.
        size = sum(map(len, nal.lengths(found)))
        assert size <= len(data) + len(found)


def test_adts_headers_are_read_at_every_cut() -> None:
    tune = [one.data for one in sounds(0.5, "aac-adts")]
    whole = adts.frames(b"".join(tune))
    assert [one.data for one in whole] == [one[7:] for one in tune]
    assert {(one.rate, one.channels) for one in whole} == {(16_000, 1)}
    assert {one.config for one in whole} == {adts.config(16_000, 1)}
    body = tune[0] + tune[1]
    for at in range(len(body)):
        count = (at >= len(tune[0])) + (at >= len(body))
        assert len(adts.frames(body[:at])) == count
    # Nothing is known of what begins in the middle, unless it happens to look like a header.
    assert adts.frames(body[1:]) == []


def test_no_bytes_upset_the_reader_of_adts_headers() -> None:
    chance = random.Random(6)
    seed = b"".join(one.data for one in sounds(0.3, "aac-adts"))[:300]
    for _ in range(10_000):
        bad = bytearray(seed)
        for _ in range(chance.randint(1, 5)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        found = adts.frames(bytes(bad))
        assert sum(len(one.data) + adts.HEADER_BYTES for one in found) <= len(bad)


def test_children_are_found_and_any_bytes_searched() -> None:
    body = head([Track(1, 90_000, full(b"stsd", 0, 0, b"here"), (320, 180))], 12.5)
    path = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    assert child(body, *path) == full(b"stsd", 0, 0, b"here")
    assert child(body, b"moov", b"mdat") is None
    chance = random.Random(8)
    for _ in range(10_000):
        bad = bytearray(body)
        for _ in range(chance.randint(1, 5)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        found = child(bytes(bad), *path)
        assert found is None or len(found) <= len(bad)
    for at in range(len(body)):
        child(body[:at], *path)


type Row = tuple[int, bool, int, tuple[bytes, ...]]
"""How long one lasts, whether it is a key picture, how much later it is shown, its bytes."""


def run_of(rows: Sequence[Row]) -> Run:
    """A run that begins at once."""
    durations, keys, shifts, pieces = zip(*rows, strict=True)
    return Run(0, durations, keys, shifts, [sum(map(len, one)) for one in pieces], pieces)


def offsets(body: bytes) -> list[int]:
    """Where each run of a fragment says that its data begins."""
    places = [at.start() for at in re.finditer(b"trun", body)]
    return [int.from_bytes(body[at + 12 : at + 16]) for at in places]


def test_a_fragment_points_at_its_data() -> None:
    camera = Track(1, 90_000, b"", (320, 180))
    voice = Track(2, 8_000, b"")
    shots = run_of([(9_000, at == 0, 0, (b"\0\0\0\2", b"%02d" % at)) for at in range(5)])
    tune = run_of([(1_024, True, 0, (b"sound%d" % at,)) for at in range(3)])
    seen = b"".join(b"\0\0\0\2%02d" % at for at in range(5))
    heard = b"sound0sound1sound2"
    for number, (runs, data) in enumerate(
        (
            ([(camera, shots), (voice, tune)], [seen, heard]),
            ([(voice, tune)], [heard]),
            ([(camera, shots)], [seen]),
        )
    ):
        body = b"".join(fragment(number, runs))
        (moof, before), (mdat, _) = boxes(body)
        assert (moof, mdat) == ("moof", "mdat")
        assert body[before + 8 :] == b"".join(data)
        begins = [before + 8, before + 8 + len(data[0])]
        assert offsets(body) == begins[: len(data)]


def test_only_what_differs_is_written_sample_by_sample() -> None:
    """That is what `film.most` counts on."""
    track = Track(1, 90_000, b"", (320, 180))

    def size(rows: list[Row]) -> int:
        return len(b"".join(fragment(1, [(track, run_of(rows))]))) - len(rows)

    alike: list[Row] = [(1, at == 0, 0, (b"x",)) for at in range(101)]
    trembling: list[Row] = [(4 + at % 3, at == 0, 0, (b"x",)) for at in range(101)]
    shifted: list[Row] = [(1, at % 2 == 0, at % 3, (b"x",)) for at in range(101)]
    assert size(alike) - size(alike[:1]) == 4 * 100 + 4
    assert size(trembling) - size(trembling[:2]) == 8 * 99
    assert size(shifted) - size(shifted[:3]) == 12 * 98
    assert size(alike[:1]) < 130


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_what_is_packed_in_one_go_is_what_is_sorted_first(codec: str) -> None:
    """Of any bytes the short way makes what the long one does, or leaves them to it."""
    chance = random.Random(9)
    kept = {"h264": b"\x41\x65\x06\x01", "hevc": b"\x02\x26\x4e\x00"}[codec]
    other = {"h264": b"\x67\x68\x09\x0c", "hevc": b"\x40\x42\x44\x46\x4c"}[codec]
    short = long = 0
    for _ in range(5_000):
        data = bytearray(chance.choice((b"", b"\0", b"\x80\xff")))
        for _ in range(chance.randint(0, 4)):
            data += bytes(chance.randint(2, 9)) + b"\1"
            kinds = kept if chance.random() < 0.8 else other
            data += chance.choice((b"", bytes((chance.choice(kinds),))))
            data += chance.randbytes(chance.randint(0, 5)) + bytes(chance.randint(0, 6))
        found = nal.units(bytes(data))
        sets, rest = nal.sort(codec, found)
        packed = nal.packed(codec, bytes(data))
        if packed is None:
            assert sets or len(rest) < len(found)
            long += 1
        else:
            assert packed[0] == nal.lengths(rest)
            assert packed[1] == sum(map(len, packed[0]))
            short += 1
    assert min(short, long) > 1_000
