"""What the user can mend, shown as repair issues."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .devices.model import Notice


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
