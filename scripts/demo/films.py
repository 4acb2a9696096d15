"""Proves recordings: found in the media browser, told by the action, played, with a picture."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
import io
import time
from typing import Any, Final

import av
import numpy as np

from .actor import Actor, Kept
from .api import Api
from .cast import Role
from .check import Failed, Proofs
from .inventory import Holding

ROOT: Final = "media-source://cctv"
LEAST_SECONDS: Final = 5.0
"""What is shorter than this shows little."""
OFF_SECONDS: Final = 1.5
"""A file may be so much longer or shorter than the device says: it ends with a whole group."""
LISTED_MOST: Final = 500
LOOKED_SECONDS: Final = 3
MOVED_LEAST: Final = 0.2
"""So much two pictures differ at least, of 255, where something moves."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a player gets, taken apart."""

    told: float
    """Seconds as its head says."""
    lasts: float
    """Seconds from the first to the end of the last picture."""
    size: tuple[int, int]
    moved: float
    """How much its pictures differ from the first one, at most."""


async def everything(proofs: Proofs, api: Api, cast: Sequence[tuple[Role, Actor, Holding]]) -> None:
    """Each kind of file of each device."""
    for _, actor, holding in cast:
        for kept in actor.kept:
            name = f"{_place(holding, kept)}: {f'.{kept.ending}' if kept.ending else 'recordings'}"
            await proofs.run(name, partial(_proven, api, holding, kept))


async def listed(api: Api, holding: Holding, kept: Kept) -> list[dict[str, Any]]:
    """What the action tells of a place, newest first."""
    device = holding.place(kept.part).id
    asked = {"device_id": device, "limit": LISTED_MOST}
    (result,) = (await api.answer("cctv.list_recordings", asked))["results"]
    if "recordings" not in result:
        raise Failed(f"the action answers {result}")
    return [row for row in result["recordings"] if row["part"] == kept.part]


async def browsed(api: Api, holding: Holding, kept: Kept) -> dict[str, dict[str, Any]]:
    """What can be played in the newest days of a place, by identifier; from the root down."""
    root = await _open(api, ROOT)
    device = _child(root, f"{ROOT}/{holding.entry}")
    days = await _open(api, device)
    if not any("20" in each["title"][:2] for each in days["children"]):
        segment = kept.part.replace("/", "~") or "box"
        days = await _open(api, _child(days, f"{device}/{segment}"))
    titles = [each["title"] for each in days["children"]]
    if titles != sorted(titles, reverse=True):
        raise Failed(f"days out of order: {titles}")
    found: dict[str, dict[str, Any]] = {}
    for day in days["children"]:
        inside = await _open(api, day["media_content_id"])
        for each in inside["children"]:
            if each["can_play"]:
                found[each["media_content_id"]] = each
    return found


async def _proven(api: Api, holding: Holding, kept: Kept) -> str:
    """All that is asked of one kind of file."""
    rows = await listed(api, holding, kept)
    if not kept.ending:
        if not rows or any(row["media_content_id"] for row in rows):
            raise Failed(f"{len(rows)} recordings are listed, of which none has a file")
        return f"{len(rows)} listed by name; the device gives nobody the files"
    seen = await browsed(api, holding, kept)
    films = [
        row
        for row in rows
        if row["container"] == kept.ending and (row["length"] or 0) >= LEAST_SECONDS
    ]
    if not films:
        raise Failed(f"no .{kept.ending} among {len(rows)} recordings")
    row = min(films, key=lambda row: row["length"])
    shown = seen.get(row["media_content_id"])
    if shown is None:
        raise Failed(f"{row['start']} is not in the media browser, which has {len(seen)}")
    picture = await _thumbnail(api, shown["thumbnail"])
    told = await _played(api, row)
    return f"{len(rows)} listed, {len(seen)} browsed; {told}; a picture of {picture} bytes"


async def _played(api: Api, row: dict[str, Any]) -> str:
    """Resolve it, fetch it as a player does, and look at it."""
    answer = await api.ask("media_source/resolve_media", media_content_id=row["media_content_id"])
    if answer["mime_type"] != "video/mp4":
        raise Failed(f"it is told to be {answer['mime_type']}")
    begun = time.monotonic()
    status, kind, body = await api.signed(answer["url"])
    took = time.monotonic() - begun
    if status != 200 or kind != "video/mp4" or body[4:8] != b"ftyp":
        raise Failed(f"HTTP {status}, {kind}, {len(body)} bytes from {body[:12].hex()}")
    # Not at its beginning: what finds any place in a film is put there when all are known.
    at = len(body) // 3
    status, _, piece = await api.signed(answer["url"], f"bytes={at}-{at + 999}")
    if status != 206 or piece != body[at : at + 1000]:
        raise Failed(f"a range of it: HTTP {status}, {len(piece)} bytes")
    film = await asyncio.to_thread(look_at, body)
    for what, seconds in (("its head tells", film.told), ("it lasts", film.lasts)):
        if abs(seconds - row["length"]) > OFF_SECONDS:
            raise Failed(f"{what} {seconds:.1f} s, the device says {row['length']:.1f} s")
    if film.moved < MOVED_LEAST:
        raise Failed(f"its pictures stand still ({film.moved:.2f})")
    width, height = film.size
    return f"{film.lasts:.1f} s of {row['length']:.1f}, {width} × {height}, in {took * 1000:.0f} ms"


def look_at(body: bytes) -> Film:
    """Decode the beginning, and count the rest."""
    first: Any = None
    moved = lasts = 0.0
    with av.open(io.BytesIO(body), "r") as file:
        stream = file.streams.video[0]
        base = stream.time_base
        if base is None:
            raise Failed("its pictures have no times")
        for packet in file.demux(stream):
            if packet.pts is None:
                continue
            lasts = max(lasts, float((packet.pts + (packet.duration or 0)) * base))
            if packet.pts * base > LOOKED_SECONDS:
                continue
            for frame in packet.decode():
                grey = frame.reformat(width=320, height=180, format="gray").to_ndarray()
                picture = grey.astype(np.int16)
                first = picture if first is None else first
                moved = max(moved, float(np.abs(picture - first).mean()))
        size = stream.codec_context.width, stream.codec_context.height
        return Film((file.duration or 0) / av.time_base, lasts, size, moved)


async def _thumbnail(api: Api, path: str | None) -> int:
    """The small picture in the media browser is a JPEG that can be decoded."""
    if path is None:
        raise Failed("the media browser shows no picture of it")
    kind, body = await api.fetch(path)
    if kind != "image/jpeg":
        raise Failed(f"its picture is {kind}")
    with av.open(io.BytesIO(body), "r") as file:
        frame = next(file.decode(video=0))
    if frame.width < 64:
        raise Failed(f"its picture is {frame.width} wide")
    return len(body)


async def _open(api: Api, place: str) -> dict[str, Any]:
    """Open a place in the media browser."""
    opened: dict[str, Any] = await api.ask("media_source/browse_media", media_content_id=place)
    return opened


def _child(place: dict[str, Any], wanted: str) -> str:
    """A place in another one; it has to be there."""
    ids = [str(each["media_content_id"]) for each in place["children"]]
    if wanted not in ids:
        raise Failed(f"{place['title']} shows {[each['title'] for each in place['children']]}")
    return wanted


def _place(holding: Holding, kept: Kept) -> str:
    """The device of a part, as people would say it."""
    place = holding.place(kept.part)
    return f"{holding.title}, {place.name}" if place.behind else holding.title
