"""The simulated recorder PC on the wire: two ports, one state."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
import copy
from datetime import datetime
from functools import partial

from tests.simulators.control import Verb
from tests.simulators.dvro.answers import INSPECTOR, START, STATUS, Asked, Failed, Handler
from tests.simulators.dvro.controls import VERBS
from tests.simulators.dvro.faults import Faults, NoFolder
from tests.simulators.dvro.naming import BadBody
from tests.simulators.dvro.personality import PERSONALITIES
from tests.simulators.dvro.recorder import HOME, Recorder
from tests.simulators.dvro.wording import done, raw, refuse
from tests.simulators.wire import Connection, Reply, Request, WireServer


def _local_time() -> datetime:
    return datetime.now()  # noqa: DTZ005


class _Port(WireServer):
    """One of the two listeners, with its own table of paths."""

    routes: Mapping[str, Mapping[str, Handler]] = STATUS

    def __init__(self, recorder: Recorder, port: int = 0) -> None:
        """Answer for this recorder."""
        super().__init__(port)
        self.recorder = recorder

    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        """Find the path, then the method, then do it (§2)."""
        faults = self.recorder.faults
        path, word = _split(request.path, self.routes)
        if path in faults.mute:
            await connection.gone()
            return None
        if delay := faults.delays.get(path):
            # What a command does is done at once; only the answer is late.
            reply = await self._answer(request, path, word)
            await asyncio.sleep(delay)
            return reply
        return await self._answer(request, path, word)

    async def _answer(self, request: Request, path: str, word: str) -> Reply:
        faults = self.recorder.faults
        if path not in self.routes or path in faults.missing:
            return refuse(faults, 404)
        handler = self.routes[path].get(request.method)
        if handler is None:
            return refuse(faults, 405)
        if path in faults.failing:
            return refuse(faults, 500)
        if path in faults.bodies:
            return raw(faults, faults.bodies[path])
        self.recorder.tick()
        try:
            return await self.run(handler, path, Asked(self.recorder, word, request.body))
        except BadBody:
            return refuse(faults, faults.bad_json_status)
        except Failed:
            return refuse(faults, 500)

    async def run(self, handler: Handler, path: str, asked: Asked) -> Reply:
        """Do what a path does."""
        return handler(asked)


class DvroSimulator(_Port):
    """One recorder PC: commands on the port itself, status on `status_port`."""

    routes = INSPECTOR

    def __init__(
        self,
        personality: str = "seed",
        user: str = "",
        password: str = "",
        port: int = 0,
        rtsp_port: int | None = None,
        *,
        status_port: int = 0,
        now: Callable[[], datetime] = _local_time,
    ) -> None:
        """Install a personality; the API knows neither accounts nor streams (§1)."""
        self.model = PERSONALITIES[personality]
        faults = Faults(**copy.deepcopy(dict(self.model.faults)))
        super().__init__(Recorder(self.model.channels, faults, now, self._poke), port)
        self.user, self.password, self.rtsp_port = user, password, rtsp_port
        self.status = _Port(self.recorder, status_port)
        self.status.changed = self.changed
        self.restarts = 0

    # What tests look at and turn

    @property
    def personality(self) -> str:
        """Name of the personality."""
        return self.model.name

    @property
    def faults(self) -> Faults:
        """The switches, which both ports obey."""
        return self.recorder.faults

    @property
    def status_port(self) -> int:
        """The second port, 8088 on a real one."""
        return self.status.port

    @property
    def requests(self) -> list[str]:
        """What was asked of either port, oldest first: method and target."""
        both = sorted([*self.wire, *self.status.wire], key=lambda exchange: exchange.at)
        return [f"{exchange.method} {exchange.target}" for exchange in both]

    # Life

    async def start(self) -> None:
        """Bind both ports, and listen where the firewall lets it."""
        await super().start()
        await self.status.start()
        if not self.model.inspector:
            await self.close_inspector()
        if not self.model.status:
            await self.status.go_dark()

    async def stop(self) -> None:
        """Close both ports."""
        try:
            await self.status.stop()
        finally:
            await super().stop()

    async def go_dark(self) -> None:
        """Lose the network: both ports refuse, connections are reset."""
        await self.close_inspector()
        await self.status.go_dark()

    async def come_back(self) -> None:
        """Serve again on the ports that the firewall lets through."""
        if self.model.inspector:
            await super().come_back()
        if self.model.status:
            await self.status.come_back()

    async def close_inspector(self) -> None:
        """Have the first port refuse alone; `status.go_dark()` is the same for the second."""
        await super().go_dark()

    def restart(self) -> asyncio.Task[None]:
        """Start the software anew: connections die, ports close a while, folders are forgotten."""
        return self.spawn(self._restart())

    async def _restart(self) -> None:
        await self.go_dark()
        self.recorder.restart()
        self.changed.poke()
        await asyncio.sleep(self.faults.restart_seconds)
        await self.come_back()
        self.restarts += 1
        self.changed.poke()

    # Requests

    async def run(self, handler: Handler, path: str, asked: Asked) -> Reply:
        """Do what a path does; a start may have to wait for the dialog (row 10, §5.1)."""
        faults, recorder = self.faults, self.recorder
        if path != START:
            if faults.stop_lag and path.endswith("/stoprecording"):
                self.spawn(self._later(faults.stop_lag, recorder.stop))
                return done(faults)
            return await super().run(handler, path, asked)
        if faults.start_lag and recorder.recording_dir is not None:
            self.spawn(self._later(faults.start_lag, recorder.start))
            return done(faults)
        recorder.start()
        if recorder.dialog_open:
            if faults.no_folder is NoFolder.ERROR:
                raise Failed("no folder")
            if faults.no_folder is NoFolder.LATE:
                with suppress(TimeoutError):
                    await self.until(lambda: not recorder.dialog_open, faults.dialog_seconds)
        return done(faults)

    async def _later(self, seconds: float, action: Callable[[], None]) -> None:
        await asyncio.sleep(seconds)
        action()

    def _poke(self) -> None:
        self.changed.poke()

    # What the control endpoint and the demonstration use

    def state(self) -> dict[str, object]:
        """Everything worth seeing from outside."""
        recorder = self.recorder
        return {
            "personality": self.personality,
            "url": self.url,
            "status_port": self.status_port,
            "mode": self.mode.value,
            "status_mode": self.status.mode.value,
            "channels": list(recorder.channels),
            "channels_started": recorder.channels_started,
            "recording": recorder.recording,
            "clip": recorder.clip,
            "dialog_open": recorder.dialog_open,
            "dialogs": recorder.dialogs,
            "recording_dir": recorder.recording_dir,
            "inspection_dir": recorder.inspection_dir,
            "templates": dict(recorder.templates),
            "split": recorder.split,
            "reevaluate": recorder.reevaluate,
            "settings": dict(recorder.settings),
            "applied": recorder.applied,
            "directories": list(recorder.directories),
            "drive_space": recorder.drive_space,
            "files": [each.path for each in recorder.files],
            "overwritten": recorder.overwritten,
            "restarts": self.restarts,
            "requests": self.requests[-50:],
        }

    def verbs(self) -> Mapping[str, Verb]:
        """What can be asked of the control endpoint."""
        return {name: partial(verb, self) for name, verb in VERBS.items()}

    async def live(self, seconds: float) -> None:
        """Have somebody at the PC record, grab a frame and stop again, for ever."""
        while True:
            self.recorder.recording_dir = self.recorder.recording_dir or HOME
            self.recorder.start()
            self.recorder.grab()
            await asyncio.sleep(seconds)
            self.recorder.stop()
            self.recorder.drive_space = self.recorder.drive_space - 1 or 100
            await asyncio.sleep(seconds)


def _split(target: str, routes: Mapping[str, Mapping[str, Handler]]) -> tuple[str, str]:
    """Part a path from the word behind it."""
    for route in routes:
        if route.endswith("/") and target.startswith(route):
            return route, target.removeprefix(route)
    return target, ""
