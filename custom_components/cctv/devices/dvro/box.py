"""One recorder while it is run: what is known of it, and the topology that comes of it."""

import logging
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from ..commands import (
    ApplyRecorderSettings,
    CreateDirectory,
    GetConfig,
    Press,
    Set,
    SetConfig,
)
from ..env import JSON, Env
from ..model import (
    BOX,
    About,
    Feature,
    Part,
    PartKind,
    Profile,
    Stream,
    Topology,
    topology,
)
from .client import Client
from .features import (
    ALWAYS,
    CLIP,
    CLIP_CHECK,
    LIMITS,
    MAKER,
    MODEL,
    OPTIONAL,
    PING,
    POLLS,
    RECORDING,
    RESTORE,
    SOURCE_URL,
    STATUS_PORT,
    STATUS_PORT_OPTION,
    SURVEY,
    TEMPLATE_NAMES,
    TEMPLATES,
)
from .wishes import Wishes

_LOGGER = logging.getLogger(__name__)

_SOURCE: Final = "camera.source"


class Box:
    """What was learnt of the recorder, and what was made up with the user."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self.env = env
        self.client = Client(env, _port(env.options.get(STATUS_PORT_OPTION, STATUS_PORT)))
        self.wishes = Wishes(env.memory)
        self.source = _source(env.options.get(SOURCE_URL))
        self.restores = env.options.get(RESTORE) is not False
        self.checks_clips = env.options.get(CLIP_CHECK) is not False
        self.answered: set[str] = set()
        """The optional polls that were answered."""
        self.templates: frozenset[str] = frozenset()
        """The templates that the recorder tells, by their wire names."""
        self.stuck = False
        """It was told to record and does not."""
        self.topology = Topology()

    def build(self) -> Topology:
        """All that it has, as far as is known."""
        told = [OPTIONAL[name] for name in OPTIONAL if name in self.answered]
        clip = Feature(BOX, "clip", poll=CLIP if CLIP in self.answered else None)
        templates = [
            Feature(
                BOX, key, poll=TEMPLATES if name in self.templates else None, limits=LIMITS[key]
            )
            for key, name in TEMPLATE_NAMES.items()
        ]
        box = Part(
            BOX,
            PartKind.BOX,
            about=About(maker=MAKER, model=MODEL),
            can=frozenset(
                {Set, Press, CreateDirectory, ApplyRecorderSettings, GetConfig, SetConfig}
            ),
        )
        polls = {PING, RECORDING, SURVEY, *self.answered}
        parts, streams = [box], []
        if self.source is not None:
            host = urlsplit(self.source).hostname or ""
            parts.append(Part(_SOURCE, PartKind.CAMERA, f"Source: {host}"))
            streams.append(Stream(f"{_SOURCE}:{Profile.MAIN}", _SOURCE, url=_bare(self.source)))
        self.topology = topology(
            parts,
            [*ALWAYS, clip, *templates, *told],
            streams,
            [poll for name, poll in POLLS.items() if name in polls],
        )
        return self.topology


def _port(option: JSON) -> int:
    """The second port; 0 for none."""
    if isinstance(option, bool) or not isinstance(option, int):
        return 0
    return option if 0 < option < 65536 else 0


def _source(option: JSON) -> str | None:
    """The address of the camera that is recorded (§7), its login percent-encoded."""
    if not isinstance(option, str) or not option.strip():
        return None
    try:
        parts = urlsplit(option.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("rtsp", "rtsps") or not option.strip().isprintable():
        _LOGGER.warning("What is given as the source's address is no RTSP address")
        return None
    login, at, place = parts.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    login = _quoted(user) + colon + _quoted(password)
    return parts._replace(netloc=f"{login}{at}{place}").geturl().replace(" ", "%20")


def _quoted(text: str) -> str:
    return quote(unquote(text), safe="")


def _bare(url: str) -> str:
    """An address without its login."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
