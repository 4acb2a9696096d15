"""Every oddity that goes together, in one box."""

from tests.simulators.amcrest.faults import JsonStyle, Length, Subpath, TimeStyle
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.personalities import answers, tables
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.state import Disk, Partition
from tests.simulators.dhav import PREAMBLE, Style

# GBK, which is not UTF-8: it leaves the box as these very bytes.
_GBK_NAME = "仓库".encode("gbk").decode("utf-8", "surrogateescape")

HOSTILE = Personality(
    name="hostile",
    summary="No lengths, glued 40-byte pieces, spaced boundary, stray heads, noisy refusals",
    serial="ND021811019863",
    vendor="General",
    device_class="IPC",
    device_type="IP Camera",
    version="version=2.460.0000.16.R",
    system_info="""
serialNumber={serial}
updateSerial=IPC-K35
""",
    config="\n".join(
        [
            tables.general(_GBK_NAME, tries=5),
            tables.SYSTEM,
            tables.network("e0:50:8b:01:98:63", "IPC"),
            tables.VOLUMES,
            tables.each(
                range(1),
                f"ChannelTitle[{{ch}}].Name={_GBK_NAME}",
                tables.encode("H.264"),
                tables.MOTION_DETECT,
                tables.rule(0, 3, "a;b=c {half \\", "CrossLineDetection"),
                tables.rule(2, 3, _GBK_NAME, "CrossLineDetection"),
                tables.RECORD,
                tables.RECORD_MODE,
                tables.TAMPER,
                tables.VIDEO_COLOR,
                tables.lighting(2),
            ),
        ]
    ),
    capabilities=frozenset({"alarm", "storage"}),
    answers=answers.together(
        answers.encode_caps("1080P,720P", indexed=False),
        answers.counts(audio_out=0),
    ),
    scenes=("warehouse",),
    disks=(Disk("/dev/mmc0", "Failure", [Partition("/mnt/sd", 0, 0, is_error=True)]),),
    record_style=Style(preamble=PREAMBLE, counter="second"),
    inputs=1,
    outputs=1,
    keep_alive=False,
    auth={
        "realm": "Login to 12, Rue de l=Est",
        "algorithms": ("md5-sess",),
        "qop": "auth,auth-int",
        "separator": ",",
        "stale_false": True,
        "stale_status": 403,
        "nonce_uses": 3,
        "reject_quoted": True,
        "lock_after": 5,
        "lock_status": 403,
    },
    faults={
        "answer_length": False,
        "answer_fragment": 40,
        "json": JsonStyle.TAB,
        "length": Length.ABSENT,
        "content_type": True,
        "spaced_boundary": True,
        "stray_status_every": 3,
        "end_boundary_every": 5,
        "capital_keys": True,
        "lower_actions": True,
        "glue": True,
        "fragment": 40,
        "charset": True,
        "expires_head": True,
        "keep_alive_head": True,
        "subpath": Subpath.EMPTY,
        "time_style": TimeStyle.AM_PM,
        "action_first": True,
        "snapshot_dhav_tail": True,
        "snapshot_bad_com": True,
        "refuse_with": Refusal.UNKNOWN,
        "find_base": 0,
        "find_types": False,
        "find_end": Refusal.BARE,
        "find_over_refused": True,
        "finders": 3,
        "load_multipart": True,
        "downloads": 1,
    },
    refuse={
        "magicBox.getDeviceType": Refusal.BUSINESS,
        "magicBox.getDeviceClass": Refusal.INVALID,
        "magicBox.getVendor": Refusal.UNKNOWN,
        "magicBox.getMachineName": Refusal.EMPTY,
        "magicBox.getHardwareVersion": Refusal.NOT_IMPLEMENTED,
        "magicBox.getProductDefinition": Refusal.BARE,
        "devVideoInput.getCaps": Refusal.SERVER_ERROR,
        "ptz": Refusal.NOT_FOUND,
        "coaxialControlIO": Refusal.NO_RIGHT,
        "configManager.getConfig:LeLensMask": Refusal.NO_PARAM,
        "configManager.getConfig:Lighting_V2": Refusal.HTML,
        "set VideoColor": Refusal.SERVER_ERROR,
    },
)
