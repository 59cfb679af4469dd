"""``chess-analytics worker``: more engines for a library in PostgreSQL."""

from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.cli.fleet import check_fleet_worker, run_fleet_worker
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import announce
from chess_analytics.cli.working import engine_source, work_behind, work_plan
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.jobs.local import LocalWorkers
from chess_analytics.jobs.stop_signals import stopped_by_signals
from chess_analytics.observability.exposition import exposing
from chess_analytics.observability.seen import be_seen
from chess_analytics.store.session import open_database


class WorkerRefused(ChessAnalyticsError):
    """A worker beside the server cannot work here."""


def worker(
    *,
    slots: Annotated[
        int | None,
        typer.Option(
            min=1, max=1024, metavar="N", help="Engines at work at once; by default one a core."
        ),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="PATH", help="The UCI engine to use.")
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where an engine that we installed is looked for."),
    ] = None,
    broker: Annotated[
        bool,
        typer.Option("--broker", help="Be one of a fleet: work when Redis says that there is."),
    ] = False,
    hear: Annotated[
        list[str] | None,
        typer.Option(
            metavar="BELL",
            help="With --broker: do this class of work only, interactive, batch or background; "
            "may be given again. With --check, what the worker was given.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only tell whether the fleet's worker on this machine works."),
    ] = False,
) -> None:
    """Analyse games of a library in PostgreSQL, beside its server or on another machine.

    With SQLite the server's own engines do it: one process alone has the data folder. Ctrl-C or
    SIGTERM stops it when the games at hand are done, or after CHESS_ANALYTICS_GRACE_S; a second one
    stops it at once. What is not done is analysed by others.
    """
    settings = read_settings(workers=slots, engine=engine, data_dir=data_dir)
    if check:
        check_fleet_worker(settings, hear or [])
        return
    if broker:
        raise typer.Exit(run_fleet_worker(settings, hear or []))
    url = settings.database
    if url is None:
        raise WorkerRefused(
            "a worker beside the server needs PostgreSQL: with SQLite one process alone uses the "
            "data folder, and `chess-analytics serve` analyses in it; set "
            "CHESS_ANALYTICS_DATABASE_URL, or run `serve --workers N` for more engines"
        )
    be_seen(settings.sight)
    work_behind()
    source, plan = engine_source(settings), work_plan(settings)
    with open_database(url) as store:
        workers = LocalWorkers(store, source, plan)
        with exposing(settings.exposition), stopped_by_signals(workers, pass_on=False):
            workers.start()
            announce(
                f"worker {workers.name} analyses, {plan.slots} games at a time; Ctrl-C stops it",
                settings.logs,
            )
            workers.wait()
            announce("stopping; the games at hand are finished, or given back", settings.logs)
            workers.stop()
