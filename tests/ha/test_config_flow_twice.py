"""One device, one entry, also where nothing but its address tells it from another."""

from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import (
    CONF_ANCHOR,
    CONF_FAMILY,
    CONF_FAMILY_OPTIONS,
    CONF_IDENTITIES,
    DOMAIN,
)
from custom_components.cctv.devices import registry
from custom_components.cctv.devices.device import Family, Option, Sighting
from custom_components.cctv.devices.model import BOX, About, Part, PartKind, topology

from .dialogs import URL, address, answer, single
from .fakes import NAME, FakeFamily

OTHER = "http://192.0.2.1:8081"
REFUSED = (FlowResultType.ABORT, "already_configured")


@pytest.fixture
def nameless(fake: FakeFamily) -> FakeFamily:
    """Return the family of a device that has no number of its own."""
    bare = single()
    fake.device, fake.sighting = bare.device, bare.sighting
    return fake


def entry_for(url: str, family: str = NAME, *known: str) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        data={
            CONF_FAMILY: family,
            CONF_URL: url,
            CONF_USERNAME: "",
            CONF_PASSWORD: "",
            CONF_ANCHOR: None,
            CONF_IDENTITIES: list(known),
        },
        options={CONF_FAMILY_OPTIONS: {}},
    )


@pytest.mark.parametrize("there", [URL, f"{URL}:80", "https://192.0.2.1:80"])
async def test_a_nameless_device_is_known_by_its_address(
    hass: HomeAssistant, nameless: FakeFamily, there: str
) -> None:
    entry_for(there).add_to_hass(hass)
    step = await address(hass)
    assert (step["type"], step["reason"]) == REFUSED


async def test_a_device_that_an_account_saw_less_of_is_known_by_its_address(
    hass: HomeAssistant, nameless: FakeFamily
) -> None:
    entry_for(URL, NAME, "serial:S1").add_to_hass(hass)
    step = await address(hass)
    assert (step["type"], step["reason"]) == REFUSED


@pytest.mark.parametrize(
    "another",
    [entry_for(OTHER), entry_for("http://192.0.2.2"), entry_for(URL, "other")],
    ids=["port", "host", "family"],
)
async def test_another_device_is_not_in_the_way(
    hass: HomeAssistant, nameless: FakeFamily, another: MockConfigEntry
) -> None:
    another.add_to_hass(hass)
    step = await address(hass)
    assert step["type"] is FlowResultType.CREATE_ENTRY


async def test_a_device_with_another_number_took_over_the_address(
    hass: HomeAssistant, nameless: FakeFamily
) -> None:
    entry_for(URL, NAME, "serial:S1").add_to_hass(hass)
    new = About(serial="S2")
    nameless.device.topology = topology([Part(BOX, PartKind.BOX, about=new)])
    step = await address(hass)
    assert step["type"] is FlowResultType.CREATE_ENTRY
    assert step["result"].unique_id == "S2"


async def test_two_dialogs_make_one_entry(hass: HomeAssistant, nameless: FakeFamily) -> None:
    nameless.options = (Option("eager", "bool", default=False),)
    first, second = await address(hass), await address(hass)
    assert first["step_id"] == second["step_id"] == "preferences"
    first = await answer(hass, first, {"eager": True})
    assert first["type"] is FlowResultType.CREATE_ENTRY
    second = await answer(hass, second, {"eager": False})
    assert (second["type"], second["reason"]) == REFUSED


async def test_an_entry_is_not_moved_onto_another(
    hass: HomeAssistant, nameless: FakeFamily
) -> None:
    moved, there = entry_for(URL), entry_for(OTHER)
    for entry in (moved, there):
        entry.add_to_hass(hass)
    nameless.sighting = Sighting(NAME, certain=True, login=False, url=OTHER)
    step = await moved.start_reconfigure_flow(hass)
    step = await answer(hass, step, {CONF_URL: OTHER, CONF_VERIFY_SSL: True})
    assert (step["type"], step["reason"]) == REFUSED
    assert moved.data[CONF_URL] == URL

    step = await moved.start_reconfigure_flow(hass)
    step = await answer(hass, step, {CONF_URL: URL, CONF_VERIFY_SSL: False})
    assert (step["type"], step["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()


async def test_families_may_share_a_host(
    hass: HomeAssistant, nameless: FakeFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FakeFamily(name="other", sighting=Sighting("other", certain=True, login=False))
    other.device.topology, other.device.password = nameless.device.topology, ""
    monkeypatch.setattr(registry, "_PACKAGES", ("other", NAME))
    both: dict[str, Family] = {"other": other.family, NAME: nameless.family}
    monkeypatch.setattr(registry, "_load", both.__getitem__)
    entry_for(URL).add_to_hass(hass)
    step = await address(hass)
    assert step["type"] is FlowResultType.CREATE_ENTRY
    assert step["result"].data[CONF_FAMILY] == "other"
