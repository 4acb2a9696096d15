"""The message bus that devices are lent, over Home Assistant's own MQTT."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.cctv import bus as module
from custom_components.cctv.bus import MqttBus
from custom_components.cctv.devices.errors import Unsupported

type Messages = AsyncGenerator[tuple[str, bytes]]


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Allow the harness's own broker to leave a timer of its own behind."""
    return True


def listen(hass: HomeAssistant) -> Messages:
    return cast("Messages", MqttBus(hass).subscribe("yicam/#"))


async def begin(hass: HomeAssistant, messages: Messages) -> asyncio.Task[tuple[str, bytes]]:
    """Wait for the first message."""
    task = asyncio.ensure_future(anext(messages))
    for _ in range(10):
        await asyncio.sleep(0)
    await hass.async_block_till_done()
    return task


async def test_there_is_none(hass: HomeAssistant) -> None:
    with pytest.raises(Unsupported):
        await anext(listen(hass))
    with pytest.raises(Unsupported):
        await MqttBus(hass).publish("yicam/x", b"1")


async def test_messages_come_as_they_are(hass: HomeAssistant, mqtt_mock: Any) -> None:
    async with aclosing(listen(hass)) as messages:
        first = await begin(hass, messages)
        async_fire_mqtt_message(hass, "yicam/motion", b"\xff\xd8")
        assert await first == ("yicam/motion", b"\xff\xd8")
        async_fire_mqtt_message(hass, "yicam/motion", b"second")
        assert await anext(messages) == ("yicam/motion", b"second")
    await MqttBus(hass).publish("yicam/x", b"1")
    mqtt_mock.async_publish.assert_called_once()


async def test_it_ends_with_the_connection(hass: HomeAssistant, mqtt_mock: Any) -> None:
    messages = listen(hass)
    first = await begin(hass, messages)
    async_dispatcher_send(hass, "mqtt_connection_state", False)
    with pytest.raises(StopAsyncIteration):
        await first


async def test_who_falls_behind_is_let_go(
    hass: HomeAssistant, mqtt_mock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BACKLOG_MESSAGES", 2)
    async with aclosing(listen(hass)) as messages:
        first = await begin(hass, messages)
        for number in range(6):
            async_fire_mqtt_message(hass, "yicam/motion", b"%d" % number)
        heard = [await first, *[message async for message in messages]]
    assert 2 <= len(heard) < 6


async def test_a_broker_that_refuses_is_none(
    hass: HomeAssistant, mqtt_mock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*args: object, **kwargs: object) -> None:
        raise HomeAssistantError("not ready")

    monkeypatch.setattr("homeassistant.components.mqtt.async_publish", refuse)
    with pytest.raises(Unsupported):
        await MqttBus(hass).publish("yicam/x", b"1")
