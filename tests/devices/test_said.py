"""What devices say in JSON and in headers can always be written down again."""

import pytest

from custom_components.cctv.devices.said import parsed, printable


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d"', "\ufffd"),
        (r'"a\ude00b"', "a\ufffdb"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\uD83D\uD83D\uDE00"', "\ufffd\U0001f600"),
        (r'"\\ud83d"', r"\ud83d"),
        (r'"\\\ud83d"', "\\\ufffd"),
        (r'{"\ud83d": ["\ud83d"]}', {"\ufffd": ["\ufffd"]}),
        ("[NaN, Infinity, 1.5]", [None, None, 1.5]),
    ],
)
def test_half_a_pair_and_what_is_no_number_are_replaced(text: str, value: object) -> None:
    assert parsed(text) == value


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "9" * 10_000])
def test_what_is_no_json_is_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError):
        parsed(text)


@pytest.mark.parametrize(
    ("header", "text"),
    [("nginx/1.2", "nginx/1.2"), ("Büro", "Büro"), ("B\udcfcro", "B\ufffdro")],
)
def test_a_header_is_text_whatever_its_bytes(header: str, text: str) -> None:
    assert printable(header) == text
