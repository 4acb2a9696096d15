"""The parameters: what is listed, what may be written and with which values (S-1.1)."""

from collections.abc import Callable, Iterator, Mapping
import re

from tests.simulators.open_api.defaults import RESOLUTIONS, SECRETS, window
from tests.simulators.open_api.grammar import whole

WINDOW = re.compile(r"Motion\.M(\d{1,4})")
_MEMBER = re.compile(r"Motion\.M(\d{1,4})\.(\w+)")
_LONGEST = 255

type Check = Callable[[str], bool]


def _between(low: int, high: int) -> Check:
    return lambda value: low <= whole(value) <= high


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _text(value: str) -> bool:
    return len(value) <= _LONGEST and not re.search(r"[\r\n]", value)


_YES = _one_of("yes", "no")
_RULES: Mapping[str, Check] = {
    r"Motion\.M\d+\.Name": _text,
    r"Motion\.M\d+\.(Left|Right|Top|Bottom)": _between(0, 9999),
    r"Motion\.M\d+\.(Sensitivity|History|ObjectSize)": _between(0, 100),
    r"Motion\.M\d+\.WindowType": _one_of("include", "exclude"),
    r"Motion\.M\d+\.ImageSource": _between(0, 3),
    r"IOPort\.I\d+\.(Usage|Input\.Name|Output\.Name)": _text,
    r"IOPort\.I\d+\.(Input\.Trig|Output\.Active)": _one_of("closed", "open"),
    r"IOPort\.I\d+\.Output\.Mode": _one_of("bistable", "monostable"),
    r"IOPort\.I\d+\.Output\.Button": _one_of("none", "pulse", "actinact"),
    r"IOPort\.I\d+\.Output\.(DelayTime|PulseTime)": _between(0, 60_000),
    r"Image\.I\d+\.(Name|Text\.String)": _text,
    r"Image\.I\d+\.(Enabled|Appearance\.MirrorEnabled)": _YES,
    r"Image\.I\d+\.Text\.(Text|Clock|Date)Enabled": _YES,
    r"Image\.I\d+\.Appearance\.Resolution": _one_of(*RESOLUTIONS),
    r"Image\.I\d+\.Appearance\.Compression": _between(0, 100),
    r"Image\.I\d+\.Appearance\.Rotation": _one_of("0", "90", "180", "270"),
    r"Image\.I\d+\.Stream\.FPS": _between(0, 30),
    r"Image\.MaxViewers": _between(1, 20),
    r"Image\.RFCCompliantMultipartEnabled": _YES,
    r"ImageSource\.I\d+\.Sensor\.(Brightness|Contrast|ColorLevel|Sharpness)": _between(0, 100),
    r"ImageSource\.I\d+\.Sensor\.WhiteBalance": _one_of("auto", "hold", "indoor", "outdoor"),
    r"ImageSource\.I\d+\.Sensor\.Exposure": _one_of("auto", "hold", "flickerfree50"),
    r"ImageSource\.I\d+\.DayNight\.IrCutFilter": _one_of("yes", "no", "auto"),
    r"Audio\.DuplexMode": _one_of("full", "half", "get", "post"),
    r"Audio\.A\d+\.Enabled": _YES,
    r"Audio\.A\d+\.HTTPMessageType": _one_of("singlepart", "multipart"),
    r"Network\.BootProto": _one_of("none", "dhcp"),
    r"Network\.(IPAddress|SubnetMask|Broadcast|DefaultRouter|HostName)": _text,
    r"Network\.Wireless\.(ESSID|WPA\.Key)": _text,
    r"Network\.HTTP\.AuthenticationPolicy": _one_of("basic", "digest", "basic_digest"),
    r"Time\.POSIXTimeZone": _text,
    r"Time\.SyncSource": _one_of("NTP", "None"),
    r"Storage\.S\d+\.FriendlyName": _text,
    r"Storage\.S\d+\.CleanupMaxAge": _between(0, 3650),
    r"Storage\.S\d+\.CleanupPolicyActive": _one_of("fifo", "none"),
    r"Storage\.S\d+\.Locked": _YES,
}
"""What may be written; all that is not here is read only."""


class Parameters:
    """Names without `root.`, and their values."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Start with these values."""
        self.values = dict(values)
        self.computed: Callable[[], Mapping[str, str]] = dict
        """What is listed besides, and comes from elsewhere."""

    def __getitem__(self, name: str) -> str:
        """The value of a name that must be there."""
        return self.values[name]

    def __setitem__(self, name: str, value: str) -> None:
        """Change a value, as somebody at the camera's own page would."""
        self.values[name] = value

    def get(self, name: str, default: str = "") -> str:
        """The value of a name that need not be there."""
        return self.values.get(name, default)

    def flag(self, name: str) -> bool:
        """Whether a value is yes."""
        return self.values.get(name) == "yes"

    # Lists

    def listing(self, group: str | None = None) -> dict[str, str]:
        """What a group holds, or everything; secrets are stars."""
        wanted = None if group is None else _pattern(group)
        return {
            name: "******" if name in SECRETS else value
            for name, value in self._all()
            if wanted is None or wanted.match(name)
        }

    def known(self, group: str) -> bool:
        """Whether there is such a group or name; the one of windows may be empty."""
        return group == "Motion" or bool(self.listing(group))

    def _all(self) -> Iterator[tuple[str, str]]:
        for name, value in self.values.items():
            if not _MEMBER.match(name):
                yield name, value
        for number, members in self.windows().items():
            for key, value in members.items():
                yield f"Motion.M{number}.{key}", value
        yield from self.computed().items()

    # Writing

    def write(self, name: str, value: str) -> bool:
        """Set a value; False where the name or the value is not taken."""
        rule = next((check for text, check in _RULES.items() if re.fullmatch(text, name)), None)
        if rule is None or name not in self.values or not rule(value):
            return False
        self.values[name] = value
        return True

    # Motion windows

    def windows(self) -> dict[int, dict[str, str]]:
        """The motion windows and their members, in rising order (S-4)."""
        found: dict[int, dict[str, str]] = {}
        for name, value in self.values.items():
            if member := _MEMBER.fullmatch(name):
                found.setdefault(int(member[1]), {})[member[2]] = value
        return dict(sorted(found.items()))

    def add_window(self, name: str = "DefaultWindow", **fields: str) -> int:
        """Create a window under the lowest free number."""
        taken = self.windows()
        number = next(each for each in range(len(taken) + 1) if each not in taken)
        self.values |= window(number, name, **fields)
        return number

    def remove_window(self, number: int) -> bool:
        """Remove a window; False where there is none."""
        names = [name for name in self.values if name.startswith(f"Motion.M{number}.")]
        for name in names:
            del self.values[name]
        return bool(names)


def _pattern(group: str) -> re.Pattern[str]:
    """A group, a name, or either with stars for single members."""
    text = re.escape(group).replace(r"\*", "[^.]*")
    return re.compile(rf"{text}(?:\.|$)")
