"""A real Home Assistant with a family of its own; network on loopback only."""

from collections.abc import AsyncIterator
import functools

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

# Found before the example integrations that the test harness brings along.
import custom_components.cctv
from custom_components.cctv import connection
from custom_components.cctv.const import (
    CONF_ANCHOR,
    CONF_FAMILY,
    CONF_FAMILY_OPTIONS,
    CONF_IDENTITIES,
    CONF_LEFT_OUT,
    DOMAIN,
)
from custom_components.cctv.devices import registry
from custom_components.cctv.devices.device import Family
from custom_components.cctv.devices.env import Env
from tests.devices.clock import FakeClock

from .fakes import NAME, PASSWORD, FakeFamily

assert custom_components.cctv.__name__ == f"custom_components.{DOMAIN}"


@pytest.fixture(autouse=True)
def _our_integration(enable_custom_integrations: None) -> None:
    """Let Home Assistant load it."""


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that know Home Assistant's types."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeFamily:
    """Return the family of the device that has everything, the only one in the registry."""
    fake = FakeFamily()

    def load(name: str) -> Family:
        """Return the family, whose options a test may have changed."""
        assert name == NAME
        return fake.family

    monkeypatch.setattr(registry, "_PACKAGES", (NAME,))
    monkeypatch.setattr(registry, "_load", load)
    return fake


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Return the clock that devices live by."""
    clock = FakeClock()
    monkeypatch.setattr(connection, "Env", functools.partial(Env, clock=clock))
    return clock


@pytest.fixture
def entry(fake: FakeFamily) -> MockConfigEntry:
    """Return an entry for the device that has everything, not added yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Cellar",
        unique_id="S1",
        data={
            CONF_FAMILY: NAME,
            CONF_URL: "http://192.0.2.1",
            CONF_USERNAME: "admin",
            CONF_PASSWORD: PASSWORD,
            CONF_ANCHOR: "S1",
            CONF_IDENTITIES: ["mac:00005e005301", "serial:S1"],
        },
        options={CONF_VERIFY_SSL: True, CONF_LEFT_OUT: {}, CONF_FAMILY_OPTIONS: {}},
    )


@pytest.fixture
async def running(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> AsyncIterator[MockConfigEntry]:
    """Return the entry, set up, with everything read once and the feed heard."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await clock.advance(0.5)
    fake.device.say()
    await clock.advance(0.5)
    await hass.async_block_till_done()
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
