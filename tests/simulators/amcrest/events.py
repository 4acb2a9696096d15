"""The event stream: what is active, who listens, and how each part is spelt (§4.9.17)."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
import time

from tests.simulators.amcrest.faults import Faults, JsonStyle, Length
from tests.simulators.amcrest.grammar import encode, styled_json, tab_json
from tests.simulators.wire import Connection, Signal, render_head

_UNSENT_LIMIT = 32 * 1024 * 1024
_SENT_KEPT = 20_000
_STREAM_TYPE = "multipart/x-mixed-replace; boundary=myboundary"
_FAR_FUTURE = "Thu, 01 Dec 2099 16:00:00 GMT"
HEARTBEAT = b"Heartbeat"
NOTHING = object()
"""No data member at all; None is `data=null`."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as it was said, with the moment just before it was written (perf_counter)."""

    at: float
    code: str
    action: str
    index: int
    streams: int


def stream_head(faults: Faults) -> bytes:
    """Status line and headers of an attach that was taken."""
    eol = faults.stream_eol or faults.eol
    content_type = _STREAM_TYPE + (";charset=utf-8" if faults.charset else "")
    headers = [
        ("Content-Type", content_type),
        ("Cache-Control", "no-cache"),
        ("Pragma", "no-cache"),
    ]
    if faults.expires_head:
        headers.append(("Expires", _FAR_FUTURE))
    if faults.chunked:
        headers.append(("Transfer-Encoding", "chunked"))
    headers.append(("Connection", "Keep-Alive" if faults.keep_alive_head else "close"))
    return render_head(200, headers, eol=eol)


def event_body(
    faults: Faults,
    code: str,
    action: str,
    index: int,
    data: object = NOTHING,
    *,
    text: bytes | str | None = None,
    members: Sequence[str] = (),
    style: JsonStyle | None = None,
) -> bytes:
    """Spell one event: `Code=<C>;action=<A>;index=<i>[;data=<JSON>]`."""
    action_key, index_key = ("Action", "Index") if faults.capital_keys else ("action", "index")
    said = action.lower() if faults.lower_actions else action
    parts = [f"Code={code}", f"{action_key}={said}", f"{index_key}={index}", *members]
    body = encode(";".join(parts))
    if text is not None:
        return body + b";data=" + (encode(text) if isinstance(text, str) else text)
    if data is NOTHING:
        return body
    printer = styled_json if (style or faults.json) is JsonStyle.STYLED else tab_json
    return body + b";data=" + encode(printer(data))


def event_part(faults: Faults, body: bytes, number: int = 1, length: int | None = None) -> bytes:
    """Wrap a body as one part of the stream; number counts parts for the stray ones."""
    eol = faults.stream_eol or faults.eol
    said = len(body) if length is None else length
    if faults.length is Length.SHORT:
        said = max(0, said - 3)
    elif faults.length is Length.LONG:
        said += 7
    lines = [b"-- myboundary" if faults.spaced_boundary else b"--myboundary"]
    if faults.stray_status_every and number % faults.stray_status_every == 0:
        lines = stream_head(faults).split(eol)[:-1] + lines
    if faults.end_boundary_every and number % faults.end_boundary_every == 0:
        lines.insert(0, b"--myboundary--")
    if faults.content_type:
        lines.append(b"Content-Type: text/plain")
    if faults.length is not Length.ABSENT:
        lines.append(b"Content-Length:%s%d" % (b" " if faults.length_blank else b"", said))
    if faults.blank_line:
        lines.append(b"")
    return eol.join(lines) + eol + body + eol * faults.body_ends


class EventStream:
    """One attached client."""

    def __init__(
        self,
        connection: Connection,
        faults: Faults,
        codes: frozenset[str] | None,
        heartbeat: float | None,
    ) -> None:
        """Listen for these codes (None: [All]) with a beat every so many seconds."""
        self.connection = connection
        self.codes = codes
        self.heartbeat = heartbeat
        self.stalled = False
        self._faults = faults
        self._loop = asyncio.get_running_loop()
        self._beat_timer: asyncio.TimerHandle | None = None
        self._pump: asyncio.Handle | None = None
        self._waiting = bytearray()

    def start(self) -> None:
        """Begin to beat."""
        interval = self._interval()
        if interval is None:
            return
        if self._faults.beat_at_once:
            self._beat()
        else:
            self._beat_timer = self._loop.call_later(interval, self._beat)

    def stop(self) -> None:
        """Leave no timer behind."""
        for handle in (self._beat_timer, self._pump):
            if handle is not None:
                handle.cancel()

    def wants(self, code: str) -> bool:
        """Whether an event of this code is said here."""
        if self.codes is None:
            return not self._faults.mute_all
        return code in self.codes

    def send(self, data: bytes) -> None:
        """Write to the client, whole, glued or cut as the switches say."""
        if self.stalled:
            return
        if self._faults.chunked:
            data = b"%x\r\n%s\r\n" % (len(data), data)
        if not self._faults.glue and self._faults.fragment is None and not self._waiting:
            self._write(data)
            return
        self._waiting += data
        if self._pump is None:
            self._pump = self._loop.call_soon(self._flush)

    def _write(self, data: bytes) -> None:
        self.connection.write(data)
        if self.connection.unsent > _UNSENT_LIMIT:
            self.connection.reset()

    def _flush(self) -> None:
        """Send what has gathered, or one piece of it, in this turn of the loop."""
        self._pump = None
        size = self._faults.fragment or len(self._waiting)
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._write(piece)
        if self._waiting and not self.connection.closing:
            self._pump = self._loop.call_soon(self._flush)

    def _interval(self) -> float | None:
        if self.heartbeat is None or not self._faults.heartbeats:
            return None
        return self._faults.heartbeat_seconds or self.heartbeat

    def _beat(self) -> None:
        self.send(event_part(self._faults, HEARTBEAT))
        interval = self._interval()
        if interval is not None:
            self._beat_timer = self._loop.call_later(interval, self._beat)


class EventHub:
    """All that is said and known about events of one device."""

    def __init__(self, faults: Faults, changed: Signal) -> None:
        """Start with nothing active and nobody attached."""
        self.streams: list[EventStream] = []
        self.active: dict[tuple[str, int], object] = {}
        self.sent: deque[Sent] = deque(maxlen=_SENT_KEPT)
        self.attaches = 0
        self.taps: list[Callable[[str, str, int, object], None]] = []
        """Who hears of every event that is said, beside the streams."""
        self._faults = faults
        self._changed = changed
        self._parts = 0

    @property
    def attached(self) -> int:
        """Number of open streams."""
        return len(self.streams)

    async def serve(self, stream: EventStream) -> None:
        """Keep one stream until its client is gone."""
        stream.connection.begin(stream_head(self._faults))
        self.streams.append(stream)
        self.attaches += 1
        self._changed.poke()
        stream.start()
        try:
            await stream.connection.gone()
        finally:
            stream.stop()
            self.streams.remove(stream)
            self._changed.poke()

    def indexes(self, code: str) -> list[int]:
        """Channels on which a code is active now (§4.9.16)."""
        return sorted(index for name, index in self.active if name == code)

    def note(self, code: str, action: str, index: int, data: object = None) -> None:
        """Keep the active set: Start adds, Stop takes away, the rest changes nothing."""
        if action.lower() == "start":
            self.active[code, index] = data
        elif action.lower() == "stop":
            self.active.pop((code, index), None)
        self._changed.poke()

    def emit(
        self,
        code: str,
        action: str,
        index: int,
        data: object = NOTHING,
        *,
        silent: bool = False,
        text: bytes | str | None = None,
        members: Sequence[str] = (),
        style: JsonStyle | None = None,
        length: int | None = None,
    ) -> Sent:
        """Say an event on every stream that wants it, now; silent only changes the state."""
        self.note(code, action, index, None if data is NOTHING else data)
        listeners = [] if silent else [each for each in self.streams if each.wants(code)]
        part = b""
        if listeners:
            self._parts += 1
            body = event_body(
                self._faults, code, action, index, data, text=text, members=members, style=style
            )
            part = event_part(self._faults, body, self._parts, length)
        sent = Sent(time.perf_counter(), code, action, index, len(listeners))
        for stream in listeners:
            stream.send(part)
        self.sent.append(sent)
        if not silent:
            for tap in self.taps:
                tap(code, action, index, None if data is NOTHING else data)
        return sent

    def send_raw(self, data: bytes) -> None:
        """Put bytes into every stream as they are."""
        for stream in self.streams:
            stream.send(data)

    def stall(self) -> None:
        """Have the streams of now say nothing more, with their sockets open."""
        for stream in self.streams:
            stream.stalled = True

    def cut(self, rst: bool = False) -> None:
        """End the streams of now, with an RST or cleanly."""
        for stream in list(self.streams):
            if rst:
                stream.connection.reset()
            else:
                stream.connection.close()
