"""The camera's configurations as settings (§5.7-5.9): `table.KEY`, text values."""

from collections.abc import Mapping
import re
from typing import Final

from ..errors import BadInput, Rejected
from .client import Client
from .features import FIXED, LOCKED_OUT, TABLES, TIMELAPSE_DT, WRITABLE

CALLED: Final = frozenset(
    {
        "camera.AI_ANIMAL_DETECTION",
        "camera.AI_HUMAN_DETECTION",
        "camera.AI_VEHICLE_DETECTION",
        "camera.BABY_CRYING_DETECT",
        "camera.CRUISE",
        "camera.FACE_DETECTION",
        "camera.IR",
        "camera.LED",
        "camera.MOTION_DETECTION",
        "camera.MOTION_TRACKING",
        "camera.ROTATE",
        "camera.SAVE_VIDEO_ON_MOTION",
        "camera.SENSITIVITY",
        "camera.SOUND_DETECTION",
        "camera.SOUND_SENSITIVITY",
        "camera.SWITCH_ON",
    }
)
"""Camera settings that go to the running camera (§5.9); the others only into the file."""
_AT_ONCE: Final = 2
"""So many camera settings go in one call (§5.9)."""
_PRESET: Final = re.compile(r"[A-Za-z0-9_.,-]{0,60}")
_DELAY: Final = 5.0


class ConfigStore:
    """Reads and writes the camera's configurations."""

    def __init__(self, client: Client) -> None:
        """Nothing is read."""
        self._client = client

    async def load(self, table: str) -> Mapping[str, str]:
        """A configuration by full names. Unsupported where there is none."""
        if table not in TABLES:
            raise BadInput(f"no table {table[:40]}; there are {', '.join(TABLES)}")
        found = await self._client.get_config(table)
        return {f"{table}.{name}": text for name, text in found.items()}

    async def save(self, changes: Mapping[str, str]) -> None:
        """Write; what reaches the running camera goes there. Rejected where a value did not take.

        The camera says that all went well whatever it did with it (§4), so files are read again.
        """
        for name, value in changes.items():
            check(name, value)
        called = [(name, value) for name, value in changes.items() if name in CALLED]
        for at in range(0, len(called), _AT_ONCE):
            some = called[at : at + _AT_ONCE]
            await self._client.camera_settings({_key(name).lower(): value for name, value in some})
        rest = {name: value for name, value in changes.items() if name not in CALLED}
        for table in dict.fromkeys(_table(name) for name in rest):
            mine = {name: value for name, value in rest.items() if _table(name) == table}
            await self._client.set_config(table, {_key(name): mine[name] for name in mine})
            after = await self.load(table)
            lost = [name for name, value in mine.items() if after.get(name) != value]
            if lost:
                raise Rejected(f"not taken: {', '.join(lost)[:80]}")


def check(name: str, value: str) -> None:
    """Refuse what would lock us out, be skipped or arrive mutilated (§5.8, §13). BadInput."""
    table, key = _table(name), _key(name)
    if name in LOCKED_OUT:
        raise BadInput(f"{name}: changing it here would lock this integration out")
    if name in FIXED or table not in WRITABLE:
        raise BadInput(f"{name} cannot be changed")
    if "=" in value or not value.isprintable():
        raise BadInput(f"{name}: the camera would cut this value")
    if table == "ptz_presets" and not _PRESET.fullmatch(value):
        raise BadInput(f"{name}: only letters, digits, dot, comma, hyphen and underscore")
    if key == "MOTION_IMAGE_DELAY" and not (_is_number(value) and float(value) <= _DELAY):
        raise BadInput(f"{name}: no more than {_DELAY} s")
    if key == "TIMELAPSE_DT" and not _is_interval(value):
        raise BadInput(f"{name}: none of the intervals")


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text) is not None


def _is_interval(text: str) -> bool:
    daily, plus, shift = text.partition("+")
    if plus:
        return daily == "1440" and shift.isdecimal() and len(shift) < 5
    return text.isdecimal() and len(text) < 5 and int(text) in TIMELAPSE_DT


def _table(name: str) -> str:
    return name.partition(".")[0]


def _key(name: str) -> str:
    return name.partition(".")[2]
