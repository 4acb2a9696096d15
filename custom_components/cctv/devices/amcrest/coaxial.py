"""Siren and warning light of a camera (coaxialControlIO, §7.2)."""

from collections.abc import Mapping

from ..http.client import Lane
from ..model import Feature, Light, PartId, Value
from .box import Box
from .features import COAXIAL
from .inventory import Camera


async def learn(box: Box, camera: Camera, lane: Lane = Lane.READ) -> list[Value]:
    """Siren and warning light of a camera (§7.2)."""
    poll = f"{COAXIAL}{camera.channel}"
    state = await box.verdicts.probe(poll, lambda: box.client.coaxial(camera.channel, lane))
    if state is None or poll in box.verdicts.unknown:
        return []
    found: list[Feature] = []
    if "Speaker" in state:
        found.append(Feature(camera.part.id, "siren", poll=poll))
    if "WhiteLight" in state:
        found.append(Feature(camera.part.id, "warning_light", poll=poll))
    box.features[poll] = found
    return values(camera.part.id, state)


def values(part: PartId, state: Mapping[str, bool]) -> list[Value]:
    """What siren and warning light are now."""
    told: list[Value] = []
    if "Speaker" in state:
        told.append(Value(f"{part}:siren", state["Speaker"]))
    if "WhiteLight" in state:
        told.append(Value(f"{part}:warning_light", Light(state["WhiteLight"])))
    return told
