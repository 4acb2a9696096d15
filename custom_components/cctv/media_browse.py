"""The media browser's tree: devices, channels, days, hours, recordings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_source import BrowseMediaSource
from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import DOMAIN
from .coordinator import CctvCoordinator
from .devices.model import BOX, Day, PartId, Recording
from .library import Listing
from .media_id import Clip, clip_of, media_ids, part_segment
from .media_words import Words, trigger
from .parts import is_within, leading
from .playback import play_mime
from .thumbnails import thumbnail_path

DAY_SHOWN: Final = 300
"""A day with more recordings opens as its hours."""
HOUR_SHOWN: Final = 1_000
SEARCHED: Final = [MediaClass.VIDEO, MediaClass.IMAGE]
HEVC: Final = "h265"


@dataclass(frozen=True, slots=True)
class Channel:
    """A part of a device that has recordings."""

    coordinator: CctvCoordinator
    part: PartId

    @property
    def identifier(self) -> str:
        """Return its identifier in the media source."""
        return f"{self.coordinator.entry.entry_id}/{part_segment(self.part)}"

    @property
    def name(self) -> str:
        """Return how people know it."""
        coordinator = self.coordinator
        if self.part == BOX:
            return coordinator.entry.title
        device_id = coordinator.device_id(self.part)
        device = dr.async_get(coordinator.hass).async_get(device_id) if device_id else None
        named = device and (device.name_by_user or device.name)
        return named or coordinator.topology.parts[self.part].name or self.part

    @property
    def picture(self) -> str | None:
        """Return where its camera shows what it sees now; None while there is none to ask."""
        hass, stream = self.coordinator.hass, leading(self.coordinator.topology, self.part)
        unique_id = f"{self.coordinator.anchor}:{stream}"
        entity_id = er.async_get(hass).async_get_entity_id(Platform.CAMERA, DOMAIN, unique_id)
        state = None if entity_id is None else hass.states.get(entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            return None
        return f"/api/camera_proxy/{entity_id}"

    @property
    def hevc(self) -> bool:
        """Return whether it may record in H.265, which not every browser plays."""
        return any(
            stream.codec == HEVC and is_within(stream.part, (self.part,))
            for stream in self.coordinator.topology.streams.values()
        )


def folder(
    identifier: str | None,
    title: str,
    children: Sequence[BrowseMediaSource] | None = None,
    **more: Any,
) -> BrowseMediaSource:
    """Return a place that holds others."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
        can_search=True,
        search_media_classes=SEARCHED,
        children=children,
        **more,
    )


def days(channel: Channel, title: str, identifier: str, found: Iterable[Day]) -> BrowseMediaSource:
    """Return a channel with its days."""
    return folder(
        identifier,
        title,
        [
            folder(
                f"{channel.identifier}/{day.date.isoformat()}",
                f"{day.date.isoformat()} · {day.count}{'' if day.whole else '+'}",
            )
            for day in found
        ],
        children_media_class=MediaClass.DIRECTORY,
    )


def hours(channel: Channel, day: date, listing: Listing) -> BrowseMediaSource:
    """Return a day with its hours, newest first."""
    counts: dict[int, int] = {}
    for one in listing.recordings:
        hour = channel.coordinator.library.local(one.start).hour
        counts[hour] = counts.get(hour, 0) + 1
    identifier = f"{channel.identifier}/{day.isoformat()}"
    known = [(hour, f"{counts[hour]}") for hour in sorted(counts, reverse=True)]
    if not listing.whole:
        # The oldest listed hour may have more, and those before it were not listed.
        oldest = min(counts)
        known[-1] = (oldest, f"{counts[oldest]}+")
        known += [(hour, "?") for hour in range(oldest - 1, -1, -1)]
    return folder(
        identifier,
        day.isoformat(),
        [folder(f"{identifier}T{hour:02}", f"{hour:02}:00 · {count}") for hour, count in known],
        children_media_class=MediaClass.DIRECTORY,
    )


def recordings(
    channel: Channel, identifier: str, title: str, found: Sequence[Recording], words: Words
) -> BrowseMediaSource:
    """Return a day or an hour with its recordings."""
    shown = found[:HOUR_SHOWN]
    return folder(
        identifier,
        title,
        [recording(channel, one, words) for one in shown],
        not_shown=len(found) - len(shown),
    )


def recording(
    channel: Channel, one: Recording, words: Words, *, named: bool = False
) -> BrowseMediaSource:
    """Return a recording or a stored picture; `named` where it stands among those of others."""
    coordinator = channel.coordinator
    entry_id = coordinator.entry.entry_id
    clip = clip_of(one)
    start = coordinator.library.local(one.start)
    day = start.date()
    payload = media_ids(coordinator.hass).payload(entry_id, clip)
    plays = payload is not None
    # What cannot be played still has to have a name of its own.
    last = payload if payload is not None else f"none-{start:%H%M%S}"
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{channel.identifier}/{day.isoformat()}/{last}",
        media_class=media_class(clip),
        media_content_type=media_type(clip),
        title=called(channel, one, words, named=named),
        can_play=plays,
        can_expand=plays and not clip.picture and channel.hevc,
        thumbnail=thumbnail_path(entry_id, clip, payload) if payload is not None else None,
    )


def forms(channel: Channel, identifier: str, clip: Clip, words: Words) -> BrowseMediaSource:
    """Return a recording with the forms in which it can be played."""

    def form(end: str, key: str) -> BrowseMediaSource:
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=f"{identifier}{end}",
            media_class=MediaClass.VIDEO,
            media_content_type=play_mime(clip, h264=bool(end)),
            title=words.forms.get(key, key),
            can_play=True,
            can_expand=False,
        )

    start = channel.coordinator.library.local(clip.start)
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.VIDEO,
        media_content_type=media_type(clip),
        title=f"{start:%Y-%m-%d %H:%M:%S}",
        can_play=True,
        can_expand=True,
        children=[form("", "original"), form("/h264", "h264")],
    )


def called(channel: Channel, one: Recording, words: Words, *, named: bool = False) -> str:
    """Write when it was, what triggered it, how long and how large it is.

    A tile shows some twenty letters, so what tells most comes first: in a day that is the time of
    day, since the place that holds it says which day; among others (`named`) all of it, and where.
    """
    start, clip = channel.coordinator.library.local(one.start), clip_of(one)
    told = [f"{start:%Y-%m-%d %H:%M:%S}", channel.name] if named else [f"{start:%H:%M:%S}"]
    told.append(trigger(one.kinds, words))
    if clip.length and not clip.picture:
        told.append(_length(clip.length))
    if one.size:
        told.append(_size(one.size))
    return " · ".join(each for each in told if each)


def media_class(clip: Clip) -> MediaClass:
    """Return what kind of thing it is."""
    if clip.picture:
        return MediaClass.IMAGE
    return MediaClass.MUSIC if play_mime(clip).startswith("audio/") else MediaClass.VIDEO


def media_type(clip: Clip) -> str:
    """Return the type of what is sent."""
    return "image/jpeg" if clip.picture else play_mime(clip)


def _length(seconds: float) -> str:
    """Write a length as players do."""
    minutes, rest = divmod(round(seconds), 60)
    hours_, minutes = divmod(minutes, 60)
    return f"{hours_}:{minutes:02}:{rest:02}" if hours_ else f"{minutes}:{rest:02}"


def _size(size: int) -> str:
    """Write a size for people."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000))} kB"
    return f"{size / 1_000_000:.1f} MB"
