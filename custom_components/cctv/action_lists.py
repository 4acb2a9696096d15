"""Listing the rows of the tables that devices keep."""

from contextlib import aclosing
from datetime import datetime
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util.json import JsonObjectType

from .action_answers import async_at_each, plain, response
from .action_targets import Target, async_targets, refused
from .devices.model import Table
from .errors import translated

RECORDINGS: Final = "recordings"
DAYS: Final = "days"
PRIVATE: Final = frozenset(
    {"cards", "groups", "ip_filter", "log", "neighbours", "sessions", "swipes", "users"}
)
"""Tables that tell about people and access, and so are for administrators."""


async def async_list_table(call: ServiceCall) -> ServiceResponse:
    """List the rows of a table of all targets."""
    kind = call.data["kind"]
    if kind in (RECORDINGS, DAYS):
        raise refused("recordings_listed_elsewhere")
    query = Table(**span(call), kind=kind, where=call.data.get("where", {}))
    targets = await async_targets(
        call, lambda part: kind in part.tables, right=POLICY_READ, admin=kind in PRIVATE
    )
    outcomes = await async_at_each(targets, lambda target: _listed(target, query))
    return response(outcomes, wanted=True)


def span(call: ServiceCall) -> dict[str, Any]:
    """Return from when to when, and at most how many."""
    start: datetime | None = call.data.get("start")
    end: datetime | None = call.data.get("end")
    if start is not None and end is not None and end < start:
        raise refused("ends_before_start")
    return {"start": start, "end": end, "limit": call.data.get("limit", 100)}


async def _listed(target: Target, query: Table) -> JsonObjectType:
    """List what one target has, and leave off as soon as there is enough."""
    rows: list[Any] = []
    with translated(target.coordinator.entry.title):
        async with aclosing(target.coordinator.runner.find(target.part, query)) as found:
            async for one in found:
                rows.append(plain(one))
                if len(rows) >= query.limit:
                    break
    return {"rows": rows, "limit_reached": len(rows) >= query.limit}
