"""A bell that threads wait for; one that rings while nobody waits is not missed."""

import threading


class Bell:
    """Counts how often it rang."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0

    def ring(self) -> None:
        """Wake all who wait."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait_for_more(self, heard: int, most_s: float) -> None:
        """Wait until it has rung more often than was heard, or for so long."""
        with self._condition:
            self._condition.wait_for(lambda: self.count > heard, most_s)
