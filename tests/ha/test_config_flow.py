"""Adding a device by hand: every path from the first form to an entry."""

import asyncio
from pathlib import Path

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.cctv.const import (
    CONF_ANCHOR,
    CONF_CHANNELS,
    CONF_FAMILY,
    CONF_FAMILY_OPTIONS,
    CONF_IDENTITIES,
    CONF_LEFT_OUT,
)
from custom_components.cctv.devices import registry
from custom_components.cctv.devices.device import Family, Option, Sighting
from custom_components.cctv.devices.errors import (
    CannotConnect,
    DeviceError,
    Forbidden,
    Locked,
    Malformed,
    NoAnswer,
)
from custom_components.cctv.devices.http import asker

from . import servers
from .dialogs import (
    CHANNELS,
    LOGIN,
    URL,
    address,
    answer,
    errors,
    finish,
    single,
    told,
)
from .fakes import NAME, PASSWORD, FakeFamily


async def test_an_address_and_a_login_are_enough(hass: HomeAssistant, fake: FakeFamily) -> None:
    step = await address(hass)
    assert step["step_id"] == "login"
    assert told(step) == {"name": "S-8", "address": URL}
    assert fake.device.log == []

    step = await answer(hass, step, LOGIN)
    assert step["step_id"] == "channels"
    step = await answer(hass, step, {CONF_CHANNELS: ["camera.1"]})

    assert step["type"] is FlowResultType.CREATE_ENTRY
    assert step["title"] == "Cellar"
    entry = step["result"]
    assert entry.unique_id == "S1"
    assert entry.data == {
        CONF_FAMILY: NAME,
        CONF_URL: URL,
        CONF_USERNAME: "admin",
        CONF_PASSWORD: PASSWORD,
        CONF_ANCHOR: "S1",
        CONF_IDENTITIES: ["mac:00005e005301", "serial:S1"],
    }
    assert entry.options == {
        CONF_VERIFY_SSL: True,
        CONF_LEFT_OUT: {"camera.2": "Camera 2"},
        CONF_FAMILY_OPTIONS: {},
    }
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_at_least_one_camera_is_chosen(hass: HomeAssistant, fake: FakeFamily) -> None:
    step = await answer(hass, await address(hass), LOGIN)
    step = await answer(hass, step, {CONF_CHANNELS: []})
    assert errors(step) == {"base": "no_channels"}
    await finish(hass, step)


async def test_a_login_out_of_the_address_is_offered(hass: HomeAssistant, fake: FakeFamily) -> None:
    step = await address(hass, "http://viewer:secret@192.0.2.1/some/page")
    assert step["data_schema"] is not None
    assert step["data_schema"]({})[CONF_USERNAME] == "viewer"
    await finish(hass, step)


async def test_a_device_without_login_and_number(
    hass: HomeAssistant, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_house = single()
    fake.device, fake.sighting = open_house.device, open_house.sighting
    step = await address(hass)
    assert step["type"] is FlowResultType.CREATE_ENTRY
    assert step["title"] == "Sample cameras"
    entry = step["result"]
    assert entry.unique_id is None
    assert entry.data[CONF_ANCHOR] is None
    await hass.async_block_till_done()
    assert entry.runtime_data.anchor == entry.entry_id

    # Without a number its address has to tell that it is there already.
    step = await address(hass)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_a_device_that_wants_a_login_after_all(hass: HomeAssistant, fake: FakeFamily) -> None:
    fake.sighting = Sighting(NAME, certain=True, login=False)
    step = await address(hass)
    assert step["step_id"] == "login"
    assert errors(step) == {"base": "invalid_auth"}
    await finish(hass, step)


async def test_an_open_device_that_fails_is_said_where_the_address_was_asked(
    hass: HomeAssistant, fake: FakeFamily
) -> None:
    open_house = single()
    fake.device, fake.sighting = open_house.device, open_house.sighting
    fake.device.faults["open"] = Malformed("no sense")
    step = await address(hass)
    assert step["step_id"] == "user"
    assert errors(step) == {"base": "malformed"}
    fake.device.faults.clear()
    step = await answer(hass, step, {CONF_URL: URL})
    assert step["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("socket_enabled")
async def test_nobody_at_the_address(hass: HomeAssistant, fake: FakeFamily) -> None:
    fake.asks = True
    step = await address(hass, await servers.nobody())
    assert step["step_id"] == "user"
    assert errors(step) == {"base": "cannot_connect"}
    async with servers.page() as url:
        await finish(hass, await answer(hass, step, {CONF_URL: url}))


@pytest.mark.usefixtures("socket_enabled")
async def test_something_else_at_the_address(hass: HomeAssistant, fake: FakeFamily) -> None:
    fake.asks = True
    known, fake.sighting = fake.sighting, None
    async with servers.page() as url:
        step = await address(hass, url)
        assert step["step_id"] == "user"
        assert errors(step) == {"base": "wrong_family"}
        assert "Toaster" in told(step)["found"]
        fake.sighting = known
        await finish(hass, await answer(hass, step, {CONF_URL: url}))


@pytest.mark.usefixtures("socket_enabled")
async def test_somebody_at_the_address_who_does_not_answer(
    hass: HomeAssistant, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asker, "_ASK_DEADLINE", 0.1)
    fake.asks = True
    async with servers.silence() as url:
        step = await address(hass, url)
    assert step["step_id"] == "user"
    assert errors(step) == {"base": "no_answer"}
    fake.asks = False
    await finish(hass, await answer(hass, step, {CONF_URL: URL}))


async def test_what_is_no_address_is_not_asked(hass: HomeAssistant, fake: FakeFamily) -> None:
    step = await address(hass, "ftp://192.0.2.1")
    assert errors(step) == {"base": "bad_input"}
    await finish(hass, await answer(hass, step, {CONF_URL: URL}))


@pytest.mark.usefixtures("socket_enabled")
async def test_a_certificate_that_nobody_vouches_for_can_be_accepted(
    hass: HomeAssistant, fake: FakeFamily, tmp_path: Path
) -> None:
    fake.asks = True
    tls = await hass.async_add_executor_job(servers.self_signed, tmp_path)
    async with servers.page(tls) as url:
        step = await address(hass, url)
        assert step["step_id"] == "tls"
        assert errors(step) == {}

        step = await answer(hass, step, {CONF_VERIFY_SSL: True})
        assert step["step_id"] == "tls"
        assert errors(step) == {"base": "tls_refused"}

        step = await answer(hass, step, {CONF_VERIFY_SSL: False})
        step = await finish(hass, step)
    assert step["result"].data[CONF_URL] == url
    assert step["result"].options[CONF_VERIFY_SSL] is False
    assert fake.device.env is not None
    assert fake.device.env.address.verify_tls is False


async def test_the_user_says_what_it_is_where_it_is_not_certain(
    hass: HomeAssistant, fake: FakeFamily
) -> None:
    fake.sighting = Sighting(NAME, certain=False, url="http://192.0.2.1:8080")
    step = await address(hass)
    assert step["step_id"] == "family"
    assert fake.device.log == []
    step = await answer(hass, step, {CONF_FAMILY: NAME})
    step = await finish(hass, step)
    assert step["result"].data[CONF_URL] == "http://192.0.2.1:8080"


async def test_the_user_knows_better_what_it_is(
    hass: HomeAssistant, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FakeFamily(name="other", title="Other cameras", sighting=None)
    both: dict[str, Family] = {"other": other.family, NAME: fake.family}
    monkeypatch.setattr(registry, "_PACKAGES", tuple(both))
    monkeypatch.setattr(registry, "_load", both.__getitem__)
    fake.sighting = Sighting(NAME, certain=False)
    step = await address(hass)
    assert step["step_id"] == "family"
    step = await answer(hass, step, {CONF_FAMILY: "other"})
    step = await finish(hass, step)
    assert step["result"].data[CONF_FAMILY] == "other"
    assert fake.device.log == []
    assert "open" in other.device.log


@pytest.mark.parametrize(
    ("trouble", "key", "said"),
    [
        (Locked("too many", seconds=1800), "locked", {"minutes": "30"}),
        (
            Forbidden("the right to read the configuration"),
            "forbidden",
            {"detail": "the right to read the configuration"},
        ),
        (Malformed("half an answer"), "malformed", {"detail": "half an answer"}),
        (NoAnswer("silent"), "no_answer", {}),
        (CannotConnect("gone"), "cannot_connect", {}),
    ],
)
async def test_trouble_with_the_login_is_said_and_tried_again_only_when_submitted(
    hass: HomeAssistant, fake: FakeFamily, trouble: DeviceError, key: str, said: dict[str, str]
) -> None:
    step = await address(hass)
    fake.device.faults["open"] = trouble
    step = await answer(hass, step, LOGIN)
    assert step["step_id"] == "login"
    assert errors(step) == {"base": key}
    assert said.items() <= told(step).items()
    assert fake.device.count("login") == 1
    await hass.async_block_till_done()
    assert fake.device.count("login") == 1
    fake.device.faults.clear()
    await finish(hass, step)


async def test_a_wrong_password_is_sent_once(hass: HomeAssistant, fake: FakeFamily) -> None:
    step = await address(hass)
    step = await answer(hass, step, {CONF_USERNAME: "admin", CONF_PASSWORD: "wrong"})
    assert errors(step) == {"base": "invalid_auth"}
    assert fake.device.count("login") == 1
    assert fake.device.closed
    await finish(hass, step)


async def test_a_device_that_says_nothing_is_not_waited_for(
    hass: HomeAssistant, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = await address(hass)
    with monkeypatch.context() as patch:
        patch.setattr("custom_components.cctv.connection.OPEN_DEADLINE_SECONDS", 0)
        fake.device.gates["open"] = asyncio.Event()
        step = await answer(hass, step, LOGIN)
    assert errors(step) == {"base": "no_answer"}
    assert fake.device.closed
    fake.device.gates.clear()
    await finish(hass, step)


async def test_a_device_that_does_not_say_what_it_has_is_not_added(
    hass: HomeAssistant, fake: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = await address(hass)
    with monkeypatch.context() as patch:

        async def nothing() -> tuple[()]:
            return ()

        patch.setattr(fake.device, "open", nothing)
        step = await answer(hass, step, LOGIN)
    assert errors(step) == {"base": "malformed"}
    await finish(hass, step)


async def test_a_family_asks_its_own_questions(hass: HomeAssistant, fake: FakeFamily) -> None:
    fake.options = (
        Option("eager", "bool", default=False),
        Option("depth", "int", default=3, min=1, max=9),
        Option("label", "text"),
        Option("page", "url", default="http://192.0.2.1/x"),
        Option("mode", "choice", default="a", choices=("a", "b")),
        Option("count", "int", default=0),
        Option("limit", "int"),
    )
    step = await answer(hass, await address(hass), LOGIN)
    step = await answer(hass, step, {CONF_CHANNELS: CHANNELS})
    assert step["step_id"] == "preferences"
    step = await answer(hass, step, {"eager": True, "depth": 5.0, "mode": "b"})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    kept = {"eager": True, "depth": 5, "mode": "b", "count": 0}
    assert step["result"].options[CONF_FAMILY_OPTIONS] == kept
    await hass.async_block_till_done()
    assert fake.device.env is not None
    assert fake.device.env.options == {**kept, CONF_LEFT_OUT: []}


@pytest.mark.usefixtures("socket_enabled")
async def test_forms_can_be_opened_again(
    hass: HomeAssistant, fake: FakeFamily, tmp_path: Path
) -> None:
    """The frontend asks for the present step once more when a dialog was closed."""
    fake.options = (Option("eager", "bool", default=False),)
    manager = hass.config_entries.flow

    async def again(step: ConfigFlowResult) -> None:
        shown = await manager.async_configure(step["flow_id"])
        assert shown["step_id"] == step["step_id"]

    fake.asks = True
    tls = await hass.async_add_executor_job(servers.self_signed, tmp_path)
    fake.sighting = Sighting(NAME, certain=False)
    async with servers.page(tls) as url:
        step = await address(hass, url)
        await again(step)
        step = await answer(hass, step, {CONF_VERIFY_SSL: False})
    await again(step)
    step = await answer(hass, step, {CONF_FAMILY: NAME})
    await again(step)
    step = await answer(hass, step, LOGIN)
    await again(step)
    step = await answer(hass, step, {CONF_CHANNELS: CHANNELS})
    await again(step)
    step = await answer(hass, step, {"eager": True})
    assert step["type"] is FlowResultType.CREATE_ENTRY
