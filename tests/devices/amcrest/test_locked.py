"""A locked box: the login's challenge says for how long, without a password (§3.2, §3.3)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import Forbidden, InvalidAuth, Locked
from tests.devices.conftest import PASSWORD, Lend
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.grammar import Refusal


@pytest.fixture
async def box(socket_enabled: None) -> AsyncIterator[AmcrestSimulator]:
    box = AmcrestSimulator("ipc")
    box.gate.policy.lock_after = 2
    box.gate.policy.lock_seconds = 300.0
    async with box:
        yield box


async def refused(box: AmcrestSimulator, lend: Lend, password: str) -> InvalidAuth:
    """What a login comes to."""
    device = Amcrest(lend(box.url, password=password))
    with pytest.raises(InvalidAuth) as caught:
        await device.open()
    await device.close()
    return caught.value


@pytest.mark.parametrize("status", [401, 403])
async def test_a_lock_says_for_how_long(box: AmcrestSimulator, lend: Lend, status: int) -> None:
    box.gate.policy.lock_status = status
    assert not isinstance(await refused(box, lend, "wrong"), Locked)
    assert isinstance(await refused(box, lend, "wrong"), Locked)
    error = await refused(box, lend, PASSWORD)
    assert isinstance(error, Locked)
    assert error.seconds is not None
    assert 290 <= error.seconds <= 300
    assert error.placeholders == {"minutes": "5"}
    asked = [each for each in box.wire if each.target.startswith("/RPC2")]
    assert asked
    assert not any(b"wrong" in each.request.body for each in asked)
    assert not any(PASSWORD.encode() in each.request.body for each in asked)


async def test_a_box_that_speaks_no_json_is_only_refused(box: AmcrestSimulator, lend: Lend) -> None:
    box.faults.rpc2 = False
    await refused(box, lend, "wrong")
    assert not isinstance(await refused(box, lend, "wrong"), Locked)


async def listened(device: Amcrest) -> None:
    """Listen to the end."""
    async with aclosing(device.listen("events")) as feed:
        async for _ in feed:
            pass


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "ask",
    [
        lambda device: device.read("clock"),
        listened,
        lambda device: device.do("", Set("motion_detection", value=True)),
        lambda device: device.fetch("still:1"),
    ],
    ids=["read", "listen", "do", "fetch"],
)
async def test_a_lock_that_begins_while_it_runs_is_told_as_one(
    box: AmcrestSimulator,
    lend: Lend,
    status: int,
    ask: Callable[[Amcrest], Awaitable[object]],
) -> None:
    """A stranger's wrong passwords lock everybody out."""
    box.gate.policy.lock_status = status
    device = Amcrest(lend(box.url))
    await device.open()
    for _ in range(2):
        box.gate.log_in(right=False)
    with pytest.raises(Locked) as caught:
        await ask(device)
    assert caught.value.placeholders == {"minutes": "5"}
    await device.close()


async def test_a_right_that_is_missing_while_it_runs_is_no_lock(
    box: AmcrestSimulator, lend: Lend
) -> None:
    device = Amcrest(lend(box.url))
    await device.open()
    box.faults.refuse["global.getCurrentTime"] = Refusal.NO_RIGHT
    with pytest.raises(Forbidden) as caught:
        await device.read("clock")
    assert not isinstance(caught.value, Locked)
    await device.close()
