"""JPEGs out of what devices send."""

import pytest

from custom_components.cctv.devices import jpeg
from custom_components.cctv.devices.errors import Malformed

JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"


@pytest.mark.parametrize("rest", [b"", b"\r\n", b"dhav\x10\x00\x00\x00", bytes(1_000)])
def test_a_picture_ends_where_it_ends(rest: bytes) -> None:
    assert jpeg.whole(JPEG + rest) == JPEG
    assert jpeg.picture(JPEG + rest) == JPEG


def test_a_thumbnail_inside_is_no_end() -> None:
    assert jpeg.whole(b"\xff\xd8 a \xff\xd9 b \xff\xd9 rest") == b"\xff\xd8 a \xff\xd9 b \xff\xd9"


@pytest.mark.parametrize(
    "body", [b"", b"Error\r\n", b"\xff\xd8 half", b"abc\xff\xd9", b"\n" + JPEG, b"\xff\xd9"]
)
def test_what_is_none_is_refused(body: bytes) -> None:
    assert jpeg.whole(body) is None
    with pytest.raises(Malformed):
        jpeg.picture(body)
