"""Where tasks are worked on: the database, the clocks, and in whose name."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import Connection

from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.store.job_rows import Service
from chess_analytics.store.session import Store
from chess_analytics.store.task_claims import TaskClaim, claim_task

LEASE_MS = 60_000
"""A worker that was silent for so long is taken for dead."""

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class TaskDesk:
    """All that claiming and saving needs."""

    store: Store
    worker: str
    """A name that no other worker has, on whichever machine."""
    lease_clock: Callable[[Connection], int]
    """The clock by which leases go, see `store.lease_clock`."""
    now_ms: Callable[[], int]
    """The clock on the wall, for what people read."""
    quiet: QuietHours = field(default_factory=QuietHours)

    @property
    def today(self) -> int:
        """Days since 1970."""
        return self.now_ms() // _DAY_MS

    @contextmanager
    def writing(self) -> Iterator[tuple[Connection, int]]:
        """Open a short transaction, and tell the time by which leases go.

        After a power failure on SQLite the last ones may be missing, whole: their games are then
        analysed again, by the claims that are missing with them. The beat makes all of them outlast
        such a failure every second.
        """
        with self.store.writing(outlasts_power=False) as connection:
            yield connection, self.lease_clock(connection)

    def services(self) -> tuple[Service, ...]:
        """Name the classes of work that are done at this hour."""
        moment = datetime.fromtimestamp(self.now_ms() / 1000).astimezone().time()
        return (Service.INTERACTIVE,) if self.quiet.holds(moment) else tuple(Service)

    def claim(
        self, services: Collection[Service] = tuple(Service)
    ) -> tuple[TaskClaim, float] | None:
        """Take the task that is next; give it and the monotonic time up to which it is held.

        ``services`` are the classes of work to choose from, at hours at which they are done.
        """
        asked_s = monotonic()
        with self.writing() as (connection, now_ms):
            claim = claim_task(
                connection,
                self.worker,
                now_ms=now_ms,
                lease_ms=LEASE_MS,
                services=[each for each in self.services() if each in services],
            )
        return (claim, asked_s + LEASE_MS / 1000) if claim else None
