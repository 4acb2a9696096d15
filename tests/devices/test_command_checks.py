"""What a command says is checked before anything is sent, by what its fields say of themselves."""

from math import inf, nan

import pytest

from custom_components.cctv.devices.commands import (
    COMMANDS,
    Aux,
    Command,
    PtzBox,
    Scan,
    Tour,
)
from custom_components.cctv.devices.engine.checks import check
from custom_components.cctv.devices.errors import BadInput, Unsupported
from custom_components.cctv.devices.model import BOX, Part, PartKind, topology

ABLE = topology([Part(BOX, PartKind.BOX, can=frozenset(COMMANDS))])
UNABLE = topology([Part(BOX, PartKind.BOX)])


@pytest.mark.parametrize(
    "command",
    [
        Tour("1", "dance"),
        Tour("1", ""),
        Scan(1, "sideways"),
        Aux(True, "lamp"),
        Aux(True, number=-1),
        Aux(True, number=256),
        PtzBox(-1, 0, 50, 50),
        PtzBox(0, 0, 50, 101),
        PtzBox(nan, 0, 50, 50),
        PtzBox(0, 0, inf, 50),
    ],
)
def test_words_and_numbers_that_a_command_does_not_know_are_refused(command: Command) -> None:
    with pytest.raises(BadInput):
        check(ABLE, BOX, command)


@pytest.mark.parametrize(
    "command", [Tour("1", "clear"), Aux(True), Aux(False, "wiper", 255), PtzBox(0, 0, 100, 100)]
)
def test_all_others_are_taken_where_they_can_be_done(command: Command) -> None:
    check(ABLE, BOX, command)
    with pytest.raises(Unsupported):
        check(UNABLE, BOX, command)
