"""The server's own engines: they analyse what the API has accepted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request

from chess_analytics.engine.discovery import Places
from chess_analytics.engine.machine import usable_cores
from chess_analytics.engine.uci import UciSettings
from chess_analytics.jobs.beat import Upkeep
from chess_analytics.jobs.engine_supply import InstalledEngine
from chess_analytics.jobs.local import LocalWorkers, WorkPlan
from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.jobs.stop_signals import Stoppable, stopped_by_signals
from chess_analytics.settings import Settings
from chess_analytics.store.session import Store


@contextmanager
def analysing(settings: Settings, store: Store, *others: Stoppable) -> Iterator[LocalWorkers]:
    """Analyse in the background as long as the server runs; without workers, only sweep.

    ``others`` hear as well when the server is told to stop.
    """
    uci = UciSettings(hash_mb=settings.hash_mb, syzygy_path=settings.syzygy_path)
    source = InstalledEngine(settings.engine, Places.here(settings.data_dir), uci)
    workers = LocalWorkers(store, source, _plan(settings))
    with stopped_by_signals(workers, *others, pass_on=True):
        workers.start()
        try:
            yield workers
        finally:
            workers.stop()


def _plan(settings: Settings) -> WorkPlan:
    # With a fleet, the server has enough to do.
    by_default = 0 if settings.broker_url else usable_cores()
    return WorkPlan(
        slots=by_default if settings.workers is None else settings.workers,
        upkeep=Upkeep(settings.job_limits, settings.shared_evaluations),
        quiet=QuietHours.parse(settings.quiet_hours) if settings.quiet_hours else QuietHours(),
        grace_s=settings.grace_s,
    )


async def _workers(request: Request) -> LocalWorkers:
    workers = request.app.state.analysis_workers
    assert isinstance(workers, LocalWorkers)  # noqa: S101 - the lifespan has set it
    return workers


TheAnalysisWorkers = Annotated[LocalWorkers, Depends(_workers)]
"""Rung by whoever gives them work, or takes it away."""
