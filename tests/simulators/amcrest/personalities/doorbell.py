"""An Amcrest doorbell, after an AD410: fresh nonce each time, unquoted members only."""

from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables, tables_system
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3

DOORBELL = Personality(
    name="doorbell",
    summary="Amcrest AD410: button, PIR rule, security light, one request a nonce",
    serial="AMC04D10AD4109F",
    device_class="DB",
    device_type="AD410",
    version="version=1.000.00AC009.0.R,build:2023-05-09",
    system_info="""
deviceType=AD410
hardwareVersion=1.00
processor=SSC335
serialNumber={serial}
updateSerial=AD410
""",
    config="\n".join(
        [
            tables.general("Doorbell", tries=30),
            tables.SYSTEM,
            tables_system.SYSTEM,
            tables_system.WLAN,
            tables.network("00:65:1e:d4:10:9f", "AD410", wifi="00:65:1e:d4:10:a0"),
            tables.STORAGE_ALARMS,
            tables_system.STORAGE_GROUP,
            tables.VOLUMES,
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Doorbell",
                tables.encode("H.264", (2560, 1920)),
                tables.MOTION_DETECT,
                tables.rule(0, 1, "HumanDetection", "CrossRegionDetection"),
                tables.RECORD,
                tables.RECORD_MODE,
                tables_system.STORAGE_POINT,
                tables_system.pir(),
                tables.TAMPER,
                tables.VIDEO_IN_OPTIONS,
                tables.VIDEO_IN_MODE,
                tables.lighting_v2("InfraredLight", "WhiteLight", profiles=1),
                tables.LINKAGE,
                "LightGlobal[{ch}].Enable=true",
            ),
        ]
    ),
    capabilities=frozenset({"storage"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("2560x1920,1080P", indexed=False),
        answers.video_input_caps(),
        answers.counts(),
        answers.LANGUAGES,
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.EVENT_CAPS,
    ),
    exposure_events=(
        "VideoMotion",
        "CrossRegionDetection",
        "AlarmLocal",
        "CallNoAnswered",
        "StorageNotExist",
        "StorageFailure",
        "StorageLowSpace",
    ),
    scenes=("hallway",),
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 14 * _GIB, 13 * _GIB)]),),
    keep_alive=False,
    auth={"nonce_uses": 1, "reject_quoted": True, "lock_after": 30, "separator": ","},
    faults={"quiet_empty": True, "find_base": 1, "find_end": Refusal.BARE},
    refuse={
        "configManager.getConfig:Lighting_V2": Refusal.BARE,
        "set VideoInOptions": Refusal.NOT_IMPLEMENTED,
        "coaxialControlIO": Refusal.BAD_REQUEST,
    },
)
