"""Who listens to a simulated Open API camera: its streams of motion and of inputs, and no other."""

from typing import Final

from tests.simulators.open_api import OpenApiSimulator

KINDS: Final = ("motion", "input", "port")


class Ears:
    """The streams that are feeds; pictures and sound are none."""

    def __init__(self, box: OpenApiSimulator) -> None:
        self._box = box
        self.until = box.until

    @property
    def attached(self) -> int:
        """How many are open."""
        return self._box.attached(*KINDS)

    async def wait_attached(self) -> None:
        """Wait until one is open."""
        await self._box.wait_attached(1, *KINDS)

    async def wait_detached(self) -> None:
        """Wait until none is open."""
        await self._box.wait_detached(*KINDS)

    def cut_streams(self, *, rst: bool) -> None:
        """End them."""
        self._box.cut_streams(*KINDS, rst=rst)


def liven(box: OpenApiSimulator) -> None:
    """Have the camera say something in each stream."""
    for window in box.levels:
        box.set_level(window, 1)
    box.set_input(1, not box.inputs[0])
