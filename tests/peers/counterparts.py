"""Every method of python-amcrest: what we have for it, or why we have nothing."""

from datetime import UTC, datetime
from typing import Any, Final

from custom_components.cctv.devices.commands import (
    Aux,
    GetView,
    GotoPreset,
    Mode,
    Press,
    PtzBox,
    PtzMove,
    SavePreset,
    Set,
    SetConfig,
    SetTime,
    ShutDown,
    Tour,
)
from tests.simulators.amcrest import AmcrestSimulator

from . import kept, picture
from .sides import (
    REFUSED,
    Ask,
    Counterpart,
    Sides,
    ability,
    ability_value,
    command,
    config,
    config_value,
    feature,
    known,
    last,
    lines,
    members,
    options,
    setting,
    table,
    under,
)

DIRECTIONS: Final = {
    "Left": (-1, 0, 0),
    "Right": (1, 0, 0),
    "Up": (0, 1, 0),
    "Down": (0, -1, 0),
    "LeftUp": (-1, 1, 0),
    "LeftDown": (-1, -1, 0),
    "RightUp": (1, 1, 0),
    "RightDown": (1, -1, 0),
    "ZoomTele": (0, 0, 1),
    "ZoomWide": (0, 0, -1),
}
"""Theirs has a command for each; ours says all axes in one (§4.10.7)."""


def moves(box: AmcrestSimulator) -> Any:
    """Where the first order sends the head: pan, tilt, zoom; or which of its lens."""
    action, code, args = box.device.ptz.commands[0]
    if code == "Continuously":
        return action, tuple((each > 0) - (each < 0) for each in args[:3])
    return action, DIRECTIONS.get(code, code)


def turn(method: str, ours: PtzMove) -> Counterpart:
    """A movement that is begun."""
    return Counterpart(
        method,
        command(ours),
        (True,),
        {"channel": 1},
        state=moves,
        model="dome",
    )


_TABLES: Final = {
    "alarm_config": "Alarm",
    "alarm_out_config": "AlarmOut",
    "encode_media": "Encode",
    "encode_region_interested": "VideoEncodeROI",
    "event_ip_conflict": "IPConflict",
    "event_login_failure": "LoginFailureAlarm",
    "event_net_abort": "NetAbort",
    "event_storage_access_failure": "StorageFailure",
    "event_storage_low_space": "StorageLowSpace",
    "event_storage_not_exist": "StorageNotExist",
    "general_config": "General",
    "motion_detection": "MotionDetect",
    "nas_information": "NAS",
    "network_config": "Network",
    "ntp_config": "NTP",
    "ptz_auto_movement": "PtzAutoMovement",
    "ptz_config": "Ptz",
    "record_config": "Record",
    "rtsp_config": "RTSP",
    "snapshot_config": "Snap",
    "telnet_config": "Telnet",
    "upnp_config": "UPnP",
    "video_blind_detect_config": "BlindDetect",
    "video_channel_title": "ChannelTitle",
    "video_color_config": "VideoColor",
    "video_in_options": "VideoInOptions",
    "video_loss_detect_config": "LossDetect",
    "video_out_options": "VideoOut",
    "video_standard": "VideoStandard",
    "video_widget_config": "VideoWidget",
    "wlan_config": "WLan",
}
"""Methods that are one table, whatever the box has; WLan is refused to both here."""


async def _drift(sides: Sides) -> Any:
    return abs(await sides.feature(":clock_drift")) < 60


async def _picture(sides: Sides) -> Any:
    chunks = [chunk async for chunk in (await sides.ours.fetch("still:1")).chunks]
    return b"".join(chunks)[:2]


async def _address(sides: Sides) -> Any:
    return sides.ours.play_url(sides.topology.streams[":main"])


async def _inputs(sides: Sides) -> Any:
    return sum(part.startswith("input.") for part in sides.topology.parts)


async def _outputs(sides: Sides) -> Any:
    return sum(part.startswith("output.") for part in sides.topology.parts)


async def _extra(sides: Sides) -> Any:
    return len(sides.topology.streams) - 1


async def _presets(sides: Sides) -> Any:
    return len(sides.ours.box.topology.features[":preset"].options)


def _looked(box: AmcrestSimulator) -> Any:
    """The box that was looked at, in percent of either grid: 0-8191 or 0-8192."""
    ((action, _, edges),) = box.device.ptz.commands
    return action, [round(each / 81.92, 1) for each in edges]


async def _place(sides: Sides) -> Any:
    return [await sides.feature(each) for each in (":pan", ":tilt", ":zoom_position")]


def _told_place(text: str) -> Any:
    return [float(each) for each in members(r"Postion\[\d\]")(text)]


async def _view(sides: Sides) -> Any:
    view = (await sides.do(GetView())).data
    return [view[edge] for edge in ("left", "top", "right", "bottom")]


def _told_view(text: str) -> Any:
    edges = sorted(lines(text).items())
    return [round(float(each) / 81.91, 2) for _, each in edges]


def part_of(topic: str, beginning: str) -> Ask:
    """What the box can, of a topic that is several questions."""

    async def ask(sides: Sides) -> Any:
        told = await ability(topic)(sides)
        return {name: value for name, value in told.items() if name.startswith(beginning)}

    return ask


def firmware(told: tuple[str, str]) -> str:
    """Version and build as ours writes them."""
    return f"{told[0].strip()} ({told[1].strip()})"


DEVICE: Final = "devVideoInput"
INPUT: Final = "devVideoInput.caps"
EVENTS: Final = under("eventManager")
AUDIO_IN: Final = under("devAudioInput")
AUDIO_OUT: Final = under("devAudioOutput")
_INVALID: Final = "Error\r\nErrorID=2, Detail=Invalid Request!\r\n"
RECORD_MODES: Final = {"Automatic": "auto", "Manual": "on", "Stop": "off"}
_LOGIN: Final = "It puts a password with @ and / into the address as it is; ours encodes it"
_ADDRESSES: Final = (
    "rtsp://admin:p@ss:w/rd#@127.0.0.1:554/cam/realmonitor?channel=1&subtype=0",
    "rtsp://admin:p%40ss%3Aw%2Frd%23@127.0.0.1:554/cam/realmonitor?channel=1&subtype=0",
)
_CHANNEL_0: Final = "It asks channel 0, which most heads refuse; ours counts from 1 (§4.10)"
_NEVER: Final = (
    "It sends the text {alarm_name} for the command, which no box knows; ours asks alarm.cgi"
)
COUNTERPARTS: Final = (
    *(Counterpart(method, config(name), read=table) for method, name in _TABLES.items()),
    *(
        Counterpart(method, config(name), read=table, model=model)
        for method, name, model in (
            ("alarm_config", "Alarm", "dome"),
            ("ptz_config", "Ptz", "dome"),
            ("encode_media", "Encode", "wizsense"),
            ("video_channel_title", "ChannelTitle", "nvr"),
            ("motion_detection", "MotionDetect", "nvr"),
            ("video_out_options", "VideoOut", "nvr"),
            ("video_in_options", "VideoInOptions", "thermal"),
            ("general_config", "General", "vto"),
        )
    ),
    Counterpart("event_handler_config", config("BlindDetect"), ("BlindDetect",), read=table),
    Counterpart("media_global_config", config("MediaGlobal"), read=table),
    Counterpart("privacy_config", config("LeLensMask"), read=table),
    # --- what it can
    Counterpart("encode_capability", ability("encoder"), read=lines),
    Counterpart("encode_config_capability", ability("encoder_channel"), (1,), read=lines),
    Counterpart("record_capability", ability("recording"), read=lines),
    Counterpart("event_management", part_of("events", "eventManager.caps"), read=EVENTS),
    Counterpart("video_input_capability", part_of("video_input", INPUT), (1,), read=under(DEVICE)),
    Counterpart("audio_input_channels_numbers", part_of("audio", "devAudioInput"), read=AUDIO_IN),
    Counterpart("audio_output_channels_numbers", part_of("audio", "devAudioOut"), read=AUDIO_OUT),
    Counterpart(
        "video_input_channels_device_supported",
        part_of("video_input", "devVideoInput.result"),
        read=under("devVideoInput"),
    ),
    Counterpart("video_output_channels_device_supported", ability("video_output"), read=lines),
    Counterpart(
        "storage_device_names", part_of("disks", "storageDevice.list"), read=under("storageDevice")
    ),
    Counterpart("network_interfaces", ability("network"), read=lines),
    # --- what it is
    Counterpart("device_class", ability_value("product", "magicBox.class"), read=last),
    Counterpart("device_class", ability_value("product", "magicBox.class"), read=last, model="nvr"),
    Counterpart(
        "video_max_remote_input_channels",
        ability_value("product", "magicBox.table.MaxRemoteInputChannels"),
        read=last,
        model="nvr",
    ),
    Counterpart("serial_number", known("serial"), read=str.strip),
    Counterpart("device_type", known("model"), read=str.strip),
    Counterpart("machine_name", known("name"), read=str.strip),
    Counterpart("machine_name", known("name"), read=str.strip, model="nvr"),
    Counterpart("vendor_information", known("maker"), read=str.strip),
    Counterpart("hardware_version", known("hardware"), read=str.strip),
    Counterpart("software_information", known("firmware"), read=firmware),
    Counterpart("software_information", known("firmware"), read=firmware, model="vto"),
    Counterpart(
        "system_information", known("serial"), read=lambda text: lines(text)["serialNumber"]
    ),
    Counterpart("version_http_api", feature(":api_version"), read=last),
    Counterpart("onvif_information", feature(":onvif_version"), read=last),
    Counterpart("current_time", _drift, read=lambda now: abs(now - datetime.now()).seconds < 60),  # noqa: DTZ005
    Counterpart("snapshot", _picture, read=lambda picture: picture[:2]),
    Counterpart("rtsp_url", _address, differs=_LOGIN, told=_ADDRESSES),
    # --- how it is
    Counterpart("is_motion_detector_on", feature(":motion_detection")),
    Counterpart("is_record_on_motion_detection", feature(":record_on_motion")),
    Counterpart("record_mode", feature(":record_mode"), read=RECORD_MODES.__getitem__),
    Counterpart("get_record_mode", feature(":record_mode"), read=RECORD_MODES.__getitem__),
    Counterpart("is_audio_enabled", feature(":stream_sound")),
    Counterpart("audio_enabled", feature(":stream_sound")),
    Counterpart(
        "video_in_option", config_value("VideoInOptions[0].Mirror"), ("Mirror",), read=" ".join
    ),
    Counterpart("video_max_extra_streams", _extra),
    Counterpart("ptz_presets_count", _presets, model="dome", differs=_CHANNEL_0, told=(REFUSED, 3)),
    Counterpart("get_ptz_presets_count", _presets, kwargs={"channel": 1}, model="dome"),
    Counterpart("is_motion_detected", feature(":motion"), read=bool),
    Counterpart("event_channels_happened", feature(":tamper"), ("VideoBlind",), read=bool),
    Counterpart("is_human_detected", feature(":person"), read=bool, model="dome"),
    Counterpart("is_vehicle_detected", feature(":vehicle"), read=bool, model="dome"),
    Counterpart("is_alarm_triggered", feature("input.1:input"), read=bool, model="dome"),
    Counterpart("upnp_status", feature(":upnp_state"), read=lambda t: lines(t)["status[0].Status"]),
    # --- what both change
    Counterpart(
        "set_motion_detection",
        command(Set("motion_detection", value=False)),
        (False,),
        state=setting("MotionDetect[0].Enable"),
    ),
    Counterpart(
        "set_motion_recording",
        command(Set("record_on_motion", value=False)),
        (False,),
        state=setting("MotionDetect[0].EventHandler.RecordEnable"),
    ),
    Counterpart(
        "set_record_mode",
        command(Set("record_mode", "off")),
        (2,),
        state=setting("RecordMode[0].Mode"),
    ),
    Counterpart(
        "set_audio_enabled",
        command(Set("stream_sound", value=False)),
        (False,),
        state=setting("Encode[0].MainFormat[0].AudioEnable"),
    ),
    Counterpart(
        "set_privacy",
        command(Set("privacy", value=True)),
        (True,),
        state=setting("LeLensMask[0].Enable"),
    ),
    Counterpart(
        "set_ntp_config",
        command(Set("ntp", value=False)),
        ("NTP.Enable=false",),
        state=setting("NTP.Enable"),
    ),
    Counterpart(
        "set_upnp_config",
        command(Set("upnp", value=True)),
        ("UPnP.Enable=true",),
        state=setting("UPnP.Enable"),
    ),
    Counterpart(
        "set_record_config",
        command(Set("pre_record", 9)),
        ("Record[0].PreRecord=9",),
        state=setting("Record[0].PreRecord"),
    ),
    Counterpart(
        "set_telnet_config",
        command(SetConfig({"Telnet.Enable": "true"})),
        ("true",),
        state=setting("Telnet.Enable"),
    ),
    Counterpart(
        "set_video_in_option",
        command(Set("mirror", value=True)),
        ("Mirror", "true"),
        state=setting("VideoInOptions[0].Mirror"),
    ),
    Counterpart(
        "set_video_standard",
        command(Set("video_standard", "PAL")),
        ("PAL",),
        state=setting("VideoStandard"),
        differs="It asks for a table of the name setConfig&VideoStandard=PAL, and nothing is set",
        told=("NTSC", "PAL"),
    ),
    Counterpart(
        "onvif_login_check",
        command(Set("onvif_login", value=False)),
        (False,),
        state=setting("UserGlobal.OnvifLoginCheck"),
    ),
    Counterpart(
        "set_current_time",
        command(SetTime(datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))),
        (datetime(2025, 1, 2, 3, 4, 5),),  # noqa: DTZ001
        state=lambda box: box.device.clock.now().replace(second=0, microsecond=0).isoformat(),
    ),
    Counterpart("shutdown", command(ShutDown()), state=lambda box: box.mode),
    Counterpart("reboot", command(Press("restart")), state=lambda box: box.mode),
    # --- what turns a head
    turn("move_left", PtzMove(pan=-0.5)),
    turn("move_right", PtzMove(pan=0.5)),
    turn("move_up", PtzMove(tilt=0.5)),
    turn("move_down", PtzMove(tilt=-0.5)),
    turn("move_left_up", PtzMove(pan=-0.5, tilt=0.5)),
    turn("move_left_down", PtzMove(pan=-0.5, tilt=-0.5)),
    turn("move_right_up", PtzMove(pan=0.5, tilt=0.5)),
    turn("move_right_down", PtzMove(pan=0.5, tilt=-0.5)),
    turn("zoom_in", PtzMove(zoom=0.5)),
    turn("zoom_out", PtzMove(zoom=-0.5)),
    turn("focus_near", PtzMove(focus=-0.5)),
    turn("focus_far", PtzMove(focus=0.5)),
    turn("iris_large", PtzMove(iris=0.5)),
    turn("iris_small", PtzMove(iris=-0.5)),
    Counterpart(
        "go_to_preset",
        command(GotoPreset("2")),
        kwargs={"channel": 1, "preset_point_number": 2},
        state=lambda box: box.device.ptz.position,
        model="dome",
    ),
    Counterpart(
        "set_preset",
        command(SavePreset("9")),
        kwargs={"channel": 1, "preset_point_number": 9},
        state=lambda box: sorted(box.device.ptz.presets),
        model="dome",
    ),
    Counterpart(
        "tour",
        command(Tour("3")),
        kwargs={"channel": 1, "tour_path_number": 3},
        state=lambda box: box.device.ptz.running_tour,
        model="dome",
    ),
    Counterpart(
        "ptz_control_command",
        command(Aux(run=True, number=3)),
        ("start", "AuxOn"),
        {"channel": 1, "arg1": "3"},
        state=lambda box: box.device.ptz.aux,
        model="dome",
    ),
    Counterpart(
        "position_abs",
        command(PtzMove(pan=90, tilt=20, mode=Mode.ABSOLUTE)),
        (True,),
        {"channel": 1, "horizontal_angle": 90, "vertical_angle": 20},
        state=lambda box: box.device.ptz.position,
        model="dome",
    ),
    Counterpart(
        "move_directly",
        command(PtzBox(25, 12.5, 75, 87.5)),
        (2048, 1024, 6144, 7168),
        state=_looked,
        model="dome",
    ),
    # --- where a head is
    Counterpart(
        "ptz_presets_list",
        options(":preset"),
        kwargs={"channel": 1},
        read=members("Name"),
        model="dome",
    ),
    Counterpart("ptz_status", _place, kwargs={"channel": 1}, read=_told_place, model="dome"),
    Counterpart("video_coordinates_current_window", _view, (1,), read=_told_view, model="dome"),
    Counterpart(
        "ptz_tour_routines_list",
        options(":tour"),
        kwargs={"channel": 1},
        model="dome",
        before=lambda box: box.device.ptz.tours.update({1: []}),
        differs="It asks configManager.cgi, which knows no tours; ours asks ptz.cgi (§4.10.6)",
        told=(_INVALID, ["Tour1"]),
    ),
    # --- what it never asks
    *(
        Counterpart(method, ours, args, model="dome", differs=_NEVER, told=(_INVALID, value))
        for method, args, ours, value in (
            ("alarm_input_channels", (), _inputs, 2),
            ("alarm_output_channels", (), _outputs, 1),
            ("alarm_states_input_channels", (), feature("input.1:input"), False),
            ("alarm_states_output_channels", (), feature("output.1:output_active"), False),
            ("alarm_handler", ("getInState",), feature("input.1:input"), False),
        )
    ),
    *picture.LINES,
    *kept.LINES,
)
