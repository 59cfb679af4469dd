"""Write facts down as tables for other programs: Parquet or CSV."""

from collections.abc import Iterator
from enum import StrEnum
from tempfile import TemporaryFile
from typing import IO

import polars as pl

from chess_analytics.insights.dictionary import TABLES
from chess_analytics.insights.frames import Facts

_PIECE_BYTES = 1 << 18


class FactsTable(StrEnum):
    """One of the two tables of facts."""

    GAMES = "games"
    MOVES = "moves"


class FactsFormat(StrEnum):
    """A kind of file."""

    PARQUET = "parquet"
    CSV = "csv"


def facts_table(facts: Facts, table: FactsTable) -> pl.DataFrame:
    """Give a table as `dictionary.TABLES` describes it: games in the order of play, and moves."""
    match table:
        case FactsTable.GAMES:
            found = facts.games
        case FactsTable.MOVES:
            ids = facts.games["game_id"].gather(facts.moves["game"])
            found = facts.moves.with_columns(ids).sort("game", "ply")
    return found.select(column.name for column in TABLES[table])


def write_facts(facts: Facts, table: FactsTable, form: FactsFormat) -> Iterator[bytes]:
    """Write a table, and give the file piece by piece.

    It is written when this is called, into a temporary file: a million moves as CSV are more than
    anybody wants to hold in memory beside the facts themselves. In CSV nothing stands for unknown.
    """
    file = TemporaryFile()  # noqa: SIM115 - it lives as long as its pieces are given
    try:
        frame = facts_table(facts, table)
        if form is FactsFormat.PARQUET:
            frame.write_parquet(file)
        else:
            frame.write_csv(file)
    except BaseException:
        file.close()
        raise
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece
