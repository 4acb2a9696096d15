"""What a device was found to have, kept with its firmware: asked once, not at every start."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from .env import JSON, Memory
from .errors import (
    Busy,
    CannotConnect,
    Forbidden,
    Malformed,
    NoAnswer,
    Rejected,
    Unsaid,
    Unsupported,
)

_KEY: Final = "verdicts"
_MANY: Final = 2_000
_REJECTED: Final = "rejected:"
_EMPTY: Final = "empty:"
_TIRED: Final = 4
"""What was rejected so often running is not asked for again, until that is forgiven. So often an
answer was nothing before it is believed: a box that starts up may give nothing else for a while."""


class Verdicts:
    """Remembers yes, no and how; what failed otherwise is asked again."""

    def __init__(self, memory: Memory, firmware: str) -> None:
        """Take up what is known of this firmware; another firmware's is forgotten."""
        self._memory = memory
        self._firmware = firmware
        self.unknown: set[str] = set()
        """What did not answer, and is asked again soon."""
        self.forbidden: set[str] = set()
        """What this account may not see; another one may, so it is not remembered."""
        self._silent = 0
        self.nothing: dict[str, int] = {}
        """How often running a question was answered with nothing."""
        kept = memory.get(_KEY)
        self._known: dict[str, JSON] = {}
        if isinstance(kept, dict) and kept.get("firmware") == firmware:
            names = kept.get("names")
            if isinstance(names, dict):
                self._known = dict(names)

    def get(self, name: str) -> JSON:
        """What was found: True, False, how it is done, or None for not known."""
        return self._known.get(name)

    def put(self, name: str, verdict: JSON) -> None:
        """Remember it; None forgets it."""
        if self._known.get(name) == verdict:
            return
        if verdict is None:
            del self._known[name]
        elif len(self._known) < _MANY:
            self._known[name] = verdict
        self._memory.put(_KEY, {"firmware": self._firmware, "names": dict(self._known)})

    async def fact(self, name: str, ask: Callable[[], Awaitable[JSON]]) -> JSON:
        """What does not change with this firmware: asked once; None without an answer."""
        kept = self.get(f"fact:{name}")
        if kept is not None:
            return kept
        answer = await self.probe(name, ask)
        if answer is not None and name not in self.unknown:
            self.put(f"fact:{name}", answer)
        return answer

    async def probe[T](self, name: str, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Ask, unless the answer was no; None without an answer. A device that is gone raises."""
        if self.get(name) is False or self._rejections(name) >= _TIRED:
            return None
        try:
            answer = await ask()
        except Unsaid:
            if self._is_sure(name):
                self.put(name, verdict=False)
        except Unsupported:
            self.put(name, verdict=False)
            self.unknown.discard(name)
        except Forbidden:
            self.forbidden.add(name)
        except Rejected:
            self._count(name)
        except Busy, Malformed:
            self.unknown.add(name)
        except CannotConnect, NoAnswer:
            # One command may hang or be cut; two running mean that nobody is there.
            self._silent += 1
            if self._silent > 1:
                raise
            self.unknown.add(name)
        else:
            self._silent = 0
            self.put(f"{_REJECTED}{name}", None)
            if self.get(name) is None:
                self.put(name, verdict=True)
            self.forbidden.discard(name)
            if not isinstance(answer, Collection) or answer:
                self.unknown.discard(name)
                self.nothing.pop(name, None)
                self.put(f"{_EMPTY}{name}", None)
            else:
                self._is_sure(name)
            return answer
        return None

    def _is_sure(self, name: str) -> bool:
        """Whether it was nothing often enough: a bad moment says nothing of what there is."""
        count = self.nothing.get(name, 0) + 1
        if self.get(f"{_EMPTY}{name}") is None and count < _TIRED:
            self.nothing[name] = count
            self.unknown.add(name)
            return False
        self.nothing.pop(name, None)
        self.put(f"{_EMPTY}{name}", verdict=True)
        self.unknown.discard(name)
        return True

    def forgive(self) -> None:
        """Ask again what was rejected so often that it was left alone."""
        for name in [each for each in self._known if each.startswith(_REJECTED)]:
            self.put(name, None)

    def _rejections(self, name: str) -> int:
        """How often running it was rejected."""
        count = self.get(f"{_REJECTED}{name}")
        return count if isinstance(count, int) else 0

    def _count(self, name: str) -> None:
        """Note a rejection: a box that always says so is left alone until it is forgiven."""
        count = self._rejections(name) + 1
        self.put(f"{_REJECTED}{name}", count)
        if count < _TIRED:
            self.unknown.add(name)
        else:
            self.unknown.discard(name)
