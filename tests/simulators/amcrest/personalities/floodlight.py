"""An Amcrest floodlight camera after a W452ASD: modes of the light, siren, PIR, plain tables."""

from tests.simulators.amcrest.personalities import answers, tables, tables_system
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3

FLOODLIGHT = Personality(
    name="floodlight",
    summary="Amcrest floodlight W452ASD: light modes, siren, PIR, tables without a channel",
    serial="AMC0W452A5D1E77",
    device_class="IPC",
    device_type="IP4M-W452ASD",
    version="version=2.810.00AC001.0.R,build:2022-11-08",
    system_info="""
deviceType=IP4M-W452ASD
hardwareVersion=1.00
serialNumber={serial}
updateSerial=W452ASD
""",
    config="\n".join(
        [
            tables.general("Carport", tries=30),
            tables.SYSTEM,
            tables_system.SYSTEM,
            tables_system.WLAN,
            tables.network("a0:60:32:45:2a:5d", "W452ASD", wifi="a0:60:32:45:2a:5e"),
            tables.STORAGE_ALARMS,
            tables.VOLUMES,
            tables_system.FLOODLIGHT,
            tables_system.pir(plain=True).replace("{ch}", "0"),
            "DisableLinkage.Enable=false",
            "DisableEventNotify.Enable=false",
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Carport",
                tables.encode("H.264", (2560, 1440)),
                tables.MOTION_DETECT,
                tables.SMART_MOTION,
                tables.RECORD,
                tables.RECORD_MODE,
                tables.TAMPER,
                tables.AUDIO_DETECT,
                tables.VIDEO_IN_MODE,
                tables.lighting_v2("InfraredLight", "WhiteLight", profiles=3),
            ),
        ]
    ),
    capabilities=frozenset({"coaxial", "storage"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("2560x1440,1080P"),
        answers.counts(),
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.EVENT_CAPS,
    ),
    exposure_events=("VideoMotion", "SmartMotionHuman", "AlarmLocal", "ProfileAlarmTransmit"),
    scenes=("driveway",),
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 29 * _GIB, 3 * _GIB)]),),
    auth={"lock_after": 30},
)
