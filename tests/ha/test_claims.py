"""What only one device may hold, such as an MQTT topic (case 44)."""

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import CONF_ANCHOR, CONF_FAMILY, CONF_IDENTITIES, DOMAIN
from custom_components.cctv.devices import registry
from custom_components.cctv.devices.model import (
    BOX,
    About,
    Feed,
    Need,
    Part,
    PartKind,
    Topology,
    topology,
)
from tests.devices.clock import FakeClock

from .fakes import FakeFamily

type Two = tuple[MockConfigEntry, MockConfigEntry]


def holding(serial: str, *claims: str) -> Topology:
    about = About(serial=serial, claims=frozenset(claims))
    feed = Feed("events", need=Need.ALWAYS)
    return topology([Part(BOX, PartKind.BOX, about=about)], feeds=[feed])


def entry_of(family: FakeFamily, title: str) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title=title,
        data={
            CONF_FAMILY: family.name,
            CONF_URL: f"http://{family.name}.invalid",
            CONF_ANCHOR: family.name,
            CONF_IDENTITIES: [],
        },
    )


@pytest.fixture
def families(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeFamily]:
    """Return two families of one device each; neither has a password."""
    found = {name: FakeFamily(name=name) for name in ("one", "two")}
    for family in found.values():
        family.device.password = ""
    monkeypatch.setattr(registry, "_PACKAGES", tuple(found))
    monkeypatch.setattr(registry, "_load", lambda name: found[name].family)
    return found


def clashes(issues: ir.IssueRegistry) -> dict[str, dict[str, str] | None]:
    """Return what is shown, by the text it is shown with."""
    return {
        issue.translation_key or "": issue.translation_placeholders
        for (domain, _), issue in issues.issues.items()
        if domain == DOMAIN and (issue.translation_key or "").startswith("claim")
    }


async def set_up(hass: HomeAssistant, families: dict[str, FakeFamily]) -> Two:
    one, two = entry_of(families["one"], "Attic"), entry_of(families["two"], "Nursery")
    for entry in (two, one):
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return one, two


async def test_two_devices_that_hold_the_same_are_named_until_one_is_gone(
    hass: HomeAssistant, families: dict[str, FakeFamily], issue_registry: ir.IssueRegistry
) -> None:
    families["one"].device.topology = holding("S1", "mqtt:yicam", "mqtt-client:yi-1")
    families["two"].device.topology = holding("S2", "mqtt:yicam", "mqtt-client:yi-2")
    one, two = await set_up(hass, families)
    assert clashes(issue_registry) == {
        "claim_mqtt": {"devices": "Attic, Nursery", "value": "yicam"},
    }
    await hass.config_entries.async_unload(one.entry_id)
    assert clashes(issue_registry) == {}
    await hass.config_entries.async_setup(one.entry_id)
    assert "claim_mqtt" in clashes(issue_registry)
    await hass.config_entries.async_remove(two.entry_id)
    assert clashes(issue_registry) == {}


async def test_each_kind_of_claim_is_told_in_its_own_words(
    hass: HomeAssistant, families: dict[str, FakeFamily], issue_registry: ir.IssueRegistry
) -> None:
    for number, family in enumerate(families.values()):
        family.device.topology = holding(f"S{number}", "mqtt-client:yi", "seat:the:only")
    await set_up(hass, families)
    assert clashes(issue_registry) == {
        "claim_mqtt_client": {"devices": "Attic, Nursery", "value": "yi"},
        "claim": {"devices": "Attic, Nursery", "value": "the:only"},
    }


async def test_a_claim_that_is_changed_meanwhile_counts(
    hass: HomeAssistant,
    families: dict[str, FakeFamily],
    issue_registry: ir.IssueRegistry,
    clock: FakeClock,
) -> None:
    families["one"].device.topology = holding("S1", "mqtt:attic")
    families["two"].device.topology = holding("S2", "mqtt:nursery")
    await set_up(hass, families)
    assert clashes(issue_registry) == {}
    await clock.advance(0.5)
    for prefix, wanted in (("nursery", {"claim_mqtt"}), ("cellar", set[str]())):
        families["one"].device.say(holding("S1", f"mqtt:{prefix}"))
        await clock.advance(0.1)
        await hass.async_block_till_done()
        assert set(clashes(issue_registry)) == wanted


async def test_a_clash_that_the_user_ignores_stays_ignored_when_one_is_set_up_anew(
    hass: HomeAssistant, families: dict[str, FakeFamily], issue_registry: ir.IssueRegistry
) -> None:
    for number, family in enumerate(families.values()):
        family.device.topology = holding(f"S{number}", "mqtt:yicam")
    one, _ = await set_up(hass, families)
    (key,) = [key for key in issue_registry.issues if key[0] == DOMAIN]
    ir.async_ignore_issue(hass, *key, ignore=True)
    await hass.config_entries.async_reload(one.entry_id)
    await hass.async_block_till_done()
    assert issue_registry.issues[key].dismissed_version is not None
