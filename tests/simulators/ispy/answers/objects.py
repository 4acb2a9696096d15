"""The list of objects and the configuration of one (§4)."""

from tests.simulators.ispy.answers.turn import Command, Turn
from tests.simulators.ispy.objects import CAMERA, SpyObject
from tests.simulators.ispy.program import Program
from tests.simulators.ispy.rules import Rules


def word(value: bool) -> str:
    """A boolean as the program writes it."""
    return "true" if value else "false"


def object_list(turn: Turn) -> str:
    """One row per object, cameras first, each type by name; then OK."""
    program = turn.program
    ot, oid = turn.call.loose("ot"), turn.call.loose("oid")
    rows = []
    for things in (program.cameras, program.microphones):
        for thing in sorted(things, key=lambda each: each.name.casefold()):
            if program.rules.third and ((ot and thing.ot != ot) or (oid and thing.id != oid)):
                continue
            rows.append(_row(thing, program.rules))
    return "".join(f"{row}\r\n" for row in rows) + "OK"


def _row(thing: SpyObject, rules: Rules) -> str:
    # Before about 6.4 a source that brought nothing was offline too.
    online = thing.enabled and not (rules.ancient and thing.failing)
    fields = [
        str(thing.ot),
        str(thing.id),
        word(online),
        thing.name.replace(",", "&comma;"),
        "Online" if online else "Offline",
        *(
            text.replace(",", "&comma;").replace("\n", " ")
            for text in (thing.description, thing.settings.accessgroups)
        ),
    ]
    if thing.camera:
        fields += [str(thing.ptz), word(thing.talk)]
        if not rules.ancient:
            fields.append(str(thing.mic_pair))
    if rules.third:
        fields.append(word(thing.writing))
    return ",".join(fields)


def object_config(turn: Turn) -> str:
    """The configuration of an object as JavaScript; recording means forced."""
    turn.put("cfg", f"{{{_config(turn.thing, turn.program)}}}")
    return "OK"


def _config(thing: SpyObject | None, program: Program) -> str:
    if thing is None:
        return ""
    online, forced = word(thing.enabled), word(thing.now.forced)
    if thing.ot == CAMERA:
        width, height = thing.size
        text = (
            f"ot: 2, oid:{thing.id}, micpairid: {thing.mic_pair}, port: {program.port},"
            f"online: {online},recording: {forced}, width:{width}, height:{height},"
            f" talk:{word(thing.talk)}"
        )
    else:
        text = (
            f"ot: 1, oid:{thing.id}, port: {program.port}, online: {online},"
            f"recording: {forced}, width:320, height:40"
        )
    if program.rules.error_state:
        text += f", errorState:{word(thing.failing)}"
    return text


OBJECTS = {
    "getobjectlist": Command(object_list),
    "getobjectconfig": Command(object_config),
}
