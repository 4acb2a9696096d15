"""A camera over a shop's door that counts who comes and goes, and where people stand."""

from tests.simulators.amcrest.faults import JsonStyle
from tests.simulators.amcrest.personalities import answers, tables, tables_system
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.state import Disk, Partition

_GIB = 1024**3

COUNTER = Personality(
    name="counter",
    summary="Dahua people counter: lines, people in an area, heat map, sound",
    serial="5J08B1EPAK6F2C3",
    vendor="Dahua",
    device_class="IPC",
    device_type="IPC-HDW8341X-3D",
    version="version=2.800.0000000.9.R,build:2021-08-20",
    system_info="""
deviceType=IPC-HDW8341X-3D
serialNumber={serial}
updateSerial=IPC-HX8XXX-3D
""",
    config="\n".join(
        [
            tables.general("Shop door", tries=5),
            tables.SYSTEM,
            tables_system.SYSTEM,
            tables.network("4c:11:bf:08:b1:ef", "IPC"),
            tables.STORAGE_ALARMS,
            tables.VOLUMES,
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Shop door",
                tables.encode("H.264", (2304, 1296)),
                tables.MOTION_DETECT,
                tables.rule(0, 1, "Door", "NumberStat"),
                tables.rule(1, 5, "Queue", "ManNumDetection"),
                "VideoAnalyseGlobal[{ch}].Scene.Type=NumberStat",
                "VideoWidgetNumberStat[{ch}].Enable=true",
                "VideoWidgetNumberStat[{ch}].ShowEnterNum=true",
                "VideoWidgetNumberStat[{ch}].ShowExitNum=true",
                tables.RECORD,
                tables.RECORD_MODE,
                tables.TAMPER,
                tables.AUDIO_DETECT,
            ),
        ]
    ),
    capabilities=frozenset({"counting", "storage"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("2304x1296,1080P"),
        answers.video_input_caps(),
        answers.counts(),
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.EVENT_CAPS,
        answers.analyse_caps("NumberStat", "HeatMap", "Normal"),
    ),
    exposure_events=("VideoMotion", "NumberStat", "ManNumDetection", "AudioMutation"),
    scenes=("hallway",),
    disks=(Disk("/dev/mmc0", "Success", [Partition("/mnt/sd", 30 * _GIB, 2 * _GIB)]),),
    auth={"lock_after": 5},
    faults={"json": JsonStyle.TAB},
)
