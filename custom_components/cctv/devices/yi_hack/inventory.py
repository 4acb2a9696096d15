"""What the camera is, its live views and its presets, out of what its scripts say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Final
from urllib.parse import urlsplit

from .. import hardware
from ..env import JSON, Address
from ..errors import WrongFamily
from ..model import BOX, About, Profile, Stream
from . import wire
from .features import (
    MAKER,
    PREFIX,
    SIZE,
    SIZES,
    SLOTS,
    SMALL,
    SNAPSHOT_QUALITY,
    STREAM_URL,
    VARIANTS,
    Variant,
)

V4: Final = "yi-hack-v4, another firmware that is not supported: it has neither pictures nor events"
STILL: Final = "still:"
"""A ref of a still is this and its quality."""
RTSP_PORT: Final = 554
_PATH: Final = re.compile(r"/[\w./-]{1,120}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the camera is."""

    about: About
    firmware: str
    variant: Variant
    model: str
    ptz: bool


def family_name(status: Mapping[str, str]) -> str:
    """The firmware's name for itself. WrongFamily where it is not one of these (§1)."""
    name = status.get("name", "")
    if name.startswith(PREFIX):
        return name
    if not name and "camera_model" in status:
        raise WrongFamily(V4)
    raise WrongFamily(wire.shown(name) or "a web server without status.json")


def identity(status: Mapping[str, str], address: Address) -> Identity:
    """What the camera is, by status.json (§5.10)."""
    name = family_name(status)
    variant = VARIANTS.get(name, Variant(name.removeprefix(PREFIX)))
    mac = hardware.mac(status.get("mac_addr"))
    serial = wire.shown(status.get("serial_number"))
    if serial is not None and (not serial.isascii() or not serial.strip("0")):
        serial = None
    model = wire.shown(status.get("model_suffix")) or ""
    firmware = wire.shown(status.get("fw_version"))
    marks = [f"mac:{mac}"] if mac else []
    marks += [f"serial:{serial}"] if serial else []
    return Identity(
        About(
            name=wire.shown(status.get("hostname")),
            maker=MAKER,
            model=f"{model} ({name})" if model else name,
            firmware=firmware,
            hardware=wire.shown(status.get("home_version")),
            serial=serial,
            mac=mac,
            url=address.base,
            identities=frozenset(marks),
        ),
        firmware or "",
        variant,
        model,
        status.get("ptz", "").strip().lower() == "yes",
    )


# --- live views (§8) ------------------------------------------------------------------------


def streams(
    links: Mapping[str, str],
    system: Mapping[str, str],
    identity: Identity,
    address: Address,
    options: Mapping[str, JSON],
) -> list[Stream]:
    """The live views: of the camera's own addresses only the paths are worth anything."""
    port = system.get("RTSP_PORT", "")
    place = _place(address.host, int(port) if port.isdecimal() and len(port) < 6 else RTSP_PORT)
    high = _rtsp(links.get("high_res_stream", ""), place)
    low = _rtsp(links.get("low_res_stream", ""), place)
    pictures = [each for each in ("high", "low") if links.get(f"{each}_res_snapshot")]
    still = {each: f"{STILL}{each}" for each in pictures}
    wanted = options.get(SNAPSHOT_QUALITY)
    best = still.get(wanted if isinstance(wanted, str) else "high") or next(
        iter(still.values()), None
    )
    external = outside(options)
    found = []
    if external is not None or high is not None or low is None:
        found.append(
            Stream(
                id=f"{BOX}:{Profile.MAIN}",
                part=BOX,
                profile=Profile.MAIN,
                codec=None if external or high is None else "h264",
                size=SIZES.get(identity.model, SIZE),
                url=without_secrets(external) if external else high,
                still=best,
            )
        )
    if low is not None:
        found.append(
            Stream(
                id=f"{BOX}:{Profile.SUB}",
                part=BOX,
                profile=Profile.SUB,
                codec="h264",
                size=SMALL,
                minor=bool(found),
                url=low,
                still=still.get("low") or best if found else best,
            )
        )
    return [each for each in found if each.url is not None or each.still is not None]


def outside(options: Mapping[str, JSON]) -> str | None:
    """The address that a user gave for the live view instead of the camera's own (§8)."""
    url = options.get(STREAM_URL)
    if not isinstance(url, str) or "://" not in url or not url.strip().isprintable():
        return None
    return url.strip()


def without_secrets(url: str) -> str:
    """An address without user and password."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def _place(host: str, port: int) -> str:
    """Host and port for RTSP; the port only where it is not the usual one."""
    shown = f"[{host}]" if ":" in host else host
    return shown if port == RTSP_PORT else f"{shown}:{port}"


def _rtsp(link: str, place: str) -> str | None:
    """One of the camera's addresses with its host replaced; None if it has none."""
    try:
        path = urlsplit(link).path if link.startswith("rtsp://") else ""
    except ValueError:
        return None
    return f"rtsp://{place}{path}" if _PATH.fullmatch(path) else None


# --- presets (§5.17) ------------------------------------------------------------------------


def presets(listing: Mapping[str, str]) -> dict[str, str] | None:
    """The names by slot of those that are stored; None where the firmware does not list them."""
    slots = [str(number) for number in range(SLOTS)]
    if not any(slot in listing for slot in slots):
        return None
    names = {slot: listing.get(slot, "").split(",")[0].strip() for slot in slots}
    return {slot: name[:40] for slot, name in names.items() if name}
