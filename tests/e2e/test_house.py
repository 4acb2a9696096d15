"""An owner's first quarter of an hour: add a camera, look, hear, switch. In this order."""

from typing import Final

from playwright.sync_api import Locator, Page, ViewportSize, expect
import pytest

from scripts.demo.cast import FRONT_DOOR

from .conftest import Neighbour, connected, shot

STATES: Final = """([domain, ending]) =>
    Object.values(document.querySelector('home-assistant').hass.states)
        .filter((state) => state.entity_id.startsWith(domain + '.'))
        .filter((state) => state.entity_id.endsWith(ending))
        .map((state) => [state.entity_id, state.state])"""
PLAYING: Final = """() => {
    const all = (root) => [...root.querySelectorAll('*')].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    const video = all(document).find((node) => node.localName === 'video' && node.videoWidth);
    return video ? [video.videoWidth, video.videoHeight, video.currentTime] : null;
}"""
"""Size and position of the video that plays, however deep it is."""
SHOWN: Final = """(kind) => {
    const all = (root) => [...root.querySelectorAll('*')].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    return all(document).filter((node) => node.localName === kind)
        .filter((node) => (node.videoWidth ?? node.naturalWidth) > 300)
        .filter((node) => kind === 'img' || node.currentTime > 1).length;
}"""
"""How many pictures or videos are there to be seen."""
TALL: Final[ViewportSize] = {"width": 1600, "height": 2400}
"""Pictures out of sight are not fetched."""
README: Final[ViewportSize] = {"width": 1600, "height": 1640}
VIEWS: Final = (
    ("amcrest", 11),
    ("dvr-o", 0),
    ("ispy", 3),
    ("open-api", 1),
    ("yi-hack", 1),
    ("every-entity", 0),
)
"""The views beside the overview, and how many pictures each shows."""
BROKEN: Final = "hui-error-card, hui-warning, hui-warning-element"
MORE: Final = """(entity) => document.querySelector('home-assistant').dispatchEvent(
    new CustomEvent('hass-more-info', {
        detail: {entityId: entity}, bubbles: true, composed: true
    }))"""


def entity(page: Page, domain: str, ending: str) -> str:
    """The one entity of a domain whose id ends so."""
    found: list[list[str]] = page.evaluate(STATES, [domain, ending])
    assert len(found) == 1, found
    return found[0][0]


def anew(page: Page, house: Neighbour) -> None:
    """Go to a page without dialogs; one that is just closing would take the next one along."""
    page.goto(f"{house.door['url']}/config/devices/dashboard")
    connected(page)


def wait_for_state(page: Page, name: str, state: str) -> None:
    """Wait until the page itself knows an entity in a state."""
    page.wait_for_function(
        "([name, state]) => document.querySelector('home-assistant')"
        ".hass.states[name]?.state === state",
        arg=[name, state],
    )


def dialog(page: Page) -> Locator:
    """The open dialog of a config flow."""
    return page.locator("dialog-data-entry-flow")


def submit(page: Page) -> None:
    """Press the dialog's main button."""
    dialog(page).get_by_role("button", name="Submit").click()


def test_the_camera_is_added_through_the_dialogs(page: Page, house: Neighbour) -> None:
    camera = house.ask("cast")[FRONT_DOOR]
    page.goto(f"{house.door['url']}/config/integrations/dashboard/add?domain=cctv")
    connected(page)
    page.get_by_role("button", name="OK").click()
    dialog(page).locator("input").first.fill(camera["url"])
    shot(page, "1-address")
    submit(page)
    dialog(page).locator("input[type=password]").fill(camera["password"])
    dialog(page).locator("input").first.fill(camera["user"])
    shot(page, "2-login")
    submit(page)
    done = (
        dialog(page)
        .get_by_role("button", name="Finish")
        .or_(dialog(page).get_by_role("button", name="Skip and finish"))
    )
    expect(done.first).to_be_visible(timeout=90_000)
    shot(page, "3-done")
    done.first.click()
    page.wait_for_function(
        "Object.keys(document.querySelector('home-assistant').hass.states)"
        ".some((name) => name.startsWith('camera.'))"
    )


def test_the_live_picture_moves(page: Page, house: Neighbour) -> None:
    house.ask("pictures", FRONT_DOOR)
    anew(page, house)
    page.evaluate(MORE, entity(page, "camera", "front_door"))
    page.wait_for_function(f"(({PLAYING})() ?? [0])[0] > 0")
    width, height, begun = page.evaluate(PLAYING)
    assert width > 0
    assert height > 0
    page.wait_for_function(f"(begun) => (({PLAYING})() ?? [0, 0, 0])[2] > begun + 1", arg=begun)
    shot(page, "4-live")


def test_motion_is_seen_without_a_reload(page: Page, house: Neighbour) -> None:
    anew(page, house)
    sensor = entity(page, "binary_sensor", "front_door_motion")
    wait_for_state(page, sensor, "off")
    page.evaluate("window.same = true")
    house.ask("motion", FRONT_DOOR, True)
    wait_for_state(page, sensor, "on")
    assert page.evaluate("window.same") is True
    house.ask("motion", FRONT_DOOR, False)
    wait_for_state(page, sensor, "off")


def test_a_switch_reaches_the_camera(page: Page, house: Neighbour) -> None:
    key = "MotionDetect[0].Enable"
    switch = entity(page, "switch", "front_door_motion_detection")
    assert house.ask("setting", FRONT_DOOR, key) == "true"
    wait_for_state(page, switch, "on")
    anew(page, house)
    page.evaluate(MORE, switch)
    toggle = page.locator("ha-control-switch")
    toggle.click()
    wait_for_state(page, switch, "off")
    shot(page, "5-switch")
    assert house.ask("setting", FRONT_DOOR, key) == "false"
    toggle.click()
    wait_for_state(page, switch, "on")
    assert house.ask("setting", FRONT_DOOR, key) == "true"


@pytest.mark.timeout(900)
def test_the_dashboard_shows_every_camera(page: Page, house: Neighbour) -> None:
    house.ask("others_move_in")
    house.ask("pictures")
    page.set_viewport_size(TALL)
    page.goto(f"{house.door['url']}/cctv-demo/cameras")
    connected(page)
    house.ask("lively")
    # Six single cameras play; those behind a recorder or a PC show stills.
    page.wait_for_function(f"({SHOWN})('video') >= 6")
    page.wait_for_function(f"({SHOWN})('img') >= 10")
    page.set_viewport_size(README)
    shot(page, "6-dashboard")
    assert page.locator(BROKEN).count() == 0


@pytest.mark.parametrize(("view", "pictures"), VIEWS)
def test_every_view_is_whole(page: Page, house: Neighbour, view: str, pictures: int) -> None:
    page.set_viewport_size(TALL)
    page.goto(f"{house.door['url']}/cctv-demo/{view}")
    connected(page)
    expect(page.locator("hui-heading-card").first).to_be_visible()
    page.wait_for_function(f"(count) => ({SHOWN})('img') >= count", arg=pictures)
    shot(page, f"7-{view}")
    assert page.locator(BROKEN).count() == 0
