"""Going through the dialogs as a user does."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant import config_entries
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_URL,
    CONF_USERNAME,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.cctv.const import (
    CONF_CHANNELS,
    DOMAIN,
)
from custom_components.cctv.devices.device import Sighting
from custom_components.cctv.devices.model import BOX, Part, PartKind, topology

from .fakes import NAME, PASSWORD, FakeFamily

URL: Final = "http://192.0.2.1"
LOGIN: Final = {CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD}
CHANNELS: Final = ["camera.1", "camera.2"]


async def begin(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the dialog."""
    step = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    assert (step["type"], step["step_id"]) == (FlowResultType.FORM, "user")
    return step


async def answer(
    hass: HomeAssistant, step: ConfigFlowResult, given: Mapping[str, Any]
) -> ConfigFlowResult:
    """Fill in the form of a step."""
    return await hass.config_entries.flow.async_configure(step["flow_id"], dict(given))


async def address(hass: HomeAssistant, text: str = URL) -> ConfigFlowResult:
    """Open the dialog and give the address."""
    return await answer(hass, await begin(hass), {CONF_URL: text})


async def discovered(hass: HomeAssistant, source: str, data: Any) -> ConfigFlowResult:
    """Have the network tell of a device."""
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": source}, data=data)


def errors(step: ConfigFlowResult) -> dict[str, str]:
    assert step["type"] is FlowResultType.FORM
    return step["errors"] or {}


def told(step: ConfigFlowResult) -> dict[str, str]:
    return dict(step["description_placeholders"] or {})


async def finish(hass: HomeAssistant, step: ConfigFlowResult) -> ConfigFlowResult:
    """Log in, keep all channels, and see an entry come of it."""
    if step["step_id"] == "login":
        step = await answer(hass, step, LOGIN)
    assert step["step_id"] == "channels", step
    step = await answer(hass, step, {CONF_CHANNELS: CHANNELS})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return step


def single() -> FakeFamily:
    """Return a family whose device is one camera without a login and without a number."""
    fake = FakeFamily(sighting=Sighting(NAME, certain=True, login=False))
    fake.device.topology = topology([Part(BOX, PartKind.BOX)])
    fake.device.password = ""
    return fake
