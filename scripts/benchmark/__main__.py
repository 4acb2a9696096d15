"""Run the suites that were named, or all."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
import logging
from pathlib import Path
import sys
from typing import Final

from . import events, listing, recordings, startup, watching
from .rows import Row, table, write

SUITES: Final[dict[str, Callable[[], Awaitable[list[Row]]]]] = {
    "events": events.run,
    "remuxing": recordings.run,
    "watching": watching.run,
    "listing": listing.run,
    "startup": startup.run,
}
GROUPS: Final = {"recordings": ("remuxing", "watching", "listing")}
"""Suites that go together."""
KNOWN: Final = ", ".join((*SUITES, *GROUPS))


async def main() -> int:
    """Measure, print, write; 1 where a target was missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure what is claimed.")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {KNOWN}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here too")
    options = parser.parse_args()
    if unknown := set(options.suites) - SUITES.keys() - GROUPS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {KNOWN}")
    # Home Assistant's log goes to its folder; here it would drown the figures.
    logging.disable(logging.WARNING)
    rows: list[Row] = []
    wanted = [part for name in options.suites or SUITES for part in GROUPS.get(name, (name,))]
    for name in dict.fromkeys(wanted):
        found = await SUITES[name]()
        print(f"{name}\n{table(found)}", flush=True)
        rows += found
    if options.json is not None:
        await asyncio.to_thread(write, rows, options.json)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
