"""Text commands: what each answers, and what becomes of its `jsfunc`."""

from tests.simulators.ispy.answers.control import CONTROL
from tests.simulators.ispy.answers.objects import OBJECTS
from tests.simulators.ispy.answers.plans import PLANS
from tests.simulators.ispy.answers.ptz import PTZ
from tests.simulators.ispy.answers.recordings import RECORDINGS
from tests.simulators.ispy.answers.server import SERVER
from tests.simulators.ispy.answers.settings import SETTINGS
from tests.simulators.ispy.answers.turn import Command, Turn
from tests.simulators.ispy.grammar import Call
from tests.simulators.ispy.program import Program

COMMANDS: dict[str, Command] = {
    **SERVER,
    **CONTROL,
    **OBJECTS,
    **SETTINGS,
    **RECORDINGS,
    **PTZ,
    **PLANS,
}


def run(program: Program, call: Call) -> str:
    """Carry a command out; empty when it has nothing to say or does not exist."""
    js = call.get("jsfunc").replace("%27", "'")
    command = COMMANDS.get(call.command)
    said = ""
    if command is not None and command.known(program.rules):
        for ot, oid in _targets(program, call):
            turn = Turn(program, call, ot, oid, js)
            said = command.run(turn)
            js = turn.js
    # Every `result` goes, those in the data that was just put in too.
    return js.replace("result", f'"{said}"') if js else said


def _targets(program: Program, call: Call) -> list[tuple[int, int]]:
    """The object that is meant, or every member of a group (§6)."""
    group = call.get("group")
    if not group:
        return [(call.loose("ot"), call.loose("oid"))]
    return [thing.key for thing in program.objects() if thing.in_group(group)]
