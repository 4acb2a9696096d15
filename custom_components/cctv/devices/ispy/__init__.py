"""iSpy, a recorder program for Windows with many cameras and microphones."""

from typing import Final

from ..device import Family
from .device import Ispy, recognise
from .features import OPTIONS, PORT

FAMILY: Final = Family(
    name="ispy",
    title="iSpy",
    ports=(PORT,),
    create=Ispy,
    recognise=recognise,
    options=OPTIONS,
)
