"""One request through all its attempts, signed as it leaves; what went wrong with it."""

import asyncio
from collections.abc import Mapping
import re
import ssl
from types import SimpleNamespace
from typing import Final

import aiohttp

from ..errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    HungUp,
    Malformed,
    NoAnswer,
    TlsRefused,
)
from .digest import Login
from .outgoing import Outgoing
from .raw import NoHttp

_PATH: Final = re.compile(r'/[^\x00-\x20"#\\\x7f-\U0010ffff]*')
_BREAK: Final = re.compile(r"[\x00-\x1f\x7f]")


class Job:
    """One request through all its attempts."""

    def __init__(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | Outgoing | None,
        deadline: float | None,
        *,
        login: bool,
        again: bool,
    ) -> None:
        if not _PATH.fullmatch(path):
            raise BadInput("a path with characters that cannot be sent as they are")
        if any(_BREAK.search(name) or _BREAK.search(value) for name, value in headers.items()):
            raise BadInput("a header with line breaks")
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.login = login
        self.again = again
        self.proves = False
        self.until: float | None = None
        self.connected = False
        self.authorised = False
        self.scheme: str | None = None
        self.version = -1
        self.taken = -1
        self.first = 0
        self.offered: tuple[str, ...] | None = None
        self.use = 0
        """The how many-th header of its challenge it carried."""
        self.own: Login | None = None
        """Where a challenge serves one request alone, its own."""
        self._reused = False
        self._retried = False
        self._state: Login | None = None
        self._request: aiohttp.ClientRequest | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.place}"

    @property
    def place(self) -> str:
        """The path without its query."""
        return self.path.partition("?")[0]

    @property
    def definite(self) -> bool:
        """Whether a refusal can only mean the login: it was the first to answer a challenge."""
        return self.authorised and self.version == self.taken and self.use == self.first

    def begin(self, login: Login) -> None:
        """Start an attempt."""
        if self.deadline is not None:
            self.until = asyncio.get_running_loop().time() + self.deadline
        self.connected = self.authorised = False
        login = self.own or login
        self.version = login.version
        self._state = login if self.login else None
        self._request = None

    async def watch(
        self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Keep the request for signing, and keep aiohttp from sending it a second time."""
        self._request = request
        try:
            return await send(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            raise DroppedError(reset=isinstance(error, aiohttp.ClientOSError)) from error

    def sign(self, *, reused: bool) -> None:
        """The request leaves next: sign it now, so that nc rises in the order of sending."""
        if self._request is None:
            self.connected, self._reused = True, reused
        elif (signature := self.signature(reused=reused)) is not None:
            self._request.headers["Authorization"] = signature

    def signature(self, *, reused: bool) -> str | None:
        """The Authorization of the request that leaves next; None while none is wanted."""
        self.connected = True
        self._reused = reused
        if self._state is None or not self._state.known:
            return None
        signature = self._state.header(self.method, self.path)
        self.authorised = True
        self.version = self._state.version
        self.scheme = self._state.scheme
        self.use = self._state.uses
        return signature

    def retries(self, error: Exception) -> bool:
        """Whether to send it once more: the box had dropped the kept connection."""
        once = self.again and self._reused and not self._retried
        if once and isinstance(error, DroppedError):
            self._retried = True
            return True
        return False


class DroppedError(aiohttp.ClientError):
    """The connection went before an answer came."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self.reset = reset


def fault_of(job: Job, error: Exception, *, verified: bool) -> DeviceError:
    """What went wrong, in our words and without anything that was sent."""
    match error:
        case DroppedError(reset=False):
            return HungUp(f"{job}: closed without an answer")
        case DroppedError():
            return CannotConnect(f"{job}: connection reset")
        case TimeoutError() if job.connected:
            return NoAnswer(f"{job}: no answer in time")
        case TimeoutError():
            return CannotConnect(f"{job}: no connection in time")
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return TlsRefused("the certificate is not trusted")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            if "WRONG_VERSION_NUMBER" in str(error):
                return CannotConnect("it does not speak TLS on this port")
            return TlsRefused("no common TLS") if verified else CannotConnect("no common TLS")
        case aiohttp.ClientConnectorDNSError():
            return CannotConnect("the name is unknown")
        case aiohttp.ClientPayloadError():
            # aiohttp keeps the cause of a broken body in the text alone.
            if "ConnectionResetError" in str(error):
                return CannotConnect(f"{job}: connection reset")
            return Malformed(f"{job}: the answer breaks off")
        case aiohttp.ClientResponseError() | NoHttp():
            return Malformed(f"{job}: the answer is no HTTP")
        case OSError() | aiohttp.ClientConnectionError():
            reason = getattr(error, "strerror", None) or type(error).__name__
            return CannotConnect(f"{job}: {reason}")
        case aiohttp.ClientError():
            return Malformed(f"{job}: {type(error).__name__}")
        case _:
            return BadInput(f"{job}: cannot be sent")


def tracing() -> aiohttp.TraceConfig:
    """Tell each job when its connection stands: just before its request is written."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_created)
    trace.on_connection_reuseconn.append(_reused)
    return trace


async def _created(_: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    """A connection was made for this job."""
    context.trace_request_ctx.sign(reused=False)


async def _reused(_: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    """A kept connection was found for this job."""
    context.trace_request_ctx.sign(reused=True)
