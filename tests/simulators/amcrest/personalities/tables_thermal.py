"""Tables of the thermal channel (§10.1, §10.2)."""

from tests.simulators.amcrest.config import wire_text
from tests.simulators.amcrest.heat import CHANNEL, EDGE
from tests.simulators.amcrest.personalities.tables import handler


def thermal_tables(rules: tuple[tuple[int, str, str, float], ...]) -> str:
    """Tables of the thermal channel; rules by number, name, type and threshold (§10.1, §10.2)."""
    ch = CHANNEL
    lines = [
        f"ThermographyOptions[{ch}].Agc=50",
        f"ThermographyOptions[{ch}].Colorization=WhiteHot",
        f"ThermographyOptions[{ch}].EZoom=0",
        f"ThermographyOptions[{ch}].GainMode=HighTemperature",
        f"ThermographyOptions[{ch}].Mode=Default",
        *(f"ThermographyOptions[{ch}].ROI[{n}]={at}" for n, at in enumerate((0, 0, EDGE, EDGE))),
        f"HeatImagingThermometry[{ch}].Enable=true",
        f"HeatImagingThermometry[{ch}].ObjectDistance=5",
        f"HeatImagingThermometry[{ch}].ObjectEmissivity=0.980000",
        f"HeatImagingThermometry[{ch}].ReflectedTemperature=20.000000",
        f"HeatImagingThermometry[{ch}].RelativeHumidity=50",
        f"HeatImagingThermometry[{ch}].TemperatureUnit=Centigrade",
        f"HeatImagingTemper[{ch}].Enable=true",
        handler(f"HeatImagingTemper[{ch}]").replace("{ch}", str(ch)),
        f"FireWarning[{ch}].Enable=false",
        f"FireWarning[{ch}].Sensitivity=50",
        f"FireWarningMode[{ch}].Mode=SpaceExClude",
    ]
    for at, (number, name, kind, threshold) in enumerate(rules):
        place = f"ThermometryRule[{ch}][0][{at}]"
        corners = {"Spot": 1, "Line": 2}.get(kind, 4)
        lines += [
            f"{place}.AlarmSetting[0].Enable={wire_text(True)}",
            f"{place}.AlarmSetting[0].Id=0",
            f"{place}.AlarmSetting[0].ResultType=Max",
            f"{place}.AlarmSetting[0].Threshold={threshold:.6f}",
            f"{place}.Enable={wire_text(True)}",
            *(f"{place}.MeterRegionCoordinates[{n}][0]={1000 * (n + 1)}" for n in range(corners)),
            *(f"{place}.MeterRegionCoordinates[{n}][1]={1000 * (n + 1)}" for n in range(corners)),
            f"{place}.Name={name}",
            f"{place}.PresetId=0",
            f"{place}.RuleId={number}",
            f"{place}.Type={kind}",
        ]
    return "\n".join(lines)
