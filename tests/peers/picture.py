"""Counterparts: colour and infrared light by day and night, and streams that are switched off."""

from collections.abc import Mapping
from typing import Final

from custom_components.cctv.devices.commands import Set, SetConfig
from tests.simulators.amcrest import AmcrestSimulator

from .sides import Counterpart, command, config_value, feature, refusing, setting

COLOURS: Final[Mapping[int, str]] = {0: "color", 1: "auto", 2: "black_white"}
OPTIONS: Final = "VideoInOptions[0].DayNightColor"
DAY_NIGHT: Final = "VideoInDayNight[0][0].Mode"
INFRARED: Final = "VideoInOptions[0].InfraRed"
LAMP: Final = "Lighting[0][0].Mode"
MAIN: Final = "Encode[0].MainFormat[0].VideoEnable"
EXTRA: Final = "Encode[0].ExtraFormat[0].VideoEnable"
OLD: Final = refusing("VideoInDayNight")
"""A box of the time before that table."""
_RULES: Final = (
    "It writes VideoInOptions; ours VideoInDayNight, which rules wherever a box has it (§5)"
)
_LAMP: Final = "It takes InfraRed of VideoInOptions; ours the lamp's own mode, in Lighting (§7.1)"
_BOTH: Final = "It switches the infrared light with the stream; ours leaves it alone"


def black(box: AmcrestSimulator) -> None:
    """A box of that time that shows no colours."""
    OLD(box)
    box.config[OPTIONS] = "2"


def dark(box: AmcrestSimulator) -> None:
    """A box without light and main stream."""
    box.config[LAMP] = "Off"
    box.config[MAIN] = "false"


LINES: Final = (
    *(
        Counterpart(method, feature(":day_night"), args, read=COLOURS.__getitem__, before=before)
        for method, args in (("day_night_color", ()), ("get_day_night_color", (0,)))
        for before in (None, OLD, black)
    ),
    Counterpart(
        "set_day_night_color",
        command(Set("day_night", "black_white")),
        (2, 0),
        state=setting(OPTIONS),
        before=OLD,
    ),
    Counterpart(
        "set_day_night_color",
        command(Set("day_night", "black_white")),
        (2, 0),
        state=setting(OPTIONS, DAY_NIGHT),
        differs=_RULES,
        told=(("2", "Brightness"), ("1", "BlackWhite")),
    ),
    *(
        Counterpart(method, config_value(INFRARED), args, read=lambda on: str(not on).lower())
        for method, args in (("smart_ir", ()), ("is_smart_ir_on", (0,)))
    ),
    Counterpart("smart_ir", feature(":infrared"), differs=_LAMP, told=(False, "auto")),
    Counterpart(
        "set_smart_ir", command(SetConfig({INFRARED: "true"})), (False, 0), state=setting(INFRARED)
    ),
    Counterpart(
        "set_smart_ir",
        command(Set("infrared", "auto")),
        (True, 0),
        state=setting(INFRARED, LAMP),
        before=dark,
        differs=_LAMP,
        told=(("false", "Off"), ("true", "Auto")),
    ),
    Counterpart("video_enabled", config_value(MAIN), read=lambda on: str(on).lower()),
    Counterpart("is_video_enabled", config_value(MAIN), (0,), read=lambda on: str(on).lower()),
    Counterpart("is_video_enabled", feature(":sub_stream"), (0,), {"stream": "Extra"}),
    Counterpart(
        "set_video_enabled",
        command(Set("sub_stream", value=False)),
        (False, 0),
        {"stream": "Extra"},
        state=setting(EXTRA),
    ),
    Counterpart(
        "set_video_enabled",
        command(SetConfig({MAIN: "true"})),
        (True, 0),
        {"stream": "Main"},
        state=setting(MAIN, INFRARED),
        before=dark,
        differs=_BOTH,
        told=(("true", "false"), ("true", "true")),
    ),
)
