"""Queue and workers as metrics: looked up in the database, so that they are the same everywhere.

Every server and beat shows the same numbers; whoever reads several takes their greatest.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from chess_analytics.observability.exposition import Gauged
from chess_analytics.store.job_pace import WORKER_MS
from chess_analytics.store.lease_clock import LeaseClock, lease_clock
from chess_analytics.store.queue_state import QueueState, queue_state
from chess_analytics.store.session import Store
from chess_analytics.store.workers import SeenWorker, workers_seen_since

# However many ask, the database is asked no more often.
_KEPT_S = 5.0


def queue_metrics(store: Store, clock: LeaseClock | None = None) -> Callable[[], Sequence[Gauged]]:
    """Give what looks up the queue of a library, for `observability.exposition.exposing`."""
    return _Looking(store, clock or lease_clock(store)).look


class _Looking:
    def __init__(self, store: Store, clock: LeaseClock) -> None:
        self._store = store
        self._clock = clock
        self._lock = Lock()
        self._looked_s: float | None = None
        self._found: Sequence[Gauged] = ()

    def look(self) -> Sequence[Gauged]:
        with self._lock:
            if self._looked_s is None or monotonic() - self._looked_s > _KEPT_S:
                self._found = self._ask()
                self._looked_s = monotonic()
            return self._found

    def _ask(self) -> Sequence[Gauged]:
        try:
            with self._store.reading() as connection:
                now_ms = self._clock(connection)
                state = queue_state(connection)
                seen = workers_seen_since(connection, now_ms - WORKER_MS)
        except SQLAlchemyError:
            return [_database_up(0), _connections(self._store)]
        return [
            _database_up(1),
            _connections(self._store),
            *_of_queue(state, now_ms),
            *_of_workers(seen),
        ]


def _database_up(value: int) -> Gauged:
    return Gauged("chess_analytics_database_up", "Whether the database answers.", [({}, value)])


def _connections(store: Store) -> Gauged:
    return Gauged(
        "chess_analytics_database_connections",
        "Connections of this process to the database that are in use.",
        [({}, store.connections_in_use)],
    )


def _of_queue(state: QueueState, now_ms: int) -> list[Gauged]:
    by_class = [({"class": service.name.lower()}, each) for service, each in state.classes.items()]
    return [
        Gauged(
            "chess_analytics_queued_tasks",
            "Games that wait for a slot.",
            [(labels, each.queued) for labels, each in by_class],
        ),
        Gauged(
            "chess_analytics_running_tasks",
            "Games at an engine.",
            [(labels, each.running) for labels, each in by_class],
        ),
        Gauged(
            "chess_analytics_backlog_engine_seconds",
            "What the games that wait are expected to take, in seconds of one engine.",
            [(labels, each.backlog_s) for labels, each in by_class],
        ),
        Gauged(
            "chess_analytics_oldest_queued_seconds",
            "The age of the oldest job of which a game waits; 0 where none does.",
            [
                (labels, 0 if each.oldest_ms is None else max(0, now_ms - each.oldest_ms) / 1000)
                for labels, each in by_class
            ],
        ),
        Gauged(
            "chess_analytics_open_jobs",
            "Jobs that have not ended.",
            [({"state": job_state}, count) for job_state, count in state.jobs.items()],
        ),
    ]


def _of_workers(seen: Sequence[SeenWorker]) -> list[Gauged]:
    able = [each.report for each in seen if each.report.engine]
    return [
        Gauged(
            "chess_analytics_workers",
            "Processes that analyse and were seen in the last minute, by whether they can.",
            [({"engine": "found"}, len(able)), ({"engine": "missing"}, len(seen) - len(able))],
        ),
        Gauged(
            "chess_analytics_worker_slots",
            "Games that the workers with an engine can be at.",
            [({}, sum(report.slots for report in able))],
        ),
        Gauged(
            "chess_analytics_worker_slots_busy",
            "Games that they are at.",
            [({}, sum(report.busy for report in able))],
        ),
        Gauged(
            "chess_analytics_engine_nodes_per_second",
            "Of one engine, as the workers measured it last, on average; 0 where none has.",
            [({}, _mean([report.nps for report in able if report.nps]))],
        ),
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
