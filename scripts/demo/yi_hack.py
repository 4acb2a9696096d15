"""The nursery camera of the demonstration: a Yi dome with yi-hack."""

from collections.abc import Mapping
from typing import Any, Final

from tests.simulators.yi_hack import PERSONALITIES, YiHackSimulator

from .actor import Kept, Level, Moment, Order, Stage, View, switched
from .pictures import Gallery, Look

TITLE: Final = "Nursery"
USER: Final = "nanny"
PASSWORD: Final = "hush/hush"
_MODEL: Final = PERSONALITIES["mstar"]


class YiHackActor:
    """A camera that looks around and listens for crying."""

    answers: Mapping[str, Any] = {}
    moments: tuple[Moment, ...] = ()

    def __init__(self, stage: Stage) -> None:
        """Put it on the shelf."""
        self._gallery = Gallery(stage.pictures, {_MODEL.scene: "living_room"})
        self.simulator = YiHackSimulator(
            _MODEL.name,
            USER,
            PASSWORD,
            name=TITLE,
            publish=stage.broker.publish,
            pictures=self._gallery.still,
            loops=self._gallery.loop,
        )

    @property
    def url(self) -> str:
        """The address that the user types."""
        return self.simulator.url

    @property
    def looks(self) -> tuple[Look, ...]:
        """What it sees."""
        return self._gallery.looks

    @property
    def views(self) -> tuple[View, ...]:
        """The only lens."""
        return (View(),)

    @property
    def levels(self) -> tuple[Level, ...]:
        """What it says to Home Assistant's own MQTT; a noise and crying have no end."""
        return (
            Level("motion", self._move),
            Level("sound", self._noise, ends=False),
            Level("crying", self._cry, ends=False),
        )

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What is on its card."""
        return (Kept(ending="mp4"),)

    @property
    def orders(self) -> tuple[Order, ...]:
        """The light in front, and a place to look at."""
        box = self.simulator
        preset = next(each for each in box.camera.presets.slots.values() if each.name != "Home")
        return (
            *switched("status_light", lambda: box.settings["led"] == "yes"),
            Order(
                "preset",
                "select.select_option",
                lambda: box.camera.motor.position == preset.place,
                data={"option": preset.name},
            ),
        )

    async def start(self) -> None:
        """Open its ports."""
        self._gallery.order()
        await self.simulator.start()

    async def stop(self) -> None:
        """Leave nothing behind."""
        await self.simulator.stop()

    async def _move(self, on: bool) -> None:
        if on:
            self.simulator.start_motion()
        else:
            self.simulator.stop_motion()

    async def _noise(self, on: bool) -> None:
        if on:
            self.simulator.sound()

    async def _cry(self, on: bool) -> None:
        if on:
            self.simulator.crying()
