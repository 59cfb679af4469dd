"""Turn Ctrl-C and SIGTERM into a polite request to stop; the second one is not polite."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether the user wants us to stop; ``event`` is set by the first signal."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._is_waiting = False

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let a signal break into the body: for waiting, where nothing can be left half done.

        Raises:
            KeyboardInterrupt: a signal came, or had come before.
        """
        self._is_waiting = True
        try:
            if self.event.is_set():
                raise KeyboardInterrupt
            yield
        finally:
            self._is_waiting = False

    def ask(self) -> None:
        """Take note of a signal; called by its handler, in the main thread."""
        self.event.set()
        if self._is_waiting:
            raise KeyboardInterrupt


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Give a stop that the first signal asks for; the next one acts as if we were not here."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        restore()
        stop.ask()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, ask_to_stop)
    try:
        yield stop
    finally:
        restore()
