"""The features that the engine itself gives every device, and the parts that the user left out."""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from ..catalogue import row
from ..commands import GotoPreset
from ..model import BOX, Feature, FeatureId, Part, PartId, PartKind, Topology, camera_of
from . import moves, recorded
from .state import EVENT_SOURCE, ONLINE

OTHER = "other"


def complete(topology: Topology, left_out: Iterable[PartId] = ()) -> Topology:
    """A device's topology without the parts left out and with the engine's own features."""
    cut = frozenset(left_out) - {BOX}
    parts = {id_: part for id_, part in topology.parts.items() if not _below(id_, cut)}
    parts.setdefault(BOX, Part(BOX, PartKind.BOX))
    features = {id_: one for id_, one in topology.features.items() if not _below(one.part, cut)}
    features[ONLINE] = Feature(BOX, "online")
    if topology.feeds:
        features[EVENT_SOURCE] = Feature(BOX, "event_source")
    features |= _detections(topology, parts, features)
    for part in parts.values():
        for feature in moves.features(part):
            features.setdefault(feature.id, feature)
    features |= recorded.features(parts.values(), features)
    for id_ in moves.with_presets(parts, features):
        parts[id_] = replace(parts[id_], can=parts[id_].can | {GotoPreset})
    return Topology(
        parts=MappingProxyType(parts),
        features=MappingProxyType(features),
        streams=MappingProxyType(
            {
                id_: stream
                for id_, stream in topology.streams.items()
                if not _below(stream.part, cut)
            }
        ),
        polls=MappingProxyType(recorded.polls(parts.values(), topology.polls)),
        feeds=topology.feeds,
    )


def _below(part: PartId, places: frozenset[PartId]) -> bool:
    """Whether a part is one of these places or sits on one."""
    return part in places or any(part.startswith(f"{place}/") for place in places)


def _detections(
    topology: Topology, parts: dict[PartId, Part], features: dict[FeatureId, Feature]
) -> dict[FeatureId, Feature]:
    """One detection event a camera: what can be detected below it, and `other` for the rest."""
    seen: dict[PartId, list[str]] = {}
    for feature in features.values():
        if row(feature.key).detects:
            seen.setdefault(camera_of(parts, feature.part), []).append(feature.key)
    if topology.feeds:
        cameras = [part.id for part in parts.values() if part.kind is PartKind.CAMERA]
        for camera in cameras or [BOX]:
            seen.setdefault(camera, [])
    found = {}
    for camera, keys in seen.items():
        given = features.get(f"{camera}:detection")
        more = () if given is None else given.options
        options = tuple(dict.fromkeys((*keys, *(one for one in more if one != OTHER), OTHER)))
        poll, push = (None, None) if given is None else (given.poll, given.push)
        found[f"{camera}:detection"] = Feature(
            camera, "detection", poll=poll, push=push, options=options
        )
    return found
