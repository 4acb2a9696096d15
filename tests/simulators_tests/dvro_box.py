"""What the tests of the simulated DVR+O share: a clock that stands still, and questions."""

from datetime import datetime
import json
from typing import Any

from tests.simulators.dvro import DvroSimulator
from tests.simulators.wire import WireServer
from tests.simulators_tests.raw import Answer, Raw

AT = datetime(2026, 4, 5, 14, 30, 7, 89_000)  # noqa: DTZ001
INSPECTOR = "/api/inspector"
DATA = "C:\\tmp\\Data1"


def simulator(personality: str = "seed", **fields: Any) -> DvroSimulator:
    """A recorder whose clock only moves when it is told to."""
    return DvroSimulator(personality, now=lambda: AT, **fields)


async def whole(
    server: WireServer, target: str, body: bytes = b"", method: str | None = None
) -> Answer:
    """One request on a connection of its own, and every byte of the answer."""
    async with await Raw.connect(server) as raw:
        verb = method or ("POST" if body else "GET")
        raw.send(target, "Connection: close", method=verb, body=body)
        head, _, rest = (await raw.rest()).partition(b"\r\n\r\n")
        return Answer(head + b"\r\n\r\n", rest)


async def ask(
    server: WireServer, target: str, body: bytes = b"", method: str | None = None
) -> Answer:
    """The same with the chunks put together."""
    answer = await whole(server, target, body, method)
    if answer.header("Transfer-Encoding") != "chunked":
        return answer
    text, rest = b"", answer.body
    while size := int(rest.partition(b"\r\n")[0], 16):
        rest = rest.partition(b"\r\n")[2]
        text += rest[:size]
        rest = rest[size + 2 :]
    assert rest == b"0\r\n\r\n"
    return Answer(answer.head, text)


async def command(box: DvroSimulator, name: str, members: object = None) -> None:
    """A command of the inspector that must succeed with nothing to say."""
    body = b"" if members is None else json.dumps(members).encode()
    answer = await ask(box, f"{INSPECTOR}/{name}", body)
    assert (answer.status, answer.body) == (200, b""), name


async def reading(box: DvroSimulator, name: str) -> bytes:
    """What a question to the inspector gets."""
    answer = await ask(box, f"{INSPECTOR}/{name}")
    assert answer.status == 200
    return answer.body


async def refused(server: WireServer) -> bool:
    """Whether the port takes no connection."""
    try:
        async with await Raw.connect(server):
            return False
    except ConnectionRefusedError:
        return True
