"""The state of one simulated camera, which the answers read and change."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
import copy
from datetime import datetime
import io
import random
import time

from PIL import Image

from tests.simulators.footage import snapshot
from tests.simulators.open_api.accounts import Accounts
from tests.simulators.open_api.clock import Clock, utc_now
from tests.simulators.open_api.defaults import KEPT, parameters
from tests.simulators.open_api.faults import Faults
from tests.simulators.open_api.feeds import Feeds
from tests.simulators.open_api.motion import Motion
from tests.simulators.open_api.parameters import Parameters
from tests.simulators.open_api.personality import Personality
from tests.simulators.open_api.ports import Ports, Spawn
from tests.simulators.open_api.ptz import Head
from tests.simulators.open_api.sound import Speaker
from tests.simulators.open_api.storage import Storage
from tests.simulators.wire import Signal

type Size = tuple[int, int]
type Pictures = Callable[[str, int, Size], bytes]

FACTORY_ACCOUNT = ("root", "root", ("admin", "operator", "viewer", "ptz"))
_LOG_LINES = 500
_DRAWN = (960, 540)


def still(scene: str, frame: int, size: Size) -> bytes:
    """A frame of a scene, made smaller where that is asked for; blocks."""
    drawn = snapshot(scene, frame, _DRAWN)
    if size == _DRAWN:
        return drawn
    small = io.BytesIO()
    Image.open(io.BytesIO(drawn)).resize(size).save(small, "JPEG")
    return small.getvalue()


class Device:
    """Everything behind the web server."""

    def __init__(
        self,
        model: Personality,
        accounts: Accounts,
        changed: Signal,
        spawn: Spawn,
        pictures: Pictures = still,
        now: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Come out of the box."""
        self.model = model
        self.accounts = accounts
        self.changed = changed
        self.spawn = spawn
        self.faults = Faults(**copy.deepcopy(dict(model.faults)))
        self.dice = random.Random(3)
        self.parameters = Parameters(parameters(model))
        self.parameters.computed = self._preset_parameters
        self.feeds = Feeds(self.faults, changed)
        self.motion = Motion(self.parameters, self.faults, self.feeds)
        self.ports = Ports(model.inputs, model.outputs, self.parameters, spawn)
        self.heads = [
            Head(model.preset_base, ticks) for _ in range(model.channels if model.ptz else 0)
        ]
        self.clock = Clock(model.zone, now)
        self.storage = Storage(self.parameters, self.clock.now())
        self.speaker = Speaker()
        self.ticks = ticks
        self.signals = [True] * model.channels
        """Whether each source of a video server gives a picture."""
        self.frames = [0] * model.channels
        self.counts: Counter[str] = Counter()
        """How many stills, uploads, restarts … there were."""
        self.uploads: deque[tuple[str, int]] = deque(maxlen=20)
        """Files that were sent: restore or firmware, and bytes."""
        self.resets: list[str] = []
        self.on_restart: Callable[[], None] = lambda: None
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._pictures = pictures
        self.log("system started")

    def log(self, words: str) -> None:
        """Write a line of the system log (S-1.9)."""
        self._log.append(f"{self.clock.now():%b %d %H:%M:%S} {words}")
        self.changed.poke()

    @property
    def log_lines(self) -> list[str]:
        """The system log, oldest first."""
        return list(self._log)

    async def picture(self, channel: int, size: Size) -> bytes:
        """The next frame of a channel as a JPEG; drawing one blocks, so a thread does."""
        self.frames[channel] += 1
        scene = self.model.scenes[channel % len(self.model.scenes)]
        return await asyncio.to_thread(self._pictures, scene, self.frames[channel], size)

    def size(self, channel: int) -> Size:
        """How large the pictures of a channel are unless told otherwise."""
        width, _, height = self.parameters[f"Image.I{channel}.Appearance.Resolution"].partition("x")
        return int(width), int(height)

    def factory_default(self, *, hard: bool) -> None:
        """Forget all settings; the soft way keeps the address (S-1.3, S-1.4)."""
        kept = {} if hard else {name: self.parameters[name] for name in KEPT}
        self.load(parameters(self.model) | kept)
        self.accounts.reset(*FACTORY_ACCOUNT)
        self.resets.append("hard" if hard else "soft")

    def load(self, values: Mapping[str, str]) -> None:
        """Take all parameters over; the port of RTSP is where it is."""
        port = self.parameters["Network.RTSP.Port"]
        self.parameters.values = {**values, "Network.RTSP.Port": port}

    def restarted(self) -> None:
        """Come up: outputs rest, nothing moves, nothing is measured."""
        self.ports.halt()
        self.ports.outputs = [False] * len(self.ports.outputs)
        self.motion.levels.clear()
        for head in self.heads:
            head.stop()
        self.log("system started")

    def _preset_parameters(self) -> Mapping[str, str]:
        """What is listed about presets, in one dialect or the other (S-1.1)."""
        found: dict[str, str] = {}
        for camera, head in enumerate(self.heads):
            for number, preset in head.presets.items():
                place = f"tilt={preset.tilt:g}:pan={preset.pan:g}:zoom={preset.zoom:g}"
                if self.model.field_dialect:
                    found[f"PTZ.PresetPos.P{number}"] = f"{preset.name}~{place}"
                    continue
                found[f"PTZ.Preset.P{camera}.Position.P{number}.Name"] = preset.name
                found[f"PTZ.Preset.P{camera}.Position.P{number}.Data"] = place
            if not self.model.field_dialect:
                home = head.number_of("Home")
                found[f"PTZ.Preset.P{camera}.HomePosition"] = "" if home is None else str(home)
        return found
