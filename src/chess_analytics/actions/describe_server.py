"""Tell how the whole server does, for who runs it: queue, workers, pace, failures, versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.store.job_pace import WORKER_MS
from chess_analytics.store.queue_state import QueueState, queue_state
from chess_analytics.store.server_state import (
    DatabaseFacts,
    DoneLately,
    FailedTask,
    TaskAtHand,
    count_failed,
    database_facts,
    done_lately,
    failed_lately,
    tasks_at_hand,
)
from chess_analytics.store.workers import SeenWorker, workers_seen_since

_PACE_MS = 300_000
_DAY_MS = 86_400_000
# Who has more has one cause for all of them.
_FAILURES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ServerStanding:
    """How the server does at one moment. It names no user, no game and no file."""

    now_ms: int
    queue: QueueState
    workers: Sequence[SeenWorker]
    """That were seen in the last day."""
    at_hand: Sequence[TaskAtHand]
    lately: DoneLately
    """In the last five minutes."""
    failed_in_a_day: int
    failures: Sequence[FailedTask]
    """The latest of them."""
    database: DatabaseFacts

    def is_alive(self, worker: SeenWorker) -> bool:
        """Tell whether a worker was seen in the last minute."""
        return self.now_ms - worker.seen_ms < WORKER_MS


def describe_server(connection: Connection, *, now_ms: int) -> ServerStanding:
    """Read how the server does, from its rows."""
    since_ms = now_ms - _DAY_MS
    return ServerStanding(
        now_ms=now_ms,
        queue=queue_state(connection),
        workers=workers_seen_since(connection, since_ms),
        at_hand=tasks_at_hand(connection),
        lately=done_lately(connection, now_ms=now_ms, over_ms=_PACE_MS),
        failed_in_a_day=count_failed(connection, since_ms=since_ms),
        failures=failed_lately(connection, since_ms=since_ms, limit=_FAILURES_SHOWN),
        database=database_facts(connection),
    )
