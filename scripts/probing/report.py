"""What a device is, has and says, as text for people and as JSON for machines."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
import json
from typing import Any

from custom_components.cctv.devices.catalogue import row
from custom_components.cctv.devices.device import Family, Sighting
from custom_components.cctv.devices.engine.state import DeviceState
from custom_components.cctv.devices.model import About, Event, FeatureId, Part, Stream


def as_json(family: Family, sighting: Sighting, state: DeviceState) -> dict[str, Any]:
    """Everything."""
    topology = state.topology
    return {
        "family": family.name,
        "title": family.title,
        "certain": sighting.certain,
        "parts": [_part(part) for part in topology.parts.values()],
        "features": [
            {
                "id": feature,
                "kind": row(feature.rpartition(":")[2]).kind.value,
                "value": plain(state.value(feature)),
                "available": state.available(feature),
                "options": list(topology.features[feature].options),
            }
            for feature in topology.features
        ],
        "streams": [_stream(stream) for stream in topology.streams.values()],
        "sources": {
            name: {"up": health.up, "error": health.error} for name, health in state.health.items()
        },
        "notices": [{"key": notice.key, "part": notice.part} for notice in state.notices.values()],
    }


def as_text(family: Family, sighting: Sighting, state: DeviceState) -> Iterator[str]:
    """Everything, as lines."""
    topology = state.topology
    sure = "" if sighting.certain else " (perhaps)"
    yield f"family    {family.title} ({family.name}){sure}"
    for part in topology.parts.values():
        yield f"\n{part.kind.value:<10}{part.name or part.id or 'the box'}"
        for name, value in _about(part.about).items():
            yield f"  {name:<28} {value}"
        for stream in topology.streams.values():
            if stream.part == part.id:
                size = f"{stream.size[0]}x{stream.size[1]}" if stream.size else "?"
                hidden = " (minor)" if stream.minor else ""
                yield f"  stream {stream.profile.value:<21} {stream.codec or '?'} {size}{hidden}"
                if stream.url:
                    yield f"  {'':<28} {stream.url}"
        for feature in topology.features.values():
            if feature.part == part.id:
                value = _shown(state, feature.id)
                options = f"   of {', '.join(feature.options)}" if feature.options else ""
                yield f"  {feature.key:<28} {value}{options}"
    down = [name for name, health in state.health.items() if health.up is False]
    yield f"\nsources   {len(state.health) - len(down)} answer" + (
        f", {len(down)} do not: {', '.join(down)}" if down else ""
    )
    for notice in state.notices.values():
        yield f"notice    {notice.key} {notice.part}"


def value_line(feature: FeatureId, state: DeviceState) -> dict[str, Any]:
    """A changed value."""
    return {
        "feature": feature,
        "value": plain(state.value(feature)),
        "available": state.available(feature),
    }


def event_line(event: Event) -> dict[str, Any]:
    """Something that happened."""
    return {"event": event.feature, "type": event.type, "details": plain(dict(event.details))}


def plain(value: Any) -> Any:
    """A value as JSON can say it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return str(value)


def _shown(state: DeviceState, feature: FeatureId) -> str:
    if not state.available(feature):
        return "unavailable"
    value = state.value(feature)
    if value is None:
        return "-"
    unit = row(feature.rpartition(":")[2]).unit
    return f"{json.dumps(plain(value), ensure_ascii=False)}{f' {unit.value}' if unit else ''}"


def _part(part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "kind": part.kind.value,
        "name": part.name,
        "about": _about(part.about),
        "can": sorted(command.__name__ for command in part.can),
    }


def _about(about: About | None) -> dict[str, str]:
    if about is None:
        return {}
    named = ("name", "maker", "model", "firmware", "hardware", "serial", "mac", "url")
    return {name: value for name in named if (value := getattr(about, name)) is not None}


def _stream(stream: Stream) -> dict[str, Any]:
    return {
        "id": stream.id,
        "profile": stream.profile.value,
        "codec": stream.codec,
        "size": list(stream.size) if stream.size else None,
        "minor": stream.minor,
        "url": stream.url,
        "still": stream.still is not None,
        "live": stream.live is not None,
        "two_way": stream.two_way,
    }
