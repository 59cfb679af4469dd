"""The invariants see what they are there to see: each kind of damage is named by its own."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from chess_analytics.actions.analyse_game import settings_key
from chess_analytics.engine.evaluation import nodes_spent
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.runs import NewRun, RunSource, insert_runs
from chess_analytics.store.session import Store
from chess_analytics.store.tables import game_texts, games, moves
from tests.accounts import NOW_MS
from tests.faults.audit import install_audit
from tests.faults.invariants import PLACES, wrong_rows
from tests.faults.looking import Looking
from tests.faults.oracle import SimulatedHere, expectations, profile_of
from tests.faults.players import add_player, small_games

PROFILE = "nodes-1000"
EXPECTING = expectations(SimulatedHere())
COST_S = 0.5


@pytest.fixture
def finished(store: Store) -> Store:
    """Give a library of which three games were analysed by one job, as it should be."""
    with store.writing() as connection:
        install_audit(connection)
    ada = add_player(store, "ada", small_games(3))
    with store.writing() as connection:
        job_id = _add_job(connection, ada.id)
        for ordinal, game_id in enumerate(_games(connection), start=1):
            _analyse(connection, job_id, ada.id, ordinal, game_id)
        connection.execute(insert(shares).values(user_id=ada.id, vtime=3 * COST_S, weight=1))
        connection.execute(
            update(jobs).values(state="completed", place=None, ended_ms=NOW_MS, resumed_ms=None)
        )
    return store


@pytest.fixture
def looking(finished: Store, database_url: str | None, tmp_path: Path) -> Looking:
    assert finished
    return Looking(tmp_path / "data", database_url)


def wrong(looking: Looking) -> set[str]:
    """Name the invariants that do not hold."""
    return {why.split(":")[0] for why in wrong_rows(looking, expecting=EXPECTING, places=PLACES)}


def change(connection: Connection, **values: object) -> None:
    """Change the first task."""
    first = select(func.min(tasks.c.id)).scalar_subquery()
    connection.execute(update(tasks).where(tasks.c.id == first).values(**values))


def test_nothing_is_wrong_where_nothing_is(looking: Looking) -> None:
    assert wrong_rows(looking, expecting=EXPECTING, places=PLACES) == []


def test_a_game_that_did_not_end_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        change(connection, lease_ms=1)
    assert wrong(looking) == {"I1"}


def test_a_ply_that_is_missing_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        connection.execute(delete(moves).where(moves.c.ply == 2))
    assert wrong(looking) == {"I2", "I6"}


def test_a_total_that_is_not_that_of_the_rows_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        connection.execute(update(jobs).values(state="completed_with_failures"))
    assert wrong(looking) == {"I3"}


def test_a_game_that_was_charged_twice_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        connection.execute(update(shares).values(vtime=4 * COST_S))
    assert wrong(looking) == {"I3"}


def test_a_result_that_was_written_twice_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        change(connection, state="running")
        change(connection, state="done")
    assert wrong(looking) == {"I4"}


def test_a_run_that_no_task_has_made_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        game_id = _games(connection)[0]
        _keep_run(connection, game_id, settings="of somebody who had lost the task")
    assert wrong(looking) == {"I4"}


def test_one_batch_too_many_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        connection.execute(update(jobs).values(place=PLACES + 1))
        connection.execute(update(jobs).values(place=None))
    assert wrong_rows(looking, expecting=EXPECTING, places=0)[0].startswith("I5")


def test_a_result_that_differs_is_seen(finished: Store, looking: Looking) -> None:
    with finished.writing() as connection:
        connection.execute(update(moves).where(moves.c.ply == 3).values(loss=99.5))
    assert wrong(looking) == {"I6"}


def test_work_for_one_user_on_a_game_of_another_is_seen(finished: Store, looking: Looking) -> None:
    bob = add_player(finished, "bob", [])
    with finished.writing() as connection:
        change(connection, user_id=bob.id)
    assert "I8" in wrong(looking)


def _add_job(connection: Connection, user_id: int) -> int:
    values = {"kind": "batch", "service": 1, "state": "running", "profile": PROFILE, "wanted": "{}"}
    row = {**values, "user_id": user_id, "total": 3, "place": 1, "created_ms": NOW_MS}
    job_id: int = connection.execute(insert(jobs).values(row).returning(jobs.c.id)).scalar_one()
    return job_id


def _games(connection: Connection) -> list[int]:
    return [*connection.execute(select(games.c.id).order_by(games.c.id)).scalars()]


def _analyse(connection: Connection, job_id: int, user_id: int, ordinal: int, game_id: int) -> None:
    ids = {"job_id": job_id, "user_id": user_id, "game_id": game_id, "ordinal": ordinal}
    row = {**ids, "state": "queued", "estimate_s": 1.0}
    added = connection.execute(insert(tasks).values(row).returning(tasks.c.id)).scalar_one()
    steps = [
        {"state": "running", "token": 1, "attempts": 1, "lease_ms": NOW_MS},
        {"state": "done", "run_id": _keep_run(connection, game_id), "lease_ms": None},
    ]
    for step in steps:
        connection.execute(update(tasks).where(tasks.c.id == added).values(step))
    connection.execute(update(tasks).where(tasks.c.id == added).values(cost_s=COST_S))


def _keep_run(connection: Connection, game_id: int, settings: str = "") -> int:
    stored = select(game_texts.c.pgn).where(game_texts.c.game_id == game_id)
    expected = EXPECTING(connection.execute(stored).scalar_one(), PROFILE)
    engine = SimulatedHere()
    new = NewRun(
        source=RunSource.ENGINE,
        engine=engine.identity.name,
        profile=PROFILE,
        settings_key=settings or settings_key(engine.identity, profile_of(PROFILE)),
        nodes=nodes_spent(expected.evaluations),
        seconds=COST_S,
        evaluations=expected.evaluations,
        facts=expected.facts,
    )
    return insert_runs(connection, [(game_id, new, expected.review)], now_ms=NOW_MS)[0]
