"""Run one simulated device in the foreground: python -m tests.simulators FAMILY."""

import argparse
import asyncio
from contextlib import AsyncExitStack
import signal
import sys

from tests.simulators.control import Control
from tests.simulators.families import FAMILIES, SimulatedFamily


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Take the command line apart."""
    listing = "\n".join(
        f"  {family.name:<9} {name:<10} {summary}"
        for family in FAMILIES.values()
        for name, summary in family.personalities.items()
    )
    parser = argparse.ArgumentParser(
        prog="scripts/simulate",
        description="Run a simulated device on 127.0.0.1 until interrupted.",
        epilog=f"families and personalities:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("family", choices=list(FAMILIES), metavar="FAMILY")
    parser.add_argument("--personality", help="which model (the first one listed)")
    parser.add_argument("--port", type=int, default=0, help="port of the device (any free one)")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control endpoint")
    parser.add_argument("--rtsp-port", type=int, help="port that the device says its RTSP has")
    parser.add_argument("--user", help="name of the account")
    parser.add_argument("--password", help="password of the account")
    parser.add_argument(
        "--live", type=float, metavar="SECONDS", help="motion comes and goes this often"
    )
    options = parser.parse_args(arguments)
    known = FAMILIES[options.family].personalities
    if options.personality is not None and options.personality not in known:
        parser.error(f"{options.family} has no personality {options.personality}")
    return options


async def run(family: SimulatedFamily, options: argparse.Namespace) -> None:
    """Serve until a signal comes."""
    simulator = family.make(
        personality=options.personality or next(iter(family.personalities)),
        user=family.user if options.user is None else options.user,
        password=family.password if options.password is None else options.password,
        port=options.port,
        rtsp_port=options.rtsp_port,
    )
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(simulator)
        control = await stack.enter_async_context(Control(simulator, options.control_port))
        print(f"device   {simulator.url}")
        print(f"control  {control.url}", flush=True)
        waiting = asyncio.create_task(stopped.wait())
        tasks: set[asyncio.Task[object]] = {waiting}
        if options.live:
            tasks.add(asyncio.create_task(simulator.live(options.live)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def main() -> int:
    """Run what the command line asks for."""
    options = read_arguments(sys.argv[1:])
    asyncio.run(run(FAMILIES[options.family], options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
