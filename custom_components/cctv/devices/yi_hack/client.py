"""One method a script of the camera (§5, §6); answers to values, faults to errors."""

from collections.abc import Mapping
import json
from typing import Any, Final

from .. import jpeg
from ..errors import (
    BadInput,
    Gone,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Lane, Stream
from . import clips, wire
from .clips import Clip, Folder
from .features import ARCHIVES, RESTORE_MOST
from .link import LIMIT, READ_SECONDS, STATUS, Link
from .recorder import Trace

RECORD: Final = "/record/"
WRITING: Final = f"{RECORD}tmp.mp4.tmp"
_SLOW_SECONDS: Final = 60.0
_IDLE_SECONDS: Final = 20.0
"""A file that goes on after so long does not go on."""
_INSTALL_SECONDS: Final = 600.0
_PICTURE_LIMIT: Final = 8 * MIB
_DONE: Final = "upload completed"
_BOUNDARY: Final = "----------------------------cctv7f3b1d20"
_INSTALLS: Final = "rebooting and upgrading"


class Client(Link):
    """The scripts of one camera."""

    # --- who it is (§5.10, §5.11) -------------------------------------------------------------

    async def status(self) -> dict[str, str]:
        """status.json (§5.10)."""
        return wire.flat(await self.ask(STATUS))

    async def links(self) -> dict[str, str]:
        """links.sh: the addresses of streams and pictures that are enabled (§6, §8)."""
        return wire.flat(await self.ask(wire.query("links.sh")))

    # --- configuration (§5.7, §5.8, §5.12) ----------------------------------------------------

    async def get_config(self, name: str) -> dict[str, str]:
        """get_configs.sh (§5.7). Unsupported where there is no such configuration."""
        path = wire.query("get_configs.sh", ("conf", name))
        reply = await self.http.ask(path, deadline=READ_SECONDS, limit=LIMIT)
        found = wire.config(self.body(reply).decode("utf-8", "replace"))
        if not found:
            raise Unsupported(f"no configuration {name}")
        return found

    async def set_config(self, name: str, values: Mapping[str, str]) -> None:
        """set_configs.sh (§5.8): one line of JSON, every value a text."""
        line = json.dumps(dict(values), separators=(",", ":"), ensure_ascii=False)
        path = wire.query("set_configs.sh", ("conf", name))
        await self.do(path, body=line.encode(), kind="application/json")

    async def camera_settings(self, values: Mapping[str, str]) -> None:
        """camera_settings.sh (§5.9): half a second and more for each."""
        path = wire.query("camera_settings.sh", *values.items())
        await self.do(path, deadline=READ_SECONDS + 2 * len(values))

    async def save(self) -> bytes:
        """save.sh (§5.12): an archive of the settings, passwords among them."""
        reply = await self.http.ask(wire.query("save.sh"), deadline=_SLOW_SECONDS, limit=LIMIT)
        body = self.body(reply)
        if not body.startswith(ARCHIVES):
            raise Malformed("no archive came")
        return body

    async def load(self, archive: bytes) -> None:
        """load.sh (§5.12): a form with one part that has exactly two header lines."""
        head = (
            f"--{_BOUNDARY}\r\n"
            'Content-Disposition: form-data; name="upload"; filename="config"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + archive + f"\r\n--{_BOUNDARY}--\r\n".encode()
        if not archive.startswith(ARCHIVES):
            raise BadInput("not an archive that this camera has made")
        if len(body) > RESTORE_MOST:
            raise BadInput(f"the camera takes no more than {RESTORE_MOST} bytes")
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        text = await self.tell(wire.query("load.sh"), body=body, kind=kind, deadline=_SLOW_SECONDS)
        if _DONE not in text.lower():
            raise Rejected(wire.shown(text[:80]) or "the upload failed")

    # --- services, firmware, restart (§5.13-5.15) ---------------------------------------------

    async def service_status(self, name: str) -> bool:
        """service.sh?action=status (§5.15)."""
        reply = await self.ask(wire.query("service.sh", ("name", name), ("action", "status")))
        state = str(reply.get("status", ""))
        if state not in ("started", "stopped"):
            raise Malformed(f"{name} is neither started nor stopped")
        return state == "started"

    async def service(self, name: str, *, run: bool, option: str = "") -> None:
        """service.sh?action=start|stop (§5.15); a start may never close its answer (§4)."""
        pairs = [("name", name), ("action", "start" if run else "stop")]
        pairs += [("param1", option)] if option else []
        await self.do(
            wire.query("service.sh", *pairs), deadline=2 * READ_SECONDS, until=wire.is_whole
        )

    async def firmware(self) -> dict[str, Any]:
        """fw_upgrade.sh?get=info (§5.13): the camera asks the internet."""
        return await self.ask(
            wire.query("fw_upgrade.sh", ("get", "info")), deadline=_SLOW_SECONDS, lane=Lane.SURVEY
        )

    async def upgrade(self) -> None:
        """fw_upgrade.sh?get=upgrade (§5.13); only one of its sentences means that it goes on."""
        path = wire.query("fw_upgrade.sh", ("get", "upgrade"))
        reply = await self.http.tell(path, deadline=_INSTALL_SECONDS, limit=LIMIT)
        text = self.body(reply).decode("utf-8", "replace")
        if _INSTALLS not in text.lower():
            raise Rejected(wire.shown(text[:80]) or "the camera says nothing")

    async def reboot(self) -> None:
        """reboot.sh (§5.14); it may be gone before it answers."""
        reply = await self.http.tell(wire.query("reboot.sh"), limit=LIMIT)
        self.body(reply)

    # --- pictures and recordings (§5.1-5.5, §7) -----------------------------------------------

    async def snapshot(self, quality: str, *, watermark: bool, deadline: float) -> bytes | None:
        """snapshot.sh (§5.1), one at a time; None where no picture came."""
        path = wire.query(
            "snapshot.sh", ("res", quality), ("watermark", "yes" if watermark else "no")
        )
        reply = await self.http.ask(
            path, lane=Lane.PICTURE, deadline=deadline, limit=_PICTURE_LIMIT
        )
        if reply.status == 503:
            return None
        return jpeg.whole(self.body(reply))

    async def folders(self) -> list[Folder]:
        """eventsdir.sh (§5.2), newest first."""
        return clips.folders(await self.ask(wire.query("eventsdir.sh")))

    async def clips(self, folder: Folder) -> list[Clip]:
        """eventsfile.sh (§5.3), newest first."""
        reply = await self.ask(wire.query("eventsfile.sh", ("dirname", folder.name)))
        return clips.clips(folder, reply)

    async def delete_file(self, clip: Clip) -> None:
        """eventsfiledel.sh (§5.5): a clip, and where there is one its thumbnail."""
        await self.do(wire.query("eventsfiledel.sh", ("file", clip.path)))

    async def delete_folder(self, folder: Folder | None) -> None:
        """eventsdirdel.sh (§5.4): a folder, or (None) everything; never an empty name (§13)."""
        name = "all" if folder is None else folder.name
        path = wire.query("eventsdirdel.sh", ("dir", name))
        await self.do(path, deadline=_SLOW_SECONDS)

    async def timelapses(self) -> list[str]:
        """timelapse.sh?action=list (§6): the names of films."""
        reply = await self.ask(wire.query("timelapse.sh", ("action", "list")))
        return [row.get("filename", "") for row in wire.rows(reply)]

    async def delete_timelapse(self, name: str) -> None:
        """timelapse.sh?action=delete (§6)."""
        await self.do(wire.query("timelapse.sh", ("action", "delete"), ("file", name)))

    async def head(self, path: str) -> Mapping[str, str] | None:
        """The headers of a stored file (§2), None if there is none; no script runs for it."""
        reply = await self.http.ask(path, method="HEAD")
        if reply.status == 404:
            return None
        self.body(reply)
        return reply.headers

    async def writing(self) -> Trace | None:
        """How the file looks that a clip is written into (§11); None if there is none."""
        found = await self.head(WRITING)
        if found is None:
            return None
        return found.get("last-modified", ""), found.get("content-length", "")

    async def file(self, path: str, start: int, end: int | None) -> Stream:
        """A stored file, or (206) a part of it (§2); Gone if it is not there."""
        first = start or end is not None
        span = {"Range": f"bytes={start}-{'' if end is None else end - 1}"} if first else {}
        stream = await self.http.open(
            f"{RECORD}{path}", lane=Lane.SURVEY, headers=span, idle=_IDLE_SECONDS
        )
        if stream.status not in (200, 206):
            await stream.aclose()
            raise Gone(f"{stream.status}, no such file")
        return stream

    async def thumbnail(self, path: str) -> bytes:
        """The picture of a clip (§5.3); Gone if it is not there, or nothing is in it yet."""
        reply = await self.http.ask(f"{RECORD}{path}", lane=Lane.SURVEY, limit=_PICTURE_LIMIT)
        if reply.status != 200 or not reply.body.startswith(b"\xff\xd8"):
            raise Gone(f"{reply.status}, no such picture")
        return reply.body

    async def record(self, seconds: int) -> None:
        """record.sh (§6): the answer stays open for the whole time."""
        await self.do(wire.query("record.sh", ("time", seconds)), until=wire.is_whole)

    # --- moving (§5.16, §5.17) ----------------------------------------------------------------

    async def ptz(self, *pairs: tuple[str, str | float], seconds: float = 0) -> None:
        """ptz.sh (§5.16); the answer comes after the move."""
        await self.do(wire.query("ptz.sh", *pairs), deadline=seconds + READ_SECONDS)

    async def preset(self, *pairs: tuple[str, str | int]) -> None:
        """preset.sh (§5.17)."""
        await self.do(wire.query("preset.sh", *pairs))

    # --- sound (§6) ---------------------------------------------------------------------------

    async def speak(self, text: str, language: str, decibels: int) -> None:
        """speak.sh: the first line of a text, in the camera's own voice."""
        path = wire.query("speak.sh", ("lang", language), *_gain(decibels))
        await self.do(path, body=text.encode(), deadline=_SLOW_SECONDS)

    async def play(self, sound: bytes, decibels: int, seconds: float) -> None:
        """speaker.sh: PCM, 16 bit little endian, 16 kHz, mono, as one body."""
        path = wire.query("speaker.sh", *_gain(decibels))
        await self.do(
            path, body=sound, kind="application/octet-stream", deadline=seconds + _SLOW_SECONDS
        )

    async def play_file(self, name: str, decibels: int) -> None:
        """speaker_file.sh: a file of the card."""
        path = wire.query("speaker_file.sh", *_gain(decibels))
        await self.do(path, body=name.encode(), deadline=_SLOW_SECONDS)


def _gain(decibels: int) -> list[tuple[str, int]]:
    """The parameter for a gain; none where the sound stays as it is."""
    return [("voldb", decibels)] if decibels else []
