"""One method a command of the Inspector API, each with its row of §3; answers to errors."""

from collections.abc import Mapping
import logging
from typing import Final
from urllib.parse import urlsplit

from ..commands import ApplyRecorderSettings
from ..detect import describe
from ..device import Reply
from ..env import Address, Env
from ..errors import (
    Busy,
    CannotConnect,
    Forbidden,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
    WrongFamily,
)
from ..http.client import Counters, Http
from . import wire
from .features import PORT, TEMPLATE_NAMES, Rung

_LOGGER = logging.getLogger(__name__)

READ_SECONDS: Final = 5.0
COMMAND_SECONDS: Final = 15.0
"""The software may be busy, or show a dialog (§2)."""
_LIMIT: Final = 1 << 16
_JSON: Final[Mapping[str, str]] = {"Content-Type": "application/json"}
_PING: Final = "/api/stats/ping"
_INSPECTOR: Final = "/api/inspector"
_RECORDING: Final = "/api/recording"


def text(reply: Reply) -> str:
    """The text of an answer, whatever type it claims; every failure says what to do (§2, §9)."""
    status = reply.status
    if status == 404:
        raise Unsupported(
            "404, no such command: another server may have this port (the recorder's is "
            f"{PORT}), or its software is too old for it"
        )
    if status == 405:
        raise Unsupported("405, the recorder takes this command in another way")
    if status in (401, 403):
        raise Forbidden(f"{status}, but the recorder knows no users: a proxy may stand before it")
    if status in (400, 500):
        raise Rejected(f"{status}, the recorder could not make sense of the command")
    if status > 500:
        raise Busy(f"{status}, the recorder cannot answer now")
    if not 200 <= status < 300:
        raise Malformed(f"{status}, which no recorder answers")
    return reply.text


class Client:
    """Speaks to the two ports of one recorder."""

    def __init__(self, env: Env, status_port: int) -> None:
        """Nothing is sent. `status_port` 0: there is no second port."""
        self._inspector = Http(env, in_flight=2)
        self._status: Http | None = None
        if status_port:
            self._status = Http(env, in_flight=1, base=_beside(env.address, status_port))
        self._odd: set[str] = set()

    @property
    def has_status(self) -> bool:
        """Whether there may be a second port."""
        return self._status is not None

    @property
    def counters(self) -> Counters:
        """What passed over both ports."""
        seen = [each.seen for each in (self._inspector, self._status) if each is not None]
        return Counters(
            sum(each.requests for each in seen),
            sum(each.bytes for each in seen),
            sum(each.refused for each in seen),
            sum(each.dropped for each in seen),
        )

    async def close(self) -> None:
        """Leave nothing open."""
        await self._inspector.close()
        if self._status is not None:
            await self._status.close()

    # --- asking and telling -------------------------------------------------------------------

    async def _reply(self, path: str, *, status: bool = False) -> Reply:
        """Read: may be sent twice."""
        http = self._status if status else self._inspector
        if http is None:
            raise Unsupported("the second port is not used")
        try:
            return await http.ask(path, deadline=READ_SECONDS, limit=_LIMIT, login=False)
        except CannotConnect as error:
            raise _advised(error, http) from error

    async def _ask(self, path: str, *, status: bool = False) -> str:
        """The text that a read brings."""
        return text(await self._reply(path, status=status))

    async def _tell(self, path: str, members: Mapping[str, object] | None = None) -> str:
        """Change, with a POST where there is a body: never sent twice."""
        http = self._inspector
        try:
            reply = await http.tell(
                path,
                deadline=COMMAND_SECONDS,
                limit=_LIMIT,
                method="GET" if members is None else "POST",
                body=None if members is None else wire.body(members),
                headers={} if members is None else _JSON,
                login=False,
            )
        except CannotConnect as error:
            raise _advised(error, http) from error
        except NoAnswer as error:
            raise NoAnswer(f"{error}: does the recorder's screen show a dialog?") from error
        return text(reply)

    async def flag(self, path: str, *, status: bool = False) -> bool:
        """A read that answers true or false. Malformed for anything else."""
        return self._flag(path, await self._ask(path, status=status))

    def _flag(self, path: str, answer: str) -> bool:
        value = wire.boolean(answer)
        if value is None:
            if path not in self._odd:
                self._odd.add(path)
                _LOGGER.warning("%s answers neither true nor false: %.40r", path, answer)
            raise Malformed("neither true nor false")
        return value

    # --- state --------------------------------------------------------------------------------

    async def ping(self) -> None:
        """That the software runs (row 1). WrongFamily where another server answers."""
        reply = await self._reply(_PING)
        answer = wire.ping(reply.text) if 200 <= reply.status < 300 else None
        if answer is None:
            if reply.status >= 500:
                raise Busy(f"{reply.status}, the recorder cannot answer now")
            raise WrongFamily(describe(reply))
        if not answer:
            raise Busy("the recorder says that it is not ready")

    async def is_recording(self, rung: Rung) -> bool:
        """Whether it records (rows 12, 13 and 18)."""
        return await self.flag(rung.path, status=rung.status)

    async def is_clip_recording(self) -> bool:
        """Whether an extra clip is recorded (row 17)."""
        return await self.flag(f"{_INSPECTOR}/iscliprecording")

    async def templates(self) -> dict[str, str]:
        """The name templates by their wire names (row 9). Unsupported where none are told."""
        answer = await self._ask(f"{_INSPECTOR}/pathtemplate")
        found = wire.templates(answer, TEMPLATE_NAMES.values())
        if not found:
            raise Unsupported("the recorder does not tell its templates")
        return found

    async def drive(self) -> float:
        """How much of the drive is free, in percent (row 19)."""
        free = wire.percent(await self._ask(f"{_RECORDING}/status", status=True))
        if free is None:
            raise Malformed("no percentage of free space")
        return free

    async def file(self) -> str:
        """The file that is being written, '' while there is none (row 20)."""
        name = wire.filename(await self._ask(f"{_RECORDING}/filename", status=True))
        if name is None:
            raise Malformed("no file name")
        return name

    # --- recording ----------------------------------------------------------------------------

    async def start_recording(self) -> None:
        """Start all channels (row 10)."""
        await self._tell(f"{_INSPECTOR}/startrecording")

    async def stop_recording(self) -> None:
        """Stop all channels (row 11)."""
        await self._tell(f"{_INSPECTOR}/stoprecording")

    async def start_clip(self) -> None:
        """Start an extra clip (row 15)."""
        await self._tell(f"{_INSPECTOR}/startclip")

    async def stop_clip(self) -> None:
        """Stop the extra clip (row 16)."""
        await self._tell(f"{_INSPECTOR}/stopclip")

    async def take_frame_grab(self) -> bool:
        """Store the picture being shown (row 14); false when no channel is started."""
        path = f"{_INSPECTOR}/takeframegrab"
        return self._flag(path, await self._tell(path))

    # --- settings -----------------------------------------------------------------------------

    async def set_recording_directory(self, directory: str) -> None:
        """Where recordings go (row 4)."""
        await self._tell(f"{_INSPECTOR}/recordingdirectory", {"Directory": directory})

    async def set_inspection_directory(self, directory: str) -> None:
        """Where pictures and clips go (row 5)."""
        await self._tell(f"{_INSPECTOR}/inspectiondirectory", {"Directory": directory})

    async def create_directory(self, directory: str) -> None:
        """Make a folder (row 3)."""
        await self._tell(f"{_INSPECTOR}/createdirectory", {"Directory": directory})

    async def set_split_time(self, minutes: int) -> None:
        """A new file so often (row 6)."""
        await self._tell(f"{_INSPECTOR}/splittime/{minutes:d}")

    async def set_reevaluate_tags(self, on: bool) -> None:
        """Whether names are worked out anew at each split (row 7)."""
        await self._tell(f"{_INSPECTOR}/reevaluatetags/{'true' if on else 'false'}")

    async def set_templates(self, templates: Mapping[str, str]) -> None:
        """Name templates, any of the six; the rest stay (row 8, §4.2)."""
        await self._tell(f"{_INSPECTOR}/pathtemplate", templates)

    async def apply(self, settings: ApplyRecorderSettings) -> None:
        """Encoder settings for all channels, always all eleven (row 2, §4.1)."""
        await self._tell(
            "/api/recordersettings/apply",
            {
                "Bitrate": settings.bitrate,
                "Directory": None,
                "DirectoryTemplate": settings.directory_template,
                "Encoder": settings.encoder,
                "Filename": settings.file_template,
                "FrameRate": settings.frame_rate,
                "IsSmartEncoding": settings.smart,
                "ReevaluateTagsOnSplit": settings.reevaluate_tags,
                "Resolution": f"{settings.width}, {settings.height}",
                "RestartOnFailure": settings.restart_on_failure,
                "SplitTimeMinutes": settings.split_minutes,
            },
        )


def _beside(address: Address, port: int) -> str:
    """Another port of the same host."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{urlsplit(address.url).scheme}://{host}:{port}"


def _advised(error: CannotConnect, http: Http) -> CannotConnect:
    """The same with a hint; what TLS has to say is left as it is."""
    if type(error) is not CannotConnect:
        return error
    port = urlsplit(http.base).port
    return CannotConnect(
        f"{error}: is the software running, and does the firewall let port {port} through?"
    )
