"""Moving a camera and listing what it knows (§9)."""

from urllib.parse import quote

from tests.simulators.ispy.answers.turn import Command, Turn
from tests.simulators.ispy.objects import DIGITAL_PTZ, NO_PTZ, ONVIF, PELCO, SpyObject

DIRECTIONS = (
    "centre",
    "left",
    "up-left",
    "up",
    "up-right",
    "right",
    "down-right",
    "down",
    "down-left",
    "zoom in",
    "zoom out",
    "stop",
)
_CLASS = "onvif.services.PTZPreset"

PELCO_COMMANDS = (
    "Focus Near",
    "Focus Far",
    "Iris Open",
    "Iris Close",
    "Wiper On",
    "Wiper Off",
    "Light On",
    "Light Off",
    "Scan On",
    "Scan Off",
    "Pattern Start",
    "Pattern Stop",
    "Home",
    *(f"Go Preset {number}" for number in range(1, 33)),
)
"""45 of them."""

DATABASE: dict[int, tuple[tuple[str, str], ...]] = {
    12: (("Preset 1", "act=goto&n=1"), ("Preset 2", "act=goto&n=2"), ("Patrol", "act=patrol")),
    263: (("Home position", "home"), ("IR on", "ir=1"), ("IR off", "ir=0")),
}
"""Extended commands of some entries of the PTZ database."""


def command(camera: SpyObject, value: str) -> None:
    """Move by ispydir_N, or go to a preset or run an extended command."""
    if value.startswith("ispydir_"):
        number = value.removeprefix("ispydir_")
        if not number.isdigit():
            return
        camera.preset = None
        index = int(number)
        value = DIRECTIONS[index] if index < len(DIRECTIONS) else value
    elif camera.ptz == ONVIF:
        # The camera wants the token; the list offers the name.
        if all(preset.token != value for preset in camera.presets):
            return
        camera.preset = value
    if camera.ptz != NO_PTZ:
        camera.moves.append(value)
        del camera.moves[:-100]


def offered(number: int, camera: SpyObject | None) -> list[tuple[str, str]]:
    """Names and values of the extended commands of a PTZ model."""
    if number in PELCO:
        return [(name, name) for name in PELCO_COMMANDS]
    if number == ONVIF:
        presets = () if camera is None else camera.presets
        return [(preset.name, preset.name) for preset in presets]
    return list(DATABASE.get(number, ())) if number > DIGITAL_PTZ else []


def commands(turn: Turn) -> str:
    """Options of a list to choose from, with the quotes behind backslashes."""
    number = turn.call.whole("ptzid")
    bug = number == ONVIF and not turn.program.rules.first
    options = "".join(
        f'<option value=\\"{quote(value, safe="")}\\">{_CLASS if bug else name}</option>'
        for name, value in offered(number, turn.camera)
    )
    turn.put("data", f'"{options}"')
    return "OK"


PTZ = {"getptzcommands": Command(commands)}
