"""The speaker (§6): one sound at a time, and nothing that breaks its scripts."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from custom_components.cctv.devices.commands import PlayFile, Say, Set
from custom_components.cctv.devices.errors import BadInput, Busy, Rejected, Unsupported
from custom_components.cctv.devices.model import BOX

from .conftest import Build, House, StillClock


async def pcm(*chunks: bytes) -> AsyncIterator[bytes]:
    """Sound in pieces."""
    for chunk in chunks:
        yield chunk


def posts(home: House) -> list[tuple[str, bytes]]:
    """What was sent with a body."""
    return [(each.target, each.request.body) for each in home.box.wire if each.method == "POST"]


async def test_sound_goes_as_one_body_that_names_its_length(house: Build) -> None:
    """Case 41."""
    home = await house("mstar")
    clock = StillClock()
    device, batch = await home.opened(clock=clock)
    before = clock.monotonic()
    await device.talk(BOX, pcm(b"\x01\x02" * 8_000, b"\x03\x04" * 8_000, b"\x05"))
    assert posts(home) == [("/cgi-bin/speaker.sh", b"\x01\x02" * 8_000 + b"\x03\x04" * 8_000)]
    request = next(each.request for each in home.box.wire if each.method == "POST")
    assert request.header("Content-Length") == "32000"
    assert request.header("Transfer-Encoding") is None
    assert request.header("Expect") is None
    # The speaker is free again when the sound has ended, not when the answer came.
    assert clock.monotonic() - before >= 1
    assert batch


async def test_a_sound_that_is_too_long_is_not_sent(house: Build) -> None:
    home = await house("mstar", before=lambda box: box.set_sd("absent"))
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.talk(BOX, pcm(b"\0" * 512_000, b"\0"))
    assert not posts(home)
    await device.talk(BOX, pcm())
    assert not posts(home)


async def test_two_sounds_are_never_mixed(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        begun.set()
        await go_on.wait()
        yield b"\0" * 320

    talking = asyncio.create_task(device.talk(BOX, slow()))
    await begun.wait()
    for command in (Say("Hello"), PlayFile("ding.wav")):
        with pytest.raises(Busy):
            await device.do(BOX, command)
    go_on.set()
    await talking
    await device.do(BOX, Say("Hello"))
    assert [target for target, _ in posts(home)] == [
        "/cgi-bin/speaker.sh",
        "/cgi-bin/speak.sh?lang=en-US",
    ]


@pytest.mark.parametrize(
    ("command", "target", "text"),
    [
        (Say("Hello"), "/cgi-bin/speak.sh?lang=en-US", b"Hello"),
        (Say("Guten Tag", "de-de"), "/cgi-bin/speak.sh?lang=de-DE", b"Guten Tag"),
        (Say('say "x"\\ now\nthen', volume=100), "/cgi-bin/speak.sh?lang=en-US&voldb=12", None),
        (Say("quiet", volume=0), "/cgi-bin/speak.sh?lang=en-US&voldb=-12", b"quiet"),
        (PlayFile("ding.wav"), "/cgi-bin/speaker_file.sh", b"ding.wav"),
        (PlayFile("ding.wav", 75), "/cgi-bin/speaker_file.sh?voldb=6", b"ding.wav"),
    ],
)
async def test_words_and_files_are_played(
    house: Build, command: Say | PlayFile, target: str, text: bytes | None
) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    await device.do(BOX, command)
    assert posts(home) == [(target, b"say x now then" if text is None else text)]


async def test_the_volume_lives_with_us(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened(clock=StillClock())
    await device.do(BOX, Set("speaker_volume", 25))
    await device.talk(BOX, pcm(b"\0" * 320))
    assert posts(home)[0][0] == "/cgi-bin/speaker.sh?voldb=-6"


@pytest.mark.parametrize(
    "command",
    [
        Say(""),
        Say(' "\n'),
        Say("x" * 1_001),
        Say("Hello", "xx-XX"),
        Say("Hello", "de"),
        Say("Hello", volume=200),
        PlayFile("../../etc/passwd"),
        PlayFile(".hidden"),
        PlayFile("a/b.wav"),
        PlayFile(""),
    ],
)
async def test_what_would_break_the_scripts_is_not_sent(
    house: Build, command: Say | PlayFile
) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert not posts(home)


async def test_refusals_are_told_in_the_cameras_words(house: Build) -> None:
    home = await house("mstar", before=lambda box: setattr(box.faults, "tts", False))
    device, _ = await home.opened()
    with pytest.raises(Rejected, match="TTS engine not found"):
        await device.do(BOX, Say("Hello"))
    with pytest.raises(Rejected, match="File not found"):
        await device.do(BOX, PlayFile("nothing.wav"))


async def test_a_camera_without_a_speaker_refuses(house: Build) -> None:
    home = await house("v5")
    device, _ = await home.opened()
    with pytest.raises(Unsupported):
        await device.talk(BOX, pcm(b"\0\0"))
    with pytest.raises(Unsupported):
        await device.do(BOX, Say("Hello"))
    assert not home.sent()
