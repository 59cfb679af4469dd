"""Where tasks are worked on: the database, the clocks, and in whose name."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import Connection

from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.store.game_text import GameToAnalyse, find_game_to_analyse
from chess_analytics.store.job_rows import Service
from chess_analytics.store.session import Store
from chess_analytics.store.task_claims import (
    Finished,
    TaskClaim,
    Wish,
    claim_task,
    finish_and_go_on,
    hold_task,
)

LEASE_MS = 60_000
"""A worker that was silent for so long is taken for dead."""

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A task that is ours for a while."""

    claim: TaskClaim
    game: GameToAnalyse | None
    """Absent where it was deleted just now."""
    held_until_s: float
    """The monotonic time up to which nobody else can take it."""


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

    def claim(self, services: Collection[Service]) -> Taken | None:
        """Take the task that is next, and read its game.

        ``services`` are the classes of work to choose from, at hours at which they are done.
        """
        asked_s = monotonic()
        wish = self._wish(services)
        with self.writing() as (connection, now_ms):
            claim = claim_task(
                connection,
                wish.worker,
                now_ms=now_ms,
                lease_ms=wish.lease_ms,
                services=wish.services,
            )
            return _taken(connection, claim, asked_s)

    def finish(
        self,
        claim: TaskClaim,
        save: Callable[[Connection], Finished],
        services: Collection[Service],
    ) -> Taken | None:
        """Save what came of a task, and take the next one in the same transaction.

        It is taken from the classes ``services``, if there are any. Where none is given back,
        `claim` may still find one.

        Raises:
            TaskLost: the task is not ours any more.
            sqlalchemy.exc.IntegrityError: ``save`` contradicts what is there; or only the next task
                does, and without classes all is well.
        """
        asked_s = monotonic()
        wish = self._wish(services) if services else None
        with self.writing() as (connection, now_ms):
            hold_task(connection, claim)
            done = save(connection)
            following = finish_and_go_on(connection, claim, done, wish, now_ms=now_ms)
            return _taken(connection, following, asked_s)

    def _wish(self, services: Collection[Service]) -> Wish:
        now = [each for each in self.services() if each in services]
        return Wish(self.worker, LEASE_MS, now)


def _taken(connection: Connection, claim: TaskClaim | None, asked_s: float) -> Taken | None:
    if claim is None:
        return None
    game = find_game_to_analyse(connection, claim.user_id, claim.game_id)
    return Taken(claim, game, asked_s + LEASE_MS / 1000)
