"""Looking for recordings: mediaFileFind, FileFindHelper, protection (§4.11.5, §13)."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from tests.simulators.amcrest.config import wire_text
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.faults import TimeStyle
from tests.simulators.amcrest.finder import (
    CEILING,
    BadCondition,
    Condition,
    Finders,
    NoSuchFinder,
    TooManyFinders,
    read_time,
)
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.item import Item, members
from tests.simulators.amcrest.state import time_text
from tests.simulators.wire import Connection, Reply

_REMEMBERED = 20_000
_LISTS = frozenset({"Dirs", "Types", "Flags", "Events"})
MOTION = "motion_files"
"""Capability of those that have FileFindHelper."""


def media_channel(device: Device, text: str | None) -> int:
    """A channel of a media verb, from 0 (§2); BadCondition where there is none of the number."""
    if text is None or not text.isdecimal():
        raise BadCondition("no channel")
    number, count = int(text), device.personality.channels
    base = device.faults.find_base if count == 1 else device.faults.find_base or 1
    # A camera of one lens may take 0 as well as 1.
    channel = max(0, number - 1) if base is None and count == 1 else number - (base or 0)
    if not 0 <= channel < count:
        raise BadCondition("no such channel")
    return channel


def create(device: Device, command: Command) -> Reply:
    """factory.create: `result=<object>`."""
    try:
        return device.lines(f"result={device.finders.create()}")
    except TooManyFinders:
        return device.refuse(device.faults.finders_refusal)


def find(device: Device, command: Command) -> Reply:
    """findFile&object=<o>&condition.…: whether there is anything."""

    def member(name: str) -> object:
        where = f"condition.{name}"
        return command.listed(where) if name in _LISTS else command.get(where)

    try:
        channel = media_channel(device, command.get("condition.Channel"))
        condition = Condition.read(channel, member)
        found = device.finders.find(command.get("object") or "", condition)
    except BadCondition, NoSuchFinder:
        return device.refuse(Refusal.BAD_REQUEST)
    reply = device.ok() if found else device.refuse(device.faults.find_nothing)
    return replace(reply, delay=device.faults.find_day_delay * (condition.days - 1))


async def find_next(device: Device, command: Command, connection: Connection) -> Reply | None:
    """findNextFile&object=<o>&count=<1-100>: `found=<k>`, then the items."""
    return await _next_items(device, command, device.finders, command.get("object") or "")


def close(device: Device, command: Command) -> Reply:
    """close&object=<o>."""
    return _given_back(device, device.finders.close, command.get("object"))


def destroy(device: Device, command: Command) -> Reply:
    """destroy&object=<o>."""
    return _given_back(device, device.finders.destroy, command.get("object"))


# FileFindHelper (§13): its names are known, its answers are not


def motion_start(device: Device, command: Command) -> Reply:
    """startFind&condition.channel=&condition.startTime=&…: `findId=<id>`."""
    if not device.has(MOTION):
        return device.missing()
    times = {"StartTime": "condition.startTime", "EndTime": "condition.endTime"}
    try:
        channel = media_channel(device, command.get("condition.channel"))
        condition = Condition.read(channel, lambda name: command.get(times.get(name, "")))
        handle = device.motion_finders.create()
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    except TooManyFinders:
        return device.refuse(device.faults.finders_refusal)
    device.motion_finders.find(handle, condition)
    return device.lines(f"findId={handle}")


async def motion_next(device: Device, command: Command, connection: Connection) -> Reply | None:
    """findNext&findId=&count=."""
    if not device.has(MOTION):
        return device.missing()
    handle = command.get("findId") or ""
    return await _next_items(device, command, device.motion_finders, handle)


def motion_stop(device: Device, command: Command) -> Reply:
    """stopFind&findId=."""
    if not device.has(MOTION):
        return device.missing()
    return _given_back(device, device.motion_finders.destroy, command.get("findId"))


async def bound_files(device: Device, command: Command, connection: Connection) -> Reply | None:
    """getBoundFile&channel=&startTime=&endTime=: what was recorded and taken then."""
    if not device.has(MOTION):
        return device.missing()
    try:
        channel = media_channel(device, command.get("channel"))
        start, end = read_time(command.get("startTime")), read_time(command.get("endTime"))
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    return await _listed(device, device.store.overlapping(channel, start, end)[:CEILING])


# Protection (FileManager)


def protect(device: Device, command: Command) -> Reply:
    """addConditionList: files of these conditions are not overwritten."""
    conditions = command.params[1:]
    if not conditions:
        return device.refuse(Refusal.BAD_REQUEST)
    device.store.protected.append(conditions)
    device.changed.poke()
    return device.ok()


def unprotect(device: Device, command: Command) -> Reply:
    """cancelConditionList, removeConditionList: the conditions of an addConditionList again."""
    conditions = command.params[1:]
    if conditions not in device.store.protected:
        return device.refuse(Refusal.BAD_REQUEST)
    device.store.protected.remove(conditions)
    device.changed.poke()
    return device.ok()


def limit_state(device: Device, command: Command) -> Reply:
    """BandLimit getLimitState: whether downloads are throttled."""
    return device.lines(f"state={wire_text(device.faults.download_rate is not None)}")


async def sized(device: Device, items: list[Item]) -> list[dict[str, object]]:
    """What is told of items; how long a file is may first have to be found out."""
    style = device.faults.time_style

    def told(when: datetime) -> str:
        return time_text(when, style)

    def all_of_them() -> list[dict[str, object]]:
        return [
            members(item, device.store.size(item), told(item.start), told(item.end), number)
            for number, item in enumerate(items)
        ]

    return await asyncio.to_thread(all_of_them)


async def _next_items(device: Device, command: Command, finders: Finders, handle: str) -> Reply:
    count = command.number("count")
    too_many = count is not None and count > CEILING and device.faults.find_over_refused
    if count is None or count < 1 or too_many:
        return device.refuse(Refusal.BAD_REQUEST)
    try:
        items = finders.next(handle, count)
    except BadCondition, NoSuchFinder:
        return device.refuse(Refusal.BAD_REQUEST)
    if not items and device.faults.find_end is not None:
        return device.refuse(device.faults.find_end)
    return await _listed(device, items)


async def _listed(device: Device, items: list[Item]) -> Reply:
    style = device.faults.time_style

    def told() -> list[str]:
        lines = [f"found={len(items)}"]
        for number, item in enumerate(items):
            lines += _told(item, device.store.size(item), style, number)
        return lines

    return device.lines(*await asyncio.to_thread(told))


@lru_cache(_REMEMBERED)
def _told(item: Item, size: int, style: TimeStyle, number: int) -> tuple[str, ...]:
    """The lines of an item; written once, so that measuring a client measures the client."""
    told = members(item, size, time_text(item.start, style), time_text(item.end, style), number)
    return tuple(_lines(f"items[{number}]", told))


def _lines(place: str, told: dict[str, object]) -> Iterator[str]:
    for key, value in told.items():
        if isinstance(value, list):
            yield from (f"{place}.{key}[{i}]={one}" for i, one in enumerate(value))
        else:
            yield f"{place}.{key}={wire_text(value)}"


def _given_back(device: Device, what: Callable[[str], None], handle: str | None) -> Reply:
    try:
        what(handle or "")
    except NoSuchFinder:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.ok()


ANSWERS = {
    "mediaFileFind.factory.create": create,
    "mediaFileFind.findFile": find,
    "mediaFileFind.close": close,
    "mediaFileFind.destroy": destroy,
    "FileFindHelper.startFind": motion_start,
    "FileFindHelper.stopFind": motion_stop,
    "FileManager.addConditionList": protect,
    "FileManager.cancelConditionList": unprotect,
    "FileManager.removeConditionList": unprotect,
    "BandLimit.getLimitState": limit_state,
}
STREAMS = {
    "mediaFileFind.findNextFile": find_next,
    "FileFindHelper.findNext": motion_next,
    "FileFindHelper.getBoundFile": bound_files,
}
