"""changesetting and the control panel that reads settings back (§7)."""

from dataclasses import dataclass
from functools import partial
import re

from tests.simulators.ispy.answers.ptz import command as ptz_command
from tests.simulators.ispy.answers.turn import Command, Turn
from tests.simulators.ispy.grammar import Crash
from tests.simulators.ispy.objects import CAMERA, SpyObject
from tests.simulators.ispy.rules import G2, Version

_BOTH = (1, 2)
_CAMERA = (2,)


@dataclass(frozen=True, slots=True)
class Field:
    """A setting: which type has it, how its value is read, where it is kept."""

    kind: str
    """flag, number, text."""
    ots: tuple[int, ...] = _CAMERA
    attribute: str = ""
    floor: int | None = None
    first: Version = (0,)


FIELDS = {
    "alerts": Field("flag", _BOTH),
    "scheduler": Field("flag", _BOTH),
    "notifyondisconnect": Field("flag", _BOTH),
    "minimuminterval": Field("number", _BOTH),
    "accessgroups": Field("text", _BOTH),
    "ftp": Field("flag", attribute="ftpenabled"),
    "ftpenabled": Field("flag"),
    "ftprecordings": Field("flag", first=G2),
    "localsaving": Field("flag"),
    "timelapseon": Field("flag"),
    "timelapse": Field("number", floor=1),
    "timelapseframes": Field("number", floor=1),
    "maxframerate": Field("number", floor=1),
    "maxframeraterecord": Field("number", floor=1),
    "cloudimages": Field("flag"),
    "cloudrecording": Field("flag"),
}
_WHOLE = re.compile(r"\s*-?\d+\s*")


def read_flag(value: str) -> bool:
    """True or false in any case; the program trips over everything else."""
    if value.strip().lower() not in ("true", "false"):
        raise Crash(value)
    return value.strip().lower() == "true"


def change_setting(turn: Turn) -> str:
    """Write one setting; an unknown field is OK too."""
    thing = turn.need()
    name, value = turn.call.get("field"), turn.call.get("value")
    settings = thing.settings
    if name in ("recordondetect", "recordonalert"):
        on = read_flag(value)
        setattr(settings, name, on)
        if on:
            turn.program.set_mode(thing, name)
    elif name == "recordoff":
        turn.program.set_mode(thing, name)
    elif name == "name" and not turn.program.rules.ancient:
        thing.name = value
    elif name == "ptz" and thing.ot == CAMERA:
        ptz_command(thing, value)
    elif name in FIELDS:
        _write(turn, thing, name, value)
    turn.program.changed.poke()
    return "OK"


def _write(turn: Turn, thing: SpyObject, name: str, value: str) -> None:
    field = FIELDS[name]
    if thing.ot not in field.ots or turn.program.rules.version < field.first:
        return
    written: bool | int | str = value
    if field.kind == "flag":
        written = read_flag(value)
    elif field.kind == "number":
        number = int(value) if _WHOLE.fullmatch(value) else 0
        written = number if field.floor is None else max(field.floor, number)
    setattr(thing.settings, field.attribute or name, written)


def control_panel(turn: Turn) -> str:
    """The settings of an object as a table of HTML, every quote behind a backslash."""
    port = turn.call.whole("port")
    thing = turn.need()
    labels = iter(turn.program.language.labels)
    handler = partial("send_changesetting({},{},{},'{}',this.{})".format, thing.ot, thing.id, port)
    settings = thing.settings
    rows: list[str] = []

    def check(name: str, on: bool, *, before: str = "", kind: str = "checkbox") -> None:
        checked = 'checked="checked"' if on else ""
        rows.append(
            f'<tr><td>{next(labels)}</td><td><input type="{kind}"{before}'
            f' onclick="{handler(name, "checked")}" {checked}/></td></tr>'
        )

    def edit(name: str, width: int = 50) -> None:
        rows.append(
            f'<tr><td>{next(labels)}</td><td><input style="width:{width}px" type="text"'
            f' value="{getattr(settings, name)}" onblur="{handler(name, "value")}"/></td></tr>'
        )

    unpaid = "" if turn.program.faults.subscribed else ' disabled="disabled" title="Not Subscribed"'
    radio = partial(check, before=' name="record_opts"', kind="radio")
    check("alerts", settings.alerts)
    check("notifyondisconnect", settings.notifyondisconnect, before=unpaid)
    edit("minimuminterval")
    edit("accessgroups", 100)
    check("scheduler", settings.scheduler)
    if thing.schedule:
        lines = "".join(f"{line}<br/>" for line in thing.schedule)
        rows.append(f'<tr><td colspan="2"><div class="settings_scheduler">{lines}</div></td></tr>')
    # The program asks twice for recordondetect and never for recordonalert.
    radio("recordoff", not settings.recordondetect)
    radio("recordondetect", settings.recordondetect)
    radio("recordonalert", settings.recordonalert)
    if thing.ot == CAMERA:
        check("ftprecordings", settings.ftprecordings)
        check("timelapseon", settings.timelapseon)
        for name in ("timelapse", "timelapseframes", "maxframerate", "maxframeraterecord"):
            edit(name)
        for name in ("ftpenabled", "localsaving", "cloudimages", "cloudrecording"):
            check(name, getattr(settings, name))
    html = f'<table cellspacing="3px">{"".join(rows)}</table>'
    return html.replace('"', '\\"')


SETTINGS = {
    "changesetting": Command(change_setting),
    "getcontrolpanel": Command(control_panel),
}
