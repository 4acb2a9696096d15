"""Tables of the box itself beyond those every model has (§4.6, §4.7, §4.9, §6.3)."""

from tests.simulators.amcrest.personalities.tables import handler, schedule

_TRIGGERS = (
    "AlarmRecord", "AlarmSnapShot", "EventRecord", "EventSnapShot", "TimingRecord",
    "TimingSnapShot", "VideoDetectRecord", "VideoDetectSnapShot",
)  # fmt: skip

HOLIDAY = "\n".join(f"Holiday.MonthMask[{month}]=0" for month in range(12))

UPNP = """
UPnP.MapTable[0].Enable=true
UPnP.MapTable[0].InnerPort=80
UPnP.MapTable[0].OuterPort=8080
UPnP.MapTable[0].Protocol=TCP
UPnP.MapTable[0].ServiceName=HTTP
"""

SERVICES = """
DDNS[0].Address=www.dyndns.org
DDNS[0].Enable=false
DDNS[0].HostName=
DDNS[0].Protocol=DynDNS
Email.Address=mail.example.org
Email.Enable=false
Email.Password=******
Email.Port=25
Email.UserName=
Multicast.RTP[0].Enable=false
Multicast.RTP[0].Port=40000
PPPoE.Enable=false
PPPoE.Password=******
PPPoE.UserName=
Web.Enable=true
Web.Port=80
"""

WLAN = """
WLan.eth2.Enable=true
WLan.eth2.Encryption=WPA2-PSK-AES
WLan.eth2.LinkMode=Auto
WLan.eth2.SSID=Home
"""

# The alarm about failed logins has a handler as the others do (§4.9.10).
LOGIN_ALARM = handler("LoginFailureAlarm").replace("{ch}", "0")

SYSTEM = f"{HOLIDAY}\n{UPNP}\n{SERVICES}\n{LOGIN_ALARM}"

STORAGE_POINT = "\n".join(
    f"""RecordStoragePoint[{{ch}}].{trigger}.AutoSync=false
RecordStoragePoint[{{ch}}].{trigger}.Custom=
RecordStoragePoint[{{ch}}].{trigger}.Local=Local
RecordStoragePoint[{{ch}}].{trigger}.LocalForEmergency=false
RecordStoragePoint[{{ch}}].{trigger}.Redundant=
RecordStoragePoint[{{ch}}].{trigger}.Remote=FTP"""
    for trigger in _TRIGGERS
)

STORAGE_GROUP = """
StorageGroup[0].Channels[0].MaxPictures=0
StorageGroup[0].FileHoldTime=0
StorageGroup[0].Memo=For Reading & Writing Files
StorageGroup[0].PicturePathRule=%y-%M-%d/%c/%E/%h.%m.%s.jpg
StorageGroup[0].RecordPathRule=%y-%M-%d/%c/%E/%h.%m.%s.dav
"""


def displays(monitors: int, channels: int) -> str:
    """VideoOut, GUISet, MonitorTour and MonitorCollection of a recorder (§4.5.21, §7)."""
    lines: list[str] = []
    for screen in range(monitors):
        place = f"VideoOut[{screen}]"
        lines += [f"{place}.Color.{name}=50" for name in ("Brightness", "Contrast", "Hue")]
        lines += [f"{place}.Color.Saturation=50"]
        lines += [f"{place}.Margin[{side}]=0" for side in range(4)]
        lines += [f"{place}.Mode.Height=1080", f"{place}.Mode.Width=1920"]
        tour = f"MonitorTour[{screen}]"
        lines += [
            f"{tour}.Collections[0]=Entrances",
            f"{tour}.Enable=false",
            f"{tour}.Interval=5",
            *(f"{tour}.Mask.Split1[{n}]={n}" for n in range(channels)),
            f"{tour}.Mask.Split8[0]=0",
        ]
    lines += [
        "GUISet.MenuAlpha=100",
        "GUISet.MenuShowTime=600",
        "GUISet.WindowInfo.ChannelTitle=true",
        "GUISet.WindowInfo.TimeTitle=true",
        "MonitorCollection.Entrances.Enable=true",
        "MonitorCollection.Entrances.Mode=Split4",
    ]
    return "\n".join(lines)


def pir(plain: bool = False) -> str:
    """PirAlarm (§7.5)."""
    place = "PirAlarm" if plain else "PirAlarm[{ch}]"
    return f"""
{place}.Enable=true
{handler(place)}
{place}.SensitivityLevel=3
{schedule(place)}
"""


FLOODLIGHT = """
FloodLightMode.Mode=1
"""
