"""Every script below /cgi-bin/, and which of them look at the raw query first (§3)."""

from collections.abc import Awaitable, Callable

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.grammar import Call, Printed, failed, refused
from tests.simulators.yi_hack.scripts import care, configs, events, moves, pictures, speech, status

type Script = Callable[[Camera, Call], Awaitable[Printed]]

SCRIPTS: dict[str, Script] = {
    **status.SCRIPTS,
    **configs.SCRIPTS,
    **events.SCRIPTS,
    **pictures.SCRIPTS,
    **moves.SCRIPTS,
    **speech.SCRIPTS,
    **care.SCRIPTS,
}
_WITHOUT_PARAMETERS = frozenset(
    {
        "status.json",
        "hostname.js",
        "links.sh",
        "eventsdir.sh",
        "save.sh",
        "load.sh",
        "reset.sh",
        "reboot.sh",
        "umount_sd.sh",
    }
)
_SECONDS = {
    "status.json": 2.0,
    "get_configs.sh": 0.4,
    "set_configs.sh": 0.4,
    "eventsdir.sh": 0.5,
    "eventsfile.sh": 0.5,
    "fw_upgrade.sh": 4.0,
    "reboot.sh": 1.0,
}
_USUAL_SECONDS = 0.1


def find(camera: Camera, name: str) -> Script | None:
    """The script of a name, where this firmware has it."""
    have = camera.model.variant.scripts
    if camera.faults.privacy_script:
        have |= {"privacy.sh"}
    return SCRIPTS[name] if name in have - camera.faults.missing else None


async def run(camera: Camera, script: Script, call: Call) -> Printed:
    """Run one, after the check of the query that most of them begin with."""
    seconds = camera.faults.durations.get(call.script, _SECONDS.get(call.script, _USUAL_SECONDS))
    await camera.take(seconds)
    checks = camera.model.variant.trio and call.script not in _WITHOUT_PARAMETERS
    if checks and refused(call.query):
        return failed()
    return await script(camera, call)
