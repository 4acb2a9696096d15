"""Commands about the program itself: login, saving, remote commands, logs (§5, §10)."""

from functools import partial

from tests.simulators.ispy.answers.turn import Command, Turn, before, since
from tests.simulators.ispy.grammar import Crash, Hang
from tests.simulators.ispy.objects import RemoteCommand
from tests.simulators.ispy.program import Program
from tests.simulators.ispy.rules import YEAR_2022

OK = "OK"
SHUT_DOWN_COMPUTER = 11
LOGS = ("log_2.htm", "log_1.htm")
GRID_VIEWS = 2


def connect(turn: Turn) -> str:
    """Tell the code of this run of the program: JSON, CSV in G1."""
    code = turn.program.identifier
    return f"{code},OK" if turn.program.rules.first else f'{{"auth":"{code}","status":"OK"}}'


def ping(turn: Turn) -> str:
    """Be there."""
    return OK


def server_name(turn: Turn) -> str:
    """Tell the name that the owner gave."""
    return f"{turn.program.server_name},OK"


def shutdown(turn: Turn) -> str:
    """Note that somebody wanted the program gone; a simulator stays."""
    turn.program.called.append("shutdown")
    turn.program.changed.poke()
    return ""


def shutdown_computer(turn: Turn) -> str:
    """Open a dialog on the PC and wait for somebody to answer it."""
    turn.program.called.append("shutdowncomputer")
    turn.program.changed.poke()
    raise Hang("a dialog is open on the PC")


def save(turn: Turn) -> str:
    """Write settings that so far live in memory only."""
    turn.program.save()
    turn.program.called.append(turn.call.command)
    turn.program.changed.poke()
    return OK


def note(turn: Turn) -> str:
    """Do something that nobody sees from here."""
    turn.program.called.append(turn.call.command)
    return OK


def grid(turn: Turn, index: bool = False) -> str:
    """Control the wall monitor; a bad index is not checked."""
    if index and not 0 <= turn.call.whole("index") < GRID_VIEWS:
        raise Crash("no such grid view")
    turn.program.grid[turn.call.command] = turn.call.query
    return OK


def command_list(turn: Turn) -> str:
    """List the remote commands in the language of the PC."""
    return ",".join(f"{each.id}|{name}" for each, name in named_commands(turn.program))


def named_commands(program: Program) -> list[tuple[RemoteCommand, str]]:
    """Remote commands with their names, commas and pipes already blanks."""
    names = program.language.commands
    return [
        (each, (each.name or names[each.id]).replace("|", " ").replace(",", " "))
        for each in program.commands
    ]


def execute(turn: Turn) -> str:
    """Run a remote command; 11 shuts the computer down and hangs in a dialog."""
    return run_command(turn, turn.call.whole("id"))


def run_command(turn: Turn, number: int) -> str:
    """Run a remote command by its number."""
    found = next((each for each in turn.program.commands if each.id == number), None)
    if found is None:
        return OK
    if number == SHUT_DOWN_COMPUTER:
        return shutdown_computer(turn)
    turn.program.called.append(f"command {number}")
    if found.error:
        return f"Command Failed: {found.error},OK"
    _act(turn.program, number)
    turn.program.changed.poke()
    return "Command Executed.,OK"


def _act(program: Program, number: int) -> None:
    """What the built-in commands 0 to 10 do."""
    things = list(program.objects())
    modes = {3: "recordondetect", 4: "recordonalert", 5: "recordoff"}
    if number in (0, 1):
        for thing in things:
            program.enable(thing, number == 0)
    elif number == 2:
        program.apply_schedule()
    elif number in modes:
        for thing in things:
            program.set_mode(thing, modes[number])
    elif number in (6, 7):
        for thing in things:
            thing.settings.alerts = number == 6
    elif number in (8, 9):
        for thing in things:
            if thing.enabled:
                program.record(thing, number == 8)
    elif number == 10:
        for camera in program.cameras:
            program.snapshot(camera)


def log_list(turn: Turn) -> str:
    """Name the log files."""
    turn.put("data", f'"{",".join(LOGS)}"')
    return OK


SERVER = {
    "connect": Command(connect),
    "command.txt": Command(connect),
    "ping": Command(ping),
    "getservername": Command(server_name),
    "shutdown": Command(shutdown),
    "shutdowncomputer": Command(shutdown_computer),
    "joysticksensitivityup": Command(note),
    "joysticksensitivitydown": Command(note),
    "saveobjects": since((6, 8), save),
    "reloaddatafile": since((6, 8), note),
    "savedatafile": since((6, 8), note),
    "showgridview": since(YEAR_2022, partial(grid, index=True)),
    "closegridview": since(YEAR_2022, partial(grid, index=True)),
    "editgridview": since(YEAR_2022, partial(grid, index=True)),
    "enablegridcameras": since(YEAR_2022, partial(grid)),
    "setresize": since(YEAR_2022, partial(grid)),
    "getcmdlist": Command(command_list),
    "executecmd": Command(execute),
    "smscmd": Command(execute),
    "getlogfilelist": Command(log_list),
    "closeaudio": before((6, 4, 8), ping),
}
