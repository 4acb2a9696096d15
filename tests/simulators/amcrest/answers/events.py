"""eventManager and alarm: subscriptions, what is active, inputs and outputs (§4.9)."""

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.events import EventStream
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.wire import Connection, Reply

_LONGEST_BEAT = 60


def read_codes(text: str) -> frozenset[str] | None:
    """`[A,B]` as a set; None for `[All]`; ValueError for anything without brackets."""
    if not (text.startswith("[") and text.endswith("]")):
        raise ValueError(text)
    codes = frozenset(code.strip() for code in text[1:-1].split(",") if code.strip())
    if not codes:
        raise ValueError(text)
    return None if "All" in codes else codes


async def attach(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.9.17 attach&codes=[…][&heartbeat=<1-60>]: a stream without an end."""
    faults = device.faults
    try:
        codes = read_codes(command.get("codes") or "")
    except ValueError:
        return device.refuse(Refusal.BAD_REQUEST)
    if codes is not None and faults.max_codes is not None and len(codes) > faults.max_codes:
        too_long = Refusal.SERVER_ERROR if faults.max_codes_status == 500 else Refusal.BAD_REQUEST
        return device.refuse(too_long)
    if faults.max_streams is not None and device.events.attached >= faults.max_streams:
        return device.refuse(faults.max_streams_refusal)
    beat = command.number("heartbeat")
    if beat is not None and not 1 <= beat <= _LONGEST_BEAT:
        return device.refuse(Refusal.BAD_REQUEST)
    await device.events.serve(EventStream(connection, faults, codes, beat))
    return None


def event_indexes(device: Device, command: Command) -> Reply:
    """§4.9.16 getEventIndexes&code=<C>: one line for each active channel."""
    code = command.get("code")
    if not code:
        return device.refuse(Refusal.BAD_REQUEST)
    indexes = device.events.indexes(code)
    if not indexes:
        return device.refuse(Refusal.EMPTY if device.faults.quiet_empty else Refusal.NO_EVENTS)
    return device.lines(*(f"channels[{i}]={index}" for i, index in enumerate(indexes)))


def exposure_events(device: Device, command: Command) -> Reply:
    """§4.9.18 getExposureEvents: the codes that the unit says it can emit."""
    events = device.personality.exposure_events
    if not events:
        return device.missing()
    return device.lines(*(f"events[{i}]={code}" for i, code in enumerate(events)))


def in_slots(device: Device, command: Command) -> Reply:
    """§4.9.4 getInSlots."""
    return device.lines(f"result={len(device.alarm.inputs)}")


def out_slots(device: Device, command: Command) -> Reply:
    """§4.9.5 getOutSlots."""
    return device.lines(f"result={device.alarm.outputs}")


def in_state(device: Device, command: Command) -> Reply:
    """§4.9.6 getInState, a bit for each slot."""
    return device.lines(f"result={_mask(device.alarm.inputs)}")


def out_state(device: Device, command: Command) -> Reply:
    """§4.9.7 getOutState, a bit for each slot."""
    return device.lines(f"result={_mask(device.outputs)}")


def _mask(states: list[bool]) -> int:
    return sum(1 << slot for slot, on in enumerate(states) if on)


ANSWERS = {
    "eventManager.getEventIndexes": event_indexes,
    "eventManager.getExposureEvents": exposure_events,
}
ALARM = {
    "alarm.getInSlots": in_slots,
    "alarm.getOutSlots": out_slots,
    "alarm.getInState": in_state,
    "alarm.getOutState": out_state,
}
STREAMS = {"eventManager.attach": attach}
