"""Refs that no family made: each is refused before a byte is sent, and never repeated in words."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from custom_components.cctv.devices import registry
from custom_components.cctv.devices.device import Device
from custom_components.cctv.devices.errors import BadInput, Gone
from tests.simulators.families import FAMILIES

from .bus import LocalBus
from .conftest import Lend
from .traits import TRAITS

TIMES: Final = "20261120100000:20261120110000"
REFS: Final = (
    "",
    "/",
    ".",
    "..",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%2e%2e%2fetc%2fpasswd",
    "..%2f..%2fetc%2fpasswd",
    "%252e%252e%252fetc",
    "..;/etc/passwd",
    "\u2024\u2024/etc/passwd",
    "http://10.0.0.9/x.mp4",
    "//10.0.0.9/x.mp4",
    "file:///etc/passwd",
    "x\r\nHost: elsewhere",
    "2026Y11M20D14H/57M13S20.mp4\n",
    "\x00",
    "clip/2/1/a.mp4\x00.jpg",
    "a" * 100_000,
    # yi_hack's folders and names, bent
    "2026Y11M20D14H/../../../etc/passwd",
    "2026Y11M20D14H/..%2f..%2fx.mp4",
    "2026Y11M20D14H/57M13S20.mp4/..",
    "2026Y11M20D14H//57M13S20.mp4",
    "/2026Y11M20D14H/57M13S20.mp4",
    "2026Y13M20D14H/57M13S20.mp4",
    "2026Y11M20D25H/57M13S20.mp4",
    "2026Y11M20D14H/77M13S20.mp4",
    "2026Y11M20D14H/57M13S20.mp4?x=1",
    "2026Y11M20D14H/57M13S20.mp4#x",
    "2026Y11M20D14H/57M13S20.mp4..2026Y11M20D14H/58M00S20.mp4",
    "\uff12\uff10\uff12\uff16Y11M20D14H/57M13S20.mp4",
    "2026Y11M20D14H",
    "tmp.mp4.tmp",
    "timelapse/../x.avi",
    "timelapse/2026-11-20_10-00-00.avi/",
    "timelapse/2026-99-20_10-00-00.avi",
    "timelapse/2026-11-20_10-00-00.avi&action=delete",
    # iSpy's files, bent
    "clip/2/1/../../x.mp4",
    "clip/2/1/..%2F..%2Fx.mp4",
    "clip/2/1/..%5C..%5Cx.mp4",
    "clip/2/1/%2e%2e",
    "clip/2/1/a%2fb.mp4",
    "clip/2/1/a%00.mp4",
    "clip/2/1/a%0d%0ab.mp4",
    "clip/2/1/C%3A%5Cx.mp4",
    "clip/2/1/a.mp4&oid=2",
    "clip/2/1/a b.mp4",
    "clip/2/1/a.exe",
    "clip/2/1/" + "a" * 2_000 + ".mp4",
    "clip/2/9999/a.mp4",
    "clip/3/1/a.mp4",
    "clip/2/-1/a.mp4",
    "clip/2/\u0661/a.mp4",
    "thumb/2/9999/a.mp4",
    "grab/1/1/a.jpg",
    "grab/2/1/%2E%2E%5Ca.jpg",
    "live/1,2,99999",
    "still/1;2",
    "plan/99",
    # Open API's and Amcrest's
    "still:0",
    "still:99",
    "still:1/../x",
    "live:01",
    "20090101_010101.avi",
    "/mnt/sd/2026-11-20/001/dav/10/10.00.00-10.01.00[M][0@0][0].dav",
    "snapshot:1",
    "RPC_Loadfile/../../etc/passwd",
    # Amcrest's files and times, bent
    f"file:1:{TIMES}:/mnt/sd/../../etc/passwd.mp4",
    f"file:1:{TIMES}:/mnt/../etc/shadow.dav",
    f"file:1:{TIMES}:/mnt/sd/./a.mp4",
    f"file:1:{TIMES}:/mnt/sd//a.mp4",
    f"file:1:{TIMES}:/mnt/sd/%2e%2e/a.mp4",
    f"file:1:{TIMES}:/mnt/sd/a%00.mp4",
    f"file:1:{TIMES}:/mnt/sd/a.mp4\x00",
    f"file:1:{TIMES}:/mnt/sd/a\r\nHost: elsewhere.mp4",
    f"file:1:{TIMES}:/mnt/sd/a.mp4\n",
    f"file:1:{TIMES}:/mnt/sd/a.mp4?action=x",
    f"file:1:{TIMES}:/mnt/sd/a.mp4/..",
    f"file:1:{TIMES}:/mnt\\sd\\a.mp4",
    f"file:1:{TIMES}:/mnt/sd/a.exe",
    f"file:1:{TIMES}:/mnt/sd/.mp4/",
    f"file:1:{TIMES}:/mnt/sd/\u2024\u2024/a.mp4",
    f"file:1:{TIMES}:/etc/passwd",
    f"file:1:{TIMES}:mnt/sd/a.mp4",
    f"file:1:{TIMES}:ftp://10.0.0.9/a.mp4",
    f"file:1:{TIMES}:/mnt/" + "a/" * 200 + "a.mp4",
    f"file:0:{TIMES}:/mnt/sd/a.mp4",
    f"file:999:{TIMES}:/mnt/sd/a.mp4",
    f"file:-1:{TIMES}:/mnt/sd/a.mp4",
    f"file:\u0661:{TIMES}:/mnt/sd/a.mp4",
    "file:1:20261301000000:20261302000000:/mnt/sd/a.mp4",
    "file:1:20261120000000:/mnt/sd/a.mp4",
    f"time:99:{TIMES}",
    f"time:1:{TIMES}:9",
    f"time:1:{TIMES}:0&action=reboot",
    f"time:1:{TIMES}\n",
    "time:1:20261120100000:20261120100000",
    "time:1:20261120100000:20261120090000",
    "time:1:20261120250000:20261120260000",
    "time:1:\uff12\uff10\uff12\uff16112010000:20261120110000",
    # its streams, pictures and saved files, bent
    "mjpg:1:0",
    "mjpg:99:1",
    "mjpg:1:1&action=reboot",
    "film:1:3",
    "film:99:0",
    "sound:99",
    "sound:1\r\nHost: elsewhere",
    "picture:0",
    "picture:99999999",
    "picture:../1",
    "backup:Network",
    "backup/../Log.backup",
    "backup\n",
    f"log:{TIMES}&action=clear",
    "log:20261399000000:20261120110000",
    "log:",
    f"heatmap:99:{TIMES}:0",
    f"heatmap:1:{TIMES}:0&x=1",
    "heatmap:1:20261399000000:20261120110000:0",
    "radiometry:99",
    "radiometry:1/../x",
)


@pytest.fixture(params=registry.FAMILIES)
async def opened(
    request: pytest.FixtureRequest, socket_enabled: None, lend: Lend
) -> AsyncIterator[tuple[Any, Device]]:
    """A simulated box of each family, with a device that is open."""
    family, simulated, traits = request.param, FAMILIES[request.param], TRAITS[request.param]
    bus = LocalBus()
    spoken = {"publish": bus.deliver} if traits.bus else {}
    login = {"user": simulated.user, "password": simulated.password}
    personality = next(each for each in simulated.personalities if each not in traits.shut)
    async with simulated.make(personality, **login, **traits.extra, **spoken) as box:
        device = registry.family(family).create(lend(box.url, simulated.user, simulated.password))
        await device.open()
        yield box, device
        await device.close()


async def test_a_ref_that_was_never_made_is_refused_unsent(opened: tuple[Any, Device]) -> None:
    box, device = opened
    box.wire.clear()
    for ref in REFS:
        for span in ((0, None), (5, 9)):
            with pytest.raises((BadInput, Gone)) as refused:
                await device.fetch(ref, *span)
            said = str(refused.value)
            assert len(ref) < 3 or ref not in said, "the answer repeats what was asked"
    assert not box.wire
