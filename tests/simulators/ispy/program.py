"""The program on the PC: its objects and what happens to them."""

from collections import deque
from collections.abc import Iterator
import copy
from datetime import datetime, timedelta
from typing import Any
import uuid

from tests.simulators.ispy.clock import Clock
from tests.simulators.ispy.faults import Faults
from tests.simulators.ispy.language import LANGUAGES, Language
from tests.simulators.ispy.objects import (
    CAMERA,
    MICROPHONE,
    NATIVE,
    Activity,
    FloorPlan,
    Grab,
    Recording,
    SpyObject,
)
from tests.simulators.ispy.personality import Personality
from tests.simulators.ispy.rules import Rules
from tests.simulators.ispy.setup import make_object, make_plan, weight
from tests.simulators.wire import Signal

_ALERT_MODES = {
    "movement": "nomovement",
    "nomovement": "movement",
    "sound": "nosound",
    "nosound": "sound",
}
_PUSHES_KEPT = 100
_LEVELS_KEPT = 1200
_TALK_KEPT = 1_000_000
_CALLS_KEPT = 200


class Program:
    """Everything that iSpy knows; answers read it and commands change it."""

    def __init__(
        self,
        personality: Personality,
        changed: Signal,
        *,
        language: str | None = None,
        zone: str | None = None,
        at: datetime | None = None,
        identifier: str = "",
    ) -> None:
        """Install with the objects of a personality."""
        self.personality = personality
        self.rules = Rules(personality.version)
        self.faults = Faults(**copy.deepcopy(dict(personality.faults)))
        self.clock = Clock(zone or personality.zone, at)
        self.changed = changed
        self.language: Language = LANGUAGES[language or personality.language]
        self.server_name = personality.server_name
        self.identifier = identifier or str(uuid.uuid4())
        self.port = 0
        now = self.clock.now()
        self.cameras: list[SpyObject] = []
        self.microphones: list[SpyObject] = []
        for seed in personality.objects:
            self.objects_of(seed.ot).append(make_object(seed, self.clock, now))
        self.plans = [make_plan(seed, now) for seed in personality.plans]
        self.commands = list(personality.commands)
        self.pushes: deque[str] = deque(maxlen=_PUSHES_KEPT)
        self.called: deque[str] = deque(maxlen=_CALLS_KEPT)
        """What was asked of the PC itself: shutdown, archive, saveobjects, a remote command."""
        self.grid: dict[str, str] = {}
        self._saved = self._image()

    # Objects

    def objects(self) -> Iterator[SpyObject]:
        """Cameras, then microphones, in the order of the configuration."""
        yield from self.cameras
        yield from self.microphones

    def objects_of(self, ot: int) -> list[SpyObject]:
        """The objects of a type; anything but 1 is a camera."""
        return self.microphones if ot == MICROPHONE else self.cameras

    def find(self, ot: int, oid: int) -> SpyObject | None:
        """An object; None for an unknown id or type."""
        if ot not in (MICROPHONE, CAMERA):
            return None
        return next((each for each in self.objects_of(ot) if each.id == oid), None)

    def add(
        self, ot: int, name: str = "", *, size: tuple[int, int] = NATIVE, **fields: Any
    ) -> SpyObject:
        """Add an object under the highest id of its type plus one."""
        beside = self.objects_of(ot)
        number = max((each.id for each in beside), default=0) + 1
        word = "Camera" if ot == CAMERA else "Microphone"
        mode = "movement" if ot == CAMERA else "sound"
        made = SpyObject(
            ot, number, name or f"{word} {number}", size=size, alert_mode=mode, **fields
        )
        beside.append(made)
        self.changed.poke()
        return made

    def remove(self, ot: int, oid: int) -> None:
        """Remove an object; anything but type 1 means a camera."""
        beside = self.objects_of(ot)
        beside[:] = [each for each in beside if each.id != oid]
        self.changed.poke()

    def rename(self, ot: int, oid: int, name: str) -> None:
        """Give an object another name."""
        self.need(ot, oid).name = name
        self.changed.poke()

    def need(self, ot: int, oid: int) -> SpyObject:
        """An object that must be there."""
        found = self.find(ot, oid)
        if found is None:
            raise LookupError(f"no object {ot},{oid}")
        return found

    # Recording

    def record(self, thing: SpyObject, on: bool) -> str:
        """Force a recording or end one; what the program says about it (§5)."""
        stopped = f"notrecording,{self.language.stop}"
        if not self.faults.record_permission:
            return stopped
        thing.now.forced = on
        if on:
            thing.enabled = True
        else:
            thing.now.busy_until = None
        self.tick()
        return f"recording,{self.language.start}" if on else stopped

    def enable(self, thing: SpyObject, on: bool) -> None:
        """Switch an object; off also ends its recording."""
        thing.enabled = on
        if not on:
            thing.now.forced = False
            thing.now.busy_until = None
        self.tick()

    def tick(self) -> None:
        """Let the writers do what is due."""
        now = self.clock.now()
        for thing in self.objects():
            self._tick(thing, now)
        self.changed.poke()

    def _tick(self, thing: SpyObject, now: datetime) -> None:
        doing = thing.now
        lag = timedelta(seconds=self.faults.record_lag)
        if doing.busy_until is not None and now >= doing.busy_until:
            doing.busy_until = None
        if thing.wants_file:
            doing.unwanted_since = None
            doing.wanted_since = doing.wanted_since or now
            if not thing.writing and now - doing.wanted_since >= lag:
                doing.writing_since, doing.peak, doing.levels = now, doing.level, []
        else:
            doing.wanted_since = None
            doing.unwanted_since = doing.unwanted_since or now
            if thing.writing and now - doing.unwanted_since >= lag:
                self.close_file(thing, now)
        whole = timedelta(seconds=self.faults.max_record)
        while doing.writing_since is not None and now - doing.writing_since >= whole:
            end = doing.writing_since + whole
            self.close_file(thing, end)
            if thing.wants_file:
                doing.writing_since = end

    def close_file(self, thing: SpyObject, now: datetime | None = None) -> Recording | None:
        """Close the file that is being written and show it in the lists."""
        doing = thing.now
        begun, doing.writing_since = doing.writing_since, None
        if begun is None:
            return None
        seconds = max(1, int(((now or self.clock.now()) - begun).total_seconds()))
        if not thing.camera and any(each.mic_pair == thing.id for each in self.cameras):
            # The camera's file carries the sound of a paired microphone.
            return None
        factor = 100 if thing.camera else 1
        stamp = self.clock.local(begun)
        made = Recording(
            f"{thing.id}_{stamp:%Y-%m-%d_%H-%M-%S}.{thing.suffix if thing.camera else 'mp3'}",
            begun,
            seconds,
            weight(thing.suffix, seconds),
            doing.peak * factor,
            tuple(level * factor for level in doing.levels),
            thing.scene,
        )
        self.publish(thing, made)
        return made

    def publish(self, thing: SpyObject, made: Recording) -> None:
        """Put a file into the index and tell who listens."""
        thing.add_file(made)
        self.push(f"new events|{thing.name}")
        self.changed.poke()

    # Detection and alerts

    def set_level(self, thing: SpyObject, level: float) -> None:
        """Motion or sound at this level, gain divided out; past the threshold it counts."""
        doing = thing.now
        doing.level = level
        doing.peak = max(doing.peak, level)
        if len(doing.levels) < _LEVELS_KEPT:
            doing.levels.append(level)
        if thing.enabled and level * 100 >= thing.sensitivity:
            self.detect(thing)
            if thing.settings.alerts and thing.alert_mode in ("movement", "sound"):
                self.alert(thing)

    def detect(self, thing: SpyObject) -> None:
        """Motion or sound now; starts record-on-detect."""
        thing.now.detected += 1
        if thing.settings.recordondetect:
            self._keep_recording(thing)
        self.tick()

    def alert(self, thing: SpyObject) -> bool:
        """Raise an alert, whatever the switch says; False when it was too soon."""
        now = self.clock.now()
        doing = thing.now
        gap = timedelta(seconds=thing.settings.minimuminterval)
        if doing.last_alert is not None and now - doing.last_alert < gap:
            return False
        doing.last_alert = now
        doing.alerted += 1
        for plan in self.plans:
            if any((area.ot, area.oid) == thing.key for area in plan.areas):
                plan.alerted = plan.refreshed = now
                plan.last = thing.key
        if thing.camera:
            self.push(f"alert|{thing.name}")
        if thing.settings.recordonalert:
            self._keep_recording(thing)
        self.tick()
        return True

    def _keep_recording(self, thing: SpyObject) -> None:
        if thing.enabled:
            seconds = timedelta(seconds=self.faults.detect_seconds)
            thing.now.busy_until = self.clock.now() + seconds

    def toggle_alert_mode(self, thing: SpyObject) -> None:
        """Movement to no movement and back; other modes stay."""
        thing.alert_mode = _ALERT_MODES.get(thing.alert_mode, thing.alert_mode)

    def push(self, message: str) -> None:
        """Have a message wait for the next second; duplicates are dropped."""
        if message not in self.pushes:
            self.pushes.append(message)

    def plan(self, number: int) -> FloorPlan | None:
        """A floor plan by its id."""
        return next((each for each in self.plans if each.id == number), None)

    # Stills

    def snapshot(self, camera: SpyObject) -> None:
        """Save a grab, if a frame is there."""
        if not camera.enabled or camera.failing:
            return
        now = self.clock.now()
        camera.shots += 1
        stamp = self.clock.local(now)
        name = f"{stamp:%Y-%m-%d_%H-%M-%S}_{stamp.microsecond // 1000:03}.jpg"
        camera.grabs.append(Grab(name, now, camera.scene, camera.shots * 13))
        self.changed.poke()

    # Modes

    def set_mode(self, thing: SpyObject, mode: str) -> None:
        """Record mode: recordondetect, recordonalert or recordoff."""
        thing.settings.recordondetect = mode == "recordondetect"
        thing.settings.recordonalert = mode == "recordonalert"

    def apply_schedule(self) -> None:
        """Bring every object with an active schedule to what the schedule says."""
        for thing in self.objects():
            if thing.settings.scheduler and thing.scheduled_mode:
                self.set_mode(thing, thing.scheduled_mode)
        self.changed.poke()

    def hear(self, camera: SpyObject, sound: bytes) -> None:
        """Take sound for a camera's speaker."""
        camera.heard += sound[: _TALK_KEPT - len(camera.heard)]
        self.changed.poke()

    # Saving

    def save(self) -> None:
        """Write the objects to disk (saveobjects)."""
        self._saved = self._image()

    def restart(self, identifier: str = "", *, crash: bool = False) -> None:
        """Start anew with another code; a crash loses what was not saved."""
        if crash:
            self.cameras, self.microphones = copy.deepcopy(self._saved)
        for thing in self.objects():
            thing.now = Activity()
        self.pushes.clear()
        self.identifier = identifier or str(uuid.uuid4())
        self.changed.poke()

    def _image(self) -> tuple[list[SpyObject], list[SpyObject]]:
        return copy.deepcopy((self.cameras, self.microphones))
