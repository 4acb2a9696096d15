"""The JSON calls (§3.3, §7.7), for what the CGI of a box has not got."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
import hashlib
import json
import logging
import re
from typing import Any, Final

from ..env import Env
from ..errors import (
    Busy,
    DeviceError,
    Forbidden,
    Locked,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Http, Lane
from ..said import parsed
from . import wire

_LOGGER = logging.getLogger(__name__)

_LOGIN: Final = "/RPC2_Login"
_CALL: Final = "/RPC2"
_CLIENT: Final = "Web3.0"
_LIMIT: Final = 8 * MIB
_COOKIE: Final = re.compile(r"\s*(\w{1,64}=[\w%.-]{1,256})\s*(?:;|$)", re.ASCII)

NO_DATA: Final = 285409284
_NO_SESSION: Final = frozenset({287637504, 287637505})
_ABSENT: Final = frozenset({268894210, 268894209, 268632064})
_WRONG: Final = 268632085


class NoData(DeviceError):
    """There is nothing to tell (§3.3)."""


class _Expired(DeviceError):
    """The session is gone."""


@dataclass(frozen=True, slots=True)
class _Session:
    """A login: its id and the cookie that goes with it."""

    id: str | int
    cookie: Mapping[str, str]


class Rpc2:
    """Calls in a session that lasts as long as somebody uses it."""

    def __init__(self, http: Http, env: Env) -> None:
        """Nothing is sent."""
        self._http = http
        self._env = env
        self._number = 0
        self._users = 0
        self._session: _Session | None = None
        self._gate = asyncio.Lock()
        self._refused: DeviceError | None = None
        """A login that was refused once is never tried again (§3.2)."""

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[None]:
        """Keep a session for the block; the last one logs out, for there are few (§3.3)."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                await self._log_out()

    async def call(
        self, method: str, params: Any = None, object_: int | None = None
    ) -> tuple[Any, Any]:
        """Call a method; its result and its params. NoData, Unsupported, Rejected.

        A session that is gone is opened anew, once.
        """
        session = await self._logged_in()
        try:
            return await self._call(session, method, params, object_)
        except _Expired:
            if self._session is session:
                self._session = None
        session = await self._logged_in()
        try:
            return await self._call(session, method, params, object_)
        except _Expired as error:
            raise Rejected("no session lasts") from error

    async def _call(
        self, session: _Session, method: str, params: Any, object_: int | None
    ) -> tuple[Any, Any]:
        """One call in a session."""
        body: dict[str, Any] = {"method": method, "params": params, "session": session.id}
        if object_ is not None:
            body["object"] = object_
        reply, _ = await self._post(_CALL, body, session.cookie)
        code = _code(reply)
        if code in _NO_SESSION:
            raise _Expired("no such session")
        if code == NO_DATA:
            raise NoData("nothing")
        if code in _ABSENT:
            raise Unsupported(f"{method} is not there")
        if code:
            raise Rejected(f"{method}: error {code}")
        return reply.get("result"), reply.get("params")

    # --- the login ----------------------------------------------------------------------------

    async def _logged_in(self) -> _Session:
        """The session, opened if there is none."""
        async with self._gate:
            if self._refused is not None:
                raise self._refused.with_traceback(None)
            if self._session is None:
                self._session = await self._log_in()
            return self._session

    async def _log_in(self) -> _Session:
        """Log in, in two steps. A refusal is final: each try more may lock the box (§3.2)."""
        address = self._env.address
        params = {
            "userName": address.user,
            "password": "",
            "clientType": _CLIENT,
            "loginType": "Direct",
        }
        first, cookie = await self._post(_LOGIN, {"method": "global.login", "params": params})
        if (seconds := wire.lock(first)) is not None:
            raise Locked("locked after too many wrong logins", seconds or None)
        offered = first.get("params")
        session = first.get("session")
        if not isinstance(offered, dict) or not isinstance(session, (str, int)):
            raise Unsupported("no challenge")
        params["password"] = secret(address.user, address.password, offered)
        params |= {"authorityType": "Default", "passwordType": "Default"}
        body = {"method": "global.login", "params": params, "session": session}
        second, given = await self._post(_LOGIN, body, cookie)
        if second.get("result") is not True:
            raise self._refuse(second)
        opened = second.get("session", session)
        if not isinstance(opened, (str, int)):
            raise Malformed("a login without a session")
        return _Session(opened, given or cookie)

    def _refuse(self, answer: Mapping[str, Any]) -> DeviceError:
        """What a refused login means."""
        if (seconds := wire.lock(answer)) is not None:
            return Locked("locked after too many wrong logins", seconds or None)
        code = _code(answer)
        self._http.seen.refused += 1
        self._refused = Forbidden(
            "the JSON login is refused" if code == _WRONG else f"the JSON login gets error {code}"
        )
        return self._refused

    async def _log_out(self) -> None:
        """Give the session back."""
        session, self._session = self._session, None
        if session is None:
            return
        body = {"method": "global.logout", "params": None, "session": session.id}
        try:
            await self._post(_CALL, body, session.cookie)
        except DeviceError as error:
            _LOGGER.debug("The session was not given back: %r", error)

    # --- the wire -----------------------------------------------------------------------------

    async def _post(
        self, path: str, body: dict[str, Any], cookie: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Send one call, once; the answer and the cookie that came with it."""
        self._number += 1
        data = json.dumps({**body, "id": self._number}).encode()
        reply = await self._http.tell(
            path,
            lane=Lane.READ,
            method="POST",
            body=data,
            headers=cookie or {},
            limit=_LIMIT,
            login=False,
        )
        if reply.status in (400, 404, 405, 501):
            raise Unsupported(f"refused with status {reply.status}")
        if reply.status in (401, 403):
            raise Forbidden(f"refused with status {reply.status}")
        if reply.status >= 500:
            raise Busy(f"refused with status {reply.status}")
        try:
            answer = parsed(reply.text)
        except ValueError as error:
            raise Malformed("the answer is no JSON") from error
        if not isinstance(answer, dict):
            raise Malformed("the answer is no object")
        found = _COOKIE.match(reply.headers.get("set-cookie", ""))
        return answer, {"Cookie": found[1]} if found else {}


def secret(user: str, password: str, offered: Mapping[str, Any]) -> str:
    """What proves the password in the way the challenge asks for (§3.3).

    Unsupported where that is the password itself: the CGI's login never tells it.
    """
    if offered.get("encryption", "Default") != "Default":
        raise Unsupported("a login that would tell the password")
    realm, random = offered.get("realm"), offered.get("random")
    if not isinstance(realm, str) or not isinstance(random, (str, int)):
        raise Unsupported("no challenge")
    return _md5(f"{user}:{random}:{_md5(f'{user}:{realm}:{password}')}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _code(answer: Mapping[str, Any]) -> int:
    """The error code of an answer; 0 without."""
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else 0
    return code if isinstance(code, int) else 0


def number(result: Any) -> int:
    """A handle. Malformed if it is none."""
    if isinstance(result, bool) or not isinstance(result, int):
        raise Malformed("no handle")
    return result
