"""The URLs that players are given."""

from urllib.parse import quote

from .env import Address
from .errors import Unsupported
from .model import Stream


def play_url(stream: Stream, address: Address) -> str:
    """A stream's URL with the login, percent-encoded. Unsupported without RTSP."""
    if stream.url is None:
        raise Unsupported(f"no RTSP for {stream.id}")
    if not address.user:
        return stream.url
    login = f"{quote(address.user, safe='')}:{quote(address.password, safe='')}"
    return stream.url.replace("rtsp://", f"rtsp://{login}@", 1)
