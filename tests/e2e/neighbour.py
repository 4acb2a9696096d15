"""The house in a process of its own, asked by lines of JSON on stdin: simulators, Home Assistant.

The harness of the other tests watches over sockets and tasks; this house is none of its business.
"""

import asyncio
import json
from pathlib import Path
import sys
from typing import Any, Final

from scripts.demo.__main__ import PASSWORD, USER, Company, decorate, house, move_in
from scripts.demo.actor import Actor, Keeper
from scripts.demo.api import Api
from scripts.demo.cast import FRONT_DOOR
from scripts.demo.home import free_port
from scripts.demo.inventory import settled, take_stock

STOP: Final = "stop"


class Neighbour:
    """What may be asked."""

    def __init__(self, api: Api, company: Company) -> None:
        """Answer for this house."""
        self._api = api
        self._company = company

    def actor(self, title: str) -> Actor:
        """The device of that name."""
        return next(actor for role, actor in self._company.members if role.title == title)

    async def cast(self) -> Any:
        """Address and login of each device."""
        return {
            role.title: {"url": actor.url, "user": role.user, "password": role.password}
            for role, actor in self._company.members
        }

    async def motion(self, title: str, on: bool) -> Any:
        """Motion begins or ends."""
        await self.actor(title).levels[0].pull(on)

    async def setting(self, title: str, key: str) -> Any:
        """What a device keeps under a name."""
        actor = self.actor(title)
        return actor.setting(key) if isinstance(actor, Keeper) else None

    async def pictures(self, *titles: str) -> Any:
        """Wait until these devices' pictures are drawn, or all."""
        looks = [look for title in titles for look in self.actor(title).looks]
        await self._company.pictures.ready(*looks)

    async def others_move_in(self) -> Any:
        """Add all but the front door, and lay out the dashboard."""
        await self.all_move_in()
        await decorate(self._api, await take_stock(self._api))

    async def all_move_in(self) -> Any:
        """Add whoever is not there yet, and wait until all that they have is known.

        The front door may be there already, by another name.
        """
        entries = await self._api.ask("config_entries/get", domain="cctv")
        if len(entries) == 1:
            (door,) = entries
            await self._api.ask(
                "config_entries/update", entry_id=door["entry_id"], title=FRONT_DOOR
            )
        known = {FRONT_DOOR} if len(entries) == 1 else {entry["title"] for entry in entries}
        missing = [member for member in self._company.members if member[0].title not in known]
        await move_in(self._api, missing)
        await settled(self._api)

    async def lively(self) -> Any:
        """Something happens at several cameras, so that there is something to see."""
        for _, actor in self._company.members:
            await actor.levels[0].pull(True)
            for moment in actor.moments:
                await moment.fire()


async def main(folder: Path) -> None:
    """Raise the house, and answer each line with a line."""
    async with house(folder, free_port()) as (home, api, company):
        neighbour = Neighbour(api, company)
        answer: Any = {"url": home.url, "user": USER, "password": PASSWORD}
        while True:
            print(json.dumps(answer), flush=True)
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line or (command := json.loads(line))[0] == STOP:
                return
            answer = await getattr(neighbour, command[0])(*command[1:])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
