"""The long tail: any table read and written, what the box says it can, its clock (§4.6, §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import partial
import re
from types import MappingProxyType
from typing import Final

from ..commands import GetAbilities, GetConfig, Set, SetConfig, SetTime
from ..errors import BadInput, Rejected, Unsupported
from ..http.client import Lane
from ..model import BOX, Answer, FeatureId, Hint, PartId, Value
from ..settings import POLL, get_config, set_config
from ..when import to_local
from . import kept, wire
from .box import Box
from .features import CLOCK
from .places import MAINTAIN, reboot_time
from .topic import Topic

_NAME: Final = re.compile(r"[A-Za-z]\w{0,63}", re.ASCII)
_LONGEST: Final = 2_000
"""So many lines of an answer are shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for a topic, perhaps of one channel."""

    cgi: str
    action: str
    one: bool = False
    more: tuple[tuple[str, wire.Param], ...] = ()


def _product(name: str) -> Question:
    """One number of what the product is."""
    return Question("magicBox", "getProductDefinition", more=(("name", name),))


_TOPICS: Final[Mapping[str, tuple[Question, ...]]] = MappingProxyType(
    {
        "product": (
            Question("magicBox", "getDeviceClass"),
            _product("MaxExtraStream"),
            _product("MaxRemoteInputChannels"),
        ),
        "network": (Question("netApp", "getInterfaces"),),
        "encoder": (Question("encode", "getCaps"),),
        "encoder_channel": (Question("encode", "getConfigCaps", one=True),),
        "video_input": (
            Question("devVideoInput", "getCollect"),
            Question("devVideoInput", "getCaps", one=True),
        ),
        "video_output": (Question("devVideoOutput", "getCollect"),),
        "audio": (
            Question("devAudioInput", "getCollect"),
            Question("devAudioOutput", "getCollect"),
        ),
        "ptz": (Question("ptz", "getCurrentProtocolCaps", one=True),),
        "ptz_protocols": (Question("ptz", "getProtocolList", one=True),),
        "recording": (Question("recordManager", "getCaps"),),
        "storage": (Question("storage", "getCaps"),),
        "disks": (
            Question("storageDevice", "factory.getPortInfo"),
            Question("storageDevice", "factory.getCollect"),
        ),
        "languages": (Question("magicBox", "getLanguageCaps"),),
        "events": (
            Question("eventManager", "getCaps"),
            Question("eventManager", "getExposureEvents"),
        ),
        "analysis": (Question("devVideoAnalyse", "getCaps", one=True),),
        "thermography": (Question("ThermographyManager", "getCaps", one=True),),
        "radiometry": (Question("RadiometryManager", "getCaps", one=True),),
        "thermal_preset": (
            Question(
                "ThermographyManager", "getPresetParam", one=True, more=(("mode", "Default"),)
            ),
        ),
        "thermal_region": (Question("ThermographyManager", "getOptimizedRegion", one=True),),
        "thermal_sensor": (Question("ThermographyManager", "getExternSystemInfo", one=True),),
    }
)
"""What is asked for a topic: §4.3.1-2, §4.5.1-4, §4.5.8-13, §4.6.5, §4.6.19, §4.7,
§4.9.18, §4.10.3-4, §4.11.1, §6.1, §8.1.1, §10.1, §10.2.1."""
_THERMAL: Final = frozenset({"ThermographyManager", "RadiometryManager"})


async def _learn(box: Box) -> list[Value]:
    """Every box has tables, a clock, and says what it can; what may be chosen is recalled."""
    choices: dict[FeatureId, list[str]] = {}
    for name, word in (kept.noted(box, _CHOICES) or {}).items() if kept.is_fresh(box) else ():
        choices.setdefault(name.rpartition(" ")[0], []).append(word)
    box.choices |= {feature: tuple(words) for feature, words in choices.items()}
    box.able["configure"] = {
        **{camera.part.id: frozenset({GetAbilities}) for camera in box.cameras.values()},
        BOX: frozenset({GetConfig, SetConfig, SetTime, GetAbilities}),
    }
    return []


async def _get(box: Box, part: PartId, command: GetConfig) -> Answer:
    """One table (getConfig, §6), its secrets masked."""
    if not _NAME.fullmatch(command.name):
        raise BadInput("the name of a table has letters, digits and _ only")
    return Answer(data=await get_config(box.store, command.name))


async def _set(box: Box, part: PartId, command: SetConfig) -> Answer:
    """Names that the box lists (setConfig, §6); answers with what they were."""
    before = await set_config(box.store, command.values)
    changed = {name.partition("[")[0].partition(".")[0] for name in command.values}
    read = tuple(f"{POLL}{name}" for name in changed if f"{POLL}{name}" in box.topology.polls)
    return Answer((Hint(read),) if read else (), data=before)


async def _abilities(box: Box, part: PartId, command: GetAbilities) -> Answer:
    """What the box says that it can do about one topic, line by line."""
    questions = _TOPICS.get(command.topic)
    if questions is None:
        raise BadInput(f"one of {', '.join(_TOPICS)}")
    told: dict[str, str] = {}
    refused: Unsupported | None = None
    for question in questions:
        channels = _channels(box, part, question.cgi) if question.one else (None,)
        try:
            text = await _asked(box, question, channels)
        except Unsupported as error:
            refused = error
            continue
        told |= {
            (name if len(questions) == 1 else f"{question.cgi}.{name}"): value
            for name, value in wire.pairs(text).items()
        }
    if refused is not None and not told:
        raise refused
    return Answer(data=dict(list(told.items())[:_LONGEST]))


def _channels(box: Box, part: PartId, cgi: str) -> tuple[int, ...]:
    """The channels that a part may have; that of the thermal lens is normally 2 (§10)."""
    cameras = {one.part.id: one.channel for one in box.cameras.values()}
    if cgi in _THERMAL and not box.identity.recorder:
        return (2, 1)
    return (cameras.get(part, min(cameras.values(), default=1)),)


async def _asked(box: Box, question: Question, channels: Sequence[int | None]) -> str:
    """One question, of the first channel that answers."""
    for channel in channels:
        params = [*([] if channel is None else [("channel", channel)]), *question.more]
        try:
            return await box.client.ask(question.cgi, question.action, params)
        except Unsupported:
            if channel == channels[-1]:
                raise
    raise Unsupported(f"no {question.cgi}")


async def _set_time(box: Box, part: PartId, command: SetTime) -> Answer:
    """Set the box's clock (§4.6.3)."""
    moment = command.time or box.env.clock.now()
    await box.client.set_time(to_local(moment, box.env.zone))
    return Answer((Hint((CLOCK,)),))


async def _restart_at(box: Box, part: PartId, command: Set) -> Answer:
    """When the box restarts by itself (AutoMaintain, §4.6.8), and look whether it is so."""
    if not isinstance(command.value, time):
        raise BadInput("not a time of day")
    wanted = command.value.replace(second=0, microsecond=0)
    await box.store.save(
        {
            f"{MAINTAIN}.AutoRebootHour": str(wanted.hour),
            f"{MAINTAIN}.AutoRebootMinute": str(wanted.minute),
        }
    )
    now = reboot_time(await box.store.load(MAINTAIN))
    if now != wanted:
        raise Rejected(f"the restart stays at {now}")
    return Answer((Value(f"{part}:auto_reboot_time", now),))


# --- what may be chosen ---------------------------------------------------------------------


async def _choices(box: Box) -> list[Value]:
    """Languages, codecs and sizes that the box offers, where it says so."""
    if box.has("language") and f"{BOX}:language" not in box.choices:
        text = await box.verdicts.probe(
            "getLanguageCaps",
            lambda: box.client.ask("magicBox", "getLanguageCaps", lane=Lane.SURVEY),
        )
        _offer(box, f"{BOX}:language", wire.word(text or "", "Languages"))
    for camera in () if box.identity.recorder else box.cameras.values():
        if f"{camera.part.id}:video_codec" in box.choices:
            continue
        params = [("channel", camera.channel)]
        text = await box.verdicts.probe(
            "getConfigCaps",
            partial(box.client.ask, "encode", "getConfigCaps", params, lane=Lane.SURVEY),
        )
        for name, value in wire.pairs(text or "").items():
            key = _OFFERS.get(_INDEX.sub("", name).removeprefix("caps."))
            if key is not None:
                _offer(box, f"{camera.part.id}:{key}", value)
    words = {
        f"{feature} {at}": word
        for feature, offered in box.choices.items()
        if feature.rpartition(":")[2] in _ASKED
        for at, word in enumerate(offered)
    }
    kept.note(box, _CHOICES, words)
    return []


def _offer(box: Box, feature: FeatureId, words: str | None) -> None:
    """Take a list of words for what may be chosen, if there are any."""
    found = tuple(each.strip()[:40] for each in (words or "").split(",") if each.strip())[:64]
    if found and feature not in box.choices:
        box.choices[feature] = found


_INDEX: Final = re.compile(r"^caps\[0\]\.|(?<=Format)\[0\]")
_OFFERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "MainFormat.Video.CompressionTypes": "video_codec",
        "MainFormat.Video.ResolutionTypes": "resolution",
        "ExtraFormat.Video.CompressionTypes": "sub_video_codec",
        "ExtraFormat.Video.ResolutionTypes": "sub_resolution",
    }
)
"""Members of getConfigCaps (§4.5.4), without the indexes that some leave out."""
_ASKED: Final = frozenset({"language", *_OFFERS.values()})
_CHOICES: Final = "choices"
"""The note of what may be chosen."""

TOPIC: Final = Topic(
    learn=_learn,
    survey=_choices,
    handlers={
        GetConfig: _get,
        SetConfig: _set,
        GetAbilities: _abilities,
        SetTime: _set_time,
    },
    setters={"auto_reboot_time": _restart_at},
)
