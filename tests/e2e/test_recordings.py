"""What was recorded is found in the media browser and plays: .dav, .avi and .mp4."""

from dataclasses import dataclass
import re
from typing import Any, Final

from playwright.sync_api import Page, ViewportSize, expect
import pytest

from .conftest import Neighbour, connected, shot

SMALL: Final[ViewportSize] = {"width": 1100, "height": 720}
OFF_SECONDS: Final = 1.5
LEAST_SECONDS: Final = 20
"""A recording that is long enough to have a middle."""
LENGTH: Final = re.compile(r"^\d\d:\d\d:\d\d · (?:[^·]+ · )?(?:(\d+):)?(\d+):(\d\d)(?: ·|$)")
"""The title of a recording: when it was, what triggered it, how long."""
TITLE: Final = "div.title"
FILM: Final = re.compile(r"\d\d:\d\d:\d\d · ")

VIDEO: Final = """
    const all = (root) => [...root.querySelectorAll('*')].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    const video = all(document).find((node) => node.localName === 'video');
"""
"""The video of the page, however deep it is."""
SEEN: Final = f"""() => {{ {VIDEO}
    return video ? {{width: video.videoWidth, at: video.currentTime, length: video.duration,
        paused: video.paused, error: video.error?.message ?? null}} : null;
}}"""
PLAYS: Final = f"""(since) => {{ {VIDEO}
    return video?.videoWidth > 0 && !video.seeking && video.currentTime > since;
}}"""
PICTURE: Final = f"""() => {{ {VIDEO}
    const canvas = document.createElement('canvas');
    canvas.width = 64; canvas.height = 36;
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, 64, 36);
    return [...context.getImageData(0, 0, 64, 36).data];
}}"""
"""What is shown now, small."""
SEEK: Final = f"""(share) => new Promise((done) => {{ {VIDEO}
    const begun = performance.now();
    video.addEventListener('seeked', () => done(performance.now() - begun), {{once: true}});
    video.currentTime = video.duration * share;
}})"""
"""Go to a share of the whole; how many milliseconds it took."""


THUMBNAILS: Final = """(least) => {
    const all = (root) => [...root.querySelectorAll('*')].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    return all(document).filter((node) => node.classList?.contains('image'))
        .filter((node) => (node.style.backgroundImage ?? '').includes('url')).length >= least;
}"""
"""Whether a page of recordings shows so many small pictures."""
SHOWN: Final = 8
"""So many are on the first page of a day; just after midnight there are fewer."""


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of file, and the way to it."""

    ending: str
    way: tuple[str, ...]
    form: str = ""
    """Which of its forms is played, where it may be H.265."""


CASES: Final = (
    Case("dav", ("Driveway",), "As recorded"),
    Case("avi", ("Office PC", "Loading bay")),
    Case("mp4", ("Nursery",)),
)


@pytest.fixture(scope="module", autouse=True)
def everyone(house: Neighbour, page: Page) -> None:
    """Have every device moved in, and every picture drawn."""
    house.ask("all_move_in")
    house.ask("pictures")
    page.set_viewport_size(SMALL)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.ending)
def test_a_recording_is_found_and_plays(page: Page, house: Neighbour, case: Case) -> None:
    title, seconds = find(page, house, case)
    if case.ending == "dav":
        # No hint hides what is below the pointer.
        page.mouse.move(1, 1)
        page.wait_for_function(
            THUMBNAILS, arg=min(SHOWN, page.locator(TITLE, has_text=FILM).count())
        )
        shot(page, "recordings")
    page.locator(TITLE, has_text=title).first.click()
    if case.form:
        page.locator(TITLE, has_text=case.form).first.click()

    page.wait_for_function(PLAYS, arg=0)
    seen = look(page)
    assert seen["width"] > 0
    assert abs(seen["length"] - seconds) < OFF_SECONDS
    before = page.evaluate(PICTURE)
    page.wait_for_function(PLAYS, arg=seen["at"] + 1)
    assert page.evaluate(PICTURE) != before

    for share in (0.5, 0.9, 0.25):
        page.evaluate(SEEK, share)
        there = look(page)
        assert abs(there["at"] - share * seen["length"]) < OFF_SECONDS
        page.wait_for_function(PLAYS, arg=there["at"] + 0.5)
    assert look(page)["error"] is None
    assert abs(look(page)["length"] - seconds) < OFF_SECONDS
    shot(page, f"play_{case.ending}")
    page.keyboard.press("Escape")


def find(page: Page, house: Neighbour, case: Case) -> tuple[str, int]:
    """Browse to the newest recording that is long enough; its title and its length."""
    page.goto(f"{house.door['url']}/media-browser/browser")
    connected(page)
    for place in ("CCTV", *case.way):
        page.locator(TITLE, has_text=place).first.click()
    days = page.locator(TITLE, has_text=re.compile(r"^\s*\d{4}-\d\d-\d\d · \d+"))
    expect(days.first).to_be_visible()
    for day in [text.strip() for text in days.all_inner_texts()]:
        page.locator(TITLE, has_text=day).first.click()
        films = page.locator(TITLE, has_text=FILM)
        expect(films.first).to_be_visible()
        for text in films.all_inner_texts():
            told = LENGTH.match(text.strip())
            if told and (seconds := length(told)) >= LEAST_SECONDS:
                return text.strip(), seconds
        page.go_back()
        expect(days.first).to_be_visible()
    raise AssertionError("nothing that is long enough")


def length(told: re.Match[str]) -> int:
    """Seconds of a title."""
    hours, minutes, seconds = (int(each or 0) for each in told.groups())
    return hours * 3600 + minutes * 60 + seconds


def look(page: Page) -> dict[str, Any]:
    """What the player says of itself."""
    seen: dict[str, Any] | None = page.evaluate(SEEN)
    assert seen is not None, "there is no video"
    return seen
