"""Every verb that is served, by `cgi.action`, and the capability that a model needs for it."""

from collections.abc import Awaitable, Callable, Mapping

from tests.simulators.amcrest.answers import (
    audio,
    brush,
    camera_states,
    care,
    counting,
    display,
    doors,
    event_pictures,
    events,
    finding,
    identity,
    io,
    lens,
    live,
    loading,
    log,
    neighbours,
    parking,
    pictures,
    playback,
    ptz,
    radiometry,
    records,
    settings,
    talk,
    thermal,
    users,
)
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.wire import Connection, Reply

type Answer = Callable[[Device, Command], Reply]
type Stream = Callable[[Device, Command, Connection], Awaitable[Reply | None]]

_GROUPS: tuple[tuple[str | None, Mapping[str, Answer]], ...] = (
    (None, identity.ANSWERS),
    (None, settings.ANSWERS),
    (None, events.ANSWERS),
    (None, finding.ANSWERS),
    (None, users.ANSWERS),
    (None, log.ANSWERS),
    (None, care.ANSWERS),
    (None, playback.ANSWERS),
    ("alarm", events.ALARM),
    ("coaxial", io.COAXIAL),
    ("storage", io.STORAGE),
    ("recorder", io.RECORDER),
    ("ptz", ptz.ANSWERS),
    ("lens", lens.LENS),
    ("window", lens.WINDOW),
    ("wiper", brush.ANSWERS),
    ("access", doors.ANSWERS),
    ("access", records.ANSWERS),
    ("call", talk.ANSWERS),
    ("thermal", thermal.ANSWERS),
    ("thermal", radiometry.ANSWERS),
    ("counting", counting.ANSWERS),
    ("parking", parking.ANSWERS),
    ("display", display.ANSWERS),
    ("discovery", neighbours.ANSWERS),
)
ANSWERS: dict[str, tuple[str | None, Answer]] = {
    key: (capability, answer) for capability, group in _GROUPS for key, answer in group.items()
}
STREAMS: dict[str, Stream] = {
    **events.STREAMS,
    **pictures.STREAMS,
    **finding.STREAMS,
    **loading.STREAMS,
    **playback.STREAMS,
    **live.STREAMS,
    **audio.STREAMS,
    **talk.STREAMS,
    **event_pictures.STREAMS,
    **radiometry.STREAMS,
    **counting.STREAMS,
    **camera_states.STREAMS,
}
_CHANNELLED = frozenset(
    {"devVideoInput.getCaps", "encode.getConfigCaps", "ptz.getCurrentProtocolCaps"}
    | {"devVideoAnalyse.getCaps"}
)
_CGIS = frozenset(key.partition(".")[0] for key in (*ANSWERS, *STREAMS, *_CHANNELLED)) | {
    "netApp",
    "userManager",
    "recordManager",
    "devAudioInput",
    "devAudioOutput",
    "devVideoOutput",
}


async def answer(device: Device, command: Command, connection: Connection) -> Reply | None:
    """Find who answers a command; a verb nobody knows is refused as §5 says."""
    refused = refused_here(device, command)
    if refused is not None:
        return refused
    key = command.key
    if key in STREAMS:
        return await STREAMS[key](device, command, connection)
    if key in device.personality.answers:
        return _fixed(device, command)
    capability, found = ANSWERS.get(key, (None, None))
    if found is None:
        # A misspelt verb of a known file differs from a file that is not there.
        known = command.cgi in _CGIS and key not in _CHANNELLED and command.action
        return device.refuse(Refusal.INVALID) if known else device.missing()
    if capability is not None and not device.has(capability):
        return device.missing()
    return found(device, command)


def refused_here(device: Device, command: Command) -> Reply | None:
    """The refusal that switches or the model have for this command."""
    name = command.get("name")
    keys = [command.key, command.cgi]
    if name is not None:
        keys.insert(0, f"{command.key}:{name}")
    for key in keys:
        kind = device.faults.refuse.get(key)
        if kind is not None:
            return device.refuse(kind, name or "")
    return None


def _fixed(device: Device, command: Command) -> Reply:
    """An answer that never changes; the verbs that count channels check theirs."""
    text = device.personality.answers[command.key]
    channel = device.channel(command)
    from_zero = command.cgi == "ptz" and device.personality.ptz_from_zero
    if command.key in _CHANNELLED and channel is None:
        if not (from_zero and command.number("channel") == 0):
            return device.refuse(Refusal.BAD_REQUEST)
        channel = 0
    lines = text.replace("{ch}", str(channel or 0)).splitlines()
    return device.lines(*(line for line in lines if line))
