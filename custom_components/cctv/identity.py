"""Which device is which: serial numbers and MAC addresses, however they are written."""

from collections.abc import Iterable

from .devices.model import About


def mac_identity(mac: str) -> str:
    """Return the identity that a MAC address is."""
    return f"mac:{''.join(char for char in mac.lower() if char.isalnum())}"


def normal_identity(identity: str) -> str:
    """Return an identity as it is compared."""
    kind, _, value = identity.partition(":")
    return mac_identity(value) if kind == "mac" else f"{kind}:{value}"


def identities(about: About) -> frozenset[str]:
    """Return everything by which a type plate tells its device from others."""
    told = set(about.identities)
    if about.serial:
        told.add(f"serial:{about.serial}")
    if about.mac:
        told.add(f"mac:{about.mac}")
    return frozenset(normal_identity(identity) for identity in told)


def are_different(some: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether these identities are certainly of two devices; what one lacks proves nothing."""
    ours, theirs = frozenset(some), frozenset(others)
    return ours.isdisjoint(theirs) and not {_kind(one) for one in ours}.isdisjoint(
        _kind(one) for one in theirs
    )


def anchor_of(about: About) -> str | None:
    """Return what names the device for good: its serial number, else its MAC address."""
    if about.serial:
        return about.serial
    return mac_identity(about.mac).partition(":")[2] if about.mac else None


def _kind(identity: str) -> str:
    return identity.partition(":")[0]
