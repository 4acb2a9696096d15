"""Bodies that are there already, as content."""

from collections.abc import AsyncGenerator

from .model import Content


async def once(body: bytes) -> AsyncGenerator[bytes]:
    """A whole body as its only chunk."""
    yield body


def content(mime: str, body: bytes, container: str) -> Content:
    """A whole body under its type."""
    return Content(mime, once(body), container=container, size=len(body))


def jpeg(body: bytes) -> Content:
    """A picture."""
    return content("image/jpeg", body, "jpeg")
