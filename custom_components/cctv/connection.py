"""What Home Assistant lends a device: session, address, time zone, memory, bus and tasks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import tzinfo
from typing import Any, Final

import aiohttp
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TIME_ZONE,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.ssl import SSLCipherList

from .bus import MqttBus
from .const import CONF_FAMILY_OPTIONS, CONF_LEFT_OUT
from .devices.detect import detect, parse_address
from .devices.device import Family, Sighting
from .devices.env import Address, Crew, Env, Memory, ShortMemory, Spawn
from .devices.errors import Malformed, NoAnswer
from .devices.model import Topology
from .devices.registry import families, family

OPEN_DEADLINE_SECONDS: Final = 60


async def async_families(hass: HomeAssistant) -> dict[str, Family]:
    """Return all families by name; the first time their files are read."""
    return {one.name: one for one in await hass.async_add_executor_job(families)}


async def async_family(hass: HomeAssistant, name: str) -> Family:
    """Return one family; the first time its files are read."""
    return await hass.async_add_executor_job(family, name)


def address_of(data: Mapping[str, Any], options: Mapping[str, Any]) -> Address:
    """Return the address that an entry keeps."""
    return Address(
        url=data[CONF_URL],
        user=data.get(CONF_USERNAME, ""),
        password=data.get(CONF_PASSWORD, ""),
        verify_tls=options.get(CONF_VERIFY_SSL, True),
    )


async def async_time_zone(options: Mapping[str, Any]) -> tzinfo:
    """Return the time zone of a device's clock: the user's word for it, or Home Assistant's."""
    name = options.get(CONF_TIME_ZONE)
    zone = await dt_util.async_get_time_zone(name) if name else None
    return zone or dt_util.get_default_time_zone()


@callback
def create_session(
    hass: HomeAssistant, *, verify_tls: bool, auto_cleanup: bool = True
) -> aiohttp.ClientSession:
    """Return a session of its own; devices that sign themselves often know only old ciphers."""
    return async_create_clientsession(
        hass,
        verify_ssl=verify_tls,
        auto_cleanup=auto_cleanup,
        ssl_cipher=SSLCipherList.PYTHON_DEFAULT if verify_tls else SSLCipherList.INSECURE,
    )


async def async_env(
    hass: HomeAssistant,
    session: aiohttp.ClientSession,
    address: Address,
    options: Mapping[str, Any],
    spawn: Spawn,
    memory: Memory,
) -> Env:
    """Put together all that one device is lent."""
    return Env(
        session=session,
        address=address,
        zone=await async_time_zone(options),
        spawn=spawn,
        options={
            **options.get(CONF_FAMILY_OPTIONS, {}),
            CONF_LEFT_OUT: list(options.get(CONF_LEFT_OUT, ())),
        },
        memory=memory,
        bus=MqttBus(hass),
    )


@asynccontextmanager
async def short_session(
    hass: HomeAssistant, *, verify_tls: bool
) -> AsyncIterator[aiohttp.ClientSession]:
    """Lend a session for as long as one question takes."""
    session = create_session(hass, verify_tls=verify_tls, auto_cleanup=False)
    try:
        yield session
    finally:
        session.detach()


async def async_look(
    hass: HomeAssistant, text: str, verify_tls: bool, known: Mapping[str, Family]
) -> tuple[Address, Sighting]:
    """Look who answers at an address, and where exactly."""
    address = parse_address(text, verify_tls=verify_tls)
    async with short_session(hass, verify_tls=verify_tls) as session:
        sighting = await detect(session, address, tuple(known.values()))
    return replace(address, url=sighting.url or address.base), sighting


async def async_inspect(
    hass: HomeAssistant, kind: Family, address: Address, options: Mapping[str, Any]
) -> Topology:
    """Open a device once, to see what it is and has."""
    crew = Crew()
    async with short_session(hass, verify_tls=address.verify_tls) as session:
        env = await async_env(hass, session, address, options, crew.spawn, ShortMemory())
        device = kind.create(env)
        try:
            async with asyncio.timeout(OPEN_DEADLINE_SECONDS):
                batch = await device.open()
        except TimeoutError as error:
            raise NoAnswer("it did not open in time") from error
        finally:
            await device.close()
            await crew.dismiss()
    if not batch or not isinstance(batch[0], Topology):
        raise Malformed("it did not say what it has")
    return batch[0]
