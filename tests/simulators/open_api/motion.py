"""Motion windows: their levels, and the parts of the stream that tells them (S-4)."""

from tests.simulators.open_api.faults import Faults
from tests.simulators.open_api.feeds import Feeds, due
from tests.simulators.open_api.parameters import Parameters

KIND = "motion"
_WILD = 99_999
_GHOST = 77


class Motion:
    """What the camera measures in each of its windows."""

    def __init__(self, parameters: Parameters, faults: Faults, feeds: Feeds) -> None:
        """Measure nothing yet."""
        self.levels: dict[int, int] = {}
        self._parameters = parameters
        self._faults = faults
        self._feeds = feeds
        self._parts = 0

    @property
    def windows(self) -> list[int]:
        """Numbers of the windows that are told in the stream."""
        return [
            number
            for number, members in self._parameters.windows().items()
            if members["WindowType"] == "include" or self._faults.exclude_windows
        ]

    def threshold(self, number: int) -> int:
        """The mark that a level has to exceed; the more sensitive, the lower."""
        return 100 - int(self._parameters[f"Motion.M{number}.Sensitivity"])

    def set_level(self, number: int, level: int) -> None:
        """Measure so much in a window, and say so at once."""
        if number not in self._parameters.windows():
            raise IndexError(f"no window {number}")
        self.levels[number] = level
        self._feeds.wake(KIND)

    def forget(self, number: int) -> None:
        """Measure nothing where a window was removed."""
        self.levels.pop(number, None)
        self._feeds.wake(KIND)

    def lines(self, wanted: frozenset[int] | None) -> list[str]:
        """One line a window, in rising order, a semicolon after every value."""
        self._parts += 1
        numbers = [each for each in self.windows if wanted is None or each in wanted]
        found = []
        for number in numbers:
            level = self.levels.get(number, 0)
            if due(self._faults.wild_level_every, self._parts):
                level = _WILD
            found.append(f"group={number};level={level};threshold={self.threshold(number)};")
        if due(self._faults.ghost_group_every, self._parts):
            found.append(f"group={_GHOST};level=3;threshold=10;")
        return found
