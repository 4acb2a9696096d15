"""What the user can mend, shown as repair issues."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .devices.model import Notice

CLAIM: Final = "claim"
CLAIMS: Final[Mapping[str, str]] = {"mqtt": "claim_mqtt", "mqtt-client": "claim_mqtt_client"}
"""The texts for what only one device may hold, by its kind; for other kinds there is CLAIM."""


class IssueKeeper:
    """The repair issues of one entry: raised with its device's notices, gone with them."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Begin with none."""
        self._hass = hass
        self._entry_id = entry_id
        self._raised: set[str] = set()

    @callback
    def show(self, notices: Iterable[Notice], device: str) -> None:
        """Raise what is new and delete what is no longer said."""
        active = {self._id(notice): notice for notice in notices if notice.active}
        for issue_id in self._raised - active.keys():
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        for issue_id, notice in active.items():
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                issue_id,
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=notice.key,
                translation_placeholders={"device": device, **notice.data},
            )
        self._raised = set(active)

    def _id(self, notice: Notice) -> str:
        # Home Assistant forgets issues by entry only in newer versions.
        return f"{self._entry_id}_{notice.key}_{notice.part}"


@callback
def show_claims(hass: HomeAssistant, holders: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Raise an issue for what several devices hold and one alone may; delete those that ended."""
    held: dict[str, list[str]] = defaultdict(list)
    for title, claims in holders:
        for claim in claims:
            held[claim].append(title)
    shared = {_claim_id(claim): claim for claim, titles in held.items() if len(titles) > 1}
    raised = [
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and issue_id.startswith(_claim_id(""))
    ]
    for issue_id in raised:
        if issue_id not in shared:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    for issue_id, claim in shared.items():
        kind, _, value = claim.partition(":")
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=CLAIMS.get(kind, CLAIM),
            translation_placeholders={"devices": ", ".join(sorted(held[claim])), "value": value},
        )


def _claim_id(claim: str) -> str:
    return f"{CLAIM}_{claim}"
