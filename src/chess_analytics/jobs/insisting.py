"""Try again what a database refused for a moment."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

from chess_analytics.store.passing import may_pass

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0

T = TypeVar("T")


def insist(act: Callable[[], T], until_s: Callable[[], float], give_up: Event) -> T:
    """Act until the database takes it; with longer and longer pauses, up to a monotonic time.

    Raises:
        Exception: as the last attempt did: ``give_up`` was set, the time is over, or the same
            would come again.
    """
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return act()
        except Exception as error:
            if not may_pass(error) or give_up.is_set() or monotonic() + pause_s > until_s():
                raise
        give_up.wait(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
