"""A file that the box has recorded, as its finder tells about it (§4.11.5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tests.simulators.clips import VideoCodec

NAS: Final = "ftp://192.168.1.9/nas"
_NUMBERING_FROM: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - a device's clock has no zone
_MOTION: Final = "VideoMotion"


class Damage(StrEnum):
    """What is wrong with a file."""

    TRUNCATED = "truncated"
    """It ends in the middle of a frame."""
    EMPTY = "empty"
    GONE = "gone"
    """It is listed, and was deleted meanwhile."""
    REMOTE = "remote"
    """It is on a NAS, from which the box gives nothing out."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file; its bytes are made when they are fetched."""

    channel: int
    start: datetime
    seconds: int
    path: str
    type: str = "dav"
    """As the finder says it; a path ending `.mp4` may well be called dav."""
    stream: str = "Main"
    flags: tuple[str, ...] = ("Event",)
    events: tuple[str, ...] = ()
    codec: VideoCodec = "h264"
    damage: Damage | None = None

    @property
    def end(self) -> datetime:
        """When its last picture was taken, and some."""
        return self.start + timedelta(seconds=self.seconds)

    @property
    def is_picture(self) -> bool:
        """Whether it is a snapshot."""
        return self.path.endswith(".jpg")

    @property
    def is_mp4(self) -> bool:
        """Whether its bytes are an MP4."""
        return self.path.endswith(".mp4")

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether any of it lies in a time."""
        return self.start <= end and self.end >= start


def path_of(
    channel: int,
    start: datetime,
    seconds: int,
    suffix: str,
    *,
    recorder: bool = False,
    flags: tuple[str, ...] = ("Event",),
    events: tuple[str, ...] = (),
    stream: str = "Main",
) -> str:
    """Where a box puts a file (§4.11.5); a recorder writes [R] whatever the reason was."""
    end = start + timedelta(seconds=seconds)
    letter = "R" if recorder else _letter(flags, events)
    extra = 0 if stream == "Main" else int(stream.removeprefix("Extra"))
    mark = f"[{letter}][0@0][{extra}]"
    times = f"{start:%H.%M.%S}-{end:%H.%M.%S}{mark}.{suffix}"
    if recorder:
        number = int((start - _NUMBERING_FROM).total_seconds()) // 10
        folder = "jpg" if suffix == "jpg" else "dav"
        return f"/mnt/dvr/{start:%Y-%m-%d}/{channel}/{folder}/{start:%H}/0/2/{number}/{times}"
    place = f"/mnt/sd/{start:%Y-%m-%d}/{channel + 1:03}"
    if suffix == "jpg":
        return f"{place}/jpg/{start:%H}/{start:%M}/{start:%S}{mark}.jpg"
    return f"{place}/dav/{start:%H}/{times}"


def _letter(flags: tuple[str, ...], events: tuple[str, ...]) -> str:
    """The first bracket: regular, manual, motion, alarm, intelligent."""
    if "Timing" in flags:
        return "R"
    if "Manual" in flags:
        return "H"
    if _MOTION in events:
        return "M"
    return "A" if any(event.startswith("Alarm") for event in events) else "I"


def members(item: Item, size: int, start: str, end: str, number: int) -> dict[str, object]:
    """What the finder tells about a file, in the order of the alphabet as boxes do."""
    work = "/".join(item.path.split("/")[:3])
    told: dict[str, object] = {
        "Channel": item.channel,
        "Cluster": 100 + number,
        "Compressed": False,
        "CutLength": size,
        "Disk": 0,
        "Duration": item.seconds,
        "EndTime": end,
        "Events": list(item.events),
        "FilePath": item.path,
        "Flags": list(item.flags),
        "Length": size,
        "Overwrites": 0,
        "Partition": 0,
        "PicIndex": 0,
        "Redundant": False,
        "Repeat": 0,
        "StartTime": start,
        "SummaryOffset": 0,
        "Type": item.type,
        "VideoStream": item.stream,
        "WorkDir": work,
        "WorkDirSN": 0,
    }
    return {key: value for key, value in told.items() if value != []}
