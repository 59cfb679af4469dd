"""Kept runs: what goes in comes out, and nothing overwrites anything."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store import runs
from chess_analytics.store.runs import StoredRun, count_runs, find_run, save_run
from chess_analytics.store.session import StoreError, open_store

scores = st.builds(Score, cp=st.integers(-10_000, 10_000)) | st.builds(
    Score, mate=st.integers(-60, 60).filter(bool)
)
lines = st.builds(
    Line, scores, st.lists(st.sampled_from(["e2e4", "e7e8q", "e1h1"]), max_size=5).map(tuple)
)
evaluations = st.builds(
    Evaluation,
    lines,
    second=st.none() | lines,
    depth=st.none() | st.integers(0, 99),
    nodes=st.integers(0, 10**9),
)


def _run(cp: int) -> StoredRun:
    return StoredRun((None, Evaluation(Line(Score(cp=cp), ("e2e4",)))), 100, 1.5)


def _save(folder: Path, run: StoredRun, moves: str = "m", settings: str = "s") -> None:
    with open_store(folder) as store:
        save_run(store, run, moves_key=moves, settings_key=settings, engine="E", profile="p")


def _find(folder: Path, moves: str = "m", settings: str = "s") -> StoredRun | None:
    with open_store(folder) as store:
        return find_run(store, moves, settings)


@given(st.lists(st.none() | evaluations, max_size=4))
def test_packing_loses_nothing(items: list[Evaluation | None]) -> None:
    assert runs._unpack(runs._pack(tuple(items))) == tuple(items)


def test_a_kept_run_is_found_by_a_later_process_of_the_same_folder(tmp_path: Path) -> None:
    _save(tmp_path / "new" / "folder", _run(30))
    assert _find(tmp_path / "new" / "folder") == _run(30)


def test_other_moves_and_other_settings_are_other_runs(tmp_path: Path) -> None:
    _save(tmp_path, _run(30))
    assert _find(tmp_path, moves="other") is None
    assert _find(tmp_path, settings="other") is None


def test_a_run_is_never_overwritten(tmp_path: Path) -> None:
    _save(tmp_path, _run(30))
    _save(tmp_path, _run(99))
    assert _find(tmp_path) == _run(30)
    with open_store(tmp_path) as store:
        assert count_runs(store) == 1


def test_a_second_process_is_told_that_the_folder_is_in_use(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(StoreError, match="another chess-analytics is using"):
        open_store(tmp_path).__enter__()


def test_the_folder_is_free_again_after_use(tmp_path: Path) -> None:
    for _ in range(2):
        with open_store(tmp_path) as store:
            assert count_runs(store) == 0


def test_a_database_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    _save(tmp_path, _run(30))
    file = tmp_path / "analyses.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="another version"):
        open_store(tmp_path).__enter__()


def test_a_damaged_database_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "analyses.sqlite3").write_bytes(b"this is no database, " * 100)
    with pytest.raises(StoreError, match=r"analyses\.sqlite3"):
        open_store(tmp_path).__enter__()


def test_a_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        open_store(tmp_path / "file" / "folder").__enter__()
