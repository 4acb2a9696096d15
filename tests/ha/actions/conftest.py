"""A device that does whatever actions ask for, and people with more or fewer rights."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, override

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.cctv.const import DOMAIN
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


@dataclass
class Desk:
    """Where actions are called, and what they are called for is looked up."""

    hass: HomeAssistant
    entry: MockConfigEntry

    async def call(
        self, action: str, /, *, by: MockUser | None = None, answer: bool = False, **data: Any
    ) -> Any:
        """Call an action, as somebody or as Home Assistant itself."""
        return await self.hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            context=Context(user_id=None if by is None else by.id),
            return_response=answer,
        )

    def entity(self, feature: str, domain: str = "camera") -> str:
        """Return the entity of a feature or stream."""
        found = er.async_get(self.hass).async_get_entity_id(domain, DOMAIN, f"S1:{feature}")
        assert found is not None, feature
        return found

    def device(self, part: PartId) -> str:
        """Return the device of a part in the registry."""
        found = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, f"S1:{part}"), self.entry.entry_id
        )
        assert found is not None, part
        return found.id


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
