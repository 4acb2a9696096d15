"""Three cameras of one author: MStar, Allwinner, Allwinner-v2."""

from tests.simulators.yi_hack.personality import ALLWINNER, ALLWINNER_V2, MSTAR, Personality

_BROKER = "192.168.1.5"

MSTAR_CAMERA = Personality(
    name="mstar",
    summary="yi-hack-MStar 0.5.7: pan and tilt, 1088 lines, a real off switch, 7z",
    variant=MSTAR,
    model_suffix="h305r",
    serial="QFUS14Y1MAZ2SIM00001",
    mac="58:70:C6:10:A4:01",
    hostname="yi-living-room",
    fw_version="0.5.7",
    latest_fw="0.5.8",
    homever="2.1.0.0E_201809191630",
    ptz=True,
    lines=1088,
    scene="living_room",
    system={"RTSP_STREAM": "both"},
    mqtt={"MQTT_IP": _BROKER, "MQTT_CLIENT_ID": "yi-living", "MQTT_PREFIX": "yi/living"},
    camera={"SOUND_DETECTION": "yes", "BABY_CRYING_DETECT": "yes"},
    presets={0: "Home,180.0,90.0", 1: "Door,60.0,100.0", 3: "Window,300.0,80.0"},
    clips=((2.0, 60), (1.5, 23), (0.5, 83)),
    faults={"reboot_drops": True},
)

ALLWINNER_CAMERA = Personality(
    name="allwinner",
    summary="yi-hack-Allwinner 0.4.0 on stock firmware 12: motion or AI, high stream only",
    variant=ALLWINNER,
    model_suffix="y30qa",
    serial="BFUS31Y1MAZ2SIM00002",
    mac="58:70:C6:10:A4:02",
    hostname="yi-hallway",
    fw_version="0.4.0",
    latest_fw="0.4.0",
    homever="12.1.0.0A_202205121053",
    ptz=True,
    scene="hallway",
    system={"EVENTS_TIME": "gmt"},
    mqtt={"MQTT_IP": _BROKER, "MQTT_CLIENT_ID": "yi-hall", "MQTT_PREFIX": "yihall"},
    camera={"MOTION_DETECTION": "yes", "SOUND_DETECTION": "yes"},
    presets={0: "Home,,"},
    clips=((1.0, 45),),
    faults={"free_slot": ",,", "late_index": True},
)

ALLWINNER_V2_CAMERA = Personality(
    name="allwinner_v2",
    summary="yi-hack-Allwinner-v2 0.3.6 on stock firmware 9: humans, faces, tracking",
    variant=ALLWINNER_V2,
    model_suffix="r40ga",
    serial="IFUS40Y1MAZ2SIM00003",
    mac="58:70:C6:10:A4:03",
    hostname="yi-garage",
    fw_version="0.3.6",
    latest_fw="0.4.0",
    homever="9.0.19.06_202105201057",
    ptz=True,
    scene="garage",
    system={"RTSP_STREAM": "both", "TIMELAPSE": "yes"},
    mqtt={"MQTT_IP": _BROKER, "MQTT_CLIENT_ID": "yi-garage", "MQTT_PREFIX": "yigarage"},
    camera={"AI_HUMAN_DETECTION": "yes", "SOUND_DETECTION": "yes"},
    presets={0: "Home,180.0,90.0", 7: "Gate,10.0,45.0"},
    clips=((3.0, 12), (0.7, 60)),
    lapses=(39.0, 15.0),
)
