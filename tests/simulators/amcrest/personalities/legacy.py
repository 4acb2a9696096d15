"""Firmware of 2014: Basic only, LF, short answers, long lists of codes refused."""

from tests.simulators.amcrest.faults import TimeStyle
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables
from tests.simulators.amcrest.personality import Personality

LEGACY = Personality(
    name="legacy",
    summary="Camera of 2014: Basic only, LF, no card, attach refuses more than eight codes",
    serial="PZC3EW14700211",
    vendor="General",
    device_class="IPC",
    device_type="IPC-HFW4300S-V2",
    version="version=2.420.0000.0.R\nBuildDate=2014-11-05",
    system_info="""
serialNumber={serial}
deviceType=IPC-HFW4300S-V2
""",
    config="\n".join(
        [
            tables.general("IPC", locks=False),
            tables.SYSTEM,
            tables.network("90:02:a9:14:70:02", "IPC"),
            tables.each(
                range(1),
                "ChannelTitle[{ch}].Name=Garage",
                tables.encode("H.264", (2048, 1536), sub="MJPG"),
                "MotionDetect[{ch}].Enable=true\nMotionDetect[{ch}].Level=3",
                tables.handler("MotionDetect[{ch}]"),
                tables.RECORD,
                tables.RECORD_MODE,
                tables.TAMPER,
                tables.VIDEO_COLOR,
                tables.lighting(1),
            ),
        ]
    ),
    product={},
    answers=answers.together(
        answers.encode_caps("1080P,720P", "H.264,MJPG"), answers.counts(audio_in=0, audio_out=0)
    ),
    scenes=("garage",),
    keep_alive=False,
    auth={"schemes": ("Basic",), "realm": "Device_CGI", "opaque": None},
    faults={
        "eol": b"\n",
        "max_codes": 8,
        "time_style": TimeStyle.SHORT,
        "quiet_empty": True,
        "rpc2_challenge": 401,
        "rpc2_number_sessions": True,
        "rpc2_keep_alive": 30,
    },
    refuse={
        "magicBox.getUpTime": Refusal.INVALID,
        "userManager.getActiveUserInfoAll": Refusal.INVALID,
        "magicBox.getVendor": Refusal.BAD_REQUEST,
        "eventManager.getExposureEvents": Refusal.INVALID,
    },
)
