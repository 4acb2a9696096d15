"""Hardware addresses."""

import pytest

from custom_components.cctv.devices import hardware


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 58:70:C6:10:A4:01 ", "58:70:c6:10:a4:01"),
        ("9C:8E:CD:10:A4:1B", "9c:8e:cd:10:a4:1b"),
        ("0017f200a1b1", "00:17:f2:00:a1:b1"),
        ("00-17-F2-00-A1-B1", "00:17:f2:00:a1:b1"),
        ("0017.f200.a1b1", "00:17:f2:00:a1:b1"),
        ("00:00:00:00:00:00", None),
        ("ff:ff:ff:ff:ff:ff", None),
        ("58:70:c6:10:a4", None),
        ("nonsense", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_read_however_it_is_written(text: str | None, address: str | None) -> None:
    assert hardware.mac(text) == address
