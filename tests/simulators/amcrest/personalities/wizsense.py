"""A Dahua bullet with two kinds of light, a siren and smart detection; compact-tab JSON."""

from tests.simulators.amcrest.faults import JsonStyle
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables, tables_picture, tables_system
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3
_RULES = (
    tables.rule(0, 1, "Driveway line", "CrossLineDetection"),
    tables.rule(1, 4, "Lawn; left=right", "CrossRegionDetection"),
    tables.rule(3, 2, "Parcel gone", "TakenAwayDetection"),
    tables.rule(4, 7, "Parcel left", "LeftDetection", enabled=False),
)

WIZSENSE = Personality(
    name="wizsense",
    summary="Dahua WizSense camera: three lights, siren, IVS rules, alarm slots, SHA-256",
    serial="8K0212DPAZ3F91E",
    vendor="Dahua",
    device_class="IPC",
    device_type="DH-IPC-HFW3849T1-AS-PV",
    version="version=2.840.0000000.28.R,build:2024-03-18",
    system_info="""
appAutoStart=true
deviceType=DH-IPC-HFW3849T1-AS-PV
hardwareVersion=1.00
processor=CV25
serialNumber={serial}
updateSerial=IPC-HFW3XXX-Molec
""",
    extra_streams=2,
    config="\n".join(
        [
            tables.general("Driveway", tries=5),
            tables.SYSTEM,
            tables_system.SYSTEM,
            "VideoStandard=PAL",
            tables.network("3c:ef:8c:02:12:d0", "IPC"),
            tables.STORAGE_ALARMS,
            tables_system.STORAGE_GROUP,
            tables.VOLUMES,
            tables.alarm_slots(2, 1),
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Driveway",
                tables.encode("H.265", (3840, 2160)),
                "Encode[{ch}].ExtraFormat[1].Video.Compression=MJPG",
                tables_picture.ENCODE_ROI,
                tables.MOTION_DETECT,
                tables.SMART_MOTION,
                *_RULES,
                "VideoAnalyseGlobal[{ch}].Scene.Type=Normal",
                tables.RECORD,
                tables.RECORD_MODE,
                tables_system.STORAGE_POINT,
                tables.SNAP,
                tables.TAMPER,
                tables.AUDIO_DETECT,
                tables.PRIVACY_MASKING,
                tables.VIDEO_COLOR,
                tables.VIDEO_IN_OPTIONS,
                tables_picture.VIDEO_IN_MORE,
                tables.VIDEO_IN_MODE,
                tables.DAY_NIGHT,
                tables.IMAGE_CONTROL,
                tables.lighting_v2("InfraredLight", "AIMixLight", "WhiteLight"),
                tables.lighting_scheme(),
                "SmartEncode[{ch}].Enable=false",
                tables.LINKAGE,
                tables.widget(),
                tables_picture.WIDGET_MORE,
            ),
        ]
    ),
    capabilities=frozenset({"alarm", "coaxial", "event_pictures", "lens", "log_counts", "storage"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("3840x2160,2688x1520,1080P"),
        answers.video_input_caps(electric_focus=True),
        answers.counts(),
        answers.LANGUAGES,
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.STORAGE_CAPS,
        answers.EVENT_CAPS,
        answers.analyse_caps("Normal", "FaceDetection"),
    ),
    exposure_events=(
        "VideoMotion",
        "SmartMotionHuman",
        "SmartMotionVehicle",
        "CrossLineDetection",
        "CrossRegionDetection",
        "LeftDetection",
        "TakenAwayDetection",
        "VideoBlind",
        "SceneChange",
        "AudioMutation",
        "AudioAnomaly",
        "AlarmLocal",
        "StorageNotExist",
        "StorageFailure",
        "StorageLowSpace",
    ),
    scenes=("driveway",),
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 119 * _GIB, 64 * _GIB)]),),
    record_codec="h265",
    inputs=2,
    outputs=1,
    auth={"algorithms": ("SHA-256",), "lock_after": 5, "nonce_life": 300.0},
    faults={
        "json": JsonStyle.TAB,
        "charset": True,
        "length_blank": True,
        "find_base": 1,
        "find_nothing": Refusal.BAD_REQUEST,
        "load_mp4": True,
    },
    refuse={"set VideoStandard": Refusal.NOT_IMPLEMENTED},
)
