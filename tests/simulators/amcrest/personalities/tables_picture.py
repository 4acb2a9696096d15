"""Tables of picture, encoder and lens beyond those every model has (§4.5, §5.1)."""

from tests.simulators.amcrest.personalities.tables import schedule

_FRAME = (0, 0, 8191, 8191)


def _overlay(place: str, *more: str) -> str:
    return "\n".join(
        [
            *(f"{place}.BackColor[{n}]={128 if n == 3 else 0}" for n in range(4)),
            f"{place}.EncodeBlend=false",
            *(f"{place}.FrontColor[{n}]={0 if n == 3 else 255}" for n in range(4)),
            f"{place}.PreviewBlend=false",
            *(f"{place}.Rect[{n}]=0" for n in range(4)),
            *more,
        ]
    )


WIDGET_MORE = "\n".join(
    [
        *(_overlay(f"VideoWidget[{{ch}}].Covers[{n}]") for n in range(4)),
        _overlay("VideoWidget[{ch}].PictureTitle"),
        *(
            _overlay(place, f"{place}.Text=")
            for place in (f"VideoWidget[{{ch}}].UserDefinedTitle[{n}]" for n in range(2))
        ),
    ]
)
"""What tables.widget() leaves out (§4.5.12)."""

ENCODE_ROI = "\n".join(
    [
        "VideoEncodeROI[{ch}].Extra1=false",
        "VideoEncodeROI[{ch}].Main=false",
        "VideoEncodeROI[{ch}].Quality=6",
        *(f"VideoEncodeROI[{{ch}}].Regions[0][{n}]={at}" for n, at in enumerate(_FRAME)),
        "VideoEncodeROI[{ch}].Snapshot=false",
    ]
)

SMART_ENCODE = "SmartEncode[{ch}].Enable=false"

VIDEO_IN_MORE = """
VideoInOptions[{ch}].BacklightRegion[0]=0
VideoInOptions[{ch}].BacklightRegion[1]=0
VideoInOptions[{ch}].BacklightRegion[2]=0
VideoInOptions[{ch}].BacklightRegion[3]=0
VideoInOptions[{ch}].ExternalSync=0
VideoInOptions[{ch}].ExternalSyncPhase=125
VideoInOptions[{ch}].ReferenceLevel=50
VideoInOptions[{ch}].SignalFormat=Inside
VideoInOptions[{ch}].NightOptions.SunriseMinute=0
VideoInOptions[{ch}].NightOptions.SunriseSecond=0
VideoInOptions[{ch}].NightOptions.SunsetMinute=0
VideoInOptions[{ch}].NightOptions.SunsetSecond=0
"""
"""What tables.VIDEO_IN_OPTIONS leaves out (§4.5.20)."""

FOCUS = "\n".join(
    f"""VideoInFocus[{{ch}}][{n}].AutoFocusTrace=1
VideoInFocus[{{ch}}][{n}].FocusLimit=1000
VideoInFocus[{{ch}}][{n}].IRCorrection=0
VideoInFocus[{{ch}}][{n}].Mode=0
VideoInFocus[{{ch}}][{n}].Sensitivity=1"""
    for n in range(3)
)

ZOOM = "\n".join(
    f"""VideoInZoom[{{ch}}][{n}].DigitalZoom=false
VideoInZoom[{{ch}}][{n}].Speed=6
VideoInZoom[{{ch}}][{n}].ZoomLimit=1"""
    for n in range(3)
)

SHARPNESS = "\n".join(
    f"""VideoInSharpness[{{ch}}][{n}].Level=50
VideoInSharpness[{{ch}}][{n}].Mode=1
VideoInSharpness[{{ch}}][{n}].Sharpness=6"""
    for n in range(3)
)


def ptz(auto_movements: int = 4) -> str:
    """Ptz and PtzAutoMovement (§4.10.1, §4.10.2)."""
    lines = [
        "Ptz[{ch}].Address=1",
        "Ptz[{ch}].Attribute[0]=9600",
        "Ptz[{ch}].Attribute[1]=8",
        "Ptz[{ch}].Attribute[2]=None",
        "Ptz[{ch}].Attribute[3]=1",
        "Ptz[{ch}].ControlDelayTime=0",
        "Ptz[{ch}].ControlPriority=Net",
        "Ptz[{ch}].Homing[0]=-1",
        "Ptz[{ch}].Homing[1]=30",
        "Ptz[{ch}].ProtocolName=DH-SD1",
    ]
    for task in range(auto_movements):
        place = f"PtzAutoMovement[{{ch}}][{task}]"
        lines += [
            f"{place}.AutoHoming.Enable=false",
            f"{place}.AutoHoming.Time=600",
            f"{place}.Enable=false",
            f"{place}.Function=None",
            f"{place}.PatternId=0",
            f"{place}.PresetId=0",
            f"{place}.ScanId=0",
            f"{place}.SnapshotDelayTime=2",
            f"{place}.SnapshotEnable=false",
            schedule(place),
            f"{place}.TourId=0",
        ]
    return "\n".join(lines)
