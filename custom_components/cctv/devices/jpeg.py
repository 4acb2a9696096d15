"""JPEGs as devices send them: with padding, a trailer or a line end behind them. Pure."""

from .errors import Malformed

_BEGIN = b"\xff\xd8"
_END = b"\xff\xd9"


def whole(body: bytes) -> bytes | None:
    """A JPEG from its first byte to its last; None for anything else."""
    end = body.rfind(_END)
    return body[: end + 2] if body.startswith(_BEGIN) and end > 0 else None


def picture(body: bytes) -> bytes:
    """The same; Malformed for anything else."""
    found = whole(body)
    if found is None:
        raise Malformed(f"no whole JPEG ({len(body)} bytes)")
    return found
