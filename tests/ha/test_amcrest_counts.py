"""How many entities each simulated Amcrest box has once it is surveyed; `-s` prints them."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.cctv.devices.engine import polls
from custom_components.cctv.devices.engine.state import poll_source
from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator

from .house import House, add, eventually
from .test_amcrest import PASSWORD, USER, picture

SURVEY = poll_source("survey")


@pytest.mark.parametrize("personality", sorted(PERSONALITIES))
async def test_what_the_survey_adds(
    hass: HomeAssistant,
    socket_enabled: None,
    personality: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polls, "LATER_SECONDS", 1)
    async with AmcrestSimulator(personality, USER, PASSWORD, pictures=picture) as box:
        entry = await add(hass, box.url, {"username": USER, "password": PASSWORD})
        house = House(hass, box, entry)
        before = sum(house.count().values())
        await eventually(lambda: SURVEY in entry.runtime_data.state.health)
        await hass.async_block_till_done()
        count = house.count()
        print(f"\n{personality}: {_line(count)}")
        assert sum(count.values()) > before
        assert sum(number for kind, number in count.items() if kind.endswith(" on")) > 0
        await hass.config_entries.async_unload(entry.entry_id)
        assert entry.state is ConfigEntryState.NOT_LOADED


def _line(count: dict[str, int]) -> str:
    """The counts in a line: on + off, of all and of each platform."""
    platforms = sorted({kind.partition(" ")[0] for kind in count})
    pairs = [(each, count.get(f"{each} on", 0), count.get(f"{each} off", 0)) for each in platforms]
    total = f"{sum(on for _, on, _ in pairs)}+{sum(off for _, _, off in pairs)}"
    return f"{total} ({', '.join(f'{name} {on}+{off}' for name, on, off in pairs)})"
