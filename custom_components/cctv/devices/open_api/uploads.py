"""Bodies of requests (§1.2, §1.6, §1.7): arguments that are no query, and files."""

from collections.abc import Iterable
import secrets

from . import wire

type Body = tuple[bytes, dict[str, str]]


def form(params: Iterable[tuple[str, str]]) -> Body:
    """Arguments as a body, and its headers."""
    body = wire.query("", params)[1:].encode()
    return body, {"Content-Type": "application/x-www-form-urlencoded"}


def file(content: bytes, name: str) -> Body:
    """A file as the only part of a multipart/form-data body, and its headers."""
    boundary = f"--------{secrets.token_hex(12)}"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
