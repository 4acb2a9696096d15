"""motion.cgi: the levels of all windows, for ever (S-4.5)."""

from tests.simulators.open_api.answers.video import delimiter, stream_head
from tests.simulators.open_api.device import Device
from tests.simulators.open_api.faults import NoWindows
from tests.simulators.open_api.grammar import Call, Refused, encode, whole
from tests.simulators.open_api.motion import KIND
from tests.simulators.wire import Connection

BOUNDARY = "mdb"
_EMPTY_SECONDS = 1.0


async def motion(device: Device, call: Call, connection: Connection) -> None:
    """All windows in one part, again and again."""
    faults = device.faults
    wanted: frozenset[int] | None = None
    if numbers := call.get("group"):
        wanted = frozenset(whole(word) for word in numbers.split(","))
        if -1 in wanted:
            raise Refused(400)
    if device.feeds.busy():
        raise Refused(503)
    connection.begin(stream_head(faults, BOUNDARY))
    async with device.feeds.serve(KIND, connection) as feed:
        first = True
        while True:
            lines = device.motion.lines(wanted)
            pause: float | None = faults.motion_interval
            if not lines:
                if faults.no_windows is NoWindows.CLOSE:
                    return
                pause = _EMPTY_SECONDS if faults.no_windows is NoWindows.EMPTY_PARTS else None
            if lines or pause is not None:
                text = delimiter(faults, BOUNDARY, first=first)
                text += "Content-Type: text/plain\r\n\r\n"
                text += "".join(f"{line}\r\n" for line in lines)
                first = False
                if not await feed.part(encode(text, faults)):
                    return
            if not await feed.rest(pause):
                return
