"""Listening to the box (§4.9.17): the subscription, what firmware makes of it, its parts."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
import logging
from typing import Final

from ..errors import (
    CannotConnect,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Malformed,
)
from ..http.client import Stream
from ..model import Batch, Event, FeatureId, Hint, Update, Value
from ..push import MultipartParser, boundary_of
from . import expected, wire
from .box import Box
from .features import EVENTS, LEVELS, RECORDED, RECORDINGS, WANTED

_LOGGER = logging.getLogger(__name__)

_VERDICT: Final = "attach"
_RUNGS: Final[Mapping[str, int]] = {"list": 1, "all": 0, "half": 2, "quarter": 4, "eighth": 8}
"""The ways to subscribe, best first: the explicit list, [All], and shares of the list."""
_PEEK: Final = 4_096


def codes(box: Box, rung: str) -> tuple[str, ...]:
    """The codes of a way to subscribe; of a part of the list, those that features need first."""
    if not _RUNGS[rung]:
        return ("All",)
    features = {each.key for each in box.features.get(EVENTS, [])}
    needed = [code for code in WANTED if (level := LEVELS.get(code)) and level.row in features]
    ordered = dict.fromkeys([*needed, *WANTED])
    return tuple(ordered)[: len(ordered) // _RUNGS[rung]]


class Attachment:
    """The event feed of one box; remembers which way of subscribing its firmware takes."""

    def __init__(self, box: Box) -> None:
        """Begin on the rung that worked before."""
        self._box = box
        self.dropped = 0
        """Parts that were no event, or damaged."""
        kept = box.verdicts.get(_VERDICT)
        self._proven = isinstance(kept, str) and kept in _RUNGS
        self._rung = str(kept) if self._proven else next(iter(_RUNGS))
        self._doubted = False
        self._again = False

    async def listen(self) -> AsyncGenerator[Batch]:
        """Batches of events, () for a heartbeat or a way that is proven; ends with the stream.

        A way that worked before is only given up when it is refused twice running: too many
        subscriptions are refused alike (§4.9.17).
        """
        while True:
            path = self._box.client.attach(codes(self._box, self._rung))
            try:
                async with self._box.client.http.stream(path) as stream:
                    await self._accept(stream)
                    if self._proven and not self._doubted:
                        # It worked before, so nobody has to wait for the first heartbeat.
                        yield ()
                    async with aclosing(self._parts(stream)) as batches:
                        async for batch in batches:
                            self._prove()
                            yield batch
                return
            except InvalidAuth, Forbidden:
                raise
            except _Refused as error:
                if self._keeps() or not self._descend():
                    raise CannotConnect(f"no subscription is taken: {error}") from error

    async def _accept(self, stream: Stream) -> None:
        """Go on if this is a subscription; say what it is otherwise (§5)."""
        kind = stream.headers.get("content-type", "").lower()
        if stream.status == 200 and kind.startswith("multipart/"):
            return
        reply = await stream.peek(_PEEK)
        try:
            self._box.client.text(reply)
        except InvalidAuth, Forbidden:
            raise
        except DeviceError as error:
            raise _Refused(str(error)) from error
        raise _Refused(f"answered with {kind[:40] or 'nothing'}")

    def _prove(self) -> None:
        """This way is taken: keep to it."""
        self._doubted = False
        if not self._proven:
            self._proven = True
            self._box.verdicts.put(_VERDICT, self._rung)

    def _keeps(self) -> bool:
        """Whether to try the same way again later, since it worked before."""
        keeps = self._proven and not self._doubted
        self._doubted = True
        return keeps

    def _descend(self) -> bool:
        """Take the next way; back to the first, and False, after the last."""
        self._proven = False
        rungs = list(_RUNGS)
        at = rungs.index(self._rung) + 1
        self._rung = rungs[at % len(rungs)]
        self._box.verdicts.put(_VERDICT, None)
        _LOGGER.debug("The subscription was refused, trying %s", self._rung)
        return at < len(rungs)

    async def _parts(self, stream: Stream) -> AsyncGenerator[Batch]:
        """The batches of one connection; a damaged part is dropped and counted."""
        parser = MultipartParser(boundary_of(stream.headers.get("content-type", "")))
        self._box.translator.begin()
        missed = self._missed()
        async for chunk in stream:
            lost = parser.dropped
            parts = parser.feed(chunk)
            self.dropped += parser.dropped - lost
            updates: list[Update] = []
            now = self._box.env.clock.monotonic()
            for part in parts:
                try:
                    event = wire.event(part.body)
                except Malformed:
                    self.dropped += 1
                    continue
                if event is not None:
                    updates += self._box.translator.translate(event, now)
            if parts:
                yield (*self._grown(updates), *updates, *missed)
                missed = ()

    def _missed(self) -> Batch:
        """What to read at a connection: at the first one, nothing was missed before."""
        again, self._again = self._again, True
        heard = (id_.rpartition(":") for id_ in sorted(self._box.heard))
        polls = tuple(f"{RECORDINGS}{part}" for part, _, key in heard if key == RECORDED)
        return (Hint(polls),) if again and polls else ()

    def _grown(self, updates: list[Update]) -> Batch:
        """The topology, if an event named a feature that nothing else has told of."""
        box = self._box
        known = box.topology.features
        new = {
            update.feature
            for update in updates
            if isinstance(update, (Value, Event))
            and update.feature not in known
            and box.grows(update.feature)
        }
        new |= {id_ for update in updates if (id_ := _recorded(update)) and id_ not in known}
        if not new or not box.hear(new):
            return ()
        expected.place(box)
        return (box.build(),)


def _recorded(update: Update) -> FeatureId | None:
    """What is told of at once where this tells of a video that is whole: it has a size."""
    if not isinstance(update, Event) or update.type != "video":
        return None
    part, _, key = update.feature.rpartition(":")
    size = update.details.get("size")
    return f"{part}:{RECORDED}" if key == "new_file" and isinstance(size, int) and size else None


class _Refused(DeviceError):
    """The device took the login, and not this subscription."""
