"""Any sound becomes what a speaker takes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
import sys
import wave

import av
import pytest

from custom_components.cctv.media import bridge, encode
from custom_components.cctv.media.audio import SoundError, sound

from .hearing import all_of, heard, loudness, pieces, pitch
from .samples import HERTZ, picture_only, samples, tone

KINDS = [
    ("tone.wav", "pcm_s16le", 44_100),
    ("tone.mp3", "libmp3lame", 44_100),
    ("tone.ogg", "libopus", 48_000),
    ("tone.m4a", "aac", 44_100),
    ("tone.flac", "flac", 44_100),
    ("tone.aac", "aac", 22_050),
    ("tone.mka", "ac3", 48_000),
]
FORMATS = [
    ("mulaw", 8_000, 160),
    ("mulaw", 8_000, 512),
    ("alaw", 8_000, 320),
    ("pcm_s16le", 16_000, 640),
    ("pcm_s16le", 22_050, 4_410),
    ("aac-adts", 16_000, 0),
]
SIZES = {"mulaw": 1, "alaw": 1, "pcm_s16le": 2}


# --- what comes out


@pytest.mark.parametrize(("codec", "rate", "frame"), FORMATS[:-1])
@pytest.mark.parametrize(("name", "made_by", "made_at"), KINDS)
async def test_a_tone_is_the_same_tone(
    tmp_path: Path, name: str, made_by: str, made_at: int, codec: str, rate: int, frame: int
) -> None:
    """Case 41."""
    path = tone(tmp_path / name, made_by, rate=made_at)
    frames = await all_of(path, codec=codec, rate=rate, frame=frame)
    assert {len(one) for one in frames} == {frame}
    tune = heard(frames, codec, rate)
    assert 2 * rate <= len(tune) <= 2.2 * rate
    assert pitch(tune, rate) == pytest.approx(HERTZ, abs=3)
    assert loudness(tune) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
async def test_aac_comes_frame_by_frame_with_its_headers(
    tmp_path: Path, wav: Path, rate: int
) -> None:
    frames = await all_of(wav, codec="aac-adts", rate=rate, frame=0)
    for one in frames:
        assert one[:2] == b"\xff\xf1"
        assert (one[3] & 3) << 11 | one[4] << 3 | one[5] >> 5 == len(one)
    (tmp_path / "out.aac").write_bytes(b"".join(frames))
    with av.open(str(tmp_path / "out.aac")) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("aac", rate, 1)
        length = sum(one.samples for one in file.decode(stream))
    assert length / rate == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("gain", [0.0, 0.25, 1.0])
async def test_it_is_as_loud_as_wanted(wav: Path, gain: float) -> None:
    tune = heard(await all_of(wav, gain=gain), "pcm_s16le", 16_000)
    assert loudness(tune) == pytest.approx(0.5 * gain, abs=0.01)


@pytest.mark.parametrize(("codec", "silence"), [("mulaw", 0xFF), ("alaw", 0xD5), ("pcm_s16le", 0)])
async def test_the_last_frame_ends_in_silence(tmp_path: Path, codec: str, silence: int) -> None:
    path = tone(tmp_path / "short.wav", "pcm_s16le", rate=8_000, seconds=0.1, layout="mono")
    frame = 600 * SIZES[codec]
    frames = await all_of(path, codec=codec, rate=8_000, frame=frame)
    assert [len(one) for one in frames] == [frame] * 2
    assert set(frames[1][-100:]) == {silence}


async def test_no_more_than_the_speaker_takes(wav: Path) -> None:
    frames = await all_of(wav, limit=10 * 640 + 639)
    assert len(frames) == 10
    assert await all_of(wav, limit=639) == []


async def test_a_film_s_sound_is_played_without_the_film(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as file:
        picture = file.add_stream("libx264", rate=5)
        assert isinstance(picture, av.VideoStream)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        voice = file.add_stream("aac", rate=16_000)
        assert isinstance(voice, av.AudioStream)
        frame = av.AudioFrame(format="s16", layout="mono", samples=16_000)
        frame.planes[0].update(samples(16_000, 1))
        frame.sample_rate, frame.pts = 16_000, 0
        for at in range(5):
            image = av.VideoFrame(64, 64, "yuv420p")
            image.pts = at
            file.mux(picture.encode(image))
        for packet in (*picture.encode(None), *voice.encode(frame), *voice.encode(None)):
            file.mux(packet)
    assert len(await all_of(path)) == pytest.approx(50, abs=6)


# --- from where


@pytest.mark.parametrize("size", [1, 7, 1_000, 1 << 20])
async def test_a_sound_may_come_in_pieces(tmp_path: Path, size: int) -> None:
    path = tone(tmp_path / "tone.mp3", "libmp3lame", seconds=0.5)
    body = path.read_bytes()
    whole, frames = await all_of(path), await all_of(pieces(body, size))
    # Only who can seek knows where MP3's padding begins.
    assert len(whole) <= len(frames) <= len(whole) + 3
    assert frames[:20] == whole[:20]


async def test_a_source_that_breaks_off_says_why(tmp_path: Path) -> None:
    body = tone(tmp_path / "tone.mp3", "libmp3lame").read_bytes()

    async def broken() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        raise ConnectionResetError("the other side left")

    got: list[bytes] = []

    async def listen() -> None:
        async for one in sound(broken(), codec="mulaw", rate=8_000, frame=160, paced=False):
            got.append(one)  # noqa: PERF401 - what came before the end counts

    with pytest.raises(ConnectionResetError, match="the other side left"):
        await listen()
    assert len(got) > 20


async def test_a_source_that_never_begins_says_why() -> None:
    async def broken() -> AsyncIterator[bytes]:
        raise TimeoutError("nothing came")
        yield b""

    with pytest.raises(TimeoutError, match="nothing came"):
        await all_of(broken())


async def test_what_follows_the_sound_is_not_waited_for(tmp_path: Path) -> None:
    """A file inside something endless."""
    body = tone(tmp_path / "t.wav", "pcm_s16le", rate=16_000, seconds=3, layout="mono").read_bytes()
    asked = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked
        yield body
        while True:
            asked += 1
            yield bytes(1 << 18)
            await asyncio.sleep(0)

    async with asyncio.timeout(20):
        frames = await all_of(endless(), limit=40 * 640)
    assert len(frames) == 40
    assert asked <= 2 + bridge.HELD_MOST_BYTES // (1 << 18)


# --- what cannot be played


def web_page(path: Path) -> Path:
    path.write_bytes(b"<html><body>404</body></html>")
    return path


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def noise(path: Path) -> Path:
    path.write_bytes(bytes(range(256)) * 400)
    return path


def half_a_film(path: Path) -> Path:
    """An MP4 whose index, at its end, is missing."""
    body = tone(path, "aac", container="mp4").read_bytes()
    path.write_bytes(body[: body.index(b"moov")])
    return path


def absent(path: Path) -> Path:
    return path


@pytest.mark.parametrize("make", [web_page, nothing, noise, half_a_film, picture_only, absent])
async def test_what_holds_no_sound_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path / "secret-name")
    with pytest.raises(SoundError) as told:
        await all_of(path)
    assert "secret" not in str(told.value)
    if path.exists():
        with pytest.raises(SoundError):
            await all_of(pieces(path.read_bytes(), 100))


async def test_a_sound_without_a_sample_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", "none"))
    with pytest.raises(SoundError):
        await all_of(path)


@pytest.mark.parametrize("name", ["list.m3u8", "list.ffconcat"])
async def test_a_list_opens_nothing(tmp_path: Path, wav: Path, name: str) -> None:
    """FFmpeg would play what a playlist names, be it anybody's file."""
    path = tmp_path / name
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{wav}\n#EXT-X-ENDLIST\n"
        if name.endswith("m3u8")
        else f"ffconcat version 1.0\nfile {wav.name}\n"
    )
    for source in (path, pieces(path.read_bytes(), 10)):
        with pytest.raises(SoundError):
            await all_of(source)


def damaged(path: Path) -> Path:
    """Four seconds whose middle is torn."""
    tone(path, "aac", rate=16_000, seconds=4, layout="mono")
    body = bytearray(path.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 400] = bytes(400)
    path.write_bytes(body)
    return path


async def test_damage_in_the_middle_is_left_out(tmp_path: Path) -> None:
    frames = await all_of(damaged(tmp_path / "tone.aac"))
    assert len(frames) * 0.02 == pytest.approx(4, abs=0.7)


async def test_what_is_nothing_but_damage_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encode, "DAMAGED_MOST", 0)
    with pytest.raises(SoundError, match="decoded"):
        await all_of(damaged(tmp_path / "tone.aac"))


@pytest.mark.parametrize(
    ("codec", "rate", "frame"),
    [
        ("opus", 8_000, 160),
        ("mulaw", 0, 160),
        ("mulaw", 8_000, 0),
        ("pcm_s16le", 16_000, 641),
        ("aac-adts", 9_000, 0),
    ],
)
async def test_what_cannot_be_written_is_refused(
    wav: Path, codec: str, rate: int, frame: int
) -> None:
    with pytest.raises(ValueError, match=r"no (codec|frames|AAC)"):
        await all_of(wav, codec=codec, rate=rate, frame=frame)


async def test_without_pyav_nothing_is_played(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(SoundError, match="PyAV"):
        await all_of(wav)


async def test_the_sound_may_change_its_kind_on_the_way(tmp_path: Path) -> None:
    """Two broadcasts glued together: mono at first, then stereo at another rate."""
    first = tone(tmp_path / "a.aac", "aac", rate=16_000, seconds=1, layout="mono")
    second = tone(tmp_path / "b.aac", "aac", rate=32_000, seconds=1, layout="stereo")
    both = first.read_bytes() + second.read_bytes()
    tune = heard(await all_of(pieces(both, 1_000)), "pcm_s16le", 16_000)
    assert len(tune) / 16_000 == pytest.approx(2, abs=0.3)
    for half in (tune[: len(tune) // 2], tune[len(tune) // 2 :]):
        assert loudness(half) == pytest.approx(0.5, abs=0.1)
