"""What python-amcrest has that is not compared, each with its reason."""

from collections.abc import Mapping
from typing import Final

WITHOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("command", "stream_command", "command_audio", "get_base_url", "as_dict", "amcrest_ips"),
        "its own plumbing",
    ),
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
        "a step of find_files",
    ),
    "find_files": "compared with ours in tests/simulators_tests and by scripts/bench listing",
    "download_file": "compared in tests/simulators_tests, which says what its bytes are",
    "download_time": "compared in tests/simulators_tests, which says what its bytes are",
    "event_stream": "the raw text below event_actions",
    "event_actions": "compared event by event by scripts/bench events",
    "alarm_handler": "the broken helper below the four methods on alarms",
    "scan_devices": "tries every address of a network, which nobody should",
    "log_show": "gives the log as a file; ours is stored by save_log, of the vendor's own verb",
    "config_backup": "fails on a backup that is no text; ours is tried in test_care",
    "storage_device_info": "the text below storage_all, which is there",
    "storage_used": "bytes; ours tells percent and size",
    "network_interfaces": "ours has no use for the names of plugs",
    "device_class": "tells ours apart what kind of box it is, and is not shown",
    "video_max_remote_input_channels": "tells ours what kind of box it is, and is not shown",
    "delete_user": "tried in test_people, with what must not be deleted",
    "modify_user": "tried in test_people",
    "modify_password": "tried in test_people",
    "video_coordinates_current_window": "get_view answers in percent; tried in test_lens",
    "move_directly": "ptz_box takes percent of the picture; tried in test_ptz",
    "position_abs": "it sends degrees as whole numbers only; ours is tried in test_ptz",
    "ptz_control_command": "the plumbing below all that turns a head",
    "ptz_presets_list": "the text below ptz_presets_count, which is there",
    "ptz_status": "pan, tilt and zoom are features of those heads that tell them",
    "ptz_tour_routines_list": "it asks the wrong file; tried in tests/simulators_tests",
    "day_night_color": "reads VideoInOptions; ours has day_night of VideoInDayNight, which rules",
    "get_day_night_color": "the same",
    "set_day_night_color": "the same",
    "smart_ir": "inverts InfraRed of VideoInOptions; ours has infrared of Lighting, which rules",
    "is_smart_ir_on": "the same",
    "set_smart_ir": "the same",
    "video_enabled": "switching the main stream off leaves a camera without pictures",
    "is_video_enabled": "the same",
    "set_video_enabled": "the same, and it changes the infrared light with it",
    "motion_recording": "can be set only: set_motion_recording is there",
    "audio_send_stream": "sends a file of fixed length; ours speaks live, tried in test_sound",
    "audio_stream_capture": "reads for ever; ours is a ref of a stream, tried in test_live",
    "play_wav": "the same as audio_send_stream",
    "realtime_stream": "reads for ever; ours is a ref of a stream, tried in test_live",
    "mjpeg_url": "an address without a login; ours is a ref of a stream, tried in test_live",
    "mjpg_stream": "reads for ever; ours is a ref of a stream, tried in test_live",
}
"""What has no line above, and why."""
