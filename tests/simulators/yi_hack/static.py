"""What the web server hands out without a script: the card, the pages, the refusals (§2)."""

import asyncio
from datetime import datetime
from email.utils import format_datetime
import gzip
from urllib.parse import unquote

from tests.simulators.wire import Reply, Request
from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.card import TMP

REALM = "Web Server Authentication"

_HTML = ("Content-type", "text/html")
_CLOSE = ("Connection", "close")
_TYPES = {"jpg": "image/jpeg", "avi": "video/x-msvideo", "html": "text/html", "txt": "text/plain"}
"""There is none for mp4."""
_REFUSALS = {
    401: ("Unauthorized", ""),
    404: ("Not Found", "The requested URL was not found"),
    501: ("Not Implemented", "The requested method is not recognized"),
}
_INDEX = b"<!DOCTYPE html><html><head><title>yi-hack</title></head><body></body></html>\n"


def page(status: int) -> Reply:
    """A refusal: a small page."""
    title, text = _REFUSALS[status]
    body = (
        f"<HTML><HEAD><TITLE>{status} {title}</TITLE></HEAD>\n"
        f"<BODY><H1>{status} {title}</H1>\n{text}\n</BODY></HTML>\n"
    )
    headers = [_CLOSE, _HTML]
    if status == 401:
        headers.append(("WWW-Authenticate", f'Basic realm="{REALM}"'))
    return Reply(status, body.encode(), tuple(headers), length=None, close=True)


async def serve(camera: Camera, request: Request) -> Reply:
    """Answer for a file."""
    path = unquote(request.path)
    if path in ("/", "/index.html"):
        return _index(request)
    folder, _, name = path.removeprefix("/").partition("/")
    if folder != "record" or ".." in name.split("/"):
        return page(404)
    if name == TMP:
        found = camera.recorder.temporary()
        return page(404) if found is None else _file(request, *found)
    file = camera.card.find(name)
    if file is None:
        return page(404)
    body = await asyncio.to_thread(file.make)
    return _file(request, body, file.modified, ranges=camera.faults.ranges)


def _index(request: Request) -> Reply:
    """The page lies there compressed only."""
    if "gzip" not in (request.header("Accept-Encoding") or ""):
        return page(404)
    headers = (_CLOSE, _HTML, ("Content-Encoding", "gzip"))
    return Reply(200, gzip.compress(_INDEX, mtime=0), headers, close=True)


def _file(request: Request, body: bytes, modified: datetime, *, ranges: bool = True) -> Reply:
    """A file or a range of it; everything but a plain 200 claims to be a page."""
    suffix = request.path.rpartition(".")[2]
    etag = f'"{int(modified.timestamp()):x}-{len(body):x}"'
    if request.header("If-None-Match") == etag:
        return Reply(304, b"", (_CLOSE, _HTML, ("ETag", etag)), length=None, close=True)
    span = _span(request.header("Range"), len(body)) if ranges else None
    headers = [_CLOSE]
    if span is not None:
        headers.append(_HTML)
    elif suffix in _TYPES:
        headers.append(("Content-type", _TYPES[suffix]))
    headers += [
        ("ETag", etag),
        *([("Accept-Ranges", "bytes")] if ranges else []),
        ("Last-Modified", format_datetime(modified, usegmt=True)),
    ]
    if span is None:
        return Reply(200, body, tuple(headers), close=True)
    start, end = span
    headers.append(("Content-Range", f"bytes {start}-{end}/{len(body)}"))
    return Reply(206, body[start : end + 1], tuple(headers), close=True)


def _span(said: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole file, also where it makes no sense."""
    unit, equals, rest = (said or "").partition("=")
    start, dash, end = rest.partition("-")
    if unit != "bytes" or not equals or not dash or not start.isdecimal():
        return None
    first, last = int(start), min(int(end), size - 1) if end.isdecimal() else size - 1
    return (first, last) if first <= last else None
