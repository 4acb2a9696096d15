"""The inspection recorder of the demonstration, and the camera that it records."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.simulators.dvro import DvroSimulator
from tests.simulators.dvro.recorder import HOME
from tests.simulators.rtsp import RtspServer

from .actor import Kept, Level, Moment, Order, Stage, View, switched
from .pictures import Gallery, Look

TITLE: Final = "Inspection recorder"
_SCENE: Final = "warehouse"
_PATH: Final = "/overview"
_USER: Final = "diver"
_PASSWORD: Final = "deep&dark"
_FOLDER: Final = r"D:\Dives\North pier"
_SPLIT: Final = 15


class DvroActor:
    """A recorder PC that shows nothing, beside a camera that does."""

    moments: tuple[Moment, ...] = ()
    kept: tuple[Kept, ...] = ()

    def __init__(self, stage: Stage) -> None:
        """Choose what is inspected."""
        self._gallery = Gallery(stage.pictures, {_SCENE: _SCENE})
        self._rtsp = RtspServer(self._resolve, _USER, _PASSWORD)
        self.simulator = DvroSimulator()

    @property
    def url(self) -> str:
        """The address that the user types."""
        return self.simulator.url

    @property
    def answers(self) -> Mapping[str, Any]:
        """Where the second port is, and the camera that is recorded."""
        source = f"rtsp://{_USER}:{_PASSWORD}@127.0.0.1:{self._rtsp.port}{_PATH}"
        return {"status_port": self.simulator.status_port, "source_url": source}

    @property
    def looks(self) -> tuple[Look, ...]:
        """What the recorded camera sees."""
        return self._gallery.looks

    @property
    def views(self) -> tuple[View, ...]:
        """The recorded camera; its stills would have to be cut out of the stream."""
        return (View("camera.source", still=False),)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Somebody at the PC records."""
        return (Level("recording", self._record),)

    @property
    def orders(self) -> tuple[Order, ...]:
        """Name the folder, record, stop; a new file every quarter of an hour."""
        recorder = self.simulator.recorder
        return (
            Order(
                "recording_directory",
                "text.set_value",
                lambda: recorder.recording_dir == _FOLDER,
                _FOLDER,
                {"value": _FOLDER},
            ),
            *switched("record", lambda: recorder.recording),
            Order(
                "split_time",
                "number.set_value",
                lambda: recorder.split == _SPLIT,
                data={"value": _SPLIT},
            ),
        )

    async def start(self) -> None:
        """Open all three ports."""
        self._gallery.order()
        await self._rtsp.start()
        await self.simulator.start()

    async def stop(self) -> None:
        """Leave nothing behind."""
        await self.simulator.stop()
        await self._rtsp.stop()

    async def _record(self, on: bool) -> None:
        recorder = self.simulator.recorder
        if on:
            recorder.recording_dir = recorder.recording_dir or HOME
            recorder.start()
        else:
            recorder.stop()
            recorder.drive_space = recorder.drive_space - 1 or 100

    def _resolve(self, path: str) -> Path | None:
        return self._gallery.loop(_SCENE) if path == _PATH else None
