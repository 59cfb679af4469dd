"""Whether a worker or a beat on this machine does what it is for; being there is not enough."""

from collections.abc import Collection
from pathlib import Path

from chess_analytics.jobs.fleet.pulse import beating, hearing, visiting
from chess_analytics.store.job_rows import Service
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import Store
from chess_analytics.store.waiting_tasks import count_waiting

_PULSE_S = 60.0
# Longer than bells can be lost. To be at a game counts as a visit, however long it takes.
_VISIT_S = 300.0


def worker_ails(
    data_dir: Path, store: Store, services: Collection[Service] = tuple(Service)
) -> str | None:
    """Say what is wrong with the worker that has this data folder; nothing if all is well.

    Workers have been seen that answer their broker, and never work again. So it counts, too,
    whether there is work of the classes that it does, and none of it is taken.
    """
    if not hearing(data_dir).is_felt(_PULSE_S):
        return "the worker has not heard from its broker for a minute"
    if visiting(data_dir).is_felt(_VISIT_S):
        return None
    with store.reading() as connection:
        waiting = count_waiting(connection, now_ms=lease_clock(store)(connection), most=1)
    if any(waiting[service] for service in services):
        return "games wait, and the worker has taken none for five minutes"
    return None


def beat_ails(data_dir: Path) -> str | None:
    """Say what is wrong with the beat that has this data folder; nothing if all is well."""
    if beating(data_dir).is_felt(_PULSE_S):
        return None
    return "the beat has not got through its duties for a minute"
