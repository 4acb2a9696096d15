"""Speakers play files, what is on the web, and what Home Assistant says."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components import media_source
from homeassistant.components.media_player.const import DATA_COMPONENT, MediaPlayerEntityFeature
from homeassistant.components.media_source import PlayMedia
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache_with_extra_data,
)

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import CannotConnect
from custom_components.cctv.devices.model import Limits, Part, Value
from custom_components.cctv.media_player import CctvSpeaker
from tests.devices.clock import FakeClock
from tests.media.samples import picture_only, tone

from .fakes import FakeFamily, everything
from .steps import act, attributes_of, pass_time, say, state_of

SPEAKER = "media_player.door_speaker"
DEADLINE = 20


@pytest.fixture
async def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return the folder of Home Assistant's own media, with a second of a tone in it."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    assert await async_setup_component(hass, "media_source", {})
    tone(tmp_path / "tone.mp3", "libmp3lame", seconds=1)
    picture_only(tmp_path / "film.mp4")
    return tmp_path


def local(name: str) -> str:
    return f"media-source://media_source/local/{name}"


async def play(hass: HomeAssistant, media_id: str, **more: object) -> None:
    async with asyncio.timeout(DEADLINE):
        await act(
            hass,
            "media_player.play_media",
            SPEAKER,
            media_content_type="music",
            media_content_id=media_id,
            **more,
        )


async def becomes(hass: HomeAssistant, wanted: str) -> None:
    """Wait until the speaker is in a state."""
    there = asyncio.Event()

    @callback
    def look(_: Event[EventStateChangedData] | None = None) -> None:
        if state_of(hass, SPEAKER) == wanted:
            there.set()

    release = async_track_state_change_event(hass, SPEAKER, look)
    try:
        look()
        async with asyncio.timeout(DEADLINE):
            await there.wait()
    finally:
        release()


def heard(fake: FakeFamily) -> list[str]:
    return [line for line in fake.device.log if line.startswith("talk")]


class Ear:
    """What the device's speaker does: it takes one frame, then waits until it is told to go on."""

    def __init__(self, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[bytes] = []
        self.began = asyncio.Event()
        self.busy = 0
        self.go_on = asyncio.Event()
        self.fault: Exception | None = None
        monkeypatch.setattr(fake.device, "talk", self.talk)

    async def talk(self, part: str, frames: AsyncIterable[bytes]) -> None:
        """Take frames."""
        assert part == "camera.1"
        self.busy += 1
        try:
            async for frame in frames:
                self.taken.append(frame)
                self.began.set()
                if len(self.taken) > 1:
                    await self.go_on.wait()
                if self.fault is not None:
                    raise self.fault
        finally:
            self.busy -= 1


@pytest.fixture
def ear(fake: FakeFamily, monkeypatch: pytest.MonkeyPatch) -> Ear:
    return Ear(fake, monkeypatch)


async def test_it_plays_a_file_in_the_sound_that_the_speaker_takes(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, media: Path
) -> None:
    assert state_of(hass, SPEAKER) == "idle"
    await play(hass, local("tone.mp3"), extra={"title": "Gong"})
    await becomes(hass, "idle")
    frames = heard(fake)
    assert len(frames) == pytest.approx(50, abs=3)
    assert attributes_of(hass, SPEAKER)["supported_features"] & (
        MediaPlayerEntityFeature.PLAY_MEDIA | MediaPlayerEntityFeature.MEDIA_ANNOUNCE
    )


async def test_it_shows_what_it_plays_and_stops(
    hass: HomeAssistant, running: MockConfigEntry, media: Path, ear: Ear
) -> None:
    await play(hass, local("tone.mp3"), announce=True, extra={"title": "Gong"})
    assert state_of(hass, SPEAKER) == "playing"
    assert attributes_of(hass, SPEAKER)["media_title"] == "Gong"
    assert ear.busy == 1
    await act(hass, "media_player.media_stop", SPEAKER)
    assert state_of(hass, SPEAKER) == "idle"
    assert "media_title" not in attributes_of(hass, SPEAKER)
    assert ear.busy == 0
    await act(hass, "media_player.media_stop", SPEAKER)


async def test_a_new_sound_takes_the_place_of_the_last(
    hass: HomeAssistant, running: MockConfigEntry, media: Path, ear: Ear
) -> None:
    await play(hass, local("tone.mp3"))
    ear.taken.clear()
    await play(hass, local("tone.mp3"))
    assert ear.busy == 1
    assert state_of(hass, SPEAKER) == "playing"
    ear.go_on.set()
    await becomes(hass, "idle")
    assert ear.busy == 0


async def test_while_somebody_else_talks_it_is_busy(
    hass: HomeAssistant, running: MockConfigEntry, media: Path, ear: Ear
) -> None:
    """Case 41: one talker a box."""

    async def voice() -> AsyncIterator[bytes]:
        yield b"1"
        yield b"2"

    talking = asyncio.create_task(running.runtime_data.async_talk("camera.1", voice()))
    await ear.began.wait()
    with pytest.raises(HomeAssistantError) as told:
        await play(hass, local("tone.mp3"))
    assert told.value.translation_key == "busy"
    assert state_of(hass, SPEAKER) == "idle"
    ear.go_on.set()
    await talking


async def test_it_plays_what_is_on_the_web(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, media: Path, web_: str
) -> None:
    await play(hass, f"{web_}/tone.mp3?token=secret")
    await becomes(hass, "idle")
    assert len(heard(fake)) == pytest.approx(50, abs=4)


@pytest.fixture
async def web_(media: Path, socket_enabled: None) -> AsyncIterator[str]:
    """Serve the folder; one file breaks off in the middle, when it is told to."""
    app = web.Application()
    app.router.add_static("/", media)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize(
    ("media_id", "detail"),
    [
        (local("film.mp4"), "no sound"),
        ("/nowhere.mp3?token=secret", "status 404"),
        ("http://127.0.0.1:1/tone.mp3?token=secret", "cannot be fetched"),
        ("file:///etc/passwd", "web address"),
        ("/etc/passwd", "status"),
        ("concat:a|b", "web address"),
        ("http://[", "no address"),
        ("nonsense", "web address"),
    ],
)
async def test_what_cannot_be_played_is_told_and_no_secret_with_it(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    media: Path,
    web_: str,
    media_id: str,
    detail: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hass.config.internal_url = web_
    with pytest.raises(HomeAssistantError) as told:
        await play(hass, media_id)
    assert told.value.translation_key == "unplayable"
    assert detail in told.value.translation_placeholders["detail"]  # type: ignore[index]
    assert "secret" not in str(told.value.translation_placeholders)
    assert "secret" not in str(told.value)
    assert state_of(hass, SPEAKER) == "idle"
    assert heard(fake) == []


async def test_what_home_assistant_itself_serves_is_played(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, media: Path, web_: str
) -> None:
    """As its voices are: a path below its own address."""
    hass.config.internal_url = web_
    await play(hass, "/tone.mp3")
    await becomes(hass, "idle")
    assert len(heard(fake)) == pytest.approx(50, abs=4)


async def test_a_media_source_without_files_is_played_from_its_address(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    media: Path,
    web_: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As spoken words are."""
    hass.config.internal_url = web_

    async def resolve(hass: HomeAssistant, media_id: str, entity_id: str) -> PlayMedia:
        assert (media_id, entity_id) == ("media-source://tts/voice", SPEAKER)
        return PlayMedia("/tone.mp3", "audio/mpeg")

    monkeypatch.setattr(media_source, "async_resolve_media", resolve)
    await play(hass, "media-source://tts/voice")
    await becomes(hass, "idle")
    assert len(heard(fake)) == pytest.approx(50, abs=4)


async def test_a_speaker_that_fails_on_the_way_falls_silent(
    hass: HomeAssistant,
    running: MockConfigEntry,
    media: Path,
    ear: Ear,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await play(hass, local("tone.mp3"))
    ear.fault = CannotConnect("reset")
    ear.go_on.set()
    await becomes(hass, "idle")
    assert f"{SPEAKER} stopped playing" in caplog.text


async def test_a_speaker_that_cannot_be_reached_is_told(
    hass: HomeAssistant, running: MockConfigEntry, media: Path, ear: Ear
) -> None:
    ear.fault = CannotConnect("refused")
    with pytest.raises(HomeAssistantError) as told:
        await play(hass, local("tone.mp3"))
    assert told.value.translation_key == "cannot_connect"
    assert state_of(hass, SPEAKER) == "idle"


async def test_who_asked_may_leave_before_it_begins(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = asyncio.Event()

    async def never(part: str, frames: AsyncIterable[bytes]) -> None:
        opened.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(fake.device, "talk", never)
    asked = asyncio.create_task(play(hass, local("tone.mp3")))
    await opened.wait()
    assert state_of(hass, SPEAKER) == "playing"
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert state_of(hass, SPEAKER) == "idle"


async def test_it_falls_silent_with_its_entry(
    hass: HomeAssistant, running: MockConfigEntry, media: Path, ear: Ear
) -> None:
    await play(hass, local("tone.mp3"))
    assert await hass.config_entries.async_unload(running.entry_id)
    assert ear.busy == 0


async def test_it_browses_sounds(
    hass: HomeAssistant, running: MockConfigEntry, media: Path
) -> None:
    speaker = hass.data[DATA_COMPONENT].get_entity(SPEAKER)
    assert isinstance(speaker, CctvSpeaker)
    found = await speaker.async_browse_media(media_content_id="media-source://media_source/local/.")
    assert [child.title for child in found.children or ()] == ["tone.mp3"]


# --- how loud


async def test_it_is_as_loud_as_the_device_s_own_speaker(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    """The fake's volume goes from 10 to 90 %."""
    assert attributes_of(hass, SPEAKER)["volume_level"] == pytest.approx(0.375)
    await say(hass, fake, clock, Value("camera.1:speaker_volume", None))
    assert "volume_level" not in attributes_of(hass, SPEAKER)
    await act(hass, "media_player.volume_set", SPEAKER, volume_level=0.5)
    assert fake.device.done == [("camera.1", Set("speaker_volume", 50))]
    assert attributes_of(hass, SPEAKER)["volume_level"] == 0.5


async def test_a_volume_without_a_range_is_percent(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    whole = everything()
    for limits, value in ((None, 25), (Limits(0, 1, 0.01), 0.25)):
        feature = replace(whole.features["camera.1:speaker_volume"], limits=limits)
        await say(hass, fake, clock, everything(feature))
        await act(hass, "media_player.volume_set", SPEAKER, volume_level=0.25)
        assert fake.device.done[-1] == ("camera.1", Set("speaker_volume", value))


@pytest.fixture
def without_volume(fake: FakeFamily) -> FakeFamily:
    """Return the device without a volume of its own."""
    whole = everything()
    features = {id_: one for id_, one in whole.features.items() if one.key != "speaker_volume"}
    fake.device.topology = replace(whole, features=features)
    return fake


@pytest.mark.parametrize(
    ("kept", "level"), [(0.25, 0.25), ("loud", 1.0), (7, 1.0), (None, 1.0), (0, 0.0)]
)
async def test_what_is_sent_is_made_softer_and_stays_so(
    hass: HomeAssistant,
    without_volume: FakeFamily,
    entry: MockConfigEntry,
    clock: FakeClock,
    media: Path,
    kept: object,
    level: float,
) -> None:
    mock_restore_cache_with_extra_data(hass, [(State(SPEAKER, "idle"), {"speaker_volume": kept})])
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(hass, clock, 0.5)
    assert attributes_of(hass, SPEAKER)["volume_level"] == level
    await act(hass, "media_player.volume_set", SPEAKER, volume_level=0)
    assert attributes_of(hass, SPEAKER)["volume_level"] == 0
    assert without_volume.device.done == []
    await play(hass, local("tone.mp3"))
    await becomes(hass, "idle")
    silence = f"talk {bytes([0xFF]) * 160!r}"
    assert set(heard(without_volume)) == {silence}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_speaker_that_takes_no_sound_plays_none(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock, media: Path
) -> None:
    whole = everything()
    mute: Part = replace(whole.parts["camera.1"], talk=None)
    speaker = hass.data[DATA_COMPONENT].get_entity(SPEAKER)
    assert isinstance(speaker, CctvSpeaker)
    await say(hass, fake, clock, everything(mute))
    await act(hass, "media_player.volume_set", SPEAKER, volume_level=0.5)
    assert not attributes_of(hass, SPEAKER)["supported_features"] & (
        MediaPlayerEntityFeature.PLAY_MEDIA
    )
    with pytest.raises(HomeAssistantError):
        await speaker.async_play_media("music", local("tone.mp3"))
