"""The facts are what their one definition says, and the page about them too."""

from dataclasses import fields

import pytest
from scripts.write_facts import FILE

from chess_analytics.insights.columns import (
    GAME_COLUMNS,
    GAMES_TABLE,
    MOVE_COLUMNS,
    MOVES_TABLE,
    SIDE_COLUMNS,
    Column,
    Kind,
)
from chess_analytics.insights.dictionary import described
from chess_analytics.insights.frames import polars_type
from chess_analytics.insights.rows import MoveFacts, SharedFacts, SideFacts

_STORED = (
    (MoveFacts, MOVE_COLUMNS),
    (SideFacts, SIDE_COLUMNS),
    (SharedFacts, GAME_COLUMNS),
)


@pytest.mark.parametrize(("row", "columns"), _STORED)
def test_every_stored_column_is_a_field_in_the_same_place(
    row: type, columns: tuple[Column, ...]
) -> None:
    assert [field.name for field in fields(row)] == [column.name for column in columns]


@pytest.mark.parametrize("table", [GAMES_TABLE, MOVES_TABLE])
def test_names_are_used_once(table: tuple[Column, ...]) -> None:
    names = [column.name for column in table]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("column", [*GAMES_TABLE, *MOVES_TABLE])
def test_every_column_says_what_it_means(column: Column) -> None:
    assert column.about.endswith(".")
    assert (column.kind is Kind.WORD) == bool(column.words)
    # One value of a word's type says that it is absent.
    assert len(column.words) < 255
    assert polars_type(column) is not None


def test_the_dictionary_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == described(), "run `just facts`"
