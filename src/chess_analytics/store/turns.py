"""Whose turn it is to write: first come, first served."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError as PoolTimeout


class Turns:
    """A lock that goes to whoever has waited longest.

    The locks of the standard library go to anybody: a thread that asks again at once can keep
    all others out for as long as it likes.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and have it.

        Raises:
            sqlalchemy.exc.TimeoutError: it did not come, as when a pool has no connection.
        """
        self._wait()
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(self._patience_s):
            return
        with self._lock:
            if not mine.is_set():
                self._waiting.remove(mine)
                raise PoolTimeout(f"others have been writing for {self._patience_s:.0f} seconds")

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
