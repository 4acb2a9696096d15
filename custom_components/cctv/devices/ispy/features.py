"""Polls, the feed, options and buttons of this family. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..device import Option

MAKER: Final = "iSpyConnect"
MODEL: Final = "iSpy"
PORT: Final = 8080

# --- options --------------------------------------------------------------------------------

THRESHOLD: Final = "threshold"
OPTIONS: Final = (Option(THRESHOLD, "int", default=20, min=1, max=100),)
"""From which level (percent) motion or sound counts: iSpy tells the level alone (§4)."""

# --- polls and the feed ---------------------------------------------------------------------

PUSH: Final = "push"
PING: Final = "ping"
OBJECTS: Final = "objects"
PLANS: Final = "plans"
SURVEY: Final = "survey"
STATUS: Final = "status:"
"""getobjectconfig of one object."""
LEVEL: Final = "level:"
"""querylevel of one object."""
GRABS: Final = "grabs:"
"""The newest grab of one camera."""
RECORDED: Final = "recordings:"
"""The engine's poll of an object's recordings."""
EVERY: Final[Mapping[str, float]] = {
    PING: 30,
    OBJECTS: 5,
    PLANS: 10,
    SURVEY: 300,
    STATUS: 30,
    LEVEL: 2,
    GRABS: 60,
    "config:": 120,
}
"""Seconds between two reads, by name or by what a name begins with."""
SETTLE: Final = (1.0, 3.0)
"""The recording flag lags behind the command (§4)."""
KEEP_ALIVE: Final = 20.0
SILENCE: Final = 50.0
"""Without a ping the text test alone shows that the WebSocket lives (§10)."""
LINGER: Final = 5.0
"""Motion lasts so long after the level fell: it is read now and then only."""
HOLD: Final = 30.0
SAVE_SECONDS: Final = 10.0
SAVE_MOST_SECONDS: Final = 600.0
"""Settings live in memory until they are saved so long after the last change (§5)."""

# --- buttons (§5) ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its command, and whether the page for nothing is success."""

    command: str
    mute: bool = False
    params: tuple[tuple[str, str | int], ...] = ()
    recording: bool | None = None
    """What the answer's first field must say."""
    minor: bool | None = None


BOX_BUTTONS: Final[Mapping[str, Button]] = {
    "all_on": Button("allon"),
    "all_off": Button("alloff"),
    "all_record": Button("record", mute=True),
    "all_stop": Button("recordstop", mute=True),
    "all_alerts_on": Button("alerton"),
    "all_alerts_off": Button("alertoff"),
    "apply_schedule": Button("applyschedule", mute=True),
    "take_snapshot": Button("snapshot", mute=True, minor=True),
}
"""Without an object they mean all of them."""
SAVE: Final = Button("saveobjects")
GROUP_BUTTONS: Final[Mapping[str, Button]] = {
    "all_on": Button("bringonline"),
    "all_off": Button("takeoffline"),
    "all_record": Button("record", recording=True),
    "all_stop": Button("recordstop", recording=False),
    "all_alerts_on": Button("alerton"),
    "all_alerts_off": Button("alertoff"),
}
"""The answer is the last member's; without a member it is the page for nothing (§6)."""
THING_BUTTONS: Final[Mapping[str, Button]] = {
    "trigger_alert": Button("alert"),
    "trigger_detection": Button("triggerdetect"),
    "toggle_alert_mode": Button("togglealertmode"),
}
CAMERA_BUTTONS: Final[Mapping[str, Button]] = {
    "take_snapshot": Button("snapshot", mute=True),
    "trigger_plugin": Button("triggerplugin"),
}
SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    "listen_at_server": ("startlisten", "stoplisten"),
    "talk_from_server": ("starttalk", "stoptalk"),
}
"""What can be set and never read: the commands for on and off."""

# --- remote commands (§5, §10) --------------------------------------------------------------

DANGEROUS: Final = frozenset({11})
"""It opens a dialog on the PC and blocks the request."""
BUILT_IN: Final = range(14)
"""They do what buttons do already."""


def every(poll: str) -> float:
    """Seconds between two reads of a poll."""
    return EVERY.get(poll) or EVERY[f"{poll.partition(':')[0]}:"]
