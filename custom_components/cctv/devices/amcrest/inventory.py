"""What the box is, which cameras it has, and their streams (§1, §4.1, §4.5, §7.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from .. import hardware
from ..env import Address
from ..model import (
    BOX,
    About,
    Part,
    PartKind,
    Profile,
    Stream,
)
from . import wire
from .features import DOORBELLS, MAKERS, MAX_CHANNELS, MAX_LENSES, NO_MODEL, RECORDERS

STILL: Final = "still:"
"""A ref of a still is this and the channel."""
CONNECTED: Final = "connected"
_NOBODY: Final = frozenset({"", "0.0.0.0", "192.168.0.0"})  # noqa: S104 - filler of empty slots
_CODECS: Final[Mapping[str, str]] = {
    "H.264": "h264",
    "H.264H": "h264",
    "H.264B": "h264",
    "H.265": "h265",
    "MJPG": "mjpeg",
    "MPEG4": "mpeg4",
}
_SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "QCIF": (176, 144),
    "CIF": (352, 288),
    "2CIF": (704, 288),
    "HD1": (352, 576),
    "BCIF": (528, 288),
    "D1": (704, 576),
    "VGA": (640, 480),
    "QVGA": (320, 240),
    "NHD": (640, 360),
    "720P": (1280, 720),
    "SXGA": (1280, 1024),
    "1080P": (1920, 1080),
}
"""Names of picture sizes in PAL (§4.5.4)."""
UNPLAYABLE: Final = frozenset({"h265", "mjpeg"})
_PROFILES: Final = (Profile.MAIN, Profile.SUB, Profile.THIRD)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the box is."""

    about: About
    kind: str
    recorder: bool
    recalled: bool = False
    """Whether its name has to be asked for: it was not told, or before a restart."""

    @property
    def bell(self) -> bool:
        """Whether it is a doorbell or door station."""
        return self.kind in DOORBELLS

    @property
    def firmware(self) -> str:
        """What verdicts are kept with."""
        return f"{self.about.model} {self.about.firmware}"


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera: its part, its channel from 1, the device's index of it from 0."""

    part: Part
    channel: int
    onvif: bool = False
    thermal: bool = False

    @property
    def index(self) -> int:
        """Its index in tables and events."""
        return self.channel - 1


def identity(
    answers: Mapping[str, str],
    network: Mapping[str, str],
    address: Address,
    remote: int,
    *,
    recalled: bool = False,
) -> Identity:
    """What the box is: magicBox by verb, cfg(Network), how many remote channels."""
    info = wire.pairs(answers.get("getSystemInfo", ""))
    kind = (wire.word(answers.get("getDeviceClass", ""), "class") or "").upper()
    models = (
        info.get("deviceType", "").strip(),
        wire.word(answers.get("getDeviceType", ""), "type") or "",
        info.get("updateSerial", "").strip(),
    )
    model = next((each[:80] for each in models if each not in NO_MODEL), None)
    serial = info.get("serialNumber", "").strip()[:80] or wire.word(
        answers.get("getSerialNo", ""), "sn"
    )
    vendor = wire.word(answers.get("getVendor", ""), "vendor")
    name = wire.word(answers.get("getMachineName", ""), "name")
    macs = [
        found
        for key, value in network.items()
        if key.endswith(".PhysicalAddress") and (found := hardware.mac(value))
    ]
    default = network.get("Network.DefaultInterface", "eth0")
    first = hardware.mac(network.get(f"Network.{default}.PhysicalAddress"))
    return Identity(
        About(
            name=name,
            maker=MAKERS.get(vendor or "", vendor),
            model=model,
            firmware=wire.version(answers.get("getSoftwareVersion", "")),
            hardware=info.get("hardwareVersion", "").strip()[:80] or None,
            serial=serial,
            mac=first or (macs[0] if macs else None),
            url=address.base,
            identities=frozenset(
                [f"mac:{each}" for each in macs[:8]] + ([f"serial:{serial}"] if serial else [])
            ),
        ),
        kind,
        kind in RECORDERS or remote > 1,
        recalled,
    )


# --- cameras --------------------------------------------------------------------------------


def _member(row: Mapping[str, str], name: str) -> str:
    """A member of a position, wherever it is listed (§7.6)."""
    return row.get(f"DeviceInfo.{name}", "") or row.get(name, "")


def positions(listing: Mapping[int, Mapping[str, str]]) -> dict[int, Mapping[str, str]]:
    """The positions of a recorder that are switched on, by channel index."""
    found: dict[int, Mapping[str, str]] = {}
    for at, row in listing.items():
        if row.get("Type") == "Compose":
            continue
        channel = row.get("UniqueChannel", "")
        index = int(channel) if channel.isdecimal() and len(channel) < 5 else at
        enabled = (row.get("Enable") or row.get("DeviceInfo.Enable") or "true").lower()
        if enabled != "false" and index < MAX_CHANNELS:
            found[index] = row
    return found


def remote_devices(table: Mapping[str, str]) -> dict[int, Mapping[str, str]]:
    """The same out of cfg(RemoteDevice) (§4.7), for recorders without LogicDeviceManager."""
    found: dict[int, dict[str, str]] = {}
    for key, value in table.items():
        head, _, member = key.partition("CAMERA_INFO_")[2].partition(".")
        if head.isdecimal() and len(head) < 5 and int(head) < MAX_CHANNELS:
            found.setdefault(int(head), {})[member] = value
    return {at: row for at, row in found.items() if row.get("Enable", "").lower() == "true"}


def present(
    rows: Mapping[int, Mapping[str, str]],
    states: Mapping[int, str] | None,
    seen: frozenset[int],
) -> frozenset[int]:
    """The indexes that are worth a camera: connected now, or once seen (§7.6)."""
    found = set()
    for index, row in rows.items():
        state = None if states is None else states.get(index)
        here = (
            state.lower() == CONNECTED
            if state is not None
            else row.get("Type") == "Analog" or _member(row, "Address") not in _NOBODY
        )
        if here or index in seen:
            found.add(index)
    return frozenset(found)


def camera(index: int, row: Mapping[str, str], title: str | None) -> Camera:
    """A camera behind a recorder."""
    serial = _member(row, "SerialNo").strip()[:80] or None
    mac = hardware.mac(_member(row, "Mac"))
    identities = [f"serial:{serial}"] if serial else []
    identities += [f"mac:{mac}"] if mac else []
    model = _member(row, "DeviceType").strip()[:80]
    name = title or _member(row, "Name").strip()[:80] or None
    about = About(
        name=name,
        model=model if model not in NO_MODEL else None,
        serial=serial,
        mac=mac,
        identities=frozenset(identities),
    )
    protocol = _member(row, "Protocol") or _member(row, "ProtocolType")
    part = Part(f"camera.{index + 1}", PartKind.CAMERA, name, about)
    return Camera(part, index + 1, "onvif" in protocol.lower())


def titles(table: Mapping[str, str]) -> dict[int, str]:
    """The names of channels by index (§4.5.7); | separates lines."""
    return {
        index: name
        for index, row in wire.rows(table, "ChannelTitle").items()
        if (name := " ".join(row.get("Name", "").replace("|", " ").split())[:80])
    }


# --- streams --------------------------------------------------------------------------------


def streams(
    camera: Camera, encode: Mapping[str, str], extra: int, address: Address, port: int | None
) -> list[Stream]:
    """The live views of a camera (§4.1.1, §4.5.5); without RTSP (`port` None) stills only."""
    channel = encode_rows(encode, camera.index)
    found: list[Stream] = []
    for number, profile in enumerate(_PROFILES[: 1 + max(0, min(extra, 2))]):
        head = "MainFormat[0]" if number == 0 else f"ExtraFormat[{number - 1}]"
        if channel.get(f"{head}.VideoEnable", "true").lower() == "false":
            continue
        codec = channel.get(f"{head}.Video.Compression", "").strip()
        host = f"[{address.host}]" if ":" in address.host else address.host
        url = f"rtsp://{host}:{port}/cam/realmonitor?channel={camera.channel}&subtype={number}"
        found.append(
            Stream(
                f"{camera.part.id}:{profile}",
                camera.part.id,
                profile,
                codec=_CODECS.get(codec, codec.lower()[:20] or None),
                size=_size(channel, f"{head}.Video"),
                url=None if port is None else url,
                still=f"{STILL}{camera.channel}",
            )
        )
    return _ranked(found)


def _ranked(found: list[Stream]) -> list[Stream]:
    """One stream for everybody, the others minor: the best that a browser can play."""
    best = next((each for each in found if each.codec not in UNPLAYABLE), None)
    best = best or next(iter(found), None)
    return [replace(each, minor=each is not best) for each in found]


def encode_rows(encode: Mapping[str, str], index: int) -> Mapping[str, str]:
    """The members of one channel of cfg(Encode)."""
    head = f"Encode[{index}]."
    return {key[len(head) :]: value for key, value in encode.items() if key.startswith(head)}


def voice(encode: Mapping[str, str]) -> tuple[str, int]:
    """How the first camera's sound is encoded, and its samples a second (§4.5.5)."""
    channel = encode_rows(encode, 0)
    rate = channel.get("MainFormat[0].Audio.Frequency", "").strip()
    codec = channel.get("MainFormat[0].Audio.Compression", "").strip()
    return codec, int(rate) if rate.isdecimal() and len(rate) < 7 else 0


def _size(channel: Mapping[str, str], head: str) -> tuple[int, int] | None:
    """The size of a stream's picture: by numbers, else by its name."""
    width, height = (channel.get(f"{head}.{side}", "") for side in ("Width", "Height"))
    if width.isdecimal() and height.isdecimal() and len(width) < 6 and len(height) < 6:
        return int(width), int(height)
    name = channel.get(f"{head}.resolution") or channel.get(f"{head}.CustomResolutionName") or ""
    across, times, down = name.lower().partition("x")
    if times and across.isdecimal() and down.isdecimal():
        return int(across), int(down)
    return _SIZES.get(name.upper())


def single(identity: Identity) -> Camera:
    """The camera of a box that is one."""
    return Camera(Part(BOX, PartKind.BOX, identity.about.name, identity.about), 1)


def lenses(identity: Identity, count: int, titles: Mapping[int, str]) -> dict[int, Camera]:
    """The lenses of a thermal camera: the last of them sees warmth, the first is the box (§10)."""
    first = single(identity)
    found = {0: Camera(first.part, first.channel, thermal=count < 2)}
    for index in range(1, min(count, MAX_LENSES)):
        part = Part(f"lens.{index + 1}", PartKind.LENS, titles.get(index))
        found[index] = Camera(part, index + 1, thermal=index == count - 1)
    return found
