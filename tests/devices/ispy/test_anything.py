"""Every parser fed cut and mutated samples: it reads them or refuses them, and nothing else."""

from collections import Counter
from collections.abc import Callable
import random

import pytest

from custom_components.cctv.devices.errors import DeviceError
from custom_components.cctv.devices.ispy import lists, panel, plans, ptz, refs, wire
from custom_components.cctv.devices.ispy.wire import Thing
from tests.devices.ispy.samples import (
    ALERTS,
    CAMERA_9,
    CONFIG,
    CONTENT,
    DENIED,
    DENIED_OLD,
    GRABS,
    GRAPH_COMMA,
    GRAPH_DOT,
    MIC_7,
    OBJECTS,
    OLD_ALERTS,
    OLD_PLANS,
    OPTIONS,
    PANEL,
    PLANS,
    PREVIEW,
)

THING = Thing(2, 7, enabled=True, name="x")
PARSERS: dict[str, tuple[Callable[[str], object], list[str]]] = {
    "things": (wire.things, [OBJECTS, f"{CAMERA_9}\r\n{MIC_7}\r\nOK"]),
    "config": (wire.config, [CONFIG]),
    "commands": (wire.remote_commands, ["0|All On,1|All Off,20|Open"]),
    "payload": (wire.payload, ['"a,b"']),
    "level": (wire.level, ['{"level":0.1}']),
    "denied": (wire.is_denied, [DENIED, DENIED_OLD]),
    "connect": (wire.modern, ['{"auth":"0a1b2c3d-0000","status":"OK"}', "0a1b2c3d-00,OK"]),
    "recording": (wire.is_recording, ["recording,a, b,OK"]),
    "panel": (panel.parse, [PANEL]),
    "files": (lists.files, [CONTENT]),
    "clips": (lists.clips, [GRAPH_DOT, GRAPH_COMMA]),
    "previews": (lists.previews, [PREVIEW]),
    "counts": (lists.counts, ["2,1,3|2,2,0|1,1,0"]),
    "grabs": (lists.grabs, [GRABS]),
    "camera grabs": (lists.camera_grabs, ["a.jpg,b, c.jpg"]),
    "levels": (lists.levels, ['("0.1,0.2","65",80.000)', '("",0,0)']),
    "plans": (plans.plans, [PLANS]),
    "alerts": (plans.alerts, [ALERTS]),
    "old plans": (plans.old_plans, [OLD_PLANS]),
    "old alerts": (plans.old_alerts, [OLD_ALERTS]),
    "moves": (ptz.moves, [wire.payload(OPTIONS)]),
    "stamp": (lists.stamp, ["1_2024-03-31_01-30-05.mp4"]),
    "ref": (refs.parse, ["live/1,2", refs.clip(THING, "a b.mp4")]),
}


@pytest.mark.parametrize("name", PARSERS)
def test_every_cut_of_a_sample_is_read_or_refused(name: str) -> None:
    parse, samples = PARSERS[name]
    ends: Counter[str] = Counter()
    for sample in samples:
        for at in range(len(sample) + 1):
            ends.update(_end(parse, text) for text in (sample[:at], sample[at:]))
    assert ends.keys() <= {"read", "refused"}
    assert ends["read"]


@pytest.mark.parametrize("name", PARSERS)
def test_ten_thousand_mutations_are_read_or_refused(name: str) -> None:
    parse, samples = PARSERS[name]
    dice = random.Random(name)
    ends: Counter[str] = Counter()
    letters = '\r\n,|^_"\\{}[]:;=<>&0123456789.-OKrecordingdata \u00fc\x00'
    for _ in range(10_000):
        text = list(dice.choice(samples))
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(text) + 1)
            match dice.randrange(4):
                case 0:
                    text.insert(at, dice.choice(letters))
                case 1:
                    del text[at : at + dice.randint(1, 8)]
                case 2:
                    text[at : at + 1] = dice.choice(letters)
                case _:
                    text[at:at] = text[: dice.randint(0, 30)]
        ends[_end(parse, "".join(text))] += 1
    assert ends.keys() <= {"read", "refused"}
    assert ends.total() == 10_000


def _end(parse: Callable[[str], object], text: str) -> str:
    """What came of reading a text; only an error of the device layer is a refusal."""
    try:
        parse(text)
    except DeviceError:
        return "refused"
    except Exception as error:  # noqa: BLE001
        # Named with its text, which says more than where it came from.
        return f"{error!r} at {text!r}"
    return "read"
