"""The simulated camera on the wire."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
import math
from pathlib import Path
from urllib.parse import unquote

from tests.simulators.auth import Gate, Policy
from tests.simulators.control import Verb
from tests.simulators.footage import snapshot
from tests.simulators.rtsp import RtspServer
from tests.simulators.wire import Connection, Limits, Mode, Reply, Request, WireServer
from tests.simulators.yi_hack import static
from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.card import CardState
from tests.simulators.yi_hack.clock import Clock
from tests.simulators.yi_hack.controls import VERBS
from tests.simulators.yi_hack.faults import Faults
from tests.simulators.yi_hack.grammar import EXITED, Call, Printed
from tests.simulators.yi_hack.mqtt import Message, Publish
from tests.simulators.yi_hack.orders import obey
from tests.simulators.yi_hack.personalities import PERSONALITIES
from tests.simulators.yi_hack.scripts import find, run
from tests.simulators.yi_hack.scripts.status import streams
from tests.simulators.yi_hack.studio import LOW, Loops, Pictures, Studio, film_loop

_RECORD = "/record/"
_SCRIPTS = "/cgi-bin/"
_MAX_UPLOAD = 8 * 1024 * 1024
_BEAT_SECONDS = 1.0


class YiHackSimulator(WireServer):
    """One camera on a loopback port, with its RTSP server; stateful, and as odd as asked."""

    def __init__(
        self,
        personality: str = "mstar",
        user: str = "",
        password: str = "",
        port: int = 0,
        rtsp_port: int | None = None,
        *,
        homever: str | None = None,
        serial: str | None = None,
        mac: str | None = None,
        name: str | None = None,
        at: datetime | None = None,
        publish: Publish | None = None,
        pictures: Pictures = snapshot,
        loops: Loops = film_loop,
    ) -> None:
        """Take a camera out of its box; rtsp_port is the one its RTSP server takes."""
        super().__init__(port, limits=Limits(body=_MAX_UPLOAD))
        model = PERSONALITIES[personality]
        model = replace(
            model,
            homever=homever or model.homever,
            serial=serial or model.serial,
            mac=mac or model.mac,
            hostname=name or model.hostname,
        )
        studio = Studio(model.scene, pictures, loops)
        self.keep_alive = False
        self.reads_chunks = False
        self.camera = Camera(model, studio, self.changed, self.spawn, at=at, publish=publish)
        self.camera.on_reboot = self._begin_reboot
        self.camera.on_rtsp = self._follow_rtsp
        self.camera.system.update(USERNAME=user, PASSWORD=password)
        self.users: dict[str, str] = {}
        self.gate = Gate(Policy(realm=static.REALM, schemes=("Basic",)), self.users)
        self.rtsp = RtspServer(self._resolve, user, password, rtsp_port or 0, realm=static.REALM)
        self._rtsp_up = False
        self._rtsp_turn = asyncio.Lock()

    # What tests look at and turn

    @property
    def personality(self) -> str:
        """Name of the personality."""
        return self.camera.model.name

    @property
    def faults(self) -> Faults:
        """The switches."""
        return self.camera.faults

    @property
    def clock(self) -> Clock:
        """The camera's clock."""
        return self.camera.clock

    @property
    def config(self) -> dict[str, dict[str, str]]:
        """The configuration files, by name and key."""
        return self.camera.files

    @property
    def settings(self) -> dict[str, str]:
        """What the camera goes by now, written down or not."""
        return self.camera.settings.now

    @property
    def said(self) -> list[Message]:
        """What was published."""
        return list(self.camera.mqtt.said)

    @property
    def clips(self) -> list[str]:
        """Paths of the recordings, oldest first."""
        return self.camera.card.clips()

    @property
    def disasters(self) -> list[str]:
        """Calls of the danger list that somebody made (§13)."""
        return self.camera.disasters

    @property
    def failed_logins(self) -> int:
        """Logins with a wrong user or password."""
        return self.gate.count.failed_logins

    @property
    def streaming(self) -> bool:
        """Whether the RTSP server is up."""
        return self._rtsp_up

    # What happens to the camera

    async def motion(self, seconds: float, kind: str = "motion") -> bool:
        """Have something move; a stopped clock goes on by as much. False when nobody cared."""
        return await self.camera.motion(seconds, kind)

    def start_motion(self, kind: str = "motion") -> bool:
        """Have something begin to move: motion, human, vehicle, animal."""
        return self.camera.start_motion(kind)

    def stop_motion(self) -> None:
        """Have it stop."""
        self.camera.stop_motion()

    async def detection(self, kind: str, seconds: float = 10.0) -> bool:
        """Have a human, vehicle or animal come by."""
        return await self.camera.motion(seconds, kind)

    def sound(self) -> bool:
        """Make a noise; False when the camera does not listen."""
        return self.camera.sound()

    def crying(self) -> bool:
        """Have a baby cry."""
        return self.camera.crying()

    def add_clip(
        self, start: datetime | None = None, seconds: float = 30, kind: str | None = None
    ) -> list[str]:
        """Have a recording lie there; one across a minute is several."""
        begin = start or self.clock.now() - timedelta(seconds=seconds)
        made = self.camera.recorder.add(begin, begin + timedelta(seconds=seconds), kind)
        self.changed.poke()
        return made

    def set_sd(self, state: str) -> None:
        """Take the card out, fill it up, or have it as it was: absent, full, present."""
        self.camera.set_card(CardState(state))

    def set_settings(self, **values: str) -> None:
        """Change settings as somebody with the vendor's app would."""
        self.camera.apply(list(values.items()))

    def command(self, topic: str, payload: str | bytes) -> bool:
        """Receive a message from the broker; False when it meant nothing."""
        text = payload if isinstance(payload, str) else payload.decode(errors="replace")
        return obey(self.camera, topic, text)

    def advance(self, seconds: float) -> None:
        """Let the camera's clock jump, and the recorder do what is due."""
        self.clock.advance(seconds)
        self.camera.recorder.tick()
        self.changed.poke()

    def reboot(self) -> asyncio.Task[None]:
        """Restart: connections die, then the port refuses, then it goes by what is written."""
        return self.spawn(self._reboot())

    def _begin_reboot(self) -> None:
        self.reboot()

    async def _reboot(self) -> None:
        self.mode = Mode.RESET
        self.camera.shut_down()
        await self.cut(rst=True)
        await self.go_dark()
        await self._set_rtsp(False)
        await self.camera.take(self.faults.reboot_seconds)
        self._boot()
        await self._set_rtsp(self.camera.rtsp_wanted)
        await self.come_back()
        self.camera.reboots += 1
        self.changed.poke()

    def _boot(self) -> None:
        system = self.camera.system
        user, password = system["USERNAME"], system["PASSWORD"]
        self.users.clear()
        if user:
            self.users[user] = password
        self.rtsp.user, self.rtsp.password = user, password
        self.camera.boot()

    # Life

    async def start(self) -> None:
        """Bind both ports and boot."""
        await super().start()
        await self.rtsp.start()
        self._rtsp_up = True
        ports = {"HTTPD_PORT": str(self.port), "RTSP_PORT": str(self.rtsp.port)}
        self.camera.system.update(ports)
        self._boot()
        await self._set_rtsp(self.camera.rtsp_wanted)
        self.spawn(self._beat())

    async def stop(self) -> None:
        """Close both ports."""
        try:
            await super().stop()
        finally:
            await self.rtsp.stop()
            self._rtsp_up = False

    async def _beat(self) -> None:
        """Have the recorder look at the clock while nobody asks."""
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            if self.camera.recorder.tick():
                self.changed.poke()

    def _follow_rtsp(self, delay: float) -> None:
        async def follow() -> None:
            await self.camera.take(delay)
            await self._set_rtsp(self.camera.rtsp_wanted)

        self.spawn(follow())

    async def _set_rtsp(self, up: bool) -> None:
        async with self._rtsp_turn:
            if up and not self._rtsp_up:
                await self.rtsp.start()
            elif self._rtsp_up and not up:
                await self.rtsp.stop()
            self._rtsp_up = up
        self.changed.poke()

    def _resolve(self, path: str) -> Path | None:
        """The film of an RTSP path; runs in a thread."""
        found = {f"/{file}": name for name, file in streams(self.camera)}.get(path)
        if found is None:
            return None
        studio = self.camera.studio
        if found == "audio":
            return studio.sound()
        return studio.loop(LOW if found == "low_res" else self.camera.model.high)

    # Requests

    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        """Check the login, then run a script or hand out a file."""
        if request.path.startswith("/onvif"):
            return static.page(404)
        verdict = self.gate.check(
            request.method, request.target, request.header("Authorization") if self.users else None
        )
        if self.users and verdict.user is None:
            return static.page(401)
        if connection.exchange is not None:
            connection.exchange.user = verdict.user
        if request.method not in ("GET", "POST", "HEAD"):
            return static.page(501)
        path = unquote(request.path)
        if path.startswith(_SCRIPTS):
            return await self._run(path.removeprefix(_SCRIPTS), request, connection)
        if request.method == "POST":
            return static.page(501)
        reply = await static.serve(self.camera, request)
        if self.faults.stall is None or request.method == "HEAD" or not path.startswith(_RECORD):
            return reply
        head = reply.head(keep_alive=False)
        connection.begin(head + reply.body[: self.faults.stall], reply.status)
        await connection.gone()
        return None

    async def _run(self, name: str, request: Request, connection: Connection) -> Reply | None:
        self.camera.recorder.tick()
        script = find(self.camera, name)
        if script is None:
            return static.page(404)
        call = Call(request, name, request.query, request.body)
        printed = EXITED if name in self.faults.exits else await run(self.camera, script, call)
        if not printed.silent:
            await self._print(printed, call, connection)
        if printed.after is not None:
            await _finish(connection)
            printed.after()
        self.changed.poke()
        return None

    async def _print(self, printed: Printed, call: Call, connection: Connection) -> None:
        """Send what was printed as it is; the end of the connection is the end of the body."""
        body = printed.body if call.request.method != "HEAD" else b""
        if call.script in self.faults.broken_json:
            body = body.removesuffix(b"}").rstrip(b"\n") + b",\n}"
        connection.begin(printed.head(), printed.status)
        self.changed.poke()
        step = self.faults.fragment or len(body) or 1
        for start in range(0, len(body), step):
            connection.write(body[start : start + step])
            await connection.drain()
            await asyncio.sleep(0)
        if printed.hold is not None:
            seconds = None if math.isinf(printed.hold) else printed.hold * self.faults.pace
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await connection.gone()

    # What the control endpoint and the demonstration use

    def state(self) -> dict[str, object]:
        """Everything worth seeing from outside."""
        camera = self.camera
        return {
            "personality": self.personality,
            "serial": camera.model.serial,
            "url": self.url,
            "rtsp": f"rtsp://{self.host}:{self.rtsp.port}" if self._rtsp_up else None,
            "mode": self.mode.value,
            "config": {name: dict(values) for name, values in camera.files.items()},
            "settings": dict(camera.settings.now),
            "services": sorted(camera.services.running),
            "card": camera.card.state.value,
            "clips": self.clips[-20:],
            "recording": camera.recorder.recording,
            "ptz": {"position": camera.motor.position, "moving": camera.motor.moving},
            "presets": dict(camera.presets.lines("")),
            "played": [each.kind for each in camera.speaker.played],
            "pcm_bytes": camera.speaker.pcm_bytes,
            "mqtt": camera.mqtt.up,
            "published": len(camera.mqtt.said),
            "snapshots": camera.snapshots,
            "failed_logins": self.failed_logins,
            "requests": len(self.wire),
            "reboots": camera.reboots,
            "disasters": list(camera.disasters),
        }

    def verbs(self) -> Mapping[str, Verb]:
        """What can be asked of the control endpoint."""
        return {name: partial(verb, self) for name, verb in VERBS.items()}

    async def live(self, seconds: float) -> None:
        """Have motion come and go, with every kind in turn, for ever."""
        kinds = ("motion", "human", "vehicle", "animal")
        number = 0
        while True:
            self.start_motion(kinds[number % len(kinds)])
            await asyncio.sleep(seconds)
            self.stop_motion()
            self.sound()
            await asyncio.sleep(seconds)
            number += 1


async def _finish(connection: Connection) -> None:
    """Have the reply on its way, and the connection closed, before the end begins."""
    connection.close()
    with suppress(ConnectionError):
        await connection.writer.wait_closed()
