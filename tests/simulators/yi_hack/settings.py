"""Camera settings: what reaches the camera, and what the MQTT daemon writes down (§5.9)."""

from collections.abc import Callable, Iterable, Mapping

from tests.simulators.yi_hack.conf import Conf
from tests.simulators.yi_hack.personality import YES_NO, Personality

MOTION = "motion_detection"
AI = ("ai_human_detection", "ai_vehicle_detection", "ai_animal_detection")
_ONLY_OLD = frozenset({"face_detection", "motion_tracking"})
_ONLY_PTZ = frozenset({"cruise", "motion_tracking"})


class Settings:
    """The settings that the camera goes by now, beside those of camera.conf."""

    def __init__(
        self, model: Personality, stored: Callable[[], Conf], homever: Callable[[], str]
    ) -> None:
        """Begin with what is stored."""
        self._model = model
        self._stored = stored
        self._homever = homever
        self.now: Conf = {}
        self.load()

    def load(self) -> None:
        """Start over with the stored values, as after a restart."""
        self.now = {key.lower(): value for key, value in self._stored().items()}

    def get(self, key: str) -> str:
        """What the camera goes by; the empty text where it has no such setting."""
        return self.now.get(key, "")

    @property
    def one_motion(self) -> bool:
        """Whether motion and the AI classes exclude each other on this stock firmware."""
        return self._homever().startswith(self._model.variant.one_motion or ("none",))

    @property
    def needs_motion(self) -> bool:
        """Whether motion is only seen while motion_detection is on."""
        return self._model.variant.has_ai and self.one_motion

    def apply(self, asked: Iterable[tuple[str, str]]) -> Conf:
        """Send settings to the camera; what really changed place comes back, for the daemon."""
        wanted: Conf = {}
        for key, value in asked:
            word = self._word(key, value)
            if word is not None and self._reaches(key):
                wanted[key] = word
        if self._model.variant.has_ai:
            wanted |= self._classes(wanted)
        changed = {key: value for key, value in wanted.items() if self.now.get(key) != value}
        self.now |= changed
        # A value that the camera already had is told again: the daemon hears it all the same.
        return wanted

    def _word(self, key: str, value: str) -> str | None:
        words = self._model.variant.settings.get(key)
        if words is None:
            return None
        if words is YES_NO and key != MOTION:
            return "no" if value == "no" else "yes"
        return value if value in words else None

    def _reaches(self, key: str) -> bool:
        """Whether the camera takes this setting at all."""
        if key in _ONLY_PTZ and not self._model.ptz:
            return False
        if key in _ONLY_OLD:
            return not self.one_motion
        return self.one_motion or key not in (MOTION, *AI[1:])

    def _classes(self, wanted: Mapping[str, str]) -> Conf:
        """Motion and the AI classes, which every call sends again from the file."""
        stored = self._stored()
        motion = wanted.get(MOTION, stored.get(MOTION.upper(), "no"))
        if not self.one_motion:
            human = AI[0]
            return {human: wanted.get(human, stored.get(human.upper(), "no"))}
        if motion == "yes":
            return dict.fromkeys(AI, "no")
        return {key: wanted.get(key, stored.get(key.upper(), "no")) for key in AI}
