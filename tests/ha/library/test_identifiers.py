"""What hostile identifiers get: an answer that says nothing, and no request to any device."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import product
import logging
from urllib.parse import quote
import zlib

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.model import Recording
from custom_components.cctv.media_id import (
    BadMediaId,
    Clip,
    MediaIds,
    clip_of,
    media_ids,
    part_of_segment,
    part_segment,
)
from tests.ha.house import House
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator

from .viewer import Viewer

IDS = MediaIds(b"k" * 32)
DAY = date(2026, 3, 1)
START = datetime(2026, 3, 1, 12, 5, 7, 900_000, UTC)
CLIP = clip_of(
    Recording(
        ("/mnt/a b/[0@0].dav", "/mnt/ü.dav"),
        "camera.2/lens.1",
        START,
        START.replace(minute=6),
        size=123,
        container="DAV",
        thumbnail="thumb/1",
        name="08.00.00",
    )
)


# --- ids by themselves


def test_an_id_holds_all_that_it_takes() -> None:
    identifier = IDS.identifier("ENTRY", CLIP, DAY)
    assert identifier is not None
    place = IDS.parse(identifier)
    assert (place.entry_id, place.part, place.day) == ("ENTRY", "camera.2/lens.1", DAY)
    assert place.clip == CLIP
    assert place.clip.start == datetime(2026, 3, 1, 12, 5, 7, tzinfo=UTC)
    assert (place.clip.length, place.clip.container) == (60.0, "dav")
    assert IDS.parse(f"{identifier}/h264").h264


def test_a_day_of_files_has_an_id_that_fits_a_url() -> None:
    refs = tuple(f"/mnt/dvr/2026-03-01/001/dav/{n // 4:02}/{n % 4 * 15:02}.dav" for n in range(96))
    payload = IDS.payload("ENTRY", Clip("", refs, "dav", CLIP.start))
    assert payload is not None
    assert len(payload) < 1000


def test_what_has_no_files_or_far_too_many_has_no_id() -> None:
    assert IDS.payload("ENTRY", Clip("", (), "dav", CLIP.start)) is None
    noise = tuple(str(hash((n, "x")) ** 9) for n in range(900))
    assert IDS.payload("ENTRY", Clip("", noise, "dav", CLIP.start)) is None


@pytest.mark.parametrize("part", ["", "camera.2", "camera.2/lens.1", "camera.1/window.7"])
def test_a_part_is_one_segment_and_back(part: str) -> None:
    assert "/" not in part_segment(part)
    assert part_of_segment(part_segment(part)) == part


def _sealed(body: bytes) -> str:
    """Return something that bears our seal, whatever is in it."""
    seal = IDS._seal("ENTRY", "", body)
    return urlsafe_b64encode(seal + body).decode().rstrip("=")


BAD_INSIDE: dict[str, bytes] = {
    "not packed": b"x" * 40,
    "no JSON": zlib.compress(b"x" * 40),
    "a list": zlib.compress(b"[1, 2, 3, 4, 5, 6, 7, 8, 9]"),
    "half of it": zlib.compress(b'{"r": ["a"], "c": "mp4", "s": 1}')[:-8],
    "a bomb": zlib.compress(b" " * (64 << 20)),
    "deep": zlib.compress(b"[" * 100_000),
    "no refs": zlib.compress(b'{"r": [], "c": "mp4", "s": 1}'),
    "numbers for refs": zlib.compress(b'{"r": ["a", 1], "c": "mp4", "s": 1}'),
    "an empty ref": zlib.compress(b'{"r": [""], "c": "mp4", "s": 1}'),
    "a huge ref": zlib.compress(b'{"r": ["' + b"a" * 2000 + b'"], "c": "mp4", "s": 1}'),
    "too many refs": zlib.compress(b'{"r": ["a"' + b', "a"' * 2000 + b'], "c": "mp4", "s": 1}'),
    "a container that is a path": zlib.compress(b'{"r": ["a"], "c": "../x", "s": 1}'),
    "a time before time": zlib.compress(b'{"r": ["a"], "c": "mp4", "s": -1}'),
    "a time after all times": zlib.compress(b'{"r": ["a"], "c": "mp4", "s": 99999999999}'),
    "a length below nothing": zlib.compress(b'{"r": ["a"], "c": "mp4", "s": 1, "l": -5}'),
    "a size of words": zlib.compress(b'{"r": ["a"], "c": "mp4", "s": 1, "z": "big"}'),
    "a number for a name": zlib.compress(b'{"r": ["a"], "c": "mp4", "s": 1, "n": 5}'),
}


@pytest.mark.parametrize("what", BAD_INSIDE)
def test_what_does_not_fit_is_refused_under_our_own_seal(what: str) -> None:
    with pytest.raises(BadMediaId):
        IDS.clip("ENTRY", "", _sealed(BAD_INSIDE[what]))


def test_what_fits_under_our_seal_is_taken() -> None:
    told = zlib.compress(b'{"r": ["a"], "c": "mp4", "s": 1, "l": 1e9}')
    clip = IDS.clip("ENTRY", "", _sealed(told))
    assert (clip.refs, clip.length) == (("a",), None)


async def test_the_key_survives_a_restart(hass: HomeAssistant, yi: House[YiHackSimulator]) -> None:
    from custom_components.cctv.media_id import async_setup_media_ids  # noqa: PLC0415

    payload = media_ids(hass).payload("ENTRY", CLIP)
    assert payload is not None
    await async_setup_media_ids(hass)
    assert media_ids(hass).clip("ENTRY", CLIP.part, payload) == CLIP


# --- ids that come from outside

type Forge = Callable[[str, str], str]
"""Makes an identifier out of an entry's id and a payload that is right."""

BROWSED: dict[str, Forge] = {
    "up": lambda entry, payload: "..",
    "up from an entry": lambda entry, payload: f"{entry}/../secrets",
    "encoded slashes": lambda entry, payload: f"{entry}%2Fbox%2F2026-03-01",
    "no such entry": lambda entry, payload: "01JZZZZZZZZZZZZZZZZZZZZZZZ",
    "an entry of another integration": lambda entry, payload: "OTHER",
    "a channel of another integration": lambda entry, payload: "OTHER/box",
    "no such channel": lambda entry, payload: f"{entry}/camera.99",
    "a channel that is a path": lambda entry, payload: f"{entry}/..~..~etc",
    "a channel of 5,000 letters": lambda entry, payload: f"{entry}/{'a' * 5000}",
    "no day": lambda entry, payload: f"{entry}/box/yesterday",
    "a day that never was": lambda entry, payload: f"{entry}/box/2026-02-31",
    "a day in other digits": lambda entry, payload: f"{entry}/box/٢٠٢٦-٠٣-٠١",
    "an hour too many": lambda entry, payload: f"{entry}/box/2026-03-01T24",
    "a recording in an hour": lambda entry, payload: f"{entry}/box/2026-03-01T12/{payload}",
    "no payload": lambda entry, payload: f"{entry}/box/2026-03-01/{'A' * 40}",
    "not base64": lambda entry, payload: f"{entry}/box/2026-03-01/{payload[:-4]}!!!!",
    "cut off": lambda entry, payload: f"{entry}/box/2026-03-01/{payload[:-4]}",
    "one letter changed": lambda entry, payload: f"{entry}/box/2026-03-01/{_changed(payload)}",
    "100 kB": lambda entry, payload: f"{entry}/box/2026-03-01/{'A' * 100_000}",
    "too deep": lambda entry, payload: f"{entry}/box/2026-03-01/{payload}/h264/x/y/z",
    "a line break": lambda entry, payload: f"{entry}/box/2026-03-01/\r\nX: y",
    "a null byte": lambda entry, payload: f"{entry}/box/2026-03-01/\x00",
}


UNKNOWN = "There is no such recording, or not any more"
ASKED: dict[str, dict[str, str]] = {
    "browse_media": {},
    "resolve_media": {},
    "search_media": {"search_query": "x"},
}


def _changed(payload: str) -> str:
    middle = len(payload) // 2
    letter = "A" if payload[middle] != "A" else "B"
    return f"{payload[:middle]}{letter}{payload[middle + 1 :]}"


async def _payload(viewer: Viewer, *titles: str) -> tuple[str, str]:
    """Return the entry and the payload of a recording that is there."""
    place = await viewer.walk(*titles)
    identifier = place["children"][0]["media_content_id"].removeprefix("media-source://cctv/")
    entry, _, _, payload = identifier.split("/")
    return entry, payload


async def test_hostile_identifiers_get_nothing(
    hass: HomeAssistant,
    yi: House[YiHackSimulator],
    viewer: Viewer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    MockConfigEntry(domain="other", entry_id="OTHER").add_to_hass(hass)
    entry, payload = await _payload(viewer, "yi", "2026")
    asked = len(yi.box.wire)
    for what, forge in BROWSED.items():
        hostile = f"media-source://cctv/{forge(entry, payload)}"
        for kind, told in ASKED.items():
            answer = await viewer.ask(kind, media_content_id=hostile, **told)
            assert not answer["success"], (what, kind)
            if "\n" not in hostile:
                assert answer["error"]["message"] == UNKNOWN, (what, kind)
    _only_polled(yi, asked)
    _nothing_logged(caplog)


PLAYED: dict[str, Forge] = {
    "another entry's": lambda entry, payload: f"OTHER/box/{payload}",
    "no such entry": lambda entry, payload: f"01JZZZZZZZZZZZZZZZZZZZZZZZ/box/{payload}",
    "an entry that is a path": lambda entry, payload: f"..%2F..%2Fsecrets/box/{payload}",
    "another channel's": lambda entry, payload: f"{entry}/camera.1/{payload}",
    "a channel that is a path": lambda entry, payload: f"{entry}/..~../{payload}",
    "a channel with a slash": lambda entry, payload: f"{entry}/a%2Fb/{payload}",
    "forged": lambda entry, payload: f"{entry}/box/{'A' * 60}",
    "not base64": lambda entry, payload: f"{entry}/box/{quote('ä' * 20)}",
    "with a slash": lambda entry, payload: f"{entry}/box/{payload}%2F..",
    "cut off": lambda entry, payload: f"{entry}/box/{payload[:-1]}",
    "one letter changed": lambda entry, payload: f"{entry}/box/{_changed(payload)}",
    "too long": lambda entry, payload: f"{entry}/box/{'A' * 8000}",
    "short": lambda entry, payload: f"{entry}/box/A",
}


async def test_hostile_addresses_get_nothing(
    hass: HomeAssistant,
    yi: House[YiHackSimulator],
    viewer: Viewer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    MockConfigEntry(domain="other", entry_id="OTHER").add_to_hass(hass)
    entry, payload = await _payload(viewer, "yi", "2026")
    asked = len(yi.box.wire)
    for what, forge in PLAYED.items():
        for view in ("play", "play/h264", "picture", "thumbnail"):
            path = f"/api/cctv/{view}/{forge(entry, payload)}/a.mp4"
            answer = await viewer.get(path)
            if ".." in path:
                # Home Assistant lets nothing through that looks like it.
                assert answer.status == 400, (what, view)
                continue
            assert (answer.status, await answer.text()) == (404, UNKNOWN), (what, view)
            assert answer.headers["Cache-Control"] == "no-store"
    _only_polled(yi, asked)
    _nothing_logged(caplog)


REFS = (
    *("../../etc/passwd", "/etc/passwd", "2026Y03M01D12H/../../x.mp4", "..", "%2e%2e/x.mp4"),
    *("http://192.0.2.9/x.mp4", "2026Y03M01D12H/0000.mp4\r\nX-Evil: 1", "x" * 1000, "\x00"),
    *("clip/2/1/1_2026-03-01_09-30-00.mp4", "status.json", "cgi-bin/reboot.sh"),
)
"""Refs under our own seal that the family never made: paths, other families', commands."""


async def test_refs_that_the_family_never_made_reach_no_device(
    hass: HomeAssistant,
    yi: House[YiHackSimulator],
    viewer: Viewer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = yi.entry.entry_id
    asked = len(yi.box.wire)
    for ref, container in product(REFS, ("mp4", "avi")):
        payload = media_ids(hass).payload(entry, Clip("", (ref,), container, CLIP.start))
        for view in ("play", "play/h264", "thumbnail"):
            answer = await viewer.get(f"/api/cctv/{view}/{entry}/box/{payload}/a.mp4")
            assert answer.status == 404, (ref, container, view)
    _only_polled(yi, asked)
    _nothing_logged(caplog)


async def test_what_is_no_recording_is_not_played(
    hass: HomeAssistant, yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    entry = yi.entry.entry_id
    for container in ("mp4", "avi", "dav"):
        payload = media_ids(hass).payload(entry, Clip("", ("backup",), container, CLIP.start))
        answer = await viewer.get(f"/api/cctv/play/{entry}/box/{payload}/a.mp4")
        assert (answer.status, await answer.text()) == (404, UNKNOWN)


async def test_one_device_does_not_serve_anothers_recording(
    hass: HomeAssistant,
    yi: House[YiHackSimulator],
    ispy: House[IspySimulator],
    viewer: Viewer,
) -> None:
    _, payload = await _payload(viewer, "yi", "2026")
    url = f"/api/cctv/play/{ispy.entry.entry_id}/box/{payload}/a.mp4"
    assert (await viewer.get(url)).status == 404


def _only_polled(yi: House[YiHackSimulator], asked: int) -> None:
    """The camera was asked nothing but what it is asked all the time: no file above all."""
    requests = [exchange.request for exchange in yi.box.wire[asked:]]
    # How files grow is looked at all the time, by HEAD.
    targets = {request.target for request in requests if request.method != "HEAD"}
    assert [target for target in targets if not target.startswith("/cgi-bin/")] == []
    assert [target for target in targets if "reboot" in target or "passwd" in target] == []


def _nothing_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is said above debug, so no path either; Home Assistant has no access log."""
    loud = [
        record
        for record in caplog.records
        if record.levelno > logging.DEBUG
        and record.name.startswith(("custom_components", "aiohttp"))
        and record.name != "aiohttp.access"
    ]
    assert [record.getMessage() for record in loud] == []
