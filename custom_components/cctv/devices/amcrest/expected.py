"""The features that events tell: what the box exposes, its tables imply, or was heard (§4.9)."""

from typing import Final

from ..catalogue import row
from ..model import BOX, Feature, Hint
from ..settings import POLL
from .box import Box
from .entry import PLATES
from .features import (
    ACTIVE,
    ACTIVE_MINOR,
    EVENTS,
    GUARD,
    INPUTS,
    LASTING,
    LEVELS,
    RECORDED,
    RINGING,
)


def place(box: Box) -> tuple[Hint, ...]:
    """The features that events tell: what the device exposes, its tables imply, or was heard.

    What only now turned out to be told may be active already, so it is to be asked.
    """
    before = box.codes
    wanted = set(box.heard) | _expected(box)
    rows = {id_.rpartition(":")[2] for id_ in wanted}
    box.codes = {key: codes for key in sorted(rows) if (codes := _codes(box, key))}
    found = []
    for id_ in sorted(wanted):
        part, _, key = id_.rpartition(":")
        if key in ("doorbell", "call", "security", "new_file", "access", "plate", RECORDED):
            found.append(Feature(part, key, push=EVENTS))
            continue
        hold = GUARD if row(key).detects else None
        poll = active_poll(key) if key in box.codes else None
        found.append(Feature(part, key, poll=poll, push=EVENTS, hold=hold))
    poll = INPUTS if box.verdicts.get("input_state") is not False else None
    found += [Feature(part, "input", poll=poll, push=EVENTS) for part in box.inputs.values()]
    box.features[EVENTS] = found
    polls = {active_poll(key) for key in box.codes if key not in before}
    return (Hint((*sorted(polls),)),) if polls else ()


def active_poll(key: str) -> str:
    """The poll that asks whether a row is active."""
    return ACTIVE_MINOR if row(key).minor else ACTIVE


def _codes(box: Box, key: str) -> tuple[str, ...]:
    """The codes to ask for a row: those that the device exposes, else the first."""
    lasts = LASTING.__contains__ if row(key).detects else LEVELS.__contains__
    codes = [code for code, level in LEVELS.items() if level.row == key and lasts(code)]
    known = [code for code in codes if code in box.exposed] or codes[:1]
    return tuple(code for code in known if box.verdicts.get(f"active:{code}") is not False)


def _expected(box: Box) -> set[str]:
    """What this box tells by all we know."""
    found = {f"{BOX}:security"}
    if box.doors:
        found.add(f"{BOX}:access")
    warm = any(camera.thermal for camera in box.cameras.values())
    rung = box.identity.bell or bool(box.exposed & (RINGING - {"Invite"}))
    for index, camera in box.cameras.items():
        part = camera.part.id
        found.add(f"{part}:new_file")
        if rung and index == 0:
            found |= {f"{part}:doorbell", f"{part}:call"}
        if box.exposed & PLATES:
            found.add(f"{part}:plate")
        for key, sign in _IMPLIED:
            if box.has(sign, part):
                found.add(f"{part}:{key}")
        found |= {
            f"{part}:{level.row}"
            for code, level in LEVELS.items()
            if code in box.exposed
            and not level.box
            and not (box.identity.recorder and level.ruled)
            and not (level.row in _WARMTH and warm and not camera.thermal)
        }
        rules = [one for one in box.rules if one[0] == index]
        for one in rules:
            found |= {
                f"{part}:{each.key}"
                for each in box.features.get(f"{POLL}VideoAnalyseRule", [])
                if each.part == box.rules[one] and each.key != "rule"
            }
    found |= {
        f"{BOX}:{level.row}" for code, level in LEVELS.items() if code in box.exposed and level.box
    }
    return found


_WARMTH: Final = frozenset({"heat", "fire"})
"""What only the thermal lens of a camera sees, where it has one."""
_IMPLIED: Final = (
    ("motion", "motion_detection"),
    ("person", "person_detection"),
    ("vehicle", "vehicle_detection"),
    ("sound", "sound_detection"),
)
"""What a setting says about the events there are."""
