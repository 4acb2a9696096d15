"""What the user set through us and the recorder forgets: kept in our memory, put back from it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
import logging
from typing import Any, Final

from ..env import JSON, Memory
from ..errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    Rejected,
)
from ..model import Scalar, Value
from .client import Client
from .features import (
    CHECKS,
    INSPECTION_DIRECTORY,
    RECORDING_DIRECTORY,
    REEVALUATE_TAGS,
    SPLIT_TIME,
    TEMPLATE_NAMES,
    of,
)

_LOGGER = logging.getLogger(__name__)

_WISHES: Final = "wishes"
_SNAPSHOT: Final = "snapshot"


class Wishes:
    """What the user wants of a recorder that forgets it."""

    def __init__(self, memory: Memory) -> None:
        """Take up what was kept, but nothing that would be refused today."""
        self._memory = memory
        self._kept: dict[str, Scalar] = {}
        kept = memory.get(_WISHES)
        for key, value in kept.items() if isinstance(kept, dict) else ():
            if key in CHECKS:
                try:
                    self._kept[key] = CHECKS[key](value)
                except BadInput as error:
                    _LOGGER.warning("What was kept of %s is not put back: %s", key, error)

    def __getitem__(self, key: str) -> Scalar | None:
        """What is wanted of a feature; None if nothing was ever set."""
        return self._kept.get(key)

    def keep(self, key: str, value: Scalar) -> None:
        """Remember what the recorder took."""
        self._kept[key] = value
        kept: dict[str, JSON] = {
            name: one
            for name, one in self._kept.items()
            if isinstance(one, bool | int | float | str)
        }
        self._memory.put(_WISHES, kept)

    @property
    def values(self) -> tuple[Value, ...]:
        """All of it, as it is told."""
        return tuple(Value(of(key), value) for key, value in self._kept.items())

    # --- the last picture ---------------------------------------------------------------------

    @property
    def snapshot(self) -> datetime | None:
        """When the recorder last took a picture for us."""
        kept = self._memory.get(_SNAPSHOT)
        try:
            moment = datetime.fromisoformat(kept) if isinstance(kept, str) else None
        except ValueError:
            return None
        return None if moment is None or moment.tzinfo is None else moment.astimezone(UTC)

    def took_snapshot(self, moment: datetime) -> None:
        """Remember when it was."""
        self._memory.put(_SNAPSHOT, moment.isoformat())

    # --- telling the recorder -----------------------------------------------------------------

    async def put_back(self, client: Client) -> None:
        """Tell all of it again (§5.3): each piece once, and the others too when one is refused."""
        refused: list[str] = []
        for key, value in self._kept.items():
            if key not in TEMPLATE_NAMES:
                await _try(SENDERS[key](client, value), key, refused)
        templates = {
            name: str(self._kept[key]) for key, name in TEMPLATE_NAMES.items() if key in self._kept
        }
        if templates:
            await _try(client.set_templates(templates), "templates", refused)
        if refused:
            raise Rejected(f"not put back: {'; '.join(refused)}")


async def _try(sending: Awaitable[None], key: str, refused: list[str]) -> None:
    """Tell one piece; only a recorder that is gone ends it all."""
    try:
        await sending
    except CannotConnect:
        raise
    except DeviceError as error:
        refused.append(f"{key} ({error})")


SENDERS: Final[Mapping[str, Callable[[Client, Any], Awaitable[None]]]] = {
    RECORDING_DIRECTORY: Client.set_recording_directory,
    INSPECTION_DIRECTORY: Client.set_inspection_directory,
    SPLIT_TIME: Client.set_split_time,
    REEVALUATE_TAGS: Client.set_reevaluate_tags,
}
"""How each is told; templates go together."""
