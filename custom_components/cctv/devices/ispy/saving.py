"""Settings that were changed over HTTP live in memory until they are saved (saveobjects, §5)."""

import asyncio
import logging
from typing import Final

from ..env import Env
from ..errors import CannotConnect, DeviceError, NoAnswer, Unsupported
from .client import Client
from .features import SAVE, SAVE_MOST_SECONDS, SAVE_SECONDS

_LOGGER = logging.getLogger(__name__)

_FAREWELL: Final = 3.0
"""At the end so many seconds are spent on saving at most."""


class Saver:
    """Saves when nothing was changed for a while, at once if asked, and at the end."""

    def __init__(self, env: Env, client: Client) -> None:
        """Nothing was changed."""
        self._env = env
        self._client = client
        self._task: asyncio.Task[None] | None = None
        self._unsaved = False
        self._able = True

    @property
    def able(self) -> bool:
        """Whether this version can save: from 6.8 on, as far as is known."""
        return self._able and self._client.generation.modern

    def changed(self) -> None:
        """Something was changed: save it when it is quiet."""
        if not self.able:
            return
        self._unsaved = True
        if self._task is not None:
            self._task.cancel()
        self._task = self._env.spawn(self._later(), "save settings")

    async def _later(self) -> None:
        pause = SAVE_SECONDS
        while self._unsaved:
            await self._env.clock.sleep(pause)
            await self.catch_up()
            # A PC that was away has it in its memory still, unless it was started anew.
            pause = min(2 * pause, SAVE_MOST_SECONDS)

    async def catch_up(self) -> None:
        """Save what was changed, if anything was."""
        if not self._unsaved:
            return
        try:
            await self.save()
        except DeviceError as error:
            _LOGGER.warning("What was changed is not saved yet: %s", error)

    async def save(self) -> None:
        """Save now. Unsupported in versions that cannot."""
        self._unsaved = False
        try:
            await self._client.ordered(SAVE.command)
        except Unsupported:
            self._able = False
            raise
        except CannotConnect, NoAnswer:
            self._unsaved = True
            raise

    async def close(self) -> None:
        """Save what was not saved yet, if the PC answers, and plan nothing any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            async with asyncio.timeout(_FAREWELL):
                await self.catch_up()
        except TimeoutError:
            _LOGGER.warning("The PC does not answer, so what was changed is not saved")
