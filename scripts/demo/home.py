"""A Home Assistant of its own: its configuration folder, its process, its log."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import signal
import socket
import sys
from typing import Any, Final

HOST: Final = "127.0.0.1"
PROJECT: Final = Path(__file__).resolve().parents[2]
READY: Final = "Home Assistant initialized in"
START_SECONDS: Final = 300
STOP_SECONDS: Final = 60

CONFIGURATION: Final = """\
# A small house: what the cameras need and what shows them. There is no `http:` here on purpose;
# its settings are in .storage/http, where Home Assistant keeps them.
homeassistant:
  name: CCTV demonstration
  country: NL
  currency: EUR
  language: en
  latitude: 52.37
  longitude: 4.89
  time_zone: UTC
  unit_system: metric
  internal_url: {url}
  allowlist_external_dirs:
    - {folder}/media
  media_dirs:
    local: {folder}/media

automation: !include automations.yaml
camera:
config:
conversation:
frontend:
history:
logbook:
media_source:
recorder:
  commit_interval: 1
stream:

logger:
  default: warning
  logs:
    custom_components.cctv: {level}
    homeassistant.bootstrap: info
"""


class HomeError(Exception):
    """Home Assistant did not start, or went away."""


def free_port(wanted: int = 0) -> int:
    """The wanted port of this machine if it is free, else any that is."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            # A port in TIME_WAIT is free for a server, and Home Assistant binds it so too.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
    raise HomeError("no port is free")


class Home:
    """One Home Assistant process over one folder."""

    def __init__(self, folder: Path, port: int, *, debug: bool = False) -> None:
        """Choose the folder and the port; nothing is written yet."""
        self.folder = folder
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.log = folder / "demonstration.log"
        self._level = "debug" if debug else "info"
        self._process: asyncio.subprocess.Process | None = None

    def furnish(self) -> None:
        """Write the configuration folder; an existing one is begun anew only where it must."""
        for name in (".storage", "media", "custom_components"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        component = self.folder / "custom_components" / "cctv"
        if not component.is_symlink():
            component.symlink_to(PROJECT / "custom_components" / "cctv")
        (self.folder / "configuration.yaml").write_text(
            CONFIGURATION.format(url=self.url, folder=self.folder, level=self._level)
        )
        automations = self.folder / "automations.yaml"
        if not automations.exists():
            automations.write_text("[]\n")
        http = {
            "server_host": [HOST],
            "server_port": self.port,
            "cors_allowed_origins": ["https://cast.home-assistant.io"],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "modern",
            "use_x_frame_options": True,
            "created_at": datetime.now(UTC).isoformat(),
            "error": None,
            "error_message": None,
        }
        self._store("http", 2, 2, {"stable": http, "pending": None, "yaml_migration_done": True})
        # The step left out makes the owner; the others would install integrations of the internet.
        done = {"done": ["core_config", "analytics", "integration"]}
        if not (self.folder / ".storage" / "onboarding").exists():
            self._store("onboarding", 4, 1, done)

    async def start(self) -> None:
        """Start it and wait until it says that it is there."""
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "homeassistant",
                "--config",
                str(self.folder),
                "--log-no-color",
                cwd=self.folder,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C at the terminal is for us; we then end it in order.
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(START_SECONDS):
                while READY not in self.log_text():
                    if self._process.returncode is not None:
                        raise HomeError(f"ended with {self._process.returncode}:\n{self.tail()}")
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise HomeError(f"not ready after {START_SECONDS} s:\n{self.tail()}") from None

    async def stop(self) -> None:
        """End it in order; by force if it will not."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise HomeError(f"did not stop within {STOP_SECONDS} s:\n{self.tail()}") from None

    async def wait(self) -> int:
        """Wait until it ends by itself."""
        if self._process is None:
            raise HomeError("it was not started")
        return await self._process.wait()

    def log_text(self) -> str:
        """Everything it has logged."""
        return self.log.read_text("utf-8", "replace")

    def tail(self, lines: int = 40) -> str:
        """The last lines of its log."""
        return "\n".join(self.log_text().splitlines()[-lines:])

    def _store(self, key: str, version: int, minor: int, data: dict[str, Any]) -> None:
        body = {"version": version, "minor_version": minor, "key": key, "data": data}
        (self.folder / ".storage" / key).write_text(json.dumps(body, indent=2))
