"""A Dahua speed dome outdoors: head, motor lens, wiper, tracking; everything of §4.10 and §5."""

from tests.simulators.amcrest.faults import JsonStyle
from tests.simulators.amcrest.personalities import answers, tables, tables_picture, tables_system
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.ptz import Preset
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3
_CAN = ("AutoPan", "AutoScan", "Aux", "Flip", "Focus", "Iris", "Light", "Menu", "Pattern", "Wiper")


def _ptz_caps() -> dict[str, str]:
    """§4.10.4: what a speed dome can, which is everything."""
    text = answers.PTZ_CAPS["ptz.getCurrentProtocolCaps"]
    for name in _CAN:
        text = text.replace(f"caps.{name}=false", f"caps.{name}=true")
    text = text.replace("caps.PresetMax=25", "caps.PresetMax=300")
    return {"ptz.getCurrentProtocolCaps": text.replace("[1]=355", "[1]=360")}


DOME = Personality(
    name="dome",
    summary="Dahua speed dome: head, motor lens, wiper, window, tours, tracking, infrared",
    serial="7L04A3CPAG9D0E1",
    vendor="Dahua",
    device_class="SD",
    device_type="DH-SD49225XA-HNR",
    version="version=2.820.0000000.7.R,build:2023-02-10",
    system_info="""
deviceType=DH-SD49225XA-HNR
hardwareVersion=1.00
processor=ST7108
serialNumber={serial}
updateSerial=SD-Eos
""",
    extra_streams=2,
    config="\n".join(
        [
            tables.general("Yard", tries=5),
            tables.SYSTEM,
            tables_system.SYSTEM,
            "VideoStandard=PAL",
            tables.network("14:a7:8b:04:a3:9d", "SD"),
            tables.STORAGE_ALARMS,
            tables_system.STORAGE_GROUP,
            tables.VOLUMES,
            tables.alarm_slots(2, 1),
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Yard",
                tables.encode("H.265", (1920, 1080)),
                tables_picture.ENCODE_ROI,
                tables_picture.SMART_ENCODE,
                tables.MOTION_DETECT,
                tables.SMART_MOTION,
                tables.rule(0, 1, "Fence", "CrossLineDetection"),
                "VideoAnalyseGlobal[{ch}].Scene.Type=Normal",
                tables.RECORD,
                tables.RECORD_MODE,
                tables_system.STORAGE_POINT,
                tables.SNAP,
                tables.TAMPER,
                tables.AUDIO_DETECT,
                tables.PRIVACY,
                tables.PRIVACY_MASKING,
                tables.VIDEO_COLOR,
                tables.VIDEO_IN_OPTIONS,
                tables_picture.VIDEO_IN_MORE,
                tables.VIDEO_IN_MODE,
                tables.DAY_NIGHT,
                tables.IMAGE_CONTROL,
                tables_picture.FOCUS,
                tables_picture.ZOOM,
                tables_picture.SHARPNESS,
                tables.lighting(3),
                tables.LINKAGE,
                tables.widget(),
                tables_picture.WIDGET_MORE,
                tables_picture.ptz(),
                "LeSmartTrack[{ch}].Enable=false",
            ),
        ]
    ),
    capabilities=frozenset(
        {"alarm", "event_pictures", "lens", "ptz", "storage", "window", "wiper"}
    ),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("1080P,720P"),
        answers.video_input_caps(electric_focus=True),
        answers.counts(),
        answers.LANGUAGES,
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.STORAGE_CAPS,
        answers.EVENT_CAPS,
        answers.analyse_caps("Normal", rules=20),
        _ptz_caps(),
    ),
    exposure_events=(
        "VideoMotion",
        "SmartMotionHuman",
        "SmartMotionVehicle",
        "CrossLineDetection",
        "VideoBlind",
        "AudioMutation",
        "AudioAnomaly",
        "AlarmLocal",
        "StorageNotExist",
        "StorageFailure",
        "StorageLowSpace",
        "LensMaskOpen",
        "LensMaskClose",
    ),
    scenes=("garden",),
    presets={
        1: Preset("Gate", 12.0, 4.0, 2.0),
        2: Preset("Road", 95.5, 2.0, 8.0),
        7: Preset("Shed", 250.0, 20.0, 1.0),
    },
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 238 * _GIB, 40 * _GIB)]),),
    record_codec="h265",
    inputs=2,
    outputs=1,
    auth={"lock_after": 5},
    faults={"json": JsonStyle.TAB},
)
