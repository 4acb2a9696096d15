"""The peer: python-amcrest's asynchronous event stream, on the same simulator."""

import asyncio
from contextlib import suppress
import time
from typing import Any
from urllib.parse import urlsplit

from amcrest import AmcrestCamera
from amcrest.exceptions import AmcrestError


class PyAmcrest:
    """Listens until stopped, and keeps what it was told and whether that was understood."""

    def __init__(self, url: str, user: str, password: str) -> None:
        """Log in as the library does."""
        parts = urlsplit(url)
        self._camera = AmcrestCamera(
            parts.hostname, parts.port, user, password, retries_connection=1, timeout_protocol=30
        ).camera
        self.heard: list[tuple[float, int, bool]] = []
        """Events whose code, index and data were understood."""
        self.received = 0
        self.broken = 0
        """How often its stream ended with an error."""

    async def listen(self) -> None:
        """Listen for ever; a stream that breaks is begun again at once."""
        while True:
            try:
                async for _, payload in self._camera.async_event_actions("All"):
                    self._take(time.perf_counter(), payload)
            except AmcrestError, KeyError, ValueError, IndexError:
                self.broken += 1
                await asyncio.sleep(0.01)

    def _take(self, now: float, payload: dict[str, Any]) -> None:
        self.received += 1
        with suppress(KeyError, ValueError, TypeError):
            if payload["Code"] == "VideoMotion" and isinstance(payload["data"], dict):
                self.heard.append((now, int(payload["index"]), payload["action"] == "Start"))
