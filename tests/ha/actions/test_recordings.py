"""Recordings by action, at simulated boxes over real sockets: listed, copied, cut out, deleted."""

import asyncio
from pathlib import Path
from typing import Any, Final

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers.event import async_track_state_change_event
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.model import BOX
from tests.devices.waiting import DEADLINE, until
from tests.simulators.ispy import IspySimulator
from tests.simulators.ispy.personality import FileSeed

from .boxes import Camera, SetUp, drawn, moment, single

_NOTHING: Final = compile("", "", "exec")
SECRET: Final = "media-source://cctv/"


# --- listed -------------------------------------------------------------------------------------


async def test_a_list_tells_what_it_takes_to_choose_and_to_copy(camera: Camera) -> None:
    rows = await camera.listed()
    row = single(rows)
    assert row["media_content_id"].startswith(SECRET)
    assert row["length"] == (moment(row["end"]) - moment(row["start"])).total_seconds()
    assert row["thumbnail"] is True
    assert row["kinds"] == ["motion"]
    assert row["name"]
    orjson.dumps(rows)


async def test_a_list_is_of_the_kinds_that_were_asked_for(camera: Camera) -> None:
    assert await camera.listed(kinds="motion", limit=1)
    assert await camera.listed(kinds=["person", "doorbell"]) == []


# --- the newest, and the next -------------------------------------------------------------------


async def test_the_newest_recording_is_told(camera: Camera) -> None:
    newest = next(row for row in await camera.listed() if row["refs"])
    told = await camera.ask("latest_recording")
    assert told["recording"] == newest
    assert told["new"] is False


async def test_an_empty_card_has_no_newest(camera: Camera) -> None:
    for path in camera.box.clips:
        camera.box.camera.card.remove(path)
    told = await camera.ask("latest_recording")
    assert (told["recording"], told["new"]) == (None, False)


async def test_the_next_recording_is_waited_for(hass: HomeAssistant, set_up: SetUp) -> None:
    box = IspySimulator(pictures=drawn)
    desk = await set_up("ispy", box)
    runner = desk.entry.runtime_data.runner
    camera = desk.device("camera.1")
    await listed_once(runner, "camera.1")
    call = asyncio.create_task(
        desk.call("latest_recording", answer=True, device_id=camera, wait=60)
    )
    made: list[str] = []
    async with asyncio.timeout(DEADLINE):
        while not call.done():
            # One that is there when the wait begins is not the next one.
            name = f"1_2026-01-05_00-00-{len(made):02}.mp4"
            made.append(box.add_recording(2, 1, FileSeed(0.0, 12, name=name)).name)
            hint(runner, "camera.1")
            await asyncio.wait({call}, timeout=1.5)
    (result,) = call.result()["results"]
    assert result["new"] is True
    assert result["recording"]["name"] in made


def hint(runner: Runner, part: str) -> None:
    """Have the recordings of a part listed at once, as its feed would."""
    runner._hinted((f"recordings:{part}",))


async def listed_once(runner: Runner, part: str) -> None:
    """Wait until the recordings of a part were listed, so that what comes later is new."""
    count = f"{part}:recordings_today"
    release = runner.want([count])
    await until(
        lambda: runner.state.value(count) is not None, lambda poke: runner.watch([count], poke)
    )
    release()


# --- deleted ------------------------------------------------------------------------------------


async def test_one_recording_is_deleted_and_no_other(hass: HomeAssistant, set_up: SetUp) -> None:
    box = IspySimulator(pictures=drawn)
    for _ in range(3):
        box.add_recording(2, 1)
    desk = await set_up("ispy", box)
    camera = desk.device("camera.1")

    async def rows() -> list[dict[str, Any]]:
        told = await desk.call("list_recordings", answer=True, device_id=camera)
        found: list[dict[str, Any]] = told["results"][0]["recordings"]
        return found

    before = await rows()
    await desk.call(
        "delete_recording", media_content_id=before[0]["media_content_id"], confirm=True
    )
    assert await rows() == before[1:]


async def test_deleting_is_confirmed_and_for_administrators(
    camera: Camera, guest: MockUser
) -> None:
    row = single(await camera.listed(limit=1000))
    error = await camera.refused("delete_recording", media_content_id=row["media_content_id"])
    assert error.translation_key == "not_confirmed"
    with pytest.raises(Unauthorized):
        await camera.desk.call(
            "delete_recording",
            by=guest,
            media_content_id=row["media_content_id"],
            confirm=True,
        )
    assert single(await camera.listed(limit=1000)) == row


async def test_a_target_beside_an_id_has_to_be_its_own(camera: Camera, set_up: SetUp) -> None:
    row = single(await camera.listed(limit=1000))
    box = IspySimulator(pictures=drawn)
    other = await set_up("ispy", box)
    with pytest.raises(ServiceValidationError) as caught:
        await camera.desk.call(
            "delete_recording",
            device_id=other.device("camera.1"),
            media_content_id=row["media_content_id"],
            confirm=True,
        )
    assert caught.value.translation_key == "not_of_target"
    assert single(await camera.listed(limit=1000)) == row


# --- as it happens ------------------------------------------------------------------------------


def _new_recording(hass: HomeAssistant) -> str:
    """Return the event entity of new recordings."""
    (entity_id,) = (
        each for each in hass.states.async_entity_ids("event") if each.endswith("_new_recording")
    )
    return entity_id


async def test_a_new_recording_names_what_it_takes_to_copy_it(
    hass: HomeAssistant, camera: Camera, folder: Path
) -> None:
    runner = camera.desk.entry.runtime_data.runner
    heard = asyncio.Event()

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and "media_content_id" in state.attributes:
            heard.set()

    async_track_state_change_event(hass, _new_recording(hass), hear)
    await listed_once(runner, BOX)
    camera.box.add_clip(seconds=5)
    async with asyncio.timeout(DEADLINE):
        hint(runner, BOX)
        await heard.wait()
    state = hass.states.get(_new_recording(hass))
    assert state is not None
    assert state.attributes["event_type"] == "recorded"
    assert state.attributes["kinds"] == ["motion"]
    told = await camera.ask(
        "download_recording",
        media_content_id=state.attributes["media_content_id"],
        directory=str(folder),
    )
    assert Path(told["file"]).exists()
