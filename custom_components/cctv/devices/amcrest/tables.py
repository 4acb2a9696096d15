"""Configuration tables to parts, features and values (§6), whenever one is read."""

from collections.abc import Iterable, Mapping

from ..http.client import Lane
from ..model import BOX, Feature, Value
from ..settings import POLL, Bound, Place, bind, values
from . import kept, lights
from .box import Box
from .features import RIVALS
from .places import MORE, Extra


async def learn(box: Box, name: str, lane: Lane = Lane.READ) -> list[Value]:
    """Learn one table, if the device has it; what was recalled of one that is gone goes."""
    listing = await box.verdicts.probe(name, lambda: box.store.read(name, lane))
    if listing is None and box.verdicts.get(name) is not False:
        return []
    if not listing and name in box.verdicts.unknown:
        # It may be a bad moment: the survey asks again.
        return []
    if not listing and name not in box.recalled:
        if lane is Lane.SURVEY:
            kept.keep(box, name, {})
        return []
    box.recalled.discard(name)
    told = place(box, name, listing or {})
    if lane is Lane.SURVEY:
        kept.keep(box, name, listing or {})
    return told


def recall(box: Box, names: Iterable[str]) -> None:
    """Make the features of these tables out of what was kept; what they are now is not told."""
    known = kept.listings(box)
    for name in names:
        if known.get(name) and not box.bounds.get(name):
            box.recalled.add(name)
            place(box, name, known[name])


def place(box: Box, name: str, listing: Mapping[str, str]) -> list[Value]:
    """Make parts, features and values of a table's listing."""
    group = POLL + name
    cameras = [
        Place(camera.part.id, {"camera": str(index)}) for index, camera in box.cameras.items()
    ]
    more = MORE.get(name)
    extra = more(box, group, listing) if more is not None else Extra()
    if name == lights.SCHEME:
        box.schemes = listing
    lamps = _lamps(box, listing) if name == lights.TABLE else []
    found = bind(box.settings, [Place(BOX), *cameras, *extra.places], name, listing)
    bounds = [bound for bound in found if not _yields(box, bound)]
    box.bounds[name] = bounds
    box.features[group] = [
        *(bound.feature(listing) for bound in bounds),
        *extra.features,
        *lamps,
    ]
    return [*values(bounds, listing), *extra.values, *lamp_values(box, lamps, listing)]


def needless(box: Box, name: str) -> bool:
    """Whether better tables already tell everything that this one could."""
    keys = {setting.key for setting in box.settings if setting.table == name}
    return bool(keys) and all(
        any(bound.setting.key == key for better in _better(key, name) for bound in _of(box, better))
        for key in keys
    )


def _better(key: str, name: str) -> tuple[str, ...]:
    """The tables that tell a key better than this one."""
    rivals = RIVALS.get(key, ())
    return rivals[: rivals.index(name)] if name in rivals else ()


def _of(box: Box, name: str) -> list[Bound]:
    return box.bounds.get(name, [])


def _yields(box: Box, found: Bound) -> bool:
    """Whether a better table tells a feature; a worse one that does so tells it no more."""
    key, mine = found.setting.key, found.setting.table
    better = _better(key, mine)
    if any(bound.id == found.id for name in better for bound in _of(box, name)):
        return True
    for name in RIVALS.get(key, ()):
        if name != mine and any(bound.id == found.id for bound in _of(box, name)):
            box.bounds[name] = [each for each in box.bounds[name] if each.id != found.id]
            group = POLL + name
            box.features[group] = [each for each in box.features[group] if each.id != found.id]
    return False


def _lamps(box: Box, listing: Mapping[str, str]) -> list[Feature]:
    """The white lamps (§7.1)."""
    return [
        lamp
        for index, camera in box.cameras.items()
        if (lamp := lights.feature(listing, camera.part.id, index, bell=box.identity.bell))
    ]


def lamp_values(box: Box, lamps: Iterable[Feature], listing: Mapping[str, str]) -> list[Value]:
    """What the white lamps are now."""
    index_of = {camera.part.id: index for index, camera in box.cameras.items()}
    return [
        Value(lamp.id, lights.read(listing, box.schemes, index_of[lamp.part])) for lamp in lamps
    ]
