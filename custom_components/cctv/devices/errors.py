"""What can go wrong between us and a device, in the words the rest of the product understands."""

from typing import ClassVar, override


class DeviceError(Exception):
    """A fault of device, network or request; `key` names its text in the translations."""

    key: ClassVar[str] = "device_error"

    def __init__(self, about: str = "", **placeholders: str) -> None:
        """Keep a technical remark (never a secret) and the values its text mentions."""
        super().__init__(about)
        self.about = about
        self.placeholders: dict[str, str] = placeholders

    @override
    def __str__(self) -> str:
        return self.about or self.key


class CannotConnect(DeviceError):
    """Nothing answers at the address: refused, reset, no route, name unknown."""

    key = "cannot_connect"


class TlsRefused(CannotConnect):
    """The device answers, but its certificate was not accepted."""

    key = "tls_refused"


class NoAnswer(DeviceError):
    """The device took the request and did not answer within the deadline."""

    key = "no_answer"


class HungUp(NoAnswer):
    """The device closed the connection before it said a word."""


class InvalidAuth(DeviceError):
    """The device refused the user name or password; the same pair is not tried again."""

    key = "invalid_auth"


class Locked(InvalidAuth):
    """The device refuses every login for a while, after too many wrong ones."""

    key = "locked"

    def __init__(self, about: str = "", seconds: float | None = None) -> None:
        """Keep for how long, if the device says."""
        super().__init__(
            about, minutes="?" if seconds is None else str(max(1, round(seconds / 60)))
        )
        self.seconds = seconds


class NotAllowed(InvalidAuth):
    """The device lets in only those whose addresses are listed in it, and ours is not."""

    key = "not_allowed"


class Forbidden(DeviceError):
    """The login is right, but this account may not do this."""

    key = "forbidden"


class Unsupported(DeviceError):
    """The device has not got this: the feature is absent."""

    key = "unsupported"


class Unsaid(Unsupported):
    """An answer without a word about it: the device has not got this, or had a bad moment."""


class Malformed(DeviceError):
    """The answer breaks the device's own grammar, or is larger than it can be."""

    key = "malformed"


class WrongFamily(DeviceError):
    """Something answers, but it is not what was expected; `found` says what it is."""

    key = "wrong_family"

    def __init__(self, found: str) -> None:
        """Keep what was found."""
        super().__init__(f"found {found}", found=found)
        self.found = found


class Rejected(DeviceError):
    """The device understood and did not do it, or its answer proves that nothing happened."""

    key = "rejected"


class Busy(DeviceError):
    """The device does one of these at a time, and one is under way."""

    key = "busy"


class Gone(DeviceError):
    """What a reference named is no longer on the device."""

    key = "gone"


class BadInput(DeviceError):
    """The request itself is wrong; nothing was sent."""

    key = "bad_input"
