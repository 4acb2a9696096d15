"""Small files kept on disk, a folder for each owner, the least wanted first to go. It blocks."""

from collections.abc import Iterator
from contextlib import suppress
import os
from pathlib import Path
import re
from secrets import token_hex
import shutil
import threading
from typing import Final

_NAME: Final = re.compile(r"[0-9a-f]{16,64}")


class Shelf:
    """A cache that survives restarts; whoever calls it is in an executor."""

    def __init__(self, folder: Path, *, most_bytes: int, most_files: int) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_files = most_files
        self._sizes: dict[Path, int] | None = None
        self._held = 0
        self._lock = threading.Lock()

    def get(self, owner: str, name: str) -> bytes | None:
        """Return a file, if it is there."""
        path = self._folder / owner / name
        with self._lock:
            sizes = self._known()
            if path not in sizes:
                return None
            try:
                body = path.read_bytes()
                os.utime(path)
            except OSError:
                self._held -= sizes.pop(path)
                return None
            sizes[path] = sizes.pop(path)
            return body

    def put(self, owner: str, name: str, body: bytes) -> None:
        """Keep a file; where that fails it is not kept."""
        path = self._folder / owner / name
        with self._lock, suppress(OSError):
            sizes = self._known()
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = path.with_name(f"{name}.{token_hex(4)}")
            try:
                partial.write_bytes(body)
                partial.replace(path)
            except OSError:
                partial.unlink(missing_ok=True)
                raise
            self._held += len(body) - sizes.pop(path, 0)
            sizes[path] = len(body)
            while sizes and (self._held > self._most_bytes or len(sizes) > self._most_files):
                oldest = next(iter(sizes))
                self._held -= sizes.pop(oldest)
                oldest.unlink(missing_ok=True)

    def forget(self, owner: str) -> None:
        """Remove all that is an owner's."""
        with self._lock:
            shutil.rmtree(self._folder / owner, ignore_errors=True)
            self._sizes = None

    def _known(self) -> dict[Path, int]:
        """Return what is there, the least wanted first; the disk is looked at once."""
        if self._sizes is None:
            found = sorted(self._files())
            self._sizes = {path: size for _, path, size in found}
            self._held = sum(self._sizes.values())
        return self._sizes

    def _files(self) -> Iterator[tuple[float, Path, int]]:
        """Yield when each file was wanted, and how large it is; what was not finished goes."""
        with suppress(OSError):
            for path in self._folder.glob("*/*"):
                if _NAME.fullmatch(path.name):
                    told = path.stat()
                    yield told.st_mtime, path, told.st_size
                else:
                    path.unlink(missing_ok=True)
