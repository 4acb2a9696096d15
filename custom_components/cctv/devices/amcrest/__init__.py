"""Amcrest and Dahua cameras, recorders and doorbells."""

from typing import Final

from ..device import Family, Matcher
from .device import Amcrest, recognise

_OUIS: Final = ("3CEF8C", "9002A9", "B44C3B", "9C8ECD", "A06032", "00651E")
_PREFIXES: Final = ("9c:8e:cd:*", "a0:60:32:*", "00:65:1e:*", "34:46:63:2*")

FAMILY: Final = Family(
    name="amcrest",
    title="Amcrest / Dahua",
    ports=(80, 443),
    create=Amcrest,
    recognise=recognise,
    matchers=(
        *(Matcher("dhcp", {"macaddress": f"{oui}*"}) for oui in _OUIS),
        *(
            Matcher("zeroconf", {"type": "_http._tcp.local.", "properties": {"mac": prefix}})
            for prefix in _PREFIXES
        ),
    ),
)
