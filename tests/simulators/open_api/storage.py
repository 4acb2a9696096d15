"""The SD card and what is recorded on it (S-8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.simulators.open_api.parameters import Parameters

DISK = "SD_DISK"
_OVERHEAD = 16
_STAMP = "%Y%m%d_%H%M%S"
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Recording:
    """One file; how much it weighs is not told."""

    start: datetime
    kind: str = "scheduled"
    kilobytes: int = 900

    @property
    def id(self) -> str:
        """Name of the file."""
        return f"{self.start:{_STAMP}}.avi"

    def xml(self) -> str:
        """The element of the list (S-8.4)."""
        return (
            f'<recording recordingid="{self.id}" diskid="{DISK}" '
            f'starttime="{self.start:{_STAMP}}" date="{self.start:%Y%m%d}" '
            f'recordingtype="{self.kind}"> </recording>'
        )


class Storage:
    """One card slot."""

    def __init__(self, parameters: Parameters, now: datetime) -> None:
        """Have a mounted card with three recordings of the last hours."""
        self.total = 124_048
        self.present = True
        self.mounted = True
        self.broken = False
        self.read_only = False
        self.recordings: dict[str, Recording] = {}
        self.jobs = 0
        self._parameters = parameters
        for hours, kind in ((26, "scheduled"), (5, "triggered"), (1, "continuous")):
            self.add(Recording((now - timedelta(hours=hours)).replace(microsecond=0), kind))

    @property
    def free(self) -> int:
        """Kilobytes that are left."""
        used = sum(each.kilobytes for each in self.recordings.values())
        return max(0, self.total - _OVERHEAD - used)

    @property
    def locked(self) -> bool:
        """Whether nothing on the card may be removed."""
        return self._parameters.flag("Storage.S0.Locked")

    @property
    def status(self) -> str:
        """OK, connected (not mounted), disconnected, or failed."""
        if not self.present:
            return "disconnected"
        if self.broken:
            return "failed"
        return "OK" if self.mounted else "connected"

    def add(self, recording: Recording) -> Recording:
        """Have a file appear."""
        self.recordings[recording.id] = recording
        while len(self.recordings) > _MOST:
            del self.recordings[next(iter(self.recordings))]
        return recording

    def visible(self) -> list[Recording]:
        """What can be listed: nothing of a card that is not mounted."""
        return list(self.recordings.values()) if self.status == "OK" else []

    def trouble(self) -> str | None:
        """Why nothing on the card can be changed, if so."""
        if self.status != "OK":
            return f"disk is {self.status}"
        if self.locked:
            return "disk is locked"
        return "disk is read only" if self.read_only else None

    def xml(self) -> str:
        """The element of the list (S-8.3)."""
        get = self._parameters.get
        return (
            f'<disk diskid="{DISK}" totalsize="{self.total}" freesize="{self.free}" '
            f'cleanuplevel="95" cleanupmaxage="{get("Storage.S0.CleanupMaxAge")}" '
            f'cleanuppolicy="{get("Storage.S0.CleanupPolicyActive")}" '
            f'locked="{_yes(self.locked)}" full="{_yes(self.free == 0)}" '
            f'readonly="{_yes(self.read_only)}" status="{self.status}" />'
        )

    def job(self, action: str, trouble: str | None = None) -> str:
        """What a command about the card says (V)."""
        self.jobs += 1
        result = "OK" if trouble is None else "ERROR"
        why = "" if trouble is None else f'description="{trouble}" '
        return (
            f'<?xml version="1.0" ?><root><job action="{action}" diskid="{DISK}" '
            f'result="{result}" {why}jobid="{self.jobs}"/></root>'
        )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
