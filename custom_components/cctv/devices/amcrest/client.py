"""One method a command of the vendor's document, each with its section; answers to errors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
import json
from typing import Final

from .. import jpeg
from ..device import Reply
from ..errors import (
    Busy,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Http, Lane
from ..said import parsed
from . import wire
from .features import HEARTBEAT

MAX_QUERY: Final = 1_800
"""Longer setConfig requests are cut in several."""
_TABLE_LIMIT: Final = 8 * MIB
_PICTURE_LIMIT: Final = 16 * MIB
_ABSENT: Final = frozenset({400, 404, 405, 501})
_STALE: Final = "authority"
_CHALLENGE: Final = "/RPC2_Login"
_FULL: Final = ("exceeded maximum number of connections", "resource is limited")
_UNKNOWN: Final = ("unknown error", "businesscommonerror")


def is_stale(reply: Reply) -> bool:
    """Whether a 403 is what a stale login gets, too (§3.1)."""
    return _STALE in reply.text.lower()


class Client:
    """Speaks to one box over its queue."""

    def __init__(self, http: Http) -> None:
        """Nothing is sent."""
        self.http = http
        self._heard = False

    # --- answers to errors (§5) ---------------------------------------------------------------

    def text(self, reply: Reply, *, nothing: Sequence[str] = ()) -> str:
        """The text of an answer, '' for what means nothing; refusals are raised."""
        if reply.status in _ABSENT:
            raise Unsupported(f"refused with status {reply.status}")
        if reply.status in (401, 403):
            raise Forbidden(f"refused with status {reply.status}")
        if reply.status == 500:
            raise Rejected("refused with status 500")
        if reply.status >= 500:
            raise Busy(f"refused with status {reply.status}")
        if reply.status >= 300:
            raise Malformed(f"answered with status {reply.status}")
        text = reply.text.strip().strip("\ufeff")
        low = text[:200].lower()
        if any(low.startswith(each) for each in nothing):
            return ""
        if low.startswith("<"):
            raise Malformed("a web page where text belongs")
        if low.startswith("error"):
            raise self._refusal(low)
        if low.startswith(_FULL):
            raise Busy("too many connections")
        if low.startswith(_UNKNOWN):
            raise Rejected("unknown error")
        self._heard = True
        return text

    def _refusal(self, text: str) -> DeviceError:
        """What an Error in a 200 means (§5)."""
        if "invalid authority" in text:
            if self._heard:
                return Forbidden("invalid authority")
            return self.http.refuse(lambda: InvalidAuth("invalid authority"))
        code = text.partition("errorid=")[2].partition(",")[0].strip()
        if code in ("5", "6", "7"):
            return Rejected(f"error {code}")
        return Unsupported(text.replace("\r", "").replace("\n", " ")[:80])

    async def ask(
        self,
        cgi: str,
        action: str,
        params: Sequence[tuple[str, wire.Param]] = (),
        *,
        lane: Lane = Lane.READ,
        limit: int = MIB,
        nothing: Sequence[str] = (),
    ) -> str:
        """Read: may be sent twice."""
        path = wire.query(cgi, action, params)
        return self.text(await self.http.ask(path, lane=lane, limit=limit), nothing=nothing)

    async def tell(
        self, cgi: str, action: str, params: Sequence[tuple[str, wire.Param]] = ()
    ) -> str:
        """Change: never sent twice. Rejected where the answer is not OK."""
        text = await self.change(cgi, action, params)
        if text.rstrip(".").lower() != "ok":
            raise Rejected(f"answered {text[:40]!r}")
        return text

    async def change(
        self, cgi: str, action: str, params: Sequence[tuple[str, wire.Param]] = ()
    ) -> str:
        """Change what is answered with more than OK: never sent twice."""
        return self.text(await self.http.tell(wire.query(cgi, action, params)))

    # --- identity (§4.6) ----------------------------------------------------------------------

    async def magic(self, verb: str) -> str:
        """An answer of magicBox: getSystemInfo, getDeviceType … (§4.6.10-19)."""
        return await self.ask("magicBox", verb)

    async def product(self, name: str) -> int:
        """A number of getProductDefinition (§4.5.1, §4.5.10). Malformed without one."""
        text = await self.ask("magicBox", "getProductDefinition", [("name", name)])
        value = wire.word(text, name) or ""
        if not value.isdecimal() or len(value) > 5:
            raise Malformed(f"{name}: no number")
        return int(value)

    async def time(self) -> datetime:
        """The device's local time (§4.6.2)."""
        text = await self.ask("global", "getCurrentTime")
        try:
            return wire.moment(text)
        except ValueError as error:
            raise Malformed("no time") from error

    async def set_time(self, local: datetime) -> None:
        """Set the device's local time (§4.6.3)."""
        await self.tell("global", "setCurrentTime", [("time", local)])

    async def uptime(self) -> float:
        """Seconds since the start (getUpTime, §4.6)."""
        last = wire.word(await self.ask("magicBox", "getUpTime"), "last")
        try:
            return float(last or "")
        except ValueError as error:
            raise Malformed("no uptime") from error

    async def reboot(self) -> None:
        """Restart (§4.6.9)."""
        await self.tell("magicBox", "reboot")

    async def sessions(self) -> int:
        """How many are logged in (getActiveUserInfoAll, §4.12.3)."""
        text = await self.ask("userManager", "getActiveUserInfoAll")
        return len(wire.rows(wire.pairs(text), "users"))

    async def locked_for(self, user: str) -> float | None:
        """Seconds that the device stays locked, as the login's challenge says (§3.3).

        It carries no password. None without a lock; 0 where it does not say for how long.
        """
        params = {"userName": user, "password": "", "clientType": "Web3.0", "loginType": "Direct"}
        body = json.dumps({"method": "global.login", "params": params, "id": 1}).encode()
        reply = await self.http.ask(_CHALLENGE, method="POST", body=body, login=False)
        try:
            return wire.lock(parsed(reply.text))
        except ValueError:
            return None

    # --- configuration (§6) -------------------------------------------------------------------

    async def get_config(self, table: str, lane: Lane = Lane.READ) -> dict[str, str]:
        """A table without its prefix; empty where the device has nothing to say."""
        params = [("name", table)]
        text = await self.ask("configManager", "getConfig", params, lane=lane, limit=_TABLE_LIMIT)
        return {
            name: value
            for name, value in wire.table(text).items()
            if name == table or name.startswith((f"{table}[", f"{table}."))
        }

    async def set_config(self, changes: Mapping[str, str]) -> None:
        """Write members; the others stay. In several requests where one would be too long."""
        batch: list[tuple[str, wire.Param]] = []
        for change in changes.items():
            batch.append(change)
            if len(wire.query("configManager", "setConfig", batch)) > MAX_QUERY and batch[1:]:
                await self.tell("configManager", "setConfig", batch[:-1])
                batch = [change]
        if batch:
            await self.tell("configManager", "setConfig", batch)

    # --- recorder (§7.6) ----------------------------------------------------------------------

    async def cameras(self) -> dict[int, dict[str, str]]:
        """The positions of a recorder by index (LogicDeviceManager getCameraAll)."""
        text = await self.ask("LogicDeviceManager", "getCameraAll", limit=_TABLE_LIMIT)
        return wire.rows(wire.pairs(text), "camera")

    async def camera_states(self) -> dict[int, str]:
        """The connection of each channel, from 0 (LogicDeviceManager getCameraState).

        Malformed without any: no recorder is without channels.
        """
        text = await self.ask("LogicDeviceManager", "getCameraState", [("uniqueChannels[0]", -1)])
        states = {
            int(row["channel"]): row.get("connectionState", "")
            for row in wire.rows(wire.pairs(text), "states").values()
            if row.get("channel", "").isdecimal()
        }
        if not states:
            raise Malformed("no states of channels")
        return states

    # --- events (§4.9) ------------------------------------------------------------------------

    async def exposed(self) -> tuple[str, ...]:
        """The codes that the device says it tells (getExposureEvents, §4.9.18)."""
        return wire.words(await self.ask("eventManager", "getExposureEvents"))

    async def active(self, code: str) -> frozenset[int]:
        """The channels where a code is active, from 0 (getEventIndexes, §4.9.16)."""
        text = await self.ask(
            "eventManager", "getEventIndexes", [("code", code)], nothing=("error: no events",)
        )
        return wire.indexes(text)

    @staticmethod
    def attach(codes: Sequence[str]) -> str:
        """The path that subscribes to events (§4.9.17)."""
        return (
            f"/cgi-bin/eventManager.cgi?action=attach&codes=[{','.join(codes)}]"
            f"&heartbeat={HEARTBEAT}"
        )

    # --- inputs, outputs, siren ---------------------------------------------------------------

    async def input_slots(self) -> int:
        """How many alarm inputs there are (§4.9.4)."""
        return await self.number("alarm", "getInSlots")

    async def output_slots(self) -> int:
        """How many alarm outputs there are (§4.9.5)."""
        return await self.number("alarm", "getOutSlots")

    async def input_state(self) -> int:
        """Which alarm inputs are closed, one bit each (§4.9.6)."""
        return await self.number("alarm", "getInState")

    async def number(self, cgi: str, action: str) -> int:
        """The number of a 'result=' answer. Malformed without one."""
        value = wire.word(await self.ask(cgi, action), "result") or ""
        try:
            return int(value, 0)
        except ValueError as error:
            raise Malformed(f"{action}: no number") from error

    async def coaxial(self, channel: int, lane: Lane = Lane.READ) -> dict[str, bool]:
        """Siren ('Speaker') and warning light ('WhiteLight') of a channel (getStatus, §7.2)."""
        text = await self.ask("coaxialControlIO", "getStatus", [("channel", channel)], lane=lane)
        return {
            name.rpartition(".")[2]: value.strip().lower() == "on"
            for name, value in wire.pairs(text).items()
            if name.startswith("status.")
        }

    async def set_coaxial(self, channel: int, kind: int, *, on: bool) -> None:
        """Switch the warning light (1) or the siren (2) of a channel (§7.2)."""
        await self.tell(
            "coaxialControlIO",
            "control",
            [
                ("channel", channel),
                ("info[0].Type", kind),
                ("info[0].IO", 1 if on else 2),
                ("info[0].TriggerMode", 2),
            ],
        )

    # --- disks and pictures -------------------------------------------------------------------

    async def disks(self) -> dict[int, dict[str, str]]:
        """Disks with their partitions (storageDevice getDeviceAllInfo, §6.1.3); {} without."""
        text = await self.ask("storageDevice", "getDeviceAllInfo", nothing=("error",))
        return wire.rows(wire.pairs(text), "list.info")

    async def snapshot(self, channel: int) -> bytes:
        """A still (§4.4.2), one at a time."""
        path = f"/cgi-bin/snapshot.cgi?channel={channel}"
        reply = await self.http.ask(path, lane=Lane.PICTURE, limit=_PICTURE_LIMIT)
        if reply.status != 200 or reply.body[:5].lower() == b"error":
            self.text(reply)
        return jpeg.picture(reply.body)
