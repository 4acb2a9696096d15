"""The simulated iSpy on the wire."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
import re
import ssl

from tests.simulators.control import Verb
from tests.simulators.footage import snapshot
from tests.simulators.ispy.access import KNOWN_EXTENSIONS, Access
from tests.simulators.ispy.answers import json, run
from tests.simulators.ispy.answers.files import FILES, Desk, static, static_thumbnail
from tests.simulators.ispy.answers.live import AUDIO, MJPEG, OLD_AUDIO, PICTURES, audio, mjpeg
from tests.simulators.ispy.controls import VERBS
from tests.simulators.ispy.faults import Faults, Gzip, OnCrash
from tests.simulators.ispy.grammar import (
    CATCH_ALL,
    Answer,
    Call,
    Closed,
    Crash,
    Hang,
    compress,
    encode_text,
    read_call,
    render,
    wants_gzip,
)
from tests.simulators.ispy.objects import CAMERA, Recording, SpyObject
from tests.simulators.ispy.personalities import PERSONALITIES
from tests.simulators.ispy.personality import FileSeed, Personality
from tests.simulators.ispy.program import Program
from tests.simulators.ispy.push import Push
from tests.simulators.ispy.setup import make_recording
from tests.simulators.ispy.studio import Loops, Pictures, Studio, film_loop
from tests.simulators.wire import Connection, Request, WireServer

_MEDIA = {**FILES, **PICTURES}
_IMPOSSIBLE = re.compile(r'[<>:"|?*\x00-\x1f]')
_TALK = b"TALK,"
_TALK_HEAD = 11
_TALK_CHUNK = 4410
_STEP = 65_536
_ROOT = Answer("iSpy is running. Access this server via the website", "text/text")
_NO_FOLDER = Answer("<H2>No such folder</H2><Br>", "text/html", "404 Not Found")
_CORS = (
    "Access-Control-Allow-Methods: GET, POST, OPTIONS",
    "Access-Control-Allow-Headers: Content-Type",
    "Connection: close",
)


class IspySimulator(WireServer):
    """One PC with iSpy on a loopback port; stateful, and as odd as asked."""

    def __init__(
        self,
        personality: str | Personality = "g3",
        user: str = "",
        password: str = "",
        port: int = 0,
        rtsp_port: int | None = None,
        *,
        language: str | None = None,
        zone: str | None = None,
        at: datetime | None = None,
        name: str | None = None,
        pictures: Pictures = snapshot,
        loops: Loops = film_loop,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Install a personality; iSpy knows no users, a password is its first login code."""
        super().__init__(port, tls=tls)
        self.program = Program(
            PERSONALITIES[personality] if isinstance(personality, str) else personality,
            self.changed,
            language=language,
            zone=zone,
            at=at,
            identifier=password,
        )
        self.user = user
        self.rtsp_port = rtsp_port
        if name is not None:
            self.program.server_name = name
        model = self.program.personality
        self.access = Access(model.allowed, model.referers)
        self.push = Push(self.program)
        self.studio = Studio(pictures, loops)
        self.restarts = 0

    # What tests look at and turn

    @property
    def personality(self) -> str:
        """Name of the personality."""
        return self.program.personality.name

    @property
    def faults(self) -> Faults:
        """The switches."""
        return self.program.faults

    @property
    def auth(self) -> str:
        """The code that connect tells until the next restart."""
        return self.program.identifier

    @property
    def cameras(self) -> list[SpyObject]:
        """The cameras, in the order of the configuration."""
        return self.program.cameras

    @property
    def microphones(self) -> list[SpyObject]:
        """The microphones, in the order of the configuration."""
        return self.program.microphones

    @property
    def attached(self) -> int:
        """WebSockets that are open."""
        return self.push.attached

    def thing(self, ot: int, oid: int) -> SpyObject:
        """An object that must be there."""
        return self.program.need(ot, oid)

    async def wait_attached(self, n: int = 1, timeout: float = 10.0) -> None:
        """Wait until this many WebSockets are open."""
        await self.until(lambda: self.attached >= n, timeout)

    async def wait_detached(self, timeout: float = 10.0) -> None:
        """Wait until no WebSocket is open."""
        await self.until(lambda: self.attached == 0, timeout)

    # What happens on the PC

    def add_object(self, ot: int = CAMERA, name: str = "", scene: str = "hallway") -> SpyObject:
        """Have somebody add a camera (2) or microphone (1)."""
        return self.program.add(ot, name, scene=scene)

    def remove_object(self, ot: int, oid: int) -> None:
        """Have somebody remove an object."""
        self.program.remove(ot, oid)

    def rename_object(self, ot: int, oid: int, name: str) -> None:
        """Have somebody give an object another name."""
        self.program.rename(ot, oid, name)

    def set_level(self, ot: int, oid: int, level: float) -> None:
        """Motion or sound from 0 to 1; past the threshold it is a detection."""
        self.program.set_level(self.thing(ot, oid), level)

    def trigger_alert(self, oid: int, ot: int = CAMERA) -> bool:
        """Raise an alert; False when the object's minimum interval swallowed it."""
        return self.program.alert(self.thing(ot, oid))

    def add_recording(self, ot: int, oid: int, seed: FileSeed | None = None) -> Recording:
        """Have a finished file appear, and say so."""
        thing = self.thing(ot, oid)
        clock = self.program.clock
        made = make_recording(thing, seed or FileSeed(0.01), clock, clock.now())
        self.program.publish(thing, made)
        return made

    def finish_recording(self, ot: int, oid: int) -> Recording | None:
        """Close the file that an object writes, whoever wanted it."""
        thing = self.thing(ot, oid)
        thing.now.forced = False
        thing.now.busy_until = None
        return self.program.close_file(thing)

    def set_failing(self, ot: int, oid: int, failing: bool = True) -> None:
        """Have a source break or come back (errorState)."""
        self.thing(ot, oid).failing = failing
        self.changed.poke()

    def advance(self, seconds: float) -> None:
        """Let the PC's clock jump and the writers do what is due."""
        self.program.clock.advance(seconds)
        self.program.tick()

    def drop_websockets(self, *, rst: bool = False) -> None:
        """End the WebSockets."""
        self.push.drop(rst=rst)

    async def restart(self, identifier: str = "", *, crash: bool = False) -> str:
        """Start iSpy anew: every connection dies and connect tells another code."""
        await self.go_dark()
        self.program.restart(identifier, crash=crash)
        self.restarts += 1
        await self.come_back()
        return self.auth

    # Life

    async def start(self) -> None:
        """Bind the port, listen, and begin the round of every second."""
        await super().start()
        self.program.port = self.port
        self.spawn(self.push.run())

    async def preface(self, connection: Connection) -> bytes | None:
        """Take the five letters that tell talking in from a request; nobody is asked who (§10)."""
        try:
            async with asyncio.timeout(self.limits.idle):
                early = await connection.reader.readexactly(len(_TALK))
        except asyncio.IncompleteReadError:
            return None
        if early != _TALK:
            return early
        rest = await connection.reader.readexactly(_TALK_HEAD - len(_TALK))
        number = rest[:-1].split(b",")[0]
        camera = self.program.find(CAMERA, int(number)) if number.isdigit() else None
        while camera is not None and (data := await connection.reader.read(_TALK_CHUNK)):
            self.program.hear(camera, data)
        return None

    # Requests

    async def respond(self, request: Request, connection: Connection) -> None:
        """Answer one request, and close: there is no second on a connection."""
        self.program.tick()
        call = read_call(request, self.program.rules)
        command = call.command
        try:
            if command in self.faults.mute:
                raise Hang(command)
            if command in self.faults.delays:
                await asyncio.sleep(self.faults.delays[command])
            answer = await self._answer(request, call, connection)
        except Closed:
            return
        except Hang:
            await connection.gone()
            return
        except Crash:
            if self._hangs():
                await connection.gone()
            return
        if answer is not None:
            await self._put(answer, request, call, connection)

    def _hangs(self) -> bool:
        if self.faults.on_crash is OnCrash.BY_VERSION:
            return self.program.rules.hangs
        return self.faults.on_crash is OnCrash.HANG

    async def _answer(self, request: Request, call: Call, connection: Connection) -> Answer | None:
        program, rules = self.program, self.program.rules
        if request.method == "OPTIONS" and not rules.first:
            return Answer("", extra=_CORS)
        if request.method != "GET" and (request.method != "POST" or rules.first):
            raise Closed(request.method)
        if not self._allowed(request, call, connection.peer):
            return Answer(*self.access.denial(rules, root=call.command == ""))
        if _IMPOSSIBLE.search(call.path):
            return _NO_FOLDER
        if call.command in self.faults.bodies:
            return Answer(self.faults.bodies[call.command])
        if call.command == "":
            return CATCH_ALL if rules.first else _ROOT
        if call.command == "websocket" and not rules.first and request.header("Sec-WebSocket-Key"):
            await self.push.serve(request, connection)
            return None
        if request.method == "POST":
            return CATCH_ALL
        if text := run(program, call):
            program.tick()
            return Answer(text)
        return await self._media(Desk(program, self.studio, request), call, connection)

    async def _media(self, desk: Desk, call: Call, connection: Connection) -> Answer | None:
        rules = self.program.rules
        low = call.lowered()
        if call.command == "loadobject.json" and not rules.first:
            return json.load(self.program, call)
        if call.command in MJPEG:
            await mjpeg(desk, low, connection)
            return None
        if call.command == (OLD_AUDIO if rules.ancient else AUDIO):
            await audio(desk, low, connection)
            return None
        if serve := _MEDIA.get(call.command):
            return await serve(desk, low)
        if rules.first and (found := static_thumbnail(self.program, call.path)):
            return await static(desk, *found)
        return CATCH_ALL

    def _allowed(self, request: Request, call: Call, peer: str) -> bool:
        extension = call.extension
        return (
            (extension is None or extension in KNOWN_EXTENSIONS)
            and request.target.startswith("/")
            and self.access.lets_in(
                self.program.rules,
                peer,
                call.get("auth"),
                self.program.identifier,
                request.header("Referer") or "",
            )
        )

    async def _put(
        self, answer: Answer, request: Request, call: Call, connection: Connection
    ) -> None:
        """Send an answer; the connection is closed without having said so."""
        declared = False
        body = answer.body
        if isinstance(body, str):
            length = len(body)
            body = encode_text(body, self.program.rules)
            squeezed = compress(body, length) if wants_gzip(request) else None
            if squeezed is not None and self.faults.gzip is not Gzip.OFF:
                bare = self.faults.gzip is Gzip.BARE or (
                    self.faults.gzip is Gzip.BY_VERSION and self.program.rules.bare_gzip
                )
                body, declared = squeezed, not bare
        head = render(
            replace(answer, body=b""), body, call.version, self.program.clock, gzipped=declared
        )
        connection.begin(head, int(answer.status[:3]))
        sent = body[: self.faults.truncate]
        if answer.file is not None:
            sent = sent[: self.faults.stall]
        for start in range(0, len(sent), _STEP):
            connection.write(sent[start : start + _STEP])
            await connection.drain()
        self.changed.poke()
        if self.faults.stall is not None and answer.file is not None:
            await connection.gone()

    # What the control endpoint and the demonstration use

    def state(self) -> dict[str, object]:
        """Everything worth seeing from outside."""
        program = self.program
        return {
            "personality": self.personality,
            "generation": program.rules.generation.value,
            "url": self.url,
            "mode": self.mode.value,
            "server_name": program.server_name,
            "objects": [_show(thing) for thing in program.objects()],
            "plans": [
                {"id": plan.id, "alerted": plan.alerted is not None} for plan in program.plans
            ],
            "called": list(program.called),
            "grid": dict(program.grid),
            "attached": self.attached,
            "restarts": self.restarts,
            "requests": len(self.wire),
        }

    def verbs(self) -> Mapping[str, Verb]:
        """What can be asked of the control endpoint."""
        return {name: partial(verb, self) for name, verb in VERBS.items()}

    async def live(self, seconds: float) -> None:
        """Have motion come and go on every enabled camera in turn, for ever."""
        number = 0
        while True:
            cameras = [camera for camera in self.cameras if camera.enabled]
            if cameras:
                camera = cameras[number % len(cameras)]
                self.program.set_level(camera, 0.6)
                self.program.alert(camera)
                await asyncio.sleep(seconds)
                self.program.set_level(camera, 0.0)
            await asyncio.sleep(seconds)
            number += 1


def _show(thing: SpyObject) -> dict[str, object]:
    return {
        "ot": thing.ot,
        "id": thing.id,
        "name": thing.name,
        "enabled": thing.enabled,
        "failing": thing.failing,
        "forced": thing.now.forced,
        "recording": thing.writing,
        "level": thing.now.level,
        "alerted": thing.now.alerted,
        "detected": thing.now.detected,
        "alerts": thing.settings.alerts,
        "recordondetect": thing.settings.recordondetect,
        "recordonalert": thing.settings.recordonalert,
        "files": len(thing.recordings),
        "grabs": len(thing.grabs),
        "moves": list(thing.moves),
        "preset": thing.preset,
        "spoken": list(thing.spoken),
        "heard": len(thing.heard),
    }
