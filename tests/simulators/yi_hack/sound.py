"""The loudspeaker: what was played, and how (§6)."""

from dataclasses import dataclass
from email import message_from_bytes, policy
import re

SAMPLE_BYTES_A_SECOND = 32_000
"""Signed 16 bit, 16 kHz, mono."""
MAX_BYTES_WITHOUT_CARD = 512_000
_WAV_HEAD = 44
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
LANGUAGE = re.compile(r"[A-Za-z-]{5}")


@dataclass(slots=True)
class Played:
    """Something that came out of the loudspeaker."""

    kind: str
    """pcm, speech or file."""
    sound: bytes = b""
    text: str = ""
    language: str = ""
    gain: tuple[str, float] | None = None
    corrupt: bool = False
    """Another one was uploaded at the same time."""
    click: bool = False
    """A WAV header was played as sound."""

    @property
    def seconds(self) -> float:
        """How long it lasted; speech goes by its letters."""
        if self.kind == "speech":
            return len(self.text) / 15
        return len(self.sound) / SAMPLE_BYTES_A_SECOND


class Speaker:
    """Plays one thing after another; two at once spoil each other."""

    def __init__(self) -> None:
        """Be silent."""
        self.played: list[Played] = []
        self.playing: Played | None = None

    @property
    def pcm_bytes(self) -> int:
        """Bytes of sound that were uploaded and kept."""
        return sum(len(each.sound) for each in self.played if each.kind == "pcm")

    def begin(self, sound: Played) -> None:
        """Start to play."""
        if self.playing is not None:
            sound.corrupt = self.playing.corrupt = True
        self.playing = sound
        self.played.append(sound)
        del self.played[:-50]

    def end(self, sound: Played) -> None:
        """Have played it."""
        if self.playing is sound:
            self.playing = None


def gain(name: str, value: str) -> tuple[str, float] | None:
    """`vol` 0-5 or `voldb` -12 to 12; None when it is neither."""
    limits = {"vol": (0.0, 5.0), "voldb": (-12.0, 12.0)}.get(name)
    if limits is None or not _NUMBER.fullmatch(value):
        return None
    number = float(value)
    return (name, number) if limits[0] <= number <= limits[1] else None


def pcm(body: bytes, content_type: str | None) -> tuple[bytes, bool]:
    """The samples of an upload, raw or in a form; and whether a WAV header came along."""
    sound = body
    if content_type is not None and content_type.startswith("multipart/"):
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        message = message_from_bytes(head + body, policy=policy.HTTP)
        parts = [part for part in message.walk() if not part.is_multipart()]
        content = parts[0].get_payload(decode=True) if parts else b""
        sound = content if isinstance(content, bytes) else b""
    wav = sound.startswith(b"RIFF")
    return (sound[_WAV_HEAD:] if wav else sound), wav
