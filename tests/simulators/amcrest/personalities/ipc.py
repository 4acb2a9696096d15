"""An Amcrest indoor camera that pans and tilts, after an IP4M-1041B; styled JSON."""

from tests.simulators.amcrest.personalities import answers, tables, tables_picture, tables_system
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.ptz import Preset
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3

IPC = Personality(
    name="ipc",
    summary="Amcrest IP4M-1041B: pan and tilt, SD card, Digest MD5, styled JSON",
    serial="AMC0110A41B20C7",
    device_class="IPC",
    device_type="IP4M-1041B",
    version="version=2.800.00AC006.0.R,build:2023-10-27",
    system_info="""
appAutoStart=true
deviceType=IP4M-1041B
hardwareVersion=1.00
processor=SSC327DE
serialNumber={serial}
updateSerial=IP4M-1041B
updateSerialCloudUpgrade=IP4M-1041B:EN
""",
    config="\n".join(
        [
            tables.general("AMC Front Door", tries=30),
            tables.SYSTEM,
            tables_system.SYSTEM,
            tables_system.WLAN,
            tables.network("9c:8e:cd:10:a4:1b", "IP4M-1041B", wifi="9c:8e:cd:10:a4:1c"),
            tables.STORAGE_ALARMS,
            tables_system.STORAGE_GROUP,
            tables.VOLUMES,
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Front Door",
                tables.encode("H.264", (2560, 1440)),
                tables_picture.ENCODE_ROI,
                tables_picture.SMART_ENCODE,
                tables.MOTION_DETECT,
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
                tables.lighting(4),
                tables.LINKAGE,
                tables.widget(),
                tables_picture.WIDGET_MORE,
                tables_picture.ptz(),
                "LeSmartTrack[{ch}].Enable=false",
                "LightGlobal[{ch}].Enable=true",
            ),
        ]
    ),
    capabilities=frozenset({"discovery", "event_pictures", "ptz", "storage"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("2560x1440,1080P,720P"),
        answers.video_input_caps(),
        answers.counts(),
        answers.LANGUAGES,
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.STORAGE_CAPS,
        answers.EVENT_CAPS,
        answers.PTZ_CAPS,
    ),
    exposure_events=(
        "VideoMotion",
        "VideoBlind",
        "AudioMutation",
        "AudioAnomaly",
        "StorageNotExist",
        "StorageFailure",
        "StorageLowSpace",
        "NetAbort",
        "IPConflict",
        "LoginFailure",
    ),
    scenes=("front_door",),
    presets={
        1: Preset("Door", 10.0, 20.0),
        2: Preset("Gate", 90.0, 10.0),
        3: Preset("Window", 180.0, 30.0),
        5: Preset("Garden", 270.0, 15.0),
    },
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 29 * _GIB, 11 * _GIB)]),),
    record_suffix="mp4",
    ptz_from_zero=True,
    auth={"lock_after": 30},
)
