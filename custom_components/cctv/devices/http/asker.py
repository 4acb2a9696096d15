"""Asking a stranger: harmless GETs without a login, few at a time, each only once."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

from ..device import Reply
from ..env import Address, Env
from ..errors import CannotConnect, DeviceError, NoAnswer
from .client import Http, Lane, Session

_ASK_LIMIT: Final = 1 << 16
_ASK_DEADLINE: Final = 5.0
_TLS_PORTS: Final = frozenset({":443", ":8443"})


class Asker:
    """An `Ask`: harmless GETs without a login, two in flight, each path asked once."""

    def __init__(self, session: Session, address: Address) -> None:
        """Prepare; nothing is sent."""
        self._session = session
        self._address = address
        self._places = asyncio.Semaphore(2)
        self._known: dict[str, asyncio.Task[Reply]] = {}
        self._silent: dict[str, int] = {}
        self._dead: dict[str, DeviceError] = {}
        self._moved: dict[str, str] = {}

    async def __call__(self, path: str) -> Reply:
        """Ask for '/path', or for ':port/path' of the same host; the first 64 kB of the answer."""
        port, slash, rest = path.partition("/")
        base = self._base(port)
        if base in self._dead:
            raise self._dead[base].with_traceback(None)
        url = f"{base}{slash}{rest}"
        if url not in self._known:
            self._known[url] = asyncio.create_task(self._ask(base, f"{slash}{rest}"), name=path)
        return await asyncio.shield(self._known[url])

    def found(self, port: int | None = None) -> str:
        """Where a port really answers: it may have moved to https."""
        base = self._base("" if port is None else f":{port}")
        return self._moved.get(base, base)

    async def close(self) -> None:
        """Give up what is still asked."""
        for task in self._known.values():
            task.cancel()
        await asyncio.gather(*self._known.values(), return_exceptions=True)

    def _base(self, port: str) -> str:
        """Scheme and authority for '' or ':port'."""
        address = self._address
        if not port or port == f":{address.port}":
            return address.base
        host = f"[{address.host}]" if ":" in address.host else address.host
        return f"{'https' if port in _TLS_PORTS else 'http'}://{host}{port}"

    async def _ask(self, base: str, path: str) -> Reply:
        """Ask once, and note ports that are not worth another question."""
        env = Env(self._session, replace(self._address, url=base), UTC, _nobody)
        http = Http(env, lenient=True)
        async with self._places:
            try:
                reply = await http.ask(
                    path,
                    lane=Lane.SURVEY,
                    deadline=_ASK_DEADLINE,
                    until=lambda body: len(body) >= _ASK_LIMIT,
                    login=False,
                )
                self._moved[base] = http.base
            except (CannotConnect, NoAnswer) as error:
                self._silent[base] = self._silent.get(base, 0) + 1
                if isinstance(error, CannotConnect) or self._silent[base] > 1:
                    self._dead[base] = error
                raise
            finally:
                await http.close()
        return replace(reply, body=reply.body[:_ASK_LIMIT])


def asker(session: Session, address: Address) -> Asker:
    """Make an `Ask` for detection."""
    return Asker(session, address)


def _nobody(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Refuse to start a task: a question needs none."""
    work.close()
    raise RuntimeError(f"{name} has no owner")
