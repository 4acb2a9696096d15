"""Cameras and video servers that speak the IP Camera Open API 3.01."""

from typing import Final

from ..device import Family
from .device import NAME, OpenApi, recognise
from .features import OPTIONS

FAMILY: Final = Family(
    name=NAME,
    title="IP Camera Open API",
    ports=(80, 443),
    create=OpenApi,
    recognise=recognise,
    options=OPTIONS,
)
