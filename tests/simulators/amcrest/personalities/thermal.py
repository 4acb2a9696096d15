"""A Dahua camera with two lenses, the second of them thermal; short part headers."""

from tests.simulators.amcrest.faults import JsonStyle
from tests.simulators.amcrest.personalities import answers, tables, tables_system, tables_thermal
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3
_RULES = (
    (1, "Bearing", "Spot", 80.0),
    (4, "Gear; box=2", "Area", 65.5),
    (7, "Pipe", "Line", 60.0),
)

THERMAL = Personality(
    name="thermal",
    summary="Dahua thermal camera: a visible and a thermal channel, three measuring rules",
    serial="6H09C2FPAZ1A4D8",
    vendor="Dahua",
    device_class="TPC",
    device_type="TPC-BF5421-T",
    version="version=2.630.0000000.6.R,build:2022-04-01",
    system_info="""
deviceType=TPC-BF5421-T
processor=CV22
serialNumber={serial}
updateSerial=TPC-BF5421
""",
    channels=2,
    config="\n".join(
        [
            tables.general("Machine hall", tries=5),
            tables.SYSTEM,
            tables_system.SYSTEM,
            tables.network("bc:32:5f:09:c2:f1", "TPC"),
            tables.STORAGE_ALARMS,
            tables.alarm_slots(1, 1),
            "ChannelTitle[0].Name=Hall",
            "ChannelTitle[1].Name=Hall thermal",
            tables.each(range(2), tables.encode("H.264", (1280, 960)), tables.MOTION_DETECT),
            tables.each(range(2), tables.TAMPER, tables.RECORD, tables.RECORD_MODE),
            tables.each(range(2), tables.VIDEO_COLOR),
            tables_thermal.thermal_tables(_RULES),
        ]
    ),
    capabilities=frozenset({"alarm", "storage", "thermal"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("1280x960,720P"),
        answers.counts(video=2),
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.STORAGE_CAPS,
        answers.EVENT_CAPS,
    ),
    exposure_events=(
        "VideoMotion",
        "VideoBlind",
        "HeatImagingTemper",
        "FireWarning",
        "AlarmLocal",
        "StorageNotExist",
        "StorageFailure",
        "StorageLowSpace",
    ),
    scenes=("warehouse", "garage"),
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 59 * _GIB, 7 * _GIB)]),),
    inputs=1,
    outputs=1,
    auth={"lock_after": 5},
    faults={"json": JsonStyle.TAB, "content_type": False},
)
