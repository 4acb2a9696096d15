"""The configuration files: defaults, how they are printed and how they are written (§5.7, §5.8)."""

from collections.abc import Mapping
import json
import re

from tests.simulators.yi_hack.grammar import cut, members
from tests.simulators.yi_hack.personality import V4, V5, Personality

type Conf = dict[str, str]

FILES = ("system", "mqtt", "camera", "mqtt_advertise", "proxychains")

_SYSTEM = """
HTTPD=yes
TELNETD=no
SSHD=yes
FTPD=no
BUSYBOX_FTPD=no
DISABLE_CLOUD=no
REC_WITHOUT_CLOUD=no
MQTT=yes
RTSP=yes
RTSP_ALT=standard
RTSP_STREAM=high
RTSP_AUDIO=aac
SPEAKER_AUDIO=yes
SNAPSHOT=yes
SNAPSHOT_LOW=no
TIMELAPSE=no
TIMELAPSE_DT=60
ONVIF=yes
ONVIF_WSDD=yes
ONVIF_PROFILE=high
ONVIF_WM_SNAPSHOT=yes
TIME_OSD=no
NTPD=yes
NTP_SERVER=pool.ntp.org
TIMEZONE=
HTTPD_PORT=80
RTSP_PORT=554
USERNAME=
PASSWORD=
SSH_PASSWORD=
FTP_USERNAME=
FTP_PASSWORD=
CRONTAB=
FREE_SPACE=0
EVENTS_TIME=autodetect
MDNSD=yes
"""
_SYSTEM_V5 = {"RTSP_AUDIO": "no", "NTPD": "no"}
_NOT_IN_V5 = ("SPEAKER_AUDIO", "TIMELAPSE", "TIMELAPSE_DT", "MDNSD", "EVENTS_TIME")
_MQTT = """
MQTT_IP=0.0.0.0
MQTT_PORT=1883
MQTT_TLS=0
MQTT_CLIENT_ID=yi-cam
MQTT_USER=
MQTT_PASSWORD=
MQTT_PREFIX=yicam
TOPIC_BIRTH_WILL=status
TOPIC_MOTION=motion_detection
TOPIC_MOTION_IMAGE=motion_detection_image
MOTION_IMAGE_DELAY=0.5
TOPIC_MOTION_FILES=motion_files
TOPIC_SOUND_DETECTION=sound_detection
BIRTH_MSG=online
WILL_MSG=offline
MOTION_START_MSG=motion_start
MOTION_STOP_MSG=motion_stop
AI_HUMAN_DETECTION_MSG=human
AI_VEHICLE_DETECTION_MSG=vehicle
AI_ANIMAL_DETECTION_MSG=animal
BABY_CRYING_MSG=crying
SOUND_DETECTION_MSG=sound
MQTT_KEEPALIVE=120
MQTT_QOS=1
MQTT_RETAIN_BIRTH_WILL=1
MQTT_RETAIN_MOTION=0
MQTT_RETAIN_MOTION_IMAGE=0
MQTT_RETAIN_MOTION_FILES=0
MQTT_RETAIN_SOUND_DETECTION=0
"""
_CAMERA = {
    "SWITCH_ON": "yes",
    "SAVE_VIDEO_ON_MOTION": "yes",
    "MOTION_DETECTION": "no",
    "SENSITIVITY": "low",
    "AI_HUMAN_DETECTION": "no",
    "AI_VEHICLE_DETECTION": "no",
    "AI_ANIMAL_DETECTION": "no",
    "FACE_DETECTION": "no",
    "MOTION_TRACKING": "no",
    "BABY_CRYING_DETECT": "no",
    "SOUND_DETECTION": "no",
    "SOUND_SENSITIVITY": "80",
    "LED": "no",
    "IR": "yes",
    "ROTATE": "no",
    "CRUISE": "no",
}
_CAMERA_V5 = {"MOTION_DETECTION": "yes", "LED": "yes"}
_ADVERTISE = {
    "MQTT_ADV_LINK_ENABLE": "no",
    "MQTT_ADV_INFO_GLOBAL_ENABLE": "no",
    "MQTT_ADV_CAMERA_SETTING_ENABLE": "no",
    "MQTT_ADV_TELEMETRY_ENABLE": "no",
    "HOMEASSISTANT_ENABLE": "no",
}
_PROXYCHAINS = {"PROXYCHAINS_ENABLED": "no", "PROXYCHAINS_SERVERS": ""}

_BAD_KEY = re.compile(r"""[|\\/'!"@#$%&^*().,:;{}=?]""")
_STEPS = frozenset(
    ["1", "2", "3", "4", "5", "6", "10", "15", "20", "30", "60", "120", "180", "240", "360", "1440"]
)
_MAX_IMAGE_DELAY = 5.0


def defaults(model: Personality) -> dict[str, Conf]:
    """The files as after reset.sh."""
    variant = model.variant
    system, mqtt = _read(_SYSTEM), _read(_MQTT)
    camera = {
        key: value
        for key, value in _CAMERA.items()
        if key.lower() in variant.settings or (variant is V5 and key == "MOTION_DETECTION")
    }
    if not variant.trio:
        system = {key: value for key, value in system.items() if key not in _NOT_IN_V5}
        system |= _SYSTEM_V5
        camera |= {key: value for key, value in _CAMERA_V5.items() if key in camera}
        mqtt["SOUND_DETECTION_MSG"] = "sound_detected"
    if not variant.has_ai:
        mqtt = {key: value for key, value in mqtt.items() if not key.startswith(("AI_", "MQTT_T"))}
    if variant.name == "yi-hack-mstar":
        # Printed by get_configs.sh beside the file (§5.7).
        del system["TIMEZONE"]
    return {
        "system": system,
        "mqtt": mqtt,
        "camera": camera,
        "mqtt_advertise": dict(_ADVERTISE),
        "proxychains": dict(_PROXYCHAINS),
    }


def owned(model: Personality) -> dict[str, Conf]:
    """The files as the camera's owner has left them."""
    files = defaults(model)
    for name, changes in (
        ("system", model.system),
        ("mqtt", model.mqtt),
        ("camera", model.camera),
        ("mqtt_advertise", model.advertise),
        ("proxychains", model.proxychains),
    ):
        files[name] |= changes
    return files


def printed(values: Mapping[str, str]) -> str:
    """A file as JSON, closed by the pair that means nothing."""
    escaped = {
        key: value.replace("\\", "\\\\").replace('"', '\\"') for key, value in values.items()
    }
    return members([*escaped.items(), ("NULL", "NULL")])


def changes_from(line: str) -> Conf | None:
    """What the one line of JSON asks for; None when it is no object."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    return {
        key: cut(_as_text(value), "=", 1) for key, value in said.items() if not _BAD_KEY.search(key)
    }


def write(conf: Conf, changes: Mapping[str, str], hostname: str) -> Conf:
    """Change keys that the file has; what was written comes back."""
    done: Conf = {}
    for key, value in changes.items():
        if key == "HOSTNAME":
            done[key] = value or hostname
        elif key in conf and _allowed(key, value):
            done[key] = conf[key] = value
    return done


def form_changes(body: bytes) -> Conf:
    """Changes as v4 wants them: a form."""
    pairs = (part.partition("=") for part in body.decode(errors="replace").split("&"))
    return {key: value for key, _, value in pairs if key}


def speaks_forms(model: Personality) -> bool:
    """Whether set_configs.sh takes a form instead of JSON."""
    return model.variant is V4


def _read(text: str) -> Conf:
    return {key: value for key, _, value in (line.partition("=") for line in text.split())}


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value.replace("\n", "\\n")
    return json.dumps(value)


def _allowed(key: str, value: str) -> bool:
    if key == "MOTION_IMAGE_DELAY":
        try:
            return float(value) <= _MAX_IMAGE_DELAY
        except ValueError:
            return False
    if key == "TIMELAPSE_DT":
        base, plus, extra = value.partition("+")
        return value in _STEPS or (base == "1440" and bool(plus) and extra.isdecimal())
    return True
