"""People and access."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from .base import Brings, Command, Param, Risk


@dataclass(frozen=True, slots=True)
class AddUser(Command):
    """Let somebody in."""

    risk: ClassVar[Risk] = Risk.ADMIN

    user: Annotated[str, Param("User name")]
    password: Annotated[str, Param("Password", secret=True)] = field(repr=False)
    group: Annotated[str, Param("What they may do", options=("viewer", "operator", "admin"))] = (
        "viewer"
    )
    note: Annotated[str, Param("A remark")] = ""


@dataclass(frozen=True, slots=True)
class ChangeUser(Command):
    """Change somebody's password or rights; what is left out stays."""

    risk: ClassVar[Risk] = Risk.ADMIN

    user: Annotated[str, Param("User name")]
    password: Annotated[str, Param("New password", secret=True)] = field(default="", repr=False)
    group: Annotated[
        str, Param("What they may do", options=("", "viewer", "operator", "admin"))
    ] = ""
    note: Annotated[str, Param("A remark")] = ""
    old_password: Annotated[
        str, Param("Their password until now, where the device asks for it", secret=True)
    ] = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RemoveUser(Command):
    """Let somebody in no more."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    user: Annotated[str, Param("User name")]


@dataclass(frozen=True, slots=True)
class AddRecord(Command):
    """Add a record, such as a card or an announcement, to a table of the device."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.DATA

    table: Annotated[str, Param("Which table", options=("cards", "announcements"))]
    values: Annotated[Mapping[str, str], Param("Its fields, in the device's own words")]


@dataclass(frozen=True, slots=True)
class ChangeRecord(Command):
    """Change fields of a record; what is left out stays."""

    risk: ClassVar[Risk] = Risk.ADMIN

    table: Annotated[str, Param("Which table", options=("cards", "announcements"))]
    record: Annotated[str, Param("Its number, as the table lists it")]
    values: Annotated[Mapping[str, str], Param("Fields and their new values")]


@dataclass(frozen=True, slots=True)
class RemoveRecord(Command):
    """Remove a record from a table of the device."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    table: Annotated[str, Param("Which table", options=("cards", "announcements"))]
    record: Annotated[str, Param("Its number, as the table lists it")]


@dataclass(frozen=True, slots=True)
class CountRecords(Command):
    """Count the records of a table of the device."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.DATA

    table: Annotated[
        str, Param("Which table", options=("cards", "swipes", "calls", "alarms", "announcements"))
    ]


@dataclass(frozen=True, slots=True)
class SetIpFilter(Command):
    """Choose the addresses that may reach the device; ours always stays among them."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    enabled: Annotated[bool, Param("Filter at all")]
    addresses: Annotated[tuple[str, ...], Param("Those let in; none keeps the list")] = ()
