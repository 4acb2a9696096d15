"""Settings: flat names to features and back, whatever family keeps them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.env import SystemClock
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import Light, Limits, Scalar, Value
from custom_components.cctv.devices.settings import (
    MASK,
    ON_OFF,
    PERCENT,
    TEXT,
    TRUE_FALSE,
    Bound,
    Codec,
    Flag,
    Number,
    Place,
    Setting,
    Words,
    bind,
    change,
    get_config,
    set_config,
    values,
)
from custom_components.cctv.devices.when import drift_of, to_local, to_utc

MODES = Words({"0": "auto", "1": "on", "2": "off"})
ROWS = (
    Setting("motion_detection", "Motion[{camera}].Enable", TRUE_FALSE),
    Setting("motion_sensitivity", "Motion[{camera}].Window[*].Level", PERCENT, keep=("Motion.V",)),
    Setting("motion_sensitivity", "Motion[{camera}].Level", Number(Limits(0, 100), scale=20)),
    Setting("record_mode", "Motion[{camera}].Mode", MODES, also=("Motion[{camera}].Extra",)),
    Setting("person_detection", "Motion[{camera}].Human", TRUE_FALSE, under="Motion[{camera}].All"),
    Setting("status_light", "Motion.Led", ON_OFF),
)
LISTING = {
    "Motion[0].Enable": "true",
    "Motion[0].Window[0].Level": "40",
    "Motion[0].Window[3].Level": "60",
    "Motion[0].Level": "3",
    "Motion[0].Mode": "7",
    "Motion[0].Extra": "0",
    "Motion[0].Human": "True",
    "Motion[0].All": "False",
    "Motion[2].Enable": "no idea",
    "Motion[2].Level": "3",
    "Motion.Led": "off",
    "Motion.V": "V3.0",
    "Motion.Password": "hunter2",
    "Motion.Hidden": "******",
}
PLACES = (Place(""), Place("camera.1", {"camera": "0"}), Place("camera.3", {"camera": "2"}))


class Shelf:
    """A store in memory; `stuck` names keep their value, `refused` ones are refused."""

    def __init__(self, **tables: Mapping[str, str]) -> None:
        self.tables = {name: dict(listing) for name, listing in tables.items()}
        self.stuck: set[str] = set()
        self.saved: list[dict[str, str]] = []

    async def load(self, table: str) -> Mapping[str, str]:
        if table not in self.tables:
            raise Unsupported(f"no table {table}")
        return dict(self.tables[table])

    async def save(self, changes: Mapping[str, str]) -> None:
        self.saved.append(dict(changes))
        for name, text in changes.items():
            if name not in self.stuck:
                self.tables[name.partition("[")[0].partition(".")[0]][name] = text


@pytest.fixture
def bounds() -> dict[str, Bound]:
    return {bound.id: bound for bound in bind(ROWS, PLACES, "Motion", LISTING)}


def test_only_what_is_listed_becomes_a_feature(bounds: dict[str, Bound]) -> None:
    assert set(bounds) == {
        "camera.1:motion_detection",
        "camera.1:motion_sensitivity",
        "camera.1:record_mode",
        "camera.1:person_detection",
        "camera.3:motion_detection",
        "camera.3:motion_sensitivity",
        ":status_light",
    }
    assert not bind(ROWS, PLACES, "Elsewhere", LISTING)


def test_of_two_ways_to_one_feature_the_first_that_is_listed_counts(
    bounds: dict[str, Bound],
) -> None:
    assert "Window" in bounds["camera.1:motion_sensitivity"].setting.path
    assert "Window" not in bounds["camera.3:motion_sensitivity"].setting.path
    assert bounds["camera.3:motion_sensitivity"].value(LISTING) == 60


def test_the_poll_is_the_table_and_a_foreign_word_is_an_option(bounds: dict[str, Bound]) -> None:
    feature = bounds["camera.1:record_mode"].feature(LISTING)
    assert feature.poll == "config:Motion"
    assert feature.options == ("auto", "on", "off", "7")
    assert bounds["camera.1:record_mode"].value(LISTING) == "7"
    assert bounds["camera.1:motion_sensitivity"].feature(LISTING).limits == Limits(0, 100)


def test_a_switch_below_another_is_on_only_with_it(bounds: dict[str, Bound]) -> None:
    bound = bounds["camera.1:person_detection"]
    assert bound.value(LISTING) is False
    assert bound.changes(LISTING, True) == {"Motion[0].Human": "True", "Motion[0].All": "True"}
    assert bound.changes(LISTING, False) == {"Motion[0].Human": "False"}


def test_a_word_that_makes_no_sense_is_no_value(bounds: dict[str, Bound]) -> None:
    told = {value.feature: value.value for value in values(bounds.values(), LISTING)}
    assert told["camera.3:motion_detection"] is None
    assert told["camera.1:motion_detection"] is True


def test_every_index_is_written_and_what_must_go_along_goes_along(
    bounds: dict[str, Bound],
) -> None:
    assert bounds["camera.1:motion_sensitivity"].changes(LISTING, 80) == {
        "Motion[0].Window[0].Level": "80",
        "Motion[0].Window[3].Level": "80",
        "Motion.V": "V3.0",
    }
    assert bounds["camera.1:record_mode"].changes(LISTING, "off") == {
        "Motion[0].Mode": "2",
        "Motion[0].Extra": "2",
    }
    assert bounds["camera.1:motion_detection"].changes(LISTING, True) == {}


@pytest.mark.parametrize(
    ("codec", "text", "value", "again"),
    [
        (TRUE_FALSE, "true", True, "true"),
        (TRUE_FALSE, "True", True, "True"),
        (TRUE_FALSE, "Off", False, "Off"),
        (TRUE_FALSE, "1", True, "1"),
        (ON_OFF, "off", False, "off"),
        (ON_OFF, "yes", True, "yes"),
        (Flag("1", "0"), "0", False, "0"),
        (MODES, "2", "off", "2"),
        (MODES, "9", "9", "9"),
        (Words({"1": True, "0": False, "2": False}), "2", False, "0"),
        (PERCENT, "55", 55, "55"),
        (PERCENT, "55.000000", 55, "55"),
        (Number(scale=20, offset=-20), "3", 40, "3"),
        (Number(scale=0.5, whole=False), "3", 1.5, "3"),
        (TEXT, "Front=Door", "Front=Door", "Front=Door"),
    ],
)
def test_words_and_numbers_go_both_ways(codec: Codec, text: str, value: Scalar, again: str) -> None:
    assert codec.decode(text) == value
    assert type(codec.decode(text)) is type(value)
    assert codec.encode(value, text) == again


@pytest.mark.parametrize(
    ("codec", "text"),
    [(TRUE_FALSE, "maybe"), (PERCENT, "much"), (PERCENT, "inf"), (PERCENT, "nan"), (MODES, "")],
)
def test_what_is_no_value_is_refused(codec: Codec, text: str) -> None:
    with pytest.raises(ValueError):
        codec.decode(text)


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (PERCENT, "much"),
        (PERCENT, True),
        (TEXT, "two\nlines"),
        (TEXT, 5),
        (MODES, 3),
        (Words({"1": True}), "on"),
    ],
)
def test_what_cannot_be_written_is_refused(codec: Codec, value: Scalar) -> None:
    with pytest.raises(BadInput):
        codec.encode(value, "")


async def test_a_change_is_written_read_back_and_told_with_what_else_changed(
    bounds: dict[str, Bound],
) -> None:
    shelf = Shelf(Motion=LISTING)
    bound = bounds["camera.1:person_detection"]
    told = await change(shelf, bound, True, bounds.values(), SystemClock())
    assert told == (Value("camera.1:person_detection", True),)
    assert shelf.tables["Motion"]["Motion[0].All"] == "True"


async def test_what_is_so_already_is_not_written(bounds: dict[str, Bound]) -> None:
    shelf = Shelf(Motion=LISTING)
    bound = bounds["camera.1:motion_detection"]
    told = await change(shelf, bound, True, bounds.values(), SystemClock())
    assert told == (Value("camera.1:motion_detection", True),)
    assert not shelf.saved


async def test_a_change_that_does_not_take_is_rejected_and_written_once(
    bounds: dict[str, Bound],
) -> None:
    shelf = Shelf(Motion=LISTING)
    shelf.stuck = {"Motion[0].Enable"}
    with pytest.raises(Rejected):
        await change(shelf, bounds["camera.1:motion_detection"], False, (), SystemClock())
    assert len(shelf.saved) == 1


async def test_a_lamp_is_no_setting(bounds: dict[str, Bound]) -> None:
    with pytest.raises(BadInput):
        await change(Shelf(), bounds[":status_light"], Light(on=True), (), SystemClock())


async def test_get_config_masks_secrets() -> None:
    told = await get_config(Shelf(Motion=LISTING), "Motion")
    assert told["Motion.Password"] == MASK
    assert told["Motion.V"] == "V3.0"


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("NAS[0].Password", True),
        ("mqtt.MQTT_PASSWORD", True),
        ("WLan.eth2.Keys[0]", True),
        ("Network.Wireless.WPA.Key", True),
        ("Encode[0].MainFormat[0].Video.KeyFrame", False),
        ("General.KeyboardTone", False),
        ("Email.UserName", False),
    ],
)
async def test_what_is_a_secret_is_told_by_its_name(name: str, hidden: bool) -> None:
    told = await get_config(Shelf(Any={name: "1234"}), "Any")
    assert told == {name: MASK if hidden else "1234"}


async def test_set_config_returns_what_was_but_no_secret() -> None:
    shelf = Shelf(Motion=LISTING)
    wanted = {"Motion.V": "V2", "Motion.Password": "new", "Motion.Hidden": "x"}
    assert await set_config(shelf, wanted) == {"Motion.V": "V3.0"}
    assert shelf.saved == [wanted]


@pytest.mark.parametrize(
    "changes",
    [
        {"Motion.V": "V2", "Motion.Unknown": "1"},
        {"Motion.Password": "******"},
        {"Motion.V": "two\r\nlines"},
    ],
)
async def test_set_config_writes_nothing_when_any_of_it_is_wrong(changes: dict[str, str]) -> None:
    shelf = Shelf(Motion=LISTING)
    with pytest.raises(BadInput):
        await set_config(shelf, changes)
    assert not shelf.saved


# --- clocks -----------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_local_time_is_told_in_utc() -> None:
    shown = datetime(2026, 7, 1, 12, 0)  # noqa: DTZ001
    assert to_utc(shown, BERLIN) == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert to_utc(shown, BERLIN, timedelta(minutes=5)) == datetime(2026, 7, 1, 9, 55, tzinfo=UTC)


def test_the_doubled_hour_is_told_apart_by_what_came_before() -> None:
    shown = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
    early, late = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert to_utc(shown, BERLIN) == early
    assert to_utc(shown, BERLIN, not_before=early + timedelta(minutes=1)) == late
    assert to_utc(shown, BERLIN, not_before=late + timedelta(minutes=1)) == early


def test_a_moment_is_told_as_the_device_shows_it() -> None:
    moment = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    shown = datetime(2026, 1, 1, 13, 0, 5)  # noqa: DTZ001
    assert to_local(moment, BERLIN, timedelta(seconds=5)) == shown


def test_drift_is_the_smaller_difference_in_the_doubled_hour() -> None:
    shown = datetime(2026, 10, 25, 2, 30, 7)  # noqa: DTZ001
    for hour in (0, 1):
        now = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert drift_of(shown, BERLIN, now) == timedelta(seconds=7)
