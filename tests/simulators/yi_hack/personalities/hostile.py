"""Every oddity that goes together, in one camera."""

from tests.simulators.yi_hack.faults import Thumbs
from tests.simulators.yi_hack.personality import ALLWINNER_V2, Personality

HOSTILE = Personality(
    name="hostile",
    summary="v2 on stock firmware 11: local names of 14 characters, broken JSON, empty thumbs",
    variant=ALLWINNER_V2,
    model_suffix="h60ga",
    serial="PFUS0000000000000000",
    mac="58:70:C6:10:A4:06",
    hostname="yi-hostile",
    fw_version="0.3.6",
    latest_fw="0.4.0",
    homever="11.1.20.12_202211021101",
    ptz=True,
    zone="Asia/Kolkata",
    zone_text="IST-5:30",
    essid='Ca"fé\\ 5G',
    high=(2304, 1296),
    name_form=14,
    scene="warehouse",
    system={"RTSP_STREAM": "low", "RTSP_AUDIO": "no", "EVENTS_TIME": "local"},
    mqtt={
        "MQTT_IP": "192.168.1.5",
        "MOTION_START_MSG": "bewegt sich",
        "MOTION_STOP_MSG": "steht still",
        "SOUND_DETECTION_MSG": "sound_detected",
        "TOPIC_MOTION": "events/motion",
        "MQTT_RETAIN_MOTION": "1",
    },
    camera={"MOTION_DETECTION": "yes", "SOUND_DETECTION": "yes"},
    advertise={"HOMEASSISTANT_ENABLE": "yes"},
    proxychains={"PROXYCHAINS_SERVERS": "http 10.0.0.1 8080\nsocks5 10.0.0.2 1080"},
    presets={0: "Home,,", 2: "Dock,350.0,20.0"},
    foreign=("HOLIDAY.jpg", "timelapse/index.avi.tmp", "{newest}/broken.mp4.part"),
    clips=((2.0, 30), (0.6, 60)),
    faults={
        "broken_json": {"get_configs.sh"},
        "fragment": 40,
        "free_slot": ",,",
        "github": False,
        "late_index": True,
        "lost_stops": True,
        "snapshot_empty_every": 3,
        "thumbs": Thumbs.EMPTY,
    },
)
