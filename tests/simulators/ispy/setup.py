"""Objects, files and floor plans as a personality describes them."""

from datetime import datetime, timedelta

from tests.simulators.ispy.clock import Clock
from tests.simulators.ispy.objects import CAMERA, FloorPlan, Grab, Recording, Settings, SpyObject
from tests.simulators.ispy.personality import FileSeed, ObjectSeed, PlanSeed

CLIP_RATE = 250_000
"""Bytes that a second of recording weighs; more than the pictures need, the rest is padding."""

_RATES = {"avi": 500_000, "mp3": 8_000}
"""The same of an AVI with a JPEG for each picture, and of sound."""


def weight(suffix: str, seconds: int) -> int:
    """Bytes that so many seconds of a file weigh."""
    return seconds * _RATES.get(suffix, CLIP_RATE) + 177


def make_object(seed: ObjectSeed, clock: Clock, now: datetime) -> SpyObject:
    """A camera or microphone with its files."""
    made = SpyObject(
        seed.ot,
        seed.id,
        seed.name,
        seed.description,
        seed.enabled,
        Settings(**seed.settings),
        seed.scene,
        seed.size,
        seed.ptz,
        seed.talk,
        seed.mic_pair,
        seed.failing,
        seed.alert_mode,
        presets=seed.presets,
        schedule=seed.schedule,
        scheduled_mode=seed.scheduled_mode,
        suffix=seed.suffix if seed.ot == CAMERA else "mp3",
    )
    files = [make_recording(made, file, clock, now) for file in seed.files]
    for recording in sorted(files, key=lambda each: each.ended):
        made.add_file(recording)
    for number, hours in enumerate(seed.grabs_hours_ago):
        taken = now - timedelta(hours=hours)
        stamp = clock.local(taken)
        name = f"{stamp:%Y-%m-%d_%H-%M-%S}_{stamp.microsecond // 1000:03}.jpg"
        made.grabs.append(Grab(name, taken, made.scene, number * 11))
    return made


def make_recording(thing: SpyObject, seed: FileSeed, clock: Clock, now: datetime) -> Recording:
    """A file named after the local time of its start."""
    started = seed.at or now - timedelta(hours=seed.hours_ago)
    stamp = clock.local(started)
    peak = seed.max_alarm
    name = seed.name or f"{thing.id}_{stamp:%Y-%m-%d_%H-%M-%S}.{thing.suffix}"
    suffix = name.rpartition(".")[2].lower()
    return Recording(
        name,
        started,
        seed.seconds,
        weight(suffix, seed.seconds) if seed.size is None else seed.size,
        peak,
        tuple(round(peak * part, 3) for part in (0.1, 0.5, 1, 0.25)),
        thing.scene,
    )


def make_plan(seed: PlanSeed, now: datetime) -> FloorPlan:
    """A drawing with objects on it."""
    return FloorPlan(seed.id, seed.name, groups=seed.groups, areas=seed.areas, refreshed=now)
