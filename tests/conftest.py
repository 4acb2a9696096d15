"""What all tests share."""

import asyncio
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
import os
import time
from typing import Any, Final

from homeassistant.util.executor import InterruptibleThreadPoolExecutor
import pytest

_SHOWN: Final = 3_000
"""So many characters of what was logged before a failure are shown in CI."""


def pytest_configure() -> None:
    """Have simulated boxes live in UTC, in whatever zone the machine is: no hour comes twice."""
    os.environ["TZ"] = "UTC"
    time.tzset()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the last of a log only: between thousands of lines nobody finds what failed."""
    report = yield
    if os.environ.get("CI"):
        report.sections = [(name, text[-_SHOWN:]) for name, text in report.sections]
    return report


@pytest.fixture(autouse=True, scope="session")
def _patient_executors() -> Iterator[None]:
    """Wait for what threads do at the end of a test, and interrupt none.

    Home Assistant interrupts a thread that has not ended a tenth of a second later. On a busy
    machine that may be one that was just told to end and is about to tell the next, which then
    waits for ever.
    """

    def shutdown(self: InterruptibleThreadPoolExecutor, *args: object, **options: object) -> None:
        ThreadPoolExecutor.shutdown(self, wait=True, cancel_futures=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InterruptibleThreadPoolExecutor, "shutdown", shutdown)
        yield


@pytest.fixture(autouse=True)
async def enable_event_loop_debug() -> None:
    """Find who calls a loop from another thread, in place of the loop's whole debug mode.

    That keeps a stack of every future too, which takes longer than all the tests themselves.
    """
    loop: Any = asyncio.get_running_loop()

    def checked(method: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            loop._check_thread()
            return method(*args, **options)

        return call

    loop.call_soon = checked(loop.call_soon)
    loop.call_at = checked(loop.call_at)
