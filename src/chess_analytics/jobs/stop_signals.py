"""SIGINT and SIGTERM for a process that analyses: the first is polite, the second is not."""

import signal
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType
from typing import Protocol

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_HALTS_AT = 2


class Stoppable(Protocol):
    """What can be told to stop in two ways."""

    def drain(self) -> None:
        """Begin nothing new."""
        ...

    def halt(self) -> None:
        """Stop at once."""
        ...


@contextmanager
def stopped_by_signals(*those: Stoppable, pass_on: bool) -> Iterator[None]:
    """Let the first signal drain those who work, and the second halt them.

    ``pass_on`` hands the first one to whoever listened before, such as the web server around us,
    and all after the second: whoever gives three signals does not want to wait for anybody. Only
    the main thread hears signals; in any other nothing happens.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ears = _Ears(pass_on=pass_on)
    acting = threading.Thread(target=ears.act, args=(those,), name="stop-signals", daemon=True)
    acting.start()
    for number in _SIGNALS:
        signal.signal(number, ears.hear)
    try:
        yield
    finally:
        for number, listener in ears.before.items():
            signal.signal(number, listener)
        ears.heard.put(None)
        acting.join()


class _Ears:
    """Hears signals in the main thread, and acts on them in another.

    A handler may interrupt any line of its thread, with any lock held: it puts what it hears into a
    queue that is made for that, and what takes locks is done elsewhere.
    """

    def __init__(self, *, pass_on: bool) -> None:
        self.heard: SimpleQueue[int | None] = SimpleQueue()
        self.before = {number: signal.getsignal(number) for number in _SIGNALS}
        self._pass_on = pass_on
        self._count = 0

    def hear(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        self.heard.put(number)
        listener = self.before[signal.Signals(number)]
        if self._pass_on and self._count != _HALTS_AT and callable(listener):
            listener(number, frame)

    def act(self, those: Collection[Stoppable]) -> None:
        for steps in ([each.drain for each in those], [each.halt for each in those]):
            if self.heard.get() is None:
                return
            for step in steps:
                step()
