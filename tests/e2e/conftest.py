"""A house that runs beside the tests, and a browser that is logged in to it."""

from collections.abc import Iterator
import json
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys
from typing import Any, Final

from playwright.sync_api import (
    Browser,
    Error,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)
import pytest

PROJECT: Final = Path(__file__).resolve().parents[2]
SHOTS: Final = PROJECT / ".cache" / "e2e"
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)
WAIT_SECONDS: Final = 90
SIZE: Final = ViewportSize(width=1440, height=900)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Only when asked for by name, and never in CI: these want a machine and a browser."""
    asked = any("e2e" in str(argument) for argument in config.invocation_params.args)
    return None if asked and not os.environ.get("CI") else True


# The browser's driver runs the loop of this thread from its start to its end. What the harness of
# the other tests does to loops must not touch it.


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the loop as it is."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop as it is."""


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Leave what lives longer than a test."""


class Neighbour:
    """The house in its own process (see `neighbour.py`)."""

    def __init__(self, folder: Path) -> None:
        """Raise it, and wait until it stands."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.neighbour", str(folder)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.door: dict[str, str] = self._answer()
        """Where Home Assistant is, and who may enter."""

    def ask(self, what: str, *how: object) -> Any:
        """Ask for something and wait until it is done."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([what, *how]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        """Take it down."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            code = self._process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            # It is busy with a question; this ends it in order all the same.
            self._process.send_signal(signal.SIGINT)
            code = self._process.wait(WAIT_SECONDS)
        assert code == 0

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the house has fallen; its words are above"
        return json.loads(line)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start the browser's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start a Chromium, or skip where there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no Chromium here; `scripts/setup --demo` fetches one on Debian")
    try:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    except Error as error:
        pytest.skip(f"{path} does not start: {str(error).splitlines()[0]}")
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """Raise a house with an owner, all cameras on the wire, and no entry yet."""
    neighbour = Neighbour(tmp_path_factory.mktemp("house"))
    yield neighbour
    neighbour.stop()


@pytest.fixture(scope="session")
def page(browser: Browser, house: Neighbour) -> Iterator[Page]:
    """Log in by the form, as an owner does."""
    context = browser.new_context(viewport=SIZE, device_scale_factor=1, locale="en-GB")
    context.set_default_timeout(WAIT_SECONDS * 1000)
    page = context.new_page()
    page.goto(house.door["url"], wait_until="domcontentloaded")
    page.locator("input[name=username]").fill(house.door["user"])
    page.locator("input[name=password]").fill(house.door["password"])
    page.locator("input[name=password]").press("Enter")
    connected(page)
    yield page
    context.close()


def connected(page: Page) -> None:
    """Wait until the user interface talks to Home Assistant and knows its states."""
    page.wait_for_function(
        """() => {
            const hass = document.querySelector('home-assistant')?.hass;
            return hass?.connected === true && Object.keys(hass.states ?? {}).length > 0;
        }"""
    )


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
