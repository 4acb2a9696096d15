"""A call of a door station: who rings, who answers, how it ends (§12.1)."""

from collections.abc import Callable
from enum import StrEnum

from tests.simulators.amcrest.answers.records import CALLS, Records
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.parts import Part, Parts, beat_of, text_part
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Connection, Reply


class CallState(StrEnum):
    """What the station does."""

    IDLE = "Idle"
    RINGING = "Ringing"
    """Somebody at the door wants in."""
    CALLING = "Calling"
    """Somebody inside has invited it."""
    TALKING = "Talking"


# BackKeyLight's State (§4.9.17).
_LAMP = {CallState.IDLE: 0, CallState.RINGING: 1, CallState.CALLING: 7, CallState.TALKING: 5}
_UNANSWERED = 6


class WrongState(Exception):
    """That cannot be done now."""


class Talk(Section):
    """The one call that there can be."""

    def __init__(self, device: Device) -> None:
        """Begin idle."""
        super().__init__(device)
        self.state = CallState.IDLE
        self.peers = Parts(device)
        self.number = 0

    def ring(self) -> None:
        """Press the button of a VTO."""
        self.number += 1
        self._become(CallState.RINGING)
        self.device.events.emit("Invite", "Pulse", 0, {"CallID": str(self.number)})
        self.device.events.emit("CallNoAnswered", "Start", 0, {"CallID": str(self.number)})

    def invite(self) -> None:
        """Call the station from inside."""
        self._need(CallState.IDLE)
        self.number += 1
        self._become(CallState.CALLING)

    def answer(self) -> None:
        """Take the call."""
        self._need(CallState.RINGING, CallState.CALLING)
        self._quiet()
        self._become(CallState.TALKING)

    def refuse(self) -> None:
        """Do not take it."""
        self._need(CallState.RINGING)
        self._end("Missed")

    def cancel(self) -> None:
        """Take an invitation back."""
        self._need(CallState.CALLING)
        self._end("Missed")

    def hang_up(self) -> None:
        """End it, however far it has come."""
        self._need(CallState.RINGING, CallState.CALLING, CallState.TALKING)
        self._end("Received" if self.state is CallState.TALKING else "Missed")

    def forget(self) -> None:
        """A restart ends the call."""
        self.state = CallState.IDLE

    def _need(self, *states: CallState) -> None:
        if self.state not in states:
            raise WrongState

    def _quiet(self) -> None:
        if self.state is CallState.RINGING:
            self.device.events.emit("CallNoAnswered", "Stop", 0, {"CallID": str(self.number)})

    def _end(self, how: str) -> None:
        self._quiet()
        missed = self.state is CallState.RINGING
        self.device.events.emit("PassiveHungup", "Pulse", 0, {"CallID": str(self.number)})
        row = {"CallType": "Outgoing", "EndState": how, "PeerNumber": "9901", "TalkTime": "0"}
        self.device.of(Records).add(CALLS, row)
        if missed:
            self.device.events.emit("BackKeyLight", "Pulse", 0, {"State": _UNANSWERED})
        self._become(CallState.IDLE)

    def _become(self, state: CallState) -> None:
        self.state = state
        self.device.events.emit("BackKeyLight", "Pulse", 0, {"State": _LAMP[state]})
        self.peers.send(self.said())
        self.device.changed.poke()

    def said(self) -> Part:
        """The state as attachState says it."""
        return text_part([f"callState={self.state}"], self.device.faults.eol)


async def attach(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§12.1.1 attachState[&heartbeat=5]: the state at once, then each change."""
    if not device.has("call"):
        return device.missing()
    beat = beat_of(command)
    if beat is None:
        return device.refuse(Refusal.BAD_REQUEST)
    talk = device.of(Talk)
    await talk.peers.serve(connection, beat, None, talk.said())
    return None


def detach(device: Device, command: Command) -> Reply:
    """§12.1.2 detachState."""
    device.of(Talk).peers.cut()
    return device.ok()


def _doing(act: Callable[[Talk], None]) -> Callable[[Device, Command], Reply]:
    """§12.1.3-7: OK, or a refusal while the call is not there."""

    def answered(device: Device, command: Command) -> Reply:
        try:
            act(device.of(Talk))
        except WrongState:
            return device.refuse(Refusal.UNKNOWN)
        return device.ok()

    return answered


ANSWERS = {
    "VideoTalkPeer.detachState": detach,
    "VideoTalkPeer.invite": _doing(Talk.invite),
    "VideoTalkPeer.cancel": _doing(Talk.cancel),
    "VideoTalkPeer.answer": _doing(Talk.answer),
    "VideoTalkPeer.refuse": _doing(Talk.refuse),
    "VideoTalkPeer.hangup": _doing(Talk.hang_up),
    "VideoTalkPeer.hangUp": _doing(Talk.hang_up),
}
STREAMS = {"VideoTalkPeer.attachState": attach}
