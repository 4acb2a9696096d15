"""Which bytes a player asks for."""

import pytest

from custom_components.cctv.byte_range import Span, Unsatisfiable, span_of

SIZE = 1000
WHOLE = Span(0, SIZE, SIZE)

WANTED = {
    "bytes=0-": (0, 1000),
    "bytes=0-0": (0, 1),
    "bytes=0-499": (0, 500),
    "bytes=999-": (999, 1000),
    "bytes=500-5000": (500, 1000),
    "bytes=-1": (999, 1000),
    "bytes=-5000": (0, 1000),
    " Bytes = 1 - 2 ": (1, 3),
}
NOT_UNDERSTOOD = (
    *("", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0x1-2", "bytes=--5"),
    *("items=0-1", "bytes=0-1,5-6", "bytes=٣-٤", f"bytes=0-{'9' * 40}", "bytes=1-2-3"),
)
BEHIND = ("bytes=1000-", "bytes=1000-2000", "bytes=-0")


@pytest.mark.parametrize("wanted", WANTED)
def test_a_range_is_answered_as_it_was_asked(wanted: str) -> None:
    assert span_of(wanted, SIZE) == Span(*WANTED[wanted], SIZE, partial=True)


@pytest.mark.parametrize("wanted", NOT_UNDERSTOOD)
def test_what_is_not_understood_brings_everything(wanted: str) -> None:
    assert span_of(wanted, SIZE) == WHOLE


@pytest.mark.parametrize("wanted", BEHIND)
def test_what_lies_behind_the_end_is_refused(wanted: str) -> None:
    with pytest.raises(Unsatisfiable):
        span_of(wanted, SIZE)


def test_a_range_of_something_else_brings_everything() -> None:
    assert span_of("bytes=1-2", SIZE, etag='"a"', if_range='"b"') == WHOLE
    assert span_of("bytes=1-2", SIZE, etag='"a"', if_range='W/"a"') == WHOLE
    assert span_of("bytes=1-2", SIZE, etag='"a"', if_range='"a"').partial


def test_nothing_has_no_ranges() -> None:
    for wanted in ("bytes=-1", "bytes=0-0"):
        with pytest.raises(Unsatisfiable):
            span_of(wanted, 0)


def test_the_answer_says_which_bytes_it_has() -> None:
    assert span_of("bytes=-10", SIZE).headers["Content-Range"] == "bytes 990-999/1000"
    assert "Content-Range" not in WHOLE.headers
