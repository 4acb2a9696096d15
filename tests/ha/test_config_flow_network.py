"""Devices met on the network, and one device that is met twice."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Final

from homeassistant import config_entries
from homeassistant.const import (
    CONF_URL,
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
    CONF_IDENTITIES,
    DOMAIN,
)
from custom_components.cctv.devices.model import About, Part, PartKind
from tests.devices.clock import FakeClock

from . import servers
from .dialogs import LOGIN, URL, address, answer, discovered, errors, finish, told
from .fakes import MAC, FakeFamily, everything
from .steps import say

DHCP: Final = DhcpServiceInfo(ip="192.0.2.9", hostname="cellar", macaddress="00005e005301")
DHCP_BARE: Final = DhcpServiceInfo(ip="192.0.2.9", hostname="", macaddress="00005e005301")


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
        (config_entries.SOURCE_DHCP, DHCP_BARE, "192.0.2.9", "http://192.0.2.9"),
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


@pytest.mark.parametrize("host", ["169.254.7.7", "fe80::7", "fe80::7%2"])
async def test_an_address_that_a_device_gives_itself_is_none(
    hass: HomeAssistant, entry: MockConfigEntry, host: str
) -> None:
    """Its own entry would follow it there, where nobody can reach it."""
    entry.add_to_hass(hass)
    passing = replace(ZEROCONF, ip_address=ip_address(host), ip_addresses=[ip_address(host)])
    for source, data in (
        (config_entries.SOURCE_ZEROCONF, passing),
        (
            config_entries.SOURCE_SSDP,
            ssdp(f"http://[{host}]/" if ":" in host else f"http://{host}"),
        ),
    ):
        step = await discovered(hass, source, data)
        assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "no_address")
        assert entry.data[CONF_URL] == URL


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


async def test_a_camera_that_a_recorder_has_is_not_offered(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    """Home Assistant tells of every address of a device in its registry."""
    camera = Part("camera.1", PartKind.CAMERA, "Door", About(mac="00:00:5E:00:53:EE"))
    await say(hass, fake, clock, everything(camera))
    behind = DhcpServiceInfo(ip="192.0.2.77", hostname="door", macaddress="00005e0053ee")
    step = await discovered(hass, config_entries.SOURCE_DHCP, behind)
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert running.data[CONF_URL] == URL
