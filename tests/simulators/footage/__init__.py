"""Pictures and loops for the simulators, drawn in code and kept in the user's cache.

Everything here blocks: call it in an executor.
"""

from collections.abc import Callable
from functools import cache
import hashlib
import io
import os
from pathlib import Path
import tempfile
import threading
from typing import Final

from .encode import AudioCodec, VideoCodec, encode
from .film import FPS, FRAMES, Film
from .places import SCENES

__all__ = ["FPS", "FRAMES", "NAMES", "AudioCodec", "VideoCodec", "loop", "prepare", "snapshot"]

NAMES: Final = tuple(SCENES)
QUALITY: Final = 86

type Size = tuple[int, int]

_films: dict[tuple[str, Size], Film] = {}
_lock = threading.Lock()


def snapshot(scene: str, frame: int, size: Size = (960, 540)) -> bytes:
    """Return one frame of a scene as JPEG; frames repeat after FRAMES."""
    number = frame % FRAMES
    path = _folder() / f"{scene}-{size[0]}x{size[1]}" / f"{number:03}.jpg"
    if path.exists():
        return path.read_bytes()

    def write(target: Path) -> None:
        image = _film(scene, size).frame(number)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=QUALITY)
        target.write_bytes(buffer.getvalue())

    _make(path, write)
    return path.read_bytes()


def loop(
    scene: str,
    codec: VideoCodec = "h264",
    audio: AudioCodec | None = "aac",
    size: Size = (960, 540),
    frames: int = FRAMES,
) -> Path:
    """Return a file that plays a scene once: MP4, or QuickTime where the sound is G.711."""
    suffix = "mov" if audio in ("pcma", "pcmu") else "mp4"
    name = f"{scene}-{size[0]}x{size[1]}-{codec}-{audio or 'silent'}-{frames}.{suffix}"
    path = _folder() / name
    if not path.exists():
        film = _film(scene, size)
        pictures = (film.frame(number) for number in range(frames))
        _make(path, lambda target: encode(target, pictures, size, frames, codec, audio))
    return path


def prepare(scene: str, size: Size = (960, 540)) -> None:
    """Draw every frame of a scene that is not in the cache yet."""
    for number in range(FRAMES):
        snapshot(scene, number, size)


def _film(scene: str, size: Size) -> Film:
    """Return a scene at a size, rendered once in this process; the last few are kept."""
    with _lock:
        film = _films.pop((scene, size), None) or Film(SCENES[scene](), size)
        _films[(scene, size)] = film
        while len(_films) > 4:
            del _films[next(iter(_films))]
        return film


def _make(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file so that other processes see all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=path.suffix, prefix=".", dir=path.parent)
    os.close(handle)
    try:
        write(Path(name))
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _folder() -> Path:
    """Return the cache folder of this version of the drawings."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "cctv-dev" / "footage" / _version()


@cache
def _version() -> str:
    """Return a key that changes whenever the drawings do."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
