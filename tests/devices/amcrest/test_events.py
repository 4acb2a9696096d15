"""Events to updates, without a wire."""

import random
from typing import Any

import pytest

from custom_components.cctv.devices.amcrest.events import Layout, Translator
from custom_components.cctv.devices.amcrest.features import (
    CHATTER,
    GUARD,
    HINTS,
    LEVELS,
    MOMENTS,
    OTHERS,
    PULSE,
    RINGING,
    WANTED,
)
from custom_components.cctv.devices.amcrest.wire import WireEvent
from custom_components.cctv.devices.catalogue import CATALOGUE, Kind, row
from custom_components.cctv.devices.model import Batch, Event, Hint, Value

RECORDER = Layout(
    {0: "camera.1", 2: "camera.3"},
    {0: "input.1", 1: "input.2"},
    {(2, "7"): "camera.3/rule.7", (2, "Gate"): "camera.3/rule.7", (2, "8"): "camera.3/rule.8"},
)
DOORBELL = Layout({0: ""}, bell=True)


@pytest.fixture
def recorder() -> Translator:
    return Translator(RECORDER)


@pytest.fixture
def doorbell() -> Translator:
    return Translator(DOORBELL)


def say(
    translator: Translator, code: str, action: str, index: int = 0, now: float = 0, **data: Any
) -> Batch:
    """What an event says."""
    return translator.translate(WireEvent(code, action, index, data), now)


def levels(batch: Batch) -> dict[str, Any]:
    """The levels of a batch."""
    return {update.feature: update.value for update in batch if isinstance(update, Value)}


def moments(batch: Batch) -> list[tuple[str, str]]:
    """The moments of a batch."""
    return [(update.feature, update.type) for update in batch if isinstance(update, Event)]


def test_every_row_that_events_name_is_in_the_catalogue() -> None:
    for level in LEVELS.values():
        assert row(level.row).kind is Kind.BINARY
    for moment in MOMENTS.values():
        assert moment.type in row(moment.row).options
    assert not CHATTER & {*LEVELS, *MOMENTS, *HINTS, *RINGING, *OTHERS}
    assert len(WANTED) == len(set(WANTED))
    assert set(LEVELS) <= set(WANTED)


@pytest.mark.parametrize("code", sorted(LEVELS))
def test_each_level_starts_and_stops_at_its_place(recorder: Translator, code: str) -> None:
    part = "" if LEVELS[code].box else "camera.3"
    id_ = f"{part}:{LEVELS[code].row}"
    assert levels(say(recorder, code, "Start", 2)) == {id_: True}
    assert levels(say(recorder, code, "Stop", 2)) == {id_: False}


def test_a_pulse_ends_by_itself(recorder: Translator) -> None:
    assert say(recorder, "AudioMutation", "Pulse", 0) == (
        Value("camera.1:sound", value=True, hold=PULSE),
    )


@pytest.mark.parametrize("index", [-1, 1, 31, 99_999])
def test_an_event_without_a_place_is_counted(recorder: Translator, index: int) -> None:
    for code in ("VideoMotion", "NewFile", "Unheard", "AlarmLocal"):
        if (code, index) != ("AlarmLocal", 1):
            assert say(recorder, code, "Start", index) == ()
    assert recorder.counts["place"] >= 3


def test_one_rule_stops_while_another_goes_on(recorder: Translator) -> None:
    """Case 11: the camera's row is on while any rule is."""
    first = say(recorder, "CrossLineDetection", "Start", 2, Name="Gate")
    assert levels(first) == {"camera.3:line_crossed": True, "camera.3/rule.7:line_crossed": True}
    say(recorder, "CrossLineDetection", "Start", 2, RuleID=8)
    after = say(recorder, "CrossLineDetection", "Stop", 2, Name="Gate")
    assert levels(after) == {"camera.3:line_crossed": True, "camera.3/rule.7:line_crossed": False}
    assert levels(say(recorder, "CrossLineDetection", "Stop", 2, RuleID=8)) == {
        "camera.3:line_crossed": False,
        "camera.3/rule.8:line_crossed": False,
    }


def test_a_stop_without_a_rule_stops_them_all(recorder: Translator) -> None:
    say(recorder, "LeftDetection", "Start", 2, Name="A")
    say(recorder, "LeftDetection", "Start", 2, Name="B")
    assert levels(say(recorder, "LeftDetection", "Stop", 2)) == {"camera.3:object_left": False}


def test_two_codes_of_one_row_are_one_level(recorder: Translator) -> None:
    say(recorder, "LeftDetection", "Start", 2)
    say(recorder, "ObjectPlacementDetection", "Start", 2)
    assert levels(say(recorder, "LeftDetection", "Stop", 2)) == {"camera.3:object_left": True}


def test_a_rule_whose_stop_was_lost_does_not_keep_the_camera_on(recorder: Translator) -> None:
    """Case 8."""
    say(recorder, "CrossLineDetection", "Start", 2, now=0, Name="A")
    say(recorder, "CrossLineDetection", "Start", 2, now=GUARD - 1, Name="B")
    after = say(recorder, "CrossLineDetection", "Stop", 2, now=GUARD + 1, Name="B")
    assert levels(after) == {"camera.3:line_crossed": False}


def test_a_reconnect_forgets_what_was_active(recorder: Translator) -> None:
    say(recorder, "CrossLineDetection", "Start", 2, Name="A")
    recorder.begin()
    say(recorder, "CrossLineDetection", "Start", 2, Name="B")
    after = say(recorder, "CrossLineDetection", "Stop", 2, Name="B")
    assert levels(after) == {"camera.3:line_crossed": False}


def test_names_without_end_do_not_grow_without_end(recorder: Translator) -> None:
    for number in range(5_000):
        say(recorder, "CrossLineDetection", "Start", 2, Name=f"rule {number}")
    assert max(len(active) for active in recorder._active.values()) <= 64
    doorbell = Translator(DOORBELL)
    for number in range(5_000):
        say(doorbell, "_DoTalkAction_", "Pulse", Action="Invite", CallID=str(number))
    assert len(doorbell._calls) <= 16


def test_the_many_codes_of_one_press_are_rings_with_one_id_for_the_call(
    doorbell: Translator,
) -> None:
    """Case 10; what has no call is dropped by the row's quiet seconds."""
    press = [
        *say(doorbell, "_CallRemoveMask", "Start"),
        *say(doorbell, "AlarmLocal", "Start"),
        *say(doorbell, "_DoTalkAction_", "Pulse", Action="Invite", CallID="3"),
        *say(doorbell, "CallNoAnswered", "Start", CallID="3"),
        *say(doorbell, "PhoneCallDetect", "Start"),
    ]
    assert {(event.feature, event.type) for event in press if isinstance(event, Event)} == {
        (":doorbell", "ring")
    }
    assert len({event.id for event in press if isinstance(event, Event) and event.id}) == 1
    assert CATALOGUE["doorbell"].quiet > 0
    end = [
        *say(doorbell, "_DoTalkAction_", "Pulse", now=9, Action="Hangup", HangupReason="Timeout"),
        *say(doorbell, "AlarmLocal", "Stop", now=9),
        *say(doorbell, "CallNoAnswered", "Stop", now=9),
    ]
    assert [(one.feature, one.type, one.details) for one in end if isinstance(one, Event)] == [
        (":call", "ended", {"reason": "Timeout"})
    ]


def test_a_call_number_that_is_used_again_is_another_call(doorbell: Translator) -> None:
    first, again, later = (
        say(doorbell, "_DoTalkAction_", "Pulse", now=now, Action="Invite", CallID="1")[0]
        for now in (0, 30, 300)
    )
    assert isinstance(first, Event)
    assert isinstance(again, Event)
    assert isinstance(later, Event)
    assert first.id == again.id != later.id


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (0, []),
        (1, [(":doorbell", "ring")]),
        (2, [(":doorbell", "ring")]),
        (5, [(":call", "answered")]),
        (6, [(":call", "missed")]),
        (8, [(":access", "granted")]),
        (9, [(":access", "refused")]),
        ("x", [(":detection", "other")]),
    ],
)
def test_a_door_station_tells_by_its_key_light(
    doorbell: Translator, state: object, told: list[tuple[str, str]]
) -> None:
    assert moments(say(doorbell, "BackKeyLight", "Pulse", State=state)) == told


@pytest.mark.parametrize(
    ("code", "kind"),
    [("Invite", "ring"), ("IgnoreInvite", "answered"), ("PassiveHungup", "ended")],
)
def test_other_codes_of_a_call(doorbell: Translator, code: str, kind: str) -> None:
    assert [kind_ for _, kind_ in moments(say(doorbell, code, "Pulse", -1))] == [kind]


def test_an_alarm_input_is_its_own_place(recorder: Translator) -> None:
    assert levels(say(recorder, "AlarmLocal", "Start", 1)) == {"input.2:input": True}
    assert levels(say(recorder, "AlarmLocal", "Stop", 1)) == {"input.2:input": False}


@pytest.mark.parametrize(
    ("code", "id_", "kind"),
    [
        ("LoginFailure", ":security", "login_failed"),
        ("Reboot", ":security", "reboot"),
        ("TimeChange", ":security", "time_changed"),
        ("ConfigChange", ":security", "configuration_changed"),
        ("ChassisIntruded", ":security", "opened"),
    ],
)
def test_what_happens_to_the_box_is_told_at_the_box(
    recorder: Translator, code: str, id_: str, kind: str
) -> None:
    assert moments(say(recorder, code, "Pulse", -1)) == [(id_, kind)]
    assert not moments(say(recorder, code, "Stop", -1))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/mnt/sd/2026/001/dav/06/06.05.00[M].mp4", "video"),
        ("/mnt/dvr/x.DAV", "video"),
        ("/mnt/sd/a.jpg", "picture"),
        ("/mnt/sd/a.idx", "other"),
    ],
)
def test_a_new_file_says_what_it_is(recorder: Translator, path: str, kind: str) -> None:
    batch = say(recorder, "NewFile", "Pulse", 2, File=path, Size=5)
    hints = ("storage", "recordings:camera.3") if kind == "video" else ("storage",)
    assert batch == (
        Event("camera.3:new_file", kind, None, {"file": path, "size": 5}),
        Hint(hints),
    )


def test_what_has_no_row_is_a_detection_with_its_code(recorder: Translator) -> None:
    batch = say(recorder, "PowerFault", "Pulse", 0, Name="left")
    assert batch == (
        Event("camera.1:detection", "other", None, {"code": "PowerFault", "name": "left"}),
    )
    assert say(recorder, "PowerFault", "Stop", 0) == ()
    assert recorder.counts["unknown"] == 2


def test_chatter_is_counted_and_not_told(recorder: Translator) -> None:
    for code in CHATTER:
        assert say(recorder, code, "Start") == ()
    assert say(recorder, "VideoMotion", "State") == ()
    assert recorder.counts["chatter"] == len(CHATTER) + 1


def test_what_only_hints_is_a_hint(recorder: Translator) -> None:
    assert say(recorder, "LensMaskOpen", "Start") == (Hint(("config:LeLensMask",)),)
    assert say(recorder, "ConfigChange", "Pulse", Name="MotionDetect")[1:] == (
        Hint(("config:MotionDetect",)),
    )
    assert Hint(("cameras",)) in say(recorder, "VideoLoss", "Start")


def test_details_are_short_flat_and_few(recorder: Translator) -> None:
    """Case 33's cousin: nothing that a device says grows without bound."""
    batch = say(
        recorder,
        "VideoMotion",
        "Start",
        0,
        RegionName=["x" * 5_000] * 500,
        Name={"deep": {"deep": 1}},
        Object={"ObjectType": "Human", "BoundingBox": [1, 2, 3, 4], "Confidence": 200},
        Size=10**400,
        Secret="x" * 100_000,
    )
    assert isinstance(batch[0], Value)
    assert batch[0].details == {
        "regions": ["x" * 200] * 8,
        "object": "Human",
        "confidence": 200,
    }


def test_ten_thousand_odd_events_are_told_or_counted() -> None:
    random_ = random.Random(17)
    codes = [*LEVELS, *MOMENTS, *HINTS, *RINGING, *CHATTER, "AlarmLocal", "Odd;Code", "=\x7f"]
    odd: list[Any] = [
        None,
        True,
        -1,
        1e308,
        2**70,
        "",
        "x",
        [],
        [None, {}],
        {"State": 1},
        {"a": {}},
    ]
    members = ["Name", "RuleID", "CallID", "Action", "State", "Object", "Objects", "File", "Id"]
    translator = Translator(RECORDER)
    for number in range(10_000):
        data = {random_.choice(members): random_.choice(odd) for _ in range(random_.randrange(4))}
        event = WireEvent(
            random_.choice(codes),
            random_.choice(["Start", "Stop", "Pulse", "State", "Open", "Close", "", "?"]),
            random_.randrange(-2, 5),
            data,
        )
        for update in translator.translate(event, float(number)):
            if isinstance(update, (Value, Event)):
                part, _, key = update.feature.rpartition(":")
                assert key in CATALOGUE
                assert part in ("", "camera.1", "camera.3", "input.1", "input.2") or "rule" in part
    assert translator.counts["told"] + translator.counts["left out"] == 10_000
