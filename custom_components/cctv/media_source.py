"""Recordings and stored pictures of all devices, in Home Assistant's media browser."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, override

from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.media_player.browse_media import SearchMedia, SearchMediaQuery
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import current_request
from homeassistant.util import dt as dt_util

from . import media_browse as browse
from .access import may_read
from .const import DOMAIN
from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.errors import DeviceError
from .devices.model import PartId
from .errors import placeholders
from .media_browse import Channel
from .media_id import BadMediaId, MediaPlace, media_ids
from .media_search import understand
from .media_words import Words, async_words
from .playback import play_mime, play_path
from .thumbnails import picture_path

NAME: Final = "CCTV"
RESULTS_MOST: Final = 100
SEARCHED: Final = timedelta(days=30)
"""Without a word of time, so much is searched."""


async def async_get_media_source(hass: HomeAssistant) -> CctvMediaSource:
    """Return the media source."""
    return CctvMediaSource(hass)


class CctvMediaSource(MediaSource):
    """Devices, their channels, days and recordings."""

    name = NAME

    def __init__(self, hass: HomeAssistant) -> None:
        """Look at nothing yet."""
        super().__init__(DOMAIN)
        self.hass = hass

    # --- playing

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a recording is played."""
        try:
            place = media_ids(self.hass).parse(item.identifier or "")
            channel = self._channel(place)
            if place.clip is None:
                raise BadMediaId("a place that holds others")
        except BadMediaId:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="media_unknown") from None
        clip, entry_id = place.clip, channel.coordinator.entry.entry_id
        payload = item.identifier.split("/")[3]
        if clip.picture:
            return PlayMedia(picture_path(entry_id, clip, payload), "image/jpeg")
        path = play_path(entry_id, clip, payload, h264=place.h264)
        return PlayMedia(path, play_mime(clip, h264=place.h264))

    # --- browsing

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Open a place of the tree."""
        with _told():
            place = media_ids(self.hass).parse(item.identifier or "")
            if place.entry_id is None:
                return self._root()
            if place.part is None:
                return await self._device(place.entry_id)
            channel = self._channel(place)
        with _told(channel.coordinator.entry.title):
            return await self._opened(channel, place, item.identifier)

    def _root(self) -> BrowseMediaSource:
        """Return all devices that have recordings."""
        return browse.folder(
            None,
            NAME,
            [
                browse.folder(entry.entry_id, entry.title, thumbnail=_picture(channels))
                for entry in sorted(self._entries(), key=lambda one: one.title.casefold())
                if (channels := self._channels(entry.runtime_data))
            ],
        )

    async def _device(self, entry_id: str) -> BrowseMediaSource:
        """Return the channels of a device, or the days of its only one."""
        entry = next((one for one in self._entries() if one.entry_id == entry_id), None)
        channels = [] if entry is None else self._channels(entry.runtime_data)
        if entry is None or not channels:
            raise BadMediaId("no such entry")
        if len(channels) == 1:
            with _told(entry.title):
                days = await entry.runtime_data.library.async_days(channels[0].part)
            return browse.days(channels[0], entry.title, entry_id, days)
        children = [
            browse.folder(channel.identifier, channel.name, thumbnail=channel.picture)
            for channel in channels
        ]
        return browse.folder(entry_id, entry.title, children)

    async def _opened(
        self, channel: Channel, place: MediaPlace, identifier: str
    ) -> BrowseMediaSource:
        """Return the days of a channel, or what is in a day or an hour."""
        library, day = channel.coordinator.library, place.day
        if day is None:
            days = await library.async_days(channel.part)
            return browse.days(channel, channel.name, channel.identifier, days)
        words = await async_words(self.hass)
        if place.clip is not None:
            if place.clip.picture:
                raise BadMediaId("a picture holds nothing")
            base = identifier.removesuffix("/h264")
            return browse.forms(channel, base, place.clip, words)
        if place.hour is not None:
            listing = await library.async_hour(channel.part, day, place.hour)
            title = f"{day.isoformat()} {place.hour:02}:00"
            return browse.recordings(channel, identifier, title, listing.recordings, words)
        listing = await library.async_day(channel.part, day)
        if len(listing.recordings) > browse.DAY_SHOWN or not listing.whole:
            return browse.hours(channel, day, listing)
        return browse.recordings(channel, identifier, day.isoformat(), listing.recordings, words)

    # --- searching

    @override
    async def async_search_media(
        self, item: MediaSourceItem, query: SearchMediaQuery
    ) -> SearchMedia:
        """Find recordings by words for kinds, times and cameras."""
        with _told():
            place = media_ids(self.hass).parse(item.identifier or "")
            channels = self._within(place)
        words = await async_words(self.hass)
        found = await asyncio.gather(
            *(self._found(channel, place, query.search_query, words) for channel in channels),
            return_exceptions=True,
        )
        errors = [one for one in found if isinstance(one, BaseException)]
        lists = [one for one in found if not isinstance(one, BaseException)]
        for error in errors:
            # One device that does not answer keeps nobody from what the others have.
            if not isinstance(error, BrowseError) or not lists:
                raise error
        hits = sorted((hit for hits in lists for hit in hits), key=lambda hit: hit[0], reverse=True)
        classes = query.media_filter_classes
        shown = [hit for _, hit in hits if not classes or hit.media_class in classes]
        return SearchMedia(result=shown[:RESULTS_MOST])

    async def _found(
        self, channel: Channel, place: MediaPlace, text: str, words: Words
    ) -> list[tuple[float, BrowseMediaSource]]:
        """Return what one channel has of it, with the moments by which it is put in order."""
        library, title = channel.coordinator.library, channel.coordinator.entry.title
        now = library.local(dt_util.utcnow())
        wanted = understand(text, words, now)
        name = f"{title} {channel.name}"
        if not wanted.is_named(name):
            return []
        start, end = wanted.start, wanted.end
        whole = (now - SEARCHED, now + timedelta(minutes=1))
        if place.day is not None:
            whole = library.span(place.day, place.hour)
        if start is None or end is None:
            start, end = whole
        elif place.day is not None:
            start, end = max(start, whole[0]), min(end, whole[1])
        if end <= start:
            return []
        with _told(title):
            listed = await library.async_search(
                channel.part, start, end, wanted.kinds_at(name), RESULTS_MOST
            )
        return [
            (one.start.timestamp(), browse.recording(channel, one, words, named=True))
            for one in listed
        ]

    # --- what there is for this user

    def _entries(self) -> list[CctvConfigEntry]:
        """Return the devices that are set up."""
        return self.hass.config_entries.async_loaded_entries(DOMAIN)

    @callback
    def _channels(self, coordinator: CctvCoordinator) -> list[Channel]:
        """Return the channels of a device that this user may see."""
        return [
            Channel(coordinator, part.id)
            for part in coordinator.library.channels()
            if self._allowed(coordinator, part.id)
        ]

    @callback
    def _within(self, place: MediaPlace) -> list[Channel]:
        """Return the channels at or below a place. BadMediaId."""
        if place.part is not None:
            return [self._channel(place)]
        found = [
            channel
            for entry in self._entries()
            if place.entry_id in (None, entry.entry_id)
            for channel in self._channels(entry.runtime_data)
        ]
        if place.entry_id is not None and not found:
            raise BadMediaId("no such entry")
        return found

    @callback
    def _channel(self, place: MediaPlace) -> Channel:
        """Return the channel of a place. BadMediaId."""
        for entry in self._entries():
            if entry.entry_id == place.entry_id:
                for channel in self._channels(entry.runtime_data):
                    if channel.part == place.part:
                        return channel
        raise BadMediaId("no such channel")

    @callback
    def _allowed(self, coordinator: CctvCoordinator, part: PartId) -> bool:
        """Tell whether whoever browses may see a part; the views look once more."""
        user = _whoever()
        return user is None or may_read(self.hass, user, coordinator, part)


def _picture(channels: list[Channel]) -> str | None:
    """Return what a device of a single camera sees."""
    return channels[0].picture if len(channels) == 1 else None


def _whoever() -> User | None:
    """Return who browses, by websocket or by an action over HTTP; None for Home Assistant."""
    if (connection := current_connection.get()) is not None:
        return connection.user
    request = current_request.get()
    return None if request is None else request.get(KEY_HASS_USER)


@contextmanager
def _told(device: str = NAME) -> Iterator[None]:
    """Turn what goes wrong into what the media browser shows."""
    try:
        yield
    except BadMediaId:
        raise BrowseError(translation_domain=DOMAIN, translation_key="media_unknown") from None
    except DeviceError as error:
        raise BrowseError(
            translation_domain=DOMAIN,
            translation_key=error.key,
            translation_placeholders=placeholders(error, device),
        ) from error
