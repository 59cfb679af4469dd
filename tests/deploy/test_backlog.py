"""What KEDA asks PostgreSQL is answered with seconds of work, and nobody else's."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, update
from sqlalchemy.engine import make_url

from chess_analytics.store.job_rows import JobState, Service, StoredJob
from chess_analytics.store.job_tables import jobs
from chess_analytics.store.session import open_database
from tests.deploy.charts import ROOT, named, rendered
from tests.store.stored_jobs import add_job, admit_single, claimed, finish

pytestmark = pytest.mark.enable_socket

GUIDE = ROOT / "docs" / "guides" / "kubernetes.md"


def _trigger(choice: str, pool: str) -> dict[str, str]:
    scaled = named(rendered(choice), "ScaledObject", f"-worker-{pool}")
    found: dict[str, str] = scaled["spec"]["triggers"][0]["metadata"]
    return found


@contextmanager
def _scaler(url: str) -> Iterator[psycopg.Connection]:
    """Connect as the user that the guide lets KEDA have."""
    (told,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    plain = make_url(url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(), autocommit=True) as admin:
        admin.execute(told)
        try:
            theirs = plain.set(username="chess_scaler").render_as_string()
            with psycopg.connect(theirs, autocommit=True) as scaler:
                yield scaler
        finally:
            admin.execute("DROP OWNED BY chess_scaler")
            admin.execute("DROP ROLE chess_scaler")


def _ask(scaler: psycopg.Connection, trigger: dict[str, str]) -> int:
    (row,) = scaler.execute(trigger["query"].encode()).fetchall()
    seconds = row[0]
    # KEDA reads one number, and no text.
    assert isinstance(seconds, int)
    return seconds


def _set_state(connection: Connection, job: StoredJob, state: JobState) -> None:
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(state=state))


def test_what_waits_and_what_is_under_way_is_told_in_seconds(postgres_url: str) -> None:
    trigger = _trigger("workers by keda", "general")
    with open_database(postgres_url) as store, _scaler(postgres_url) as scaler:
        assert _ask(scaler, trigger) == 0
        with store.writing() as connection:
            batch = add_job(connection, "ada", 100, estimate_s=16.25)
        assert _ask(scaler, trigger) == 1625
        with store.writing() as connection:
            first, _second = claimed(connection), claimed(connection)
        assert _ask(scaler, trigger) == 1625, "games at an engine are work that somebody has to do"
        with store.writing() as connection:
            finish(connection, first)
        assert _ask(scaler, trigger) == math.ceil(99 * 16.25)
        for state, seconds in {
            JobState.PAUSED: 0,
            JobState.WAITING: 0,
            JobState.CANCELLED: 0,
            JobState.PENDING: 1609,
            JobState.RUNNING: 1609,
        }.items():
            with store.writing() as connection:
                _set_state(connection, batch, state)
            assert _ask(scaler, trigger) == seconds, state


def test_each_pool_is_told_of_the_work_that_it_hears(postgres_url: str) -> None:
    with open_database(postgres_url) as store, _scaler(postgres_url) as scaler:
        with store.writing() as connection:
            batch = add_job(connection, "ada", 10, estimate_s=20)
            add_job(connection, "bob", 3, estimate_s=5, service=Service.BACKGROUND)
            task = claimed(connection)
            admit_single(connection, batch.user_id, task.game_id, estimate_s=7)
        assert _ask(scaler, _trigger("large", "single")) == 7
        assert _ask(scaler, _trigger("large", "batch")) == 215
        assert _ask(scaler, _trigger("workers by keda", "general")) == 222


def test_whoever_scales_can_read_nothing_else(postgres_url: str) -> None:
    with _scaler(postgres_url) as scaler:
        for what in (
            "id FROM users",
            "user_id FROM jobs",
            "game_id FROM tasks",
            "pgn FROM game_texts",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                scaler.execute(f"SELECT {what}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            scaler.execute("DELETE FROM tasks")


def test_a_pod_is_called_for_as_much_as_its_slots_do_in_the_time_that_is_set() -> None:
    for choice, pool, seconds in (
        ("workers by keda", "general", 600 * 2),
        ("large", "single", 60 * 2),
        ("large", "batch", 600 * 4),
    ):
        assert int(_trigger(choice, pool)["targetQueryValue"]) == seconds
    hpa = named(rendered("workers by a metric"), "HorizontalPodAutoscaler", "-general")
    assert hpa["spec"]["metrics"][0]["external"]["target"]["averageValue"] == "1200"
