"""A Dahua door station: one lock without a contact, calls over RPC2, JPEGs with a tail."""

from tests.simulators.amcrest.faults import JsonStyle, Subpath
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables
from tests.simulators.amcrest.personality import Personality

_ABSENT = (
    "VideoInOptions",
    "VideoInDayNight",
    "Lighting",
    "Lighting_V2",
    "VideoColor",
    "LeLensMask",
)


def access_control(doors: int, hold: int) -> str:
    """AccessControl (§11.1.2)."""
    return "\n".join(
        f"""AccessControl[{door}].CloseTimeout=15
AccessControl[{door}].Enable=true
AccessControl[{door}].Name=Door {door + 1}
AccessControl[{door}].SensorEnable=false
AccessControl[{door}].SensorType=0
AccessControl[{door}].State=Normal
AccessControl[{door}].UnlockHoldInterval={hold}"""
        for door in range(doors)
    )


VTO = Personality(
    name="vto",
    summary="Dahua door station VTO2202F: lock, calls, cards, call log; no card, no picture tables",
    serial="9K00D7EAAJ4B117",
    vendor="Dahua",
    device_class="VTO",
    device_type="VTO2202F-P-S2",
    version="version=4.300.0000004.0.R,build:2020-12-03",
    system_info="""
deviceType=VTO2202F-P-S2
hardwareVersion=1.00
processor=HI3520DV400
serialNumber={serial}
updateSerial=VTO2202F
""",
    config="\n".join(
        [
            tables.general("Entrance", tries=5),
            tables.SYSTEM,
            tables.network("38:af:29:d7:ea:4b", "VTO"),
            "AudioOutputVolume[0]=80",
            "AudioOutputVolume[1]=70",
            "AudioInputVolume[0]=60",
            "AudioInputVolume[1]=50",
            access_control(1, 2),
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Entrance",
                tables.encode("H.264", (1920, 1080)),
                tables.MOTION_DETECT,
                tables.TAMPER,
            ),
            tables.alarm_slots(1, 0),
        ]
    ),
    capabilities=frozenset({"access", "alarm", "call", "discovery"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("1080P,720P", "H.264", indexed=False),
        answers.counts(),
        answers.INTERFACES,
        answers.EVENT_CAPS,
    ),
    exposure_events=("VideoMotion", "VideoBlind", "AlarmLocal", "BackKeyLight", "CallNoAnswered"),
    scenes=("hallway",),
    inputs=1,
    doors=1,
    auth={"lock_after": 5, "stale_status": 403},
    faults={
        "json": JsonStyle.TAB,
        "subpath": Subpath.EMPTY,
        "snapshot_dhav_tail": True,
        "expires_head": True,
    },
    refuse={f"configManager.getConfig:{table}": Refusal.EMPTY for table in _ABSENT},
)
