"""Which path does what, who may call it, and which model has it (§0.3, §1.4)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.simulators.open_api.answers import (
    audio,
    config,
    io,
    ipfilter,
    motion,
    ptz,
    storage,
    system,
    video,
)
from tests.simulators.open_api.device import Device
from tests.simulators.open_api.grammar import Answer, Call
from tests.simulators.open_api.personality import Personality
from tests.simulators.wire import Connection

type Handler = Callable[[Device, Call, Connection], Awaitable[Answer | None]]
type Has = Callable[[Personality], bool]

VIEWER, OPERATOR, ADMIN, PTZ = "viewer", "operator", "admin", "ptz"
TALK = "/toSERVER.cgi"


def _everybody(model: Personality) -> bool:
    return True


def _ptz(model: Personality) -> bool:
    return model.ptz


def _audio(model: Personality) -> bool:
    return model.audio


def _storage(model: Personality) -> bool:
    return model.storage


def _printed(model: Personality) -> bool:
    return not model.field_dialect


def _field(model: Personality) -> bool:
    return model.field_dialect


def _server(model: Personality) -> bool:
    return model.channels > 1


def _inputs(model: Personality) -> bool:
    return model.inputs > 0


def _outputs(model: Personality) -> bool:
    return model.outputs > 0


@dataclass(frozen=True, slots=True)
class Route:
    """What a path does."""

    handler: Handler
    group: str
    """Who may call it, where the arguments do not say otherwise."""
    has: Has = _everybody


ROUTES: Mapping[str, Route] = {
    "/config.cgi": Route(config.config, OPERATOR),
    "/usrgrp.cgi": Route(system.users, ADMIN),
    "/factorydefault.cgi": Route(system.factory, ADMIN),
    "/hardfactorydefault.cgi": Route(system.hard_factory, ADMIN),
    "/backup.cgi": Route(system.backup, ADMIN),
    "/restore.cgi": Route(system.restore, ADMIN),
    "/firmwareupgrade.cgi": Route(system.firmware, ADMIN),
    "/reboot.cgi": Route(system.reboot, ADMIN, _printed),
    "/restart.cgi": Route(system.reboot, ADMIN, _field),
    "/systemlog.cgi": Route(system.log, ADMIN),
    "/time.cgi": Route(system.time, VIEWER),
    "/setosd.cgi": Route(system.osd, OPERATOR),
    "/resolution.cgi": Route(video.resolution, VIEWER),
    "/videostatus.cgi": Route(video.status, VIEWER, _server),
    "/image.jpg": Route(video.still, VIEWER),
    "/image.cgi": Route(video.still, VIEWER),
    "/video.mjpg": Route(video.moving, VIEWER, _printed),
    "/video.cgi": Route(video.moving, VIEWER, _printed),
    "/ptz.cgi": Route(ptz.ptz, PTZ, _ptz),
    "/configptz.cgi": Route(ptz.configptz, ADMIN, _ptz),
    "/motion.cgi": Route(motion.motion, VIEWER),
    "/port.cgi": Route(io.ports, VIEWER),
    "/input.cgi": Route(io.inputs, VIEWER, _inputs),
    "/output.cgi": Route(io.outputs, OPERATOR, _outputs),
    "/ipfilter.cgi": Route(ipfilter.ipfilter, ADMIN),
    "/fromserver.cgi": Route(audio.listen, VIEWER, _audio),
    TALK: Route(audio.talk, OPERATOR, _audio),
    "/mount.cgi": Route(storage.mount, ADMIN, _storage),
    "/format.cgi": Route(storage.format_disk, ADMIN, _storage),
    "/list.cgi": Route(storage.listing, OPERATOR, _storage),
    "/remove.cgi": Route(storage.remove, OPERATOR, _storage),
}
_ASP = ("/config.cgi", "/video.cgi")


def find(device: Device, path: str) -> Route | None:
    """The route of a path as this model has it."""
    faults = device.faults
    if path in faults.missing:
        return None
    if faults.asp:
        if path in _ASP:
            return None
        path = path.removeprefix("/asp") if path.removeprefix("/asp") in _ASP else path
    if faults.lower_case_talk and path.lower() == TALK.lower():
        path = TALK if path == TALK.lower() else ""
    route = ROUTES.get(path)
    return route if route is not None and route.has(device.model) else None


def needed(route: Route, call: Call) -> str:
    """Who may make this very call (§1.4)."""
    action = call.get("action")
    if route.handler is config.config and action in ("add", "remove", "update"):
        names = [*call.groups(), *(name for name, _ in call.pairs if "." in name)]
        motion_only = all(
            name.removeprefix("root.").partition(".")[0] == "Motion" for name in names
        )
        return OPERATOR if motion_only else ADMIN
    if route.handler is system.time and action == "set":
        return ADMIN
    if route.handler is io.ports and action is not None:
        return OPERATOR
    return route.group
