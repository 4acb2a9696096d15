"""Subscriptions beside that of the events: answers without an end, part by part (§8.3, §10.2)."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from ..errors import Busy, Unsaid, Unsupported
from ..http.client import MIB, Stream
from ..model import Batch
from ..push import MultipartParser, boundary_of
from .box import Box

SILENCE: Final = 60.0
"""So many seconds without a heartbeat, and it is dead."""
BEAT: Final = 5
"""Seconds between two heartbeats, where they can be asked for (§8.3.2)."""
_HEARTBEAT: Final = b"Heartbeat"
_PEEK: Final = 4_096


async def accept(box: Box, stream: Stream, *more: str) -> str:
    """The type of an answer that is a subscription. Unsupported, Rejected … where it is none."""
    kind = stream.headers.get("content-type", "").lower()
    if stream.status == 200 and kind.startswith(("multipart/", *more)):
        return kind
    box.client.text(await stream.peek(_PEEK))
    raise Unsaid(f"answered with {kind[:40] or 'nothing'}")


async def bodies(stream: Stream, limit: int = MIB) -> AsyncGenerator[bytes]:
    """The bodies of the parts; b"" is a heartbeat."""
    declared = boundary_of(stream.headers.get("content-type", ""))
    parser = MultipartParser(declared, limit=limit, body_starts=(_HEARTBEAT,))
    async for chunk in stream:
        for part in parser.feed(chunk):
            yield b"" if part.body.strip() == _HEARTBEAT else part.body


async def listen(
    box: Box, feed: str, path: str, translate: Callable[[str], Batch]
) -> AsyncGenerator[Batch]:
    """What a subscription tells, and () for a heartbeat; its poll serves where it is refused.

    Until it has told something of use it gives no sign of life, so that the poll goes on.
    """
    alive = False
    try:
        async with box.client.http.stream(path) as stream:
            await accept(box, stream)
            async with aclosing(bodies(stream)) as heard:
                async for body in heard:
                    batch = translate(body.decode("utf-8", "replace"))
                    if batch and not alive:
                        alive = True
                        box.verdicts.put(feed, verdict=True)
                    if alive:
                        yield batch
    except Unsaid:
        # A bad moment; until it tells something its poll serves.
        raise
    except Unsupported as error:
        if box.verdicts.get(feed) is True:
            # Too many subscriptions are refused alike (§4.9.17).
            raise Busy(f"{feed} is not told now: {error}") from error
        box.verdicts.put(feed, verdict=False)
        _drop(box, feed)
        yield (box.build(),)


def _drop(box: Box, feed: str) -> None:
    """Leave it to the polls."""
    box.feeds.pop(feed, None)
    for group, features in box.features.items():
        box.features[group] = [
            replace(each, push=None) if each.push == feed else each for each in features
        ]
