"""Configuration tables that several models share; `{ch}` is the channel (§6)."""

from collections.abc import Iterable

_WEEKDAYS = 7
_SLOTS = 6
_ALL_DAY = "00:00:00-23:59:59"
_HANDLER = (
    "AlarmOutChannels[0]=0", "AlarmOutEnable=false", "AlarmOutLatch=10", "BeepEnable=false",
    "Dejitter=0", "Delay=30", "LogEnable=true", "MailEnable=false", "PtzLinkEnable=false",
    "RecordChannels[0]={ch}", "RecordEnable=true", "RecordLatch=10", "SnapshotChannels[0]={ch}",
    "SnapshotEnable=false",
)  # fmt: skip


def schedule(prefix: str, mask: int = 1) -> str:
    """TimeSection[weekday][n]: the first range of each day carries the mask, the rest is off."""
    return "\n".join(
        f"{prefix}.TimeSection[{day}][{n}]={mask if n == 0 else 0} {_ALL_DAY}"
        for day in range(_WEEKDAYS)
        for n in range(_SLOTS)
    )


def handler(prefix: str) -> str:
    """The EventHandler sub-object of a detection (§4.9.1)."""
    members = "\n".join(f"{prefix}.EventHandler.{member}" for member in _HANDLER)
    return f"{members}\n{schedule(f'{prefix}.EventHandler')}"


def each(channels: Iterable[int], *texts: str) -> str:
    """Repeat texts for every channel, table by table."""
    numbers = tuple(channels)
    return "\n".join(text.replace("{ch}", str(ch)) for text in texts for ch in numbers)


def _stream(place: str, codec: str, size: tuple[int, int], fps: int, rate: int) -> str:
    width, height = size
    return f"""
{place}.Audio.Bitrate=64
{place}.Audio.Compression=AAC
{place}.Audio.Depth=16
{place}.Audio.Frequency=8000
{place}.Audio.Mode=0
{place}.AudioEnable=true
{place}.Video.BitRate={rate}
{place}.Video.BitRateControl=VBR
{place}.Video.Compression={codec}
{place}.Video.CustomResolutionName={width}x{height}
{place}.Video.FPS={fps}
{place}.Video.GOP={fps * 2}
{place}.Video.Height={height}
{place}.Video.Priority=0
{place}.Video.Profile=Main
{place}.Video.Quality=4
{place}.Video.Width={width}
{place}.VideoEnable=true
"""


def encode(main: str = "H.264", size: tuple[int, int] = (1920, 1080), sub: str = "H.264") -> str:
    """Encode (§4.5.5): four main formats, three extra ones, three for stills."""
    mains = [_stream(f"Encode[{{ch}}].MainFormat[{n}]", main, size, 20, 4096) for n in range(4)]
    extras = [
        _stream(f"Encode[{{ch}}].ExtraFormat[{n}]", sub, (640, 480), 10, 512) for n in range(3)
    ]
    stills = [_stream(f"Encode[{{ch}}].SnapFormat[{n}]", "MJPG", size, 1, 1024) for n in range(3)]
    return "".join((*mains, *extras, *stills))


VIDEO_COLOR = "\n".join(
    f"""VideoColor[{{ch}}][{n}].Brightness=50
VideoColor[{{ch}}][{n}].Contrast=50
VideoColor[{{ch}}][{n}].Gamma=50
VideoColor[{{ch}}][{n}].Hue=50
VideoColor[{{ch}}][{n}].Saturation=50
VideoColor[{{ch}}][{n}].Style=Standard
VideoColor[{{ch}}][{n}].TimeSection={int(n == 0)} {_ALL_DAY}"""
    for n in range(2)
)

MOTION_DETECT = "\n".join(
    [
        "MotionDetect[{ch}].DetectVersion=V3.0",
        "MotionDetect[{ch}].Enable=true",
        handler("MotionDetect[{ch}]"),
        "MotionDetect[{ch}].Level=3",
        *(
            line
            for n in range(4)
            for line in (
                f"MotionDetect[{{ch}}].MotionDetectWindow[{n}].Id={n}",
                f"MotionDetect[{{ch}}].MotionDetectWindow[{n}].Name=Region{n + 1}",
                *(
                    f"MotionDetect[{{ch}}].MotionDetectWindow[{n}].Region[{row}]="
                    f"{4194303 if n == 0 else 0}"
                    for row in range(18)
                ),
                f"MotionDetect[{{ch}}].MotionDetectWindow[{n}].Sensitive=60",
                f"MotionDetect[{{ch}}].MotionDetectWindow[{n}].Threshold=5",
            )
        ),
    ]
)

RECORD = f"""
Record[{{ch}}].HolidayEnable=false
Record[{{ch}}].PreRecord=5
Record[{{ch}}].Redundancy=false
Record[{{ch}}].SnapShot=false
Record[{{ch}}].Stream=0
{schedule("Record[{ch}]", 6)}
"""

RECORD_MODE = """
RecordMode[{ch}].Mode=0
RecordMode[{ch}].ModeExtra1=2
RecordMode[{ch}].ModeExtra2=2
"""

SNAP = f"""
Snap[{{ch}}].HolidayEnable=false
{schedule("Snap[{ch}]", 6)}
"""

TAMPER = "\n".join(
    f"{table}[{{ch}}].Enable={'true' if table == 'LossDetect' else 'false'}\n"
    + handler(f"{table}[{{ch}}]")
    for table in ("BlindDetect", "LossDetect")
)

AUDIO_DETECT = f"""
AudioDetect[{{ch}}].AnomalyDetect=false
AudioDetect[{{ch}}].AnomalySensitive=0
AudioDetect[{{ch}}].Enable=false
{handler("AudioDetect[{ch}]")}
AudioDetect[{{ch}}].MutationDetect=false
AudioDetect[{{ch}}].MutationThreold=50
"""

SMART_MOTION = """
SmartMotionDetect[{ch}].Enable=true
SmartMotionDetect[{ch}].ObjectTypes.Human=true
SmartMotionDetect[{ch}].ObjectTypes.Vehicle=true
SmartMotionDetect[{ch}].Sensitivity=Middle
"""

PRIVACY = f"""
LeLensMask[{{ch}}].Enable=false
LeLensMask[{{ch}}].LastPosition[0]=0.000000
LeLensMask[{{ch}}].LastPosition[1]=0.000000
LeLensMask[{{ch}}].LastPosition[2]=0.000000
{schedule("LeLensMask[{ch}]")}
"""

PRIVACY_MASKING = "\n".join(
    f"""PrivacyMasking[{{ch}}][{n}].Color[0]=0
PrivacyMasking[{{ch}}][{n}].Color[1]=0
PrivacyMasking[{{ch}}][{n}].Color[2]=0
PrivacyMasking[{{ch}}][{n}].Color[3]=0
PrivacyMasking[{{ch}}][{n}].Enable=false
PrivacyMasking[{{ch}}][{n}].Name=Mask{n + 1}
PrivacyMasking[{{ch}}][{n}].Rect[0]=0
PrivacyMasking[{{ch}}][{n}].Rect[1]=0
PrivacyMasking[{{ch}}][{n}].Rect[2]=0
PrivacyMasking[{{ch}}][{n}].Rect[3]=0"""
    for n in range(2)
)

LINKAGE = """
DisableLinkage[{ch}].Enable=false
DisableEventNotify[{ch}].Enable=false
"""


def _video_in(place: str) -> str:
    return f"""{place}.AntiFlicker=0
{place}.Backlight=0
{place}.DayNightColor=1
{place}.DayNightSensitivity=2
{place}.ExposureMode=0
{place}.ExposureSpeed=0
{place}.ExposureValue1=0
{place}.ExposureValue2=40
{place}.Flip=false
{place}.Gain=50
{place}.GainAuto=true
{place}.GainBlue=50
{place}.GainGreen=50
{place}.GainRed=50
{place}.GlareInhibition=0
{place}.InfraRed=true
{place}.InfraRedLevel=50
{place}.IrisAuto=true
{place}.Mirror=false
{place}.Rotate90=0
{place}.WhiteBalance=Auto
"""


VIDEO_IN_OPTIONS = "".join(
    (
        _video_in("VideoInOptions[{ch}]"),
        _video_in("VideoInOptions[{ch}].NightOptions"),
        "VideoInOptions[{ch}].NightOptions.SunriseHour=8\n",
        "VideoInOptions[{ch}].NightOptions.SunsetHour=18\n",
        "VideoInOptions[{ch}].NightOptions.SwitchMode=4\n",
        _video_in("VideoInOptions[{ch}].NormalOptions"),
    )
)

VIDEO_IN_MODE = f"""
VideoInMode[{{ch}}].Config[0]=0
VideoInMode[{{ch}}].Config[1]=1
VideoInMode[{{ch}}].Config[2]=2
VideoInMode[{{ch}}].Mode=0
{schedule("VideoInMode[{ch}]")}
"""

DAY_NIGHT = "\n".join(
    f"""VideoInDayNight[{{ch}}][{profile}].Delay=10
VideoInDayNight[{{ch}}][{profile}].Mode=Brightness
VideoInDayNight[{{ch}}][{profile}].Sensitivity=2
VideoInDayNight[{{ch}}][{profile}].Type=Mechanism"""
    for profile in range(3)
)

IMAGE_CONTROL = "\n".join(
    f"""VideoImageControl[{{ch}}][{profile}].Flip=false
VideoImageControl[{{ch}}][{profile}].Freeze=false
VideoImageControl[{{ch}}][{profile}].Mirror=false
VideoImageControl[{{ch}}][{profile}].Rotate90=0
VideoImageControl[{{ch}}][{profile}].Stable=0"""
    for profile in range(3)
)


def lighting(profiles: int = 4) -> str:
    """Lighting: infrared of single-light units, one line of members a profile (§7.1)."""
    return "\n".join(
        f"""Lighting[{{ch}}][{n}].Correction=50
Lighting[{{ch}}][{n}].FarLight[0].Light=50
Lighting[{{ch}}][{n}].MiddleLight[0].Angle=50
Lighting[{{ch}}][{n}].MiddleLight[0].Light=50
Lighting[{{ch}}][{n}].Mode=Auto
Lighting[{{ch}}][{n}].NearLight[0].Light=50
Lighting[{{ch}}][{n}].Sensitive=3"""
        for n in range(profiles)
    )


def lighting_v2(*lights: str, profiles: int = 3) -> str:
    """Lighting_V2[ch][profile][light], in the order given: it differs from model to model."""
    return "\n".join(
        f"""Lighting_V2[{{ch}}][{profile}][{n}].AIMixLightSwitchDelay=30
Lighting_V2[{{ch}}][{profile}][{n}].Correction=50
Lighting_V2[{{ch}}][{profile}][{n}].Light=50
Lighting_V2[{{ch}}][{profile}][{n}].LightSwitchDelay=0
Lighting_V2[{{ch}}][{profile}][{n}].LightType={kind}
Lighting_V2[{{ch}}][{profile}][{n}].MiddleLight[0].Angle=50
Lighting_V2[{{ch}}][{profile}][{n}].MiddleLight[0].Light=100
Lighting_V2[{{ch}}][{profile}][{n}].Mode={"Auto" if kind == "InfraredLight" else "Off"}
Lighting_V2[{{ch}}][{profile}][{n}].PercentOfMaxBrightness=100
Lighting_V2[{{ch}}][{profile}][{n}].Sensitive=3
Lighting_V2[{{ch}}][{profile}][{n}].State=Off"""
        for profile in range(profiles)
        for n, kind in enumerate(lights)
    )


def lighting_scheme(mode: str = "InfraredMode", profiles: int = 3) -> str:
    """LightingScheme: which lights a profile allows (§7.1)."""
    return "\n".join(
        f"LightingScheme[{{ch}}][{profile}].LightingMode={mode}" for profile in range(profiles)
    )


def rule(number: int, rule_id: int, name: str, kind: str, enabled: bool = True) -> str:
    """One IVS rule of VideoAnalyseRule (§8.1.3); numbers may leave gaps."""
    place = f"VideoAnalyseRule[{{ch}}][{number}]"
    return f"""
{place}.Class=Normal
{place}.Config.Direction=Both
{place}.Config.SizeFilter.MinSize[0]=0
{place}.Config.SizeFilter.MinSize[1]=0
{place}.Enable={"true" if enabled else "false"}
{handler(place)}
{place}.Id={rule_id}
{place}.Name={name}
{place}.ObjectTypes[0]=Human
{place}.ObjectTypes[1]=Vehicle
{place}.Type={kind}
"""


def widget() -> str:
    """VideoWidget (§4.5.12): overlays of name and time, one custom line."""
    parts = ("ChannelTitle", "TimeTitle", "CustomTitle[0]", "CustomTitle[1]")
    lines: list[str] = []
    for part in parts:
        place = f"VideoWidget[{{ch}}].{part}"
        on = "false" if part.startswith("Custom") else "true"
        lines += [f"{place}.BackColor[{n}]={128 if n == 3 else 0}" for n in range(4)]
        lines += [f"{place}.EncodeBlend={on}"]
        lines += [f"{place}.FrontColor[{n}]={0 if n == 3 else 255}" for n in range(4)]
        lines += [f"{place}.PreviewBlend={on}"]
        lines += [f"{place}.Rect[{n}]=0" for n in range(4)]
        if part.startswith("Custom"):
            lines.append(f"{place}.Text=")
        if part == "TimeTitle":
            lines.append(f"{place}.ShowWeek=false")
    return "\n".join(lines)


def general(name: str, tries: int = 5, seconds: int = 300, locks: bool = True) -> str:
    """General (§4.6.1), with the policy of the lock-out (§3.2)."""
    return f"""
General.LocalNo=8
General.LockLoginEnable={"true" if locks else "false"}
General.LockLoginTimes={tries}
General.LoginFailLockTime={seconds}
General.MachineName={name}
General.MaxOnlineTime=3600
"""


def network(mac: str, hostname: str, wifi: str = "") -> str:
    """Network (§4.7); wifi is the hardware address of a second interface, eth2."""

    def block(name: str, address: str, physical: str) -> str:
        return f"""Network.{name}.DefaultGateway=192.168.1.1
Network.{name}.DhcpEnable=true
Network.{name}.DnsServers[0]=192.168.1.1
Network.{name}.DnsServers[1]=192.168.1.2
Network.{name}.IPAddress={address}
Network.{name}.MTU=1500
Network.{name}.PhysicalAddress={mac if name == "eth0" else physical}
Network.{name}.SubnetMask=255.255.255.0
"""

    second = block("eth2", "192.168.1.109", wifi) if wifi else ""
    return f"""
Network.DefaultInterface={"eth2" if wifi else "eth0"}
Network.Domain=home
Network.Hostname={hostname}
{block("eth0", "192.168.1.108", mac)}{second}
"""


SYSTEM = f"""
Language=English
VideoStandard=NTSC
Locales.DSTEnable=false
Locales.DSTStart.Month=3
Locales.DSTStart.Week=2
Locales.DSTStart.Day=0
Locales.DSTStart.Hour=2
Locales.DSTStart.Minute=0
Locales.DSTEnd.Month=11
Locales.DSTEnd.Week=1
Locales.DSTEnd.Day=0
Locales.DSTEnd.Hour=2
Locales.DSTEnd.Minute=0
Locales.TimeFormat=yyyy-MM-dd HH:mm:ss
AutoMaintain.AutoRebootDay=2
AutoMaintain.AutoRebootEnable=true
AutoMaintain.AutoRebootHour=3
AutoMaintain.AutoRebootMinute=0
AutoMaintain.AutoShutdownDay=-1
AutoMaintain.AutoShutdownHour=0
AutoMaintain.AutoShutdownMinute=0
AutoMaintain.AutoStartUpDay=-1
AutoMaintain.AutoStartUpHour=2
AutoMaintain.AutoStartUpMinute=0
UserGlobal.OnvifLoginCheck=true
NTP.Address=pool.ntp.org
NTP.Enable=true
NTP.Port=123
NTP.TimeZone=0
NTP.UpdatePeriod=60
RTSP.Enable=true
RTSP.Port=554
RTSP.RTP.EndPort=40000
RTSP.RTP.StartPort=20000
UPnP.Enable=false
AlarmServer.Address=
AlarmServer.Enable=false
AlarmServer.Port=1
AlarmServer.Protocol=DAHUA
T2UServer.Enable=true
Telnet.Enable=false
SSHD.Enable=false
MediaGlobal.OverWrite=true
MediaGlobal.PacketLength=8
MediaGlobal.PacketSize=1024
MediaGlobal.PacketType=Time
MediaGlobal.SnapFormatAs=JPEG
LoginFailureAlarm.Enable=false
LoginFailureAlarm.TryLoginTimes=3
NetAbort.Enable=true
IPConflict.Enable=true
{handler("NetAbort").replace("{ch}", "0")}
{handler("IPConflict").replace("{ch}", "0")}
"""

STORAGE_ALARMS = f"""
StorageNotExist.Enable=true
StorageFailure.Enable=true
StorageLowSpace.Enable=true
StorageLowSpace.LowerLimit=10
{
    "".join(
        handler(table).replace("{ch}", "0") + chr(10)
        for table in ("StorageNotExist", "StorageFailure", "StorageLowSpace")
    )
}
RecordStoragePoint[0].TimingRecord.Local=Local
RecordStoragePoint[0].EventRecord.Local=Local
StorageGroup[0].Name=ReadWrite
StorageGroup[0].FileHoldTime=0
StorageGroup[0].OverWrite=true
NAS[0].Address=0.0.0.0
NAS[0].Directory=share
NAS[0].Enable=false
NAS[0].Name=FTP1
NAS[0].Password=******
NAS[0].Port=21
NAS[0].Protocol=FTP
NAS[0].UserName=anonymous
"""

VOLUMES = """
AudioOutputVolume[0]=80
AudioInputVolume[0]=50
"""


def alarm_slots(inputs: int, outputs: int) -> str:
    """Alarm and AlarmOut (§4.9.2, §4.9.3)."""
    lines: list[str] = []
    for slot in range(inputs):
        place = f"Alarm[{slot}]"
        lines += [
            f"{place}.Enable=true",
            handler(place).replace("{ch}", "0"),
            f"{place}.Name=Input {slot + 1}",
            f"{place}.SensorType=NO",
        ]
    for slot in range(outputs):
        place = f"AlarmOut[{slot}]"
        lines += [f"{place}.Latch=10", f"{place}.Mode=0", f"{place}.Name=Output {slot + 1}"]
    return "\n".join(lines)
