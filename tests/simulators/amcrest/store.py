"""The card or the disks of a box: what was recorded, and the bytes of it (§4.11)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final, Literal

from tests.simulators.amcrest.item import NAS, Damage, Item, path_of
from tests.simulators.amcrest.reel import Reel, block_reel
from tests.simulators.clips import VideoCodec
from tests.simulators.dhav import Style

type Reels = Callable[[int, VideoCodec, Style], Reel]
"""What a channel has recorded; blocks while it is made, and is asked again each time."""
type Stills = Callable[[int, int], bytes]
"""The snapshot of a channel with a number; may block."""
type Kind = Literal["dav", "mp4", "jpg"]
type Told = Callable[[Item, int], None]
"""Hears of a new file and its size."""

_MOST: Final = 50_000
_PICTURES: Final = 5
_DAY: Final = 86_400
_NAS_SIZE: Final = 4_096_000


def block_reels(channel: int, codec: VideoCodec, style: Style) -> Reel:
    """The same small moving block for every lens."""
    return block_reel(codec, style)


class Store:
    """Files by their paths; nothing is made before somebody asks for it."""

    def __init__(
        self,
        stock: Callable[[], Iterable[Item]],
        reels: Reels,
        stills: Stills,
        *,
        recorder: bool = False,
        style: Style | None = None,
        told: Told = lambda item, size: None,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """Hold a stock that is only asked for when somebody looks."""
        self._stock: Callable[[], Iterable[Item]] | None = stock
        self._files: dict[str, Item] = {}
        self._reels = reels
        self._stills = stills
        self._recorder = recorder
        self.style = style or Style()
        self._told = told
        self._now = now
        self.protected: list[tuple[tuple[str, str], ...]] = []
        """Conditions of files that are not overwritten (FileManager)."""

    # What is in it

    @property
    def items(self) -> list[Item]:
        """All files, the oldest first."""
        return sorted(self._all.values(), key=lambda item: (item.start, item.channel, item.path))

    @property
    def _all(self) -> dict[str, Item]:
        stock, self._stock = self._stock, None
        if stock is not None:
            self._files.update((item.path, item) for item in stock())
        return self._files

    def at(self, path: str) -> Item | None:
        """The file at a path, if it can be opened."""
        item = self._all.get(path)
        return None if item is None or item.damage in (Damage.GONE, Damage.REMOTE) else item

    def add(
        self,
        channel: int = 0,
        start: datetime | None = None,
        seconds: int = 10,
        *,
        kind: Kind = "dav",
        flags: tuple[str, ...] = ("Event",),
        events: tuple[str, ...] = ("VideoMotion",),
        stream: str = "Main",
        codec: VideoCodec = "h264",
        damage: Damage | None = None,
        path: str | None = None,
        silent: bool = False,
    ) -> Item:
        """Record something (it ends now unless it is said when it began), and say so: NewFile."""
        begun = start or self._now().replace(microsecond=0) - timedelta(seconds=seconds)
        where = path or path_of(
            channel,
            begun,
            seconds,
            kind,
            recorder=self._recorder,
            flags=flags,
            events=events,
            stream=stream,
        )
        if damage is Damage.REMOTE:
            where = NAS + where
        # A path ending .mp4 is called dav by cameras with a card.
        told = "jpg" if kind == "jpg" else "dav"
        if kind == "mp4" and self._recorder:
            told = "mp4"
        item = Item(channel, begun, seconds, where, told, stream, flags, events, codec, damage)
        self._all[where] = item
        if len(self._files) > _MOST:
            # The oldest goes, as where overwriting is on.
            del self._files[next(iter(self._files))]
        if not silent:
            self._told(item, self.size(item))
        return item

    def remove(self, item: Item | str) -> None:
        """Delete a file; who has it in a list goes on listing it."""
        del self._all[item if isinstance(item, str) else item.path]

    def clear(self) -> None:
        """Empty it, the stock too."""
        self._stock = None
        self._files.clear()

    def fill(self, day: date, count: int, channel: int = 0, codec: VideoCodec = "h264") -> None:
        """Record so many clips evenly over a day (up to one each second); no byte is made."""
        step = _DAY / count
        midnight = datetime.combine(day, time())
        for number in range(count):
            start = midnight + timedelta(seconds=int(number * step))
            self.add(channel, start, max(1, int(step) - 1), codec=codec, silent=True)

    # What somebody finds

    def overlapping(self, channel: int, start: datetime, end: datetime) -> list[Item]:
        """The files of a channel that have something of a time, the oldest first."""
        found = (item for item in self._all.values() if item.channel == channel)
        return sorted(
            (item for item in found if item.overlaps(start, end)),
            key=lambda item: (item.start, item.path),
        )

    # Bytes

    def size(self, item: Item) -> int:
        """How many bytes its download has; blocks where its film is not made yet."""
        whole = self._whole(item)
        return whole * 3 // 5 if item.damage is Damage.TRUNCATED else whole

    def pieces(self, item: Item) -> Iterator[bytes]:
        """Its bytes, piece by piece; blocks at first where its film is not made yet."""
        if item.damage is not None and item.damage is not Damage.TRUNCATED:
            return iter(())
        if item.is_picture:
            return iter((self._picture(item),))
        reel = self._reel(item)
        if item.is_mp4:
            return _cut(iter((reel.mp4(item.seconds),)), self.size(item))
        return _cut(reel.dav(item.start, item.seconds), self.size(item))

    def between(self, items: Sequence[Item], start: datetime, end: datetime) -> Iterator[bytes]:
        """DHAV of a time out of all these, each from its last key frame before (§4.11.7)."""
        # All reels first, so that what blocks has happened when this returns.
        parts = [
            partial(
                self._reel(item).frames,
                item.start,
                max(0.0, (start - item.start).total_seconds()),
                min(float(item.seconds), (end - item.start).total_seconds()),
            )
            for item in items
        ]
        return (piece for part in parts for piece in part())

    def mp4(self, item: Item, seconds: int) -> bytes:
        """An MP4 of what a lens sees; blocks."""
        return self._reel(item).mp4(seconds)

    def _whole(self, item: Item) -> int:
        match item.damage:
            case Damage.EMPTY:
                return 0
            case Damage.REMOTE:
                return _NAS_SIZE
        if item.is_picture:
            return len(self._picture(item))
        reel = self._reel(item)
        return len(reel.mp4(item.seconds)) if item.is_mp4 else reel.size(item.seconds)

    def _reel(self, item: Item) -> Reel:
        return self._reels(item.channel, item.codec, self.style)

    def _picture(self, item: Item) -> bytes:
        # A few different ones: each may have to be drawn.
        return self._stills(item.channel, (item.start.hour + item.start.minute) % _PICTURES)


def _cut(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """No more than so many bytes."""
    for piece in pieces:
        if size <= 0:
            return
        yield piece[:size]
        size -= len(piece)
