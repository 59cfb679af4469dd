"""Kept runs: what goes in comes out, and nothing overwrites anything."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store.kept_runs import StoredRun, count_kept_runs, find_kept_run, keep_run
from chess_analytics.store.session import Store, StoreError, open_store
from chess_analytics.store.tables import kept_runs
from tests.store.strategies import evaluations


def _run(cp: int) -> StoredRun:
    return StoredRun((None, Evaluation(Line(Score(cp=cp), ("e2e4",)))), 100, 1.5)


def _save(store: Store, run: StoredRun, moves: str = "m", settings: str = "s") -> None:
    with store.writing() as connection:
        keep_run(connection, run, moves_key=moves, settings_key=settings, engine="E", profile="p")


def _find(store: Store, moves: str = "m", settings: str = "s") -> StoredRun | None:
    with store.reading() as connection:
        return find_kept_run(connection, moves, settings)


def _count(store: Store) -> int:
    with store.reading() as connection:
        return count_kept_runs(connection)


@given(
    st.builds(
        StoredRun,
        st.lists(st.none() | evaluations, max_size=4).map(tuple),
        st.integers(0, 10**12),
        st.floats(0, 10**6),
    )
)
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_goes_in_comes_out(store: Store, run: StoredRun) -> None:
    with store.writing() as connection:
        connection.execute(delete(kept_runs))
    _save(store, run)
    assert _find(store) == run


def test_a_kept_run_is_found_by_a_later_process_of_the_same_folder(
    database_url: str | None, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "folder"
    with open_store(folder, database_url) as store:
        _save(store, _run(30))
    with open_store(folder, database_url) as store:
        assert _find(store) == _run(30)


def test_other_moves_and_other_settings_are_other_runs(store: Store) -> None:
    _save(store, _run(30))
    assert _find(store, moves="other") is None
    assert _find(store, settings="other") is None


def test_a_run_is_never_overwritten(store: Store) -> None:
    _save(store, _run(30))
    _save(store, _run(99))
    assert _find(store) == _run(30)
    assert _count(store) == 1


def test_a_second_process_is_told_that_the_folder_is_in_use(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(StoreError, match="another chess-analytics is using"):
        open_store(tmp_path).__enter__()


def test_the_folder_is_free_again_after_use(tmp_path: Path) -> None:
    for _ in range(2):
        with open_store(tmp_path) as store:
            assert _count(store) == 0


def test_a_database_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        _save(store, _run(30))
    file = tmp_path / "analyses.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match="another version"):
        open_store(tmp_path).__enter__()
    assert file.read_bytes() == before


def test_a_damaged_database_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "analyses.sqlite3").write_bytes(b"this is no database, " * 100)
    with pytest.raises(StoreError, match=r"analyses\.sqlite3"):
        open_store(tmp_path).__enter__()


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        open_store(tmp_path / "file" / "folder").__enter__()
