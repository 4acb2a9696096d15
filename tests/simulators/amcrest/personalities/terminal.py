"""An access terminal by the door: two doors with contacts, cards, faces, pictures of people."""

from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables
from tests.simulators.amcrest.personalities.vto import access_control
from tests.simulators.amcrest.personality import Personality

TERMINAL = Personality(
    name="terminal",
    summary="Intelbras access terminal: two doors with contacts, cards, swipes, pictures",
    serial="JQ5L2800271F4",
    vendor="Intelbras",
    device_class="BSC",
    device_type="SS 5530 MF FACE",
    version="version=1.000.00IB004.1.R,build:2024-05-21",
    hardware="1.00",
    system_info="""
deviceType=SS 5530 MF FACE
hardwareVersion=1.00
processor=V833
serialNumber={serial}
updateSerial=SS5530
""",
    config="\n".join(
        [
            tables.general("Staff entrance", tries=5),
            tables.SYSTEM,
            tables.network("b4:4c:3b:28:00:27", "ASI"),
            "AudioOutputVolume[0]=50",
            access_control(2, 3000),
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Staff entrance",
                tables.encode("H.264", (1280, 720)),
            ),
        ]
    ),
    extra_streams=1,
    capabilities=frozenset({"access", "contact", "event_pictures"}),
    product={"MaxRemoteInputChannels": "0"},
    answers=answers.together(
        answers.encode_caps("720P", "H.264", indexed=False), answers.counts(), answers.INTERFACES
    ),
    exposure_events=("AccessControl", "DoorStatus", "DoorNotClosed", "BreakIn", "Duress"),
    scenes=("hallway",),
    doors=2,
    auth={"lock_after": 5},
    faults={"refuse_with": Refusal.BUSINESS},
)
