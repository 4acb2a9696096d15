"""The simulated camera on the wire."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
import time

from tests.simulators.auth import Gate, Policy, parse_members
from tests.simulators.control import Verb
from tests.simulators.footage import loop
from tests.simulators.messages import Headers
from tests.simulators.open_api.accounts import Accounts
from tests.simulators.open_api.answers import TALK, Route, find, needed
from tests.simulators.open_api.answers.ipfilter import lets_in
from tests.simulators.open_api.clock import utc_now
from tests.simulators.open_api.controls import VERBS
from tests.simulators.open_api.device import Device, Pictures, still
from tests.simulators.open_api.faults import Faults
from tests.simulators.open_api.feeds import put
from tests.simulators.open_api.grammar import HTML, Answer, Call, Refused, page, read_call, render
from tests.simulators.open_api.parameters import Parameters
from tests.simulators.open_api.personality import PERSONALITIES
from tests.simulators.open_api.ports import INPUT, OUTPUT
from tests.simulators.open_api.ptz import Head
from tests.simulators.open_api.sound import Speaker
from tests.simulators.open_api.storage import Recording, Storage
from tests.simulators.rtsp import RtspServer
from tests.simulators.wire import Connection, Limits, Request, WireServer

_REALM = "IP Camera"
_SCHEMES = {"basic": ("Basic",), "digest": ("Digest",), "basic_digest": ("Digest", "Basic")}
_UPLOAD = 64 * 1024 * 1024

type Loops = Callable[[str], Path]


def _film(scene: str) -> Path:
    """An encoded loop of a scene with G.711 sound, kept in the user's cache."""
    return loop(scene, "h264", "pcmu")


class OpenApiSimulator(WireServer):
    """One camera or video server on a loopback port; stateful, and as odd as asked."""

    def __init__(
        self,
        personality: str = "seed",
        user: str = "root",
        password: str = "root",
        port: int = 0,
        rtsp_port: int | None = None,
        *,
        pictures: Pictures = still,
        loops: Loops = _film,
        now: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take a personality out of its box; without a user nobody has to log in.

        A port for RTSP that is given is only told; else the camera serves it itself.
        """
        super().__init__(port, limits=Limits(body=_UPLOAD))
        model = PERSONALITIES[personality]
        accounts = Accounts(user, password, model.groups)
        self.device = Device(model, accounts, self.changed, self.spawn, pictures, now, ticks)
        self.device.on_restart = self._restart_later
        self.gate = Gate(Policy(realm=_REALM), accounts.passwords)
        self._loops = loops
        self._user = user
        self.rtsp: RtspServer | None = None
        if rtsp_port is None:
            self.rtsp = RtspServer(self._stream, user, password, realm=_REALM)
        else:
            self.parameters["Network.RTSP.Port"] = str(rtsp_port)

    # What tests look at and turn

    @property
    def personality(self) -> str:
        """Name of the personality."""
        return self.device.model.name

    @property
    def faults(self) -> Faults:
        """The switches."""
        return self.device.faults

    @property
    def parameters(self) -> Parameters:
        """The parameters, without `root.`."""
        return self.device.parameters

    @property
    def levels(self) -> dict[int, int]:
        """What is measured in each window."""
        levels = self.device.motion.levels
        return {number: levels.get(number, 0) for number in self.parameters.windows()}

    @property
    def inputs(self) -> list[bool]:
        """Inputs that are active, the first one at 0."""
        return self.device.ports.inputs

    @property
    def outputs(self) -> list[bool]:
        """Outputs that are active, the first one at 0."""
        return self.device.ports.outputs

    @property
    def heads(self) -> list[Head]:
        """Where each channel looks; none where nothing moves."""
        return self.device.heads

    @property
    def storage(self) -> Storage:
        """The card and its recordings."""
        return self.device.storage

    @property
    def speaker(self) -> Speaker:
        """What was said through the camera."""
        return self.device.speaker

    @property
    def accounts(self) -> Accounts:
        """Who may log in."""
        return self.device.accounts

    @property
    def restarts(self) -> int:
        """How often it came up again."""
        return self.device.counts["restarts"]

    @property
    def failed_logins(self) -> int:
        """Logins with a wrong user or password."""
        return self.gate.count.failed_logins

    def attached(self, *kinds: str) -> int:
        """Open streams of some kinds: motion, input, output, port, video, audio."""
        return len(self.device.feeds.of(*kinds))

    async def wait_attached(self, n: int = 1, *kinds: str, timeout: float = 10.0) -> None:
        """Wait until this many streams are open."""
        await self.until(lambda: self.attached(*kinds) >= n, timeout)

    async def wait_detached(self, *kinds: str, timeout: float = 10.0) -> None:
        """Wait until no stream is open."""
        await self.until(lambda: self.attached(*kinds) == 0, timeout)

    # What happens to the camera

    def set_level(self, window: int, level: int) -> None:
        """Measure so much motion in a window; the streams say so at once."""
        self.device.motion.set_level(window, level)

    def set_input(self, n: int, on: bool) -> None:
        """Make an input, counted from 1, active or not."""
        self.device.ports.change(INPUT, _place(n, self.inputs), on)
        self.changed.poke()

    def set_output(self, n: int, on: bool) -> None:
        """Switch an output, counted from 1, at the camera itself."""
        self.device.ports.change(OUTPUT, _place(n, self.outputs), on)
        self.changed.poke()

    def add_window(self, name: str = "DefaultWindow", **fields: str) -> int:
        """Draw a window at the camera's own page; its number."""
        number = self.parameters.add_window(name, **fields)
        self.device.feeds.wake("motion")
        return number

    def remove_window(self, number: int) -> None:
        """Remove a window at the camera's own page."""
        if not self.parameters.remove_window(number):
            raise IndexError(f"no window {number}")
        self.device.motion.forget(number)

    def set_signal(self, n: int, on: bool) -> None:
        """Have a source of a video server, counted from 1, lose its picture."""
        self.device.signals[_place(n, self.device.signals)] = on
        self.changed.poke()

    def add_recording(self, start: datetime, kind: str = "scheduled") -> Recording:
        """Have a file appear on the card; local time."""
        return self.storage.add(Recording(start, kind))

    def cut_streams(self, *kinds: str, rst: bool = False) -> None:
        """End streams, with an RST or cleanly."""
        self.device.feeds.cut(*kinds, rst=rst)

    def stall_streams(self, *kinds: str) -> None:
        """Have the open streams fall silent, with their sockets open."""
        self.device.feeds.stall(*kinds)

    def send_raw(self, data: bytes, *kinds: str) -> None:
        """Put bytes into streams as they are."""
        self.device.feeds.send_raw(data, *kinds)

    def reboot(self) -> asyncio.Task[None]:
        """Restart: every socket dies, the port refuses for a while, then all is back."""
        return self.spawn(self._reboot())

    def _restart_later(self) -> None:
        self.reboot()

    async def _reboot(self) -> None:
        await asyncio.sleep(self.faults.reboot_delay)
        await self.go_dark()
        self.gate.forget()
        await asyncio.sleep(self.faults.down_seconds)
        self.device.restarted()
        await self.come_back()
        self.device.counts["restarts"] += 1
        self.changed.poke()

    # Life

    async def start(self) -> None:
        """Open the port, and that of RTSP."""
        if self.rtsp is not None:
            await self.rtsp.start()
            self.parameters["Network.RTSP.Port"] = str(self.rtsp.port)
        await super().start()

    async def stop(self) -> None:
        """Close everything."""
        try:
            if self.rtsp is not None:
                await self.rtsp.stop()
        finally:
            await super().stop()

    async def go_dark(self) -> None:
        """Lose the network: every connection is reset, new ones are refused."""
        if self.rtsp is not None:
            self.rtsp.faults.unavailable = True
            await self.rtsp.drop_all()
        await super().go_dark()

    async def come_back(self) -> None:
        """Serve again on the same port."""
        if self.rtsp is not None:
            self.rtsp.faults.unavailable = False
        await super().come_back()

    def _stream(self, path: str) -> Path | None:
        """The film behind a path of RTSP; blocks while it is made."""
        model = self.device.model
        for number in range(model.channels):
            if path in [each.format(n=number + 1) for each in model.rtsp_paths]:
                return self._loops(model.scenes[number % len(model.scenes)])
        return None

    # Requests

    def reads_body(self, request: Request) -> bool:
        """Sound is taken as it comes (S-7.5)."""
        return request.method == "POST" and request.path.lower() == TALK.lower()

    async def respond(self, request: Request, connection: Connection) -> None:
        """Check who asks, find the answer, send it, and hang up (§1.1)."""
        if not lets_in(self.device, connection.peer):
            connection.reset()
            return
        call = read_call(request, connection.peer)
        if call.path in self.faults.mute:
            await connection.gone()
            return
        if delay := self.faults.delays.get(call.path):
            await asyncio.sleep(delay)
        try:
            answer = await self._answer(request, call, connection)
        except Refused as refused:
            answer = page(f"{refused.status}", refused.status)
        self._follow_accounts()
        if answer is not None:
            await self._put(answer, call, connection)

    async def _answer(self, request: Request, call: Call, connection: Connection) -> Answer | None:
        if call.method not in ("GET", "POST"):
            raise Refused(405)
        route = find(self.device, call.path)
        if route is None:
            raise Refused(404)
        refusal = self._login(request, connection) or self._denial(route, call, connection)
        if refusal is not None:
            return refusal
        if call.path in self.faults.bodies:
            return Answer(self.faults.bodies[call.path], HTML)
        return await route.handler(self.device, call, connection)

    def _login(self, request: Request, connection: Connection) -> Answer | None:
        """The refusal of somebody who is not known (§1.4)."""
        if self.accounts.open:
            return None
        policy = self.parameters["Network.HTTP.AuthenticationPolicy"]
        self.gate.policy = replace(self.gate.policy, schemes=_SCHEMES[policy])
        said = request.header("Authorization")
        target = request.target
        if self.faults.lenient_uri and said is not None and said.startswith("Digest "):
            members = parse_members(said.removeprefix("Digest "))
            target = members["uri"].value if "uri" in members else target
        verdict = self.gate.check(request.method, target, said, request.body)
        if connection.exchange is not None:
            connection.exchange.user = verdict.user
        return _unauthorized(verdict.headers) if verdict.user is None else None

    def _denial(self, route: Route, call: Call, connection: Connection) -> Answer | None:
        """The refusal of an account that is too weak (§1.4)."""
        user = None if connection.exchange is None else connection.exchange.user
        if user is None or self.accounts.may(user, needed(route, call)):
            return None
        if self.faults.denied_status != 401:
            raise Refused(self.faults.denied_status)
        challenge = self.gate.check(call.method, call.path, None)
        self.gate.count.probes -= 1
        return _unauthorized(challenge.headers)

    def _follow_accounts(self) -> None:
        """Let the streams have the password that the pages have."""
        if self.rtsp is not None:
            known = self.accounts.of
            name = self._user if self._user in known else next(iter(known), "")
            self.rtsp.user = name
            self.rtsp.password = self.accounts.passwords.get(name, "")

    async def _put(self, answer: Answer, call: Call, connection: Connection) -> None:
        head, body = render(answer, self.faults, call)
        if connection.exchange is not None:
            connection.exchange.status = answer.status
        # Who hung up does not want the rest.
        with suppress(ConnectionError):
            await put(connection, head + body, self.faults, self.device.dice)
        if answer.after is not None:
            answer.after()
        self.changed.poke()

    # What the control endpoint and the demonstration use

    def state(self) -> dict[str, object]:
        """Everything worth seeing from outside."""
        device = self.device
        return {
            "personality": self.personality,
            "url": self.url,
            "mode": self.mode.value,
            "parameters": self.parameters.listing(),
            "levels": {str(number): level for number, level in self.levels.items()},
            "inputs": self.inputs,
            "outputs": self.outputs,
            "signals": device.signals,
            "ptz": [{"position": head.position, "moving": head.moving} for head in self.heads],
            "presets": [
                {str(number): preset.name for number, preset in head.presets.items()}
                for head in self.heads
            ],
            "accounts": {name: sorted(each.groups) for name, each in self.accounts.of.items()},
            "recordings": [each.id for each in self.storage.recordings.values()],
            "disk": self.storage.status,
            "time": device.clock.now().isoformat(timespec="seconds"),
            "attached": {feed.kind: self.attached(feed.kind) for feed in device.feeds.open},
            "talked": self.speaker.received,
            "uploads": list(device.uploads),
            "resets": list(device.resets),
            "failed_logins": self.failed_logins,
            "stills": device.counts["stills"],
            "restarts": self.restarts,
            "requests": len(self.wire),
        }

    def verbs(self) -> Mapping[str, Verb]:
        """What can be asked of the control endpoint."""
        return {name: partial(verb, self) for name, verb in VERBS.items()}

    async def live(self, seconds: float) -> None:
        """Have motion come and go in every window in turn, and an input with it, for ever."""
        turn = 0
        while True:
            windows = list(self.parameters.windows())
            if windows:
                window = windows[turn % len(windows)]
                self.set_level(window, 60)
                if self.inputs:
                    self.set_input(turn % len(self.inputs) + 1, on=True)
                await asyncio.sleep(seconds)
                if window in self.parameters.windows():
                    self.set_level(window, 0)
                if self.inputs:
                    self.set_input(turn % len(self.inputs) + 1, on=False)
            await asyncio.sleep(seconds)
            turn += 1


def _unauthorized(headers: Headers) -> Answer:
    return page("401 Unauthorized", 401, headers)


def _place(number: int, things: list[bool]) -> int:
    """Count from 0 what people count from 1."""
    if not 1 <= number <= len(things):
        raise IndexError(f"no number {number}")
    return number - 1
