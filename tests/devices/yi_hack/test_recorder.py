"""Whether a clip is being written, by a file that may have been left behind (§11, case 20)."""

from custom_components.cctv.devices.yi_hack.recorder import Recorder, Trace


def watched(*looks: tuple[float, Trace | None]) -> list[bool]:
    """What each look tells."""
    recorder = Recorder()
    return [recorder.look(trace, now) for now, trace in looks]


def trace(size: int) -> Trace:
    return ("Fri, 20 Nov 2026 14:06:01 GMT", str(size))


def test_a_file_that_appears_is_being_written_until_it_goes() -> None:
    assert watched((0, None), (5, trace(1)), (10, trace(2)), (15, None)) == [
        False,
        True,
        True,
        False,
    ]


def test_a_file_from_before_counts_once_it_changes() -> None:
    assert watched((0, trace(1)), (5, trace(2)), (10, trace(3))) == [False, True, True]


def test_a_file_that_was_left_behind_is_nothing_until_it_was_gone() -> None:
    looks = [(0.0, trace(1)), (5.0, trace(1)), (25.0, trace(1)), (30.0, trace(2))]
    assert watched(*looks) == [False] * 4
    assert watched(*looks, (35, None), (40, trace(3))) == [False] * 5 + [True]


def test_a_file_that_stops_growing_was_cut_off() -> None:
    assert watched((0, None), (5, trace(1)), (24, trace(1)), (26, trace(1)), (31, trace(1))) == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_looks_far_apart_still_tell_change_from_standing() -> None:
    assert watched((0, None), (30, trace(1)), (60, trace(9)), (90, trace(20))) == [
        False,
        True,
        True,
        True,
    ]
