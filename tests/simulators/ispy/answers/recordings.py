"""Lists of recordings and grabs (§8)."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from tests.simulators.ispy.answers.turn import Command, Turn, before
from tests.simulators.ispy.clock import utc_ms
from tests.simulators.ispy.grammar import Crash
from tests.simulators.ispy.objects import CAMERA, Grab, Recording, SpyObject
from tests.simulators.ispy.rules import G2

_UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"), (1, "Bytes"))
_PREVIEWS = 100
_EVENTS = 500
_GRABS_PER_CAMERA = 25


def size_text(size: int) -> str:
    """Size with at most two decimals; each unit begins strictly above its step."""
    for step, unit in _UNITS:
        if size > step:
            return f"{_plain(Decimal(size) / step)} {unit}"
    return "0 Bytes"


def _plain(value: Decimal) -> str:
    text = str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return text.rstrip("0").rstrip(".")


def _ticks(turn: Turn, name: str) -> int:
    text = turn.call.get(name)
    return turn.call.whole(name) if text else 0


def _between[T](turn: Turn, items: Iterable[T], ticks: Callable[[T], int]) -> list[T]:
    """Items between two moments of the local clock, both exclusive, 0 open."""
    start, end = _ticks(turn, "startdate"), _ticks(turn, "enddate")
    return [
        item
        for item in items
        if (start <= 0 or ticks(item) > start) and (end <= 0 or ticks(item) < end)
    ]


def _files(turn: Turn, thing: SpyObject) -> list[Recording]:
    clock = turn.program.clock
    return _between(turn, thing.recordings, lambda file: clock.ticks(file.ended))


def _all_files(turn: Turn) -> list[tuple[SpyObject, Recording]]:
    """Files of all objects, the newest first."""
    found = [(thing, file) for thing in turn.program.objects() for file in _files(turn, thing)]
    return sorted(found, key=lambda pair: pair[1].ended, reverse=True)


_ORDERS: dict[int, Callable[[Recording], float]] = {
    2: lambda file: file.seconds,
    3: lambda file: file.max_alarm,
    4: lambda file: file.ended.timestamp(),
}


def content_list(turn: Turn) -> str:
    """A page of an object's files: name, size, highest alarm level."""
    page, pagesize, order = (turn.call.whole(name) for name in ("page", "pagesize", "ordermode"))
    files = [] if turn.thing is None else _files(turn, turn.thing)
    if order in _ORDERS:
        files.sort(key=_ORDERS[order], reverse=True)
    turn.put("resultcount", str(len(files)))
    shown = files[max(0, page * pagesize) :][: max(0, pagesize)]
    return ",".join(f"{file.name}|{size_text(file.size)}|{file.max_alarm:.3f}" for file in shown)


def content_counts(turn: Turn) -> str:
    """How many files every object has."""
    return "|".join(
        f"{thing.ot},{thing.id},{len(_files(turn, thing))}" for thing in turn.program.objects()
    )


def preview_list(turn: Turn) -> str:
    """The newest files over all cameras."""
    found = [(camera, file) for camera in turn.program.cameras for file in camera.recordings]
    found.sort(key=lambda pair: pair[1].ended, reverse=True)
    rows = (
        f"{file.name}|{camera.name.replace('|', '')}|{file.seconds}"
        for camera, file in found[:_PREVIEWS]
    )
    return ",".join(rows) or "OK"


def graph_all(turn: Turn) -> str:
    """Time, highest level, duration and name of every file of an object."""
    program = turn.program
    rows = []
    for file in [] if turn.thing is None else _files(turn, turn.thing):
        ms = _plain(Decimal(str(program.clock.local_ms(file.ended))))
        ms = ms.replace(".", program.language.decimal)
        rows.append(f"{ms}|{file.max_alarm:.3f}|{file.seconds}|{file.name}")
    turn.put("data", f'"{",".join(rows)}"')
    return "OK"


def events(turn: Turn) -> str:
    """The newest files of all objects as JavaScript."""
    number = turn.call.whole("num") if turn.call.has("num") else _EVENTS
    clock = turn.program.clock
    rows = ",".join(
        f"{{ot:{thing.ot},oid:{thing.id},created:{clock.local_ms(file.ended):.2f},"
        f'maxalarm:{file.max_alarm:.1f},duration: {file.seconds},filename:"{file.name}"}}'
        for thing, file in _all_files(turn)[: max(0, number)]
    )
    turn.put("data", f"[{rows}]")
    return "OK"


def graph(turn: Turn) -> str:
    """The levels of one recording, its duration and the threshold shown."""
    thing = turn.thing
    file = None if thing is None else thing.file(turn.call.get("fn"))
    if thing is None or file is None:
        data, duration, threshold = '""', "0", "0"
    else:
        shown = 100 - thing.sensitivity if thing.camera else thing.sensitivity
        data = f'"{",".join(f"{level:g}" for level in file.levels)}"'
        duration, threshold = f'"{file.seconds}"', f"{shown:.3f}"
    turn.put("data", data)
    turn.put("duration", duration)
    turn.put("threshold", threshold)
    return "OK"


def _grabs(turn: Turn, camera: SpyObject) -> list[Grab]:
    """The grabs of a camera, the newest first."""
    if not camera.grabs_folder:
        raise Crash("no such folder")
    clock = turn.program.clock
    found = _between(turn, camera.grabs, lambda grab: clock.ticks(grab.taken))
    return sorted(found, key=lambda grab: grab.taken, reverse=True)


def grabs(turn: Turn) -> str:
    """The newest grabs of every camera, names as they are."""
    rows = ",".join(
        f"{camera.name}|{camera.id}|{grab.name}"
        for camera in turn.program.cameras
        for grab in _grabs(turn, camera)[:_GRABS_PER_CAMERA]
    )
    turn.put("data", f'"{rows}"')
    return "OK"


def camera_grabs(turn: Turn, *, stamped: bool) -> str:
    """A page of the grabs of one camera."""
    pagesize, page = turn.call.whole("pagesize"), turn.call.whole("page")
    camera = turn.program.find(CAMERA, turn.oid)
    found = [] if camera is None else _grabs(turn, camera)
    turn.put("total", str(len(found)))
    rows = ",".join(
        f"{grab.name}|{utc_ms(grab.taken):.0f}" if stamped else grab.name
        for grab in found[max(0, page * pagesize) :][: max(0, pagesize)]
    )
    turn.put("data", f'"{rows}"')
    return "OK"


RECORDINGS = {
    "getcontentlist": Command(content_list),
    "getcontentcounts": Command(content_counts),
    "previewlist": Command(preview_list),
    "graphall": Command(graph_all),
    "getevents": Command(events),
    "getgraph": Command(graph),
    "getgrabs": Command(grabs),
    "getcameragrabs": Command(partial(camera_grabs, stamped=False)),
    "getcameragrabs2": before(G2, partial(camera_grabs, stamped=True)),
}
