"""JSON calls: the login in two steps and what a session may ask (§3.3, §7.7)."""

import base64
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
import hashlib
import hmac
import json
import re
import secrets
import time
from typing import Any

from tests.simulators.amcrest.config import UnknownMember, UnknownTable, WrongType, wire_text
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.finder import BadCondition, Finders, NoSuchFinder, TooManyFinders
from tests.simulators.amcrest.grammar import Refusal, refuse
from tests.simulators.amcrest.rpc2_media import METHODS, NothingFound, media_call
from tests.simulators.amcrest.rpc2_objects import (
    METHODS as OBJECT_METHODS,
    NoObject,
    NoSuchMethod,
    ObjectCall,
    object_call,
)
from tests.simulators.auth import Gate
from tests.simulators.wire import Headers, Reply, Request

LOGIN = "/RPC2_Login"
CALLS = "/RPC2"
PATHS = frozenset({LOGIN, CALLS})

LOCKED = 268632081
WRONG_LOGIN = 268632085
INVALID_REQUEST = 268894209
NO_METHOD = 268894210
NO_SESSION = 287637505
NO_DATA = 285409284
BAD_PARAMS = -267976701

_COOKIE = "WebClientHttpSessionID"
_CHALLENGES_KEPT = 64
_STEP = re.compile(r"[^.\[\]]+")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")

type Session = str | int
type Params = Mapping[str, Any]


class RpcError(Exception):
    """A call that is refused with a code, a text, and sometimes members."""

    def __init__(
        self, code: int, message: str, params: object = None, session: Session | None = None
    ) -> None:
        """Say why; a session is one that was handed out along with the refusal."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.params = params
        self.session = session


@dataclass(frozen=True, slots=True)
class _Challenge:
    """What the first step handed out."""

    user: str
    random: str


@dataclass(slots=True)
class _Login:
    """A session: whose, when it was heard last, and the finders that end with it."""

    user: str
    heard: float
    finders: Finders


@dataclass(frozen=True, slots=True)
class _Done:
    """What a call comes to."""

    params: object = None
    session: Session | None = None
    headers: Headers = ()
    result: object = True


class Rpc2:
    """The two paths of the JSON calls, with the lock-out of the same gate as the CGI's."""

    def __init__(
        self, device: Device, gate: Gate, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Speak for a box and its gate."""
        self._device = device
        self._gate = gate
        self._clock = clock
        self._challenges: OrderedDict[Session, _Challenge] = OrderedDict()
        self._logins: dict[Session, _Login] = {}
        self._calls: dict[str, Callable[[Params], object]] = {
            "global.keepAlive": self._keep_alive,
            "magicBox.getDeviceType": lambda _: {"type": device.personality.device_type},
            "magicBox.getSerialNo": lambda _: {"sn": device.serial},
            "configManager.getConfig": self._get_config,
            "configManager.setConfig": self._set_config,
        }

    @property
    def open(self) -> int:
        """Sessions that are still good."""
        self._expire()
        return len(self._logins)

    @property
    def finders(self) -> int:
        """Finder objects that are open in all sessions."""
        self._expire()
        return sum(login.finders.open for login in self._logins.values())

    def forget(self) -> None:
        """Lose every session, as a restart does."""
        self._challenges.clear()
        self._logins.clear()

    async def answer(self, request: Request) -> Reply:
        """Answer one POST."""
        if request.method != "POST":
            return refuse(Refusal.NOT_FOUND)
        call: Params = {}
        try:
            call = self._read(request)
            done = self._login(call) if request.path == LOGIN else await self._call(call)
        except RpcError as error:
            said: dict[str, object] = {
                "error": {"code": error.code, "message": error.message},
                "id": call.get("id", 0),
                "result": False,
                "session": _session(call) if error.session is None else error.session,
            }
            if error.params is not None:
                said["params"] = error.params
            return _reply(said)
        session = _session(call) if done.session is None else done.session
        return _reply(
            {
                "id": call.get("id", 0),
                "params": done.params,
                "result": done.result,
                "session": session,
            },
            done.headers,
        )

    def _read(self, request: Request) -> Params:
        limit = self._device.faults.rpc2_max_body
        if limit is not None and len(request.body) > limit:
            raise RpcError(INVALID_REQUEST, "Request length error!")
        try:
            call = json.loads(request.body)
        except ValueError as error:
            raise RpcError(INVALID_REQUEST, "Invalid request!") from error
        if not isinstance(call, dict) or not isinstance(call.get("method"), str):
            raise RpcError(INVALID_REQUEST, "Invalid request!")
        return call

    # Login

    def _login(self, call: Params) -> _Done:
        params = call.get("params")
        if call["method"] != "global.login" or not isinstance(params, dict):
            raise RpcError(INVALID_REQUEST, "Invalid request!")
        password = params.get("password")
        if not password:
            raise self._challenge(str(params.get("userName", "")))
        challenge = self._challenges.pop(_session(call), None)
        if challenge is None:
            raise RpcError(NO_SESSION, "Invalid session in request data!")
        user = str(params.get("userName", ""))
        right = user == challenge.user and self._is_right(challenge, str(password), params)
        if not self._gate.log_in(right):
            raise self._locked() if self._gate.locked else self._wrong(user)
        self._expire()
        if len(self._logins) >= self._device.faults.rpc2_sessions:
            raise RpcError(WRONG_LOGIN, "HasBeedUsed")
        session = self._new_session()
        finders = Finders(self._device.store, self._device.faults, self._clock, padded=False)
        self._logins[session] = _Login(user, self._clock(), finders)
        return _Done(
            {"keepAliveInterval": self._device.faults.rpc2_keep_alive},
            session,
            (("Set-Cookie", f"{_COOKIE}={session}; path=/"),),
        )

    def _challenge(self, user: str) -> RpcError:
        """The first step: it carries no password, so it counts as no attempt."""
        if self._gate.locked:
            return self._locked()
        faults = self._device.faults
        session = self._new_session()
        challenge = _Challenge(user, str(secrets.randbelow(10**10)))
        self._challenges[session] = challenge
        while len(self._challenges) > _CHALLENGES_KEPT:
            self._challenges.popitem(last=False)
        return RpcError(
            faults.rpc2_challenge,
            "Component error: login challenge!",
            {
                "encryption": faults.rpc2_encryption,
                "random": challenge.random,
                "realm": self._gate.policy.realm,
            },
            session,
        )

    def _is_right(self, challenge: _Challenge, given: str, params: Params) -> bool:
        password = self._gate.users.get(challenge.user)
        if password is None:
            return False
        user = challenge.user
        match self._device.faults.rpc2_encryption:
            case "Default":
                inner = _md5(f"{user}:{self._gate.policy.realm}:{password}")
                expected = _md5(f"{user}:{challenge.random}:{inner}")
                allowed = params.get("authorityType") == "Default"
            case "Basic":
                expected = base64.b64encode(f"{user}:{password}".encode()).decode()
                allowed = True
            case _:
                expected = password
                allowed = params.get("loginType") == "WatchNet"
        return allowed and hmac.compare_digest(expected.encode(), given.encode())

    def _wrong(self, user: str) -> RpcError:
        message = "PasswordNotValid" if user in self._gate.users else "UserNotValidt"
        left = self._gate.attempts_left
        return RpcError(WRONG_LOGIN, message, {} if left is None else {"remainLoginTimes": left})

    def _locked(self) -> RpcError:
        seconds = max(1, round(self._gate.lock_remaining))
        return RpcError(LOCKED, "HasBeenLocked", {"remainLockSecond": seconds})

    def _new_session(self) -> Session:
        if self._device.faults.rpc2_number_sessions:
            return secrets.randbelow(2**31 - 1) + 1
        return secrets.token_hex(16)

    def _expire(self) -> None:
        oldest = self._clock() - self._device.faults.rpc2_session_seconds
        self._logins = {
            session: login for session, login in self._logins.items() if login.heard >= oldest
        }

    # Calls

    async def _call(self, call: Params) -> _Done:
        self._expire()
        session = _session(call)
        login = self._logins.get(session)
        if login is None:
            raise RpcError(NO_SESSION, "Invalid session in request data!")
        login.heard = self._clock()
        method = call["method"]
        params = call.get("params")
        members: Params = params if isinstance(params, dict) else {}
        refused = self._device.faults.rpc2_refuse
        code = refused.get(f"{method}:{members.get('name')}", refused.get(method))
        if code is not None:
            raise RpcError(code, "Component error")
        if method == "global.logout":
            del self._logins[session]
            return _Done()
        if method in METHODS:
            return await self._media(login.finders, method, call.get("object"), members)
        if method in OBJECT_METHODS:
            return self._object(method, ObjectCall(call.get("object"), members, login.user))
        if method not in self._calls:
            raise RpcError(NO_METHOD, "Component error: method not found!")
        return _Done(self._calls[method](members))

    async def _media(self, finders: Finders, method: str, handle: object, params: Params) -> _Done:
        """mediaFileFind: what the finder refuses, as codes (§3.3)."""
        try:
            done = await media_call(self._device, finders, method, handle, params)
        except NothingFound as error:
            raise RpcError(NO_DATA, "Component error: no data") from error
        except TooManyFinders as error:
            raise RpcError(INVALID_REQUEST, "Component error") from error
        except (BadCondition, NoSuchFinder) as error:
            raise RpcError(BAD_PARAMS, "Component error: bad parameters") from error
        return _Done(done.params, result=done.result)

    def _object(self, method: str, call: ObjectCall) -> _Done:
        """What objects of the box can do."""
        try:
            outcome = object_call(self._device, method, call)
        except NoSuchMethod as error:
            raise RpcError(NO_METHOD, "Component error: method not found!") from error
        except NoObject as error:
            raise RpcError(INVALID_REQUEST, "Service error") from error
        return _Done(outcome.params, result=outcome.result)

    def _keep_alive(self, params: Params) -> object:
        """global.keepAlive: being asked is what keeps the session."""
        return {"timeout": params.get("timeout", self._device.faults.rpc2_keep_alive)}

    def _get_config(self, params: Params) -> object:
        """configManager.getConfig: a table or sub-path with its types and lists."""
        name = params.get("name")
        found = self._device.config.under(name) if isinstance(name, str) else {}
        if not found or not isinstance(name, str):
            raise RpcError(BAD_PARAMS, "Component error: bad parameters")
        return {"table": _table(name, found)}

    def _set_config(self, params: Params) -> object:
        """configManager.setConfig: merges into the tree that the CGI reads."""
        name = params.get("name")
        if not isinstance(name, str) or "table" not in params:
            raise RpcError(BAD_PARAMS, "Component error: bad parameters")
        changes = dict(_flat(name, params["table"]))
        try:
            self._device.config.merge(changes, self._device.faults.strict_types)
        except (UnknownMember, UnknownTable, WrongType) as error:
            raise RpcError(BAD_PARAMS, "Component error: bad parameters") from error
        self._device.changed.poke()
        return {"options": []}


def _session(call: Params) -> Session:
    session = call.get("session")
    return session if isinstance(session, str | int) else 0


def _reply(said: Mapping[str, object], headers: Headers = ()) -> Reply:
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    data = body.encode("utf-8", "surrogateescape")
    return Reply(body=data, headers=(("Content-Type", "application/json"), *headers))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _table(name: str, flat: Mapping[str, str]) -> object:
    """Flat keys as nested objects; members that are all numbers become a list."""
    if name in flat:
        return _typed(flat[name])
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *steps, last = _STEP.findall(key.removeprefix(name))
        place = tree
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = _typed(value)
    return _listed(tree)


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        indexes = {int(key): _listed(item) for key, item in value.items()}
        return [indexes.get(index) for index in range(max(indexes) + 1)]
    return {key: _listed(item) for key, item in value.items()}


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Nested objects as flat keys; null members are missing there (§4)."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(f"{name}.{key}", item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _flat(f"{name}[{index}]", item)
    elif value is not None:
        yield name, wire_text(value)


def _typed(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text
