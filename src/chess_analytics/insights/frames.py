"""A player's facts as columns: read from records, joined with what the library knows of the games.

`gather` reads the stored records of many runs; `assemble` puts them beside the games. When games
come, only the records of new runs are read: `Gathered.with_new`, and `assemble` again.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.games.openings import opening_family
from chess_analytics.insights.columns import (
    GAME_COLUMNS,
    GAMES_TABLE,
    LIBRARY_COLUMNS,
    MOVE_COLUMNS,
    MOVES_TABLE,
    SIDE_COLUMNS,
    Column,
    Kind,
)
from chess_analytics.insights.neighbours import neighbours
from chess_analytics.insights.records import PackedFacts, absent
from chess_analytics.insights.rows import LibraryGame

Codes = npt.NDArray[np.int16 | np.int32]
Buckets = tuple[tuple[str, ...], Codes]
"""The labels of buckets, and the place among them of each game's or move's; -1 for none."""

_Records = npt.NDArray[np.void]

_MOST_PIECES = 16
# Kept beside each of the player's moves: the row of its game, and a bucket for each dimension.
_GAME_BYTES, _BUCKET_BYTES, _MOST_CUTS = 8, 2, 24


def _record(columns: Sequence[Column]) -> np.dtype[np.void]:
    return np.dtype([(column.name, f"<{column.type}") for column in columns])


_MOVE = _record(MOVE_COLUMNS)
_GAME = np.dtype(
    [
        ("game", _record(GAME_COLUMNS)),
        (Side.WHITE.value, _record(SIDE_COLUMNS)),
        (Side.BLACK.value, _record(SIDE_COLUMNS)),
    ]
)

_TYPES: Mapping[str, pl.DataType] = {
    "u1": pl.UInt8(),
    "u2": pl.UInt16(),
    "u4": pl.UInt32(),
    "u8": pl.UInt64(),
    "i1": pl.Int8(),
    "i2": pl.Int16(),
    "i4": pl.Int32(),
    "i8": pl.Int64(),
    "f4": pl.Float32(),
}


@dataclass(frozen=True, eq=False)
class Facts:
    """All facts of one player's games, in the order in which these were played.

    `columns.GAMES_TABLE` and `columns.MOVES_TABLE` describe the columns.
    """

    games: pl.DataFrame
    """One row a game: also of games that nobody has analysed, whose facts are null."""
    moves: pl.DataFrame
    """One row a ply of the analysed games, the player's and the opponents'. The moves of a game
    are together and in order; the games come in any order."""

    @property
    def own_moves(self) -> pl.DataFrame:
        """Give the player's moves alone, with all columns; see `own`."""
        return self.own(*self.moves.columns)

    @property
    def own_count(self) -> int:
        """Tell how many moves are the player's."""
        return int(self.moves["is_mine"].sum())

    def own(self, *columns: str) -> pl.DataFrame:
        """Give some columns of the player's moves alone.

        They are put aside one by one, when they are asked for: a question needs a few of them.
        """
        kept = self._own
        if new := [name for name in columns if name not in kept]:
            whole = pl.DataFrame([self.moves[name] for name in new])
            found = whole.filter(self.moves["is_mine"]).rechunk()
            kept.update({column.name: column for column in found})
        return pl.DataFrame([kept[name] for name in columns])

    @cached_property
    def _own(self) -> dict[str, pl.Series]:
        return {}

    @cached_property
    def game_of_own_move(self) -> npt.NDArray[np.int64]:
        """Give the row of the game of each of the player's moves."""
        return self.own("game")["game"].cast(pl.Int64).to_numpy()

    @cached_property
    def buckets(self) -> dict[tuple[str, str], Buckets]:
        """Keep the buckets of games and of the player's moves, by dimension and time zone."""
        return {}

    @property
    def size_bytes(self) -> int:
        """Give what the frames hold in memory, and what is kept beside them at most."""
        beside = len(self.moves) // 2 * (_GAME_BYTES + _BUCKET_BYTES * _MOST_CUTS)
        return int(self.games.estimated_size() + 1.5 * self.moves.estimated_size()) + beside


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of many runs as columns, whoever's side they are seen from."""

    runs: pl.DataFrame
    """One row a run: ``run_id``, and the stored columns of the game and of both sides."""
    moves: pl.DataFrame
    """One row a ply: ``run``, the row in ``runs``, and the stored columns."""

    def with_new(
        self, packed: Mapping[int, PackedFacts], keep: Sequence[int] | pl.Series
    ) -> "Gathered":
        """Add the records of new runs, and leave out those of runs that are not to be kept."""
        kept = pl.Series("run_id", keep, dtype=pl.Int64)
        runs, moves = self.runs, self.moves
        if len(kept) < len(runs):
            rows = runs.with_row_index("run").join(kept.to_frame(), on="run_id", how="semi")
            places = rows.select("run").with_row_index("new")
            moves = (
                moves.join(places, on="run", how="inner", maintain_order="left")
                .drop("run")
                .rename({"new": "run"})
                .select(self.moves.columns)
            )
            runs = rows.drop("run")
        new = gather(packed, first=len(runs))
        # In one piece again when there are many small ones: all that follows goes through them.
        runs, moves = (
            pl.concat([old, fresh], rechunk=old.n_chunks() >= _MOST_PIECES)
            for old, fresh in ((runs, new.runs), (moves, new.moves))
        )
        return Gathered(runs, moves)


def gather(packed: Mapping[int, PackedFacts], *, first: int = 0) -> Gathered:
    """Read the records of runs, named by their ids, into columns; ``first`` is their first row."""
    games = np.frombuffer(b"".join(each.game for each in packed.values()), dtype=_GAME)
    moves = np.frombuffer(b"".join(each.moves for each in packed.values()), dtype=_MOVE)
    sides = (
        _series(column, games[side.value][column.name]).alias(f"{side}_{column.name}")
        for side in Side
        for column in SIDE_COLUMNS
    )
    runs = pl.DataFrame(
        [
            pl.Series("run_id", list(packed), dtype=pl.Int64),
            *(_series(column, games["game"][column.name]) for column in GAME_COLUMNS),
            *sides,
        ]
    )
    plies = games["game"]["plies"].astype(np.int64)
    run = np.repeat(np.arange(first, first + len(games), dtype=np.uint32), plies)
    columns = [_series(column, moves[column.name]) for column in MOVE_COLUMNS]
    return Gathered(runs, pl.DataFrame([pl.Series("run", run), *columns]))


def assemble(library: pl.DataFrame, gathered: Gathered) -> Facts:
    """Put the records beside the games of a player (`library_frame`), in any order."""
    games = library.sort("played_ms", "game_id", nulls_last=False)
    runs = gathered.runs.with_row_index("run")
    games = games.join(runs, on="run_id", how="left", maintain_order="left")
    games = games.with_columns(_AS_THE_PLAYER_SEES, is_analysed=pl.col("run").is_not_null())
    games = games.with_columns(neighbours(games))
    moves = _moves_frame(games, gathered)
    return Facts(games.select(column.name for column in GAMES_TABLE), moves)


def _as_the_player_sees() -> Iterator[pl.Expr]:
    is_white = pl.col("color") == Side.WHITE.value
    for name in (column.name for column in SIDE_COLUMNS):
        white, black = pl.col(f"white_{name}"), pl.col(f"black_{name}")
        yield pl.when(is_white).then(white).otherwise(black).alias(name)
        yield pl.when(is_white).then(black).otherwise(white).alias(f"opponent_{name}")


_AS_THE_PLAYER_SEES = tuple(_as_the_player_sees())


def _moves_frame(games: pl.DataFrame, gathered: Gathered) -> pl.DataFrame:
    """Tell of each move in which row of the games it was made, and by whom."""
    analysed = games.with_row_index("game").filter("is_analysed")
    game_of_run = np.zeros(len(gathered.runs), dtype=np.uint32)
    white_of_run = np.zeros(len(gathered.runs), dtype=np.bool_)
    rows = analysed["run"].to_numpy()
    game_of_run[rows] = analysed["game"].to_numpy()
    white_of_run[rows] = (analysed["color"] == Side.WHITE.value).to_numpy()
    run = gathered.moves["run"].to_numpy()
    is_white = gathered.moves["is_white"].to_numpy()
    return gathered.moves.with_columns(
        pl.Series("game", game_of_run[run]), pl.Series("is_mine", white_of_run[run] == is_white)
    ).select(column.name for column in MOVES_TABLE)


def library_frame(library: Sequence[LibraryGame]) -> pl.DataFrame:
    """Turn games as the player sees them into columns, row by row."""
    known: dict[str, Sequence[object]] = dict(
        zip(LibraryGame._fields, zip(*library, strict=True), strict=True)
        if library
        else ((name, ()) for name in LibraryGame._fields)
    )
    known["family"] = [_family(game.opening) if game.opening else None for game in library]
    return pl.DataFrame(
        [
            pl.Series(column.name, known[column.name], dtype=polars_type(column))
            for column in LIBRARY_COLUMNS
            if column.name in known
        ]
    )


@functools.lru_cache(maxsize=16_384)
def _family(opening: str) -> str:
    """Remember the families of openings: there are few, and many games."""
    return opening_family(opening)


@functools.cache
def polars_type(column: Column) -> pl.DataType:
    """Give the type of a loaded column."""
    match column.kind:
        case Kind.FLAG:
            return pl.Boolean()
        case Kind.WORD:
            return pl.Enum(column.words)
        case Kind.TEXT:
            return pl.String()
        case Kind.WHOLE | Kind.NUMBER:
            return _TYPES[column.type]


def _series(column: Column, stored: _Records) -> pl.Series:
    """Load a stored column; what says that nothing is known becomes null."""
    stored = np.ascontiguousarray(stored)
    if column.kind is Kind.NUMBER:
        return pl.Series(column.name, stored, nan_to_null=True)
    values = pl.Series(column.name, stored)
    unknown = stored == absent(column.type)
    if unknown.any():
        values = values.set(pl.Series(unknown), None)
    match column.kind:
        case Kind.FLAG:
            return values.cast(pl.Boolean)
        case Kind.WORD:
            # Numbers are no words to Polars: looked up they are, and nothing stays nothing.
            return _words(column.words)[values].alias(column.name)
        case _:
            return values


@functools.cache
def _words(words: tuple[str, ...]) -> pl.Series:
    return pl.Series(words, dtype=pl.Enum(words))
