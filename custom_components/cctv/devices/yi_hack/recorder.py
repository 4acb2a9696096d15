"""Whether the camera writes a clip now, by the file that it writes into (§11). Pure."""

from typing import Final

STALE: Final = 20.0
"""A file that does not change for so many seconds was left behind by a power cut."""

type Trace = tuple[str, str]
"""Last-Modified and Content-Length."""


class Recorder:
    """Remembers how the file looked, so that one left behind is told from one being written."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._trace: Trace | None = None
        self._since = 0.0
        self._absent = False
        """Whether it was seen that there was no file."""
        self._moved = False
        """Whether the file was seen to change."""
        self._stale = False
        self.writing = False

    def look(self, trace: Trace | None, now: float) -> bool:
        """Take in what is there (None: no file) and tell whether it is being written."""
        if trace is None:
            self._absent, self._moved, self._stale = True, False, False
        elif self._trace is None:
            self._since = now
        elif trace != self._trace:
            self._since, self._moved = now, True
        elif now - self._since >= STALE:
            self._stale, self._absent = True, False
        self._trace = trace
        self.writing = trace is not None and not self._stale and (self._absent or self._moved)
        return self.writing
