"""The line from a server to whoever analyses elsewhere: a broker, or nobody.

Whoever gives work, or takes it away, says so on the line after the commit, and a place that became
free is given to the next. What is said is not needed for anything to be right: it only makes it
soon.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from chess_analytics.store.job_rows import StoredJob
from chess_analytics.store.session import Store, StoreError

_LOG = logging.getLogger(__name__)

Hear = Callable[[int, int], None]
"""Told that something has happened to a job of a user; any thread may call it."""
GivePlaces = Callable[[], Sequence[StoredJob]]
"""Lets in who waits in line, as far as there are places; gives the jobs that got one."""


class Line(Protocol):
    """What a server says to others."""

    def tell(self, user_id: int, job_id: int) -> None:
        """Say that something was done with a job; waits for no broker."""
        ...

    def look_again(self) -> None:
        """Say that a place may have become free; waits for no broker."""
        ...


class NoLine:
    """There is nobody else: whoever says something gives the places away."""

    def __init__(self, hear: Hear, give_places: GivePlaces) -> None:
        self._hear = hear
        self._give_places = give_places

    def tell(self, user_id: int, job_id: int) -> None:  # noqa: ARG002 - nobody is told
        """Let in who is next in line."""
        self.look_again()

    def look_again(self) -> None:
        """Let in who is next in line."""
        try:
            let_in = self._give_places()
        except (StoreError, SQLAlchemyError) as error:
            # What was asked for is done; the sweep lets them in.
            _LOG.warning("jobs.line_waits error=%s", type(error).__name__)
            return
        for job in let_in:
            self._hear(job.user_id, job.id)


@contextmanager
def open_line(
    store: Store, broker_url: str | None, hear: Hear, give_places: GivePlaces
) -> Iterator[Line]:
    """Open the line to a fleet, if there is a broker; ``hear`` is told what others say.

    Workers of a fleet need not know how many places there are: they say that a job has ended, and
    the servers give its place away.
    """
    if broker_url is None:
        yield NoLine(hear, give_places)
        return
    # Celery takes half a second to import, which nobody without a broker should wait for.
    from chess_analytics.jobs.fleet.line import open_fleet_line  # noqa: PLC0415

    with open_fleet_line(store, broker_url, hear, give_places) as line:
        yield line
