"""A German PC: sentences with commas, a decimal comma in graphall."""

from tests.simulators.ispy.objects import CAMERA, MICROPHONE, Area
from tests.simulators.ispy.personality import FileSeed, ObjectSeed, Personality, PlanSeed

GERMAN = Personality(
    name="german",
    summary="iSpy 7.2.6.1 in German: commas in sentences and numbers, umlauts, .avi files",
    version=(7, 2, 6, 1),
    language="de",
    server_name="Büro, 1. Stock",
    objects=(
        ObjectSeed(
            CAMERA,
            1,
            "Haustür",
            "front_door",
            description="über der Klingel,\r\nlinks",
            ptz=-1,
            talk=True,
            files=(FileSeed(3, 14, 44.0), FileSeed(26, 9, 12.5)),
            grabs_hours_ago=(2,),
            settings={"accessgroups": "außen,Türen", "recordondetect": True},
        ),
        ObjectSeed(
            CAMERA,
            3,
            "Hof, Süd",
            "driveway",
            suffix="avi",
            files=(FileSeed(8, 11, 61.125), FileSeed(9, name="Urlaub, Teil 1.avi")),
            settings={"accessgroups": "außen"},
        ),
        ObjectSeed(MICROPHONE, 1, "Küche", alert_mode="sound", files=(FileSeed(7, 6, 0.25),)),
    ),
    plans=(PlanSeed(1, "Erdgeschoß", "Türen", (Area(CAMERA, 1, 40, 30),)),),
)
