"""`scripts/develop`: raise the house, then live in it or prove that it works."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
import shutil
import signal
import sys
import tempfile
import time
from typing import Final

from tests.simulators.broker import Broker

from . import automation, check, dashboard, films, flow, life
from .actor import Actor, Stage
from .api import Api, ApiError
from .cast import CAST, FAMILIES, FAMILY_OF, FRONT_DOOR, Role
from .home import Home, HomeError, free_port
from .inventory import Holding, settled, take_stock
from .pictures import Pictures

USER: Final = "demo"
PASSWORD: Final = "demo-cctv"
PORT: Final = 8123


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="Simulated cameras and a real Home Assistant that lives with them.",
    )
    parser.add_argument("--check", action="store_true", help="prove that it works, and stop")
    parser.add_argument("--keep", metavar="DIR", type=Path, help="the folder, left behind")
    parser.add_argument("--port", type=int, default=None, help=f"default: {PORT} if free")
    parser.add_argument("--debug", action="store_true", help="log what goes over the wire")
    return parser.parse_args(words)


class Company:
    """The actors with their roles, all on loopback ports of their own."""

    def __init__(self, *, few: bool) -> None:
        """Hire everyone; nobody has started yet. A few pictures are enough for a proof."""
        self.pictures = Pictures(few=few)
        self.broker = Broker()
        stage = Stage(self.pictures, self.broker)
        self.members: list[tuple[Role, Actor]] = [(role, role.make(stage)) for role in CAST]

    async def start(self) -> None:
        """Everyone opens the ports."""
        await self.broker.start()
        for _, actor in self.members:
            await actor.start()

    async def stop(self) -> None:
        """Everyone goes home."""
        for _, actor in self.members:
            await actor.stop()
        await self.broker.stop()
        await asyncio.to_thread(self.pictures.stop)


@asynccontextmanager
async def house(
    folder: Path, port: int, *, few: bool = False, debug: bool = False
) -> AsyncIterator[tuple[Home, Api, Company]]:
    """Devices, Home Assistant with MQTT and the owner's login; all of it is gone afterwards."""
    async with AsyncExitStack() as stack:
        company = Company(few=few)
        stack.push_async_callback(company.stop)
        await company.start()
        home = Home(folder, port, debug=debug)
        home.furnish()
        stack.push_async_callback(home.stop)
        await home.start()
        api = await stack.enter_async_context(Api(home.url))
        await api.onboard("Demo", USER, PASSWORD)
        await flow.add_broker(api, company.broker.port)
        yield home, api, company


async def move_in(api: Api, members: Sequence[tuple[Role, Actor]]) -> list[Holding]:
    """Add every device through its dialogs, and call it what its role is called."""
    made: list[str] = []
    for role, actor in members:
        entry = await flow.add_device(
            api, actor.url, role.family, role.user, role.password, actor.answers
        )
        await api.ask("config_entries/update", entry_id=entry["entry_id"], title=role.title)
        made.append(entry["entry_id"])
    for holding in await take_stock(api):
        if holding.entry in made and holding.places[0].name != holding.title:
            device, name = holding.places[0].id, holding.title
            await api.ask("config/device_registry/update", device_id=device, name_by_user=name)
    holdings = {holding.entry: holding for holding in await take_stock(api)}
    return [holdings[entry] for entry in made]


async def decorate(api: Api, holdings: Sequence[Holding]) -> None:
    """The automation, and the dashboard as the page that opens first."""
    door = next(holding for holding in holdings if holding.title == FRONT_DOOR)
    await automation.install(api, door.watched[0])
    await api.ask(
        "frontend/set_system_data", key="core", value={"default_panel": dashboard.URL_PATH}
    )
    await api.ask(
        "lovelace/dashboards/create",
        url_path=dashboard.URL_PATH,
        title="Cameras",
        icon="mdi:cctv",
        mode="storage",
    )
    await arrange(api, holdings)


async def arrange(api: Api, holdings: Sequence[Holding]) -> None:
    """The dashboard, with all that there is now."""
    await api.ask(
        "lovelace/config/save",
        url_path=dashboard.URL_PATH,
        config=dashboard.build(families(holdings), automation.ENTITY),
    )


def families(holdings: Sequence[Holding]) -> dict[str, list[Holding]]:
    """The entries of each family, by what the dashboard calls it."""
    return {
        title: [holding for holding in holdings if FAMILY_OF[holding.title] == name]
        for name, title in FAMILIES.items()
    }


async def prove(options: argparse.Namespace, folder: Path, began: float) -> bool:
    """`--check`: raise, prove, stop, and say how it went."""
    took: dict[str, float] = {}
    async with house(folder, free_port(options.port or 0), few=True, debug=options.debug) as (
        home,
        api,
        company,
    ):
        took["start"] = time.monotonic() - began
        print(f"Home Assistant and {len(company.members)} devices are up", flush=True)
        mark = time.monotonic()
        holdings = await move_in(api, company.members)
        await decorate(api, holdings)
        took["entries"] = time.monotonic() - mark
        mark = time.monotonic()
        await company.pictures.ready()
        took["pictures"] = time.monotonic() - mark
        mark = time.monotonic()
        cast = [
            (role, actor, holding)
            for (role, actor), holding in zip(company.members, holdings, strict=True)
        ]
        proofs = await check.everything(api, cast, FRONT_DOOR)
        await films.everything(proofs, api, cast)
        holdings = await take_stock(api)
        await arrange(api, holdings)
        await proofs.run("Dashboard", partial(check.shown, api))
        took["proofs"] = time.monotonic() - mark
        mark = time.monotonic()
    took["stop"] = time.monotonic() - mark

    async def quiet() -> str:
        return check.quiet_log(home)

    await proofs.run("Home Assistant's log", quiet)
    print(check.census(families(holdings)))
    print(check.summary(proofs, began, {name: f"{value:.1f} s" for name, value in took.items()}))
    return proofs.passed


async def live(options: argparse.Namespace, folder: Path) -> bool:
    """Raise it and keep it alive until somebody ends it."""
    wanted = PORT if options.port is None else options.port
    async with house(folder, free_port(wanted), debug=options.debug) as (home, api, company):
        await decorate(api, await move_in(api, company.members))
        print(f"\n  {home.url}    user {USER}    password {PASSWORD}\n", flush=True)
        for role, actor in company.members:
            login = f"{role.user} / {role.password}" if role.user else "no login"
            print(f"  {role.title:<20} {actor.url:<28} {login}")
        print(f"\n  log: {home.log}\n  Ctrl-C ends all of it.\n", flush=True)
        # What the devices are asked about a little later is put in when it is known.
        await arrange(api, await settled(api))
        visitors = asyncio.create_task(life.live(company.members))
        ended = asyncio.create_task(home.wait())
        try:
            done, _ = await asyncio.wait({visitors, ended}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                print(f"ended: {task.result()}\n{home.tail()}", file=sys.stderr)
        finally:
            for task in (visitors, ended):
                task.cancel()
            await asyncio.gather(visitors, ended, return_exceptions=True)
    return False


async def main(options: argparse.Namespace, began: float) -> int:
    """Choose the folder, do what was asked, end in order on a signal."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None

    def end() -> None:
        # Once is enough: a second cancel would cut the tidying up short.
        if not task.cancelling():
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    if options.keep is None:
        folder = Path(tempfile.mkdtemp(prefix="cctv-develop-"))
    else:
        folder = options.keep.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            print(f"{folder} is not empty; name a new folder", file=sys.stderr)
            return 2
    good = False
    try:
        with suppress(asyncio.CancelledError):
            if options.check:
                good = await prove(options, folder, began)
            else:
                await live(options, folder)
        if task.cancelling():
            print("stopped", file=sys.stderr)
            return 130 if options.check else 0
    except (ApiError, HomeError, LookupError, OSError) as error:
        print(f"failed: {type(error).__name__}: {error}", file=sys.stderr)
        log = folder / "demonstration.log"
        if log.exists():
            print("\n".join(log.read_text("utf-8", "replace").splitlines()[-60:]), file=sys.stderr)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments(), time.monotonic())))
