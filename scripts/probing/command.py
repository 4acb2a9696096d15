"""The command line: find out what answers, open it, show it, and listen for a while."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
import json
import sys
from typing import Any, Final

import aiohttp

from custom_components.cctv.devices.detect import detect, parse_address
from custom_components.cctv.devices.device import Sighting
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import Address, Crew, Env
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    InvalidAuth,
    Locked,
    NoAnswer,
    TlsRefused,
    WrongFamily,
)
from custom_components.cctv.devices.model import Event, Topology
from custom_components.cctv.devices.registry import FAMILIES, families

from .redact import Redactor
from .report import as_json, as_text, event_line, value_line

OPEN_SECONDS: Final = 90
FIRST_READ_SECONDS: Final = 30
"""How long the first values are waited for; what is not there by then is shown as unknown."""
QUIET_SECONDS: Final = 6
"""What can wait is read a few seconds after the start."""

type Problem = tuple[type[DeviceError], int, str]
PROBLEMS: Final[tuple[Problem, ...]] = (
    (BadInput, 2, "That is no address: {error}"),
    (WrongFamily, 3, "Something answers, but nothing that is known here: {error}"),
    (Locked, 4, "The device refuses every login for now ({minutes} minutes): wait, then try again"),
    (InvalidAuth, 4, "The device refused the user name or the password; it was tried once"),
    (TlsRefused, 5, "The certificate was not accepted; --insecure takes it as it is"),
    (CannotConnect, 5, "Nothing answers there: {error}"),
    (NoAnswer, 5, "It takes the connection and does not answer: {error}"),
    (DeviceError, 6, "{name}: {error}"),
)
"""Exit code and words, the first that fits."""


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    codes = "exit codes: 2 no address, 3 unknown device, 4 login refused, 5 unreachable, 6 other"
    parser = argparse.ArgumentParser(
        prog="scripts/probe",
        description="Ask a device what it is, what it has and what it says.",
        epilog=codes,
    )
    parser.add_argument("address", metavar="URL", help="192.168.1.20, or https://192.168.1.20:8443")
    parser.add_argument("--user", default="", help="the user name, if it wants one")
    parser.add_argument("--password", default="", help="the password")
    parser.add_argument("--watch", type=float, default=0, metavar="SECONDS", help="listen so long")
    parser.add_argument(
        "--wait",
        type=float,
        default=FIRST_READ_SECONDS,
        metavar="SECONDS",
        help=f"for the first values, at most ({FIRST_READ_SECONDS})",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--insecure", action="store_true", help="accept any certificate")
    parser.add_argument("--hide-address", action="store_true", help="leave the address out too")
    return parser.parse_args(words)


class Probe:
    """One look at one device."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Know what may not be printed."""
        self._options = options
        self.redact = Redactor([options.password])
        self._wants: list[Callable[[], None]] = []

    def say(self, text: str) -> None:
        """Print without secrets."""
        print(self.redact(text), flush=True)

    async def run(self) -> None:
        """Detect, open, show, watch."""
        options = self._options
        given = parse_address(options.address, verify_tls=not options.insecure)
        self.redact.add(given.password)
        address = Address(
            given.url,
            options.user or given.user,
            options.password or given.password,
            given.verify_tls,
        )
        if options.hide_address:
            self.redact.add(address.host)
        known = await asyncio.to_thread(families)
        async with aiohttp.ClientSession() as session:
            sighting = await detect(session, address, known)
            if sighting.url is not None:
                address = Address(sighting.url, address.user, address.password, address.verify_tls)
            await self._open(session, address, sighting)

    async def _open(
        self, session: aiohttp.ClientSession, address: Address, sighting: Sighting
    ) -> None:
        zone = datetime.now().astimezone().tzinfo
        assert zone is not None
        crew = Crew()
        env = Env(session=session, address=address, zone=zone, spawn=crew.spawn)
        runner = Runner(FAMILIES[sighting.family].create(env), env)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await runner.start()
            self._learn(runner.state.topology)
            await self._first_values(runner)
            self._show(runner, sighting)
            if self._options.watch > 0:
                await self._watch(runner)
        except TimeoutError:
            raise NoAnswer(f"it did not open within {OPEN_SECONDS} s") from None
        finally:
            await runner.stop()
            await crew.dismiss()

    def _learn(self, topology: Topology) -> None:
        """What names the device is a secret."""
        for part in topology.parts.values():
            if part.about is not None:
                self.redact.add(part.about.serial, part.about.mac)
                self.redact.add(*(name.partition(":")[2] for name in part.about.identities))

    async def _first_values(self, runner: Runner) -> None:
        """Wait until every source was tried, or nothing new comes any more."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._options.wait
        known: frozenset[str] = frozenset()
        quiet = clock()
        self._wants.append(runner.want(runner.state.topology.features))
        while clock() < deadline and clock() - quiet < QUIET_SECONDS:
            await asyncio.sleep(0.1)
            state = runner.state
            tried = frozenset(name for name, one in state.health.items() if one.up is not None)
            tried |= state.topology.features.keys()
            if tried != known:
                known, quiet = tried, clock()
                self._wants.append(runner.want(state.topology.features))

    def _show(self, runner: Runner, sighting: Sighting) -> None:
        family = FAMILIES[sighting.family]
        if self._options.json:
            self.say(json.dumps(as_json(family, sighting, runner.state), indent=2))
        else:
            for line in as_text(family, sighting, runner.state):
                self.say(line)

    async def _watch(self, runner: Runner) -> None:
        """Print what changes and what happens, a JSON object a line."""

        def line(words: dict[str, Any]) -> None:
            moment = datetime.now().astimezone().isoformat(timespec="milliseconds")
            self.say(json.dumps({"at": moment, **words}, ensure_ascii=False))

        def happened(event: Event) -> None:
            line(event_line(event))

        releases = [runner.events(happened)]
        for feature in runner.state.topology.features:

            def changed(feature: str = feature) -> None:
                line(value_line(feature, runner.state))

            releases.append(runner.watch({feature}, changed))
        await asyncio.sleep(self._options.watch)
        for release in releases:
            release()


def main(words: Sequence[str] | None = None) -> int:
    """Run the probe; what goes wrong becomes a sentence and an exit code."""
    probe = Probe(arguments(words))
    try:
        asyncio.run(probe.run())
    except DeviceError as error:
        for kind, code, text in PROBLEMS:
            if isinstance(error, kind):
                name = type(error).__name__
                said = text.format(error=error, name=name, **error.placeholders)
                print(probe.redact(said), file=sys.stderr)
                return code
        raise
    except KeyboardInterrupt:
        return 130
    return 0
