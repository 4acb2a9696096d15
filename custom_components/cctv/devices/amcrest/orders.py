"""What is done to a box: settings, lamps, siren, buttons."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
import logging
from typing import Final

from ..commands import Command, Press, Set
from ..errors import (
    BadInput,
    DeviceError,
    Rejected,
    Unsupported,
)
from ..later import Later
from ..model import (
    Answer,
    FeatureId,
    Light,
    PartId,
    Scalar,
    Value,
)
from ..settings import change, values
from ..when import to_local
from . import lights, polls
from .box import Box
from .features import CLOCK, REASSERT, SIREN
from .topics import HANDLERS, PRESSERS, SETTERS

_LOGGER = logging.getLogger(__name__)

_COAXIAL: Final = {"warning_light": 1, "siren": 2}
"""The Type of coaxialControlIO (§7.2)."""
_LONGEST: Final = 3_600.0
"""A warning light is kept on for so many seconds at most, unless told otherwise."""


class Orders:
    """Carries out commands; owns what goes on after one: a siren kept on, a relay let go."""

    def __init__(self, box: Box) -> None:
        """Nothing is under way."""
        self._box = box
        self._later = Later(box.env, self._return)
        self._kept: dict[FeatureId, asyncio.Task[None]] = {}
        """What is said again and again."""

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do it. Unsupported if this box does no such thing."""
        if isinstance(command, Set):
            return await self._set(part, command)
        if isinstance(command, Press):
            return await self._press(part, command.key)
        handler = HANDLERS.get(type(command))
        place = self._box.topology.parts.get(part)
        if handler is None or place is None or type(command) not in place.can:
            raise Unsupported(f"no {type(command).__name__}")
        return await handler(self._box, part, command)

    async def _press(self, part: PartId, key: str) -> Answer:
        """Press a button of the box."""
        button = _BUTTONS.get(key)
        presser = PRESSERS.get(key)
        if f"{part}:{key}" not in self._box.topology.features:
            raise BadInput(f"no button {part}:{key}")
        if presser is not None:
            return await presser(self._box, part)
        if button is None:
            raise BadInput(f"no button {part}:{key}")
        return await button(self._box)

    async def _set(self, part: PartId, command: Set) -> Answer:
        """Give a feature a value; what was planned for it before is off."""
        id_ = f"{part}:{command.key}"
        if id_ not in self._box.topology.features:
            raise BadInput(f"no feature {id_}")
        if command.key in _COAXIAL:
            self._cancel(id_)
            return await self._coaxial(part, command)
        setter = SETTERS.get(command.key)
        if setter is not None:
            return await setter(self._box, part, command)
        async with self._later.around(id_, command.seconds, lambda: self._now(id_)):
            return await self._write(part, command.key, command.value)

    async def close(self) -> None:
        """Put back what is owed."""
        await self._later.close()

    def _cancel(self, id_: FeatureId) -> None:
        task = self._kept.pop(id_, None)
        if task is not None:
            task.cancel()

    async def _write(self, part: PartId, key: str, value: Scalar | Light) -> Answer:
        """Write a lamp or a setting, and look whether it is so."""
        if key == "floodlight":
            return await _lamp(self._box, part, value)
        bound = self._box.bound(f"{part}:{key}")
        if bound is None:
            raise BadInput(f"{part}:{key} cannot be set")
        peers = self._box.bounds[bound.setting.table]
        told = await change(self._box.store, bound, value, peers, self._box.env.clock)
        return Answer(told)

    async def _return(self, id_: FeatureId, value: Scalar | Light) -> Answer:
        """Put a feature back."""
        part, _, key = id_.rpartition(":")
        return await self._write(part, key, value)

    async def _now(self, id_: FeatureId) -> Scalar | Light | None:
        """What a feature is before it is changed for a while."""
        bound = self._box.bound(id_)
        if bound is not None:
            return bound.value(await self._box.store.load(bound.setting.table))
        if self._box.topology.features[id_].blind:
            return Light(on=False)
        index = _index(self._box, id_.rpartition(":")[0])
        return lights.read(await self._box.store.load(lights.TABLE), self._box.schemes, index)

    async def _coaxial(self, part: PartId, command: Set) -> Answer:
        """Siren and warning light, which fall back by themselves (§7.2)."""
        box, id_ = self._box, f"{part}:{command.key}"
        channel = _index(box, part) + 1
        kind = _COAXIAL[command.key]
        lamp = isinstance(command.value, Light)
        on = command.value.on if isinstance(command.value, Light) else bool(command.value)
        await box.client.set_coaxial(channel, kind, on=on)
        told: bool | Light = Light(on) if lamp else on
        if not on:
            return Answer((Value(id_, told),))
        seconds = command.seconds or (_LONGEST if lamp else None)
        if seconds is not None:
            self._kept[id_] = box.env.spawn(self._keep(channel, kind, seconds), f"{id_} kept on")
        return Answer((Value(id_, told, max(seconds, SIREN) if seconds else SIREN),))

    async def _keep(self, channel: int, kind: int, seconds: float) -> None:
        """Say it again until the time is over, then off."""
        clock, client = self._box.env.clock, self._box.client
        end = clock.monotonic() + seconds
        while (left := end - clock.monotonic()) > 0:
            await clock.sleep(min(REASSERT, left))
            try:
                await client.set_coaxial(channel, kind, on=end - clock.monotonic() > 0)
            except DeviceError as error:
                _LOGGER.warning("The siren or warning light was not kept on: %s", error)
                return


def _index(box: Box, part: PartId) -> int:
    """The index of a camera's part."""
    for index, camera in box.cameras.items():
        if camera.part.id == part:
            return index
    raise BadInput(f"no camera {part}")


async def _lamp(box: Box, part: PartId, value: Scalar | Light) -> Answer:
    """The white lamp in every profile, with the scheme that lets it shine (§7.1)."""
    wanted = value if isinstance(value, Light) else Light(bool(value))
    index = _index(box, part)
    if box.topology.features[f"{part}:floodlight"].blind:
        await box.store.save(lights.unread_changes(wanted))
        return Answer((Value(f"{part}:floodlight", wanted),))
    listing = await box.store.load(lights.TABLE)
    changes = lights.changes(listing, index, wanted, bell=box.identity.bell)
    if box.schemes:
        box.schemes = await box.store.load(lights.SCHEME)
        changes = _scheme(box, index, wanted.on) | changes
    await box.store.save(changes)
    if box.schemes:
        box.schemes = await box.store.load(lights.SCHEME)
    listing = await box.store.load(lights.TABLE)
    now = lights.read(listing, box.schemes, index)
    if now.on != wanted.on:
        raise Rejected("the lamp stays " + ("on" if now.on else "off"))
    schemes = values(box.bounds.get(lights.SCHEME, ()), box.schemes)
    others = values(box.bounds.get(lights.TABLE, ()), listing)
    return Answer((Value(f"{part}:floodlight", now), *schemes, *others))


def _scheme(box: Box, index: int, on: bool) -> dict[str, str]:
    """The scheme for white light, the one before it kept; or that one again."""
    key = f"scheme:{index}"
    now = lights.schemes(box.schemes, index)
    kept = box.env.memory.get(key)
    if on:
        if kept is None and any(mode != lights.WHITE_MODE for mode in now.values()):
            box.env.memory.put(key, dict(now))
        return dict.fromkeys(now, lights.WHITE_MODE)
    box.env.memory.put(key, None)
    if not isinstance(kept, dict):
        return {}
    return {name: mode for name, mode in kept.items() if name in now and isinstance(mode, str)}


# --- buttons --------------------------------------------------------------------------------


async def _restart(box: Box) -> Answer:
    """Restart (§4.6.9)."""
    await box.client.reboot()
    return Answer()


async def _sync_clock(box: Box) -> Answer:
    """Set the device's clock (§4.6.3) and look at it."""
    await box.client.set_time(to_local(box.env.clock.now(), box.env.zone))
    return Answer(await polls.read(box, CLOCK))


_BUTTONS: Final[Mapping[str, Callable[[Box], Awaitable[Answer]]]] = {
    "restart": _restart,
    "sync_clock": _sync_clock,
}
