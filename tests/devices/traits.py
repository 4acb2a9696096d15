"""What the suites have to know of each family: one record, for whoever joins the registry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
import io
import re
from typing import Any, Final

from PIL import Image

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.env import JSON
from custom_components.cctv.devices.model import Light, Scalar
from tests.simulators.yi_hack.faults import Faults as YiHackFaults
from tests.simulators_tests.open_api_box import film as open_api_film, picture as open_api_picture
from tests.simulators_tests.yi_box import tiny_loop, tiny_picture

from .open_api.ears import Ears as OpenApiEars, liven as liven_open_api

_ASKING = re.compile(
    rb'"method": ?"(?:global\.\w+|[\w.]+\.(?:get\w*|factory\.\w+|find\w*|close|destroy))"'
)
"""JSON calls that only ask, log in and out, or free what was asked for (§3.3, §7.7)."""


@dataclass(frozen=True, slots=True)
class Traits:
    """How a family's wire looks, and how its simulated boxes are held."""

    changes: re.Pattern[str]
    """Requests that change something, by what their path looks like; a POST always does."""
    harmless: re.Pattern[str] | None = None
    """Paths without a verb that change nothing."""
    asks: Callable[[Any], bool] = lambda exchange: False
    """Whether what is posted only asks."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """How a simulator is made light enough to be made a hundred times."""
    options: Callable[[Any], dict[str, JSON]] = lambda box: {}
    """What the user answered, where the simulated box is not where a real one is."""
    logs: Callable[[Any], list[list[Any]]] = lambda box: [box.wire]
    """The wire logs of all its ports."""
    bus: bool = False
    """Whether its boxes speak on a bus."""
    pace: float = 1.0
    """How long a second of its simulated boxes is, and so of those who wait for them."""
    ears: Callable[[Any], Any] = lambda box: box
    """What knows of a box's listeners, where the box does not tell them from viewers."""
    liven: Callable[[Any], object] | None = None
    """How a simulated box is made to say anything at all."""
    cut: Callable[[Any], object] = lambda ears: ears.cut_streams(rst=True)
    """How its streams are cut."""
    refused: frozenset[tuple[str, str]] = frozenset()
    """What the sheets say that a model lets be read and not written."""
    shut: frozenset[str] = frozenset()
    """Personalities that cannot be opened at all."""
    pictures: bool = True
    words: Mapping[str, list[Scalar | Light]] = field(default_factory=dict)
    """Texts that a feature takes, where it does not take every one."""
    first: Mapping[str, Set] = field(default_factory=dict)
    """What must be done before a feature can be set."""

    def changing(self, box: Any) -> list[str]:
        """The requests of a box's wire logs that change something."""
        return [
            f"{each.method} {each.target}"
            for log in self.logs(box)
            for each in log
            if not (self.harmless and self.harmless.search(each.target))
            and not self.asks(each)
            and (each.method != "GET" or self.changes.search(each.target))
        ]


def _picture(scene: str, number: int) -> bytes:
    """Something that begins and ends like a JPEG, drawn at once."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


@cache
def _jpeg(scene: str, number: int, size: tuple[int, int]) -> bytes:
    """A real JPEG of one colour, for simulators that draw on it."""
    drawn = io.BytesIO()
    Image.new("RGB", size, "gray").save(drawn, "JPEG")
    return drawn.getvalue()


_OPTIONS: Final = (
    "backlight",
    "day_night",
    "exposure",
    "mirror",
    "rotate",
    "rotation",
    "white_balance",
)
_COLOURS: Final = ("brightness", "contrast", "gamma", "hue", "saturation")

TRAITS: Final[Mapping[str, Traits]] = {
    "amcrest": Traits(
        changes=re.compile(
            r"action=(?!get|attach|factory|find|start(?:Find|Load)|doFind|stopFind|close(?:&|$)|destroy)"
        ),
        harmless=re.compile(r"^(?:/cgi-bin/snapshot\.cgi|/RPC2_Login)"),
        asks=lambda exchange: bool(_ASKING.search(exchange.request.body)),
        extra={"pictures": _picture},
        liven=lambda box: box.emit("VideoMotion", "Stop"),
        refused=frozenset(
            {
                *(("doorbell", f":{key}") for key in _OPTIONS),
                *(("hostile", f":{key}") for key in _COLOURS),
                ("wizsense", ":video_standard"),
            }
        ),
    ),
    "dvro": Traits(
        changes=re.compile(
            r"/(?:start|stop)|/(?:splittime|reevaluatetags|takeframegrab|take|clear)(?:/|$)"
        ),
        options=lambda box: {"status_port": box.status_port},
        logs=lambda box: [box.wire, box.status.wire],
        shut=frozenset({"status_only"}),
        pictures=False,
        words={
            "recording_directory": ["D:\\One", r"\\nas\Two"],
            "inspection_directory": ["D:\\One", r"\\nas\Two"],
        },
        first={"clip": Set("record", value=True)},
    ),
    "ispy": Traits(
        changes=re.compile(
            r"^/(?!(?:ping|connect|get\w+|previewlist|graphall|livefeed|video\.mjpg|audiofeed|"
            r"loadclip|loadimage|loadgrab|loadobject\.json\?cmd=querylevel|floorplanfeed|"
            r"websocket)\b)"
        ),
        extra={"pictures": _jpeg},
        liven=lambda box: box.add_recording(2, box.cameras[0].id),
        cut=lambda box: box.drop_websockets(rst=True),
    ),
    "open_api": Traits(
        changes=re.compile(
            r"action=(?!list|get)|^/(?:config)?ptz\.cgi(?!\?(?:camera=\d+&)?(?:query|info|whoami)=)|"
            r"^/(?:setosd|(?:hard)?factorydefault|restore|firmwareupgrade|reboot|restart|format|"
            r"mount|remove)\.cgi"
        ),
        extra={"pictures": open_api_picture, "loops": open_api_film},
        ears=OpenApiEars,
        liven=liven_open_api,
    ),
    "yi_hack": Traits(
        changes=re.compile(
            r"^/cgi-bin/(?!(?:status\.json|hostname\.js|"
            r"(?:links|get_configs|eventsdir|eventsfile|save)\.sh|snapshot\.sh(?!.*file=)|"
            r"fw_upgrade\.sh\?get=info|timelapse\.sh\?action=list|"
            r"service\.sh\?name=[\w-]+&action=status)(?:[?&]|$))"
        ),
        harmless=re.compile(r"^/record/"),
        extra={"pictures": tiny_picture, "loops": tiny_loop},
        bus=True,
        pace=YiHackFaults().pace,
        liven=lambda box: box.sound(),
        cut=lambda bus: bus.cut(),
        shut=frozenset({"v4"}),
    ),
}
