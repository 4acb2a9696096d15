"""Doors, calls, number plates and parking spaces."""

from typing import Final

from .row import Kind, Row, Unit, binary

ROWS: Final = (
    binary("door", "The door is open", nested=True),
    binary("occupied", "A vehicle stands in the space", nested=True),
    Row(
        "access",
        Kind.EVENT,
        "Somebody was let in or refused",
        options=("granted", "refused", "forced", "left_open", "duress"),
    ),
    Row("plate", Kind.EVENT, "A number plate was read", options=("read",)),
    Row(
        "call_state",
        Kind.LABEL,
        "What the door station does",
        options=("idle", "ringing", "calling", "talking"),
    ),
    Row(
        "unlock_time",
        Kind.NUMBER,
        "How long the door stays unlocked",
        Unit.SECONDS,
        minor=True,
        nested=True,
    ),
    Row("open_door", Kind.BUTTON, "Unlock the door for a moment", nested=True),
    Row("answer_call", Kind.BUTTON, "Answer the call of the door station"),
    Row("hang_up", Kind.BUTTON, "End the call of the door station"),
    Row("door_lock", Kind.LOCK, "The door is locked", rest=True, nested=True),
)
