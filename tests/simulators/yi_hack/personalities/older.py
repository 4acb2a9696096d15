"""The fork of the older firmware, and that firmware itself."""

from tests.simulators.yi_hack.personality import V4, V5, Personality

V5_CAMERA = Personality(
    name="v5",
    summary="yi-hack-v5 0.4.1: 720 lines, no loudspeaker, no thumbnails, slow snapshots",
    variant=V5,
    model_suffix="yi_home",
    serial="TNPCHNA-01234567",
    mac="0C:8C:24:10:A4:05",
    hostname="yi-porch",
    fw_version="0.4.1",
    latest_fw="0.4.2",
    homever="1.8.7.0C_201705091058",
    basefw="1.8.7.0C",
    hardware_id="YHS.2017",
    high=(1280, 720),
    name_form=10,
    scene="front_door",
    system={"RTSP_STREAM": "both"},
    mqtt={"MQTT_IP": "192.168.1.5"},
    camera={"BABY_CRYING_DETECT": "yes"},
    clips=((1.2, 40), (0.4, 25)),
)

V4_CAMERA = Personality(
    name="v4",
    summary="yi-hack-v4 0.1.9: another product, which is not supported",
    variant=V4,
    model_suffix="Yi 1080p Dome",
    serial="",
    mac="0C:8C:24:10:A4:04",
    hostname="yi-old",
    fw_version="0.1.9",
    latest_fw="0.1.9",
    homever="2.1.0.0_201809191630",
    scene="garden",
)
