"""What can happen to a simulated box of each family, and how it is calmed down again."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
import re
from typing import Any, Final

from tests.simulators.amcrest.grammar import Refusal

type Deed = Callable[[Any, Random], Coroutine[Any, Any, object] | object]
"""Something that happens to a box; a coroutine goes on while other things happen."""
type Fall = Callable[[Any, Random], Awaitable[object]]
type Switch = Callable[[Any, Random, str], object]
"""Makes a box treat one of its paths badly."""

_NEVER: Final = re.compile(r"(?!)")
_GARBAGE: Final = (
    b'--myboundary\r\nContent-Length:200\r\n\r\nCode=Torn;action=Start;index=0;data={"Name":{"a',
    b"--myboundary\r\n\r\nCode=\xff\xfe\xc3\x28;action=Start;index=0;data={\xf0\x28}\r\n\r\n",
    b"--myboundary\r\n\r\nCode=Deep;action=Start;index=0;data=" + b"[" * 10_000 + b"\r\n\r\n",
    b"x" * 2_000_000,
    b"\r\n--myboundary\r\nContent-Length: 99999999999\r\n\r\n",
    b"\0\r\n--myboundary--\r\n",
)
_ACTIVE: Final = (
    "VideoMotion",
    "SmartMotionHuman",
    "CrossLineDetection",
    "FaceDetection",
    "AudioMutation",
    "VideoBlind",
    "VideoLoss",
    "StorageFailure",
    "AlarmLocal",
)
_MOMENTS: Final = ("NewFile", "ConfigChange", "LoginFailure", "MadeUp", "_DoTalkAction_")
_TABLES: Final = re.compile(
    r"(?:MotionDetect|SmartMotionDetect|LeLensMask|LightGlobal|AudioDetect|BlindDetect)\b.*"
    r"|AlarmOut\[\d\]\.Mode|RecordMode\[\d\]\.Mode"
)


@dataclass(frozen=True, slots=True)
class Villain:
    """What happens to the boxes of one family."""

    deeds: tuple[Deed, ...]
    fall: Fall
    """Has it restart; not while the network is away, when nobody would know."""
    switch: Switch
    """Has a path, out of the wire log, answered late, badly or not at all."""
    calm: Callable[[Any], object] = lambda box: None
    """Ends what is going on; the switches are put back by whoever knows them all."""
    echoes: re.Pattern[str] = _NEVER
    """What is sent again without an order, once it was ordered: stops, what a box forgets."""
    moving: frozenset[str] = frozenset()
    """Rows that change by themselves, or by being asked."""


# --- amcrest ------------------------------------------------------------------------------------


def _amcrest_event(box: Any, dice: Random) -> None:
    code = dice.choice(_ACTIVE)
    index = dice.choice((0, 0, 0, 1, 2, 7, -1, 99))
    action = dice.choice(("Start", "Start", "Stop", "Pulse"))
    data = {"Name": f"Rule {dice.randrange(3)}", "RuleID": dice.randrange(3), "Id": [0]}
    # A device that says nothing of what it knows is believed ten minutes later.
    box.emit(code, action, index, data, silent=dice.random() < 0.1)


def _amcrest_moment(box: Any, dice: Random) -> None:
    box.emit(dice.choice(_MOMENTS), dice.choice(("Pulse", "Start")), 0, {"Action": "Invite"})


def _amcrest_flood(box: Any, dice: Random) -> None:
    for number in range(300):
        box.emit("VideoMotion", "Stop" if number % 2 else "Start", 0, {"Id": [number]})


def _amcrest_config(box: Any, dice: Random) -> None:
    names = [name for name in box.config if _TABLES.fullmatch(name)]
    name = dice.choice(names)
    word = box.config[name]
    other = {"true": "false", "false": "true", "0": "1", "1": "2", "2": "0"}
    box.config[name] = other.get(word, word)


def _amcrest_rule(box: Any, dice: Random) -> None:
    found = {name.partition(".")[0] for name in box.config.under("VideoAnalyseRule")}
    if len(found) > 1:
        box.config.drop(dice.choice(sorted(found)))


def _amcrest_camera(box: Any, dice: Random) -> None:
    if slots := box.device.slots:
        box.set_camera_state(dice.randrange(len(slots)), dice.choice(("Connected", "Unconnect")))


def _amcrest_input(box: Any, dice: Random) -> None:
    if box.inputs:
        box.set_input(dice.randrange(len(box.inputs)), dice.random() < 0.5)


def _amcrest_switch(box: Any, dice: Random, target: str) -> None:
    cgi, _, query = target.removeprefix("/cgi-bin/").partition(".cgi?")
    verb = f"{cgi}.{query.partition('&')[0].removeprefix('action=')}"
    if cgi == "eventManager":
        box.faults.max_streams = dice.choice((0, None))
    elif dice.random() < 0.5:
        box.faults.delays[verb] = dice.choice((0.5, 3, 12))
    else:
        # Never one that says that there is no such thing: that is believed for good.
        box.faults.refuse[verb] = dice.choice((Refusal.SERVER_ERROR, Refusal.BOOTING))


def _amcrest_calm(box: Any) -> None:
    for code, index in [*box.device.events.active]:
        box.emit(code, "Stop", index)
    for slot in box.device.slots:
        slot.state = "Connected" if slot.state == "Unconnect" else slot.state
    for slot, _ in enumerate(box.inputs):
        # Not every box tells what its inputs are, so what opened unheard is closed for us.
        box.set_input(slot, False)
    box.gate.unlock()


_AMCREST: Final = Villain(
    deeds=(
        *(_amcrest_event,) * 6,
        _amcrest_moment,
        _amcrest_flood,
        *(_amcrest_config,) * 3,
        _amcrest_rule,
        _amcrest_camera,
        *(_amcrest_input,) * 2,
        lambda box, dice: box.cut_streams(rst=dice.random() < 0.5),
        lambda box, dice: box.stall_streams(),
        lambda box, dice: box.send_raw(dice.choice(_GARBAGE)),
        lambda box, dice: box.gate.forget(),
        lambda box, dice: box.press_doorbell(),
    ),
    fall=lambda box, dice: box.reboot(),
    switch=_amcrest_switch,
    calm=_amcrest_calm,
    echoes=re.compile(r"coaxialControlIO\.cgi\?action=control|action=stop"),
    # Which preset or tour its drive was sent to is what it was told by us alone.
    moving=frozenset({"clock_drift", "started", "sessions", "preset", "tour"}),
)

# --- dvro ---------------------------------------------------------------------------------------


def _dvro_record(box: Any, dice: Random) -> None:
    dice.choice((box.recorder.start, box.recorder.stop))()


def _dvro_dialog(box: Any, dice: Random) -> None:
    box.recorder.answer_dialog(dice.choice(("D:\\One", None)))


def _dvro_space(box: Any, dice: Random) -> None:
    box.recorder.drive_space = dice.randrange(101)


def _path_switch(box: Any, dice: Random, target: str) -> None:
    path = target.partition("?")[0]
    match dice.randrange(3):
        case 0:
            box.faults.delays[path] = dice.choice((0.5, 3, 12))
        case 1:
            box.faults.mute.add(path)
        case _:
            wrong = dice.choice((b"<html>Sorry</html>", b"", b"\xff\xfe", b"{" * 5000))
            box.faults.bodies[path] = wrong


_DVRO: Final = Villain(
    deeds=(
        *(_dvro_record,) * 4,
        *(_dvro_dialog,) * 2,
        *(_dvro_space,) * 2,
        lambda box, dice: box.recorder.set_channels(dice.random() < 0.7),
        lambda box, dice: box.recorder.advance(dice.randrange(3)),
    ),
    fall=lambda box, dice: box.restart(),
    switch=_path_switch,
    # Its folders and switches are put back after each of its restarts (case 23).
    echoes=re.compile(r"."),
)

# --- ispy ---------------------------------------------------------------------------------------


def _ispy_thing(box: Any, dice: Random) -> tuple[int, int]:
    thing = dice.choice([*box.cameras, *box.microphones])
    return thing.ot, thing.id


def _ispy_level(box: Any, dice: Random) -> None:
    box.set_level(*_ispy_thing(box, dice), dice.choice((0, 0, 0.4, 1)))


def _ispy_alert(box: Any, dice: Random) -> None:
    ot, oid = _ispy_thing(box, dice)
    box.trigger_alert(oid, ot)


def _ispy_objects(box: Any, dice: Random) -> None:
    match dice.randrange(4):
        case 0 if len(box.cameras) < 6:
            box.add_object(name=f"New {dice.randrange(9)}")
        case 1 if len(box.cameras) > 1:
            box.remove_object(2, dice.choice(box.cameras).id)
        case _:
            box.rename_object(*_ispy_thing(box, dice), f"Name {dice.randrange(9)}")


def _ispy_switch(box: Any, dice: Random, target: str) -> None:
    command = target.removeprefix("/").partition("?")[0]
    match dice.randrange(3):
        case 0:
            box.faults.delays[command] = dice.choice((0.5, 3, 12))
        case 1:
            box.faults.mute.add(command)
        case _:
            box.faults.bodies[command] = dice.choice(("<html>Sorry</html>", "", "{" * 5000))


def _ispy_calm(box: Any) -> None:
    for thing in [*box.cameras, *box.microphones]:
        thing.failing = False
        box.set_level(thing.ot, thing.id, 0)
        box.finish_recording(thing.ot, thing.id)


_ISPY: Final = Villain(
    deeds=(
        *(_ispy_level,) * 4,
        *(_ispy_alert,) * 2,
        *(_ispy_objects,) * 2,
        lambda box, dice: box.set_failing(*_ispy_thing(box, dice), dice.random() < 0.5),
        lambda box, dice: box.add_recording(*_ispy_thing(box, dice)),
        lambda box, dice: box.finish_recording(*_ispy_thing(box, dice)),
        lambda box, dice: box.drop_websockets(rst=dice.random() < 0.5),
    ),
    fall=lambda box, dice: box.restart(crash=dice.random() < 0.5),
    switch=_ispy_switch,
    calm=_ispy_calm,
    # What was ordered is written down a little later; what moves is stopped (11).
    echoes=re.compile(r"GET /saveobjects |value=ispydir_11 "),
)

# --- yi_hack ------------------------------------------------------------------------------------


def _yi_motion(box: Any, dice: Random) -> None:
    if dice.random() < 0.6:
        box.start_motion(dice.choice(("motion", "human", "vehicle", "animal")))
    else:
        box.stop_motion()


def _yi_settings(box: Any, dice: Random) -> None:
    key = dice.choice([key for key, word in box.settings.items() if word in ("yes", "no")])
    if key != "switch_on":
        box.set_settings(**{key: "no" if box.settings[key] == "yes" else "yes"})


def _yi_switch(box: Any, dice: Random, target: str) -> None:
    script = target.removeprefix("/cgi-bin/").partition("?")[0]
    match dice.randrange(3):
        case 0:
            box.faults.durations[script] = dice.choice((1, 4, 12))
        case 1:
            box.faults.exits.add(script)
        case _:
            box.faults.broken_json.add(script)


def _yi_card(box: Any, dice: Random) -> None:
    # Some live on their card, and cannot be without it.
    with suppress(ValueError):
        box.set_sd(dice.choice(("absent", "full", "present")))


def _yi_calm(box: Any) -> None:
    box.stop_motion()
    box.set_sd("present")


_YI_HACK: Final = Villain(
    deeds=(
        *(_yi_motion,) * 4,
        *(_yi_settings,) * 2,
        lambda box, dice: box.sound(),
        lambda box, dice: box.crying(),
        lambda box, dice: box.add_clip(seconds=dice.randrange(5, 90)),
        _yi_card,
    ),
    fall=lambda box, dice: box.reboot(),
    switch=_yi_switch,
    calm=_yi_calm,
    echoes=re.compile(r"dir=stop"),
    # Whether a file grows is not seen in one look.
    moving=frozenset(
        {"started", "memory_free", "load", "clock_drift", "recording", "last_picture", "motion"}
    ),
)

# --- open_api -----------------------------------------------------------------------------------


def _open_level(box: Any, dice: Random) -> None:
    if box.levels:
        box.set_level(dice.choice([*box.levels]), dice.choice((0, 0, 5, 60, 100)))


def _open_ports(box: Any, dice: Random) -> None:
    if box.inputs:
        box.set_input(dice.randrange(len(box.inputs)) + 1, dice.random() < 0.5)
    if box.outputs:
        box.set_output(dice.randrange(len(box.outputs)) + 1, dice.random() < 0.5)


def _open_windows(box: Any, dice: Random) -> None:
    windows = [*box.levels]
    if len(windows) < 4 and dice.random() < 0.5:
        box.add_window(f"Window {dice.randrange(9)}")
    elif len(windows) > 1:
        with suppress(IndexError):
            box.remove_window(dice.choice(windows))


def _open_config(box: Any, dice: Random) -> None:
    listing = box.parameters.listing("Motion")
    names = [name.removeprefix("root.") for name, word in listing.items() if word.isdecimal()]
    names = [name for name in names if name.endswith(("Sensitivity", "History", "ObjectSize"))]
    if names:
        box.parameters[dice.choice(names)] = str(dice.randrange(1, 100))


def _open_calm(box: Any) -> None:
    for window in [*box.levels]:
        box.set_level(window, 0)
    for slot, _ in enumerate(box.inputs):
        box.set_input(slot + 1, on=False)
    box.device.signals[:] = [True] * len(box.device.signals)
    box.storage.present = True


_OPEN_API: Final = Villain(
    deeds=(
        *(_open_level,) * 4,
        *(_open_ports,) * 2,
        _open_windows,
        _open_config,
        lambda box, dice: box.cut_streams(rst=dice.random() < 0.5),
        lambda box, dice: box.stall_streams(),
        lambda box, dice: box.send_raw(dice.choice(_GARBAGE)),
        lambda box, dice: box.gate.forget(),
    ),
    fall=lambda box, dice: box.reboot(),
    switch=_path_switch,
    calm=_open_calm,
    echoes=re.compile(r"continuous\w*move=|move=stop"),
    # At which preset it is, is what it was told by us alone.
    moving=frozenset({"clock_drift", "started", "preset"}),
)

VILLAINS: Final[Mapping[str, Villain]] = {
    "amcrest": _AMCREST,
    "dvro": _DVRO,
    "ispy": _ISPY,
    "open_api": _OPEN_API,
    "yi_hack": _YI_HACK,
}
