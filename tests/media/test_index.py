"""A film has an index in front from its first byte, so that players do not read all to seek."""

import io
import struct

import av
import pytest

from custom_components.cctv.media import index as indices
from custom_components.cctv.media.index import Index
from custom_components.cctv.media.mp4 import Track, child
from custom_components.cctv.media.remux import bound, remux
from tests.simulators.clips import AudioCodec, avi_clip, dav_clip

from .tapes import Tape
from .viewing import boxes

SECONDS = 60
CAMERA, VOICE = Track(1, 90_000, b"", (64, 64)), Track(2, 8_000, b"")


class Watched(io.BytesIO):
    """A file that tells how far it was read."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        body = super().read(size)
        self.given += len(body)
        return body


def entries(body: bytes) -> list[list[tuple[int, int]]]:
    """Sizes and durations of every `sidx` box."""
    found = []
    for (kind, length), at in zip(boxes(body), starts(body), strict=True):
        if kind == "sidx":
            box = body[at : at + length]
            (count,) = struct.unpack_from(">H", box, 30)
            rows = [struct.unpack_from(">III", box, 32 + 12 * row) for row in range(count)]
            found.append([(size, duration) for size, duration, _ in rows])
    return found


def starts(body: bytes) -> list[int]:
    """Where each box begins."""
    at, found = 0, []
    for _, length in boxes(body):
        found.append(at)
        at += length
    return found


async def made(audio: AudioCodec | None) -> tuple[bytes, bytes]:
    """A film as it is promised, and with what belongs into it once it is whole."""
    tape = Tape(dav_clip(SECONDS, audio=audio, size=(640, 360)), chunk=1 << 16)
    source = tape.source()
    most = bound([source])
    assert most is not None
    index = Index(most)
    pieces = [one async for one in remux([source], length=SECONDS, index=index)]
    body = b"".join(pieces)
    rest = most - len(body)
    body += struct.pack(">I4s", rest, b"free") + bytes(rest - 8)
    whole = index.whole(len(body))
    assert whole is not None
    patched = body[: index.offset] + whole + body[index.offset + len(whole) :]
    assert len(patched) == len(body)
    return body, patched


@pytest.mark.parametrize("audio", [None, "alaw", "aac-adts"])
async def test_a_player_begins_without_reading_all(audio: AudioCodec | None) -> None:
    promised, whole = await made(audio)
    for body in (promised, whole):
        file = Watched(body)
        options = {"probesize": "20000"}
        with av.open(file, "r", format="mp4", options=options) as film:
            assert film.duration == SECONDS * 1_000_000
            assert file.given < len(body) / 3
            assert sum(1 for packet in film.demux(video=0) if packet.size) == SECONDS * 10


@pytest.mark.parametrize("audio", [None, "alaw", "aac-adts"])
async def test_a_whole_film_is_played_from_anywhere(audio: AudioCodec | None) -> None:
    _, body = await made(audio)
    file = Watched(body)
    with av.open(file, "r", format="mp4", options={"probesize": "20000"}) as film:
        for second in (50, 10, 30):
            file.given = 0
            film.seek(second * 1_000_000)
            first: dict[str, float] = {}
            for packet in film.demux():
                assert packet.pts is not None
                first.setdefault(packet.stream.type, float(packet.pts * packet.time_base))
                if len(first) == len(film.streams):
                    break
            assert first["video"] == pytest.approx(second, abs=0.01)
            assert first.get("audio", second) == pytest.approx(second, abs=0.2)
            assert file.given < len(body) / 4


async def test_every_entry_is_a_key_picture_and_all_is_covered() -> None:
    promised, whole = await made("alaw")
    begin = next(
        at for (kind, _), at in zip(boxes(whole), starts(whole), strict=True) if kind == "moof"
    )
    assert [len(rows) for rows in entries(promised)] == [1, 1]
    assert entries(promised)[0] == [(len(promised) - begin, SECONDS * 90_000)]
    first, second = entries(whole)
    assert sum(size for size, _ in first) == len(whole) - begin
    assert [size for size, _ in first] == [size for size, _ in second]
    assert sum(duration for _, duration in first) == SECONDS * 90_000
    assert sum(duration for _, duration in second) == SECONDS * 8_000
    at = begin
    for size, _ in first:
        assert whole[at + 4 : at + 8] == b"moof"
        at += size


async def test_nothing_is_promised_where_the_end_is_not_known() -> None:
    index = Index()
    tape = Tape(avi_clip(20.0), "avi")
    body = b"".join([one async for one in remux([tape.source()], length=20.0, index=index)])
    assert entries(body) == []
    whole = index.whole(len(body))
    assert whole is not None
    patched = body[: index.offset] + whole + body[index.offset + len(whole) :]
    assert len(entries(patched)[0]) >= 9
    assert child(patched, b"sidx") is not None


def test_more_key_pictures_than_room_are_taken_together() -> None:
    index = Index()
    space = index.begin(700, [CAMERA, VOICE], 20.0)
    at = 700 + len(space)
    for number in range(10_000):
        index.mark(at + number * 100, number * 90_000)
    index.end(10_000 * 90_000)
    whole = index.whole(at + 1_000_000)
    assert whole is not None
    assert len(whole) == len(space)
    for rows, scale in zip(entries(whole), (90_000, 8_000), strict=True):
        assert len(rows) <= 20
        assert sum(size for size, _ in rows) == 1_000_000
        assert sum(duration for _, duration in rows) == 10_000 * scale


def test_a_day_of_key_pictures_is_not_remembered_whole() -> None:
    index = Index()
    index.begin(0, [CAMERA], 86_400.0)
    for number in range(86_400):
        index.mark(20_000 + number, number)
    assert len(index._marks) <= indices.MARKS_MOST + 1


@pytest.mark.parametrize("total", [None, 5 << 30, 100])
def test_what_an_index_cannot_say_is_left_free(total: int | None) -> None:
    space = Index(total).begin(0, [CAMERA], 60.0)
    assert boxes(space) == [("free", len(space))]
    assert Index().whole(1_000) is None
