"""What the user can mend, shown as repair issues."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .devices.model import BOX, Notice, Part, PartKind, Topology
from .parts import leading

CLAIM: Final = "claim"
HEVC: Final = "h265"
CLAIMS: Final[Mapping[str, str]] = {"mqtt": "claim_mqtt", "mqtt-client": "claim_mqtt_client"}
"""The texts for what only one device may hold, by its kind; for other kinds there is CLAIM."""

_IGNORED: Final[HassKey[set[str]]] = HassKey(f"{DOMAIN}_ignored_issues")
"""What the user chose to ignore, kept while its device is set up anew."""


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
            _raise(self._hass, issue_id, notice.key, {"device": device, **notice.data})
        self._raised = set(active)

    @callback
    def leave(self) -> None:
        """Show nothing while nobody asks the device."""
        for issue_id in self._raised:
            _withdraw(self._hass, issue_id)
        self._raised = set()

    @callback
    def forget(self) -> None:
        """Leave nothing of what was ever shown: the entry is removed."""
        for domain, issue_id in list(ir.async_get(self._hass).issues):
            if domain == DOMAIN and issue_id.startswith(self._id()):
                ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        ignored = _ignored(self._hass)
        ignored -= {issue_id for issue_id in ignored if issue_id.startswith(self._id())}

    def _id(self, notice: Notice | None = None) -> str:
        # Home Assistant forgets issues by entry only in newer versions.
        return f"{self._entry_id}_{'' if notice is None else f'{notice.key}_{notice.part}'}"


def hevc_notices(topology: Topology, device: str) -> Iterator[Notice]:
    """Yield a notice for each camera whose best live view is one that many browsers do not show."""
    for part in dict.fromkeys(stream.part for stream in topology.streams.values()):
        best = topology.streams.get(leading(topology, part) or "")
        if best is not None and best.codec == HEVC and not best.minor:
            place = topology.parts.get(part, Part(part, PartKind.CAMERA))
            camera = device if part == BOX else f"{device} {place.name or place.token}"
            yield Notice(HEVC, part, data={"camera": camera})


@callback
def show_claims(
    hass: HomeAssistant,
    holders: Iterable[tuple[str, Iterable[str]]],
    *,
    leaving: bool = False,
) -> None:
    """Raise an issue for what several devices hold and one alone may; delete those that ended.

    Where a device is only left (`leaving`), what it holds may be held again soon.
    """
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
        if issue_id not in shared and leaving:
            _withdraw(hass, issue_id)
        elif issue_id not in shared:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    for issue_id, claim in shared.items():
        kind, _, value = claim.partition(":")
        told = {"devices": ", ".join(sorted(held[claim])), "value": value}
        _raise(hass, issue_id, CLAIMS.get(kind, CLAIM), told)


def _claim_id(claim: str) -> str:
    return f"{CLAIM}_{claim}"


@callback
def _ignored(hass: HomeAssistant) -> set[str]:
    return hass.data.setdefault(_IGNORED, set())


@callback
def _raise(hass: HomeAssistant, issue_id: str, key: str, told: dict[str, str]) -> None:
    """Show an issue, or have it stay ignored if the user ignored it before."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders=told,
    )
    if issue_id in _ignored(hass):
        _ignored(hass).remove(issue_id)
        ir.async_ignore_issue(hass, DOMAIN, issue_id, True)


@callback
def _withdraw(hass: HomeAssistant, issue_id: str) -> None:
    """Show an issue no longer, though nobody mended it."""
    # Over a restart Home Assistant itself knows what is ignored, unless it is told to forget it.
    if hass.is_stopping:
        return
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    if issue is not None and issue.dismissed_version is not None:
        _ignored(hass).add(issue_id)
    ir.async_delete_issue(hass, DOMAIN, issue_id)
