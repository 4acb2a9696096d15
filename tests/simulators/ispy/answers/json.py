"""loadobject.json: the same things as JSON, the whole query in lower case (§10)."""

from collections.abc import Callable
from datetime import timedelta
import json

from tests.simulators.ispy.answers.ptz import command as ptz_command, offered
from tests.simulators.ispy.answers.server import named_commands, run_command
from tests.simulators.ispy.answers.turn import Turn
from tests.simulators.ispy.clock import utc_ms, utc_ticks
from tests.simulators.ispy.grammar import Answer, Call, Closed
from tests.simulators.ispy.objects import CAMERA, MICROPHONE, SpyObject
from tests.simulators.ispy.program import Program

_DONE = '{"status":"ok"}'
_PAGE = 50
_EVENTS = 500


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_objects(turn: Turn) -> str:
    """Every object without its recording flag."""
    rows = []
    for thing in turn.program.objects():
        pair = next((each.id for each in turn.program.cameras if each.mic_pair == thing.id), -1)
        rows.append(
            {
                "name": thing.name,
                "groups": thing.settings.accessgroups,
                "typeID": thing.ot,
                "id": thing.id,
                "active": thing.enabled,
                "ptzID": thing.ptz if thing.camera else -1,
                "talk": thing.camera and thing.talk,
                "micID": thing.mic_pair if thing.camera else -1,
                "camID": -1 if thing.camera else pair,
            }
        )
    return f'{{"objectList": {_dump(rows)}}}'


def object_status(turn: Turn) -> str:
    """State of one object; nothing at all for an unknown one."""
    thing = turn.thing
    if thing is None:
        return ""
    width, height = thing.size if thing.camera else (320, 40)
    return _dump(
        {
            "online": thing.enabled,
            "recording": thing.now.forced,
            "width": width,
            "height": height,
            "micpairid": thing.mic_pair if thing.camera else -1,
            "talk": thing.camera and thing.talk,
        }
    )


def query_level(turn: Turn) -> str:
    """Motion or sound from 0 to 1."""
    level = 0.0 if turn.thing is None else min(1.0, turn.thing.now.level)
    return f'{{"level":{level:g}}}'


def ptz_commands(turn: Turn) -> str:
    """What a PTZ model offers."""
    rows = [
        {"text": name, "value": value, "noTranslate": True}
        for name, value in offered(turn.call.whole("ptzid"), turn.camera)
    ]
    return _dump({"elements": rows})


def run_ptz(turn: Turn) -> str:
    """Move a camera; names of presets arrive in lower case."""
    if turn.camera is not None:
        ptz_command(turn.camera, turn.call.get("value"))
        turn.program.changed.poke()
    return _DONE


def _on_thing(act: Callable[[Program, SpyObject], object]) -> Callable[[Turn], str]:
    def run(turn: Turn) -> str:
        if turn.thing is not None:
            act(turn.program, turn.thing)
        return _DONE

    return run


def _snapshot(program: Program, thing: SpyObject) -> None:
    if thing.ot == CAMERA:
        program.snapshot(thing)


def camera_grabs(turn: Turn) -> str:
    """A page of a camera's grabs with UTC milliseconds as text."""
    page = turn.call.loose("page")
    pagesize = turn.call.loose("pagesize", _PAGE)
    grabs = [] if turn.camera is None else turn.camera.grabs
    found = sorted(grabs, key=lambda grab: grab.taken, reverse=True)
    rows = [
        {"name": grab.name, "time": f"{utc_ms(grab.taken):.0f}"}
        for grab in found[page * pagesize :][:pagesize]
    ]
    return _dump({"total": len(found), "page": page, "pagesize": pagesize, "results": rows})


def command_list(turn: Turn) -> str:
    """The remote commands."""
    rows = [{"id": each.id, "name": name} for each, name in named_commands(turn.program)]
    return _dump({"commands": rows})


def execute(turn: Turn) -> str:
    """Run a remote command."""
    run_command(turn, turn.call.whole("id"))
    return _DONE


def graph(turn: Turn) -> str:
    """Levels of a recording; the file name is in lower case like everything."""
    thing = turn.thing
    file = None if thing is None else thing.file(turn.call.get("fn"))
    levels = () if file is None else file.levels
    seconds = 0 if file is None else file.seconds
    threshold = 0.0 if thing is None else 100 - thing.sensitivity
    return _dump({"raw": list(levels), "duration": seconds, "threshold": threshold})


def events(turn: Turn) -> str:
    """Recordings of all objects; ticks in UTC of the start, as numbers with decimals."""
    program = turn.program
    found = [
        (thing, file)
        for thing in program.objects()
        for file in thing.recordings
        if turn.ot in (0, thing.ot) and (turn.ot == 0 or turn.oid in (-1, thing.id))
    ]
    found.sort(key=lambda pair: pair[1].started, reverse=True)
    rows = ",".join(
        f'{{"ot":{thing.ot},"oid":{thing.id},"created":{utc_ticks(file.started)}.00,'
        f'"maxalarm":{file.max_alarm:.1f},"duration":{file.seconds},'
        f'"filename":{_dump(file.name)}}}'
        for thing, file in found[: turn.call.loose("num", _EVENTS)]
    )
    now = program.clock.now()
    local = now.astimezone(program.clock.zone)
    offset = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    minutes = int(offset.total_seconds() // 60)
    return f'{{"timeStamp":{utc_ticks(now)},"timezoneOffset":{minutes},"events":[{rows}]}}'


COMMANDS: dict[str, Callable[[Turn], str]] = {
    "loadobjects": load_objects,
    "getobjectstatus": object_status,
    "querylevel": query_level,
    "getptzcommands": ptz_commands,
    "ptzcommand": run_ptz,
    "switchon": _on_thing(lambda program, thing: program.enable(thing, on=True)),
    "switchoff": _on_thing(lambda program, thing: program.enable(thing, on=False)),
    "record": _on_thing(lambda program, thing: program.record(thing, on=True)),
    "recordstop": _on_thing(lambda program, thing: program.record(thing, on=False)),
    "snapshot": _on_thing(_snapshot),
    "getcameragrabs": camera_grabs,
    "getcmdlist": command_list,
    "executecmd": execute,
    "getgraph": graph,
    "getevents": events,
}


def load(program: Program, call: Call) -> Answer:
    """Answer in real JSON; an unknown cmd closes the connection."""
    low = call.lowered()
    run = COMMANDS.get(low.get("cmd"))
    if run is None:
        raise Closed("unknown cmd")
    ot, oid = low.loose("ot"), low.loose("oid")
    if low.get("cmd") == "querylevel" and ot not in (MICROPHONE, CAMERA):
        return Answer('{"level":0}', "application/json")
    return Answer(run(Turn(program, low, ot, oid, "")), "application/json")
