"""What a server does when others tell what they have done."""

import threading

from chess_analytics.jobs.fleet.line import FleetLine
from chess_analytics.jobs.fleet.news import Teller

_TOLD = 100
_NOBODY = "redis://127.0.0.1:1/0"


def test_much_that_others_tell_is_looked_after_together() -> None:
    looks, looked = 0, threading.Semaphore(0)

    def ring() -> None:
        nonlocal looks
        looks += 1
        looked.release()

    line = FleetLine(list, ring, Teller(_NOBODY))
    line.start()
    try:
        # At the start, for what waits already.
        assert looked.acquire(timeout=60)
        for _ in range(_TOLD):
            line.hear()
        assert looked.acquire(timeout=60)
    finally:
        line.stop()
    assert looks < _TOLD / 5
