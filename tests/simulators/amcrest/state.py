"""What the box remembers beside its configuration: clock, outputs, disks, light and siren."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import time

from tests.simulators.amcrest.faults import TimeStyle


class Clock:
    """Local time of the device, off by a drift and settable (§4.6.2, §4.6.3)."""

    def __init__(self, drift: timedelta = timedelta()) -> None:
        """Run beside the machine's own clock, so much ahead."""
        self.drift = drift

    def now(self) -> datetime:
        """What the device believes."""
        return datetime.now() + self.drift  # noqa: DTZ005

    def set(self, when: datetime) -> None:
        """Take another time over."""
        self.drift = when - datetime.now()  # noqa: DTZ005

    def text(self, style: TimeStyle) -> str:
        """The time as getCurrentTime writes it."""
        return time_text(self.now(), style)


def time_text(when: datetime, style: TimeStyle) -> str:
    """A moment as this firmware writes it (§2)."""
    if style is TimeStyle.SHORT:
        return f"{when.year}-{when.month}-{when.day} {when:%H:%M:%S}"
    return when.strftime("%Y-%m-%d %I:%M:%S %p" if style is TimeStyle.AM_PM else "%F %T")


@dataclass(slots=True)
class Partition:
    """One partition of a disk (§6.1.3)."""

    path: str
    total: int
    used: int
    kind: str = "ReadWrite"
    is_error: bool = False


@dataclass(slots=True)
class Disk:
    """One disk or card."""

    name: str
    state: str
    partitions: list[Partition]


class Coaxial:
    """Warning light and siren, which fall back by themselves (§7.2)."""

    WHITE_LIGHT = 1
    SPEAKER = 2

    def __init__(
        self, seconds: Callable[[], float], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Fall back after as many seconds as the callable says at the time of switching."""
        self._seconds = seconds
        self._clock = clock
        self._until = {self.WHITE_LIGHT: 0.0, self.SPEAKER: 0.0}
        self.switched: list[tuple[int, bool]] = []

    def switch(self, kind: int, on: bool) -> None:
        """Switch the light (1) or the speaker (2)."""
        self._until[kind] = self._clock() + self._seconds() if on else 0.0
        self.switched.append((kind, on))
        del self.switched[:-100]

    @property
    def white_light(self) -> bool:
        """Whether the warning light is on."""
        return self._clock() < self._until[self.WHITE_LIGHT]

    @property
    def speaker(self) -> bool:
        """Whether the siren sounds."""
        return self._clock() < self._until[self.SPEAKER]


@dataclass(slots=True)
class Slot:
    """One position of a recorder's camera list (§7.6)."""

    state: str = "Connected"
    protocol: str = "Private"
    type: str = "Remote"
    enabled: bool = True
    address: str = "192.168.0.0"
    device_type: str = ""
    serial: str = ""
    mac: str = "ff:ff:ff:ff:ff:ff"
    name: str = ""

    @property
    def has_picture(self) -> bool:
        """Whether the recorder answers snapshot and native RTSP for it."""
        return self.state == "Connected" and self.protocol != "Onvif"


@dataclass(slots=True)
class AlarmPanel:
    """Alarm inputs; outputs live in the AlarmOut table (§4.9.3-7)."""

    inputs: list[bool] = field(default_factory=list)
    outputs: int = 0
