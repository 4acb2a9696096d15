"""Looking after the camera: services, firmware, backup, configuration (§5.7, §5.8, §5.12-5.15)."""

import logging
from typing import Final

from ..chunks import content
from ..commands import (
    BackUp,
    GetConfig,
    Install,
    RecordFor,
    Restore,
    Service,
    SetConfig,
)
from ..errors import BadInput, CannotConnect, NoAnswer, Rejected
from ..model import BOX, Answer, Content, Hint, Value
from ..settings import get_config, set_config
from . import store
from .box import Box
from .features import (
    CAMERA,
    FTP_SERVERS,
    SERVICE_NAMES,
    SERVICE_OPTIONS,
    SERVICE_ROWS,
    SURVEY,
    TABLES,
)

_LOGGER = logging.getLogger(__name__)

BACKUP: Final = "backup"
_RECORD_MOST: Final = 300


async def service(box: Box, command: Service) -> Answer:
    """Start or stop a service (service.sh, §5.15)."""
    name = command.name
    if name not in SERVICE_NAMES:
        raise BadInput(f"one of {', '.join(SERVICE_NAMES)}")
    option = command.option.strip()
    if name == "ftpd":
        if command.run and option not in FTP_SERVERS:
            raise BadInput(f"ftpd is started with one of {', '.join(FTP_SERVERS)}")
    elif option:
        await _prepare(box, name, option)
        option = ""
    await box.client.service(name, run=command.run, option=option)
    row = next((key for key, each in SERVICE_ROWS.items() if each == name), None)
    told = [Value(f"{BOX}:{row}", command.run)] if box.has(f"{BOX}:{row}") else []
    return Answer((*told, Hint((SURVEY,))))


async def _prepare(box: Box, name: str, option: str) -> None:
    """Write an option where the service reads it: as a parameter it never arrives (§5.15)."""
    known = SERVICE_OPTIONS.get(name, {})
    words = option.split()
    if not set(words) <= set(known):
        raise BadInput(f"{name} takes {', '.join(known) or 'no option'}")
    changes = dict(known[word] for word in words)
    if missing := [each for each in changes if each.partition(".")[2] not in box.learnt.system]:
        raise BadInput(f"this firmware has no {missing[0]}")
    await box.store.save(changes)


async def record(box: Box, command: RecordFor) -> Answer:
    """Record for a while (record.sh, §6): the camera acts as if something moved."""
    seconds = round(command.seconds)
    if not 1 <= seconds <= _RECORD_MOST:
        raise BadInput(f"1 to {_RECORD_MOST} seconds")
    await box.client.record(seconds)
    return Answer()


async def install(box: Box, command: Install) -> Answer:
    """Install the newest firmware (fw_upgrade.sh, §5.13); the camera restarts."""
    await box.client.upgrade()
    return Answer()


async def back_up(box: Box, command: BackUp) -> Answer:
    """A ref of the archive of its settings (save.sh, §5.12)."""
    return Answer(ref=BACKUP)


async def archive(box: Box) -> Content:
    """The archive of its settings."""
    body = await box.client.save()
    kind = "7z" if body.startswith(b"7z") else "tar.bz2"
    return content("application/octet-stream", body, kind)


async def restore(box: Box, command: Restore) -> Answer:
    """Load settings (load.sh, §5.12) and restart, without which they do not count.

    Only after the upload is a camera without an answer one that restarts.
    """
    try:
        await box.client.load(command.content)
    except (CannotConnect, NoAnswer) as error:
        raise Rejected(f"the upload was not answered: {error}") from error
    try:
        await box.client.reboot()
    except (CannotConnect, NoAnswer) as error:
        _LOGGER.debug("The camera left without an answer: %r", error)
    return Answer()


async def read_config(box: Box, command: GetConfig) -> Answer:
    """One configuration (get_configs.sh, §5.7), secrets masked."""
    if command.name not in TABLES:
        raise BadInput(f"one of {', '.join(TABLES)}")
    return Answer(data=await get_config(box.store, command.name))


async def write_config(box: Box, command: SetConfig) -> Answer:
    """Change configurations (set_configs.sh, §5.8); answers with what they were."""
    for name, value in command.values.items():
        store.check(name, value)
    before = await set_config(box.store, command.values)
    return Answer((Hint((SURVEY, CAMERA)),), data=before)
