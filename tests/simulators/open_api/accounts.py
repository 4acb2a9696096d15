"""Accounts and what they may do (S-1.2, §1.4)."""

from dataclasses import dataclass, field
import re

GROUPS = ("admin", "operator", "viewer", "ptz")
_IMPLIED = {"admin": ("operator", "viewer", "ptz"), "operator": ("viewer",)}
_NAME = re.compile(r"[a-zA-Z0-9]{1,14}")


@dataclass(slots=True)
class Account:
    """One account."""

    groups: set[str] = field(default_factory=set)
    comment: str = ""


class Accounts:
    """All accounts; passwords lie in a mapping that the login looks at."""

    def __init__(self, name: str, password: str, groups: tuple[str, ...]) -> None:
        """Start with one account; without a name everybody may do everything."""
        self.passwords: dict[str, str] = {}
        self.of: dict[str, Account] = {}
        self.reset(name, password, groups)

    def reset(self, name: str, password: str, groups: tuple[str, ...]) -> None:
        """Have just this account."""
        self.passwords.clear()
        self.of.clear()
        if name:
            self.passwords[name] = password
            self.of[name] = Account(set(groups))

    @property
    def open(self) -> bool:
        """Whether nobody is asked for a login."""
        return not self.of

    def may(self, name: str, group: str) -> bool:
        """Whether an account belongs to a group; admin and operator are in the lesser ones."""
        own = self.of[name].groups
        return group in own or any(group in _IMPLIED.get(each, ()) for each in own)

    def add(self, name: str, password: str | None, groups: str, comment: str) -> str | None:
        """Create an account; what is wrong, if anything is."""
        wanted = _groups(groups)
        if not _NAME.fullmatch(name):
            return "the name must be 1-14 letters and digits"
        if name in self.of:
            return f"account {name} exists"
        if not password:
            return "a password is needed"
        if wanted is None:
            return f"no such group in {groups}"
        self.passwords[name] = password
        self.of[name] = Account(wanted, comment)
        return None

    def update(
        self, name: str, password: str | None, groups: str | None, comment: str | None
    ) -> str | None:
        """Change what is given of an account; what is wrong, if anything is."""
        if name not in self.of:
            return f"no account {name}"
        wanted = None if groups is None else _groups(groups)
        if groups is not None and wanted is None:
            return f"no such group in {groups}"
        if wanted is not None:
            if self._last_admin(name) and "admin" not in wanted:
                return "the last administrator stays one"
            self.of[name].groups = wanted
        if password:
            self.passwords[name] = password
        if comment is not None:
            self.of[name].comment = comment
        return None

    def remove(self, name: str) -> str | None:
        """Remove an account; what is wrong, if anything is."""
        if name not in self.of:
            return f"no account {name}"
        if self._last_admin(name):
            return "the last administrator stays"
        del self.of[name], self.passwords[name]
        return None

    def members(self, group: str) -> list[str]:
        """Names of the accounts in a group."""
        return [name for name, account in self.of.items() if group in account.groups]

    def _last_admin(self, name: str) -> bool:
        return self.members("admin") == [name]


def _groups(said: str) -> set[str] | None:
    """Read `viewer:operator`; None where one of them is unknown."""
    found = {group for group in said.split(":") if group}
    return found if found <= set(GROUPS) else None
