"""Shared evaluations in the store: exactly what was searched, held within a bound."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store.evaluations import (
    count_evaluations,
    deepest_evaluation,
    find_evaluations,
    save_evaluations,
    trim_evaluations,
)
from chess_analytics.store.session import Store, open_store
from chess_analytics.store.tables import evaluations as table
from tests.store.strategies import lines

TODAY = 20_000
shared = st.builds(
    Evaluation, lines, depth=st.none() | st.integers(0, 99), nodes=st.integers(0, 10**9)
)


def _evaluation(cp: int) -> Evaluation:
    return Evaluation(Line(Score(cp=cp), ("e2e4", "e7e5")), depth=12, nodes=1234)


def _save(
    connection: Connection,
    *fens: str,
    cp: int = 30,
    engine: str = "one",
    nodes: int = 1000,
    today: int = TODAY,
) -> None:
    found = dict.fromkeys(fens, _evaluation(cp))
    save_evaluations(connection, found, engine_key=engine, nodes=nodes, today=today)


def _find(
    connection: Connection, *fens: str, engine: str = "one", nodes: int = 1000, today: int = TODAY
) -> dict[str, Evaluation]:
    return find_evaluations(connection, fens, engine_key=engine, nodes=nodes, today=today)


def _left(connection: Connection) -> set[tuple[str, int]]:
    return {(row.fen, row.nodes) for row in connection.execute(select(table.c.fen, table.c.nodes))}


def _used_on(connection: Connection) -> dict[str, int]:
    return {
        row.fen: row.used_on for row in connection.execute(select(table.c.fen, table.c.used_on))
    }


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), shared))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_goes_in_comes_out(store: Store, found: dict[str, Evaluation]) -> None:
    with store.writing() as connection:
        connection.execute(delete(table))
        save_evaluations(connection, found, engine_key="one", nodes=1000, today=TODAY)
    with store.writing() as connection:
        assert _find(connection, *"abcd") == found


def test_only_the_positions_asked_for_are_found(connection: Connection) -> None:
    _save(connection, "a", "b")
    assert _find(connection, "b", "c") == {"b": _evaluation(30)}
    assert _find(connection) == {}


def test_another_budget_is_never_found_be_it_deeper_or_not(connection: Connection) -> None:
    for nodes, cp in ((500, 5), (2000, 20)):
        _save(connection, "a", nodes=nodes, cp=cp)
    assert _find(connection, "a", nodes=1000) == {}
    assert _find(connection, "a", nodes=500) == {"a": _evaluation(5)}
    assert _find(connection, "a", nodes=2000) == {"a": _evaluation(20)}


def test_another_engine_is_never_found(connection: Connection) -> None:
    _save(connection, "a", engine="one", cp=1)
    _save(connection, "a", engine="other", cp=2)
    assert _find(connection, "a", engine="one") == {"a": _evaluation(1)}
    assert _find(connection, "a", engine="other") == {"a": _evaluation(2)}
    assert _find(connection, "a", engine="third") == {}


def test_the_deepest_is_found_for_showing_and_only_the_same_engines(connection: Connection) -> None:
    for nodes in (9000, 10_000, 500):
        _save(connection, "a", nodes=nodes, cp=nodes)
    _save(connection, "a", nodes=99_000, cp=1, engine="other")
    _save(connection, "b", nodes=99_000, cp=2)
    assert deepest_evaluation(connection, "a", engine_key="one") == _evaluation(10_000)
    assert deepest_evaluation(connection, "c", engine_key="one") is None
    assert deepest_evaluation(connection, "b", engine_key="other") is None


def test_saving_twice_keeps_the_first(connection: Connection) -> None:
    _save(connection, "a", cp=1)
    _save(connection, "a", "b", cp=2)
    assert _find(connection, "a", "b") == {"a": _evaluation(1), "b": _evaluation(2)}


def test_saving_nothing_is_nothing(connection: Connection) -> None:
    _save(connection)
    assert count_evaluations(connection) == 0


def test_more_positions_than_a_statement_takes_are_found_in_one_call(
    connection: Connection,
) -> None:
    fens = [f"position {number}" for number in range(1501)]
    _save(connection, *fens, today=TODAY - 1)
    assert _find(connection, *fens, "unknown").keys() == set(fens)
    assert set(_used_on(connection).values()) == {TODAY}


def test_finding_notes_the_day_of_what_was_found_and_of_nothing_else(
    connection: Connection,
) -> None:
    _save(connection, "a", "b", today=TODAY - 7)
    _save(connection, "c", today=TODAY + 1)
    _find(connection, "a", "d")
    assert _used_on(connection) == {"a": TODAY, "b": TODAY - 7, "c": TODAY + 1}


def test_finding_with_another_budget_refreshes_nothing(connection: Connection) -> None:
    _save(connection, "a", today=TODAY - 7)
    _find(connection, "a", nodes=2000)
    _find(connection, "a", engine="other")
    assert _used_on(connection) == {"a": TODAY - 7}


def test_the_day_of_use_outlives_the_process(database_url: str | None, tmp_path: Path) -> None:
    with open_store(tmp_path, database_url) as store, store.writing() as connection:
        _save(connection, "a", today=TODAY - 7)
    with open_store(tmp_path, database_url) as store, store.writing() as connection:
        _find(connection, "a")
    with open_store(tmp_path, database_url) as store, store.reading() as connection:
        assert _used_on(connection) == {"a": TODAY}


def test_what_was_of_no_use_for_longest_goes_first(connection: Connection) -> None:
    for age, fen in enumerate("abcde"):
        _save(connection, fen, today=TODAY - age)
    _find(connection, "e")
    assert trim_evaluations(connection, 3) == 2
    assert _left(connection) == {("a", 1000), ("b", 1000), ("e", 1000)}


def test_of_one_day_what_a_deeper_one_surpasses_goes_first(connection: Connection) -> None:
    _save(connection, "a", "z", nodes=1000)
    _save(connection, "m", nodes=500)
    _save(connection, "m", nodes=1000)
    # Deeper, but another engine's: it surpasses nothing.
    _save(connection, "a", nodes=5000, engine="other")
    assert trim_evaluations(connection, 4) == 1
    assert _left(connection) == {("a", 1000), ("z", 1000), ("m", 1000), ("a", 5000)}


def test_an_older_day_counts_more_than_being_surpassed(connection: Connection) -> None:
    _save(connection, "a", nodes=1000, today=TODAY - 1)
    for nodes in (500, 1000):
        _save(connection, "m", nodes=nodes)
    trim_evaluations(connection, 2)
    assert _left(connection) == {("m", 500), ("m", 1000)}


@given(
    kept=st.sets(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from([1, 2, 3]), st.integers(0, 2))
    ),
    most=st.integers(0, 20),
)
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_exactly_as_many_are_left_as_allowed(
    connection: Connection, kept: set[tuple[str, int, int]], most: int
) -> None:
    connection.execute(delete(table))
    for fen, nodes, age in sorted(kept):
        _save(connection, fen, nodes=nodes, today=TODAY - age)
    before = count_evaluations(connection)
    assert before == len({(fen, nodes) for fen, nodes, _ in kept})
    assert trim_evaluations(connection, most) == max(0, before - most)
    assert count_evaluations(connection) == min(before, most)
