"""Who may ask: the list of addresses, or the code that connect tells (§3)."""

from dataclasses import dataclass
import re

from tests.simulators.ispy.rules import Rules

KNOWN_EXTENSIONS = frozenset(
    {
        "avi",
        "flv",
        "wav",
        "txt",
        "jpg",
        "png",
        "js",
        "swf",
        "css",
        "htm",
        "html",
        "gif",
        "xml",
        "m4a",
        "mpv",
        "mov",
        "movie",
        "mp2",
        "mp3",
        "mp4",
        "mpe",
        "mpeg",
        "mpg",
        "mpga",
        "ogg",
        "ico",
        "webm",
        "mjpeg",
        "mjpg",
        "json",
        "cgi",
        "fla",
    }
)


@dataclass(slots=True)
class Access:
    """The settings of the owner, and the address that the client seems to have."""

    allowed: str
    referers: str = ""
    peer: str | None = None
    """Stands in for the address of the client, which is always this machine."""

    def lets_in(self, rules: Rules, peer: str, code: str, identifier: str, referer: str) -> bool:
        """Whether one of the two keys fits."""
        peer = (self.peer or peer).strip("[]")
        return self._listed(rules, peer) or (
            code.lower() == identifier.lower() and self._referred(referer)
        )

    def _listed(self, rules: Rules, peer: str) -> bool:
        entries = [entry for entry in self.allowed.split(",") if entry]
        if entries or not rules.empty_list_denies:
            entries.append("127.0.0.1")
        return any(re.search(entry, peer) for entry in entries)

    def _referred(self, referer: str) -> bool:
        entries = [entry for entry in self.referers.split(",") if entry]
        return not entries or not referer or any(re.search(each, referer) for each in entries)

    def denial(self, rules: Rules, *, root: bool) -> tuple[str, str]:
        """Body and type of the refusal, which has status 200 like everything."""
        if rules.first:
            text = (
                "//Access this server via http://www.ispyconnect.com\r\ntry{Denied();} catch(e){}"
            )
            return text, "text/javascript"
        if root:
            text = "iSpy is running. Access this server via the website (IP blocked by allow list)"
            return text, "text/text"
        why = " (IP blocked by allow list)" if self.allowed and rules.tells_block else ""
        text = (
            f'{{"server":"iSpy","error":"Authentication failed{why}","errorType":"authentication"}}'
        )
        return text, "text/javascript"
