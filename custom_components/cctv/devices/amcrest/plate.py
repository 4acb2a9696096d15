"""The type plate of a box (§4.6.10-19), kept over a restart: asked once for each firmware."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Final

from ..env import JSON, Env

_KEY: Final = "plate"
SOFTWARE: Final = "getSoftwareVersion"
_SIGNS: Final = ("getSystemInfo", SOFTWARE)
"""What is asked at every start, and must be as it was."""
NAME: Final = "getMachineName"
"""What the box is called; the survey asks for it anew."""
LASTING: Final = ("getDeviceClass", "getVendor", NAME)
_KEPT: Final = (*LASTING, "getDeviceType", "getSerialNo")
_HARDWARE: Final = re.compile(r"PhysicalAddress$|DefaultInterface$")


@dataclass(frozen=True, slots=True)
class Plate:
    """What was kept of the box's type plate."""

    answers: Mapping[str, str] = field(default_factory=dict)
    network: Mapping[str, str] = field(default_factory=dict)
    remote: int | None = None
    """How many cameras it takes that are elsewhere, if that had to be asked."""


def recall(env: Env, answers: Mapping[str, str]) -> Plate:
    """What was kept of a box that says the same of itself."""
    kept = env.memory.get(_KEY)
    if not isinstance(kept, dict) or not all(answers.get(sign) for sign in _SIGNS):
        return Plate()
    if any(kept.get(sign) != answers[sign] for sign in _SIGNS):
        return Plate()
    network, remote = kept.get("network"), kept.get("remote")
    return Plate(
        {verb: str(kept[verb]) for verb in _KEPT if isinstance(kept.get(verb), str)},
        {name: str(text) for name, text in network.items()} if isinstance(network, dict) else {},
        remote if isinstance(remote, int) else None,
    )


def keep(
    env: Env, answers: Mapping[str, str], network: Mapping[str, str], remote: int | None
) -> None:
    """Keep the type plate; of the network only what the hardware is."""
    plate: dict[str, JSON] = {
        verb: answers[verb][:4_000] for verb in (*_SIGNS, *_KEPT) if verb in answers
    }
    plate["network"] = {
        name: text[:200] for name, text in network.items() if _HARDWARE.search(name)
    }
    plate["remote"] = remote
    env.memory.put(_KEY, plate)


def rename(env: Env, answer: str) -> None:
    """Keep what the box is called now."""
    kept = env.memory.get(_KEY)
    if isinstance(kept, dict) and kept.get(NAME) != answer:
        env.memory.put(_KEY, {**kept, NAME: answer[:4_000]})
