"""The state of one simulated box, which the answers read and change."""

import asyncio
from collections.abc import Callable, Coroutine
import copy
from dataclasses import replace
from datetime import timedelta
import time
from typing import Any

from tests.simulators.amcrest.config import ConfigTree
from tests.simulators.amcrest.downloads import Downloads
from tests.simulators.amcrest.events import EventHub
from tests.simulators.amcrest.faults import Faults
from tests.simulators.amcrest.finder import Finders
from tests.simulators.amcrest.grammar import Command, Refusal, lines_reply, refuse
from tests.simulators.amcrest.item import Item
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.ptz import Ptz
from tests.simulators.amcrest.reel import Reel
from tests.simulators.amcrest.section import Section
from tests.simulators.amcrest.state import AlarmPanel, Clock, Coaxial
from tests.simulators.amcrest.stock import stock
from tests.simulators.amcrest.store import Reels, Store, block_reels
from tests.simulators.clips import VideoCodec
from tests.simulators.footage import snapshot
from tests.simulators.wire import Reply, Signal

type Pictures = Callable[[str, int], bytes]

_SCHEMES_WITH_WHITE = frozenset({"WhiteMode", "AIMode"})
_LIT = frozenset({"Manual", "ForceOn"})


class Device:
    """Everything that a reset button would forget, and the tables that it would not."""

    def __init__(
        self,
        personality: Personality,
        changed: Signal,
        pictures: Pictures = snapshot,
        reels: Reels = block_reels,
    ) -> None:
        """Come out of the box with the defaults of a personality."""
        self.personality = personality
        self.serial = personality.serial
        self.changed = changed
        self.faults = Faults(**copy.deepcopy(dict(personality.faults)))
        self.faults.refuse = {**personality.refuse, **self.faults.refuse}
        self.config = ConfigTree(personality.config)
        self.events = EventHub(self.faults, changed)
        self.clock = Clock(timedelta())
        self.coaxial = Coaxial(lambda: self.faults.coaxial_seconds)
        self.ptz = Ptz(personality.presets)
        self.storage = copy.deepcopy(list(personality.disks))
        self.slots = [replace(slot) for slot in personality.slots]
        self.alarm = AlarmPanel([False] * personality.inputs, personality.outputs)
        self.frames = [0] * personality.channels
        self.snapshot_count = 0
        self.booted = time.monotonic()
        self.reboots = 0
        self.call_id = 0
        self.on_reboot: Callable[[float], None] = lambda delay: None
        self.on_shutdown: Callable[[], None] = lambda: None
        self.spawn: Callable[[Coroutine[Any, Any, None]], object] = asyncio.ensure_future
        """How something is begun that ends with the box."""
        self._pictures = pictures
        self._reels = reels
        self.store = Store(
            lambda: stock(personality, self.clock.now()),
            reels,
            self.still,
            recorder=bool(personality.slots),
            style=personality.record_style,
            told=self._say_new_file,
            now=self.clock.now,
        )
        self.finders = Finders(self.store, self.faults, time.monotonic)
        self.motion_finders = Finders(
            self.store, self.faults, time.monotonic, padded=False, motion_only=True
        )
        self.downloads = Downloads(self.faults, changed)
        self._sections: dict[type[Section], Section] = {}

    def has(self, capability: str) -> bool:
        """Whether this model serves a group of verbs."""
        return capability in self.personality.capabilities

    def of[S: Section](self, kind: type[S]) -> S:
        """The state of one section."""
        section = self._sections.get(kind)
        if not isinstance(section, kind):
            section = self._sections[kind] = kind(self)
        return section

    def lines(self, *lines: str) -> Reply:
        """Answer with lines."""
        return lines_reply(lines * 2 if self.faults.duplicate_keys else lines, self.faults.eol)

    def ok(self) -> Reply:
        """Answer a setter."""
        return lines_reply(["OK"], self.faults.eol)

    def refuse(self, kind: Refusal = Refusal.BAD_REQUEST, detail: str = "") -> Reply:
        """Answer with a refusal."""
        return refuse(kind, self.faults.eol, detail)

    def missing(self) -> Reply:
        """Answer for what this model has not got."""
        return self.refuse(self.faults.refuse_with)

    def channel(self, command: Command, default: int | None = 1) -> int | None:
        """Channel of a request counted from 0; None when there is no such channel."""
        number = command.number("channel", default if command.get("channel") is None else None)
        if number is None:
            return None
        index = number if self.faults.channels_from_zero else number - 1
        return index if 0 <= index < self.personality.channels else None

    def has_picture(self, channel: int) -> bool:
        """Whether snapshots of a channel can be had (§7.6)."""
        return not self.slots or self.slots[channel].has_picture

    async def picture(self, channel: int) -> bytes:
        """The next frame of a channel as a JPEG; drawing one blocks, so a thread does."""
        self.frames[channel] += 1
        return await asyncio.to_thread(self.still, channel, self.frames[channel])

    def still(self, channel: int, number: int) -> bytes:
        """A frame of a channel as a JPEG; drawing one blocks."""
        scenes = self.personality.scenes
        return self._pictures(scenes[channel % len(scenes)], number)

    def reel(self, channel: int, codec: VideoCodec) -> Reel:
        """What a lens sees, over and over; blocks while it is made."""
        return self._reels(channel, codec, self.personality.record_style)

    def forget(self) -> None:
        """Lose what a restart loses: what is active, and every finder."""
        self.events.active.clear()
        self.finders.forget()
        self.motion_finders.forget()
        for section in self._sections.values():
            section.forget()

    def _say_new_file(self, item: Item, size: int) -> None:
        """NewFile (§4.9.17)."""
        data = {"File": item.path, "Size": size, "StoragePoint": "Local"}
        self.events.emit("NewFile", "Pulse", item.channel, data)

    # What settings come to

    @property
    def outputs(self) -> list[bool]:
        """Alarm outputs that are closed: AlarmOut mode 1 (§4.9.3)."""
        return [
            self.config.get(f"AlarmOut[{slot}].Mode") == "1" for slot in range(self.alarm.outputs)
        ]

    def live_profile(self, channel: int = 0) -> int:
        """The profile that has an effect now (§5.1.4)."""
        return int(self.config.get(f"VideoInMode[{channel}].Config[0]", "0"))

    def light(self, kind: str, channel: int = 0) -> tuple[bool, int]:
        """Whether a light of Lighting_V2 shines, and how much (§7.1)."""
        profile = self.live_profile(channel)
        scheme = self.config.get(f"LightingScheme[{channel}][{profile}].LightingMode")
        if kind == "WhiteLight" and scheme is not None and scheme not in _SCHEMES_WITH_WHITE:
            return False, 0
        for index in range(8):
            place = f"Lighting_V2[{channel}][{profile}][{index}]"
            if self.config.get(f"{place}.LightType") == kind:
                level = int(self.config.get(f"{place}.MiddleLight[0].Light", "0"))
                lit = self.config.get(f"{place}.Mode") in _LIT
                return lit and level > 0, level if lit else 0
        return False, 0
