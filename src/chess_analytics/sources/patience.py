"""How we treat a site that is busy or fails: one request at a time, longer waits, then an end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from chess_analytics.sources.http import (
    Hiccup,
    SourceBusy,
    SourceUnreachable,
    StoppedByUser,
    Wait,
)

# Three minutes in all: longer than a restart of a site takes.
PAUSES_S = (2.0, 5.0, 15.0, 45.0, 120.0)

# A site that wants to be left alone for longer gets it, but not by our waiting.
_LONGEST_PAUSE_S = 3600.0
_BUSY_RETRY_S = 900.0
_TURN_S = 1.0

# The sites allow one request at a time from one address: from all imports of this process, too.
_turns: dict[str, threading.Lock] = {}


@contextmanager
def turn_at(base: str, wait: Wait) -> Iterator[None]:
    """Wait until no other import of this process asks the site."""
    turn = _turns.setdefault(base, threading.Lock())
    while not turn.acquire(blocking=False):
        wait(_TURN_S)
    try:
        yield
    finally:
        turn.release()


def stoppable_wait(stop: threading.Event) -> Wait:
    """Give a wait that ends at once, with StoppedByUser, when somebody sets the event."""

    def wait(seconds: float) -> None:
        if stop.wait(seconds):
            raise StoppedByUser("the import was stopped. Start it again: it goes on from there.")

    return wait


class Retries:
    """Counts the failures in a row, and waits after each until there were too many."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        self._failures = 0

    def progressed(self) -> None:
        self._failures = 0

    def pause(self, hiccup: Hiccup) -> None:
        """Wait before the next try.

        Raises:
            SourceBusy: the site limits our requests, and waiting does not help.
            SourceUnreachable: it fails in another way, and waiting does not help.
        """
        if self._failures == len(PAUSES_S) or hiccup.least_s > _LONGEST_PAUSE_S:
            raise _end(hiccup, self._failures) from hiccup
        pause_s = max(PAUSES_S[self._failures], hiccup.least_s)
        self._failures += 1
        self._wait(pause_s)


def _end(hiccup: Hiccup, waits: int) -> SourceBusy | SourceUnreachable:
    again = f", also after {waits} waits" if waits else ""
    retry_after_s = max(_BUSY_RETRY_S, hiccup.least_s)
    if hiccup.is_busy or hiccup.least_s > _LONGEST_PAUSE_S:
        minutes = f"{retry_after_s / 60:,.0f}"
        return SourceBusy(
            f"{hiccup.why}{again}. Start the import again in {minutes} minutes: "
            "it goes on from where it came to.",
            retry_after_s,
        )
    return SourceUnreachable(
        f"{hiccup.why}{again}. Check the network, and whether the site works in a browser; then "
        "start the import again: it goes on from where it came to."
    )
