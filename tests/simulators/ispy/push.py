"""The WebSocket that tells names, and never answers a ping (§10)."""

import asyncio
import base64
import hashlib

from tests.simulators.ispy.program import Program
from tests.simulators.wire import Connection, Request

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT = 1
_FRAME_LIMIT = 65_536
_MESSAGES_A_SECOND = 3


class Push:
    """The open WebSockets, and the round that serves them once a second."""

    def __init__(self, program: Program) -> None:
        """Serve the messages of a program."""
        self._program = program
        self._open: set[Connection] = set()
        self.ignored: list[int] = []
        """Opcodes that got no answer: pings, closes."""

    @property
    def attached(self) -> int:
        """WebSockets that are open."""
        return len(self._open)

    def drop(self, *, rst: bool = False) -> None:
        """End every WebSocket, with an RST or cleanly."""
        for connection in tuple(self._open):
            if rst:
                connection.reset()
            else:
                connection.close()

    async def serve(self, request: Request, connection: Connection) -> None:
        """Shake hands, then answer the text test until the client leaves."""
        key = request.header("Sec-WebSocket-Key") or ""
        digest = hashlib.sha1((key + _MAGIC).encode(), usedforsecurity=False).digest()
        connection.begin(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n",
            101,
        )
        self._open.add(connection)
        self._program.changed.poke()
        try:
            while True:
                opcode, payload = await _read_frame(connection.reader)
                if opcode == _TEXT and payload == b"communication test":
                    connection.write(frame("communication success"))
                elif opcode != _TEXT:
                    self.ignored.append(opcode)
                    del self.ignored[:-100]
                    self._program.changed.poke()
        except asyncio.IncompleteReadError:
            return
        finally:
            self._open.discard(connection)
            self._program.changed.poke()

    async def run(self) -> None:
        """Once a second send at most three different messages, and let the writers work."""
        while True:
            await asyncio.sleep(self._program.faults.push_seconds)
            self._program.tick()
            self.flush()

    def flush(self) -> None:
        """Send what waits."""
        waiting = self._program.pushes
        messages = [waiting.popleft() for _ in range(min(_MESSAGES_A_SECOND, len(waiting)))]
        for message in messages:
            for connection in self._open:
                connection.write(frame(message))


def frame(text: str) -> bytes:
    """One unmasked text frame."""
    payload = text.encode("utf-8", "replace")
    if len(payload) < 126:
        return bytes((0x81, len(payload))) + payload
    return b"\x81\x7e" + len(payload).to_bytes(2) + payload[:_FRAME_LIMIT]


async def _read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Opcode and unmasked payload of one frame."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length >= 126:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8))
    if length > _FRAME_LIMIT:
        raise ConnectionError("frame too long")
    mask = await reader.readexactly(4) if second & 0x80 else bytes(4)
    payload = await reader.readexactly(length)
    return first & 0x0F, bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
