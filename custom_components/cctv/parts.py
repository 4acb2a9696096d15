"""Which device of the registry a part's entities sit on, and how that device is described."""

from collections.abc import Iterable, Mapping
import re
from typing import Final

from homeassistant.helpers.device_registry import (
    CONNECTION_NETWORK_MAC,
    ChildDeviceInfo,
    DeviceInfo,
    format_mac,
)
from yarl import URL

from .const import DOMAIN
from .devices.model import BOX, About, Part, PartId, PartKind, Profile, Topology, above

OWN_DEVICE: Final = frozenset({PartKind.BOX, PartKind.CAMERA, PartKind.MICROPHONE, PartKind.LENS})
"""The kinds of part that are a device of their own; others sit on the nearest of these."""


def part_of(feature_or_stream: str) -> PartId:
    """Return the part that the id of a feature or stream begins with."""
    return feature_or_stream.rpartition(":")[0]


def is_within(part: PartId, places: Iterable[PartId]) -> bool:
    """Tell whether a part is one of these places or sits on one of them."""
    return any(part == place or part.startswith(f"{place}/") for place in places)


def lineage(part: PartId) -> tuple[PartId, ...]:
    """Return a part and all that is above it, the box last."""
    line = [part]
    while (higher := above(line[-1])) is not None:
        line.append(higher)
    return tuple(line)


def device_part(topology: Topology, part: PartId) -> PartId:
    """Return the part whose device carries this part's entities."""
    for place in lineage(part):
        if place in topology.parts and topology.parts[place].kind in OWN_DEVICE:
            return place
    return BOX


def device_parts(topology: Topology) -> tuple[Part, ...]:
    """Return the parts that are devices, each after the one it hangs on."""
    parts = (part for part in topology.parts.values() if part.kind in OWN_DEVICE)
    return tuple(sorted(parts, key=lambda part: (part.id != BOX, part.id.count("/"))))


def leading(topology: Topology, part: PartId) -> str | None:
    """Return the stream that bears its part's own name: the first that most people can play."""
    streams = [stream for stream in topology.streams.values() if stream.part == part]
    streams.sort(key=lambda stream: (stream.minor, list(Profile).index(stream.profile)))
    return streams[0].id if streams else None


def called(part: Part, key: str) -> str:
    """Return how a part is called behind the name of a row: 'Alarm output' calls 'Output 1' '1'."""
    name = part.name or part.token
    # Where the row says what kind of part it is, the part's own name need not say it again.
    again = re.match(rf"{key}(?![^\W\d_])[\W_]*", name, re.IGNORECASE) if key == part.kind else None
    return name if again is None else name[again.end() :] or part.token


def identifier(anchor: str, part: PartId) -> tuple[str, str]:
    """Return what a part's device is known by."""
    return (DOMAIN, f"{anchor}:{part}")


def box(topology: Topology) -> About:
    """Return the type plate of the box."""
    part = topology.parts.get(BOX)
    return part.about if part is not None and part.about is not None else About()


def page(url: str | None, fallback: str | None) -> str | None:
    """Return a device's own page, if it is one that a browser may be sent to."""
    try:
        if url and (parsed := URL(url)).scheme in ("http", "https") and parsed.host:
            return str(parsed.with_user(None))
    except ValueError:
        return fallback
    return fallback


def device_info(
    topology: Topology,
    part_id: PartId,
    *,
    anchor: str,
    title: str,
    address: str,
    devices: Mapping[PartId, str],
) -> DeviceInfo | ChildDeviceInfo:
    """Describe the device of a part; `devices` holds the registry ids of those it may hang on."""
    part = topology.parts.get(part_id, Part(part_id, PartKind.BOX))
    about = part.about or About()
    higher = above(part.id)
    name = part.name or about.name or (title if higher is None else None)
    translation_key = None if name else str(part.kind)
    number = {"number": part.token}
    if higher is None:
        return DeviceInfo(
            identifiers={identifier(anchor, part.id)},
            connections=_connections(about),
            name=name,
            manufacturer=about.maker,
            model=about.model,
            serial_number=about.serial,
            sw_version=about.firmware,
            hw_version=about.hardware,
            configuration_url=page(about.url, address),
        )
    parent = devices[device_part(topology, higher)]
    if part.kind is PartKind.LENS:
        return ChildDeviceInfo(
            identifiers={identifier(anchor, part.id)},
            name=name,
            translation_key=translation_key,
            translation_placeholders=number,
            parent_device_id=parent,
        )
    return DeviceInfo(
        identifiers={identifier(anchor, part.id)},
        connections=_connections(about),
        name=name,
        translation_key=translation_key,
        translation_placeholders=number,
        manufacturer=about.maker,
        model=about.model,
        serial_number=about.serial,
        sw_version=about.firmware,
        hw_version=about.hardware,
        configuration_url=page(about.url, None),
        via_device_id=parent,
    )


def _connections(about: About) -> set[tuple[str, str]]:
    """Return the MAC address as the registry keeps it."""
    return {(CONNECTION_NETWORK_MAC, format_mac(about.mac))} if about.mac else set()
