"""Looking after the device."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from .base import Brings, Command, Param, Risk


@dataclass(frozen=True, slots=True)
class BackUp(Command):
    """Save the device's settings to a file; it may hold passwords."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.FILE


@dataclass(frozen=True, slots=True)
class Restore(Command):
    """Load the device's settings from a file of the same device."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 120

    content: Annotated[bytes, Param("The file")]


@dataclass(frozen=True, slots=True)
class Upgrade(Command):
    """Install a firmware file; a wrong one can end the device."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 600

    content: Annotated[bytes, Param("The file")]


@dataclass(frozen=True, slots=True)
class Install(Command):
    """Install the firmware that the device offers."""

    risk: ClassVar[Risk] = Risk.ADMIN
    away: ClassVar[float] = 600


@dataclass(frozen=True, slots=True)
class FactoryReset(Command):
    """Forget all settings."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 120

    keep_network: Annotated[bool, Param("Keep the address")] = True


@dataclass(frozen=True, slots=True)
class ShutDown(Command):
    """Switch the device or its software off; it does not come back by itself."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 60


@dataclass(frozen=True, slots=True)
class Service(Command):
    """Start or stop one of the device's services."""

    risk: ClassVar[Risk] = Risk.ADMIN

    name: Annotated[str, Param("Its name")]
    run: Annotated[bool, Param("Start it; else stop it")] = True
    option: Annotated[str, Param("What it is started with")] = ""


@dataclass(frozen=True, slots=True)
class FormatDisk(Command):
    """Erase a disk or card."""

    risk: ClassVar[Risk] = Risk.DESTROYS


@dataclass(frozen=True, slots=True)
class MountDisk(Command):
    """Take a disk or card into use, or out of it."""

    risk: ClassVar[Risk] = Risk.ADMIN

    mounted: Annotated[bool, Param("Take it into use")] = True


@dataclass(frozen=True, slots=True)
class ClearLog(Command):
    """Empty the device's log."""

    risk: ClassVar[Risk] = Risk.DESTROYS


@dataclass(frozen=True, slots=True)
class SaveLog(Command):
    """Save the device's log to a file."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.FILE

    start: Annotated[datetime | None, Param("Nothing before")] = None
    end: Annotated[datetime | None, Param("Nothing after")] = None
