"""What the camera has, out of what was learnt of it: its part, features, polls and feed."""

from dataclasses import replace
from typing import Final

from ..commands import (
    BackUp,
    Command,
    DeleteRecordings,
    GetConfig,
    Install,
    Mode,
    PlayFile,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    RecordFor,
    RemovePreset,
    Restore,
    SavePreset,
    Say,
    Service,
    Set,
    SetConfig,
)
from ..model import (
    BOX,
    Feature,
    Feed,
    Need,
    Part,
    PartKind,
    Poll,
    PtzAbility,
    TalkFormat,
    Topology,
    topology,
)
from ..settings import Place, bind
from . import events, inventory
from .box import Box
from .events import Translator
from .features import (
    CAMERA,
    EVERY,
    FIRMWARE,
    HOLDS,
    HOME,
    MQTT,
    NEEDS,
    RATE,
    RECORDER,
    RECORDER_SECONDS,
    RECORDINGS,
    SERVICE_ROWS,
    SERVICES,
    SETTLE,
    SLOTS,
    STANDARD,
    STATUS,
    SURVEY,
    VOLUME,
    WITH_CARD,
    WITHOUT_CARD,
    settings,
)

_FRAME: Final = 640
_NOWHERE: Final = frozenset({"", "0.0.0.0"})  # noqa: S104 - no broker
_RECORDER_SECONDS: Final = 5.0
_MEASURES: Final = (
    "started",
    "storage_free",
    "storage_missing",
    "wifi_signal",
    "memory_free",
    "load",
    "clock_drift",
)
_ALWAYS: Final[frozenset[type[Command]]] = frozenset(
    {Set, Press, GetConfig, SetConfig, BackUp, Restore, Service, Install}
)


def build(box: Box) -> Topology:
    """The topology of all that is known; settings and topics are bound anew."""
    learnt, identity = box.learnt, box.identity
    homever = learnt.camera.get("camera.HOMEVER", "")
    rows = settings(identity.variant, homever, ptz=identity.ptz)
    box.bounds = bind(rows, [Place(BOX)], "camera", learnt.camera)
    _tune(box)
    features = [
        *(Feature(BOX, key, poll=STATUS) for key in _MEASURES),
        *(replace(each.feature(learnt.camera), push=_push(box)) for each in box.bounds),
        *_happenings(box),
        *_services(box),
        *_controls(box),
        Feature(BOX, "firmware", poll=FIRMWARE),
        Feature(BOX, "restart"),
    ]
    seed = (RECORDER,) if any(each.key == "motion" and each.poll for each in features) else ()
    box.topology = topology(
        [_part(box)],
        features,
        inventory.streams(learnt.links, learnt.system, identity, box.env.address, box.env.options),
        _polls(box, features),
        [Feed(MQTT, seed=seed, need=Need.ALWAYS)] if box.translator is not None else [],
    )
    return box.topology


def _tune(box: Box) -> None:
    """Know the topics and words, if the camera speaks to a broker at all (§9)."""
    learnt = box.learnt
    on = learnt.system.get("MQTT") == "yes" and learnt.mqtt.get("MQTT_IP", "") not in _NOWHERE
    known = events.words(learnt.mqtt) if on else None
    if known is None:
        box.translator = None
    elif box.translator is None or box.translator.words != known:
        box.translator = Translator(known)


def _push(box: Box) -> str | None:
    """The feed, for what only it tells: not before the camera was heard there."""
    return MQTT if box.translator is not None and box.proven else None


def _happenings(box: Box) -> list[Feature]:
    """Motion by the bus and by the file being written (§11); recordings; what else is heard."""
    push, found = _push(box), list[Feature]()
    poll = RECORDER if box.records and not box.endless else None
    if poll is not None or push is not None:
        feed = None if box.translator is None else MQTT
        found.append(Feature(BOX, "motion", poll, feed, hold=HOLDS["motion"]))
    if push is not None:
        found += [
            Feature(BOX, key, push=push, hold=HOLDS[key])
            for key, need in NEEDS.items()
            if box.bound(need) is not None
        ]
    if box.records:
        found += [
            Feature(BOX, "recording", poll=RECORDER),
            Feature(BOX, "new_file", poll=RECORDINGS, options=("video",)),
        ]
    thumbs = RECORDINGS if box.records and not box.identity.variant.old else None
    if thumbs is not None or push is not None:
        found.append(Feature(BOX, "last_picture", poll=thumbs, push=push))
    return found


def _services(box: Box) -> list[Feature]:
    """The services; what always says `started` is not asked (§5.15)."""
    standard = box.learnt.system.get("RTSP_ALT", STANDARD) in ("", "no", STANDARD)
    asked = {"rtsp_service": standard, "onvif_service": True, "recording_service": False}
    return [Feature(BOX, key, poll=SERVICES if asked[key] else None) for key in SERVICE_ROWS]


def _controls(box: Box) -> list[Feature]:
    """Presets and the speaker; the buttons of a camera that moves are everybody's."""
    found: list[Feature] = []
    if box.identity.ptz:
        stored = box.learnt.presets
        names = dict.fromkeys(map(str, range(SLOTS)), "") if stored is None else stored
        if names:
            labels = {slot: name for slot, name in names.items() if name}
            found.append(Feature(BOX, "preset", options=tuple(names), labels=labels))
    if box.speaks:
        found += [Feature(BOX, "speaker"), Feature(BOX, "speaker_volume", limits=VOLUME.limits)]
    return found


def _part(box: Box) -> Part:
    """The box, which is the camera."""
    identity, learnt = box.identity, box.learnt
    about = identity.about
    if box.translator is not None:
        claims = {f"mqtt:{box.translator.words.prefix}"}
        if client := learnt.mqtt.get("MQTT_CLIENT_ID", ""):
            claims.add(f"mqtt-client:{client}")
        about = replace(about, claims=frozenset(claims))
    modes = frozenset({Mode.STEP} if identity.variant.old else Mode)
    limit = WITH_CARD if learnt.card else WITHOUT_CARD
    return Part(
        BOX,
        PartKind.BOX,
        about.name,
        about,
        _able(box),
        frozenset({"recordings", "days", "folders", "last_recording"} if learnt.card else ()),
        PtzAbility(frozenset({"pan", "tilt"}), modes) if identity.ptz else None,
        TalkFormat("pcm_s16le", RATE, _FRAME, False, limit) if box.speaks else None,
    )


def _able(box: Box) -> frozenset[type[Command]]:
    """What may be done to it."""
    identity, learnt = box.identity, box.learnt
    able = set(_ALWAYS)
    if identity.ptz:
        able |= {PtzMove} if identity.variant.old else {PtzMove, PtzStop}
        able |= {PtzHome} if learnt.presets is None or HOME in learnt.presets else set()
        able |= set() if learnt.presets is None else {SavePreset, RemovePreset}
    if learnt.card:
        able |= {RecordFor, DeleteRecordings}
    if box.speaks:
        able |= {Say, PlayFile} if learnt.card else {Say}
    return frozenset(able)


def _polls(box: Box, features: list[Feature]) -> list[Poll]:
    """The polls that anything is told by, and those that are always read."""
    seconds = box.env.options.get(RECORDER_SECONDS)
    every = {**EVERY, RECORDER: float(seconds) if isinstance(seconds, int) else _RECORDER_SECONDS}
    used = {each.poll for each in features}
    return [
        Poll(STATUS, every[STATUS], need=Need.VITAL),
        Poll(SURVEY, every[SURVEY], need=Need.ALWAYS),
        *(
            Poll(name, every[name], SETTLE if name in (CAMERA, SERVICES) else ())
            for name in (CAMERA, RECORDER, RECORDINGS, SERVICES, FIRMWARE)
            if name in used
        ),
    ]
