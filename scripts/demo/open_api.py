"""The stairwell camera of the demonstration: two motion windows, inputs, outputs, a dome."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from tests.simulators.open_api import PERSONALITIES, OpenApiSimulator

from .actor import Kept, Level, Live, Moment, Order, Stage, View, switched
from .pictures import Gallery, Look

TITLE: Final = "Stairwell"
USER: Final = "root"
PASSWORD: Final = "up & down"
_MODEL: Final = PERSONALITIES["vapix"]
_BUSY: Final = 80
"""Well above the sensitivity of the windows."""


class OpenApiActor:
    """A camera that tells levels of motion by window, four times a second."""

    answers: Mapping[str, Any] = {}
    moments: tuple[Moment, ...] = ()

    def __init__(self, stage: Stage) -> None:
        """Hang it up."""
        self._gallery = Gallery(stage.pictures, {_MODEL.scenes[0]: "hallway"})
        self.simulator = OpenApiSimulator(
            _MODEL.name,
            USER,
            PASSWORD,
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
        """The only lens, by RTSP and as MJPEG."""
        return (View(live=(Live.HLS, Live.MJPEG)),)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Motion in each window, and the contacts at its inputs."""
        return (
            *(
                Level("motion", partial(self._move, window), f"window.{window}")
                for window in self.simulator.levels
            ),
            *(
                Level("input", partial(self._press, number), f"input.{number}")
                for number in range(1, len(self.simulator.inputs) + 1)
            ),
        )

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What is on its card; it gives nobody the files."""
        return (Kept(),)

    @property
    def orders(self) -> tuple[Order, ...]:
        """A relay, and a place to look at."""
        head = self.simulator.heads[0]
        target = next(number for number, each in head.presets.items() if each.name != "Home")
        place = head.presets[target]
        return (
            *switched("output", lambda: self.simulator.outputs[0], "output.1"),
            Order(
                "preset",
                "select.select_option",
                lambda: head.position["pan"] == place.pan,
                data={"option": place.name},
            ),
        )

    async def start(self) -> None:
        """Open its ports."""
        self._gallery.order()
        await self.simulator.start()

    async def stop(self) -> None:
        """Leave nothing behind."""
        await self.simulator.stop()

    async def _move(self, window: int, on: bool) -> None:
        self.simulator.set_level(window, _BUSY if on else 0)

    async def _press(self, number: int, on: bool) -> None:
        self.simulator.set_input(number, on)
