"""Adds an entry through the config flow's own API, answering each form as a user would."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from .api import Api, ApiError
from .inventory import DOMAIN

FLOWS: Final = "/api/config/config_entries/flow"
MOST_STEPS: Final = 12
ADDRESS_FIELDS: Final = ("address", "url", "host")
USER_FIELDS: Final = ("username", "user")


async def add_entry(api: Api, url: str, family: str, user: str, password: str) -> Mapping[str, Any]:
    """Go through the dialogs; returns the entry that they made."""
    known = dict.fromkeys(ADDRESS_FIELDS, url) | dict.fromkeys(USER_FIELDS, user)
    known |= {"family": family, "password": password}
    step = await api.json("POST", FLOWS, {"handler": DOMAIN, "show_advanced_options": False})
    path = f"{FLOWS}/{step['flow_id']}"
    seen: list[str] = []
    while step["type"] != "create_entry":
        seen.append(str(step.get("step_id")))
        if step["type"] == "abort":
            raise ApiError(f"{url}: the dialog ended with {step['reason']}")
        if errors := step.get("errors"):
            raise ApiError(f"{url}: step {step['step_id']} says {errors}")
        if len(seen) > MOST_STEPS:
            raise ApiError(f"{url}: the dialog goes round: {', '.join(seen)}")
        if step["type"] == "form":
            step = await api.json("POST", path, _answers(step, known))
        elif step["type"] == "progress":
            await asyncio.sleep(0.2)
            step = await api.json("GET", path)
        else:
            raise ApiError(f"{url}: a step of type {step['type']} was not expected")
    return dict(step["result"])


def _answers(step: Any, known: Mapping[str, str]) -> dict[str, Any]:
    """What we know, and for the rest what the form proposes."""
    answers: dict[str, Any] = {}
    for field in step["data_schema"] or ():
        name = field["name"]
        proposed = (field.get("description") or {}).get("suggested_value")
        if name in known:
            answers[name] = known[name]
        elif proposed is not None:
            answers[name] = proposed
        elif "default" in field:
            answers[name] = field["default"]
    return answers
