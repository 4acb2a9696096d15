"""The same house under four generations of the program."""

from tests.simulators.ispy.objects import (
    BUILT_IN,
    CAMERA,
    MICROPHONE,
    ONVIF,
    Area,
    Preset,
    RemoteCommand,
)
from tests.simulators.ispy.personality import FileSeed, ObjectSeed, Personality, PlanSeed

CAMERAS = (
    ObjectSeed(
        CAMERA,
        1,
        "Front door",
        "front_door",
        description="Above the bell",
        ptz=ONVIF,
        talk=True,
        mic_pair=1,
        presets=(Preset("token_1", "Gate"), Preset("2", "2"), Preset("p-3", "Steps & path")),
        schedule=("Mon-Fri 08:00-18:00 record on detect",),
        scheduled_mode="recordondetect",
        files=(FileSeed(2), FileSeed(5, 65, 80.25), FileSeed(30, 20, 12.0)),
        grabs_hours_ago=(1, 3),
        settings={"accessgroups": "outside,doors", "recordondetect": True, "scheduler": True},
    ),
    ObjectSeed(
        CAMERA,
        2,
        "Driveway",
        "driveway",
        ptz=12,
        files=(FileSeed(4, 15, 55.5),),
        grabs_hours_ago=(2,),
        settings={"accessgroups": "outside", "recordonalert": True},
    ),
    ObjectSeed(CAMERA, 3, "Garage", "garage", description="dark\nand cold", ptz=-4),
    ObjectSeed(CAMERA, 4, "Hallway", "hallway", enabled=False, settings={"alerts": False}),
)

MICROPHONES = (
    ObjectSeed(MICROPHONE, 1, "Front door mic", alert_mode="sound"),
    ObjectSeed(
        MICROPHONE,
        2,
        "Nursery",
        alert_mode="sound",
        files=(FileSeed(6, 8, 0.412),),
        settings={"accessgroups": "inside"},
    ),
)

PLANS = (
    PlanSeed(
        1,
        "Ground floor, main",
        "staff",
        (Area(CAMERA, 1, 100, 120), Area(MICROPHONE, 2, 5, 6)),
    ),
    PlanSeed(2, "Up_stairs", areas=(Area(CAMERA, 2, 10, 20),)),
)

COMMANDS = (
    *BUILT_IN,
    RemoteCommand(20, "Open gate, front"),
    RemoteCommand(21, "Lights|out", "The system cannot find the file specified"),
)

G3 = Personality(
    name="g3",
    summary="iSpy 7.2.6.1, English: 4 cameras, 2 microphones, 2 floor plans",
    version=(7, 2, 6, 1),
    objects=CAMERAS + MICROPHONES,
    plans=PLANS,
    commands=COMMANDS,
    server_name="Office, 2nd floor",
)

G2 = Personality(
    name="g2",
    summary="iSpy 7.1.5, English: 10-field rows, no filter, no errorState",
    version=(7, 1, 5),
    objects=CAMERAS + MICROPHONES,
    plans=PLANS,
    commands=COMMANDS,
)

G1 = Personality(
    name="g1",
    summary="iSpy 6.4.7, French in ASCII: CSV answers, closed sockets, floor plans as text",
    version=(6, 4, 7),
    objects=CAMERAS + MICROPHONES,
    plans=PLANS,
    commands=COMMANDS,
    language="fr",
)

ANCIENT = Personality(
    name="ancient",
    summary="A build of about 2012: 9- and 7-field rows, values lower-cased and not decoded",
    version=(4, 5),
    objects=(*CAMERAS[1:], *MICROPHONES[1:]),
)
