"""A device that does whatever actions ask for, and people with more or fewer rights."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, override

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import Event, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.cctv.action_downloads import PROGRESS
from custom_components.cctv.const import (
    CONF_ANCHOR,
    CONF_FAMILY,
    CONF_FAMILY_OPTIONS,
    CONF_IDENTITIES,
    CONF_LEFT_OUT,
    DOMAIN,
)
from custom_components.cctv.devices import commands as c
from custom_components.cctv.devices.errors import Gone
from custom_components.cctv.devices.model import (
    BOX,
    Answer,
    Content,
    Part,
    PartId,
    PtzAbility,
    Ref,
    Topology,
)
from tests.ha.fakes import Everything, FakeFamily, everything
from tests.simulators.yi_hack import YiHackSimulator

from .boxes import BEGIN, LOGIN, BoxDesk, Camera, Desk, SetUp, drawn

DRIVE: Final = PtzAbility(
    frozenset({"pan", "tilt", "zoom"}), frozenset({c.Mode.CONTINUOUS, c.Mode.STEP})
)
ABILITIES: Final[dict[PartId, frozenset[type[c.Command]]]] = {
    BOX: frozenset(c.COMMANDS)
    - {c.PtzMove, c.PtzStop, c.PtzHome, c.FormatDisk, c.RemoveWindow, c.GotoPreset},
    "camera.1": frozenset({c.PtzMove, c.PtzStop, c.PtzHome, c.RecordFor}),
    "camera.2": frozenset({c.PtzMove, c.RecordFor, c.BackUp}),
    "camera.1/window.7": frozenset({c.RemoveWindow}),
    "disk.mmc0": frozenset({c.FormatDisk}),
}
TABLES: Final[dict[PartId, frozenset[str]]] = {
    BOX: frozenset({"log", "disks"}),
    "camera.1": frozenset({"recordings", "people"}),
    "camera.2": frozenset({"recordings"}),
}


def _able(part: Part) -> Part:
    return replace(
        part,
        can=part.can | ABILITIES.get(part.id, frozenset()),
        tables=TABLES.get(part.id, frozenset()),
        ptz=DRIVE if c.PtzMove in ABILITIES.get(part.id, ()) else None,
    )


def able() -> Topology:
    """Return all there is, able to do everything somewhere."""
    whole = everything()
    return replace(whole, parts={id_: _able(part) for id_, part in whole.parts.items()})


@dataclass
class Obliging(Everything):
    """A device that does what it is told, but for what a test has it refuse."""

    topology: Topology = field(default_factory=able)
    answers: dict[type[c.Command], Answer] = field(default_factory=dict)
    refusals: dict[PartId, Exception] = field(default_factory=dict)
    files: dict[Ref, list[bytes | Exception | asyncio.Event]] = field(default_factory=dict)
    """Pieces of files; an exception breaks off, an event is waited for."""
    open_files: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it was told to do something."""
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a file waits."""

    @override
    async def do(self, part: PartId, command: c.Command) -> Answer:
        """Refuse, or do it and answer."""
        self.asked.set()
        if (refusal := self.refusals.get(part)) is not None:
            raise refusal
        await super().do(part, command)
        return self.answers.get(type(command), Answer())

    @override
    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Give a file in pieces, or break off."""
        if ref not in self.files:
            if ref.startswith(("still/", "live/")):
                return await super().fetch(ref, start, end)
            raise Gone(ref)
        return Content("application/octet-stream", self._pieces(ref))

    async def _pieces(self, ref: Ref) -> AsyncIterator[bytes]:
        self.open_files += 1
        try:
            for piece in self.files[ref]:
                match piece:
                    case bytes():
                        yield piece
                    case asyncio.Event():
                        self.waits.set()
                        await piece.wait()
                    case _:
                        raise piece
        finally:
            self.open_files -= 1


@pytest.fixture
def fake(fake: FakeFamily) -> FakeFamily:
    """Return the family whose device obliges."""
    fake.device = Obliging()
    return fake


@pytest.fixture
def device(fake: FakeFamily) -> Obliging:
    """Return the device that obliges."""
    assert isinstance(fake.device, Obliging)
    return fake.device


@pytest.fixture
def desk(hass: HomeAssistant, running: MockConfigEntry) -> Desk:
    """Return the desk of a Home Assistant with the device set up."""
    return Desk(hass, running)


@pytest.fixture
async def guest(hass: HomeAssistant) -> MockUser:
    """Return an ordinary user, who may control everything and administrate nothing."""
    return await _user(hass, GROUP_ID_USER)


@pytest.fixture
async def watcher(hass: HomeAssistant) -> MockUser:
    """Return a user who may look at everything and control nothing."""
    return await _user(hass, GROUP_ID_READ_ONLY)


async def _user(hass: HomeAssistant, group_id: str) -> MockUser:
    group = await hass.auth.async_get_group(group_id)
    assert group is not None
    return MockUser(groups=[group]).add_to_hass(hass)


# --- simulated boxes


@pytest.fixture
async def set_up(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[SetUp]:
    """Return what sets a simulated box up; at the end all is closed."""
    boxes: list[Any] = []
    entries: list[MockConfigEntry] = []

    async def begin(
        family: str,
        box: Any,
        options: Callable[[], Mapping[str, Any]] = dict,
        login: tuple[str, str] = ("", ""),
    ) -> BoxDesk:
        await box.start()
        boxes.append(box)
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Box",
            data={
                CONF_FAMILY: family,
                CONF_URL: box.url,
                CONF_USERNAME: login[0],
                CONF_PASSWORD: login[1],
                CONF_ANCHOR: None,
                CONF_IDENTITIES: [],
            },
            options={
                CONF_VERIFY_SSL: True,
                CONF_LEFT_OUT: {},
                CONF_FAMILY_OPTIONS: dict(options()),
            },
        )
        entry.add_to_hass(hass)
        entries.append(entry)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return BoxDesk(hass, entry)

    yield begin
    for entry in entries:
        if entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(entry.entry_id)
    for box in boxes:
        await box.stop()


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may use."""
    found = tmp_path / "media"
    found.mkdir()
    hass.config.allowlist_external_dirs = {str(found)}
    return found


@pytest.fixture
def progress(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return what is told of downloads."""
    told: list[dict[str, Any]] = []

    @callback
    def hear(event: Event) -> None:
        told.append(dict(event.data))

    hass.bus.async_listen(PROGRESS, hear)
    return told


@pytest.fixture
async def camera(hass: HomeAssistant, set_up: SetUp) -> Camera:
    """Return a camera with a recording of a minute, and one of two files."""
    box = YiHackSimulator("mstar", *LOGIN, pictures=drawn)
    box.add_clip(BEGIN - timedelta(hours=1), 20)
    desk = await set_up("yi_hack", box, login=LOGIN)
    return Camera(box, desk)
