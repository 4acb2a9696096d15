"""What each path of the two ports does (§3); the numbers are the rows of its tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import json

from tests.simulators.dvro.naming import TEMPLATES, read_object, read_path, read_settings, read_text
from tests.simulators.dvro.recorder import Recorder
from tests.simulators.dvro.wording import done, say, say_bare, say_flag, say_object
from tests.simulators.messages import Reply

_INSPECTOR = "/api/inspector"


class Failed(Exception):
    """The command raised an error in the program."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a handler looks at: the recorder, the word behind the path, the body."""

    recorder: Recorder
    word: str
    body: bytes


type Handler = Callable[[Asked], Reply]


def ping(asked: Asked) -> Reply:
    """Say that the software is alive (row 1)."""
    return say_flag(asked.recorder.faults, "Ping", value=True)


def apply(asked: Asked) -> Reply:
    """Push the encoder settings to all channels (row 2)."""
    asked.recorder.apply(read_settings(read_object(asked.body)))
    return done(asked.recorder.faults)


def create_directory(asked: Asked) -> Reply:
    """Make a folder (row 3)."""
    path = read_path(read_object(asked.body), "Directory")
    if path is not None:
        asked.recorder.make_directory(path)
    return done(asked.recorder.faults)


def recording_directory(asked: Asked) -> Reply:
    """Take the folder for recordings (row 4)."""
    path = read_path(read_object(asked.body), "Directory")
    if path is not None:
        asked.recorder.recording_dir = path
    return done(asked.recorder.faults)


def inspection_directory(asked: Asked) -> Reply:
    """Take the folder for frame grabs and clips (row 5)."""
    path = read_path(read_object(asked.body), "Directory")
    if path is not None:
        asked.recorder.inspection_dir = path
    return done(asked.recorder.faults)


def split_time(asked: Asked) -> Reply:
    """Split files every so many minutes (row 6)."""
    if not asked.word.isascii() or not asked.word.isdigit() or not 0 < int(asked.word) < 10**6:
        raise Failed(asked.word)
    asked.recorder.set_split(int(asked.word))
    return done(asked.recorder.faults)


def reevaluate_tags(asked: Asked) -> Reply:
    """Name the files of a split anew, or not (row 7)."""
    if asked.word.lower() not in ("true", "false"):
        raise Failed(asked.word)
    asked.recorder.reevaluate = asked.word.lower() == "true"
    return done(asked.recorder.faults)


def set_templates(asked: Asked) -> Reply:
    """Take any of the templates, and the folder if it is named (row 8)."""
    members = read_object(asked.body)
    given = {name: read_text(members, name) for name in TEMPLATES}
    path = read_path(members, "Directory")
    asked.recorder.templates.update({name: text for name, text in given.items() if text})
    if path is not None:
        asked.recorder.recording_dir = path
    return done(asked.recorder.faults)


def get_templates(asked: Asked) -> Reply:
    """Tell the templates, or nothing: the document says both (row 9)."""
    faults = asked.recorder.faults
    if not faults.template_json:
        return done(faults)
    templates: dict[str, object] = {**asked.recorder.templates}
    return say_object(faults, templates, json.dumps(templates))


def stop_recording(asked: Asked) -> Reply:
    """Stop all channels (row 11)."""
    asked.recorder.stop()
    return done(asked.recorder.faults)


def is_recording(asked: Asked) -> Reply:
    """Say whether it records (rows 12 and 13)."""
    return say_bare(asked.recorder.faults, "IsRecording", asked.recorder.recording)


def take_frame_grab(asked: Asked) -> Reply:
    """Write the picture to the recorder's disk (row 14)."""
    return say_bare(asked.recorder.faults, "TakeFrameGrab", asked.recorder.grab())


def start_clip(asked: Asked) -> Reply:
    """Begin an extra clip (row 15)."""
    faults = asked.recorder.faults
    if not asked.recorder.start_clip() and faults.idle_clip_status != 200:
        raise Failed("not recording")
    return done(faults)


def stop_clip(asked: Asked) -> Reply:
    """End the extra clip (row 16)."""
    asked.recorder.stop_clip()
    return done(asked.recorder.faults)


def is_clip_recording(asked: Asked) -> Reply:
    """Say whether a clip is made; no without a channel too (row 17)."""
    return say_bare(asked.recorder.faults, "IsClipRecording", asked.recorder.clip)


def second_is_recording(asked: Asked) -> Reply:
    """Say whether it records: an object if so, else a bare word (row 18)."""
    recorder = asked.recorder
    if recorder.recording:
        return say_flag(recorder.faults, "IsRecording", value=True)
    return say_bare(recorder.faults, "IsRecording", value=False)


def status(asked: Asked) -> Reply:
    """Say whether it records and how much room is left (row 19)."""
    recorder = asked.recorder
    members: dict[str, object] = {
        "IsRecording": recorder.recording,
        "DriveSpace": recorder.drive_space,
    }
    return say_object(recorder.faults, members, json.dumps(members, separators=(",", ":")))


def filename(asked: Asked) -> Reply:
    """Name the newest file (row 20)."""
    members: dict[str, object] = {"Filename": asked.recorder.filename}
    return say(asked.recorder.faults, json.dumps(members))


START = f"{_INSPECTOR}/startrecording"
"""Row 10: it may have to wait for somebody at the screen, so the server does it."""

INSPECTOR: Mapping[str, Mapping[str, Handler]] = {
    "/api/stats/ping": {"GET": ping},
    "/api/recordersettings/apply": {"POST": apply},
    f"{_INSPECTOR}/createdirectory": {"POST": create_directory},
    f"{_INSPECTOR}/recordingdirectory": {"POST": recording_directory},
    f"{_INSPECTOR}/inspectiondirectory": {"POST": inspection_directory},
    f"{_INSPECTOR}/splittime/": {"GET": split_time},
    f"{_INSPECTOR}/reevaluatetags/": {"GET": reevaluate_tags},
    f"{_INSPECTOR}/pathtemplate": {"POST": set_templates, "GET": get_templates},
    START: {"GET": lambda asked: done(asked.recorder.faults)},
    f"{_INSPECTOR}/stoprecording": {"GET": stop_recording},
    f"{_INSPECTOR}/isrecording": {"GET": is_recording},
    f"{_INSPECTOR}/encoderrunning": {"GET": is_recording},
    f"{_INSPECTOR}/takeframegrab": {"GET": take_frame_grab},
    f"{_INSPECTOR}/startclip": {"GET": start_clip},
    f"{_INSPECTOR}/stopclip": {"GET": stop_clip},
    f"{_INSPECTOR}/iscliprecording": {"GET": is_clip_recording},
}
"""Paths of port 13000; one that ends in a slash takes a word behind it."""

STATUS: Mapping[str, Mapping[str, Handler]] = {
    "/api/stats/ping": {"GET": ping},
    "/api/recording/isrecording": {"GET": second_is_recording},
    "/api/recording/encoderrunning": {"GET": second_is_recording},
    "/api/recording/status": {"GET": status},
    "/api/recording/filename": {"GET": filename},
}
"""Paths of port 8088."""
