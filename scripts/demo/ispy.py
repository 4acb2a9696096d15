"""The office PC of the demonstration: four cameras and two microphones behind one iSpy."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from tests.simulators.ispy import CAMERA, MICROPHONE, PERSONALITIES, IspySimulator
from tests.simulators.ispy.personality import FileSeed, ObjectSeed

from .actor import Kept, Level, Live, Moment, Order, Stage, View, switched
from .pictures import Gallery, Look

TITLE: Final = "Office PC"
_NAMES: Final = {
    (CAMERA, 1): "Reception",
    (CAMERA, 2): "Loading bay",
    (CAMERA, 3): "Server room",
    (CAMERA, 4): "Corridor",
    (MICROPHONE, 1): "Reception microphone",
    (MICROPHONE, 2): "Meeting room",
}
_MODEL: Final = PERSONALITIES["g3"]
_PLAIN: Final = 2
_AVI: Final = "avi"
"""What the second camera writes: a JPEG for each picture."""


def _plain(seed: ObjectSeed) -> ObjectSeed:
    """The same camera on a PC that has no time to compress."""
    if (seed.ot, seed.id) != (CAMERA, _PLAIN):
        return seed
    return replace(seed, suffix=_AVI, files=(FileSeed(4, 40, 55.5), FileSeed(1, 20, 31.0)))


_OFFICE: Final = replace(
    _MODEL,
    server_name=TITLE,
    objects=tuple(
        replace(
            _plain(each),
            name=_NAMES[each.ot, each.id],
            # One alert after the other, so that there is something to see.
            settings={**each.settings, "minimuminterval": 0},
        )
        for each in _MODEL.objects
    ),
)
_SEEN: Final = {
    "front_door": "street",
    "driveway": "warehouse",
    "garage": "garage",
    "hallway": "hallway",
}
"""What there is to see behind the names of the program's scenes."""
_FRAMES_A_STILL: Final = 5
_LOUD: Final = 0.6
"""Well above what counts as motion or sound."""


class IspyActor:
    """A PC with iSpy; what its cameras see comes as single pictures and as MJPEG."""

    answers: Mapping[str, Any] = {}

    def __init__(self, stage: Stage) -> None:
        """Furnish the office."""
        self._gallery = Gallery(stage.pictures, _SEEN)
        self.simulator = IspySimulator(_OFFICE, pictures=self._still, loops=self._gallery.loop)

    @property
    def url(self) -> str:
        """The address that the user types."""
        return self.simulator.url

    @property
    def looks(self) -> tuple[Look, ...]:
        """What its cameras see."""
        return self._gallery.looks

    @property
    def views(self) -> tuple[View, ...]:
        """The first and the last camera that are on."""
        parts = [_part(each.ot, each.id) for each in self.simulator.cameras if each.enabled]
        return tuple(View(part, live=(Live.MJPEG,)) for part in (parts[0], parts[-1]))

    @property
    def levels(self) -> tuple[Level, ...]:
        """Motion at each camera, sound at each microphone."""
        return tuple(
            Level(
                "motion" if each.ot == CAMERA else "sound",
                partial(self._pull, each.ot, each.id),
                _part(each.ot, each.id),
            )
            for each in (*self.simulator.cameras, *self.simulator.microphones)
            if each.enabled
        )

    @property
    def moments(self) -> tuple[Moment, ...]:
        """An alert, which reaches us by the WebSocket."""
        return (Moment("alert", self._alert, _part(CAMERA, 1)),)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The files of two cameras, one of which compresses nothing."""
        return (Kept(_part(CAMERA, 1), "mp4"), Kept(_part(CAMERA, _PLAIN), _AVI))

    @property
    def orders(self) -> tuple[Order, ...]:
        """Switch the last camera on, record, alerts."""
        last, first = self.simulator.cameras[-1], self.simulator.cameras[0]
        return (
            *switched("enabled", lambda: last.enabled, _part(CAMERA, last.id)),
            *switched("record", lambda: first.writing, _part(CAMERA, first.id)),
            *switched("alerts", lambda: first.settings.alerts, _part(CAMERA, first.id)),
        )

    async def start(self) -> None:
        """Open its port."""
        self._gallery.order()
        await self.simulator.start()

    async def stop(self) -> None:
        """Leave nothing behind."""
        await self.simulator.stop()

    def _still(self, scene: str, frame: int, size: tuple[int, int]) -> bytes:
        """A picture that changes as often as there are different ones."""
        return self._gallery.still(scene, frame // _FRAMES_A_STILL, size)

    async def _pull(self, ot: int, oid: int, on: bool) -> None:
        self.simulator.set_level(ot, oid, _LOUD if on else 0.0)

    async def _alert(self) -> None:
        self.simulator.trigger_alert(1)


def _part(ot: int, oid: int) -> str:
    return f"{'camera' if ot == CAMERA else 'microphone'}.{oid}"
