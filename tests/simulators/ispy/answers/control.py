"""Commands that act on objects (§5)."""

from collections.abc import Callable, Iterable
from functools import partial

from tests.simulators.ispy.answers.turn import NEVER, Command, Turn, since
from tests.simulators.ispy.grammar import Crash
from tests.simulators.ispy.objects import CAMERA, MICROPHONE, SpyObject
from tests.simulators.ispy.rules import ALWAYS

OK = "OK"
_MISSING = {MICROPHONE: "Microphone not found,OK", CAMERA: "Camera not found,OK"}
_GAP = ((ALWAYS, (6, 4, 8)), ((6, 6, 3), NEVER))
"""Versions that can add and remove objects."""


def record(turn: Turn, on: bool) -> str:
    """Force a recording or end it; without a type, of everything that is enabled."""
    if turn.ot == 0:
        for one in list(turn.program.objects()):
            if one.enabled:
                turn.program.record(one, on)
        return ""
    thing = turn.thing
    if thing is None:
        return _MISSING.get(turn.ot, "")
    return f"{turn.program.record(thing, on)},OK"


def record_switch(turn: Turn) -> str:
    """Start what is not recording, stop what is."""
    thing = turn.thing
    if thing is None:
        if turn.ot not in _MISSING:
            return ""
        return f"stopped,{_MISSING[turn.ot]}" if turn.program.rules.first else _CONTROL_MISSING
    return f"{turn.program.record(thing, not (thing.writing or thing.now.forced))},OK"


_CONTROL_MISSING = "stopped,Control not found,OK"


def alert(turn: Turn) -> str:
    """Raise an alert, even where alerts are off."""
    if turn.ot == 0:
        for one in list(turn.program.objects()):
            turn.program.alert(one)
        return ""
    thing = turn.thing
    if thing is None:
        return _MISSING.get(turn.ot, "")
    turn.program.alert(thing)
    return OK


def trigger_alarm(turn: Turn) -> str:
    """Raise an alert and say OK whatever happens."""
    if turn.thing is not None:
        turn.program.alert(turn.thing)
    return OK


def trigger_detect(turn: Turn) -> str:
    """Mark motion or sound; any type but 1 is a camera."""
    thing = turn.program.find(MICROPHONE if turn.ot == MICROPHONE else CAMERA, turn.oid)
    if thing is not None:
        turn.program.detect(thing)
    return OK


def trigger_plugin(turn: Turn) -> str:
    """Have the plugin look at the next frame."""
    if turn.camera is not None:
        turn.camera.triggered += 1
    return OK


def all_objects(turn: Turn, on: bool) -> str:
    """Enable or disable everything."""
    for thing in list(turn.program.objects()):
        turn.program.enable(thing, on)
    return OK


def enable(turn: Turn, on: bool) -> str:
    """Enable or disable one object."""
    if turn.thing is not None:
        turn.program.enable(turn.thing, on)
    return OK


def nothing(turn: Turn) -> str:
    """Say OK and do nothing, as allscheduledon does since 6.4."""
    return OK


def apply_schedule(turn: Turn) -> str:
    """Bring objects to what their schedule says; silent since G2."""
    turn.program.apply_schedule()
    return OK if turn.program.rules.first else ""


def _things(turn: Turn) -> Iterable[SpyObject]:
    if turn.ot == 0:
        return list(turn.program.objects())
    return [] if turn.thing is None else [turn.thing]


def each(turn: Turn, act: Callable[[Turn, SpyObject], None]) -> str:
    """Do something to one object, or to all where no type is given."""
    for thing in _things(turn):
        act(turn, thing)
    turn.program.changed.poke()
    return OK


def _mode(mode: str) -> Command:
    def act(turn: Turn, thing: SpyObject) -> None:
        turn.program.set_mode(thing, mode)

    return Command(partial(each, act=act))


def _alerts(on: bool) -> Command:
    def act(turn: Turn, thing: SpyObject) -> None:
        thing.settings.alerts = on

    return Command(partial(each, act=act))


def toggle_alert_mode(turn: Turn) -> str:
    """Movement to no movement and back."""
    if turn.thing is not None:
        turn.program.toggle_alert_mode(turn.thing)
    return OK


def snapshot(turn: Turn) -> str:
    """Save a grab of one camera; any other type means all of them."""
    cameras = [turn.camera] if turn.ot == CAMERA else list(turn.program.cameras)
    for camera in cameras:
        if camera is not None:
            turn.program.snapshot(camera)
    return OK if turn.program.rules.snapshot_answers else ""


def delete_all(turn: Turn) -> str:
    """Delete the media files of an object."""
    thing = turn.need()
    thing.recordings.clear()
    thing.thumbs.clear()
    thing.grabs.clear()
    return OK


def remove_object(turn: Turn) -> str:
    """Remove an object; anything but type 1 means a camera."""
    turn.program.remove(turn.ot, turn.oid)
    return OK


def add_object(turn: Turn) -> str:
    """Add a camera or a microphone; without a type nothing happens."""
    if turn.ot not in _MISSING:
        return OK
    call = turn.call
    call.whole("stid")
    size = call.whole("w"), call.whole("h")
    made = turn.program.add(turn.ot, call.get("name"), size=size)
    made.description = call.get("url")
    return OK


def listen(turn: Turn, on: bool) -> str:
    """Play a microphone on the PC's speakers."""
    microphone = turn.program.find(MICROPHONE, turn.oid)
    if microphone is not None:
        microphone.now.listening = on
    turn.program.changed.poke()
    return OK


def talk(turn: Turn, on: bool) -> str:
    """Send the PC's microphone to a camera."""
    if turn.camera is not None:
        turn.camera.now.talking = on
    turn.program.changed.poke()
    return OK


def synthesize(turn: Turn) -> str:
    """Speak a text at a camera."""
    if turn.camera is not None:
        turn.camera.spoken.append(turn.call.get("text"))
    turn.program.changed.poke()
    return OK


def set_mask(turn: Turn) -> str:
    """Put a mask over a camera's picture: a path on the PC."""
    if turn.ot != CAMERA or turn.camera is None:
        return "NOK"
    known = turn.program.personality
    path = turn.call.get("fn")
    if path in known.bad_masks:
        return "NOK"
    found = path in known.masks
    turn.camera.mask = path if found else ""
    return OK if found else "Mask not found"


def tilt(turn: Turn, degrees: int) -> str:
    """Tilt a Kinect."""
    if turn.camera is not None:
        turn.camera.tilt += degrees
    return OK


def frame_rate(turn: Turn, field: str) -> str:
    """Limit a camera's frame rate."""
    rate = max(1, turn.call.whole("rate"))
    if turn.camera is not None:
        setattr(turn.camera.settings, field, rate)
    return OK


def delete_file(turn: Turn) -> str:
    """Delete a media file and leave its thumbnails (§8)."""
    if turn.thing is not None:
        turn.thing.drop_file(turn.call.get("fn"), thumbs=False)
    return OK


def delete_files(turn: Turn) -> str:
    """Delete media files with their thumbnails (§8)."""
    thing = turn.need()
    for name in turn.call.get("filelist").strip("|").split("|"):
        thing.drop_file(name, thumbs=True)
    return OK


def delete_grabs(turn: Turn) -> str:
    """Delete grabs (§8)."""
    names = {name.lower() for name in turn.call.get("filelist").strip("|").split("|")}
    turn.need().drop_grabs(lambda grab: grab.name.lower() in names)
    return OK


def upload(turn: Turn) -> str:
    """Upload a file; the message says whether it worked."""
    thing = turn.thing
    if thing is None or thing.file(turn.call.get("fn")) is None:
        return "File not found,OK"
    turn.program.called.append(f"{turn.call.command} {turn.call.get('fn')}")
    return "Upload added to the queue,OK"


def play_file(turn: Turn) -> str:
    """Open a player on the PC; since April 2022 a plain name is never found."""
    found = turn.thing is not None and turn.thing.file(turn.call.get("fn")) is not None
    if found and turn.program.rules.plays_plain_names:
        return OK
    return "File does not exist"


def archive(turn: Turn) -> str:
    """Move files to the archive."""
    if not turn.program.faults.archive:
        return "Archive failed. Check storage settings."
    if turn.thing is None:
        raise Crash("unknown object")
    turn.program.called.append(f"archive {turn.call.get('filelist')}")
    return OK


CONTROL = {
    "recordswitch": Command(record_switch),
    "record": Command(partial(record, on=True)),
    "recordstop": Command(partial(record, on=False)),
    "recordoff": Command(partial(record, on=False)),
    "alert": Command(alert),
    "triggeralarm": Command(trigger_alarm),
    "triggerdetect": Command(trigger_detect),
    "triggerplugin": Command(trigger_plugin),
    "allon": Command(partial(all_objects, on=True)),
    "alloff": Command(partial(all_objects, on=False)),
    "allscheduledon": Command(nothing),
    "allscheduledoff": Command(nothing),
    "applyschedule": Command(apply_schedule),
    "bringonline": Command(partial(enable, on=True)),
    "takeoffline": Command(partial(enable, on=False)),
    "recordondetecton": _mode("recordondetect"),
    "recordonalerton": _mode("recordonalert"),
    "recordingoff": _mode("recordoff"),
    "alerton": _alerts(on=True),
    "alertoff": _alerts(on=False),
    "togglealertmode": Command(toggle_alert_mode),
    "snapshot": Command(snapshot),
    "deleteall": Command(delete_all),
    "removeobject": Command(remove_object, _GAP),
    "addobject": Command(add_object, _GAP),
    "startlisten": Command(partial(listen, on=True)),
    "stoplisten": Command(partial(listen, on=False)),
    "starttalk": Command(partial(talk, on=True)),
    "stoptalk": Command(partial(talk, on=False)),
    "synthtocam": Command(synthesize),
    "setmask": Command(set_mask),
    "kinect_tilt_up": Command(partial(tilt, degrees=4)),
    "kinect_tilt_down": Command(partial(tilt, degrees=-4)),
    "setframerate": Command(partial(frame_rate, field="maxframerate")),
    "setrecordingframerate": Command(partial(frame_rate, field="maxframeraterecord")),
    "deletefile": Command(delete_file),
    "massdelete": Command(delete_files),
    "massdeletegrabs": Command(delete_grabs),
    "uploadyoutube": Command(upload, ((ALWAYS, (7, 2, 4)),)),
    "uploadcloud": Command(upload),
    "playfile": Command(play_file),
    "archive": since(ALWAYS, archive),
}
