"""What recordings are called in media ids and URLs; made, sealed and parsed here only.

`entry/part/day/payload`: the payload holds all that it takes to fetch a recording, sealed with a
key of this installation, so that nobody can name bytes that were never listed to anyone.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from hmac import compare_digest
import re
from secrets import token_bytes
from typing import Any, Final
import zlib

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import json_loads

from .const import DOMAIN
from .devices.model import BOX, PartId, Recording, Ref

VERSION: Final = 1
KEY_BYTES: Final = 32
SEAL_BYTES: Final = 12
PAYLOAD_MOST: Final = 6000
"""So many characters at most, as a signed URL names its path twice in a line of 24 kB."""
UNPACKED_MOST_BYTES: Final = 1 << 17
REFS_MOST: Final = 1024
REF_MOST: Final = 1024
LENGTH_MOST_SECONDS: Final = 8 * 86400
LATEST_SECONDS: Final = 4102444800  # the year 2100

BOX_SEGMENT: Final = "box"
_ENTRY: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_PART: Final = re.compile(r"[a-z0-9_.-]{1,80}(?:~[a-z0-9_.-]{1,80}){0,3}")
_PAYLOAD: Final = re.compile(r"[0-9A-Za-z_-]{16,6000}")
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d))?")
_CONTAINER: Final = re.compile(r"[a-z0-9]{1,8}")


class BadMediaId(ValueError):
    """It names nothing that was ever listed; the text never holds it."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording or stored picture as an id holds it."""

    part: PartId
    refs: tuple[Ref, ...]
    container: str
    start: datetime
    """To the second, UTC."""
    length: float | None = None
    size: int | None = None
    name: str | None = None
    """The device's own name for it."""
    thumbnail: Ref | None = None

    @property
    def picture(self) -> bool:
        """Return whether it is a stored picture."""
        return self.container in ("jpeg", "jpg")


@dataclass(frozen=True, slots=True)
class MediaPlace:
    """A place in the media browser: all, a device, a channel, a day, an hour or a recording."""

    entry_id: str | None = None
    part: PartId | None = None
    day: date | None = None
    hour: int | None = None
    clip: Clip | None = None
    h264: bool = False
    """Whether it is to be converted for players that cannot play H.265."""


def clip_of(recording: Recording) -> Clip:
    """Return what an id holds of a recording."""
    length = None
    if recording.end is not None:
        length = max(0.0, (recording.end - recording.start).total_seconds())
    return Clip(
        part=recording.part,
        refs=recording.refs,
        container=recording.container.lower(),
        start=recording.start.astimezone(UTC).replace(microsecond=0),
        length=length,
        size=recording.size,
        name=recording.name,
        thumbnail=recording.thumbnail,
    )


def part_segment(part: PartId) -> str:
    """Return a part as one segment of a path."""
    return part.replace("/", "~") if part != BOX else BOX_SEGMENT


def part_of_segment(segment: str) -> PartId:
    """Return the part that a segment names. BadMediaId for what cannot be one."""
    if not _PART.fullmatch(segment):
        raise BadMediaId("no part")
    return BOX if segment == BOX_SEGMENT else segment.replace("~", "/")


class MediaIds:
    """Makes ids and takes them apart, with the key of this installation."""

    def __init__(self, key: bytes) -> None:
        """Keep the key."""
        self._key = key

    def payload(self, entry_id: str, clip: Clip) -> str | None:
        """Return a clip sealed for an entry; None where it has no files, or too many to name."""
        if not clip.refs:
            return None
        packed = zlib.compress(json_bytes(_plain(clip)), 9)
        text = urlsafe_b64encode(self._seal(entry_id, clip.part, packed) + packed).decode()
        text = text.rstrip("=")
        return text if len(text) <= PAYLOAD_MOST else None

    def clip(self, entry_id: str, part: PartId, payload: str) -> Clip:
        """Return the clip that a payload holds. BadMediaId when we never made it."""
        if not _PAYLOAD.fullmatch(payload):
            raise BadMediaId("no payload")
        try:
            body = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        except Base64Error:
            raise BadMediaId("no payload") from None
        seal, packed = body[:SEAL_BYTES], body[SEAL_BYTES:]
        if not compare_digest(seal, self._seal(entry_id, part, packed)):
            raise BadMediaId("not ours")
        return _clip(part, _unpacked(packed))

    def identifier(self, entry_id: str, clip: Clip, day: date) -> str | None:
        """Return `entry/part/day/payload`, behind `media-source://cctv/`; None as `payload`."""
        payload = self.payload(entry_id, clip)
        if payload is None:
            return None
        return f"{entry_id}/{part_segment(clip.part)}/{day.isoformat()}/{payload}"

    def parse(self, identifier: str) -> MediaPlace:
        """Return the place that an identifier names. BadMediaId for anything we did not make."""
        if not identifier:
            return MediaPlace()
        entry_id, *rest = identifier.split("/", 5)
        if not _ENTRY.fullmatch(entry_id):
            raise BadMediaId("no entry")
        if not rest:
            return MediaPlace(entry_id)
        part = part_of_segment(rest[0])
        if len(rest) == 1:
            return MediaPlace(entry_id, part)
        day, hour = _day(rest[1])
        match rest[2:]:
            case []:
                return MediaPlace(entry_id, part, day, hour)
            case [payload] if hour is None:
                return MediaPlace(entry_id, part, day, None, self.clip(entry_id, part, payload))
            case [payload, "h264"] if hour is None:
                clip = self.clip(entry_id, part, payload)
                return MediaPlace(entry_id, part, day, None, clip, h264=True)
        raise BadMediaId("too long")

    def _seal(self, entry_id: str, part: PartId, packed: bytes) -> bytes:
        """Return what only we can have put to this payload of this part."""
        named = f"{entry_id}/{part_segment(part)}/".encode()
        return blake2b(named + packed, key=self._key, digest_size=SEAL_BYTES).digest()


def check_entry(entry_id: str) -> str:
    """Return an entry's id as it is. BadMediaId for what cannot be one."""
    if not _ENTRY.fullmatch(entry_id):
        raise BadMediaId("no entry")
    return entry_id


def _day(segment: str) -> tuple[date, int | None]:
    """Return the day of `2026-03-01`, and the hour of `2026-03-01T13`."""
    found = _DAY.fullmatch(segment) if segment.isascii() else None
    if found is None:
        raise BadMediaId("no day")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise BadMediaId("no day") from None
    hour = None if found[2] is None else int(found[2])
    if hour is not None and hour > 23:
        raise BadMediaId("no hour")
    return day, hour


def _plain(clip: Clip) -> dict[str, Any]:
    """Return a clip as JSON, without what is not known."""
    told = {
        "r": clip.refs,
        "c": clip.container,
        "s": int(clip.start.timestamp()),
        "l": clip.length,
        "z": clip.size,
        "n": clip.name,
        "t": clip.thumbnail,
    }
    return {key: value for key, value in told.items() if value is not None}


def _unpacked(packed: bytes) -> dict[str, Any]:
    """Return the JSON of a payload, which never grows beyond what is sensible."""
    try:
        inflate = zlib.decompressobj()
        body = inflate.decompress(packed, UNPACKED_MOST_BYTES)
        told = json_loads(body) if inflate.eof else None
    except (zlib.error, ValueError) as error:
        raise BadMediaId("no payload") from error
    if not isinstance(told, dict):
        raise BadMediaId("no payload")
    return told


def _clip(part: PartId, told: dict[str, Any]) -> Clip:
    """Return the clip of a payload; what does not fit is refused, though it bears our seal."""
    match told:
        case {"r": [str(), *_] as refs, "c": str(container), "s": int(start)}:
            pass
        case _:
            raise BadMediaId("no payload")
    length, size, name, thumbnail = (told.get(key) for key in "lznt")
    fits = (
        len(refs) <= REFS_MOST
        and all(isinstance(ref, str) and 0 < len(ref) <= REF_MOST for ref in refs)
        and (container == "" or _CONTAINER.fullmatch(container))
        and 0 <= start <= LATEST_SECONDS
        and (length is None or (isinstance(length, int | float) and length >= 0))
        and (size is None or (isinstance(size, int) and size >= 0))
        and all(
            one is None or (isinstance(one, str) and len(one) <= REF_MOST)
            for one in (name, thumbnail)
        )
    )
    if not fits:
        raise BadMediaId("no payload")
    if length is not None and length > LENGTH_MOST_SECONDS:
        length = None
    return Clip(
        part,
        tuple(refs),
        container,
        datetime.fromtimestamp(start, UTC),
        length,
        size,
        name,
        thumbnail,
    )


# --- the key of this installation

_IDS: Final[HassKey[MediaIds]] = HassKey(f"{DOMAIN}_media_ids")


async def async_setup_media_ids(hass: HomeAssistant) -> None:
    """Read the key, or make it at the first start."""
    store: Store[dict[str, str]] = Store(hass, VERSION, f"{DOMAIN}.media", private=True)
    kept = (await store.async_load() or {}).get("key", "")
    if not re.fullmatch(rf"[0-9a-f]{{{2 * KEY_BYTES}}}", kept):
        kept = token_bytes(KEY_BYTES).hex()
        await store.async_save({"key": kept})
    hass.data[_IDS] = MediaIds(bytes.fromhex(kept))


def media_ids(hass: HomeAssistant) -> MediaIds:
    """Return what makes and parses ids."""
    return hass.data[_IDS]
