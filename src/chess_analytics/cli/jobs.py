"""``chess-analytics jobs``: analysis of the library in the background."""

import json
import time
from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Connection

from chess_analytics.actions.describe_job import describe_job, standing_object
from chess_analytics.actions.exports.job_json import job_object
from chess_analytics.cli import jobs_start, jobs_watch
from chess_analytics.cli.job_lines import failed_line, job_line, progress_line
from chess_analytics.cli.job_words import JobIdArgument, JobUnknown, JsonOption
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.jobs.places import give_places
from chess_analytics.store.game_names import names_of_games
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_control import cancel_job, pause_job, resume_job, retry_failed
from chess_analytics.store.job_rows import StoredJob, TaskState
from chess_analytics.store.jobs import jobs_before, task_counts, tasks_after

app = typer.Typer(
    help="Analyse the games of the library, and see how far that is.", no_args_is_help=True
)
app.command()(jobs_start.start)
app.command()(jobs_watch.watch)

_FAILED_SHOWN = 10
Change = Callable[[Connection, int, int, JobLimits, int], StoredJob | None]
"""Change a job: of a user, with an id, within limits, at a moment."""


@app.command("list")
def list_(
    *,
    user: UserOption = None,
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="List so many at most.")
    ] = 20,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """List a user's jobs, the newest first."""
    with (
        open_library(user, data_dir) as library,
        library.store.reading() as connection,
    ):
        found = jobs_before(connection, library.owner.id, None, limit)
        counts = task_counts(connection, [job.id for job in found])
    for job in found:
        of_job = counts[job.id]
        typer.echo(_json(job_object(job, of_job)) if as_json else job_line(job, of_job))


@app.command()
def show(
    job_id: JobIdArgument,
    *,
    user: UserOption = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show how a job stands, and which of its games failed, with the reasons."""
    with open_library(user, data_dir) as library:
        _show(library, job_id, as_json=as_json)


@app.command()
def pause(
    job_id: JobIdArgument,
    *,
    user: UserOption = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Pause a job: nothing new is begun, and its place goes to others."""
    with open_library(user, data_dir) as library:
        _change(library, job_id, _pause, as_json=as_json)


@app.command()
def resume(
    job_id: JobIdArgument,
    *,
    user: UserOption = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Go on with a job that was paused, if there is a place for it."""
    with open_library(user, data_dir) as library:
        _change(library, job_id, _resume, as_json=as_json)


@app.command()
def cancel(
    job_id: JobIdArgument,
    *,
    user: UserOption = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Cancel a job; what is finished stays."""
    with open_library(user, data_dir) as library:
        _change(library, job_id, _cancel, as_json=as_json)


@app.command()
def retry(
    job_id: JobIdArgument,
    *,
    user: UserOption = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Try the failed games of a job again."""
    with open_library(user, data_dir) as library:
        _change(library, job_id, _retry, as_json=as_json)


def _pause(
    connection: Connection, user_id: int, job_id: int, _limits: JobLimits, now_ms: int
) -> StoredJob | None:
    return pause_job(connection, user_id, job_id, now_ms=now_ms)


def _cancel(
    connection: Connection, user_id: int, job_id: int, _limits: JobLimits, now_ms: int
) -> StoredJob | None:
    return cancel_job(connection, user_id, job_id, now_ms=now_ms)


def _resume(
    connection: Connection, user_id: int, job_id: int, limits: JobLimits, now_ms: int
) -> StoredJob | None:
    return resume_job(connection, user_id, job_id, limits, now_ms=now_ms)


def _retry(
    connection: Connection, user_id: int, job_id: int, limits: JobLimits, now_ms: int
) -> StoredJob | None:
    return retry_failed(connection, user_id, job_id, limits, now_ms=now_ms)


def _change(library: Library, job_id: int, change: Change, *, as_json: bool) -> None:
    limits = read_settings().job_limits
    now_ms = time.time_ns() // 1_000_000
    with library.store.writing() as connection:
        if change(connection, library.owner.id, job_id, limits, now_ms) is None:
            raise JobUnknown(library, job_id)
    give_places(library.store, limits.places, lambda _: now_ms)
    _show(library, job_id, as_json=as_json)


def _show(library: Library, job_id: int, *, as_json: bool) -> None:
    now_ms = time.time_ns() // 1_000_000
    with library.store.reading() as connection:
        standing = describe_job(connection, library.owner.id, job_id, now_ms=now_ms)
        if standing is None:
            raise JobUnknown(library, job_id)
        failed = tasks_after(connection, job_id, 0, _FAILED_SHOWN, [TaskState.FAILED])
        names = names_of_games(connection, [task.game_id for task in failed if task.game_id])
    for task in failed:
        STDERR.print(failed_line(task, names.get(task.game_id or 0)), markup=False)
    more = standing.counts.failed - len(failed)
    if more > 0:
        STDERR.print(f"and {more} more that failed")
    if as_json:
        typer.echo(_json(standing_object(standing)))
        return
    typer.echo(job_line(standing.job, standing.counts))
    STDERR.print(progress_line(standing), markup=False)


def _json(shown: dict[str, object]) -> str:
    return json.dumps(shown, ensure_ascii=False)
