"""A picture of each event as it happens (attachFileProc, §4.4.3): the last one of each camera."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any, Final

from .. import chunks, jpeg
from ..errors import Gone, Rejected, Unsaid, Unsupported
from ..http.client import MIB, Stream
from ..model import Batch, Content, Feature, Feed, Part as Place, Picture, Ref, Update, Value
from ..push import MultipartParser, Part, boundary_of
from . import wire
from .album import PICTURE
from .box import Box
from .features import DETAILS, EXPOSED_MINIMUM, HEARTBEAT, MISSED_BEATS, WANTED
from .multipart import is_parted
from .topic import Topic

PICTURES: Final = "pictures"
"""The feed, and the verdict on how it is subscribed to."""
_ALL: Final = "all"
_LIST: Final = "list"
_WAYS: Final = (_ALL, _LIST)
_PART_LIMIT: Final = 16 * MIB
_TEXT: Final = 1 << 12
_IMAGE: Final = "image/"
_EVENT: Final = "Events[0]."
_MANY: Final = 16
"""So many pictures of one event are told apart."""


# --- what there is --------------------------------------------------------------------------


async def _survey(box: Box) -> list[Value]:
    """Whether it gives pictures of events, and how they are asked for; found out once."""
    if not isinstance(box.verdicts.get(PICTURES), str):
        way = await box.verdicts.probe(PICTURES, lambda: _way(box))
        if way is not None:
            box.verdicts.put(PICTURES, way)
    await place(box)
    return []


async def place(box: Box) -> list[Value]:
    """The feed and its features, where it is known that there is one."""
    there = isinstance(box.verdicts.get(PICTURES), str)
    box.features[PICTURES] = [
        Feature(
            camera.part.id,
            "last_picture",
            push=PICTURES,
            # Every picture of all channels goes over the wire as soon as one is wanted.
            minor=True if box.identity.recorder else None,
        )
        for camera in box.cameras.values()
        if there
    ]
    if there:
        box.feeds[PICTURES] = Feed(PICTURES, float(HEARTBEAT * MISSED_BEATS))
    return []


async def _way(box: Box) -> str:
    """The way of subscribing that is taken. Unsupported where every one is refused."""
    doubtful = False
    for way in _WAYS:
        try:
            async with box.client.http.stream(_path(box, way)) as stream:
                await _accept(box, stream)
        except Unsaid:
            doubtful = True
        except Unsupported, Rejected:
            # Some firmware answers 500 for good where others say 400.
            continue
        else:
            return way
    raise (Unsaid if doubtful else Unsupported)("no pictures of events")


def _path(box: Box, way: object) -> str:
    """The request: of all channels of a recorder, of all codes or those that it tells."""
    known = tuple(code for code in WANTED if code in box.exposed) or EXPOSED_MINIMUM
    codes = ("All",) if way == _ALL else known
    return (
        wire.query(
            "snapManager",
            "attachFileProc",
            [
                ("channel", 1 if box.alone else -1),
                ("heartbeat", HEARTBEAT),
                ("Flags[0]", "Event"),
            ],
        )
        + f"&Events=[{','.join(codes)}]"
    )


async def _accept(box: Box, stream: Stream) -> None:
    """Go on if this is a subscription; say what it is otherwise (§5)."""
    if stream.status == 200 and is_parted(stream):
        return
    box.client.text(await stream.peek(_TEXT))
    raise Unsaid("no subscription")


# --- the feed -------------------------------------------------------------------------------


async def _listen(box: Box, feed: str) -> AsyncGenerator[Batch]:
    """Pictures as they come; () for heartbeats and for a picture on its way."""
    async with box.client.http.stream(_path(box, box.verdicts.get(PICTURES))) as stream:
        await _accept(box, stream)
        boundary = boundary_of(stream.headers.get("content-type", ""))
        parser = MultipartParser(boundary, limit=_PART_LIMIT)
        told: Mapping[str, str] = {}
        yield ()
        async for chunk in stream:
            updates: list[Update] = []
            for part in parser.feed(chunk):
                if part.headers.get("content-type", "").lower().startswith(_IMAGE):
                    updates += _pictured(box, told, part.body)
                    told = {}
                elif part.body[:9].lower() != b"heartbeat":
                    told = _said(part)
            yield tuple(updates)


def _said(part: Part) -> Mapping[str, str]:
    """The members of the event that a text part tells, by what is behind `Events[0].`."""
    lines = wire.pairs(part.body.decode("utf-8", "replace"))
    return {
        name.removeprefix(_EVENT): value for name, value in lines.items() if name.startswith(_EVENT)
    }


def _pictured(box: Box, told: Mapping[str, str], body: bytes) -> Iterator[Value]:
    """The picture of an event, if its camera is known; of several the first."""
    place = _place(box, told.get("EventBaseInfo.Index", ""))
    pictures = cut(told, body)
    if place is None or not pictures:
        return
    ref = box.album.keep(place.id, pictures[0])
    details: dict[str, Any] = {
        DETAILS[name]: value[:255] for name, value in told.items() if name in DETAILS
    }
    details["code"] = told.get("EventBaseInfo.Code", "")[:80]
    details["pictures"] = len(pictures)
    picture = Picture(ref, box.env.clock.now())
    yield Value(f"{place.id}:last_picture", picture, details=details)


def _place(box: Box, index: str) -> Place | None:
    """The camera that an event is of; what a box with one says of others is about itself."""
    number = int(index) if index.isdecimal() and len(index) < 5 else None
    if box.alone or (number is None and not box.identity.recorder):
        number = 0
    camera = None if number is None else box.cameras.get(number)
    return None if camera is None else camera.part


def cut(told: Mapping[str, str], body: bytes) -> list[bytes]:
    """The pictures of one event: slices by ImageInfo, or all of it; what is no JPEG is left out."""
    found: list[bytes] = []
    rows = wire.rows(told, "ImageInfo")
    for _, row in sorted(rows.items())[:_MANY]:
        offset, length = row.get("Offset", ""), row.get("Length", "")
        if offset.isdecimal() and length.isdecimal() and len(offset) + len(length) < 20:
            found.append(body[int(offset) : int(offset) + int(length)])
    return [picture for each in found or [body] if (picture := jpeg.whole(each)) is not None]


async def _fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """The picture behind a ref. Gone once there is a newer one."""
    body = box.album.get(ref)
    if body is None:
        raise Gone("there is a newer picture")
    return chunks.jpeg(body)


TOPIC: Final = Topic(
    learn=place, survey=_survey, listeners={PICTURES: _listen}, fetchers={PICTURE: _fetch}
)
