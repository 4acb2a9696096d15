"""A device whose answers a test decides, and a client for it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC
import ssl
from typing import Any, override

import aiohttp

from custom_components.cctv.devices.env import Address, Crew, Env
from custom_components.cctv.devices.http.client import Http
from tests.devices.clock import FakeClock
from tests.simulators import wire
from tests.simulators.auth import Gate, Policy

USER = "admin"
PASSWORD = "p@ss:w/rd#"
STALE = b"Authority:check failure."
OK = wire.Reply(body=b"OK\r\n")

type Answer = Callable[[wire.Request, wire.Connection], Awaitable[wire.Reply | None] | wire.Reply]


class Box(wire.WireServer):
    """A device whose answers a test decides."""

    def __init__(
        self,
        answer: Answer = lambda *_: OK,
        policy: Policy | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls=tls)
        self.answer = answer
        self.gate = Gate(policy, {USER: PASSWORD}) if policy else None
        self.busiest = self.busy = 0

    @override
    async def respond(
        self, request: wire.Request, connection: wire.Connection
    ) -> wire.Reply | None:
        if self.gate is not None:
            verdict = self.gate.check(
                request.method, request.target, request.header("Authorization"), request.body
            )
            if verdict.user is None:
                return verdict.reply()
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            answer = self.answer(request, connection)
            return answer if isinstance(answer, wire.Reply) else await answer
        finally:
            self.busy -= 1

    @property
    def targets(self) -> list[str]:
        return [exchange.target for exchange in self.wire]

    @property
    def statuses(self) -> list[int | None]:
        return [exchange.status for exchange in self.wire]


def raw(data: bytes) -> Answer:
    """Answer with these bytes and hang up."""

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(data)

    return answer


def silence(data: bytes = b"") -> Answer:
    """Answer with these bytes, then say nothing until the client leaves."""

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(data)
        await connection.gone()

    return answer


def flood(head: bytes, chunk: bytes) -> Answer:
    """Answer without end."""

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(head)
        while not connection.closing:
            connection.write(chunk)
            await connection.drain()

    return answer


@asynccontextmanager
async def client(
    box: wire.WireServer | str,
    user: str = USER,
    password: str = PASSWORD,
    verify: bool = True,
    clock: FakeClock | None = None,
    **how: Any,
) -> AsyncGenerator[Http]:
    """An `Http` for the box, and the proof that nothing of it is left afterwards."""
    url = box if isinstance(box, str) else box.url
    crew = Crew()
    async with aiohttp.ClientSession() as session:
        env = Env(session, Address(url, user, password, verify), UTC, crew.spawn)
        if clock is not None:
            env = Env(session, Address(url, user, password, verify), UTC, crew.spawn, clock=clock)
        tasks = asyncio.all_tasks()
        http = Http(env, **how)
        try:
            yield http
        finally:
            await http.close()
            left = asyncio.all_tasks() - tasks
            assert not [task for task in left if "custom_components" in repr(task)]
    if not isinstance(box, str):
        await box.until(lambda: all(item.closing for item in box.connections))
