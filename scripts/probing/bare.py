"""Lets the device layer be imported without the Home Assistant side around it."""

from pathlib import Path
import sys
from types import ModuleType
from typing import Final

PACKAGE: Final = "custom_components.cctv"
FOLDER: Final = Path(__file__).resolve().parents[2] / "custom_components" / "cctv"


def without_home_assistant() -> None:
    """Stand in for the integration's package: its folder is known, its `__init__` is not run."""
    package = ModuleType(PACKAGE)
    package.__path__ = [str(FOLDER)]
    sys.modules[PACKAGE] = package


def home_assistant_is_absent() -> bool:
    """Whether nothing imported so far needed Home Assistant."""
    return "homeassistant" not in sys.modules
