"""What Home Assistant plays is heard at simulated devices, in the sound that each takes."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from tests.media.samples import tone
from tests.simulators.ispy import IspySimulator
from tests.simulators.open_api import OpenApiSimulator
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.yi_box import tiny_loop, tiny_picture

from .house import House, add
from .steps import act

USER: Final = "viewer"
PASSWORD: Final = "p@ss:w/rd#"
MORNING: Final = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
DEADLINE_SECONDS: Final = 30
LOGIN: Final = {"username": USER, "password": PASSWORD}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A simulated device that can be heard."""

    make: Callable[[], Any]
    heard: Callable[[Any], int]
    second: int
    """Bytes that one second of sound is."""
    login: Mapping[str, str]
    lost: Callable[[Any], int] = lambda box: 0


def camera_sound(box: IspySimulator) -> int:
    return sum(len(thing.heard) for thing in box.program.objects())


SPEAKERS: Final = {
    "mulaw": Speaker(
        lambda: OpenApiSimulator(
            "vapix",
            USER,
            PASSWORD,
            pictures=tiny_picture,
            loops=lambda scene: tiny_loop(scene, (0, 0)),
        ),
        lambda box: box.speaker.received,
        8_000,
        LOGIN,
        lambda box: box.speaker.talks[-1].lost,
    ),
    "samples on a line of its own": Speaker(
        lambda: IspySimulator("g3", pictures=tiny_picture), camera_sound, 44_100, {}
    ),
    "samples as one body": Speaker(
        lambda: YiHackSimulator(
            "allwinner_v2", USER, PASSWORD, at=MORNING, pictures=tiny_picture, loops=tiny_loop
        ),
        lambda box: box.camera.speaker.pcm_bytes,
        32_000,
        LOGIN,
    ),
}


@pytest.mark.parametrize("name", SPEAKERS)
async def test_a_second_is_heard_for_a_second(
    hass: HomeAssistant, socket_enabled: None, tmp_path: Path, name: str
) -> None:
    """Case 41."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    assert await async_setup_component(hass, "media_source", {})
    tone(tmp_path / "tone.mp3", "libmp3lame", seconds=1)
    speaker = SPEAKERS[name]
    box = speaker.make()
    await box.start()
    try:
        house = House(hass, box, await add(hass, box.url, speaker.login))
        entity = next(one.entity_id for one in house.entities() if one.domain == "media_player")
        async with asyncio.timeout(DEADLINE_SECONDS):
            await act(
                hass,
                "media_player.play_media",
                entity,
                media_content_type="music",
                media_content_id="media-source://media_source/local/tone.mp3",
            )
        await house.until(entity, "idle")
        assert speaker.heard(box) == pytest.approx(speaker.second, rel=0.15)
        assert speaker.lost(box) == 0
        await hass.config_entries.async_unload(house.entry.entry_id)
    finally:
        await box.stop()
