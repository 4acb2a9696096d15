"""Adds entries through the config flow's own API, answering each form as a user would."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from .api import Api, ApiError
from .home import HOST
from .inventory import DOMAIN

FLOWS: Final = "/api/config/config_entries/flow"
MOST_STEPS: Final = 12
ADDRESS_FIELDS: Final = ("address", "url", "host")
USER_FIELDS: Final = ("username", "user")


async def add_device(
    api: Api, url: str, family: str, user: str, password: str, answers: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Go through the dialogs for a device; returns the entry that they made."""
    known: dict[str, Any] = {**answers, "family": family, "password": password}
    known |= dict.fromkeys(ADDRESS_FIELDS, url) | dict.fromkeys(USER_FIELDS, user)
    return await add_entry(api, DOMAIN, known)


async def add_broker(api: Api, port: int) -> None:
    """Have Home Assistant's own MQTT talk to a broker."""
    certificates = {"set_ca_cert": "off", "set_client_cert": False}
    await add_entry(api, "mqtt", {"broker": HOST, "port": port, **certificates})


async def add_entry(api: Api, domain: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Go through the dialogs with what is known; returns the entry that they made."""
    step = await api.json("POST", FLOWS, {"handler": domain, "show_advanced_options": False})
    path = f"{FLOWS}/{step['flow_id']}"
    seen: list[str] = []
    while step["type"] != "create_entry":
        seen.append(str(step.get("step_id")))
        if step["type"] == "abort":
            raise ApiError(f"{domain}: the dialog ended with {step['reason']}")
        if errors := step.get("errors"):
            raise ApiError(f"{domain}: step {step['step_id']} says {errors}")
        if len(seen) > MOST_STEPS:
            raise ApiError(f"{domain}: the dialog goes round: {', '.join(seen)}")
        if step["type"] == "form":
            step = await api.json("POST", path, _answers(step["data_schema"] or (), known))
        elif step["type"] == "progress":
            await asyncio.sleep(0.2)
            step = await api.json("GET", path)
        else:
            raise ApiError(f"{domain}: a step of type {step['type']} was not expected")
    return dict(step["result"])


def _answers(fields: Iterable[Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What we know, and for the rest what the form proposes."""
    answers: dict[str, Any] = {}
    for field in fields:
        name = field["name"]
        proposed = (field.get("description") or {}).get("suggested_value")
        if field.get("type") == "expandable":
            answers[name] = _answers(field["schema"], known)
        elif name in known:
            answers[name] = known[name]
        elif proposed is not None:
            answers[name] = proposed
        elif "default" in field:
            answers[name] = field["default"]
    return answers
