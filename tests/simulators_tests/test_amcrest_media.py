"""Listening, talking, live DHAV and the control of playback, as the sheet writes them."""

import asyncio
from datetime import timedelta

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.audio import Speaker, Speech
from tests.simulators.amcrest.answers.live import Live
from tests.simulators.amcrest.answers.playback import Playbacks
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import DEADLINE, Raw, cgi, login

pytestmark = pytest.mark.usefixtures("socket_enabled")

TALK = "/cgi-bin/audio.cgi?action=postAudio&httptype={}&channel=1"


async def opened(box: AmcrestSimulator, rest: str) -> tuple[Raw, bytes]:
    """Ask for something without an end, and its head."""
    target = f"/cgi-bin/{rest}"
    header = await login(box, target)
    raw = await Raw.connect(box)
    raw.send(target, header)
    return raw, await raw.head()


# Listening, §4.3.3


@pytest.mark.parametrize(
    ("codec", "mark"), [("G.711A", b""), ("G.711Mu", b""), ("AAC", b"\xff\xf1")]
)
async def test_a_microphone_is_heard_as_it_is_encoded(
    start: Start, codec: str, mark: bytes
) -> None:
    box = await start("ipc")
    box.device.of(Speaker).hurry = 100.0
    box.config["Encode[0].MainFormat[0].Audio.Compression"] = codec
    raw, head = await opened(box, "audio.cgi?action=getAudio&httptype=singlepart&channel=1")
    async with raw:
        assert f"Content-Type: Audio/{codec}\r\n".encode() in head
        async with asyncio.timeout(DEADLINE):
            heard = await raw.reader.readexactly(4_000)
        assert heard.startswith(mark)
        assert len(set(heard)) > 20, "a tone, not silence"
        assert box.device.of(Speaker).listeners == 1
    await box.until(lambda: box.device.of(Speaker).listeners == 0)


async def test_a_microphone_is_heard_in_parts_of_a_tenth_of_a_second(start: Start) -> None:
    box = await start("ipc")
    box.config["Encode[0].MainFormat[0].Audio.Compression"] = "G.711A"
    raw, head = await opened(box, "audio.cgi?action=getAudio&httptype=multipart&channel=1")
    async with raw:
        assert b"multipart/x-mixed-replace; boundary=myboundary" in head
        for _ in range(2):
            await raw.exactly(
                b"--myboundary\r\nContent-Type: Audio/G.711A\r\nContent-Length: 800\r\n\r\n"
            )
            async with asyncio.timeout(DEADLINE):
                assert (await raw.reader.readexactly(802)).endswith(b"\r\n")


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("ipc", "httptype=singlepart&channel=2"),
        ("ipc", "channel=1"),
        ("legacy", "httptype=singlepart&channel=1"),
    ],
)
async def test_what_cannot_be_heard(start: Start, name: str, rest: str) -> None:
    assert (await cgi(await start(name), f"audio.cgi?action=getAudio&{rest}")).status == 400


# Talking, §4.3.4


async def talking(
    box: AmcrestSimulator, body: bytes, kind: str = "singlepart", said: str = "Audio/G.711A"
) -> Raw:
    """Begin to talk; the socket stays open."""
    target = TALK.format(kind)
    header = await login(box, target, "POST")
    raw = await Raw.connect(box)
    raw.send(
        target, header, f"Content-Type: {said}", "Content-Length: 9999999", method="POST", body=b""
    )
    raw.writer.write(body)
    return raw


async def spoken(box: AmcrestSimulator, until: int) -> Speech:
    """What was heard, once it is so much."""
    speaker = box.device.of(Speaker)
    await box.until(lambda: speaker.heard and len(speaker.heard[-1].data) >= until)
    return speaker.heard[-1]


async def test_what_is_said_is_heard_until_the_speaker_hangs_up(start: Start) -> None:
    box = await start("ipc")
    words = bytes(range(256)) * 20
    raw = await talking(box, words[:2_000])
    async with raw:
        speech = await spoken(box, 2_000)
        assert box.device.of(Speaker).talking is speech
        raw.writer.write(words[2_000:])
        await spoken(box, len(words))
    await box.until(lambda: speech.ended)
    assert (bytes(speech.data), speech.overrun, speech.ended) == (words, 0, "closed")
    assert (speech.codec, speech.user) == ("G.711A", "admin")


async def test_who_speaks_too_fast_is_not_heard_whole(start: Start) -> None:
    box = await start("doorbell")
    box.device.of(Speaker).buffer_seconds = 0.25
    async with await talking(box, bytes(100_000), said="Audio/G.711Mu"):
        speaker = box.device.of(Speaker)
        await box.until(
            lambda: (
                speaker.heard and len(speaker.heard[0].data) + speaker.heard[0].overrun == 100_000
            )
        )
    speech = speaker.heard[0]
    assert speech.overrun > 50_000
    assert len(speech.data) >= 2_000


async def test_who_falls_silent_is_hung_up_on(start: Start) -> None:
    box = await start("ipc")
    box.device.of(Speaker).pause_seconds = 0.05
    raw = await talking(box, bytes(800))
    async with raw:
        assert await raw.rest() == b"", "nothing is answered"
    assert box.device.of(Speaker).heard[-1].ended == "silent"


async def test_a_talk_of_known_length_is_answered(start: Start) -> None:
    box = await start("ipc")
    answer = await _posted(box, TALK.format("singlepart"), bytes(1_600), "Audio/G.711A")
    assert answer == (200, b"OK\r\n")
    assert box.device.of(Speaker).heard[-1].ended == "whole"


async def test_a_talk_in_parts(start: Start) -> None:
    box = await start("ipc")
    part = b"--myb\r\nContent-Type: Audio/AAC\r\nContent-Length: 4\r\n\r\n\xff\xf1ab\r\n"
    raw = await talking(box, part[:20], "multipart", "multipart/x-mixed-replace; boundary=myb")
    async with raw:
        raw.writer.write(part[20:] + part)
        speech = await spoken(box, 8)
    assert (bytes(speech.data), speech.parts, speech.codec) == (b"\xff\xf1ab" * 2, 2, "AAC")


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("ipc", "singlepart", "Audio/MP3"),
        ("ipc", "singlepart", "text/plain"),
        ("ipc", "onepart", "Audio/AAC"),
        ("hostile", "singlepart", "Audio/AAC"),
    ],
)
async def test_what_cannot_be_said(start: Start, name: str, kind: str, said: str) -> None:
    box = await start(name)
    status, _ = await _posted(box, TALK.format(kind), bytes(10), said)
    assert status == 400
    assert not box.device.of(Speaker).heard


async def test_nobody_talks_without_a_login(start: Start) -> None:
    box = await start("ipc")
    async with await Raw.connect(box) as raw:
        raw.send(TALK.format("singlepart"), "Content-Length: 9999999", method="POST")
        assert b" 401 " in await raw.head()
        await raw.rest()
    assert not box.device.of(Speaker).heard


async def _posted(box: AmcrestSimulator, target: str, body: bytes, said: str) -> tuple[int, bytes]:
    header = await login(box, target, "POST")
    async with await Raw.connect(box) as raw:
        raw.send(target, header, f"Content-Type: {said}", method="POST", body=body)
        head = await raw.head()
        return int(head.split(b" ")[1]), await raw.rest()


# Live, §4.2.2


async def test_live_pictures_come_frame_after_frame(start: Start) -> None:
    box = await start("ipc")
    box.device.of(Live).hurry = 50.0
    raw, head = await opened(box, "realmonitor.cgi?action=getStream&channel=1&subtype=0")
    async with raw:
        assert b"Content-Type: application/octet-stream\r\n" in head
        assert b"Content-Length" not in head
        kinds: list[int] = []
        async with asyncio.timeout(DEADLINE):
            while kinds.count(0xFD) < 3:
                frame = await raw.reader.readexactly(24)
                assert frame[:4] == b"DHAV"
                size = int.from_bytes(frame[12:16], "little")
                rest = await raw.reader.readexactly(size - 24)
                assert rest[-8:-4] == b"dhav"
                kinds.append(frame[4])
        assert kinds[0] == 0xFD, "it begins with a key frame"
        assert box.device.of(Live).watching == 1
    await box.until(lambda: box.device.of(Live).watching == 0)


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("ipc", "channel=1&subtype=2"),
        ("ipc", "channel=2"),
        ("nvr", "channel=4"),
        ("legacy", "channel=1&subtype=1"),
    ],
)
async def test_what_cannot_be_watched(start: Start, name: str, rest: str) -> None:
    answer = await cgi(await start(name), f"realmonitor.cgi?action=getStream&{rest}")
    assert answer.status == 400


# Playback and its control, §4.2.3, §4.2.4


async def test_a_playback_is_paused_moved_and_ended(start: Start) -> None:
    box = await start("ipc")
    begun = box.device.clock.now().replace(microsecond=0) - timedelta(minutes=5)
    box.store.add(0, begun, 120, silent=True)
    box.faults.download_rate = 40_000
    rest = f"startTime={begun:%F%%20%T}&endTime={begun + timedelta(seconds=110):%F%%20%T}"
    raw, head = await opened(box, f"playBack.cgi?action=getStream&channel=1&subtype=0&{rest}")
    control = "playBack.cgi?action=control&streamId=1&cmd="
    playback = box.device.of(Playbacks).open[1]
    async with raw:
        assert b"Content-Type: Application/octet-stream\r\n" in head
        await raw.exactly(b"streamId=1\r\nDHAV")
        assert (await cgi(box, control + "pause")).body == b"OK\r\n"
        assert not playback.flows.is_set()
        seek = f"play&speed=2&iframe=1&seekTime={begun + timedelta(seconds=100):%F%%20%T}"
        assert (await cgi(box, control + seek)).body == b"OK\r\noperateId=1\r\n"
        assert (await cgi(box, control + "play&speed=-1")).body == b"OK\r\noperateId=2\r\n"
        assert (playback.speed, playback.key_frames_only) == (-1.0, True)
        for bad in ("play&speed=0", "play&seekTime=now", "stop", "play&iframe=2"):
            assert (await cgi(box, control + bad)).status == 400, bad
        assert (await cgi(box, control.replace("=1", "=2") + "pause")).status == 400
        assert (await cgi(box, control + "cancel")).body == b"OK\r\n"
        await raw.rest()
    await box.until(lambda: not box.device.of(Playbacks).open)
    assert playback.orders == ["pause", "play", "play", "cancel"]
    assert not box.downloads.log[-1].done


async def test_a_seek_brings_the_pictures_of_another_time(start: Start) -> None:
    box = await start("ipc")
    begun = box.device.clock.now().replace(microsecond=0) - timedelta(minutes=5)
    item = box.store.add(0, begun, 120, silent=True)
    box.faults.download_rate = 400_000
    rest = f"startTime={begun:%F%%20%T}&endTime={begun + timedelta(seconds=110):%F%%20%T}"
    raw, _ = await opened(box, f"playBack.cgi?action=getStream&channel=1&{rest}")
    control = "playBack.cgi?action=control&streamId=1&cmd="
    async with raw:
        await raw.exactly(b"streamId=1\r\n")
        await cgi(box, control + "pause")
        await cgi(box, f"{control}play&seekTime={begun + timedelta(seconds=105):%F%%20%T}")
        rest_of_it = await raw.rest()
    stamp = (begun + timedelta(seconds=105)).second
    last = rest_of_it.rfind(b"DHAV\xfd")
    seconds = int.from_bytes(rest_of_it[last + 16 : last + 20], "little") & 0x3F
    assert (seconds - stamp) % 60 <= 5
    assert len(rest_of_it) < box.store.size(item) // 2
