"""Fixed answers that several models share (§4.3, §4.5, §4.7, §4.11, §4.12)."""

from collections.abc import Mapping


def _formats(prefix: str, resolutions: str, codecs: str) -> str:
    lines: list[str] = []
    for name, count in (("MainFormat", 4), ("ExtraFormat", 3), ("SnapFormat", 3)):
        for n in range(count):
            place = f"{prefix}.{name}[{n}]"
            main = name == "MainFormat"
            lines += [
                f"{place}.Audio.CompressionTypes=G.711A,G.711Mu,AAC,G.726",
                f"{place}.Video.BitRateOptions={'1536,8192' if main else '56,1024'}",
                f"{place}.Video.CompressionTypes={codecs if main else codecs + ',MJPG'}",
                f"{place}.Video.FPSMax={30 if main else 20}",
                f"{place}.Video.ResolutionTypes={resolutions if main else 'VGA,QVGA,D1,CIF'}",
            ]
    return "\n".join(lines)


def encode_caps(
    resolutions: str = "1080P,720P", codecs: str = "H.264,H.265", *, indexed: bool = True
) -> dict[str, str]:
    """§4.5.3/4; some models leave the channel index of getConfigCaps out."""
    return {
        "encode.getCaps": "caps.MaxExtraStream=3\ncaps.MaxCIFPFrameSize=40\n"
        "caps.VideoEncodeDevices[0].RecordIndividualResolution=false",
        "encode.getConfigCaps": _formats("caps[{ch}]" if indexed else "caps", resolutions, codecs),
    }


def video_input_caps(*, electric_focus: bool = False) -> dict[str, str]:
    """§4.5.13: what the picture of a camera can be tuned by."""
    return {
        "devVideoInput.getCaps": f"""
caps.Backlight=3
caps.BrightnessCompensation=true
caps.DayNightColor=true
caps.Defog=false
caps.ElectricFocus={"true" if electric_focus else "false"}
caps.ExposureMode=7
caps.FishEye=false
caps.Flip=true
caps.Gain=true
caps.Iris=false
caps.Mirror=true
caps.NightOptions=true
caps.Rotate90=true
caps.VideoInDenoise.2D.Support=true
caps.WhiteBalance=2
"""
    }


def counts(
    video: int = 1, audio_in: int = 1, audio_out: int = 1, monitors: int = 0
) -> dict[str, str]:
    """§4.3.1/2, §4.5.8/9: how many inputs and outputs there are."""
    return {
        "devVideoInput.getCollect": f"result={video}",
        "devVideoOutput.getCollect": f"result={monitors}",
        "devAudioInput.getCollect": f"result={audio_in}",
        "devAudioOutput.getCollect": f"result={audio_out}",
    }


LANGUAGES = {
    "magicBox.getLanguageCaps": "Languages=SimpChinese,English,French,German,Spanish,Italian"
}

INTERFACES = {
    "netApp.getInterfaces": """
result=1
netInterface[0].ConnStatus=Connected
netInterface[0].Name=eth0
netInterface[0].NetCardName=eth0
netInterface[0].Speed=100
netInterface[0].SupportLongPoE=false
netInterface[0].Type=Normal
netInterface[0].Valid=true
"""
}

RECORD_CAPS = {
    "recordManager.getCaps": """
caps.MaxPreRecordTime=30
caps.PacketLengthRange[0]=1
caps.PacketLengthRange[1]=60
caps.PacketSizeRange[0]=131072
caps.PacketSizeRange[1]=2097152
caps.SupportExtraRecordMode=true
caps.SupportHoliday=true
caps.SupportPacketType[0]=Time
caps.SupportPacketType[1]=Size
caps.SupportResumeTransmit=true
"""
}

EVENT_CAPS = {
    "eventManager.getCaps": """
caps.DipAlarm=false
caps.EventLinkage=true
caps.SupportRecord=true
caps.SupportSnapshot=true
"""
}

STORAGE_CAPS = {
    "storage.getCaps": """
caps.RedundantDisk.Support=false
caps.RemoteDevice=FTP,NAS
caps.SupportPage.Disk=true
caps.SupportPage.NAS=true
"""
}


def analyse_caps(*scenes: str, rules: int = 10) -> dict[str, str]:
    """§8.1.1: which scenes an analysis knows, and how many rules."""
    lines = [f"caps.SupportedScene[{i}]={scene}" for i, scene in enumerate(scenes)]
    return {"devVideoAnalyse.getCaps": "\n".join((f"caps.MaxRules={rules}", *lines))}


PTZ_CAPS = {
    "ptz.getCurrentProtocolCaps": """
caps.AutoPan=false
caps.AutoScan=false
caps.Aux=false
caps.Flip=false
caps.Focus=false
caps.Iris=false
caps.Light=false
caps.Menu=false
caps.MoveAbsolutely.Support=true
caps.MoveRelatively.Support=true
caps.Name=DH-SD1
caps.Pan=true
caps.PanSpeedMax=8
caps.PanSpeedMin=1
caps.Pattern=false
caps.PatternMax=5
caps.PatternMin=1
caps.Preset=true
caps.PresetMax=25
caps.PresetMin=1
caps.PtzMotionRange.HorizontalAngle[0]=0
caps.PtzMotionRange.HorizontalAngle[1]=355
caps.PtzMotionRange.VerticalAngle[0]=0
caps.PtzMotionRange.VerticalAngle[1]=90
caps.Tile=true
caps.TileSpeedMax=8
caps.TileSpeedMin=1
caps.Tour=true
caps.TourMax=8
caps.TourMin=1
caps.Type=1
caps.Wiper=false
caps.Zoom=true
caps.ZoomMax=100
caps.ZoomMin=1
"""
}


def together(*parts: Mapping[str, str]) -> dict[str, str]:
    """Several groups of fixed answers as one."""
    return {key: text for part in parts for key, text in part.items()}
