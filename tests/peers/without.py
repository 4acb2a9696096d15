"""What python-amcrest has that is not compared, each with its reason."""

from collections.abc import Mapping
from typing import Final

WITHOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("command", "stream_command", "command_audio", "get_base_url"),
        "sends a request that its caller wrote, below all others",
    ),
    **dict.fromkeys(("as_dict", "amcrest_ips"), "what the object itself holds, and asks of no box"),
    **dict.fromkeys(
        ("log_find_start", "log_find_next", "log_find_stop"), "a step of log_find, which is there"
    ),
    **dict.fromkeys(
        (
            "factory_create",
            "factory_close",
            "factory_destroy",
            "media_file_find_start",
            "media_file_find_next",
        ),
        "a step of find_files, which is there",
    ),
    "event_stream": "the raw text below event_actions, which is there",
    "scan_devices": "tries every address of a network by itself; it never asks a box",
    "motion_recording": "can be set only, and set_motion_recording is there",
    **dict.fromkeys(
        ("audio_send_stream", "play_wav"),
        "posts a file as a form of a length that is not its own; ours speaks live, see test_sound",
    ),
    "audio_stream_capture": "reads for ever; ours is a ref of a stream, tried in test_sound",
    **dict.fromkeys(
        ("realtime_stream", "mjpg_stream"),
        "reads for ever; ours is a ref of a stream, tried in test_live",
    ),
    "mjpeg_url": "an address without a login; ours is a ref of a stream, tried in test_live",
}
"""What has no line in the other tables, and why."""
