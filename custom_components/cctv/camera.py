"""Cameras: one for each stream of a device."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import Final, override

from aiohttp import web
from homeassistant.components import camera
from homeassistant.components.camera import Camera, CameraEntityDescription
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.components.stream import CONF_RTSP_TRANSPORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import LOGGER
from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.commands import Set
from .devices.model import FeatureId, Profile, Stream
from .entity import CctvEntity, async_add_as_they_come, by_key
from .live_view import live_url
from .parts import leading, lineage

PARALLEL_UPDATES = 1
BOUNDARY: Final = "frame"
SEND_SECONDS: Final = 30.0
"""Who takes no picture for so long has gone."""

DESCRIPTIONS: Final = by_key(
    CameraEntityDescription(key=Profile.MAIN),
    CameraEntityDescription(key=Profile.SUB),
    CameraEntityDescription(key=Profile.THIRD),
    CameraEntityDescription(key=Profile.OTHER),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the cameras of a device."""
    async_add_as_they_come(entry, async_add_entities, lambda topology: topology.streams, CctvCamera)


def _part(frame: bytes) -> bytes:
    """Return one picture as a part of a multipart answer."""
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame)}\r\n\r\n"
    return b"".join((head.encode(), frame, b"\r\n"))


class CctvCamera(CctvEntity, Camera):
    """One live view, with stills from the device itself where it gives them."""

    def __init__(self, coordinator: CctvCoordinator, stream: Stream) -> None:
        """Describe it by its stream and by what else its part can do."""
        Camera.__init__(self)
        CctvEntity.__init__(self, coordinator, stream.part, stream.id)
        self._stream = stream
        self.entity_description = DESCRIPTIONS[stream.profile]
        if leading(coordinator.topology, stream.part) == stream.id:
            self._attr_name = None
        else:
            self._attr_translation_key = stream.profile
        self._attr_entity_registry_enabled_default = not stream.minor
        # Most cameras lose packets when they are asked for UDP.
        self.stream_options = {CONF_RTSP_TRANSPORT: "tcp"}
        about = coordinator.about(stream.part)
        self._attr_brand = about.maker
        self._attr_model = about.model
        # Newer versions of Home Assistant draw a talk button.
        capabilities = getattr(camera, "CameraEntityCapabilities", None)
        if capabilities is not None and stream.two_way:
            self._attr_camera_entity_capabilities = capabilities(two_way_audio=True)
        self.take_over()

    @property
    def source(self) -> Stream:
        """Return the stream as the device has it now, or last had it."""
        self._stream = self.coordinator.topology.streams.get(self.own_id, self._stream)
        return self._stream

    def _id(self, key: str) -> FeatureId:
        return f"{self.part}:{key}"

    @property
    @override
    def wanted(self) -> frozenset[FeatureId]:
        """Return the features of its part that its state shows."""
        return frozenset(map(self._id, ("enabled", "recording", "motion_detection")))

    @property
    @override
    def watched(self) -> frozenset[FeatureId]:
        """Return those, and whether the device and the camera behind it answer."""
        return self.wanted | {f"{place}:online" for place in lineage(self.part)}

    @property
    @override
    def available(self) -> bool:
        """Return whether the device has the stream and its camera answers."""
        state = self.coordinator.state
        # A player that cannot play takes no stills away that the device gives by itself.
        return (
            (super().available or not self.use_stream_for_stills)
            and self.own_id in state.topology.streams
            and self.own_id not in state.missing
            and state.reachable(self.part)
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Hear also when the stream itself changes."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_topology(self._grown))

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Let the player go as well."""
        self._end_stream()
        await super().async_will_remove_from_hass()

    @callback
    def _grown(self) -> None:
        """Write if the device changed this stream, took it away or gave it back."""
        before, _ = self._shown
        if self.source.url != before.url:
            self._end_stream()
        if (self.source, self.available) != self._shown:
            self._changed()

    @callback
    def _end_stream(self) -> None:
        """End the player of an address that is not to be asked any more."""
        stream, self.stream = self.stream, None
        if stream is None:
            return
        # What is preloaded would play on for ever, whoever ends it; the user's choice is shared.
        stream.dynamic_stream_settings = replace(
            stream.dynamic_stream_settings, preload_stream=False
        )
        # It may wait for a camera that does not answer.
        self.hass.async_create_background_task(stream.stop(), f"{self.entity_id} ends its stream")

    @property
    @override
    def use_stream_for_stills(self) -> bool:
        """Return whether stills have to be cut out of the stream."""
        return self.source.still is None and self.source.live is None

    @property
    def _plays(self) -> bool:
        """Return whether a player can show it: none shows moving JPEG, which comes by itself."""
        source = self.source
        if source.url is None:
            return source.film is not None
        return source.codec != "mjpeg" or source.live is None

    @callback
    @override
    def take_over(self) -> None:
        """Take over what its part can do and does."""
        self._shown = (self.source, self.available)
        features = self.coordinator.topology.features
        supported = CameraEntityFeature(0)
        if self._plays:
            supported |= CameraEntityFeature.STREAM
        if self._id("enabled") in features:
            supported |= CameraEntityFeature.ON_OFF
        self._attr_supported_features = supported
        value = self.coordinator.state.value
        self._attr_is_on = value(self._id("enabled")) is not False
        self._attr_is_recording = value(self._id("recording")) is True
        self._attr_motion_detection_enabled = value(self._id("motion_detection")) is True

    @override
    async def stream_source(self) -> str | None:
        """Return the URL for the player, with what it needs to log in."""
        source = self.source
        if source.url is not None:
            return self.coordinator.play_url(self.own_id)
        if source.film is not None:
            return live_url(self.hass, self.coordinator.entry.entry_id, source)
        return None

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a still; those who ask at the same time get the same one."""
        return await self.coordinator.async_picture(self.own_id)

    @override
    async def handle_async_mjpeg_stream(self, request: web.Request) -> web.StreamResponse | None:
        """Pass the device's own pictures on as they come, or stills where it has none."""
        if self.source.live is None:
            return await super().handle_async_mjpeg_stream(request)
        response = web.StreamResponse()
        response.content_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        try:
            async with aclosing(self.coordinator.async_frames(self.own_id)) as frames:
                async for frame in frames:
                    if not response.prepared:
                        await response.prepare(request)
                    async with asyncio.timeout(SEND_SECONDS):
                        await response.write(_part(frame))
        except (HomeAssistantError, TimeoutError) as error:
            # Once pictures were sent, all that can be done is to end the answer.
            if not response.prepared:
                raise
            LOGGER.debug("%s: %s", self.entity_id, error or "nobody takes its pictures")
            if isinstance(error, TimeoutError) and request.transport is not None:
                request.transport.abort()
        return response

    @override
    async def async_turn_on(self) -> None:
        """Switch the camera on."""
        await self.do(Set("enabled", True))

    @override
    async def async_turn_off(self) -> None:
        """Switch the camera off."""
        await self.do(Set("enabled", False))

    @override
    async def async_enable_motion_detection(self) -> None:
        """Have it look for motion."""
        await self.do(Set("motion_detection", True))

    @override
    async def async_disable_motion_detection(self) -> None:
        """Have it look for motion no longer."""
        await self.do(Set("motion_detection", False))
