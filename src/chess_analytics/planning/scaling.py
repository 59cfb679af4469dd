"""How many slots there are: a fixed number, or as many as the waiting work asks for."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fixed:
    """As many slots at every hour."""

    least: int


@dataclass(frozen=True, slots=True)
class Scaling:
    """Slots that follow the backlog, as an autoscaler does that asks the database."""

    least: int
    most: int
    drain_s: float
    """In so long the work that waits should be done: shorter means more slots at once."""
    slots_a_worker: int = 4
    look_s: float = 30.0
    """The autoscaler looks so often."""
    start_s: float = 90.0
    """Until a new worker takes its first game: a guess, since no cluster was measured."""
    calm_looks: int = 10
    """After so many looks that want fewer slots, there are fewer."""

    def wanted(self, backlog_s: float) -> int:
        """Give the slots for so many engine seconds of work: whole workers."""
        workers = math.ceil(backlog_s / self.drain_s / self.slots_a_worker)
        return min(max(workers * self.slots_a_worker, self.least), self.most)
