"""Which device carries what, and what tells devices apart."""

import pytest

from custom_components.cctv.devices.model import BOX, About, Part, PartKind, topology
from custom_components.cctv.identity import (
    anchor_of,
    are_different,
    identities,
    normal_identity,
)
from custom_components.cctv.parts import box, called, device_part, device_parts, is_within, page


def test_a_device_that_names_no_parts_is_a_box() -> None:
    assert device_part(topology(), "camera.1") == BOX
    assert box(topology()) == About()


def test_what_hangs_on_something_comes_after_it() -> None:
    parts = [
        Part("camera.2/lens.1", PartKind.LENS),
        Part("camera.2", PartKind.CAMERA),
        Part("camera.2/window.1", PartKind.WINDOW),
        Part(BOX, PartKind.BOX),
    ]
    ids = [part.id for part in device_parts(topology(parts))]
    assert ids == [BOX, "camera.2", "camera.2/lens.1"]


def test_a_place_and_what_sits_on_it() -> None:
    assert is_within("camera.1", {"camera.1"})
    assert is_within("camera.1/window.2", {"camera.1"})
    assert not is_within("camera.10", {"camera.1"})
    assert not is_within(BOX, {"camera.1"})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://cam.example/view", "http://cam.example/view"),
        ("https://user:secret@cam.example/", "https://cam.example/"),
        ("javascript:alert(1)", "else"),
        ("http://[", "else"),
        ("/relative", "else"),
        ("", "else"),
        (None, "else"),
    ],
)
def test_only_a_page_of_the_web_is_linked(url: str | None, shown: str) -> None:
    assert page(url, "else") == shown


@pytest.mark.parametrize(
    ("kind", "name", "key", "shown"),
    [
        (PartKind.OUTPUT, "Output 1", "output", "1"),
        (PartKind.OUTPUT, "OUTPUT-1", "output", "1"),
        (PartKind.OUTPUT, "Output1", "output", "1"),
        (PartKind.OUTPUT, "output", "output", "7"),
        (PartKind.OUTPUT, "Output: Gate", "output", "Gate"),
        (PartKind.OUTPUT, "Outputs of the barn", "output", "Outputs of the barn"),
        (PartKind.OUTPUT, "Outputän", "output", "Outputän"),
        (PartKind.OUTPUT, "Gate output", "output", "Gate output"),
        (PartKind.OUTPUT, "Output 1", "pulse", "Output 1"),
        (PartKind.OUTPUT, None, "output", "7"),
        (PartKind.INPUT, "Input 2", "input", "2"),
        (PartKind.RULE, "Rule A", "rule", "A"),
        (PartKind.WINDOW, "Window 1", "motion", "Window 1"),
    ],
)
def test_nothing_is_said_twice_in_a_name(
    kind: PartKind, name: str | None, key: str, shown: str
) -> None:
    """The row's own name says already that it is an alarm output."""
    assert called(Part(f"{kind}.7", kind, name), key) == shown


def test_identities_are_the_same_however_they_are_written() -> None:
    assert normal_identity("mac:00:00:5E:00:53:01") == normal_identity("mac:00-00-5e-00-53-01")
    assert normal_identity("serial:Ab-1") == "serial:Ab-1"
    about = About(serial="S1", mac="00:00:5e:00:53:01", identities=frozenset({"uid:7"}))
    assert identities(about) == {"serial:S1", "mac:00005e005301", "uid:7"}


def test_the_anchor_is_the_serial_number_or_the_address_or_nothing() -> None:
    assert anchor_of(About(serial="S1", mac="00:00:5E:00:53:01")) == "S1"
    assert anchor_of(About(mac="00:00:5E:00:53:01")) == "00005e005301"
    assert anchor_of(About()) is None


def test_only_the_same_kind_of_number_tells_devices_apart() -> None:
    assert are_different({"serial:1"}, {"serial:2"})
    assert not are_different({"serial:1"}, {"serial:1", "mac:a"})
    assert not are_different({"serial:1"}, {"mac:a"})
    assert not are_different((), {"mac:a"})
