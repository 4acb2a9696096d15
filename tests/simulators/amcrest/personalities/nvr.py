"""A recorder of eight channels: one dead slot, one empty, one ONVIF child."""

from tests.simulators.amcrest.faults import Subpath
from tests.simulators.amcrest.personalities import answers, tables, tables_system
from tests.simulators.amcrest.personality import SCENES, Personality
from tests.simulators.amcrest.state import Disk, Partition, Slot
from tests.simulators.dhav import Style

_TIB = 1024**4
_DEAD, _ONVIF, _EMPTY = 3, 5, 6
_COUNT = 8
_NAMES = tuple(scene.replace("_", " ").title() for scene in SCENES)


def _slot(channel: int) -> Slot:
    """One position; the dead one keeps its stale serial."""
    if channel == _EMPTY:
        return Slot("Empty", enabled=False)
    onvif = channel == _ONVIF
    return Slot(
        state="Unconnect" if channel == _DEAD else "Connected",
        protocol="Onvif" if onvif else "Private",
        address=f"192.168.1.{120 + channel}",
        device_type="TL-IPC43AN" if onvif else "IPC-HDW2431T",
        serial="" if onvif else f"5A03E2BPAG{channel:05d}",
        mac=f"90:02:a9:5a:03:{channel:02x}",
        name=_NAMES[channel],
    )


_SLOTS = tuple(_slot(channel) for channel in range(_COUNT))


def _remote_devices() -> str:
    """RemoteDevice (§4.7): the slot number is the channel index."""
    lines: list[str] = []
    for channel, slot in enumerate(_SLOTS):
        place = f"RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_{channel}"
        lines += [
            f"{place}.Address={slot.address}",
            f"{place}.DeviceType={slot.device_type}",
            f"{place}.Enable={'true' if slot.enabled else 'false'}",
            f"{place}.HttpPort=80",
            f"{place}.Mac={slot.mac}",
            f"{place}.Password=******",
            f"{place}.ProtocolType={slot.protocol}",
            f"{place}.RtspPort=554",
            f"{place}.SerialNo={slot.serial}",
            f"{place}.UserName=admin",
        ]
    return "\n".join(lines)


_NATIVE = tuple(c for c in range(_COUNT) if c not in (_EMPTY, _ONVIF))
_WITH_CAMERA = tuple(c for c in range(_COUNT) if c != _EMPTY)

NVR = Personality(
    name="nvr",
    summary="Dahua recorder of eight channels with gaps, two disks, 403 when stale or locked",
    serial="4M0E8B1PAZC77D2",
    vendor="General",
    device_class="NVR",
    device_type="31",
    hardware="1.0",
    version="version=4.001.0000005.1.R,build:2022-06-15",
    system_info="""
deviceType=31
processor=ST7108
serialNumber={serial}
updateSerial=DHI-NVR5208-8P-4KS2E
""",
    channels=_COUNT,
    extra_streams=2,
    config="\n".join(
        [
            tables.general("House Recorder", tries=5, seconds=1800),
            tables.SYSTEM,
            tables_system.SYSTEM,
            "VideoStandard=PAL",
            tables.network("b4:4c:3b:4e:8b:10", "NVR"),
            tables.STORAGE_ALARMS,
            tables_system.STORAGE_GROUP,
            tables_system.displays(2, _COUNT),
            tables.alarm_slots(4, 2),
            _remote_devices(),
            "\n".join(f"ChannelTitle[{c}].Name={_NAMES[c]}" for c in range(_COUNT)),
            tables.each(_WITH_CAMERA, tables.encode("H.264", (2560, 1440)), tables.TAMPER),
            tables.each(_WITH_CAMERA, tables.MOTION_DETECT),
            tables.each(_NATIVE, tables.SMART_MOTION),
            tables.each(range(_COUNT), tables.RECORD, tables.RECORD_MODE),
            tables.each(range(_COUNT), tables.SNAP, tables.LINKAGE),
            tables.each(range(_COUNT), tables_system.STORAGE_POINT),
        ]
    ),
    capabilities=frozenset(
        {"alarm", "discovery", "display", "event_pictures", "motion_files", "recorder", "storage"}
    ),
    product={"MaxRemoteInputChannels": str(_COUNT)},
    answers=answers.together(
        answers.encode_caps("2560x1440,1080P,720P"),
        answers.counts(video=_COUNT, monitors=2),
        answers.LANGUAGES,
        answers.INTERFACES,
        answers.RECORD_CAPS,
        answers.STORAGE_CAPS,
        answers.EVENT_CAPS,
    ),
    disks=(
        Disk("/dev/sda", "Success", [Partition("/mnt/dvr/sda0", 4 * _TIB, 3 * _TIB)]),
        Disk("/dev/sdb", "Success", [Partition("/mnt/dvr/sdb0", 4 * _TIB, _TIB // 2)]),
    ),
    slots=(*_SLOTS, Slot("Disable", type="Compose", enabled=False)),
    record_style=Style(split=400),
    inputs=4,
    outputs=2,
    auth={
        "realm": "Login to 6d3e1f0a9b5c4827",
        "qop": "auth, auth-int",
        "stale_false": True,
        "stale_status": 403,
        "uri_status": 403,
        "lock_after": 5,
        "lock_seconds": 1800.0,
        "lock_status": 403,
    },
    faults={
        "subpath": Subpath.ERROR,
        "keep_alive_head": True,
        "expires_head": True,
        "rpc2_max_body": 9216,
        "find_events": False,
        "find_day_delay": 0.2,
    },
)
