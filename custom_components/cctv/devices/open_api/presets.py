"""Stored positions (§3.1, §3.2): listed, gone to, stored and forgotten, by name where possible."""

from collections.abc import Mapping
import re
from typing import Final

from ..commands import GotoPreset, RemovePreset, SavePreset
from ..errors import BadInput, Rejected, Unsupported
from ..model import Answer, Feature, Update, Value
from . import wire
from .box import Box, Group
from .features import PRESETS, PTZ
from .moves import Head
from .ptz import CONFIG, query, tell

_LISTED: Final = re.compile(r"presetposno(\d{1,4})", re.ASCII)
_PARAMETER: Final = re.compile(
    r"PTZ\.(?:Preset\.P(?P<head>\d{1,2})\.Position\.P(?P<number>\d{1,4})\.Name"
    r"|PresetPos\b.*?(?P<other>\d{1,4})(?:\.Name)?)",
    re.ASCII,
)
_NAME: Final = re.compile(r'[^"<>~:\x00-\x1f\x7f]{1,31}')
_MOST: Final = 256


async def load(box: Box, head: Head) -> None:
    """List the positions of a camera: by query, else out of the parameters."""
    listed: Mapping[str, str] = {}
    for what in ("presetposcam", "presetposall"):
        found = await query(box, head, what)
        if found is not None:
            listed = found
            break
    presets = {
        int(match[1]): name
        for key, name in listed.items()
        if (match := _LISTED.fullmatch(key)) is not None
    }
    head.presets = dict(sorted((presets or _parameters(box, head)).items())[:_MOST])
    if head.presets:
        _base(box, head)
    if head.at not in head.presets:
        head.at = None


def _parameters(box: Box, head: Head) -> dict[int, str]:
    """The positions that the parameters tell of; a dialect adds more after '~' (§1.1)."""
    found: dict[int, str] = {}
    for key, value in box.tables.get(PTZ, {}).items():
        if (match := _PARAMETER.fullmatch(key)) is None:
            continue
        if match["head"] is not None and int(match["head"]) != head.camera.index:
            continue
        if name := value.partition("~")[0].strip():
            found[int(match["number"] or match["other"])] = name
    return found


def _base(box: Box, head: Head) -> None:
    """Whether positions are counted from 0: once seen, that is remembered."""
    name = f"presets:{head.camera.number}"
    if 0 in head.presets:
        box.verdicts.put(name, 0)
    head.base = 0 if box.verdicts.get(name) == 0 else 1


def place(box: Box, head: Head) -> list[Value]:
    """The choice of positions; absent where there are none."""
    part = head.camera.part
    if not head.presets:
        box.groups.pop(f"{PRESETS}:{part}", None)
        return []
    options = tuple(str(number) for number in head.presets)
    labels = {str(number): name or str(number) for number, name in head.presets.items()}
    feature = Feature(part, "preset", poll=PRESETS, options=options, labels=labels)
    box.groups[f"{PRESETS}:{part}"] = Group((), (feature,))
    return [_value(head)]


def _value(head: Head) -> Value:
    return Value(f"{head.camera.part}:preset", None if head.at is None else str(head.at))


async def read(box: Box, head: Head) -> list[Value]:
    """List them again."""
    await load(box, head)
    return place(box, head)


# --- what is done with them -------------------------------------------------------------------


def _named(head: Head, word: str) -> int | None:
    """The number of a position by its name or number; None if it is not listed."""
    word = word.strip()
    for number, name in head.presets.items():
        if name == word:
            return number
    for number, name in head.presets.items():
        if name.lower() == word.lower():
            return number
    digits = word.isascii() and word.isdigit() and len(word) < 5
    return int(word) if digits and int(word) in head.presets else None


async def goto(box: Box, head: Head, command: GotoPreset) -> Answer:
    """Go to a position: by name, which does not depend on where numbers begin."""
    number = _named(head, command.preset)
    if number is not None:
        return await goto_number(box, head, number)
    word = command.preset.strip()
    if head.presets or not _NAME.fullmatch(word):
        raise BadInput(f"no stored position {word[:40]!r}")
    # A unit that lists none may have some.
    key = "gotoserverpresetno" if word.isascii() and word.isdigit() else "gotoserverpresetname"
    await tell(box, head, (key, word))
    return Answer()


async def goto_number(box: Box, head: Head, number: int) -> Answer:
    """Go to a listed position."""
    name = head.presets[number]
    alone = [*head.presets.values()].count(name) == 1
    try:
        if not name or not alone or not _NAME.fullmatch(name):
            raise Rejected("no name of its own")
        await tell(box, head, ("gotoserverpresetname", name))
    except Rejected:
        # It was not gone to by name, so nothing is said twice.
        await tell(box, head, ("gotoserverpresetno", str(number)))
    head.at = number
    return Answer((_value(head),))


async def save(box: Box, head: Head, command: SavePreset) -> Answer:
    """Store where it looks, by name where one is given (§3.2)."""
    name = command.name.strip() or command.preset.strip()
    digits = name.isascii() and name.isdigit()
    if not _NAME.fullmatch(name):
        raise BadInput('a name has 1 to 31 characters and none of " < > ~ :')
    key = "setserverpresetno" if digits else "setserverpresetname"
    try:
        await box.client.tell(wire.query(CONFIG, [*head.camera.params, (key, name)]))
    except Unsupported:
        if not digits:
            raise
        await tell(box, head, ("devicepresetno", name))
    told = await _listed(box, head)
    if head.presets and _named(head, name) is None:
        raise Rejected("the position is not listed afterwards")
    return Answer(tuple(told))


async def remove(box: Box, head: Head, command: RemovePreset) -> Answer:
    """Forget a position (§3.2); some units take that at ptz.cgi and by number."""
    number = _named(head, command.preset)
    if number is None:
        raise BadInput(f"no stored position {command.preset[:40]!r}")
    name = head.presets[number]
    named = [*head.presets.values()].count(name) == 1 and _NAME.fullmatch(name)
    one = ("removeserverpresetname", name) if named else ("removeserverpresetno", str(number))
    try:
        await box.client.tell(wire.query(CONFIG, [*head.camera.params, one]))
    except Unsupported, Rejected:
        await tell(box, head, ("removeserverpresetno", str(number)))
    told = await _listed(box, head)
    if head.presets.get(number) == name:
        raise Rejected("the position is still listed")
    return Answer(tuple(told))


async def _listed(box: Box, head: Head) -> list[Update]:
    """The positions as they are listed now, with their topology."""
    if not any(
        box.verdicts.get(f"ptz:{head.camera.number}:{what}") is True
        for what in ("presetposcam", "presetposall")
    ):
        box.tables[PTZ] = (await box.client.parameters(PTZ)).values
    told = await read(box, head)
    return [box.build(), *told]
