"""Answers that no device should give, in place of a simulated box's own."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from random import Random
from typing import Any, Final

from tests.simulators.wire import Connection, Reply, Request

type Bad = Callable[[Connection, Random], Awaitable[None]]

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
_CHUNK: Final = 1 << 16
_DEEP: Final = 10_000
_RUSH: Final = 300
"""So many chunks come at once, more than anybody takes of an answer."""


async def _flood(connection: Connection, dice: Random, *, head: bytes, chunk: bytes) -> None:
    connection.write(_HEAD + head)
    for number in count():
        connection.write(chunk)
        await connection.drain()
        if connection.closing:
            return
        if number > _RUSH:
            # Who hears it out has had its worst; the others need the processor too.
            await asyncio.sleep(1)


async def _whole(connection: Connection, dice: Random, *, bodies: tuple[bytes, ...]) -> None:
    body = dice.choice(bodies)
    connection.write(_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


BAD: Final[Mapping[str, Bad]] = {
    "a body of 2 GB": partial(
        _flood, head=b"Content-Length: 2147483648\r\n\r\n", chunk=bytes(_CHUNK)
    ),
    "a body without end": partial(_flood, head=b"\r\n", chunk=b"a.b=c\r\n" * 9000),
    "an endless line": partial(_flood, head=b"\r\n", chunk=b"x" * _CHUNK),
    "an endless header": partial(_flood, head=b"X: ", chunk=b"y" * _CHUNK),
    "a configuration 10,000 deep": partial(
        _whole,
        bodies=(
            b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
            b"[" * _DEEP,
            b"table.Deep" + b"[0].A" * _DEEP + b"=1\r\n",
            b"root" + b".A" * _DEEP + b"=1\r\n",
            b"<a>" * _DEEP + b"</a>" * _DEEP,
        ),
    ),
    "invalid UTF-8": partial(
        _whole,
        bodies=(
            b"\xff\xfe\x00\xd8",
            b'{"name": "\xc3\x28", "x": "\xf0\x28\x8c\x28"}',
            b"table.\xff=\xfe\r\nstatus=\xed\xa0\x80\r\n",
            bytes(range(256)),
        ),
    ),
    "nothing": partial(_whole, bodies=(b"", b"\r\n\r\n", b"\0" * 500)),
}
HALF: Final = "an answer cut in half"


class Spoiler:
    """Stands in front of a box and gives bad answers now and then, of every kind."""

    def __init__(self, ports: Iterable[Any], dice: Random) -> None:
        """Take the place of what answers at these ports; `share` says how often."""
        self.share = 0.0
        self.served: Counter[str] = Counter()
        self._dice = dice
        self._spoilt: set[Connection] = set()
        for port in ports:
            port.respond = partial(self._respond, port.respond)

    async def _respond(
        self,
        answer: Callable[[Request, Connection], Awaitable[Reply | None]],
        request: Request,
        connection: Connection,
    ) -> Reply | None:
        if self._dice.random() >= self.share:
            return await answer(request, connection)
        kind = self._dice.choice([*BAD, HALF])
        self.served[kind] += 1
        self._spoilt.add(connection)
        if kind == HALF:
            _shorten(connection, self._dice.randrange(20, 600))
            return await answer(request, connection)
        # Who has heard enough hangs up.
        with suppress(ConnectionError):
            await BAD[kind](connection, self._dice)
        self._spoilt.discard(connection)
        return None

    def end(self) -> None:
        """Answer well from now on; what is still answered badly breaks off.

        A feed that is told nonsense without end would else hear it for ever, and a connection that
        was to end in the middle of an answer that was shorter would still end some time later.
        """
        self.share = 0
        for connection in self._spoilt:
            connection.reset()
        self._spoilt.clear()


def _shorten(connection: Connection, left: int) -> None:
    """Have a connection end after so many bytes, in the middle of whatever is said."""
    write = connection.write

    def some(data: bytes) -> None:
        nonlocal left
        write(data[:left])
        left -= len(data)
        if left <= 0:
            connection.close()

    connection.write = some  # type: ignore[method-assign]
