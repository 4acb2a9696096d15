"""Listening to and talking into simulated boxes (§4.3)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import GetAbilities
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import Gone, Unsupported
from custom_components.cctv.devices.model import BOX, Content, TalkFormat
from tests.simulators.amcrest.answers.audio import Speaker, Speech
from tests.simulators.amcrest.grammar import Refusal

from .conftest import Build, House

SECOND = 8_000
FRAME = 800


def speaker(home: House) -> Speaker:
    """The microphone and the speaker of a box."""
    return home.box.device.of(Speaker)


async def first(content: Content, size: int) -> bytes:
    """So many bytes of what is heard, and then no more."""
    heard = b""
    try:
        async for chunk in content.chunks:
            heard += chunk
            if len(heard) >= size:
                break
    finally:
        await content.close()
    return heard


async def said(home: House) -> Speech:
    """What was said into the box, once it is over."""
    await home.box.device.changed.until(
        lambda: speaker(home).heard and speaker(home).heard[-1].ended
    )
    return speaker(home).heard[-1]


# --- what there is --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("personality", "compression", "wanted"),
    [
        ("ipc", "AAC", TalkFormat("aac-adts", 8_000, 1_024, limit=9_999_999)),
        ("ipc", "G.711A", TalkFormat("alaw", 8_000, 800, limit=9_999_999)),
        ("ipc", "G.711Mu", TalkFormat("mulaw", 8_000, 800, limit=9_999_999)),
        ("ipc", "G.723", TalkFormat("alaw", 8_000, 800, limit=9_999_999)),
        ("doorbell", "AAC", TalkFormat("mulaw", 8_000, 1_024, limit=9_999_999)),
        ("vto", "AAC", TalkFormat("alaw", 8_000, 800, limit=9_999_999)),
    ],
)
async def test_each_kind_takes_its_own_sound(
    house: Build, personality: str, compression: str, wanted: TalkFormat
) -> None:
    home = await house(personality)
    home.box.config["Encode[0].MainFormat[0].Audio.Compression"] = compression
    device = await home.surveyed()
    topology = device.box.topology
    assert topology.parts[BOX].talk == wanted
    assert f"{BOX}:speaker" in topology.features
    assert {each.sound for each in topology.streams.values()} == {"sound:1"}


@pytest.mark.parametrize(
    ("personality", "speaks", "hears"),
    [("legacy", False, set()), ("traffic", False, {"sound:1"}), ("nvr", True, set())],
)
async def test_what_is_not_there_is_not_offered(
    house: Build, personality: str, speaks: bool, hears: set[str]
) -> None:
    """The one microphone of a recorder is no camera's; its speaker is its own."""
    device = await (await house(personality)).surveyed()
    topology = device.box.topology
    assert {id_ for id_, part in topology.parts.items() if part.talk} == (
        {BOX} if speaks else set()
    )
    assert (f"{BOX}:speaker" in topology.features) is speaks
    assert {each.sound for each in topology.streams.values() if each.sound} == hears


async def test_microphones_and_speakers_are_counted_once_a_firmware(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await home.surveyed(memory=memory)
    device, _ = await home.opened(memory=memory)
    assert device.box.topology.parts[BOX].talk is not None
    await device.read("survey")
    assert not [each for each in home.sent() if "devAudio" in each]
    told = await device.do(BOX, GetAbilities("audio"))
    assert told.data == {"devAudioInput.result": "1", "devAudioOutput.result": "1"}


# --- listening ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compression", "mime", "container"),
    [
        ("AAC", "Audio/AAC", "aac-adts"),
        ("G.711A", "Audio/G.711A", "alaw"),
        ("G.711Mu", "Audio/G.711Mu", "mulaw"),
    ],
)
@pytest.mark.parametrize("parted", [False, True])
async def test_what_a_microphone_hears(
    house: Build, compression: str, mime: str, container: str, parted: bool
) -> None:
    home = await house("ipc")
    home.box.config["Encode[0].MainFormat[0].Audio.Compression"] = compression
    device = await home.surveyed()
    if parted:
        device.box.verdicts.put("getAudio", "multipart")
    speaker(home).hurry = 50
    (ref,) = {each.sound for each in device.box.topology.streams.values()}
    assert ref is not None
    content = await device.fetch(ref)
    assert (content.mime, content.container, content.live) == (mime, container, True)
    await home.box.device.changed.until(lambda: speaker(home).listeners)
    heard = await first(content, 3_000)
    assert b"--myboundary" not in heard
    assert heard.startswith(b"\xff\xf1") is (container == "aac-adts")
    await home.box.device.changed.until(lambda: not speaker(home).listeners)
    way = "multipart" if parted else "singlepart"
    assert f"/cgi-bin/audio.cgi?action=getAudio&httptype={way}&channel=1" in home.sent()


async def test_where_one_piece_is_refused_it_comes_in_parts_and_that_is_kept(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    speaker(home).kinds = frozenset({"multipart"})
    for _ in range(2):
        content = await device.fetch("sound:1")
        await first(content, 100)
    asked = [each.partition("httptype=")[2] for each in home.sent() if "getAudio" in each]
    assert asked == ["singlepart&channel=1", "multipart&channel=1", "multipart&channel=1"]


@pytest.mark.parametrize("ref", ["sound:", "sound:0", "sound:2", "sound:1&x=1", "sound:1\n"])
async def test_a_sound_that_nobody_named_is_gone(house: Build, ref: str) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.wire


# --- talking --------------------------------------------------------------------------------


async def speech(frames: int, size: int = FRAME) -> AsyncIterator[bytes]:
    """A little speech."""
    for number in range(frames):
        yield bytes([number % 256]) * size


@pytest.mark.parametrize(
    ("personality", "codec", "size"), [("doorbell", "G.711Mu", 1_024), ("vto", "G.711A", FRAME)]
)
async def test_what_is_said_is_heard_and_nothing_is_lost(
    house: Build, personality: str, codec: str, size: int
) -> None:
    home = await house(personality)
    device = await home.surveyed()
    await device.talk(BOX, speech(8, size))
    heard = await said(home)
    assert (heard.codec, heard.kind, heard.ended) == (codec, "singlepart", "closed")
    assert bytes(heard.data) == b"".join([chunk async for chunk in speech(8, size)])
    assert heard.overrun == 0
    asked = [each.target for each in home.box.wire]
    assert asked[0] == "/cgi-bin/devAudioOutput.cgi?action=getCollect"
    talks = [each for each in asked if "postAudio" in each]
    # Not once before its challenge was met: what goes out then is lost.
    assert talks == ["/cgi-bin/audio.cgi?action=postAudio&httptype=singlepart&channel=1"]


async def test_events_are_heard_while_somebody_talks(house: Build) -> None:
    home = await house("doorbell")
    device = await home.surveyed()
    going = asyncio.Event()

    async def on_and_on() -> AsyncIterator[bytes]:
        yield bytes(1_024)
        await going.wait()
        yield bytes(1_024)

    async with aclosing(device.listen("events")) as feed:
        await anext(feed)
        talk = asyncio.create_task(device.talk(BOX, on_and_on()))
        await home.box.device.changed.until(lambda: speaker(home).talking)
        home.box.emit("VideoMotion", "Start")
        async with asyncio.timeout(10):
            while not await anext(feed):
                pass
        assert speaker(home).talking is not None
        going.set()
        await talk
    assert (await said(home)).ended == "closed"


async def test_a_talk_that_is_refused_or_that_nobody_hears_is_an_error(house: Build) -> None:
    home = await house("doorbell")
    device = await home.surveyed()
    home.box.faults.refuse["audio.postAudio"] = Refusal.BAD_REQUEST
    with pytest.raises(Unsupported):
        await device.talk(BOX, speech(4))
    mute = await (await house("legacy")).surveyed()
    with pytest.raises(Unsupported):
        await mute.talk(BOX, speech(1))
    assert isinstance(mute, Amcrest)
