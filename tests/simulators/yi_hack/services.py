"""The daemons beside the web server: what runs, and what `status` says of it (§5.15)."""

from collections.abc import Mapping

NAMES = ("rtsp", "onvif", "wsdd", "ftpd", "mqtt", "mqtt-config", "mp4record")
_ALWAYS_STARTED = frozenset({"ftpd", "mqtt-config", "mp4record"})
"""Their check finds itself among the processes."""
_FTP_SERVERS = ("busybox", "pure-ftpd")


class Services:
    """Which daemons run."""

    def __init__(self, system: Mapping[str, str]) -> None:
        """Boot."""
        self.running: set[str] = set()
        self.boot(system)

    def boot(self, system: Mapping[str, str]) -> None:
        """Start what system.conf asks for; the MQTT daemon runs whatever it says."""
        wanted = {
            "rtsp": system.get("RTSP"),
            "onvif": system.get("ONVIF"),
            "wsdd": system.get("ONVIF_WSDD"),
            "ftpd": system.get("FTPD"),
            "mqtt": "yes",
            "mqtt-config": "yes",
            "mp4record": "yes",
        }
        self.running = {name for name, word in wanted.items() if word == "yes"}

    def runs(self, name: str) -> bool:
        """Whether a daemon runs."""
        return name in self.running

    def start(self, name: str, parameter: str = "") -> None:
        """Start one, or all."""
        names = NAMES if name == "all" else (name,)
        for each in names:
            if each in NAMES and (each != "ftpd" or parameter in _FTP_SERVERS):
                self.running.add(each)

    def stop(self, name: str) -> None:
        """Stop one, or all."""
        self.running -= set(NAMES) if name == "all" else {name}

    def said(self, name: str, system: Mapping[str, str], trio: bool) -> str | None:
        """What status claims; None for what it does not know."""
        if name not in NAMES:
            return None
        started = self.runs(name)
        if trio and name in _ALWAYS_STARTED:
            started = True
        if name == "rtsp" and system.get("RTSP_ALT", "standard") != "standard":
            started = False
        return "started" if started else "stopped"
