"""Configuration files, camera settings, backups (§5.7-§5.9, §5.12)."""

import io
import tarfile

from tests.simulators.yi_hack import conf
from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.conf import Conf
from tests.simulators.yi_hack.grammar import (
    EXITED,
    HTML,
    Call,
    Printed,
    bare,
    done,
    failed,
    first,
    first_line,
    flat,
    raw_bytes,
    slots,
    text,
)

_PRESETS = "ptz_presets"
_ARCHIVE = "Content-type: application/octet-stream"
_SEVEN_ZIP = bytes.fromhex("377abcaf271c0004")
_MAX_UPLOAD = 10_000
_HEAD_LINES = 4
"""Boundary, two headers and the blank line, which load.sh counts off."""
_SECONDS = 0.5
_SECONDS_V5 = 1.0


async def get_configs(camera: Camera, call: Call) -> Printed:
    """get_configs.sh?conf=NAME."""
    name, value = first(call.query)
    return Printed(raw_bytes(conf.printed(_read(camera, value) if name == "conf" else {})))


def _read(camera: Camera, name: str) -> Conf:
    if name == _PRESETS:
        if not camera.model.ptz or camera.faults.old_presets:
            return {}
        return dict(camera.presets.lines(camera.faults.free_slot))
    values = dict(camera.files.get(name, {}))
    if name == "system":
        values["HOSTNAME"] = camera.hostname
        if camera.model.variant.privacy:
            values["TIMEZONE"] = camera.model.zone_text
    if name == "camera" and values:
        values["HOMEVER"] = camera.homever
    return values


async def set_configs(camera: Camera, call: Call) -> Printed:
    """set_configs.sh?conf=NAME with one line of JSON; nothing takes effect yet."""
    name, value = first(call.query)
    if conf.speaks_forms(camera.model):
        changes: Conf | None = conf.form_changes(call.body)
    else:
        changes = conf.changes_from(first_line(call.body))
    if name != "conf" or changes is None:
        return failed()
    mac = camera.model.mac.replace(":", "")
    written = conf.write(camera.files.get(value, {}), changes, f"yi-{mac[-4:]}")
    if "HOSTNAME" in written:
        if value == "system":
            camera.hostname = written["HOSTNAME"]
        camera.files.get(value, {}).pop("HOSTNAME", None)
    camera.changed.poke()
    return done()


async def camera_settings(camera: Camera, call: Call) -> Printed:
    """camera_settings.sh?key=value&…: at once, and always a success."""
    variant = camera.model.variant
    asked = slots(call.query, variant.settings_slots)
    if "&" not in call.query:
        asked = asked[:1]
    asked = [pair for pair in asked if pair[0]]
    camera.apply(asked)
    if not variant.trio:
        await camera.take(_SECONDS_V5 * len(asked))
        return done()
    seconds = _SECONDS * (len(asked) + (len(asked) > 1))
    seconds += 1.0 if ("switch_on", "no") in asked else 0.0
    seconds += 0.5 if any(name == "cruise" for name, _ in asked) else 0.0
    await camera.take(seconds)
    return done()


async def save(camera: Camera, call: Call) -> Printed:
    """save.sh: all files in an archive, passwords too."""
    return Printed(pack(camera), (_ARCHIVE,))


async def load(camera: Camera, call: Call) -> Printed:
    """load.sh: one part with two header lines; whatever comes of it, the settings are resent."""
    if len(call.body) > _MAX_UPLOAD:
        return EXITED
    lines = call.body.split(b"\n", _HEAD_LINES)
    files = None
    if len(lines) > _HEAD_LINES and lines[_HEAD_LINES - 1] == b"\r":
        boundary = lines[0].rstrip(b"\r")
        files = unpack(lines[_HEAD_LINES].split(b"\r\n" + boundary)[0])
    if files is not None:
        camera.files |= {name: values for name, values in files.items() if name in camera.files}
    camera.apply([(key.lower(), value) for key, value in camera.files["camera"].items()])
    said = "Upload failed"
    if files is not None:
        said = "Upload completed successfully, restart your camera"
    return text(said, HTML)


async def reset(camera: Camera, call: Call) -> Printed:
    """reset.sh: the firmware's own settings go back to the factory's."""
    camera.reset()
    return done() if camera.model.variant.trio else bare()


def pack(camera: Camera) -> bytes:
    """The files as an archive; a 7z has its signature and a tar inside."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2") as tar:
        for name, values in camera.files.items():
            body = raw_bytes("".join(f"{key}={value}\n" for key, value in values.items()))
            info = tarfile.TarInfo(f"{name}.conf")
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    if camera.model.variant.archive == "7z":
        return _SEVEN_ZIP + out.getvalue()
    return out.getvalue()


def unpack(body: bytes) -> dict[str, Conf] | None:
    """The files of an archive; None for anything else."""
    files: dict[str, Conf] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(body.removeprefix(_SEVEN_ZIP)), mode="r:bz2") as tar:
            for member in tar:
                content = tar.extractfile(member)
                lines = b"" if content is None else content.read()
                pairs = (line.partition("=") for line in lines.decode(errors="replace").split("\n"))
                files[member.name.removesuffix(".conf")] = {
                    key: value for key, equals, value in pairs if equals
                }
    except tarfile.TarError, OSError, EOFError:
        return None
    return files


async def umount(camera: Camera, call: Call) -> Printed:
    """umount_sd.sh: stops everything."""
    camera.disaster("umount_sd.sh")
    camera.set_service("all", on=False)
    return flat(("error", "false"))


SCRIPTS = {
    "get_configs.sh": get_configs,
    "set_configs.sh": set_configs,
    "camera_settings.sh": camera_settings,
    "save.sh": save,
    "load.sh": load,
    "reset.sh": reset,
    "umount_sd.sh": umount,
}
