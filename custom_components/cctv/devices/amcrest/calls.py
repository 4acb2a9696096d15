"""The call of a door station (§12.1): what it does, answering it and hanging up."""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Final

from ..commands import Call
from ..errors import Rejected, Unsaid, Unsupported
from ..model import BOX, Answer, Batch, Feature, Feed, PartId, Value
from ..push import MultipartParser, boundary_of
from . import kept, wire
from .box import Box
from .rpc2 import number
from .topic import Topic

FEED: Final = "calls"
POLL: Final = "call"
_HEARTBEAT: Final = 5
_MISSED: Final = 3
_STATES: Final[Mapping[str, str]] = {
    "idle": "idle",
    "ringing": "ringing",
    "calling": "calling",
    "talking": "talking",
}
_VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "invite": ("invite",),
    "cancel": ("cancel",),
    "answer": ("answer",),
    "refuse": ("refuse",),
    "hang_up": ("hangup", "hangUp"),
}
"""Two spellings are documented for one of them (§12.1.7)."""
_OBJECT: Final[Mapping[str, str]] = {
    "answer": "answer",
    "refuse": "disconnect",
    "hang_up": "endCall",
    "cancel": "endCall",
}
"""What real door stations know instead, by JSON call."""
_LIKELY: Final = frozenset({"VTO", "VTH", "BSC"})
_CGI: Final = "VideoTalkPeer"
_PHONE: Final = "VideoTalkPhone"


async def _learn(box: Box) -> list[Value]:
    """How the station was found to tell of its calls; nothing is asked."""
    noted = kept.noted(box, FEED)
    if noted is not None and FEED not in box.features:
        _place(box, streams=_CGI in noted, phone=_PHONE in noted)
    return []


async def _survey(box: Box) -> list[Value]:
    """Whether the station tells of its calls: by a stream, else by JSON calls."""
    known = FEED in box.features and not box.verdicts.unknown & {_CGI, _PHONE}
    if box.identity.kind not in _LIKELY or known:
        return []
    streams = await box.verdicts.probe(_CGI, partial(_attaches, box))
    phone = await box.verdicts.probe(_PHONE, partial(_state, box))
    if not streams and phone is None:
        return []
    found = {_CGI: bool(streams), _PHONE: phone is not None}
    kept.note(box, FEED, {name: "" for name, there in found.items() if there})
    _place(box, streams=found[_CGI], phone=found[_PHONE])
    return [] if phone is None else [Value(f"{BOX}:call_state", phone)]


def _place(box: Box, *, streams: bool, phone: bool) -> None:
    """Name what the station tells of its calls."""
    box.able[FEED] = {BOX: frozenset({Call})}
    if streams:
        box.feeds[FEED] = Feed(FEED, float(_HEARTBEAT * _MISSED), (POLL,) if phone else ())
    poll = POLL if phone else None
    box.features[FEED] = [
        Feature(BOX, "call_state", poll=poll, push=FEED if streams else None),
        Feature(BOX, "answer_call"),
        Feature(BOX, "hang_up"),
    ]


def _path() -> str:
    return f"/cgi-bin/{_CGI}.cgi?action=attachState&heartbeat={_HEARTBEAT}"


async def _attaches(box: Box) -> bool:
    """Whether the stream of states is there; it is left at once."""
    async with box.client.http.stream(_path()) as stream:
        kind = stream.headers.get("content-type", "").lower()
        if stream.status == 200 and kind.startswith("multipart/"):
            return True
        box.client.text(await stream.peek(4_096))
    raise Unsaid("no stream of calls")


async def _state(box: Box) -> str:
    """What it does now (VideoTalkPhone.getCallState, §12.1)."""
    async with box.rpc2.session():
        handle, _ = await box.rpc2.call(f"{_PHONE}.factory.instance")
        _, params = await box.rpc2.call(f"{_PHONE}.getCallState", None, number(handle))
    word = params.get("callState") if isinstance(params, dict) else None
    if not isinstance(word, str) or not word:
        raise Unsaid("no state of a call")
    return _STATES.get(word.lower(), word[:64])


async def _read(box: Box, poll: str) -> Batch:
    """What it does now."""
    return (Value(f"{BOX}:call_state", await _state(box)),)


async def _listen(box: Box, feed: str) -> AsyncGenerator[Batch]:
    """States as they come (VideoTalkPeer attachState, §12.1.1); leaving ends it (§12.1.2)."""
    async with box.client.http.stream(_path()) as stream:
        kind = stream.headers.get("content-type", "")
        if stream.status != 200 or not kind.lower().startswith("multipart/"):
            box.client.text(await stream.peek(4_096))
            raise Unsupported("no stream of calls")
        parser = MultipartParser(boundary_of(kind))
        async for chunk in stream:
            for part in parser.feed(chunk):
                yield _told(part.body)


async def _do(box: Box, action: str) -> Answer:
    """Take part in the call: by CGI, and where that has no such verb by JSON call."""
    refused: Exception | None = None
    for verb in _VERBS[action]:
        if box.verdicts.get(f"{_CGI}:{verb}") is False:
            continue
        try:
            await box.client.tell(_CGI, verb)
        except Unsupported as error:
            # It was refused, so nothing was done.
            refused = error
        else:
            return Answer()
    method = _OBJECT.get(action)
    if method is None or box.verdicts.get(_PHONE) is not True:
        raise Rejected(f"the station cannot {action.replace('_', ' ')} now") from refused
    async with box.rpc2.session():
        handle, _ = await box.rpc2.call(f"{_PHONE}.factory.instance")
        done, _ = await box.rpc2.call(f"{_PHONE}.{method}", None, number(handle))
    if done is not True:
        raise Rejected("there is no call now")
    for verb in _VERBS[action]:
        # Only now is it certain that it was the verb that was refused: the next call is in haste.
        box.verdicts.put(f"{_CGI}:{verb}", verdict=False)
    return Answer()


async def _call(box: Box, part: PartId, command: Call) -> Answer:
    """Take part in the call."""
    return await _do(box, command.call_action)


async def _answer(box: Box, part: PartId) -> Answer:
    """Answer the call."""
    return await _do(box, "answer")


async def _hang_up(box: Box, part: PartId) -> Answer:
    """End the call."""
    return await _do(box, "hang_up")


def _told(part: bytes) -> tuple[Value, ...]:
    """The state that a part tells; a heartbeat tells nothing."""
    for name, value in wire.pairs(part.decode("utf-8", "replace")).items():
        word = value.strip()
        if name.rpartition(".")[2].lower() in ("callstate", "state") and word:
            return (Value(f"{BOX}:call_state", _STATES.get(word.lower(), word[:64])),)
    return ()


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={POLL: _read},
    handlers={Call: _call},
    pressers={"answer_call": _answer, "hang_up": _hang_up},
    listeners={FEED: _listen},
)
