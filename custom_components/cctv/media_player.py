"""Media players: the speakers of a device, for sounds and for Home Assistant's own voices."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final, override

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityDescription,
)
from homeassistant.components.media_player.browse_media import BrowseMedia
from homeassistant.components.media_player.const import (
    ATTR_MEDIA_EXTRA,
    MediaPlayerDeviceClass,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import ExtraStoredData, RestoredExtraData, RestoreEntity

from .const import DOMAIN, LOGGER
from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.commands import Set
from .devices.model import Feature, FeatureId, Limits, TalkFormat
from .entity import CctvFeatureEntity, async_add_features, by_key
from .media.audio import SoundError, sound
from .sources import async_open

PARALLEL_UPDATES = 0

VOLUME: Final = "speaker_volume"
PERCENT: Final = Limits(0, 100)

DESCRIPTIONS: Final = by_key(
    MediaPlayerEntityDescription(key="speaker", device_class=MediaPlayerDeviceClass.SPEAKER)
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the speakers of a device."""
    async_add_features(entry, async_add_entities, CctvSpeaker, DESCRIPTIONS)


class CctvSpeaker(
    CctvFeatureEntity[MediaPlayerEntityDescription], MediaPlayerEntity, RestoreEntity
):
    """A speaker that plays one sound at a time; a new one takes the place of the last."""

    entity_description: MediaPlayerEntityDescription
    _attr_media_content_type = MediaType.MUSIC

    def __init__(
        self,
        coordinator: CctvCoordinator,
        feature: Feature,
        description: MediaPlayerEntityDescription,
    ) -> None:
        """Begin in silence."""
        self._loudness = 1.0
        self._playing: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        super().__init__(coordinator, feature, description)

    # --- what it is

    @property
    def _volume_id(self) -> FeatureId:
        return f"{self.part}:{VOLUME}"

    @property
    @override
    def wanted(self) -> frozenset[FeatureId]:
        """Return the speaker and how loud it is."""
        return frozenset({self.own_id, self._volume_id})

    @property
    def _format(self) -> TalkFormat | None:
        """Return the sound that its part takes."""
        part = self.coordinator.topology.parts.get(self.part)
        return None if part is None else part.talk

    @property
    def _device_volume(self) -> Feature | None:
        """Return the device's own volume; where it has none, what is sent is made softer."""
        return self.coordinator.topology.features.get(self._volume_id)

    @callback
    @override
    def take_over(self) -> None:
        """Take over what it can do and how loud it is."""
        supported = MediaPlayerEntityFeature.VOLUME_SET | MediaPlayerEntityFeature.VOLUME_STEP
        if self._format is not None:
            supported |= (
                MediaPlayerEntityFeature.PLAY_MEDIA
                | MediaPlayerEntityFeature.MEDIA_ANNOUNCE
                | MediaPlayerEntityFeature.BROWSE_MEDIA
                | MediaPlayerEntityFeature.STOP
            )
        self._attr_supported_features = supported
        playing = self._playing is not None
        self._attr_state = MediaPlayerState.PLAYING if playing else MediaPlayerState.IDLE
        if (volume := self._device_volume) is None:
            self._attr_volume_level = self._loudness
            return
        value, limits = self.coordinator.state.value(volume.id), volume.limits or PERCENT
        self._attr_volume_level = (
            (value - limits.min) / (limits.max - limits.min)
            if isinstance(value, int | float) and limits.max > limits.min
            else None
        )

    # --- how loud it is

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """Return what is to be known after a restart."""
        return RestoredExtraData({VOLUME: self._loudness})

    @override
    async def async_added_to_hass(self) -> None:
        """Be as loud as before."""
        if (kept := await self.async_get_last_extra_data()) is not None:
            loudness = kept.as_dict().get(VOLUME)
            if isinstance(loudness, int | float) and 0 <= loudness <= 1:
                self._loudness = float(loudness)
        await super().async_added_to_hass()

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Make the speaker as loud, or else what is played from now on."""
        if (own := self._device_volume) is None:
            self._loudness = volume
            self._changed()
            return
        limits = own.limits or PERCENT
        value = limits.min + volume * (limits.max - limits.min)
        await self.do(Set(VOLUME, round(value) if limits.step >= 1 else value))

    # --- playing

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Fall silent."""
        await self._silence()
        await super().async_will_remove_from_hass()

    @override
    async def async_play_media(
        self, media_type: MediaType | str, media_id: str, **kwargs: Any
    ) -> None:
        """Play it; returns when the speaker has taken the first of it."""
        async with self._changing:
            try:
                source = await async_open(self.hass, media_id, self.entity_id)
            except SoundError as error:
                raise self._unplayable(error) from error
            await self._silence()
            begun: asyncio.Future[None] = self.hass.loop.create_future()
            self._playing = self.coordinator.entry.async_create_background_task(
                self.hass,
                self._play(source, begun),
                f"{self.entity_id} plays",
                # One that fails at once would else be over before it is known to play.
                eager_start=False,
            )
            extra = kwargs.get(ATTR_MEDIA_EXTRA) or {}
            self._attr_media_title = extra.get("title")
            self._changed()
            try:
                await begun
            except asyncio.CancelledError:
                await self._silence()
                raise

    @override
    async def async_media_stop(self) -> None:
        """Fall silent."""
        await self._silence()

    @override
    async def async_browse_media(
        self,
        media_content_type: MediaType | str | None = None,
        media_content_id: str | None = None,
    ) -> BrowseMedia:
        """Show the sounds there are to play."""
        return await media_source.async_browse_media(
            self.hass,
            media_content_id,
            content_filter=lambda item: item.media_content_type.startswith("audio/"),
        )

    async def _silence(self) -> None:
        """End what is played, and wait until the speaker is free."""
        if (playing := self._playing) is not None:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    async def _play(
        self, source: Path | AsyncGenerator[bytes], begun: asyncio.Future[None]
    ) -> None:
        """Play to the end; what goes wrong is told to who waits, or else in the log."""
        fault: HomeAssistantError | None = None
        try:
            async with aclosing(self._sound(source)) as frames:
                # What cannot be played shall not open the speaker.
                first = await anext(frames, None)
                if first is not None:
                    told = _from_the_first(first, frames, begun)
                    await self.coordinator.async_talk(self.part, told)
        except SoundError as error:
            fault = self._unplayable(error)
        except HomeAssistantError as error:
            fault = error
        finally:
            self._playing = None
            self._attr_media_title = None
            if not begun.done() and fault is not None:
                begun.set_exception(fault)
            elif not begun.done():
                begun.set_result(None)
            elif fault is not None:
                LOGGER.warning("%s stopped playing: %s", self.entity_id, fault)
            self._changed()

    def _sound(self, source: Path | AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        """Return the frames that the speaker takes."""
        takes = self._format
        if takes is None:
            raise SoundError("there is no speaker")
        return sound(
            source,
            codec=takes.codec,
            rate=takes.rate,
            frame=takes.frame,
            paced=takes.paced,
            limit=takes.limit,
            gain=self._loudness if self._device_volume is None else 1.0,
        )

    def _unplayable(self, error: SoundError) -> HomeAssistantError:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="unplayable",
            translation_placeholders={"device": self.coordinator.entry.title, "detail": str(error)},
        )


async def _from_the_first(
    first: bytes, frames: AsyncGenerator[bytes], begun: asyncio.Future[None]
) -> AsyncGenerator[bytes]:
    """Yield all frames, and say when the first was taken."""
    yield first
    if not begun.done():
        begun.set_result(None)
    async for one in frames:
        yield one
