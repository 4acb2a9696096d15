"""Diagnostics: what the device is, has and how it does, without a word that tells whose it is."""

from collections.abc import Callable, Mapping
import re
from typing import Any, Final
from urllib.parse import urlsplit

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from .connection import address_of
from .const import CONF_ANCHOR, CONF_FAMILY_OPTIONS, CONF_IDENTITIES, CONF_LEFT_OUT
from .coordinator import CctvConfigEntry
from .devices.engine.state import DeviceState
from .devices.model import About, Feature, Light, Part, PartId, Stream
from .parts import box, device_part

TO_REDACT: Final = frozenset(
    {
        CONF_ANCHOR,
        CONF_FAMILY_OPTIONS,
        CONF_IDENTITIES,
        CONF_LEFT_OUT,
        CONF_PASSWORD,
        CONF_URL,
        CONF_USERNAME,
    }
)
_ADDRESS: Final = re.compile(r"\(['\"][^)]*\)|\b\d{1,3}(?:\.\d{1,3}){3}\b")


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CctvConfigEntry
) -> dict[str, Any]:
    """Return what there is to know about a device."""
    address = address_of(entry.data, entry.options)
    kept = {"data": dict(entry.data), "options": dict(entry.options)}
    told = {
        "entry": async_redact_data(kept, TO_REDACT),
        "address": {"scheme": urlsplit(address.url).scheme, "port": address.port},
        "state": entry.state.value,
    }
    if entry.state is not ConfigEntryState.LOADED:
        # Why it is not is what whoever asks wants to know; the reason may name the device.
        return {**told, "reason": entry.error_reason_translation_key}
    coordinator = entry.runtime_data
    return {
        **told,
        "wire": coordinator.counters(),
        **_described(coordinator.state, lambda part: True),
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: CctvConfigEntry, device: dr.AnyDeviceEntry
) -> dict[str, Any]:
    """Return what there is to know about one device of the registry, a camera for instance."""
    if entry.state is not ConfigEntryState.LOADED:
        return {"state": entry.state.value}
    coordinator = entry.runtime_data
    parts = coordinator.parts_of(device)
    topology = coordinator.topology
    return _described(coordinator.state, lambda part: device_part(topology, part) in parts)


def _described(state: DeviceState, wanted: Callable[[PartId], bool]) -> dict[str, Any]:
    """Describe the wanted parts, what they have, and how all that tells of them does."""
    topology = state.topology
    return {
        "device": _plate(box(topology)),
        "parts": {part.id: _part(part) for part in topology.parts.values() if wanted(part.id)},
        "features": {
            feature.id: _feature(state, feature)
            for feature in topology.features.values()
            if wanted(feature.part)
        },
        "streams": {
            stream.id: _stream(stream)
            for stream in topology.streams.values()
            if wanted(stream.part)
        },
        "polls": {poll.name: poll.every for poll in topology.polls.values()},
        "feeds": {feed.name: feed.silence for feed in topology.feeds.values()},
        "health": {
            source: {"up": health.up, "failures": health.failures, "error": _fault(health.error)}
            for source, health in state.health.items()
        },
        "notices": sorted(f"{notice.part}:{notice.key}" for notice in state.notices.values()),
        "missing": sorted(state.missing),
        "ignored_updates": state.ignored,
    }


def _fault(error: str | None) -> str | None:
    """Return what went wrong without the address that the system tells with it."""
    return None if error is None else _ADDRESS.sub("…", error)


def _plate(about: About) -> dict[str, Any]:
    """Return the type plate without what is unique about it."""
    return {
        "maker": about.maker,
        "model": about.model,
        "firmware": about.firmware,
        "hardware": about.hardware,
        "identified_by": sorted(identity.partition(":")[0] for identity in about.identities),
    }


def _part(part: Part) -> dict[str, Any]:
    """Return what a part is and can do; names are the owner's words."""
    return {
        "kind": part.kind,
        "device": None if part.about is None else _plate(part.about),
        "can": sorted(command.__name__ for command in part.can),
        "tables": sorted(part.tables),
        "talk": None if part.talk is None else part.talk.codec,
    }


def _feature(state: DeviceState, feature: Feature) -> dict[str, Any]:
    """Return where a feature comes from and how it is now; free texts are left out."""
    value = state.value(feature.id)
    known = isinstance(value, bool | int | float | Light) or value in feature.options
    return {
        "poll": feature.poll,
        "push": feature.push,
        "available": state.available(feature.id),
        "value": str(value) if known else type(value).__name__,
    }


def _stream(stream: Stream) -> dict[str, Any]:
    """Return how a stream is to be had, not where."""
    ways: Mapping[str, object] = {
        "rtsp": stream.url,
        "live": stream.live,
        "still": stream.still,
        "sound": stream.sound,
        "two_way": stream.two_way,
    }
    return {
        "codec": stream.codec,
        "size": stream.size,
        "minor": stream.minor,
        "ways": [way for way, given in ways.items() if given],
    }
