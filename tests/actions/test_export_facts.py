"""Facts as files for other programs: the same numbers come out of them again."""

import io

import polars as pl
import pytest

from chess_analytics.actions.export_facts import (
    FactsFormat,
    FactsTable,
    facts_table,
    write_facts,
)
from chess_analytics.insights.dictionary import TABLES, described
from chess_analytics.insights.frames import Facts
from tests.insights.archives import facts_of, sample_games


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of(sample_games())


def _file(facts: Facts, table: FactsTable, form: FactsFormat) -> io.BytesIO:
    return io.BytesIO(b"".join(write_facts(facts, table, form)))


@pytest.mark.parametrize("table", FactsTable)
def test_parquet_holds_every_column_that_the_dictionary_explains(
    facts: Facts, table: FactsTable
) -> None:
    read = pl.read_parquet(_file(facts, table, FactsFormat.PARQUET))
    assert read.columns == [column.name for column in TABLES[table]]
    assert read.equals(facts_table(facts, table))
    assert all(f"| `{name}` |" in described() for name in read.columns)


@pytest.mark.parametrize("table", FactsTable)
def test_csv_holds_the_same_and_leaves_what_is_unknown_empty(
    facts: Facts, table: FactsTable
) -> None:
    read = pl.read_csv(_file(facts, table, FactsFormat.CSV), infer_schema=False)
    whole = facts_table(facts, table)
    assert read.columns == whole.columns
    for name in whole.columns:
        said = whole[name].cast(pl.String) if whole[name].dtype != pl.Float32 else whole[name]
        told = read[name].cast(said.dtype)
        assert told.equals(said, null_equal=True), name


def test_moves_name_their_games_and_stand_in_the_order_of_play(facts: Facts) -> None:
    moves = facts_table(facts, FactsTable.MOVES)
    assert moves.select("game", "ply").equals(moves.select("game", "ply").sort("game", "ply"))
    plies = dict(facts.games.filter("is_analysed").select("game_id", "plies").iter_rows())
    counted = dict(moves.group_by("game_id").len().iter_rows())
    assert counted == {game_id: count for game_id, count in plies.items() if count}
