"""Shared evaluations in the store: exactly what was searched, held within a bound."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store.evaluations import (
    count_evaluations,
    deepest_evaluation,
    find_evaluations,
    save_evaluations,
    trim_evaluations,
)
from chess_analytics.store.session import open_store
from chess_analytics.store.tables import evaluations as table
from tests.store.test_runs import lines

TODAY = 20_000
shared = st.builds(
    Evaluation, lines, depth=st.none() | st.integers(0, 99), nodes=st.integers(0, 10**9)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Connection]:
    with open_store(tmp_path) as connection:
        yield connection


def _evaluation(cp: int) -> Evaluation:
    return Evaluation(Line(Score(cp=cp), ("e2e4", "e7e5")), depth=12, nodes=1234)


def _save(
    store: Connection,
    *fens: str,
    cp: int = 30,
    engine: str = "one",
    nodes: int = 1000,
    today: int = TODAY,
) -> None:
    found = dict.fromkeys(fens, _evaluation(cp))
    save_evaluations(store, found, engine_key=engine, nodes=nodes, today=today)


def _find(
    store: Connection, *fens: str, engine: str = "one", nodes: int = 1000, today: int = TODAY
) -> dict[str, Evaluation]:
    return find_evaluations(store, fens, engine_key=engine, nodes=nodes, today=today)


def _left(store: Connection) -> set[tuple[str, int]]:
    return {(row.fen, row.nodes) for row in store.execute(select(table.c.fen, table.c.nodes))}


def _used_on(store: Connection) -> dict[str, int]:
    return {row.fen: row.used_on for row in store.execute(select(table.c.fen, table.c.used_on))}


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), shared))
@settings(max_examples=40, deadline=None)
def test_what_goes_in_comes_out(found: dict[str, Evaluation]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder)) as store:
            save_evaluations(store, found, engine_key="one", nodes=1000, today=TODAY)
        with open_store(Path(folder)) as store:
            assert _find(store, *"abcd") == found


def test_only_the_positions_asked_for_are_found(store: Connection) -> None:
    _save(store, "a", "b")
    assert _find(store, "b", "c") == {"b": _evaluation(30)}
    assert _find(store) == {}


def test_another_budget_is_never_found_be_it_deeper_or_not(store: Connection) -> None:
    for nodes, cp in ((500, 5), (2000, 20)):
        _save(store, "a", nodes=nodes, cp=cp)
    assert _find(store, "a", nodes=1000) == {}
    assert _find(store, "a", nodes=500) == {"a": _evaluation(5)}
    assert _find(store, "a", nodes=2000) == {"a": _evaluation(20)}


def test_another_engine_is_never_found(store: Connection) -> None:
    _save(store, "a", engine="one", cp=1)
    _save(store, "a", engine="other", cp=2)
    assert _find(store, "a", engine="one") == {"a": _evaluation(1)}
    assert _find(store, "a", engine="other") == {"a": _evaluation(2)}
    assert _find(store, "a", engine="third") == {}


def test_the_deepest_is_found_for_showing_and_only_the_same_engines(store: Connection) -> None:
    for nodes in (9000, 10_000, 500):
        _save(store, "a", nodes=nodes, cp=nodes)
    _save(store, "a", nodes=99_000, cp=1, engine="other")
    _save(store, "b", nodes=99_000, cp=2)
    assert deepest_evaluation(store, "a", engine_key="one") == _evaluation(10_000)
    assert deepest_evaluation(store, "c", engine_key="one") is None
    assert deepest_evaluation(store, "b", engine_key="other") is None


def test_saving_twice_keeps_the_first(store: Connection) -> None:
    _save(store, "a", cp=1)
    _save(store, "a", "b", cp=2)
    assert _find(store, "a", "b") == {"a": _evaluation(1), "b": _evaluation(2)}


def test_saving_nothing_is_nothing(store: Connection) -> None:
    _save(store)
    assert count_evaluations(store) == 0


def test_more_positions_than_a_statement_takes_are_found_in_one_call(store: Connection) -> None:
    fens = [f"position {number}" for number in range(1501)]
    _save(store, *fens, today=TODAY - 1)
    assert _find(store, *fens, "unknown").keys() == set(fens)
    assert set(_used_on(store).values()) == {TODAY}


def test_finding_notes_the_day_of_what_was_found_and_of_nothing_else(store: Connection) -> None:
    _save(store, "a", "b", today=TODAY - 7)
    _save(store, "c", today=TODAY + 1)
    _find(store, "a", "d")
    assert _used_on(store) == {"a": TODAY, "b": TODAY - 7, "c": TODAY + 1}


def test_finding_with_another_budget_refreshes_nothing(store: Connection) -> None:
    _save(store, "a", today=TODAY - 7)
    _find(store, "a", nodes=2000)
    _find(store, "a", engine="other")
    assert _used_on(store) == {"a": TODAY - 7}


def test_the_day_of_use_outlives_the_process(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        _save(store, "a", today=TODAY - 7)
    with open_store(tmp_path) as store:
        _find(store, "a")
    with open_store(tmp_path) as store:
        assert _used_on(store) == {"a": TODAY}


def test_what_was_of_no_use_for_longest_goes_first(store: Connection) -> None:
    for age, fen in enumerate("abcde"):
        _save(store, fen, today=TODAY - age)
    _find(store, "e")
    assert trim_evaluations(store, 3) == 2
    assert _left(store) == {("a", 1000), ("b", 1000), ("e", 1000)}


def test_of_one_day_what_a_deeper_one_surpasses_goes_first(store: Connection) -> None:
    _save(store, "a", "z", nodes=1000)
    _save(store, "m", nodes=500)
    _save(store, "m", nodes=1000)
    # Deeper, but another engine's: it surpasses nothing.
    _save(store, "a", nodes=5000, engine="other")
    assert trim_evaluations(store, 4) == 1
    assert _left(store) == {("a", 1000), ("z", 1000), ("m", 1000), ("a", 5000)}


def test_an_older_day_counts_more_than_being_surpassed(store: Connection) -> None:
    _save(store, "a", nodes=1000, today=TODAY - 1)
    for nodes in (500, 1000):
        _save(store, "m", nodes=nodes)
    trim_evaluations(store, 2)
    assert _left(store) == {("m", 500), ("m", 1000)}


@given(
    kept=st.sets(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from([1, 2, 3]), st.integers(0, 2))
    ),
    most=st.integers(0, 20),
)
@settings(max_examples=40, deadline=None)
def test_exactly_as_many_are_left_as_allowed(kept: set[tuple[str, int, int]], most: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        for fen, nodes, age in sorted(kept):
            _save(store, fen, nodes=nodes, today=TODAY - age)
        before = count_evaluations(store)
        assert trim_evaluations(store, most) == max(0, before - most)
        assert count_evaluations(store) == min(before, most)
