"""The adapter between a device's runner and Home Assistant: one per entry."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.util.dt import parse_datetime, utcnow

from .connection import address_of, async_env, async_family, create_session
from .const import CONF_ANCHOR, CONF_FAMILY, CONF_IDENTITIES, CONF_LEFT_OUT, DOMAIN, LOGGER
from .devices.commands import Command, Risk
from .devices.engine.pictures import Image
from .devices.engine.runner import Runner
from .devices.engine.state import ONLINE, DeviceState
from .devices.env import Crew
from .devices.errors import CannotConnect, DeviceError, Gone, InvalidAuth, Locked, WrongFamily
from .devices.model import (
    BOX,
    About,
    Answer,
    Event,
    FeatureId,
    Firmware,
    PartId,
    Topology,
)
from .errors import setup_error, translated
from .identity import are_different, identities
from .issues import IssueKeeper, hevc_notices, show_claims
from .library import Library
from .lockout import Lockout
from .parts import (
    box,
    device_info,
    device_part,
    device_parts,
    is_within,
    part_of,
)
from .spool import leave_media
from .storage import EntryMemory

FIRMWARE: Final = f"{BOX}:firmware"
IDENTITIES_MOST: Final = 16
RELEARNT: Final = "relearnt"
RELEARN_LEAST: Final = timedelta(hours=1)

type CctvConfigEntry = ConfigEntry[CctvCoordinator]


class CctvCoordinator:
    """Owns the runner of one device, and tells Home Assistant what it says."""

    runner: Runner
    library: Library

    def __init__(self, hass: HomeAssistant, entry: CctvConfigEntry) -> None:
        """Remember whose device it is; nothing is sent yet."""
        self.hass = hass
        self.entry = entry
        # Chosen once: an account that may see less must not rename everything.
        self.anchor: str = entry.data[CONF_ANCHOR] or entry.entry_id
        self.address = address_of(entry.data, entry.options)
        self._memory = EntryMemory(hass, entry.entry_id)
        self._crew = Crew()
        self._lockout = Lockout(self._memory, entry)
        self._issues = IssueKeeper(hass, entry.entry_id)
        self._devices: dict[PartId, str] = {}
        self._growers: list[Callable[[], None]] = []
        self._hearers: dict[FeatureId, list[Callable[[Event], None]]] = {}
        self._parts: frozenset[PartId] = frozenset()
        self._claims: frozenset[str] = frozenset()
        self._online: bool | None = None
        self._software: dict[str, str] = {}
        """What it runs, by who told."""

    @property
    def state(self) -> DeviceState:
        """Return all that is known of the device."""
        return self.runner.state

    @property
    def topology(self) -> Topology:
        """Return what the device is and has."""
        return self.runner.state.topology

    @property
    def claims(self) -> frozenset[str]:
        """Return what it holds and no other device may hold as well."""
        return self._claims

    async def async_start(self) -> None:
        """Open the device; what goes wrong becomes an error that Home Assistant understands."""
        entry = self.entry
        await self._memory.async_load()
        if (locked := self._lockout.error) is not None:
            raise setup_error(locked, entry.title)
        session = create_session(self.hass, verify_tls=self.address.verify_tls)
        env = await async_env(
            self.hass, session, self.address, entry.options, self._crew.spawn, self._memory
        )
        family = await async_family(self.hass, entry.data[CONF_FAMILY])
        self._device = family.create(env)
        self.runner = Runner(self._device, env)
        self.library = Library(self.hass, entry.entry_id, self.runner, env.zone)
        try:
            if self.hass.is_stopping:
                raise CannotConnect("Home Assistant is stopping")
            await self.runner.start()
            self._check_identity()
        except DeviceError as error:
            if isinstance(error, Locked):
                self._lockout.begin(error)
            await self.async_stop()
            raise setup_error(error, entry.title) from error
        self._lockout.end()
        for release in (
            self.runner.watch_topology(self._topology_changed),
            self.runner.watch({ONLINE}, self._online_changed),
            self.runner.watch({FIRMWARE}, self._firmware_changed),
            self.runner.events(self._event),
            self.runner.notices(lambda _: self._show_notices()),
            self.runner.failed(self._failed),
        ):
            entry.async_on_unload(release)
        left_out = frozenset(entry.options.get(CONF_LEFT_OUT, ()))
        self._remove(lambda part: is_within(part, left_out))
        self._register_devices()
        self._online_changed()
        self._firmware_changed()
        self._runs(BOX, box(self.topology).firmware)
        self._show_notices()
        self._claim(box(self.topology).claims)

    async def async_stop(self) -> None:
        """Leave the device and everything that was begun for it, however far that came."""
        await leave_media(self.hass, self.entry.entry_id)
        if hasattr(self, "runner"):
            await self.runner.stop()
        await self._crew.dismiss()
        await self._memory.async_save()
        self._issues.leave()
        self._claim(frozenset(), leaving=True)

    def _check_identity(self) -> None:
        """Refuse a device that is certainly another one: addresses wander."""
        about = box(self.topology)
        known, told = frozenset(self.entry.data[CONF_IDENTITIES]), identities(about)
        if are_different(known, told):
            raise WrongFamily(about.name or about.model or "?")
        # What another account or firmware tells more is known from now on: discovery goes by it.
        if known & told and told - known and len(known) < IDENTITIES_MOST:
            data = {**self.entry.data, CONF_IDENTITIES: sorted(known | told)}
            self.hass.config_entries.async_update_entry(self.entry, data=data)

    # --- what the device says

    @callback
    def _online_changed(self) -> None:
        """Log once when the device goes, and once when it is back."""
        online = self.state.online
        if self._online is not None and online != self._online:
            LOGGER.info("%s %s", self.entry.title, "is back" if online else "does not answer")
        self._online = online

    @callback
    def _firmware_changed(self) -> None:
        """Hear which software the device's updates are for."""
        told = self.state.value(FIRMWARE)
        if isinstance(told, Firmware):
            self._runs(FIRMWARE, told.installed)

    @callback
    def _runs(self, source: str, told: str | None) -> None:
        """Learn anew what the device is and has once it runs another software."""
        if not told:
            return
        # Each who tells has its own way to write it.
        before, self._software[source] = self._software.get(source), told
        if before in (None, told):
            return
        # One that calls its software now this, now that, is not set up anew all day.
        last = parse_datetime(str(self._memory.get(RELEARNT)))
        if last is None or utcnow() - last > RELEARN_LEAST:
            LOGGER.debug("%s runs another software now", self.entry.title)
            self._memory.put(RELEARNT, utcnow().isoformat())
            self.hass.config_entries.async_schedule_reload(self.entry.entry_id)

    @callback
    def _failed(self, error: InvalidAuth) -> None:
        """Ask for the password at once, or wait for the end of a lock; the runner has stopped."""
        LOGGER.debug("%s: %s", self.entry.title, error)
        if isinstance(error, Locked):
            # Its set-up waits, shows for how long, and asks the device only then.
            self._lockout.begin(error)
            self.hass.config_entries.async_schedule_reload(self.entry.entry_id)
        else:
            self.entry.async_start_reauth(self.hass)

    @callback
    def _show_notices(self) -> None:
        """Show what the user can mend."""
        title = self.entry.title
        told = self.state.notices.values()
        self._issues.show([*told, *hevc_notices(self.topology, title)], title)

    @callback
    def _claim(self, claims: frozenset[str], *, leaving: bool = False) -> None:
        """Hold what only one device may, and show what others hold as well."""
        if claims == self._claims:
            return
        self._claims = claims
        others = self.hass.config_entries.async_loaded_entries(DOMAIN)
        holders: list[CctvConfigEntry] = [entry for entry in others if entry is not self.entry]
        show_claims(
            self.hass,
            [
                (self.entry.title, claims),
                *((entry.title, entry.runtime_data.claims) for entry in holders),
            ],
            leaving=leaving,
        )

    @callback
    def _event(self, event: Event) -> None:
        """Tell the entity of this event's feature, if it is enabled."""
        for hear in tuple(self._hearers.get(event.feature, ())):
            hear(event)

    @callback
    def async_on_event(self, feature: FeatureId, hear: Callable[[Event], None]) -> CALLBACK_TYPE:
        """Call for each event of a feature, until released."""
        self._hearers.setdefault(feature, []).append(hear)

        @callback
        def release() -> None:
            self._hearers[feature].remove(hear)

        return release

    # --- parts and devices

    @callback
    def async_on_topology(self, grow: Callable[[], None]) -> CALLBACK_TYPE:
        """Call after each change of what the device has, until released."""
        self._growers.append(grow)

        @callback
        def release() -> None:
            self._growers.remove(grow)

        return release

    @callback
    def _topology_changed(self) -> None:
        """Let devices and entities come and go with their parts."""
        gone = self._parts - self.topology.parts.keys()
        if gone:
            self._remove(lambda part: part in gone)
        self._register_devices()
        self._claim(box(self.topology).claims)
        self._show_notices()
        for grow in tuple(self._growers):
            grow()
        self._runs(BOX, box(self.topology).firmware)

    @callback
    def _register_devices(self) -> None:
        """Register the box first, then what hangs on it, so that entities find their devices."""
        registry = dr.async_get(self.hass)
        for part in device_parts(self.topology):
            info = self.device_info(part.id)
            device: dr.AnyDeviceEntry
            if "parent_device_id" in info:
                device = registry.async_get_or_create_child(
                    config_entry_id=self.entry.entry_id, **info
                )
            else:
                device = registry.async_get_or_create(config_entry_id=self.entry.entry_id, **info)
            self._devices[part.id] = device.id
        self._parts = frozenset(self.topology.parts)

    @callback
    def _remove(self, gone: Callable[[PartId], bool]) -> None:
        """Remove the entities and devices of parts that the device has no longer."""
        entities = er.async_get(self.hass)
        for entity in er.async_entries_for_config_entry(entities, self.entry.entry_id):
            if gone(part_of(entity.unique_id.removeprefix(f"{self.anchor}:"))):
                entities.async_remove(entity.entity_id)
        devices = dr.async_get(self.hass)
        for device in self._registered():
            parts = self.parts_of(device)
            if parts and all(map(gone, parts)):
                devices.async_remove_device(device.id)

    def _registered(self) -> list[dr.AnyDeviceEntry]:
        """Return this entry's devices in the registry, each after what hangs on it."""
        registry = dr.async_get(self.hass)
        found: list[dr.AnyDeviceEntry] = []
        for device in dr.async_entries_for_config_entry(registry, self.entry.entry_id):
            found += dr.async_entries_for_parent_device(registry, device.id)
            found.append(device)
        return found

    def parts_of(self, device: dr.AnyDeviceEntry) -> frozenset[PartId]:
        """Return the parts that a device of the registry stands for."""
        prefix = f"{self.anchor}:"
        return frozenset(
            value.removeprefix(prefix)
            for domain, value in device.identifiers
            if domain == DOMAIN and value.startswith(prefix)
        )

    def has_device(self, device: dr.AnyDeviceEntry) -> bool:
        """Tell whether the device still has what a device of the registry stands for."""
        return not self.parts_of(device).isdisjoint(self.topology.parts)

    def device_info(self, part: PartId) -> DeviceInfo | ChildDeviceInfo:
        """Describe the device that carries a part's entities."""
        return device_info(
            self.topology,
            device_part(self.topology, part),
            anchor=self.anchor,
            title=self.entry.title,
            address=self.address.base,
            devices=self._devices,
        )

    def device_id(self, part: PartId) -> str | None:
        """Return the id in the registry of the device that carries a part."""
        return self._devices.get(device_part(self.topology, part))

    def counters(self) -> dict[str, Any]:
        """Return what passed between us and the box, if its family counts."""
        seen = getattr(self._device, "counters", None)
        return asdict(seen) if seen is not None else {}

    def about(self, part: PartId) -> About:
        """Return the type plate of the device that carries a part's entities."""
        parts = self.topology.parts
        carrier = parts.get(device_part(self.topology, part))
        return carrier.about if carrier is not None and carrier.about is not None else About()

    # --- what is asked of the device

    async def async_do(self, part: PartId, command: Command) -> Answer:
        """Do something to a part; errors come out as Home Assistant's."""
        with translated(self.entry.title):
            answer = await self.runner.do(part, command)
        if command.risk is Risk.DESTROYS:
            # Recordings may have gone with it: deleted, formatted, reset.
            self.library.forget()
        return answer

    async def async_picture(self, stream: str) -> bytes:
        """Return a still of a stream, or a picture out of its live view where it has none."""
        with translated(self.entry.title):
            given = self.topology.streams.get(stream)
            if given is None or given.still is not None:
                return await self.runner.picture(stream)
            async with aclosing(self.runner.frames(stream)) as frames:
                async for frame in frames:
                    return frame
            raise Gone("the live view gave no picture")

    async def async_image(self, feature: FeatureId) -> Image:
        """Return the picture that a feature names."""
        with translated(self.entry.title):
            return await self.runner.image(feature)

    async def async_frames(self, stream: str) -> AsyncGenerator[bytes]:
        """Yield the live pictures of a stream; close it."""
        with translated(self.entry.title):
            async with aclosing(self.runner.frames(stream)) as frames:
                async for frame in frames:
                    yield frame

    async def async_talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Play sound, given as the part takes it."""
        with translated(self.entry.title):
            await self.runner.talk(part, sound)

    def play_url(self, stream: str) -> str:
        """Return a stream's URL with its secrets, for the player only."""
        with translated(self.entry.title):
            return self.runner.play_url(stream)
