"""Every path through the dialogs, from the first form to an entry or an end."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from homeassistant import config_entries
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TIME_ZONE,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.ssdp import (
    ATTR_UPNP_FRIENDLY_NAME,
    ATTR_UPNP_PRESENTATION_URL,
    ATTR_UPNP_SERIAL,
    SsdpServiceInfo,
)
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import (
    CONF_ANCHOR,
    CONF_CHANNELS,
    CONF_FAMILY,
    CONF_FAMILY_OPTIONS,
    CONF_IDENTITIES,
    CONF_LEFT_OUT,
    DOMAIN,
)
from custom_components.cctv.devices import http, registry
from custom_components.cctv.devices.device import Family, Option, Sighting
from custom_components.cctv.devices.errors import (
    CannotConnect,
    DeviceError,
    Forbidden,
    Locked,
    Malformed,
    NoAnswer,
)
from custom_components.cctv.devices.model import BOX, About, Part, PartKind, topology
from tests.devices.clock import FakeClock

from . import servers
from .fakes import MAC, NAME, PASSWORD, FakeFamily

URL: Final = "http://192.0.2.1"
LOGIN: Final = {CONF_USERNAME: "admin", CONF_PASSWORD: PASSWORD}
CHANNELS: Final = ["camera.1", "camera.2"]
DHCP: Final = DhcpServiceInfo(ip="192.0.2.9", hostname="cellar", macaddress="00005e005301")


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


# --- by hand


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
    monkeypatch.setattr(http, "_ASK_DEADLINE", 0.1)
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
    )
    step = await answer(hass, await address(hass), LOGIN)
    step = await answer(hass, step, {CONF_CHANNELS: CHANNELS})
    assert step["step_id"] == "preferences"
    step = await answer(hass, step, {"eager": True, "depth": 5.0, "mode": "b"})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    kept = {"eager": True, "depth": 5, "page": "http://192.0.2.1/x", "mode": "b", "count": 0}
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


# --- one device, one entry


async def test_a_known_device_at_a_new_address_is_followed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    step = await answer(hass, await address(hass, "http://192.0.2.2:81"), LOGIN)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entry.data[CONF_URL] == "http://192.0.2.2:81"
    await hass.async_block_till_done()


async def test_a_known_device_at_its_own_address_is_left_alone(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    coordinator = running.runtime_data
    step = await answer(hass, await address(hass), LOGIN)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")
    await hass.async_block_till_done()
    assert running.runtime_data is coordinator


async def test_another_device_can_be_added_beside_it(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    other = MockConfigEntry(
        domain=DOMAIN,
        unique_id="S2",
        data={**entry.data, CONF_URL: "http://192.0.2.8", CONF_IDENTITIES: ["serial:S2"]},
    )
    other.add_to_hass(hass)
    await finish(hass, await address(hass))
    assert other.data[CONF_URL] == "http://192.0.2.8"


# --- met on the network


ZEROCONF: Final = ZeroconfServiceInfo(
    ip_address=ip_address("192.0.2.9"),
    ip_addresses=[ip_address("192.0.2.9")],
    port=8080,
    hostname="cellar.local.",
    type="_http._tcp.local.",
    name="Cellar._http._tcp.local.",
    properties={"mac": MAC, "Serial": "S1"},
)
ZEROCONF_6: Final = ZeroconfServiceInfo(
    ip_address=ip_address("2001:db8::9"),
    ip_addresses=[ip_address("2001:db8::9")],
    port=80,
    hostname="cellar.local.",
    type="_http._tcp.local.",
    name="Cellar._http._tcp.local.",
    properties={},
)


def ssdp(presentation: str | None, **more: str) -> SsdpServiceInfo:
    """Return what a device answers to a search."""
    upnp = {ATTR_UPNP_FRIENDLY_NAME: "Cellar", **more}
    if presentation is not None:
        upnp[ATTR_UPNP_PRESENTATION_URL] = presentation
    return SsdpServiceInfo(
        ssdp_usn="usn",
        ssdp_st="st",
        ssdp_location="http://192.0.2.9:49152/description.xml",
        upnp=upnp,
    )


SSDP: Final = ssdp("http://192.0.2.9:8080/", **{ATTR_UPNP_SERIAL: "S1"})
SSDP_BARE: Final = ssdp(None)


@pytest.mark.parametrize(
    ("source", "data", "name", "url"),
    [
        (config_entries.SOURCE_DHCP, DHCP, "cellar", "http://192.0.2.9"),
        (config_entries.SOURCE_ZEROCONF, ZEROCONF, "Cellar", "http://192.0.2.9:8080"),
        (config_entries.SOURCE_ZEROCONF, ZEROCONF_6, "Cellar", "http://[2001:db8::9]"),
        (config_entries.SOURCE_SSDP, SSDP, "Cellar", "http://192.0.2.9:8080"),
        (config_entries.SOURCE_SSDP, SSDP_BARE, "Cellar", "http://192.0.2.9"),
    ],
)
async def test_a_device_on_the_network_is_offered_and_asked_nothing_before_it_is_confirmed(
    hass: HomeAssistant, fake: FakeFamily, source: str, data: Any, name: str, url: str
) -> None:
    step = await discovered(hass, source, data)
    assert step["step_id"] == "confirm"
    assert told(step)["name"] == name
    step = await hass.config_entries.flow.async_configure(step["flow_id"])
    assert step["step_id"] == "confirm"
    assert not fake.asked

    step = await answer(hass, step, {})
    assert step["step_id"] == "login"
    step = await finish(hass, step)
    assert step["result"].data[CONF_URL] == url
    assert step["result"].unique_id == "S1"


@pytest.mark.usefixtures("socket_enabled")
async def test_a_discovered_device_that_does_not_answer_can_be_tried_again(
    hass: HomeAssistant, fake: FakeFamily
) -> None:
    fake.asks = True
    gone = ssdp(await servers.nobody())
    step = await discovered(hass, config_entries.SOURCE_SSDP, gone)
    step = await answer(hass, step, {})
    assert step["step_id"] == "confirm"
    assert errors(step) == {"base": "cannot_connect"}
    fake.asks = False
    await finish(hass, await answer(hass, step, {}))


async def test_discovery_without_an_address_ends(hass: HomeAssistant, fake: FakeFamily) -> None:
    nowhere = SsdpServiceInfo(ssdp_usn="usn", ssdp_st="st", upnp={})
    step = await discovered(hass, config_entries.SOURCE_SSDP, nowhere)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "no_address")


async def test_a_device_is_offered_once(hass: HomeAssistant, fake: FakeFamily) -> None:
    await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    step = await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_in_progress")


async def test_adding_it_by_hand_ends_the_offer(hass: HomeAssistant, fake: FakeFamily) -> None:
    await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    await finish(hass, await address(hass))
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


async def test_an_ignored_device_is_not_offered_again(
    hass: HomeAssistant, fake: FakeFamily
) -> None:
    step = await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": config_entries.SOURCE_IGNORE},
        data={"unique_id": "mac:00005e005301", "title": "cellar"},
    )
    step = await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_a_known_device_that_does_not_answer_is_followed_by_discovery(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_URL: "https://192.0.2.1:8443"}
    )
    step = await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entry.data[CONF_URL] == "https://192.0.2.9:8443"
    await hass.async_block_till_done()


async def test_a_known_device_that_answers_is_not_moved_by_discovery(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    step = await discovered(hass, config_entries.SOURCE_DHCP, DHCP)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert running.data[CONF_URL] == URL


async def test_what_shares_the_address_of_an_answering_device_is_that_device(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    same = DhcpServiceInfo(ip="192.0.2.1", hostname="cellar", macaddress="00005e0053ff")
    step = await discovered(hass, config_entries.SOURCE_DHCP, same)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_what_took_over_the_address_of_a_silent_device_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    other = DhcpServiceInfo(ip="192.0.2.1", hostname="cellar", macaddress="00005e0053ff")
    step = await discovered(hass, config_entries.SOURCE_DHCP, other)
    assert step["step_id"] == "confirm"
    assert entry.data[CONF_URL] == URL


# --- the login changed


async def reauth(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    entry.add_to_hass(hass)
    step = await entry.start_reauth_flow(hass)
    assert step["step_id"] == "reauth_confirm"
    assert told(step)["name"] == "Cellar"
    return step


async def test_a_new_password_is_taken(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.password = "new"
    step = await reauth(hass, entry)
    step = await hass.config_entries.flow.async_configure(step["flow_id"])
    assert step["step_id"] == "reauth_confirm"
    step = await answer(hass, step, {CONF_USERNAME: "admin", CONF_PASSWORD: "wrong"})
    assert errors(step) == {"base": "invalid_auth"}
    assert fake.device.count("login") == 1
    step = await answer(hass, step, {CONF_USERNAME: "viewer", CONF_PASSWORD: "new"})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert entry.data[CONF_USERNAME] == "viewer"
    assert entry.data[CONF_PASSWORD] == "new"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_the_login_of_another_device_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    strange = About(serial="S2", identities=frozenset({"serial:S2"}))
    fake.device.topology = topology([Part(BOX, PartKind.BOX, about=strange)])
    step = await answer(hass, await reauth(hass, entry), LOGIN)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "another_device")


# --- the address changed


async def reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    entry.add_to_hass(hass)
    step = await entry.start_reconfigure_flow(hass)
    assert step["step_id"] == "reconfigure"
    return step


async def test_address_login_and_certificate_can_be_changed(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.sighting = Sighting(NAME, certain=True, url="https://192.0.2.3:8443")
    step = await answer(
        hass,
        await reconfigure(hass, entry),
        {CONF_URL: "192.0.2.3", CONF_USERNAME: "viewer", CONF_VERIFY_SSL: False},
    )
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert entry.data[CONF_URL] == "https://192.0.2.3:8443"
    assert entry.data[CONF_USERNAME] == "viewer"
    assert entry.data[CONF_PASSWORD] == PASSWORD
    assert entry.options[CONF_VERIFY_SSL] is False
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_another_kind_of_device_is_refused_and_can_be_corrected(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = FakeFamily(name="other", title="Other cameras", sighting=Sighting("other", True))
    both: dict[str, Family] = {"other": other.family, NAME: fake.family}
    monkeypatch.setattr(registry, "_PACKAGES", tuple(both))
    monkeypatch.setattr(registry, "_load", both.__getitem__)
    step = await reconfigure(hass, entry)
    step = await answer(hass, step, {CONF_URL: "192.0.2.3", CONF_VERIFY_SSL: True, **LOGIN})
    assert errors(step) == {"base": "wrong_family"}
    assert told(step)["found"] == "Other cameras"
    step = await answer(hass, step, {CONF_URL: URL, CONF_VERIFY_SSL: True, **LOGIN})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()


async def test_another_device_of_the_same_kind_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    strange = About(serial="S2", identities=frozenset({"serial:S2"}))
    fake.device.topology = topology([Part(BOX, PartKind.BOX, about=strange)])
    step = await reconfigure(hass, entry)
    step = await answer(hass, step, {CONF_URL: "192.0.2.3", CONF_VERIFY_SSL: True, **LOGIN})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "another_device")
    assert entry.data[CONF_URL] == URL


# --- preferences


async def options(hass: HomeAssistant, entry: config_entries.ConfigEntry) -> ConfigFlowResult:
    step = await hass.config_entries.options.async_init(entry.entry_id)
    assert (step["type"], step["step_id"]) == (FlowResultType.FORM, "init")
    return step


async def prefer(
    hass: HomeAssistant, step: ConfigFlowResult, given: Mapping[str, Any]
) -> ConfigFlowResult:
    return await hass.config_entries.options.async_configure(step["flow_id"], dict(given))


async def test_preferences_can_be_changed(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.options = (Option("eager", "bool", default=False),)
    step = await options(hass, running)
    given = {CONF_VERIFY_SSL: False, "eager": True, CONF_TIME_ZONE: "Nowhere/Land"}
    step = await prefer(hass, step, {CONF_CHANNELS: [], **given})
    assert errors(step) == {CONF_CHANNELS: "no_channels", CONF_TIME_ZONE: "unknown_time_zone"}
    given[CONF_TIME_ZONE] = "Asia/Kathmandu"
    step = await prefer(hass, step, {CONF_CHANNELS: ["camera.1"], **given})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert running.options == {
        CONF_VERIFY_SSL: False,
        CONF_LEFT_OUT: {"camera.2": "Camera 2"},
        CONF_FAMILY_OPTIONS: {"eager": True},
        CONF_TIME_ZONE: "Asia/Kathmandu",
    }
    assert fake.device.env is not None
    assert str(fake.device.env.zone) == "Asia/Kathmandu"
    assert hass.states.get("binary_sensor.camera_2_connection") is None

    # What was left out can be taken in again.
    step = await options(hass, running)
    assert step["data_schema"] is not None
    assert step["data_schema"]({})[CONF_CHANNELS] == ["camera.1"]
    step = await prefer(
        hass, step, {CONF_CHANNELS: CHANNELS, CONF_VERIFY_SSL: True, "eager": False}
    )
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert CONF_TIME_ZONE not in running.options
    assert hass.states.get("binary_sensor.camera_2_connection") is not None


async def test_preferences_of_a_single_camera_ask_for_no_cameras(
    hass: HomeAssistant, fake: FakeFamily
) -> None:
    open_house = single()
    fake.device, fake.sighting = open_house.device, open_house.sighting
    step = await address(hass)
    await hass.async_block_till_done()
    entry = step["result"]
    step = await options(hass, entry)
    assert step["data_schema"] is not None
    assert CONF_CHANNELS not in step["data_schema"]({})
    step = await prefer(hass, step, {CONF_VERIFY_SSL: True})
    assert step["type"] is FlowResultType.CREATE_ENTRY
