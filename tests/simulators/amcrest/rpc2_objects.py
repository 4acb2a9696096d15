"""JSON calls on objects of the box: the call, doors, records, the head (§7.7, §11, §12)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import time
from typing import Any

from tests.simulators.amcrest.answers.doors import REMOTE, Doors
from tests.simulators.amcrest.answers.records import Records, Row
from tests.simulators.amcrest.answers.talk import CallState, Talk, WrongState
from tests.simulators.amcrest.answers.users import Users
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.ptz import BadMove
from tests.simulators.amcrest.section import Section

_HANG_UP = "hc"
_MOST = 100


class NoObject(Exception):
    """The handle is none, or what it asks cannot be done now."""


class NoSuchMethod(Exception):
    """This model does not have it."""


@dataclass(frozen=True, slots=True)
class ObjectCall:
    """What is called: on what, with what, by whom."""

    handle: object
    params: Mapping[str, Any]
    user: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call comes to: its result, which may be a handle, and its parameters."""

    result: object = True
    params: object = None


@dataclass(slots=True)
class _Object:
    kind: str
    channel: int = 0
    table: str = ""
    found: list[Row] = field(default_factory=list)


class Objects(Section):
    """Instances that were asked for."""

    def __init__(self, device: Device) -> None:
        """Begin with none."""
        super().__init__(device)
        self._objects: dict[int, _Object] = {}
        self._last = 20_737_000

    @property
    def open(self) -> int:
        """Instances that were not given back."""
        return len(self._objects)

    def make(self, thing: _Object) -> Outcome:
        """A handle."""
        self._last += 8
        self._objects[self._last] = thing
        return Outcome(self._last)

    def at(self, handle: object, kind: str) -> _Object:
        """What a handle of a kind stands for."""
        thing = self._objects.get(handle) if isinstance(handle, int) else None
        if thing is None or thing.kind != kind:
            raise NoObject
        return thing

    def drop(self, handle: object) -> None:
        """Give it back."""
        if isinstance(handle, int):
            self._objects.pop(handle, None)

    def forget(self) -> None:
        """A restart loses all."""
        self._objects.clear()


def object_call(device: Device, method: str, call: ObjectCall) -> Outcome:
    """Do one of METHODS, or say why not."""
    capability, act = METHODS[method]
    if capability is not None and not device.has(capability):
        raise NoSuchMethod
    return act(device, call)


def _instance(kind: str) -> Callable[[Device, ObjectCall], Outcome]:
    def made(device: Device, call: ObjectCall) -> Outcome:
        channel = call.params.get("Channel", call.params.get("channel", 0))
        if not isinstance(channel, int):
            raise NoObject
        return device.of(Objects).make(_Object(kind, channel))

    return made


def _destroy(device: Device, call: ObjectCall) -> Outcome:
    device.of(Objects).drop(call.handle)
    return Outcome()


# The call


def _call_state(device: Device, call: ObjectCall) -> Outcome:
    device.of(Objects).at(call.handle, "phone")
    return Outcome(params={"callState": str(device.of(Talk).state)})


def _phone(act: Callable[[Talk], None]) -> Callable[[Device, ObjectCall], Outcome]:
    def done(device: Device, call: ObjectCall) -> Outcome:
        device.of(Objects).at(call.handle, "phone")
        try:
            act(device.of(Talk))
        except WrongState as error:
            raise NoObject from error
        return Outcome()

    return done


def _console(device: Device, call: ObjectCall) -> Outcome:
    """console.runCmd {"command":"hc"}: hang up, whatever there is."""
    if call.params.get("command") != _HANG_UP:
        raise NoObject
    if device.of(Talk).state is not CallState.IDLE:
        device.of(Talk).hang_up()
    return Outcome()


# Doors


def _open_door(device: Device, call: ObjectCall) -> Outcome:
    thing = device.of(Objects).at(call.handle, "door")
    doors = device.of(Doors)
    door = call.params.get("DoorIndex", thing.channel)
    if not isinstance(door, int) or not 0 <= door < len(doors.doors):
        raise NoObject
    if not device.of(Users).is_admin(call.user):
        raise NoObject
    doors.doors[door].opened.append(call.user)
    doors.unlock(door, REMOTE)
    return Outcome()


# Records


def _finder(device: Device, call: ObjectCall) -> Outcome:
    name = call.params.get("name")
    if name not in device.of(Records).names:
        raise NoObject
    return device.of(Objects).make(_Object("records", table=str(name)))


def _start_find(device: Device, call: ObjectCall) -> Outcome:
    thing = device.of(Objects).at(call.handle, "records")
    condition = call.params.get("condition") or {}
    if not isinstance(condition, dict):
        raise NoObject
    wanted = {key: str(value) for key, value in condition.items() if not isinstance(value, list)}
    thing.found = device.of(Records).matching(thing.table, wanted)
    return Outcome()


def _do_find(device: Device, call: ObjectCall) -> Outcome:
    thing = device.of(Objects).at(call.handle, "records")
    count = call.params.get("count", _MOST)
    offset = call.params.get("offset", 0)
    if not isinstance(count, int) or not isinstance(offset, int) or count < 1 or offset < 0:
        raise NoObject
    page = thing.found[offset : offset + min(count, _MOST)]
    return Outcome(params={"found": len(page), "records": [_typed(row) for row in page]})


def _query_size(device: Device, call: ObjectCall) -> Outcome:
    thing = device.of(Objects).at(call.handle, "records")
    return Outcome(params={"count": len(thing.found)})


def _stop_find(device: Device, call: ObjectCall) -> Outcome:
    device.of(Objects).at(call.handle, "records").found = []
    return Outcome()


def _typed(row: Row) -> dict[str, object]:
    whole = ("RecNo", "CreateTime", "Method", "Status", "Door", "ErrorCode", "CardStatus")
    return {key: int(value) if key in whole else value for key, value in row.items()}


# The head, the box


def _ptz(verb: str) -> Callable[[Device, ObjectCall], Outcome]:
    def done(device: Device, call: ObjectCall) -> Outcome:
        device.of(Objects).at(call.handle, "ptz")
        args = tuple(float(call.params.get(f"arg{i}", 0)) for i in range(1, 5))
        act = device.ptz.start if verb == "start" else device.ptz.stop
        try:
            act(str(call.params.get("code")), args)
        except BadMove as error:
            raise NoObject from error
        return Outcome()

    return done


def _ptz_status(device: Device, call: ObjectCall) -> Outcome:
    device.of(Objects).at(call.handle, "ptz")
    head = device.ptz
    status = {
        "MoveStatus": "Moving" if head.moving else "Idle",
        "Postion": list(head.position),
        "PresetID": head.preset,
    }
    return Outcome(params={"status": status})


def _ptz_presets(device: Device, call: ObjectCall) -> Outcome:
    device.of(Objects).at(call.handle, "ptz")
    presets = sorted(device.ptz.presets.items())
    return Outcome(
        params={"presets": [{"Index": number, "Name": one.name} for number, one in presets]}
    )


def _uptime(device: Device, call: ObjectCall) -> Outcome:
    seconds = int(time.monotonic() - device.booted)
    return Outcome(params={"info": {"last": seconds, "total": seconds}})


def _methods(device: Device, call: ObjectCall) -> Outcome:
    known = [name for name, (need, _) in METHODS.items() if need is None or device.has(need)]
    return Outcome(params={"method": sorted(known)})


METHODS: Mapping[str, tuple[str | None, Callable[[Device, ObjectCall], Outcome]]] = {
    "VideoTalkPhone.factory.instance": ("call", _instance("phone")),
    "VideoTalkPhone.getCallState": ("call", _call_state),
    "VideoTalkPhone.answer": ("call", _phone(Talk.answer)),
    "VideoTalkPhone.disconnect": ("call", _phone(Talk.hang_up)),
    "VideoTalkPhone.endCall": ("call", _phone(Talk.hang_up)),
    "VideoTalkPhone.destroy": ("call", _destroy),
    "console.runCmd": ("call", _console),
    "accessControl.factory.instance": ("access", _instance("door")),
    "accessControl.openDoor": ("access", _open_door),
    "accessControl.destroy": ("access", _destroy),
    "RecordFinder.factory.create": ("access", _finder),
    "RecordFinder.startFind": ("access", _start_find),
    "RecordFinder.doFind": ("access", _do_find),
    "RecordFinder.doSeekFind": ("access", _do_find),
    "RecordFinder.getQuerySize": ("access", _query_size),
    "RecordFinder.stopFind": ("access", _stop_find),
    "RecordFinder.destroy": ("access", _destroy),
    "ptz.factory.instance": ("ptz", _instance("ptz")),
    "ptz.start": ("ptz", _ptz("start")),
    "ptz.stop": ("ptz", _ptz("stop")),
    "ptz.getStatus": ("ptz", _ptz_status),
    "ptz.getPresets": ("ptz", _ptz_presets),
    "ptz.destroy": ("ptz", _destroy),
    "magicBox.getUpTime": (None, _uptime),
    "system.listMethod": (None, _methods),
}
