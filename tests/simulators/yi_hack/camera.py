"""One camera: everything that the scripts read and change."""

import asyncio
from collections.abc import Callable, Coroutine
import copy
from datetime import datetime, timedelta
import time
from typing import Any

from tests.simulators.wire import Signal
from tests.simulators.yi_hack import conf
from tests.simulators.yi_hack.card import TIMELAPSE, Card, CardState, folder_time
from tests.simulators.yi_hack.clock import Clock
from tests.simulators.yi_hack.conf import Conf
from tests.simulators.yi_hack.faults import Faults, NamesIn
from tests.simulators.yi_hack.mqtt import Mqtt, Publish
from tests.simulators.yi_hack.personality import ALLWINNER_V2, Personality
from tests.simulators.yi_hack.ptz import Motor, Presets, read_preset
from tests.simulators.yi_hack.recorder import Recorder
from tests.simulators.yi_hack.services import Services
from tests.simulators.yi_hack.settings import Settings
from tests.simulators.yi_hack.sound import Speaker
from tests.simulators.yi_hack.studio import LOW, Studio

type Spawn = Callable[[Coroutine[Any, Any, None]], object]

CLASSES = {
    "human": "AI_HUMAN_DETECTION_MSG",
    "vehicle": "AI_VEHICLE_DETECTION_MSG",
    "animal": "AI_ANIMAL_DETECTION_MSG",
}
_GMT_SUFFIXES = frozenset({"y291ga", "y211ga", "y623"})
"""Models of v2 whose names stay GMT on stock firmware 11 and 12."""
_SNAPSHOT_SECONDS = 1.5
_SNAPSHOT_SECONDS_V5 = 8.0


class Camera:
    """State of one camera, and what happens in front of it."""

    def __init__(
        self,
        model: Personality,
        studio: Studio,
        changed: Signal,
        spawn: Spawn,
        *,
        at: datetime | None = None,
        publish: Publish | None = None,
    ) -> None:
        """Boot with what its owner has set up."""
        self.model = model
        self.changed = changed
        self.studio = studio
        self.faults = Faults(**copy.deepcopy(dict(model.faults)))
        self.clock = Clock(model.zone, at)
        self.files = conf.owned(model)
        self.hostname = model.hostname
        self.fw_version, self.latest_fw = model.fw_version, model.latest_fw
        self.homever = model.homever
        self.services = Services(self.system)
        self.settings = Settings(model, lambda: self.files["camera"], lambda: self.homever)
        self.card = Card(self.clock)
        self.recorder = Recorder(
            self.card,
            self.clock,
            self.faults,
            studio,
            self._may_record,
            self.name_time,
            model.name_form,
            thumbnails=model.variant.trio,
        )
        self.motor = Motor(lambda: time.monotonic() / max(self.faults.pace, 1e-6))
        self.presets = Presets({slot: read_preset(text) for slot, text in model.presets.items()})
        self.speaker = Speaker()
        self.audio = list(model.audio)
        self.mqtt = Mqtt(publish)
        self.local_fw = False
        self.snapshots = 0
        self.disasters: list[str] = []
        """Calls that would have broken or robbed a real camera (§13)."""
        self.booted = self.clock.now()
        self.reboots = 0
        self.on_reboot: Callable[[], None] = lambda: None
        self.on_rtsp: Callable[[float], None] = lambda _: None
        self.later = spawn
        self._grabbing = False
        self._motion: datetime | None = None
        self._furnish()

    def _furnish(self) -> None:
        """Have the card hold what a camera in use holds."""
        now = self.clock.now()
        for hours, seconds in self.model.clips:
            start = now - timedelta(hours=hours)
            self.recorder.add(start, start + timedelta(seconds=seconds))
        for hours in self.model.lapses:
            self.add_lapse(now - timedelta(hours=hours))
        newest = [name for name in self.card.names() if folder_time(name)]
        for name in self.model.foreign:
            self.card.put(name.replace("{newest}", newest[-1] if newest else ""), bytes)

    # What it goes by

    @property
    def system(self) -> Conf:
        """system.conf as it is written; most of it counts after a restart."""
        return self.files["system"]

    @property
    def on(self) -> bool:
        """Whether it watches."""
        return self.settings.get("switch_on") != "no"

    @property
    def private(self) -> bool:
        """Whether it is switched off so that nothing leaves it (MStar)."""
        return not self.on and self.model.variant.privacy

    @property
    def rtsp_wanted(self) -> bool:
        """Whether RTSP should be up."""
        return self.services.runs("rtsp") and not self.private

    @property
    def names_local(self) -> bool:
        """Whether recordings are named by local time (§7)."""
        if self.faults.names_in is not NamesIn.AUTO:
            return self.faults.names_in is NamesIn.LOCAL
        newer = self.model.variant is ALLWINNER_V2 and self.settings.one_motion
        return self.system.get("TIME_OSD") == "yes" or (
            newer and self.model.model_suffix not in _GMT_SUFFIXES
        )

    def name_time(self, moment: datetime) -> datetime:
        """A moment on the clock that names go by."""
        return moment.astimezone(self.clock.zone) if self.names_local else moment

    def shown(self, folder: str) -> datetime | None:
        """The hour of a folder as the listings show it."""
        hour = folder_time(folder)
        if hour is None or not self.model.variant.trio:
            return hour
        return hour if self.system["EVENTS_TIME"] == "local" else hour.astimezone(self.clock.zone)

    def disaster(self, what: str) -> None:
        """Note what a client should never have asked for."""
        self.disasters.append(what)
        del self.disasters[:-100]

    async def take(self, seconds: float) -> None:
        """Be busy for so many of the camera's seconds."""
        await asyncio.sleep(seconds * self.faults.pace)

    def _may_record(self) -> bool:
        system = self.system
        uploads = system["DISABLE_CLOUD"] != "yes" or system["REC_WITHOUT_CLOUD"] == "yes"
        return uploads and self.on and self.services.runs("mp4record")

    # Life

    def boot(self) -> None:
        """Start the daemons and go by what is written."""
        self.services.boot(self.system)
        self.settings.load()
        self.booted = self.clock.now()
        self._motion = None
        self.motor.stop()
        self.connect()
        self._follow_recording()
        self.changed.poke()

    def connect(self) -> None:
        """Have the MQTT daemon log in at the broker, if it is told to."""
        if self.services.runs("mqtt") and self.system.get("MQTT") == "yes":
            if self.mqtt.connect(self.files["mqtt"]):
                self.mqtt.settings(self.files["camera"])
            self.changed.poke()

    def shut_down(self) -> None:
        """Lose the power."""
        self.recorder.drop()
        self.mqtt.disconnect()

    def set_service(self, name: str, *, on: bool, parameter: str = "") -> None:
        """Start or stop a daemon."""
        if on:
            self.services.start(name, parameter)
        else:
            self.services.stop(name)
        if name in ("mqtt", "all"):
            self.mqtt.disconnect()
            self.connect()
        self.recorder.tick()
        self.on_rtsp(0.0)
        self.changed.poke()

    # Settings

    def apply(self, asked: list[tuple[str, str]]) -> None:
        """Send settings to the camera; the daemon hears of it and writes them down."""
        was = self.rtsp_wanted
        wanted = self.settings.apply(asked)
        self._follow_recording()
        if was != self.rtsp_wanted:
            self.on_rtsp(0.0 if was else self.faults.rtsp_restart_seconds)
        if self.services.runs("mqtt"):
            self.later(self._persist(wanted))
        self.changed.poke()

    async def _persist(self, wanted: Conf) -> None:
        await self.take(self.faults.persist_seconds)
        written = {key.upper(): value for key, value in wanted.items()}
        self.files["camera"] |= written
        self.mqtt.settings(written)
        self.changed.poke()

    def _follow_recording(self) -> None:
        """Record all the time where motion is no condition."""
        if self.settings.get("save_video_on_motion") == "no":
            self.recorder.begin("always")
        else:
            self.recorder.end("always")
        self.recorder.tick()

    # What happens in front of it

    def start_motion(self, kind: str = "motion", *, forced: bool = False) -> bool:
        """Something moves; False when the camera is set not to care."""
        word = self._word(kind, forced=forced)
        if word is None:
            return False
        self._motion = self._motion or self.clock.now()
        self.recorder.begin("motion")
        self.mqtt.motion(word)
        self.later(self._send_image())
        self.changed.poke()
        return True

    def stop_motion(self) -> None:
        """Nothing moves any more."""
        start, self._motion = self._motion, None
        if start is None:
            return
        self.recorder.end("motion")
        if not self.faults.lost_stops:
            self.mqtt.motion("MOTION_STOP_MSG")
        self.later(self._send_files(start, self.clock.now()))
        self.changed.poke()

    async def motion(self, seconds: float, kind: str = "motion", *, forced: bool = False) -> bool:
        """Have something move for so long."""
        if not self.start_motion(kind, forced=forced):
            return False
        await self.take(seconds)
        if self.clock.still:
            self.clock.advance(seconds)
        self.stop_motion()
        return True

    def believe_in_motion(self, seconds: float) -> None:
        """Be told that something moves, whatever is set (record.sh)."""

        async def believe() -> None:
            await self.motion(seconds, forced=True)

        self.later(believe())

    def sound(self) -> bool:
        """Something is loud."""
        heard = self.on and self.settings.get("sound_detection") == "yes"
        if heard:
            self.mqtt.sound()
        return heard

    def crying(self) -> bool:
        """A baby cries; it has no end of its own."""
        heard = self.on and self.settings.get("baby_crying_detect") == "yes"
        if heard:
            self.mqtt.motion("BABY_CRYING_MSG")
            self.later(self._send_image())
        return heard

    def _word(self, kind: str, *, forced: bool) -> str | None:
        """The key of the message for what is seen."""
        if forced:
            return "MOTION_START_MSG"
        if not self.on:
            return None
        if kind in CLASSES and self.settings.get(f"ai_{kind}_detection") == "yes":
            return CLASSES[kind]
        if self.settings.needs_motion and self.settings.get("motion_detection") != "yes":
            return None
        return "MOTION_START_MSG"

    async def _send_image(self) -> None:
        if not self.mqtt.up:
            return
        await self.take(float(self.mqtt.word("MOTION_IMAGE_DELAY") or 0))
        if picture := await self.picture("high", watermark=True):
            self.mqtt.image(picture)
            self.changed.poke()

    async def _send_files(self, start: datetime, end: datetime) -> None:
        await self.take(self.faults.motion_files_seconds)
        paths = [
            path
            for path in self.card.clips()
            if (file := self.card.find(path)) is not None and start < file.modified <= end
        ]
        zone = self.clock.zone
        self.mqtt.files(start.astimezone(zone), end.astimezone(zone), paths)
        self.changed.poke()

    # Pictures

    async def picture(self, res: str, *, watermark: bool) -> bytes:
        """Take a JPEG; nothing while another one is taken, or while it may not (§5.1)."""
        system, model = self.system, self.model
        if self._grabbing or self.private or system["SNAPSHOT"] == "no":
            return b""
        self._grabbing = True
        try:
            await self.take(_SNAPSHOT_SECONDS if model.variant.trio else _SNAPSHOT_SECONDS_V5)
            self.snapshots += 1
            every = self.faults.snapshot_empty_every
            if every and self.snapshots % every == 0:
                return b""
            low = res == "low" or system["SNAPSHOT_LOW"] == "yes"
            return await asyncio.to_thread(
                self.studio.still,
                LOW if low else model.high,
                None if low else model.lines,
                f"yi-hack {self.clock.local():%F %T}" if watermark else None,
                black=not self.on,
            )
        finally:
            self._grabbing = False

    # The card

    def set_card(self, state: CardState) -> None:
        """Take the card out, fill it, or put it back."""
        if state is CardState.ABSENT and self.model.variant.on_card:
            raise ValueError("this firmware lives on the card")
        self.card.state = state
        if state is CardState.ABSENT:
            self.recorder.drop()
        self._follow_recording()
        self.changed.poke()

    def add_lapse(self, moment: datetime | None = None) -> str:
        """Have a time-lapse film lie there."""
        local = (moment or self.clock.now()).astimezone(self.clock.zone)
        path = f"{TIMELAPSE}/{local:%Y-%m-%d_%H-%M-%S}.avi"
        self.card.put(path, self.studio.lapse, moment)
        return path

    # Settings of the firmware

    def reset(self) -> None:
        """Forget everything that was set up (§5.12)."""
        ports = {key: self.system[key] for key in ("HTTPD_PORT", "RTSP_PORT")}
        self.files = conf.defaults(self.model)
        # The harness holds the ports; a real camera would go back to 80 and 554.
        self.system.update(ports)
        self.changed.poke()
