"""A simulated server that lets nobody in but those on its list, met through the dialogs."""

from collections.abc import AsyncIterator
import json

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.cctv.const import CONF_CHANNELS, DOMAIN
from tests.simulators.ispy import IspySimulator
from tests.simulators_tests.ispy_box import loop, picture, text

from .dialogs import answer, begin, errors, told

OUTSIDE = "203.0.113.9"


@pytest.fixture
async def pc(socket_enabled: None) -> AsyncIterator[IspySimulator]:
    """A PC with iSpy."""
    async with IspySimulator("g3", pictures=picture, loops=loop) as box:
        yield box


async def test_who_is_not_on_the_list_is_told_so_and_gets_in_by_the_code(
    hass: HomeAssistant, pc: IspySimulator
) -> None:
    code = json.loads(await text(pc, "/connect"))["auth"]
    pc.access.peer = OUTSIDE
    step = await answer(hass, await begin(hass), {CONF_URL: pc.url})
    assert step["step_id"] == "login"
    step = await answer(hass, step, {CONF_USERNAME: "", CONF_PASSWORD: ""})
    assert errors(step) == {"base": "not_allowed"}
    assert "allowed IP addresses on iSpy's Settings panel" in told(step)["detail"]
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    assert "{detail}" in texts[f"component.{DOMAIN}.config.error.not_allowed"]
    step = await answer(hass, step, {CONF_USERNAME: "", CONF_PASSWORD: code})
    while step["type"] is FlowResultType.FORM:
        assert step["data_schema"] is not None
        given = step["data_schema"]({})
        if step["step_id"] == "channels":
            given = {CONF_CHANNELS: ["camera.1"]}
        step = await answer(hass, step, given)
    await hass.async_block_till_done()
    entry = step["result"]
    states = [entry.state]
    await hass.config_entries.async_unload(entry.entry_id)
    await pc.restart()
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    states.append(entry.state)
    assert states == [ConfigEntryState.LOADED, ConfigEntryState.SETUP_ERROR]
    assert entry.error_reason_translation_key == "not_allowed"
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
