"""How the children of a worker process hear that it is to stop: a page of memory they share.

Celery's own ways are to wait for its children for ever, or to kill them after a time in which it
hears nothing. With this they end by themselves, games are given back, messages acknowledged.
"""

import mmap
import struct
import time

_MOMENT = struct.Struct("d")


class Notice:
    """Made before the children are; tells them the monotonic time up to which they may work."""

    def __init__(self) -> None:
        # Anonymous and shared: what one process writes is what its children read.
        self._page = mmap.mmap(-1, _MOMENT.size)

    def give(self, grace_s: float) -> None:
        """Say that visits should end within so many seconds; the first word counts."""
        if not self.is_given:
            self._page[: _MOMENT.size] = _MOMENT.pack(time.monotonic() + grace_s)

    @property
    def is_given(self) -> bool:
        """Tell whether nothing new should be begun."""
        return self._until_s() > 0

    def left_s(self) -> float | None:
        """Tell how many seconds are left for what was begun; nothing if there is no end to it."""
        until_s = self._until_s()
        return until_s - time.monotonic() if until_s > 0 else None

    def _until_s(self) -> float:
        (until_s,) = _MOMENT.unpack(self._page[: _MOMENT.size])
        return float(until_s)
