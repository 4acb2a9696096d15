"""A client of the JSON calls made of nothing but sockets and hashes (§3.3)."""

import hashlib
import json
from typing import Any, Self

from tests.simulators.wire import WireServer
from tests.simulators_tests.raw import PASSWORD, USER, Raw


class Rpc:
    """One session."""

    def __init__(self, server: WireServer) -> None:
        self._server = server
        self._session: object = 0

    async def __aenter__(self) -> Self:
        params = {"userName": USER, "password": "", "loginType": "Direct"}
        asked = await self._post("/RPC2_Login", "global.login", params)
        self._session = asked["session"]
        inner = _md5(f"{USER}:{asked['params']['realm']}:{PASSWORD}")
        password = _md5(f"{USER}:{asked['params']['random']}:{inner}")
        params |= {"password": password, "authorityType": "Default"}
        done = await self._post("/RPC2_Login", "global.login", params)
        assert done["result"] is True
        self._session = done["session"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.call("global.logout")

    async def call(self, method: str, params: object = None, handle: object = None) -> Any:
        """One call, and all that was said to it."""
        return await self._post("/RPC2", method, params, handle)

    async def result(self, method: str, handle: object = None, params: object = None) -> object:
        """Only its result, of a call that was taken."""
        said = await self.call(method, params, handle)
        assert "error" not in said, said
        return said["result"]

    async def params(self, method: str, handle: object = None, params: object = None) -> object:
        """Only its parameters, of a call that was taken."""
        said = await self.call(method, params, handle)
        assert "error" not in said, said
        return said["params"]

    async def _post(
        self, path: str, method: str, params: object, handle: object = None
    ) -> dict[str, Any]:
        said: dict[str, object] = {"id": 3, "session": self._session, "method": method}
        said["params"] = params
        if handle is not None:
            said["object"] = handle
        async with await Raw.connect(self._server) as raw:
            answer = await raw.ask(
                path,
                "Content-Type: application/json",
                method="POST",
                body=json.dumps(said).encode(),
            )
        assert answer.status == 200
        heard: dict[str, Any] = json.loads(answer.body)
        return heard


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest().upper()
