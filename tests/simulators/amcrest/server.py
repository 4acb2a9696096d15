"""The simulated Amcrest/Dahua box on the wire."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
import hashlib
import time
from typing import Any

from tests.simulators.amcrest.answers import answer
from tests.simulators.amcrest.answers.camera_states import CameraStates
from tests.simulators.amcrest.answers.care import Factory
from tests.simulators.amcrest.answers.users import Users
from tests.simulators.amcrest.config import ConfigTree
from tests.simulators.amcrest.controls import VERBS
from tests.simulators.amcrest.device import Device, Pictures
from tests.simulators.amcrest.downloads import Downloads
from tests.simulators.amcrest.events import NOTHING, Sent
from tests.simulators.amcrest.faults import Faults
from tests.simulators.amcrest.grammar import Command, Refusal, encode, read_command, refuse
from tests.simulators.amcrest.personalities import PERSONALITIES
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.rpc2 import PATHS, Rpc2
from tests.simulators.amcrest.state import Disk
from tests.simulators.amcrest.store import Reels, Store, block_reels
from tests.simulators.auth import Gate, Policy
from tests.simulators.control import Verb
from tests.simulators.footage import snapshot
from tests.simulators.wire import Connection, Mode, Reply, Request, WireServer

_SLOW_REBOOT = 6
_MOTION = "VideoMotion"
_TALK = ("/cgi-bin/audio.cgi", "action=postAudio")
_DENIED = b"Authority:check failure."


class AmcrestSimulator(WireServer):
    """One camera, recorder or doorbell on a loopback port; stateful, and as odd as asked."""

    def __init__(
        self,
        personality: str | Personality = "ipc",
        user: str = "admin",
        password: str = "secret-1",
        port: int = 0,
        rtsp_port: int | None = None,
        *,
        serial: str | None = None,
        name: str | None = None,
        pictures: Pictures = snapshot,
        reels: Reels = block_reels,
    ) -> None:
        """Take a personality out of its box and give it one account."""
        super().__init__(port)
        model = PERSONALITIES[personality] if isinstance(personality, str) else personality
        self.device = Device(model, self.changed, pictures, reels)
        self.device.on_reboot = self._start_reboot
        self.device.on_shutdown = self._shut_down
        self.device.spawn = self.spawn
        self.keep_alive = model.keep_alive
        if serial is not None:
            self.device.serial = serial
        if name is not None:
            self.config["General.MachineName"] = name
        if rtsp_port is not None:
            self.config["RTSP.Port"] = str(rtsp_port)
        self.device.of(Factory)
        self.users = self.device.of(Users).passwords
        self.users[user] = password
        self.gate = Gate(_policy(model.auth, self.serial), self.users)
        self.rpc2 = Rpc2(self.device, self.gate)
        self._busy_until = 0.0

    # What tests look at and turn

    @property
    def personality(self) -> str:
        """Name of the personality."""
        return self.device.personality.name

    @property
    def serial(self) -> str:
        """Serial number."""
        return self.device.serial

    @property
    def faults(self) -> Faults:
        """The switches."""
        return self.device.faults

    @property
    def config(self) -> ConfigTree:
        """The configuration tree, flat keys without `table.`."""
        return self.device.config

    @property
    def failed_logins(self) -> int:
        """Logins with a wrong user or password."""
        return self.gate.count.failed_logins

    @property
    def attached(self) -> int:
        """Event streams that are open."""
        return self.device.events.attached

    @property
    def snapshot_count(self) -> int:
        """Snapshots taken."""
        return self.device.snapshot_count

    @property
    def storage(self) -> list[Disk]:
        """The disks; may be changed."""
        return self.device.storage

    @property
    def store(self) -> Store:
        """What was recorded; add, remove, fill, clear."""
        return self.device.store

    @property
    def finders(self) -> int:
        """Finder objects that are open, of every interface."""
        device = self.device
        return device.finders.open + device.motion_finders.open + self.rpc2.finders

    @property
    def downloads(self) -> Downloads:
        """Files on their way, and those that were."""
        return self.device.downloads

    @property
    def inputs(self) -> list[bool]:
        """Alarm inputs."""
        return self.device.alarm.inputs

    @property
    def outputs(self) -> list[bool]:
        """Alarm outputs that are closed."""
        return self.device.outputs

    async def wait_attached(self, n: int = 1, timeout: float = 10.0) -> None:
        """Wait until this many event streams are open."""
        await self.until(lambda: self.attached >= n, timeout)

    async def wait_detached(self, timeout: float = 10.0) -> None:
        """Wait until no event stream is open."""
        await self.until(lambda: self.attached == 0, timeout)

    # What happens to the device

    def emit(
        self,
        code: str,
        action: str = "Start",
        index: int = 0,
        data: object = NOTHING,
        **variant: Any,
    ) -> Sent:
        """Say an event at once; variants as in EventHub.emit, silent=True only changes state."""
        return self.device.events.emit(code, action, index, data, **variant)

    def send_raw(self, data: bytes) -> None:
        """Put bytes into the event streams as they are."""
        self.device.events.send_raw(data)

    def cut_streams(self, rst: bool = False) -> None:
        """End the event streams, with an RST or cleanly."""
        self.device.events.cut(rst)

    def stall_streams(self) -> None:
        """Have the open event streams fall silent, beats too, with their sockets open."""
        self.device.events.stall()

    def set_input(self, slot: int, on: bool) -> Sent:
        """Close or open an alarm input, and say so (AlarmLocal)."""
        self.device.alarm.inputs[slot] = on
        return self.emit("AlarmLocal", "Start" if on else "Stop", slot)

    def set_camera_state(self, channel: int, state: str) -> None:
        """Have a recorder's camera go or come: Connected, Unconnect, Disconnect, Empty."""
        self.device.slots[channel].state = state
        self.device.of(CameraStates).say(channel)
        self.changed.poke()

    def press_doorbell(self) -> int:
        """Press the button of an AD410 (§4.9.17); the number of the call."""
        self.device.call_id += 1
        call = self.device.call_id
        self.emit("_CallRemoveMask", "Start")
        self.emit("AlarmLocal", "Start")
        self.emit("_DoTalkAction_", "Pulse", 0, {"Action": "Invite", "CallID": str(call)})
        self.emit("CallNoAnswered", "Start")
        self.emit("PhoneCallDetect", "Start")
        return call

    def hang_up(self, reason: str = "Timeout") -> None:
        """End the call that a press began."""
        self.emit("_DoTalkAction_", "Pulse", 0, {"Action": "Hangup", "HangupReason": reason})
        for code in ("AlarmLocal", "CallNoAnswered", "PhoneCallDetect", "_CallRemoveMask"):
            self.emit(code, "Stop")

    def reboot(self, fast: bool = True) -> asyncio.Task[None]:
        """Restart: connections die, then the port refuses, then all is back and forgotten."""
        return self.spawn(self._reboot(1 if fast else _SLOW_REBOOT))

    def _shut_down(self) -> None:
        self.spawn(self.go_dark())

    def _start_reboot(self, delay: float) -> None:
        self.spawn(self._reboot(1, delay))

    async def _reboot(self, factor: float, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        self.mode = Mode.RESET
        self.device.forget()
        self.gate.forget()
        self.rpc2.forget()
        await self.cut(rst=True)
        await asyncio.sleep(self.faults.reboot_drop * factor)
        await self.go_dark()
        await asyncio.sleep(self.faults.reboot_refuse * factor)
        self.device.booted = time.monotonic()
        self.device.reboots += 1
        self._busy_until = time.monotonic() + self.faults.reboot_busy
        await self.come_back()
        self.changed.poke()

    # Requests

    def reads_body(self, request: Request) -> bool:
        """Somebody who talks is heard while it comes."""
        return request.path == _TALK[0] and _TALK[1] in request.query

    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        """Check the login, find the answer, and spoil it as the switches say."""
        faults = self.device.faults
        if faults.redirect is not None:
            return Reply(302, headers=(("Location", faults.redirect + request.target),))
        if time.monotonic() < self._busy_until:
            return refuse(Refusal.BOOTING)
        if request.path in PATHS and faults.rpc2:
            return await self.rpc2.answer(request)
        command = read_command(request)
        if command is None:
            return refuse(Refusal.NOT_FOUND)
        verdict = self.gate.check(
            request.method, request.target, request.header("Authorization"), request.body
        )
        if connection.exchange is not None:
            connection.exchange.user = verdict.user
        if verdict.user is None:
            ends = self.gate.policy.nonce_uses == 1 or self.reads_body(request)
            return replace(verdict.reply(), close=ends)
        if faults.action_first and command.action and command.params[0][0] != "action":
            return self.device.refuse(Refusal.BAD_REQUEST)
        command = replace(command, user=verdict.user)
        reply = await answer(self.device, command, connection)
        if reply is None:
            return None
        reply = replace(reply, close=reply.close or self.reads_body(request))
        return self._spoil(reply, command)

    def _spoil(self, reply: Reply, command: Command) -> Reply:
        faults = self.device.faults
        headers = reply.headers
        if faults.charset:
            headers = tuple(
                (name, f"{value};charset=utf-8" if value == "text/plain" else value)
                for name, value in headers
            )
        delay = faults.delays.get(command.key, faults.delays.get(command.cgi, faults.answer_delay))
        return replace(
            reply,
            headers=headers,
            delay=max(reply.delay, delay),
            length=-1 if faults.answer_length else None,
            fragment=faults.answer_fragment,
            truncate=faults.truncate,
        )

    # What the control endpoint and the demonstration use

    def state(self) -> dict[str, object]:
        """Everything worth seeing from outside."""
        device = self.device
        return {
            "personality": self.personality,
            "serial": self.serial,
            "url": self.url,
            "mode": self.mode.value,
            "config": {
                encode(k).decode(errors="replace"): _show(v) for k, v in self.config.items()
            },
            "active": [f"{code}[{index}]" for code, index in device.events.active],
            "inputs": self.inputs,
            "outputs": self.outputs,
            "speaker": device.coaxial.speaker,
            "white_light": device.coaxial.white_light,
            "ptz": {"position": device.ptz.position, "moving": device.ptz.moving},
            "attached": self.attached,
            "attaches": device.events.attaches,
            "failed_logins": self.failed_logins,
            "locked": self.gate.locked,
            "rpc2_sessions": self.rpc2.open,
            "recordings": len(self.store.items),
            "finders": self.finders,
            "downloads": [[one.name, one.sent, one.done] for one in self.downloads.log],
            "snapshots": self.snapshot_count,
            "requests": len(self.wire),
            "reboots": device.reboots,
        }

    def verbs(self) -> Mapping[str, Verb]:
        """What can be asked of the control endpoint."""
        return {name: partial(verb, self) for name, verb in VERBS.items()}

    async def live(self, seconds: float) -> None:
        """Have motion come and go on every channel in turn, and be recorded, for ever."""
        channel = 0
        while True:
            if self.device.has_picture(channel):
                self.emit(_MOTION, "Start", channel, {"Id": [0], "RegionName": ["Region1"]})
                await asyncio.sleep(seconds)
                self.emit(_MOTION, "Stop", channel, {"Id": [0], "RegionName": ["Region1"]})
                if self.storage:
                    self.store.add(channel, seconds=max(1, round(seconds)))
                await asyncio.sleep(seconds)
            channel = (channel + 1) % self.device.personality.channels


def _policy(fields: Mapping[str, Any], serial: str) -> Policy:
    """The authentication policy of a model; the realm names the box."""
    digest = hashlib.sha1(serial.encode(), usedforsecurity=False).hexdigest()
    policy = Policy(realm=f"Login to {serial}", opaque=digest, denied_body=_DENIED)
    return replace(policy, **fields)


def _show(value: str) -> str:
    return encode(value).decode(errors="replace")
