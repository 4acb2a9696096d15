"""Its settings by the names of its own commands: what it tells, else what was set here (§3, §5)."""

from collections.abc import Mapping
import logging
from typing import Final

from ..commands import GetConfig, SetConfig
from ..errors import BadInput, Rejected, Unsupported
from ..model import Answer, Scalar, Value
from ..settings import get_config, set_config
from . import wire
from .box import Box
from .features import (
    CHECKS,
    FILE_TEMPLATE,
    INSPECTION_DIRECTORY,
    RECORDING_DIRECTORY,
    REEVALUATE_TAGS,
    SPLIT_TIME,
    TEMPLATE_NAMES,
    of,
)
from .wishes import SENDERS

_LOGGER = logging.getLogger(__name__)

_TEMPLATES: Final = "pathtemplate"
KEYS: Final[Mapping[str, str]] = {
    "recordingdirectory.Directory": RECORDING_DIRECTORY,
    "inspectiondirectory.Directory": INSPECTION_DIRECTORY,
    "splittime.Minutes": SPLIT_TIME,
    "reevaluatetags.Reevaluate": REEVALUATE_TAGS,
    **{f"{_TEMPLATES}.{name}": key for key, name in TEMPLATE_NAMES.items()},
}
"""Full names, each a command of §3 and its member, to features."""
TABLES: Final = tuple(dict.fromkeys(name.partition(".")[0] for name in KEYS))


class ConfigStore:
    """The recorder's settings; a name without text was never set here, and is not told."""

    def __init__(self, box: Box) -> None:
        """Nothing is read."""
        self._box = box

    async def load(self, table: str) -> Mapping[str, str]:
        """One command's settings: pathtemplate (§3, row 9) is told, the others are remembered."""
        if table not in TABLES:
            raise BadInput(f"no table {table[:40]}; there are {', '.join(TABLES)}")
        told: Mapping[str, str] = {}
        if table == _TEMPLATES:
            try:
                told = await self._box.client.templates()
            except Unsupported as error:
                _LOGGER.debug("Templates are not told: %r", error)
        return {
            name: told.get(name.partition(".")[2], _text(self._box.wishes[key]))
            for name, key in KEYS.items()
            if name.partition(".")[0] == table
        }

    async def save(self, changes: Mapping[str, str]) -> None:
        """Tell, and keep for when it is forgotten; nothing is sent if one of them is wrong."""
        wishes = {KEYS[name]: parse(KEYS[name], text) for name, text in changes.items()}
        for key, wish in wishes.items():
            await tell(self._box, key, wish)


async def tell(box: Box, key: str, wish: Scalar) -> None:
    """Tell a setting that was checked (§3, rows 4-8), and keep it."""
    if key in TEMPLATE_NAMES:
        await _template(box, key, str(wish))
    else:
        await SENDERS[key](box.client, wish)
    box.wishes.keep(key, wish)


async def _template(box: Box, key: str, template: str) -> None:
    """Tell a template (§3, row 8), and look whether it was taken, where that is told."""
    if key == FILE_TEMPLATE and wire.repeats(template):
        _LOGGER.warning("Without ${ss} or ${fff} a name comes twice, and files are overwritten")
    name = TEMPLATE_NAMES[key]
    await box.client.set_templates({name: template})
    if name in box.templates:
        now = (await box.client.templates()).get(name)
        if now != template:
            raise Rejected(f"the template stays {now!r}")


def parse(key: str, text: str) -> Scalar:
    """A setting's value out of its text. BadInput if it is none."""
    if key == SPLIT_TIME:
        if not (text.isascii() and text.isdecimal() and len(text) < 5):
            raise BadInput(f"no number of minutes: {text[:40]!r}")
        return CHECKS[key](int(text))
    if key == REEVALUATE_TAGS:
        return CHECKS[key](wire.boolean(text))
    return CHECKS[key](text)


def _text(wish: Scalar | None) -> str:
    """A value as the recorder's commands spell it; none for what was never set."""
    if wish is None:
        return ""
    return str(wish).lower() if isinstance(wish, bool) else str(wish)


async def read(box: Box, command: GetConfig) -> Answer:
    """The settings of one command."""
    return Answer(data=await get_config(ConfigStore(box), command.name))


async def write(box: Box, command: SetConfig) -> Answer:
    """Change settings by their full names; what they were, empty where nobody knows."""
    before = await set_config(ConfigStore(box), command.values)
    told = tuple(Value(of(KEYS[name]), box.wishes[KEYS[name]]) for name in command.values)
    return Answer(told, data=before)
