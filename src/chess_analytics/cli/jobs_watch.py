"""``chess-analytics jobs watch``: follow a job to its end, and with SQLite do its work."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.progress import BarColumn, Progress, TextColumn

from chess_analytics.actions.describe_job import JobStanding, describe_job, standing_object
from chess_analytics.actions.engine_speed import look_at_engines
from chess_analytics.cli.job_lines import job_line, progress_line
from chess_analytics.cli.job_words import JobIdArgument, JobUnknown, JsonOption
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.stopping import Stop, stop_on_signals
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.cli.working import engine_source, work_plan
from chess_analytics.jobs.local import LocalWorkers
from chess_analytics.settings import Settings
from chess_analytics.store.job_rows import ENDED, JobState

_STOPPED = 130
_LOOK_S = 1.0
_PLAIN_EVERY_S = 30.0


def watch(
    job_id: JobIdArgument,
    *,
    user: UserOption = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Follow a job until it has ended; with SQLite this command does its work meanwhile.

    With SQLite nobody else can be at work while a command uses the data folder. Ctrl-C stops
    watching; the job is kept, and goes on when somebody works again. Exit code 0: all is done; 1: a
    game failed, or the job was paused or cancelled; 130: stopped.
    """
    settings = read_settings(data_dir=data_dir)
    with open_library(user, data_dir) as library:
        follow_to_the_end(library, settings, job_id, as_json=as_json)


def follow_to_the_end(library: Library, settings: Settings, job_id: int, *, as_json: bool) -> None:
    """Show how a job gets on until it is over, tell what came of it, and exit as that says.

    Raises:
        EngineNotFound: with SQLite, if there is no engine to work with.
        JobUnknown: the user has no such job.
    """
    before = _look(library, job_id)
    with stop_on_signals() as stop:
        if not _is_over(before):
            with _working(library, settings):
                _follow(library, job_id, stop)
        is_stopped = stop.event.is_set()
    last = _look(library, job_id)
    if as_json:
        typer.echo(json.dumps(standing_object(last), ensure_ascii=False))
    else:
        typer.echo(job_line(last.job, last.counts))
    if is_stopped and not _is_over(last):
        STDERR.print(f"stopped; `chess-analytics jobs watch {job_id}` goes on")
        raise typer.Exit(_STOPPED)
    raise typer.Exit(0 if last.job.state is JobState.COMPLETED else 1)


def _look(library: Library, job_id: int) -> JobStanding:
    now_ms = time.time_ns() // 1_000_000
    with library.store.reading() as connection:
        found = describe_job(connection, library.owner.id, job_id, now_ms=now_ms)
    if found is None:
        raise JobUnknown(library, job_id)
    return found


def _is_over(standing: JobStanding) -> bool:
    """Tell whether nothing happens any more unless somebody does something."""
    return standing.job.state in ENDED or standing.job.state is JobState.PAUSED


@contextmanager
def _working(library: Library, settings: Settings) -> Iterator[None]:
    """Analyse meanwhile, where nobody else can."""
    if not library.store.is_embedded:
        _tell_if_nobody_works(library)
        yield
        return
    source = engine_source(settings)
    source.look()
    workers = LocalWorkers(library.store, source, work_plan(settings))
    workers.start()
    try:
        yield
    finally:
        workers.stop()


def _tell_if_nobody_works(library: Library) -> None:
    with library.store.reading() as connection:
        engines = look_at_engines(connection, now_ms=time.time_ns() // 1_000_000)
    if not engines.slots:
        STDERR.print(
            "no engine was at work on this library in the last minute: start `chess-analytics "
            "serve` or `chess-analytics worker`"
        )


def _follow(library: Library, job_id: int, stop: Stop) -> None:
    told_at = time.monotonic()
    with _bar() as bar:
        shown = bar.add_task("", total=100)
        while not stop.event.is_set():
            standing = _look(library, job_id)
            line = progress_line(standing)
            bar.update(shown, completed=standing.counts.percent, description=line)
            if _is_over(standing):
                return
            if not STDERR.is_terminal and time.monotonic() - told_at >= _PLAIN_EVERY_S:
                told_at = time.monotonic()
                STDERR.print(line, markup=False, highlight=False)
            stop.event.wait(_LOOK_S)


def _bar() -> Progress:
    return Progress(
        BarColumn(),
        TextColumn("{task.description}", markup=False),
        console=STDERR,
        refresh_per_second=2,
        transient=True,
        disable=not STDERR.is_terminal,
    )
