"""How tests end: what threads do is waited for, as a busy machine may take long over it."""

import threading

from homeassistant.util import executor
import pytest


def test_a_thread_is_waited_for_and_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "EXECUTOR_SHUTDOWN_TIMEOUT", 0)
    pool = executor.InterruptibleThreadPoolExecutor(max_workers=1)
    begun, told = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        told.wait()
        return "done"

    job = pool.submit(work)
    begun.wait()
    end = threading.Thread(target=pool.shutdown)
    end.start()
    # With nothing in hand it would have been interrupted, and gone, by now.
    end.join(timeout=0.2)
    told.set()
    end.join()
    assert job.result() == "done"
