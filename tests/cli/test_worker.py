"""Engines at work in processes of their own: beside the server, and inside of it."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine, select

from chess_analytics.store.job_rows import JobState, TaskState
from chess_analytics.store.job_tables import jobs, tasks, workers
from chess_analytics.store.session import open_store
from tests.cli.commands import LONG_ENOUGH_S, SIMULATED, Home
from tests.cli.running import Running
from tests.jobs.studio import Studio
from tests.plain_http import NO_TLS

pytestmark = pytest.mark.enable_socket

# Nobody waits for the end of such a search.
ENDLESS_MS = 600_000


def _wait_for(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def _engines(process: Running) -> set[int]:
    """Find the engines that a process has started."""
    found = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in found.stdout.splitlines()]
    children = [row for row in rows if row[1] == str(process.pid)]
    return {int(row[0]) for row in children if SIMULATED.name in row[2]}


def _at_work(process: Running) -> set[int]:
    """Wait until a process has its engine at work."""
    _wait_for(lambda: bool(_engines(process)))
    return _engines(process)


def _are_gone(engines: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in engines)


def _settings(home: Home, url: str | None, latency_ms: int = 0, **more: str) -> dict[str, str]:
    settings = {"CHESS_ANALYTICS_ENGINE": home.engine(latency_ms), "CHESS_ANALYTICS_WORKERS": "1"}
    return settings | ({"CHESS_ANALYTICS_DATABASE_URL": url} if url else {}) | more


def test_a_fleets_worker_logs_celerys_words_in_our_form_and_without_the_password(
    home: Home, postgres_url: str
) -> None:
    # Nobody listens there, and Celery says so.
    broker = {"CHESS_ANALYTICS_BROKER_URL": "redis://:very-secret@127.0.0.1:9/0"}
    form = {"CHESS_ANALYTICS_LOG_FORMAT": "json"}
    settings = _settings(home, postgres_url) | form | broker
    worker = home.start("worker", "--broker", settings=settings)
    assert worker.stderr
    read: list[str] = []
    for line in worker.stderr:
        read.append(line)
        if json.loads(line)["logger"].startswith("celery"):
            break
    worker.kill()
    said = json.loads(read[-1])
    assert said["level"] in ("error", "critical", "warning"), read
    assert "redis://" in said["event"]
    assert "very-secret" not in "".join(read)


@contextmanager
def _looking(home: Home, url: str | None) -> Iterator[Studio]:
    with open_store(home.folder / "data", url) as store:
        yield Studio(store)


def _given(home: Home, url: str | None, games: int) -> int:
    """Put a job into the library, and give its id."""
    with _looking(home, url) as studio:
        user = studio.add_user()
        return studio.job(user, studio.games(user, games))


def _states(home: Home, url: str | None, job: int) -> list[tuple[str, int]]:
    """Give how the games of a job stand, also while a server has the data folder."""
    file = home.folder / "data" / "analyses.sqlite3"
    engine = create_engine(url or f"sqlite:///file:{file}?mode=ro&uri=true")
    wanted = select(tasks.c.state, tasks.c.attempts).where(tasks.c.job_id == job)
    with engine.connect() as connection:
        found = connection.execute(wanted.order_by(tasks.c.ordinal)).all()
    engine.dispose()
    return [(row.state, row.attempts) for row in found]


def _serve(home: Home, settings: dict[str, str], *words: str) -> Running:
    process = home.start("serve", "--port", "0", *words, settings=settings)
    assert process.stderr
    said = process.stderr.readline()
    found = re.search(r"http://[^ ,;]+", said)
    assert found, said + process.stderr.read()
    answer = httpx2.get(f"{found[0]}/api/v1/health", verify=NO_TLS, timeout=LONG_ENOUGH_S)
    assert answer.json()["status"] == "ok"
    return process


def _end(process: Running, number: signal.Signals) -> int:
    process.send_signal(number)
    return process.wait(LONG_ENOUGH_S)


def _end_now(process: Running) -> int:
    """Tell it twice to stop; and once more if two came so close together that they were one."""
    for patience_s in (1, LONG_ENOUGH_S / 4, LONG_ENOUGH_S):
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(patience_s)
    raise AssertionError("it does not stop")


def test_with_sqlite_a_worker_says_why_it_cannot_work(home: Home) -> None:
    ended = home.run("worker")
    assert ended.code == 1
    assert "needs PostgreSQL" in ended.err
    assert "serve --workers N" in ended.err


def test_a_worker_analyses_what_waits_in_postgresql_and_leaves_nothing_behind(
    home: Home, postgres_url: str
) -> None:
    job = _given(home, postgres_url, 6)
    process = home.start("worker", "--slots", "2", settings=_settings(home, postgres_url))
    _wait_for(lambda: _states(home, postgres_url, job) == [(TaskState.DONE, 1)] * 6)
    assert _end(process, signal.SIGTERM) == 0
    with _looking(home, postgres_url) as studio, studio.store.reading() as connection:
        assert connection.execute(select(workers)).all() == []


def test_a_second_signal_stops_a_worker_in_the_middle_of_its_game(
    home: Home, postgres_url: str
) -> None:
    job = _given(home, postgres_url, 2)
    settings = _settings(home, postgres_url, ENDLESS_MS, CHESS_ANALYTICS_GRACE_S="3600")
    process = home.start("worker", settings=settings)
    engines = _at_work(process)
    # Whoever waits for an answer on this machine goes first.
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(19, ours + 5)
    assert _end_now(process) == 0
    assert _states(home, postgres_url, job) == [(TaskState.QUEUED, 0)] * 2
    assert _are_gone(engines)


def test_the_server_analyses_and_ends_well_when_it_is_told_to(
    home: Home, database_url: str | None
) -> None:
    job = _given(home, database_url, 3)
    process = _serve(home, _settings(home, database_url))
    _wait_for(lambda: _states(home, database_url, job) == [(TaskState.DONE, 1)] * 3)
    assert _end(process, signal.SIGTERM) == 0
    with _looking(home, database_url) as studio, studio.store.reading() as connection:
        assert connection.execute(select(jobs.c.state)).scalars().all() == [JobState.COMPLETED]


def test_a_server_gives_back_what_is_not_done_after_the_grace_time(
    home: Home, database_url: str | None
) -> None:
    job = _given(home, database_url, 2)
    settings = _settings(home, database_url, ENDLESS_MS, CHESS_ANALYTICS_GRACE_S="0.1")
    process = _serve(home, settings)
    engines = _at_work(process)
    assert _end(process, signal.SIGTERM) == 0
    assert _states(home, database_url, job) == [(TaskState.QUEUED, 0)] * 2
    assert _are_gone(engines)


def test_a_second_signal_stops_a_server_at_once(home: Home, database_url: str | None) -> None:
    job = _given(home, database_url, 2)
    settings = _settings(home, database_url, ENDLESS_MS, CHESS_ANALYTICS_GRACE_S="3600")
    process = _serve(home, settings)
    engines = _at_work(process)
    assert _end_now(process) == 0
    assert _states(home, database_url, job) == [(TaskState.QUEUED, 0)] * 2
    assert _are_gone(engines)


def test_what_a_killed_server_had_at_hand_is_taken_up_by_the_next_at_once(home: Home) -> None:
    job = _given(home, None, 1)
    process = _serve(home, _settings(home, None, ENDLESS_MS))
    engines = _at_work(process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(LONG_ENOUGH_S)
    _wait_for(lambda: _are_gone(engines))
    assert _states(home, None, job) == [(TaskState.RUNNING, 1)]
    # Its retry waits a few seconds, but nobody waits for the end of its lease.
    settings = _settings(home, None, ENDLESS_MS, CHESS_ANALYTICS_GRACE_S="0.1")
    process = _serve(home, settings)
    assert _states(home, None, job) in ([(TaskState.QUEUED, 1)], [(TaskState.RUNNING, 2)])
    assert _end(process, signal.SIGTERM) == 0


def test_a_server_without_an_engine_serves_and_says_why_games_wait(home: Home) -> None:
    job = _given(home, None, 1)
    process = _serve(home, {"CHESS_ANALYTICS_ENGINE": "/no/such/engine"})
    assert process.stderr
    assert "Games wait for an engine" in process.stderr.readline()
    assert _end(process, signal.SIGTERM) == 0
    assert _states(home, None, job) == [(TaskState.QUEUED, 0)]


def test_a_server_with_no_workers_leaves_games_to_others(home: Home) -> None:
    job = _given(home, None, 1)
    process = _serve(home, _settings(home, None), "--workers", "0")
    assert _end(process, signal.SIGTERM) == 0
    assert _states(home, None, job) == [(TaskState.QUEUED, 0)]


def test_the_command_analyse_wants_engines_where_the_server_wants_none(home: Home) -> None:
    words = ("analyse", "--sample", "--engine", home.engine())
    ended = home.run(*words, settings={"CHESS_ANALYTICS_WORKERS": "0"})
    assert ended.code == 1
    assert "--workers N" in ended.err


@pytest.mark.parametrize("hours", ["8-18", "8:00-25:00"])
def test_quiet_hours_that_are_none_are_told(home: Home, hours: str) -> None:
    ended = home.run("serve", "--port", "0", settings={"CHESS_ANALYTICS_QUIET_HOURS": hours})
    assert ended.code == 1
    assert "8:00-18:00" in ended.err
