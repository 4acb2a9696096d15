"""SubC DVR+O and SCI, recorders of underwater inspections, by their Inspector API."""

from typing import Final

from ..device import Family
from .device import Dvro, recognise
from .features import OPTIONS

FAMILY: Final = Family(
    name="dvro",
    title="SubC DVR+O / SCI",
    ports=(13000,),
    create=Dvro,
    recognise=recognise,
    options=OPTIONS,
)
