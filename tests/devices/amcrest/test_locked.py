"""A locked box: the login's challenge says for how long, without a password (§3.2, §3.3)."""

from collections.abc import AsyncIterator
import json

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.errors import InvalidAuth, Locked
from tests.devices.conftest import PASSWORD, Lend
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.wire import Connection, Reply, Request


class Challenger(AmcrestSimulator):
    """A box that also answers the first step of the JSON login."""

    says_how_long = True
    broken = False

    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        if request.path != "/RPC2_Login":
            return await super().respond(request, connection)
        asked = json.loads(request.body)
        assert asked["params"]["password"] == ""
        code = 268632081 if self.gate.locked else 268632079
        params: dict[str, object] = {"realm": "Login to x", "random": "1", "encryption": "Default"}
        if self.gate.locked and self.says_how_long:
            params["remainLockSecond"] = round(self.gate.lock_remaining)
        answer = {"id": 1, "result": False, "error": {"code": code}, "params": params}
        return Reply(200, b"<html>" if self.broken else json.dumps(answer).encode())


@pytest.fixture
async def box(socket_enabled: None) -> AsyncIterator[Challenger]:
    box = Challenger("ipc")
    box.gate.policy.lock_after = 2
    box.gate.policy.lock_seconds = 300.0
    async with box:
        yield box


async def refused(box: Challenger, lend: Lend, password: str) -> InvalidAuth:
    """What a login comes to."""
    device = Amcrest(lend(box.url, password=password))
    with pytest.raises(InvalidAuth) as caught:
        await device.open()
    await device.close()
    return caught.value


@pytest.mark.parametrize("status", [401, 403])
async def test_a_lock_says_for_how_long(box: Challenger, lend: Lend, status: int) -> None:
    box.gate.policy.lock_status = status
    assert not isinstance(await refused(box, lend, "wrong"), Locked)
    assert isinstance(await refused(box, lend, "wrong"), Locked)
    error = await refused(box, lend, PASSWORD)
    assert isinstance(error, Locked)
    assert error.seconds is not None
    assert 290 <= error.seconds <= 300
    assert error.placeholders == {"minutes": "5"}


async def test_a_lock_that_says_no_time_is_a_lock(box: Challenger, lend: Lend) -> None:
    box.says_how_long = False
    await refused(box, lend, "wrong")
    error = await refused(box, lend, "wrong")
    assert isinstance(error, Locked)
    assert error.seconds is None


async def test_a_box_that_speaks_no_json_is_only_refused(box: Challenger, lend: Lend) -> None:
    box.broken = True
    await refused(box, lend, "wrong")
    assert not isinstance(await refused(box, lend, "wrong"), Locked)
