"""The parameters of a model out of its box (S-1.1)."""

from tests.simulators.open_api.personality import Personality

KEPT = (
    "Network.BootProto",
    "Network.IPAddress",
    "Network.SubnetMask",
    "Network.Broadcast",
    "Network.DefaultRouter",
)
"""What the soft factory default leaves alone (S)."""
SECRETS = frozenset({"Network.Wireless.WPA.Key"})
RESOLUTIONS = ("960x540", "640x360", "320x180")
MAX_WINDOWS = 10

_BRAND = """
Brand.Brand=Generic
Brand.ProdFullName=Generic {product}
Brand.ProdNbr={number}
Brand.ProdShortName={number}
Brand.ProdType={kind}
Brand.ProdVariant=
Brand.WebURL=http://www.example.com
Properties.API.HTTP.Version=3
Properties.Firmware.Version={firmware}
Properties.Firmware.BuildDate=Jan 07 2010 14:12
Properties.System.SerialNumber={serial}
Properties.Image.Format=jpeg,mjpeg,h264
Properties.Image.Resolution={resolutions}
Properties.Motion.Motion=yes
Properties.Motion.MaxNbrOfWindows={windows}
Properties.PTZ.PTZ={ptz}
Properties.Audio.Audio={audio}
Properties.LocalStorage.LocalStorage={storage}
Properties.LocalStorage.SDCard={storage}
Network.BootProto=none
Network.IPAddress=192.168.0.20
Network.SubnetMask=255.255.255.0
Network.Broadcast=192.168.0.255
Network.DefaultRouter=192.168.0.1
Network.HostName=ipcam
Network.eth0.MACAddress={mac}
Network.HTTP.AuthenticationPolicy={policy}
Network.RTSP.Port=554
Network.Wireless.ESSID=
Network.Wireless.WPA.Key=unset
Network.Filter.Enabled=no
Network.Filter.Input.AcceptAddresses=
Time.POSIXTimeZone={posix_zone}
Time.SyncSource=NTP
Image.MaxViewers=20
Image.RFCCompliantMultipartEnabled=yes
ImageSource.NbrOfSources={channels}
Input.NbrOfInputs={inputs}
Output.NbrOfOutputs={outputs}
"""

_CHANNEL = """
Image.I{index}.Name=Camera {number}
Image.I{index}.Enabled=yes
Image.I{index}.Appearance.Resolution=960x540
Image.I{index}.Appearance.Compression=30
Image.I{index}.Appearance.Rotation=0
Image.I{index}.Appearance.MirrorEnabled=no
Image.I{index}.Text.String=
Image.I{index}.Text.TextEnabled=no
Image.I{index}.Text.ClockEnabled=yes
Image.I{index}.Text.DateEnabled=yes
Image.I{index}.Stream.FPS=25
ImageSource.I{index}.Sensor.Brightness=50
ImageSource.I{index}.Sensor.Contrast=50
ImageSource.I{index}.Sensor.ColorLevel=50
ImageSource.I{index}.Sensor.Sharpness=50
ImageSource.I{index}.Sensor.WhiteBalance=auto
ImageSource.I{index}.Sensor.Exposure=auto
ImageSource.I{index}.DayNight.IrCutFilter=auto
"""

_INPUT = """
IOPort.I{index}.Configurable=no
IOPort.I{index}.Direction=input
IOPort.I{index}.Usage=
IOPort.I{index}.Input.Name=Input {number}
IOPort.I{index}.Input.Trig=closed
"""

_OUTPUT = """
IOPort.I{index}.Configurable=no
IOPort.I{index}.Direction=output
IOPort.I{index}.Usage=
IOPort.I{index}.Output.Name=Output {number}
IOPort.I{index}.Output.Active=closed
IOPort.I{index}.Output.Mode=bistable
IOPort.I{index}.Output.DelayTime=5
IOPort.I{index}.Output.Button=none
IOPort.I{index}.Output.PulseTime=0
"""

_AUDIO = """
Audio.DuplexMode=full
Audio.A0.Enabled=yes
Audio.A0.HTTPMessageType=singlepart
AudioSource.A0.AudioEncoding=g711
AudioSource.A0.SampleRate=8000
AudioSource.A0.BitRate=64000
"""

_PTZ = """
PTZ.NbrOfCameras={channels}
PTZ.CameraDefault=1
PTZ.Limit.L1.MinPan=-170
PTZ.Limit.L1.MaxPan=170
PTZ.Limit.L1.MinTilt=-20
PTZ.Limit.L1.MaxTilt=90
PTZ.Limit.L1.MinZoom=1
PTZ.Limit.L1.MaxZoom=9999
PTZ.Support.S1.AbsolutePan=true
PTZ.Support.S1.AbsoluteTilt=true
PTZ.Support.S1.AbsoluteZoom=true
PTZ.Support.S1.RelativePan=true
PTZ.Support.S1.RelativeTilt=true
PTZ.Support.S1.RelativeZoom=true
PTZ.Support.S1.ContinuousPan=true
PTZ.Support.S1.ContinuousTilt=true
PTZ.Support.S1.ContinuousZoom=true
PTZ.Support.S1.ServerPreset=true
"""

_STORAGE = """
Storage.S0.DiskID=SD_DISK
Storage.S0.CleanupMaxAge=1
Storage.S0.CleanupPolicyActive=none
Storage.S0.Locked=no
Storage.S0.FriendlyName=SD card
"""

_PLACES = (
    {"Left": "5000", "Right": "8500", "Top": "500", "Bottom": "7000", "Sensitivity": "90"},
    {"Left": "1000", "Right": "3000", "Top": "2000", "Bottom": "6000", "Sensitivity": "85"},
    {"Left": "0", "Right": "9999", "Top": "0", "Bottom": "9999", "Sensitivity": "80"},
    {"Left": "500", "Right": "4000", "Top": "7000", "Bottom": "8500", "Sensitivity": "88"},
)


def window(number: int, name: str = "DefaultWindow", **fields: str) -> dict[str, str]:
    """The parameters of a motion window, a fresh one unless told otherwise (S-4)."""
    values = {
        "Name": name,
        "Left": "200",
        "Right": "4000",
        "Top": "200",
        "Bottom": "4000",
        "ImageSource": "0",
        "WindowType": "include",
        "Sensitivity": "90",
        "History": "90",
        "ObjectSize": "15",
    }
    return {f"Motion.M{number}.{key}": value for key, value in (values | fields).items()}


def parameters(model: Personality) -> dict[str, str]:
    """Everything that a model lists."""
    texts = [
        _BRAND.format(
            product=model.product,
            number=model.product.split()[-1],
            kind="Video Server" if model.channels > 1 else "Network Camera",
            firmware=model.firmware,
            serial=model.serial,
            mac=model.mac,
            resolutions=",".join(RESOLUTIONS),
            windows=MAX_WINDOWS,
            ptz=_yes(model.ptz),
            audio=_yes(model.audio),
            storage=_yes(model.storage),
            policy=model.policy,
            posix_zone=model.posix_zone,
            channels=model.channels,
            inputs=model.inputs,
            outputs=model.outputs,
        )
    ]
    texts += [_CHANNEL.format(index=each, number=each + 1) for each in range(model.channels)]
    texts += [_INPUT.format(index=each, number=each + 1) for each in range(model.inputs)]
    texts += [
        _OUTPUT.format(index=model.inputs + each, number=each + 1) for each in range(model.outputs)
    ]
    texts += [_AUDIO] if model.audio else []
    texts += [_PTZ.format(channels=model.channels)] if model.ptz else []
    texts += [_STORAGE] if model.storage else []
    found = {
        name: value
        for line in "".join(texts).splitlines()
        if line
        for name, _, value in [line.partition("=")]
    }
    for number, name in enumerate(model.windows):
        if name:
            source = str(number if model.channels > 1 else 0)
            found |= window(number, name, ImageSource=source, **_PLACES[number % len(_PLACES)])
    return found | dict(model.parameters)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
