"""``chess-analytics status``: how the whole server does, for who runs it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from chess_analytics.actions.describe_server import describe_server
from chess_analytics.actions.exports.status_json import status_object
from chess_analytics.cli.game_options import printable
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.progress import spell_seconds
from chess_analytics.cli.whose import DataDirOption
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import look_into_store

_MIB = 1 << 20

Object = dict[str, Any]


def status(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an object, the same as GET /api/v1/status.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Show what waits, who works and at what, how fast, what failed, and the versions.

    It only reads, also while the server runs. It names no users and no games.
    """
    settings = read_settings(data_dir=data_dir)
    with (
        look_into_store(settings.data_dir, settings.database) as store,
        store.reading() as connection,
    ):
        now_ms = lease_clock(store)(connection)
        shown = status_object(describe_server(connection, now_ms=now_ms))
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for line in status_lines(shown):
        typer.echo(printable(line))


def status_lines(shown: Object) -> Iterator[str]:
    """Put it in lines for a person."""
    database = shown["database"]
    yield (
        f"chess-analytics {shown['version']}; {database['kind']} {database['version']}, tables "
        f"{database['tables']}, {database['size_bytes'] / _MIB:,.0f} MiB"
    )
    yield from map(_class_line, shown["queue"])
    yield _rates_line(shown["rates"])
    jobs = [f"{count} {state}" for state, count in shown["open_jobs"].items() if count]
    yield f"jobs         {', '.join(jobs) or 'none open'}"
    yield from _worker_lines(shown["workers"])
    yield from _failure_lines(shown)


def _class_line(of_class: Object) -> str:
    line = (
        f"{of_class['class']:11}  {of_class['queued']:,} waiting, {of_class['running']:,} at work"
    )
    if of_class["oldest_seconds"] is None:
        return line
    return (
        f"{line}; the oldest since {spell_seconds(of_class['oldest_seconds'])}, about "
        f"{spell_seconds(of_class['backlog_engine_seconds'])} of one engine"
    )


def _rates_line(rates: Object) -> str:
    over = spell_seconds(rates["over_seconds"])
    return (
        f"pace         {rates['games_a_minute']:g} games/min, "
        f"{rates['nodes_a_second'] / 1000:,.0f} thousand nodes/s in the last {over}"
    )


def _worker_lines(workers: list[Object]) -> Iterator[str]:
    alive = [worker for worker in workers if worker["is_alive"]]
    if not alive:
        yield "workers      none was seen in the last minute"
    for worker in alive:
        engine = worker["engine"] or f"no engine: {worker['problem']}"
        yield (
            f"worker       {worker['name']}: {worker['busy']} of {worker['slots']} slots busy, "
            f"{engine}{_speed(worker['nodes_a_second'])}"
        )
        for task in worker["at_hand"]:
            attempt = f", attempt {task['attempt']}" if task["attempt"] > 1 else ""
            yield (
                f"             at task {task['task_id']} of job {task['job_id']} "
                f"({task['class']}) for {spell_seconds(task['seconds'])}{attempt}"
            )
    gone = len(workers) - len(alive)
    if gone:
        yield f"             {gone} more were seen in the last day"


def _speed(nodes_a_second: float | None) -> str:
    return f", {nodes_a_second / 1000:,.0f} thousand nodes/s" if nodes_a_second else ""


def _failure_lines(shown: Object) -> Iterator[str]:
    yield f"failed       {shown['failed_in_a_day']:,} games in the last day"
    for failure in shown["failures"]:
        moment = datetime.fromtimestamp(failure["ended_ms"] / 1000, UTC)
        yield (
            f"             {moment:%Y-%m-%d %H:%M:%S} UTC, task {failure['task_id']} of job "
            f"{failure['job_id']}, attempt {failure['attempts']}: {failure['reason']}"
        )
