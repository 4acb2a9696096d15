"""Getting the requests to one box past its login, and knowing when that is hopeless (§3.1)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from ..device import Reply
from ..env import Env
from ..errors import Forbidden, InvalidAuth, Locked, NoAnswer
from .digest import Login, choose
from .job import Job
from .stream import Stream

type Refuse = Callable[[Callable[[], InvalidAuth]], InvalidAuth]
"""Has nothing sent with this login any more; what to raise."""

_REFUSAL_LIMIT: Final = 1 << 16
_REMEMBERED_PATHS: Final = 512
_ATTEMPTS: Final = 5
_PROOF_DEADLINE: Final = 10.0
_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Access:
    """The login at one box: answers its challenges, and tells refusals from locks and rights."""

    def __init__(
        self,
        env: Env,
        send: Callable[[Job], Awaitable[Stream]],
        refuse: Refuse,
        *,
        locked: Callable[[Reply], float | None] | None,
        stale: Callable[[Reply], bool] | None,
    ) -> None:
        """Prepare; `locked` and `stale` are those of `Http`."""
        self.login = Login(env.address.user, env.address.password)
        self._clock = env.clock
        self._send = send
        self._refuse = refuse
        self._locked = locked
        self._stale = stale
        self._named = bool(env.address.user or env.address.password)
        self._gate = asyncio.Lock()
        # Without a user there is nothing to find out.
        self._settled = not self._named
        self._worked: dict[str, None] = {}
        self._proof: str | None = None

    async def exchange(self, job: Job) -> Stream:
        """Send, answer challenges, and hand out the first answer that is no login matter."""
        if not job.login:
            return await self._send(job)
        if self.login.once:
            # Two that share a nonce would only take it from each other.
            job.own = job.own or self.login.fresh()
            return await self._settle(job)
        if self._settled:
            stream = await self._send(job)
            if not await self._refuses(job, stream):
                return stream
        # While nobody knows whether the login holds, one request at a time finds out.
        async with self._gate:
            refreshed = self._settled and self.login.version != job.version
            if job.offered is not None and not refreshed:
                await self._answer(job)
            return await self._settle(job)

    async def prepare(self, job: Job, question: Job) -> None:
        """Meet a challenge for a job that cannot be sent twice, where each serves one request.

        The question is sent without the login, so that the answer to its challenge is not used up.
        """
        stream = await self._send(question)
        await stream.aclose()
        own = self.login.fresh()
        if stream.status == 401 and own.take(stream.challenges):
            job.own, job.taken, job.first = own, own.version, own.uses + 1

    async def _settle(self, job: Job) -> Stream:
        """Send and answer until the box is content with the login, or is known not to be."""
        for _ in range(_ATTEMPTS):
            stream = await self._send(job)
            if not await self._refuses(job, stream):
                self._settled = True
                return stream
            await self._answer(job)
        raise NoAnswer(f"{job}: a new challenge after every answer")

    async def _refuses(self, job: Job, stream: Stream) -> bool:
        """Whether this answer is about the login; then it is read, noted in the job and closed."""
        if stream.status in (401, 403):
            async with stream.or_closed():
                reply = await stream.peek(_REFUSAL_LIMIT)
            seconds = self._locked(reply) if self._locked is not None else None
            if seconds is not None:
                await stream.aclose()
                raise self._refuse(self._lock(seconds))
            if stream.status == 403 and not (self._stale is not None and self._stale(reply)):
                return False
            await stream.aclose()
            if stream.status == 403 and (not job.authorised or job.definite):
                raise Forbidden(f"{job}: refused with status 403")
            if job.authorised and job.own is None:
                self.login.turned_down(job.version, job.use)
            job.offered = reply.challenges
            return True
        if job.authorised and job.own is None:
            self.login.accepted(job.version, job.use)
        if job.authorised and stream.status < 400:
            self._worked.pop(job.path, None)
            self._worked[job.path] = None
            if job.proves:
                self._proof = job.path
            if len(self._worked) > _REMEMBERED_PATHS:
                del self._worked[next(iter(self._worked))]
        return False

    async def _answer(self, job: Job) -> None:
        """Prepare the answer to the challenge that the job met, or give the login up."""
        login = job.own or self.login
        offered = job.offered or ()
        best = choose(offered)
        # Basic has nothing that could be out of date.
        plain = job.authorised and job.scheme == "basic"
        if job.definite or (plain and (best is None or best.scheme == "basic")):
            # An account too weak for one path is no wrong password.
            if self._worked and job.path not in self._worked and await self._still_works(offered):
                raise Forbidden(f"{job}: refused, though this login works elsewhere")
            raise self._refuse(lambda: InvalidAuth("user or password refused"))
        self._settled = False
        if not self._named:
            raise self._refuse(lambda: InvalidAuth("the device asks for a user and password"))
        if best is None:
            if not job.authorised or offered:
                raise self._refuse(lambda: InvalidAuth("no way to log in that is known here"))
            login.forget()
        else:
            login.take(offered)
            job.taken = login.version
            job.first = login.uses + 1

    async def _still_works(self, offered: Iterable[str]) -> bool:
        """Whether the login still opens what it opened last: a changed password costs one try more.

        Without this each path that was never asked would be tried in turn, until the box locks.
        """
        if self._proof is None:
            return True
        for _ in range(_ATTEMPTS):
            self.login.take(offered)
            job = Job("GET", self._proof, _HEADERS, None, _PROOF_DEADLINE, login=True, again=True)
            job.taken, job.first = self.login.version, self.login.uses + 1
            stream = await self._send(job)
            if not await self._refuses(job, stream):
                await stream.aclose()
                return True
            if job.definite or job.scheme == "basic" or not job.offered:
                return False
            offered = job.offered
        return False

    def _lock(self, seconds: float) -> Callable[[], Locked]:
        """What to raise while the box is locked for so long."""
        if seconds <= 0:
            return lambda: Locked("locked after too many wrong logins")
        clock = self._clock
        end = clock.monotonic() + seconds
        return lambda: Locked(
            "locked after too many wrong logins", max(0.0, end - clock.monotonic())
        )
