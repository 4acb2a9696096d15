"""One method a command of the vendor's document, each with its section; answers to errors."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from ..device import Reply
from ..env import Env
from ..errors import (
    Busy,
    Forbidden,
    InvalidAuth,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Counters, Http, Lane
from . import listing, uploads, wire
from .wire import Filter, Parameters, Port

IN_FLIGHT: Final = 2
"""Short requests at once (§1.6)."""
MAX_QUERY: Final = 1_800
"""Longer updates are cut in several."""
_CONFIG: Final = ("/config.cgi", "/asp/config.cgi")
_CLEAN: Final = "responseformat=rfc"
"""Asks for a clean end of the headers (§1.1)."""
_LIMIT: Final = 4 * MIB
_UPLOAD_DEADLINE: Final = 120.0
_PAUSES: Final = (0.1, 0.4, 1.0)
"""Seconds before a question is asked again that met a full box or a login page."""

type Params = Sequence[tuple[str, str]]


class Client:
    """Speaks to one box over its queue; config.cgi one call at a time (§1.6)."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self.http = Http(env, in_flight=IN_FLIGHT, lenient=True)
        self.login = bool(env.address.user or env.address.password)
        """Without a user a refusal says only what strangers may not do."""
        self.config: str | None = None
        """Where config.cgi is (§0.2), once that is known."""
        self._clock = env.clock
        self._one = asyncio.Lock()

    @property
    def counters(self) -> Counters:
        """What passed between us and the box."""
        return self.http.seen

    def refuse(self) -> InvalidAuth:
        """Send nothing any more: a stranger may see nothing here."""
        return self.http.refuse(lambda: InvalidAuth("the device asks for a user and password"))

    # --- answers to errors (§1.5) -------------------------------------------------------------

    @staticmethod
    def check(reply: Reply) -> Reply:
        """The answer, if its status is a good one; refusals are raised."""
        match reply.status:
            case 404:
                raise Unsupported("refused with status 404")
            case 401 | 403:
                raise Forbidden(f"refused with status {reply.status}")
            case 503:
                raise Busy("refused with status 503")
            case status if status >= 400:
                about = wire.remark(wire.text(reply.body[:4096]))
                raise Rejected(f"refused with status {status}: {about}")
            case status if status >= 300:
                raise Malformed(f"sent elsewhere with status {status}")
        return reply

    async def ask(self, path: str, *, lane: Lane = Lane.READ, limit: int = MIB) -> str:
        """Read: may be sent again, and is when the box is full or shows a login page."""
        for pause in (*_PAUSES, None):
            try:
                reply = await self.http.ask(path, lane=lane, limit=limit, login=self.login)
                body = wire.text(self.check(reply).body)
                if wire.is_page(body):
                    raise Malformed("a web page where an answer belongs")
                return body
            except Busy, Malformed:
                if pause is None:
                    raise
                await self._clock.sleep(pause)
        raise AssertionError

    async def tell(
        self, path: str, *, form: Params | None = None, page: bool = False
    ) -> wire.Outcome:
        """Change: never sent twice. Rejected with the device's own words where it refuses."""
        if form is None:
            reply = await self.http.tell(path, login=self.login)
        else:
            body, headers = uploads.form(form)
            reply = await self.http.tell(
                path, method="POST", body=body, headers=headers, login=self.login
            )
        return self.judge(reply, page=page)

    def judge(self, reply: Reply, *, page: bool = False) -> wire.Outcome:
        """What a write brought; with `page` the box may answer with a web page or a sentence."""
        body = wire.text(self.check(reply).body)
        if wire.is_login(body):
            raise Rejected("a login page instead of an answer")
        found = wire.outcome(wire.remark(body) if page else body)
        if found.error is not None and found.entry is None:
            raise Rejected(found.error)
        if not found.known and not page:
            raise Rejected(f"answered {wire.remark(body)[:80]!r}")
        return found

    # --- parameters (§1.1) --------------------------------------------------------------------

    async def parameters(self, *groups: str) -> Parameters:
        """List groups of parameters (§1.1.1, §1.1.2); the comma form, else the seed's own."""
        found = await self._list(",".join(groups))
        if len(groups) > 1 and not found.tells(groups):
            seed = await self._list(",group=".join(groups))
            if len(seed.values) > len(found.values):
                return seed
        return found

    async def _list(self, groups: str) -> Parameters:
        """One listing, from where config.cgi is."""
        places = _CONFIG if self.config is None else (self.config,)
        absent: Unsupported | None = None
        async with self._one:
            for place in places:
                path = f"{place}?action=list&group={groups}&{_CLEAN}"
                try:
                    body = await self.ask(path, limit=_LIMIT)
                except Unsupported as error:
                    absent = absent or error
                    continue
                self.config = place
                return wire.parameters(body)
        raise absent or Unsupported("no config.cgi")

    async def update(self, changes: Mapping[str, str]) -> None:
        """Change parameters (§1.1.3), in several requests where one would be too long."""
        batch: list[tuple[str, str]] = []
        for change in changes.items():
            if batch and len(wire.query("", [*batch, change])) > MAX_QUERY:
                await self._write("update", batch)
                batch = []
            batch.append(change)
        if batch:
            await self._write("update", batch)

    async def add(self, group: str, template: str, values: Params) -> wire.Outcome:
        """Add an entry to a group (§1.1.4); its letter and number."""
        params = [("group", group), ("template", template), *values]
        return await self._write("add", params)

    async def remove(self, *groups: str) -> None:
        """Remove entries (§1.1.5); the comma form, else the seed's own (§1.3)."""
        try:
            await self._write("remove", [("group", ",".join(groups))])
        except Rejected:
            # A refusal proves that nothing was removed.
            if len(groups) < 2:
                raise
            await self._write("remove", [], "&group=" + ",group=".join(groups))

    async def _write(self, action: str, params: Params, more: str = "") -> wire.Outcome:
        path = wire.query(self.config or _CONFIG[0], [("action", action), *params])
        async with self._one:
            return await self.tell(path + more)

    # --- the box itself (§1.2-1.10) -----------------------------------------------------------

    async def users(self) -> dict[str, tuple[str, ...]]:
        """The members of each group (§1.2, action=get)."""
        return wire.groups(await self.ask("/usrgrp.cgi?action=get"))

    async def change_user(self, action: str, values: Params) -> None:
        """Add, update or remove an account (§1.2), in a body: a query ends in logs."""
        await self.tell("/usrgrp.cgi", form=[("action", action), *values], page=True)

    async def factory_default(self, *, keep_network: bool) -> None:
        """Forget all settings, or all but the address (§1.3, §1.4)."""
        path = "/factorydefault.cgi" if keep_network else "/hardfactorydefault.cgi"
        await self.tell(path, page=True)

    async def restore(self, content: bytes) -> None:
        """Load a backup (§1.6)."""
        await self._upload("/restore.cgi", content, "backup.bin")

    async def upgrade(self, content: bytes) -> None:
        """Install firmware and keep the settings (§1.7)."""
        await self._upload("/firmwareupgrade.cgi?type=normal", content, "firmware.bin")

    async def _upload(self, path: str, content: bytes, name: str) -> None:
        body, headers = uploads.file(content, name)
        reply = await self.http.tell(
            path,
            method="POST",
            body=body,
            headers=headers,
            deadline=_UPLOAD_DEADLINE,
            login=self.login,
        )
        self.judge(reply, page=True)

    async def reboot(self) -> None:
        """Restart (§1.8); some units know only restart.cgi."""
        try:
            await self.tell("/reboot.cgi", page=True)
        except Unsupported:
            await self.tell("/restart.cgi", page=True)

    async def log(self) -> list[str]:
        """The system log (§1.9), oldest line first."""
        body = await self.ask("/systemlog.cgi", limit=_LIMIT)
        return [line.strip() for line in wire.lines(body) if line.strip()]

    async def time(self) -> datetime:
        """The device's local time (§1.10.1)."""
        try:
            return wire.moment(await self.ask("/time.cgi?action=get"))
        except ValueError as error:
            raise Malformed("no time") from error

    async def set_time(self, local: datetime) -> None:
        """Set the device's local time (§1.10.2)."""
        fields = ("year", "month", "day", "hour", "minute", "second")
        values = [(name, str(getattr(local, name))) for name in fields]
        await self.tell(wire.query("/time.cgi", [("action", "set"), *values]))

    async def set_osd(self, text: str) -> None:
        """Write the text in the picture (§1.11), where it is no parameter."""
        await self.tell(wire.query("/setosd.cgi", [("text", text)]))

    # --- pictures (§2) ------------------------------------------------------------------------

    async def size(self, camera: Params) -> str:
        """Width and height of the picture (§2.1)."""
        body = await self.ask(wire.query("/resolution.cgi", camera))
        found = wire.size(body)
        if found is None:
            raise Rejected(f"no size: {wire.remark(body)[:80]}")
        return found

    async def sources(self, count: int) -> dict[int, bool]:
        """Which sources have a picture (§2.2)."""
        asked = ",".join(str(each) for each in range(1, count + 1))
        found = wire.sources(await self.ask(wire.query("/videostatus.cgi", [("status", asked)])))
        if not found:
            raise Rejected("no status of any source")
        return found

    # --- inputs and outputs (§5) --------------------------------------------------------------

    async def check_ports(self, cgi: str, numbers: Iterable[int]) -> dict[int, Port]:
        """The states of inputs or outputs (§5.1-5.3, check)."""
        asked = ",".join(map(str, numbers))
        return wire.ports(await self.ask(wire.query(cgi, [("check", asked)])))

    async def act(self, cgi: str, number: int, changes: str) -> None:
        """Have an output do something (§5.3)."""
        await self.tell(wire.query(cgi, [("action", f"{number}:{changes}")]))

    # --- IP filter (§6) -----------------------------------------------------------------------

    async def ip_filter(self) -> Filter:
        """The IP filter (§6.2)."""
        try:
            return wire.ip_filter(await self.ask("/ipfilter.cgi?action=list"))
        except ValueError as error:
            raise Malformed(str(error)) from error

    async def change_filter(self, action: str, values: Params) -> None:
        """Change the IP filter (§6.1)."""
        await self.tell(wire.query("/ipfilter.cgi", [("action", action), *values]))

    # --- storage (§8) -------------------------------------------------------------------------

    async def disks(self) -> list[dict[str, str]]:
        """The disks with their attributes (§8.3)."""
        body = await self.ask("/list.cgi?diskid=all")
        found = listing.elements(body, "disk")
        if not found and not listing.elements(body, "disks"):
            raise Malformed("no list of disks")
        return found

    async def recordings(self) -> list[dict[str, str]]:
        """The recordings with their attributes (§8.4), in the device's order."""
        body = await self.ask("/list.cgi?recordingid=all", limit=_LIMIT)
        return await asyncio.to_thread(listing.elements, body, "recording")

    async def disk_job(self, cgi: str, values: Params) -> None:
        """Mount, unmount or format a disk, remove a recording (§8.1, §8.2, §8.5)."""
        reply = self.check(await self.http.tell(wire.query(cgi, values), login=self.login))
        if (fault := listing.fault(wire.text(reply.body))) is not None:
            raise Rejected(fault)
