"""The message bus that devices are lent: Home Assistant's MQTT, where there is one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Final, cast

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .const import LOGGER
from .devices.errors import Unsupported

if TYPE_CHECKING:
    from homeassistant.components.mqtt import ReceiveMessage

BACKLOG_MESSAGES: Final = 1000


class MqttBus:
    """Messages of Home Assistant's broker; a subscription ends when the connection goes."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Remember whose bus it is."""
        self._hass = hass

    async def subscribe(self, topic: str) -> AsyncIterator[tuple[str, bytes]]:
        """Yield topic and payload of each message; end when the broker goes or we fall behind."""
        # Importing it needs its packages, which are there only when it is set up.
        self._require(topic)
        from homeassistant.components import mqtt  # noqa: PLC0415

        backlog: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(BACKLOG_MESSAGES)

        @callback
        def heard(message: ReceiveMessage) -> None:
            try:
                # Without an encoding, payloads come as they are.
                backlog.put_nowait((message.topic, cast("bytes", message.payload)))
            except asyncio.QueueFull:
                LOGGER.debug("Fell behind on %s, subscribing anew", topic)
                backlog.shutdown()
            except asyncio.QueueShutDown:
                return

        @callback
        def connection(up: bool) -> None:
            if not up:
                backlog.shutdown()

        forget_status = mqtt.async_subscribe_connection_status(self._hass, connection)
        try:
            unsubscribe = await self._ask(
                mqtt.async_subscribe(self._hass, topic, heard, encoding=None), topic
            )
            try:
                while True:
                    try:
                        yield await backlog.get()
                    except asyncio.QueueShutDown:
                        return
            finally:
                unsubscribe()
        finally:
            forget_status()

    async def publish(self, topic: str, payload: bytes) -> None:
        """Send one message."""
        self._require(topic)
        from homeassistant.components import mqtt  # noqa: PLC0415

        await self._ask(mqtt.async_publish(self._hass, topic, payload), topic)

    def _require(self, topic: str) -> None:
        """Raise Unsupported where MQTT is not set up."""
        if "mqtt" not in self._hass.config.components:
            raise Unsupported(f"no message bus for {topic}")

    async def _ask[T](self, work: Awaitable[T], topic: str) -> T:
        """Await a call of MQTT; without a usable broker it is Unsupported."""
        try:
            return await work
        except HomeAssistantError as error:
            raise Unsupported(f"no message bus for {topic}") from error
