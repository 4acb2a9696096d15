"""A camera that reads number plates and watches parking spaces; nothing is stored."""

from tests.simulators.amcrest.faults import JsonStyle
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables
from tests.simulators.amcrest.personality import Personality

TRAFFIC = Personality(
    name="traffic",
    summary="Dahua traffic camera: number plates, four parking spaces, no storage",
    serial="2G05F3APAT8E7B9",
    vendor="Dahua",
    device_class="ITC",
    device_type="ITC413-PW4D-IZ1",
    version="version=2.639.0000000.3.R,build:2023-06-30",
    system_info="""
deviceType=ITC413-PW4D-IZ1
serialNumber={serial}
updateSerial=ITC413
""",
    config="\n".join(
        [
            tables.general("Car park", tries=5),
            tables.SYSTEM,
            tables.network("e0:50:8b:05:f3:a0", "ITC"),
            tables.alarm_slots(2, 2),
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Car park",
                tables.encode("H.265", (2688, 1520)),
                tables.SNAP,
            ),
        ]
    ),
    capabilities=frozenset({"alarm", "parking"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("2688x1520,1080P"),
        answers.counts(audio_out=0),
        answers.INTERFACES,
        answers.EVENT_CAPS,
    ),
    exposure_events=(
        "TrafficJunction",
        "TrafficParkingSpaceParking",
        "TrafficParkingSpaceNoParking",
        "AlarmLocal",
    ),
    scenes=("street",),
    spaces=4,
    inputs=2,
    outputs=2,
    auth={"lock_after": 5},
    faults={"json": JsonStyle.TAB},
    refuse={"snapManager.attachFileProc": Refusal.SERVER_ERROR},
)
