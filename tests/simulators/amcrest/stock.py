"""What a box has recorded before anybody looks: the same every day, for a few days (§4.11)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from tests.simulators.amcrest.item import NAS, Damage, Item, path_of
from tests.simulators.amcrest.personality import Personality

DAYS: Final = 4
"""Today and those before it."""
_RECORDER_EVENTS: Final = (
    "VideoMotion", "SmartMotionHuman", "SmartMotionVehicle", "CrossLineDetection", "AlarmLocal",
)  # fmt: skip
_RECORDED: Final = frozenset(
    {*_RECORDER_EVENTS, "CrossRegionDetection", "LeftDetection", "VideoBlind", "AudioMutation"}
)


@dataclass(frozen=True, slots=True)
class _Clip:
    """One recording of every day: when, how long, why."""

    at: time
    seconds: int
    flag: str = "Event"
    stream: str = "Main"


# The last one goes on into the next day.
_CLIPS: Final = (
    _Clip(time(0, 10, 5), 20),
    _Clip(time(6, 5), 10),
    _Clip(time(7, 0), 60, "Timing"),
    _Clip(time(7, 48, 12), 30),
    _Clip(time(7, 48, 12), 30, stream="Extra1"),
    _Clip(time(12, 30, 40), 20),
    _Clip(time(15, 0), 60, "Timing"),
    _Clip(time(16, 20), 10, "Manual"),
    _Clip(time(17, 59, 30), 20),
    _Clip(time(23, 59, 50), 20),
)
_ILL: Final = (
    (time(3, 0), Damage.TRUNCATED),
    (time(3, 10), Damage.EMPTY),
    (time(3, 20), Damage.GONE),
    (time(3, 30), Damage.REMOTE),
)
_DEAD_FOR: Final = 2
"""A camera that is not there any more has recorded until this many days ago."""


def stock(model: Personality, now: datetime) -> Iterator[Item]:
    """Everything that has ended by now."""
    if not model.disks:
        return
    today = datetime.combine(now.date(), time())
    for back in range(DAYS):
        midnight = today - timedelta(days=back)
        for channel in _channels(model, back):
            yield from (item for item in _day(model, channel, midnight) if item.end <= now)
    yield from _ill(model, today - timedelta(days=1))


def _channels(model: Personality, back: int) -> Iterator[int]:
    """The channels that recorded on a day so many days ago."""
    for channel in range(model.channels):
        state = model.slots[channel].state if model.slots else "Connected"
        if state == "Connected" or (state != "Empty" and back >= _DEAD_FOR):
            yield channel


def _day(model: Personality, channel: int, midnight: datetime) -> Iterator[Item]:
    """The recordings of one channel, each event with a snapshot on a camera."""
    events = [one for one in model.exposure_events if one in _RECORDED] or _RECORDER_EVENTS
    for number, clip in enumerate(_CLIPS):
        why = events[(number + channel + midnight.day) % len(events)]
        start = datetime.combine(midnight.date(), clip.at) + timedelta(minutes=channel)
        item = _item(model, channel, start, clip, why)
        yield item
        if clip.flag == "Event" and clip.stream == "Main" and not model.slots:
            yield replace(
                item,
                seconds=0,
                path=path_of(channel, start, 0, "jpg", events=item.events),
                type="jpg",
                codec="h264",
            )


def _item(model: Personality, channel: int, start: datetime, clip: _Clip, why: str) -> Item:
    flags = (clip.flag,)
    events = (why,) if clip.flag == "Event" else ()
    suffix = model.record_suffix
    return Item(
        channel=channel,
        start=start,
        seconds=clip.seconds,
        path=path_of(
            channel,
            start,
            clip.seconds,
            suffix,
            recorder=bool(model.slots),
            flags=flags,
            events=events,
            stream=clip.stream,
        ),
        # Only the sub stream's files are called what they are, where they are MP4.
        type="mp4" if suffix == "mp4" and clip.stream != "Main" else "dav",
        stream=clip.stream,
        flags=flags,
        events=events,
        codec=model.record_codec,
    )


def _ill(model: Personality, midnight: datetime) -> Iterator[Item]:
    """Four files of yesterday that cannot be played to their end."""
    for at, damage in _ILL:
        start = datetime.combine(midnight.date(), at)
        events = ("VideoMotion",)
        path = path_of(0, start, 20, "dav", recorder=bool(model.slots), events=events)
        if damage is Damage.REMOTE:
            path = NAS + path
        yield Item(0, start, 20, path, events=events, codec=model.record_codec, damage=damage)
