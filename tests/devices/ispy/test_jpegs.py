"""How large a JPEG is."""

import io
import random

from PIL import Image
import pytest

from custom_components.cctv.devices.ispy import jpegs


def drawn(size: tuple[int, int], *, progressive: bool = False, comment: str = "") -> bytes:
    """A real picture."""
    buffer = io.BytesIO()
    picture = Image.new("RGB", size, "gray")
    picture.save(buffer, "JPEG", progressive=progressive, comment=comment)
    return buffer.getvalue()


@pytest.mark.parametrize("size", [(96, 72), (640, 360), (1, 2000)])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_picture_is_as_large_as_its_header_says(size: tuple[int, int], progressive: bool) -> None:
    assert jpegs.size_of(drawn(size, progressive=progressive, comment="x" * 300)) == size


def test_a_picture_that_is_none_has_no_size() -> None:
    whole = drawn((96, 72))
    for body in (b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"<html>", b"\xff" * 5_000):
        assert jpegs.size_of(body) is None
    assert {jpegs.size_of(whole[:end]) for end in range(len(whole))} == {None, (96, 72)}


def test_bytes_gone_wrong_are_read_or_refused() -> None:
    dice = random.Random(5)
    whole = drawn((96, 72))
    for _ in range(5_000):
        body = bytearray(whole[: dice.randint(0, len(whole))])
        for _ in range(min(4, len(body))):
            body[dice.randrange(len(body))] = dice.randrange(256)
        found = jpegs.size_of(bytes(body))
        assert found is None or len(found) == 2
