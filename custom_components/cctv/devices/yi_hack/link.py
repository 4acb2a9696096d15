"""Asking and telling a camera (§2, §4): statuses, empty replies and refusals to errors."""

from collections.abc import Callable
from typing import Any, Final

from ..device import Reply
from ..errors import (
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    HungUp,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Http, Lane
from . import wire

READ_SECONDS: Final = 10.0
LIMIT: Final = MIB
STATUS: Final = wire.query("status.json")


class Link:
    """One camera's HTTP, and what its answers mean."""

    def __init__(self, http: Http) -> None:
        """Nothing is sent."""
        self.http = http

    @staticmethod
    def body(reply: Reply) -> bytes:
        """The body of an answer that is one; its status as an error otherwise (§2)."""
        match reply.status:
            case 200 | 206:
                return reply.body
            case 401 | 403:
                raise Forbidden(f"{reply.status}")
            case 404:
                raise Unsupported("404, this firmware has no such script")
            case 503:
                raise Busy("503, the camera is switched off")
        raise Malformed(f"{reply.status}, which no script answers")

    async def ask(
        self, path: str, *, deadline: float = READ_SECONDS, lane: Lane = Lane.READ
    ) -> dict[str, Any]:
        """Read: may be sent twice."""
        reply = await self.http.ask(path, deadline=deadline, limit=LIMIT, lane=lane)
        self.body(reply)
        return wire.answer(reply.text)

    async def tell(
        self,
        path: str,
        *,
        body: bytes | None = None,
        kind: str = "text/plain",
        deadline: float = READ_SECONDS,
        until: Callable[[bytes], bool] | None = None,
    ) -> str:
        """Change something: never sent twice. Rejected where the camera has no word for us."""
        try:
            reply = await self.http.tell(
                path,
                method="GET" if body is None else "POST",
                body=body,
                headers={} if body is None else {"Content-Type": kind},
                deadline=deadline,
                limit=LIMIT,
                until=until,
            )
        except (HungUp, CannotConnect) as error:
            # Not accepted, unless nothing else is answered either (§4).
            try:
                await self.http.ask(STATUS, limit=LIMIT)
            except DeviceError:
                raise error from None
            raise Rejected("the camera hung up: it does not accept this") from error
        text = self.body(reply).decode("utf-8", "replace")
        if not text.strip():
            raise Rejected("the camera answered nothing: it does not accept this")
        return text

    async def do(
        self,
        path: str,
        *,
        body: bytes | None = None,
        kind: str = "text/plain",
        deadline: float = READ_SECONDS,
        until: Callable[[bytes], bool] | None = None,
    ) -> dict[str, Any]:
        """Change something and look whether the camera took it (§4)."""
        text = await self.tell(path, body=body, kind=kind, deadline=deadline, until=until)
        reply = wire.answer(text)
        why = wire.refusal(reply)
        if why is not None:
            raise Busy(why) if "busy" in why.lower() else Rejected(why)
        return reply
