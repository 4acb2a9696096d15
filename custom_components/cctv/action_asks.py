"""What actions ask for that are no commands: what a device keeps is listed, copied, deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import SupportsResponse

from .action_fields import LIST_MOST
from .devices.catalogue import RECORDING_KINDS
from .devices.commands import Param, Risk

WAIT_MOST_SECONDS: Final = 80
ORIGINAL: Final = "original"
MP4: Final = "mp4"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is common: who may, what is answered, whether a recording may be named by its id."""

    risk: ClassVar[Risk] = Risk.NONE
    right: ClassVar[str] = POLICY_READ
    response: ClassVar[SupportsResponse] = SupportsResponse.ONLY
    by_id: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ListRecordings(Ask):
    """List what a device recorded, newest first."""

    start: Annotated[datetime | None, Param("Nothing that ended before")] = None
    end: Annotated[datetime | None, Param("Nothing that began after")] = None
    kinds: Annotated[
        tuple[str, ...],
        Param("Only what was recorded for one of these reasons", options=RECORDING_KINDS),
    ] = ()
    limit: Annotated[int, Param("At most so many", low=1, high=LIST_MOST)] = 100


@dataclass(frozen=True, slots=True)
class ListTable(Ask):
    """List the rows of one of a device's tables, newest first."""

    kind: Annotated[str, Param("Which table, such as log")]
    start: Annotated[datetime | None, Param("Nothing before")] = None
    end: Annotated[datetime | None, Param("Nothing after")] = None
    where: Annotated[Mapping[str, str] | None, Param("Columns and what must be in them")] = None
    limit: Annotated[int, Param("At most so many", low=1, high=LIST_MOST)] = 100


@dataclass(frozen=True, slots=True)
class LatestRecording(Ask):
    """Tell the newest recording, or wait for the next one."""

    wait: Annotated[
        int, Param("Wait so long for the next one", low=0, high=WAIT_MOST_SECONDS, unit="s")
    ] = 0


@dataclass(frozen=True, slots=True)
class DownloadRecording(Ask):
    """Copy a recording into a folder, the newest one if none is named."""

    right: ClassVar[str] = POLICY_CONTROL
    response: ClassVar[SupportsResponse] = SupportsResponse.OPTIONAL
    by_id: ClassVar[bool] = True

    directory: Annotated[str, Param("The whole path of a folder that Home Assistant may use")]
    media_content_id: Annotated[
        str, Param("Which recording, as the list of recordings tells it, instead of a target")
    ] = ""
    name: Annotated[str, Param("The file's name; left out it says which camera and when")] = ""
    format: Annotated[
        str, Param("As the device stored it, or as one MP4", options=(ORIGINAL, MP4))
    ] = ORIGINAL


@dataclass(frozen=True, slots=True)
class ExportClip(Ask):
    """Write what was recorded from one moment to another into one MP4 file."""

    right: ClassVar[str] = POLICY_CONTROL
    response: ClassVar[SupportsResponse] = SupportsResponse.OPTIONAL

    start: Annotated[datetime, Param("From when")]
    end: Annotated[datetime, Param("Until when")]
    directory: Annotated[str, Param("The whole path of a folder that Home Assistant may use")]
    name: Annotated[str, Param("The file's name; left out it says which camera and when")] = ""


@dataclass(frozen=True, slots=True)
class DeleteRecording(Ask):
    """Delete one recording on its device."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    right: ClassVar[str] = POLICY_CONTROL
    response: ClassVar[SupportsResponse] = SupportsResponse.OPTIONAL
    by_id: ClassVar[bool] = True

    media_content_id: Annotated[
        str, Param("Which recording, as the list of recordings tells it, instead of a target")
    ]


ASKS: Final[tuple[type[Ask], ...]] = (
    ListRecordings,
    LatestRecording,
    DownloadRecording,
    ExportClip,
    DeleteRecording,
    ListTable,
)
"""Each is an action of its own, beside the commands."""
