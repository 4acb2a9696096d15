"""What all tests share."""

import asyncio
from collections.abc import Callable, Generator
import os
from typing import Any, Final

import pytest

_SHOWN: Final = 3_000
"""So many characters of what was logged before a failure are shown in CI."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the last of a log only: between thousands of lines nobody finds what failed."""
    report = yield
    if os.environ.get("CI"):
        report.sections = [(name, text[-_SHOWN:]) for name, text in report.sections]
    return report


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
