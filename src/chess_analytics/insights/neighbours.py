"""What a game owes to the games around it: sessions, streaks, breaks.

A session is a row of games at the board of which each begins within half an hour of the end of the
one before; where the time that a game took is unknown, it counts as none. Games by correspondence,
and games of which only the day is known, or nothing, belong to no session.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from chess_analytics.games.clocks import Speed
from chess_analytics.insights.columns import OutcomeWord

SESSION_BREAK_MS = 30 * 60_000
_DAY_MS = 86_400_000

KNOWS_TIME = pl.col("knows_time").fill_null(pl.col("played_ms") % _DAY_MS != 0)
"""More than the day of a game is known; without facts, midnight means that it is not."""


_SIGN = (
    pl.when(pl.col("outcome") == OutcomeWord.WIN.value)
    .then(1)
    .when(pl.col("outcome") == OutcomeWord.LOSS.value)
    .then(-1)
    .otherwise(0)
    .cast(pl.Int32)
    .alias("sign")
)


def neighbours(games: pl.DataFrame) -> Sequence[pl.Series]:
    """Work out `columns.NEIGHBOUR_COLUMNS` of games, which are in the order of play."""
    return [*_sessions(games), _streaks(games), _breaks(games)]


def _sessions(games: pl.DataFrame) -> list[pl.Series]:
    known = (
        pl.col("played_ms").is_not_null()
        & KNOWS_TIME
        & (pl.col("speed") != Speed.CORRESPONDENCE.value).fill_null(value=True)
    )
    took_ms = pl.col("duration_s").fill_null(0).cast(pl.Int64) * 1000
    ended = (pl.col("played_ms") + took_ms).shift(1)
    begins = (pl.col("played_ms") - ended > SESSION_BREAK_MS).fill_null(value=True)
    numbered = (
        games.select("played_ms", "duration_s", "knows_time", "speed")
        .with_row_index("row")
        .filter(known)
        .with_columns(session=begins.cast(pl.Int32).cum_sum() - 1)
        .with_columns(
            session_games=pl.len().over("session").cast(pl.Int32),
            session_place=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("session"),
        )
    )
    rows = pl.DataFrame({"row": pl.Series(range(len(games)), dtype=pl.get_index_type())})
    placed = rows.join(numbered, on="row", how="left", maintain_order="left")
    return [placed[name] for name in ("session", "session_games", "session_place")]


def _streaks(games: pl.DataFrame) -> pl.Series:
    """Count how many games just before ended alike; a draw, or an unknown end, ends a streak."""
    sign = games.select(_SIGN)["sign"].to_numpy()
    after = np.zeros(len(games) + 1, dtype=np.int32)
    place = np.arange(len(games), dtype=np.int32)
    begins = np.diff(sign, prepend=2) != 0
    first = np.maximum.accumulate(np.where(begins, place, 0))
    after[1:] = sign * (place - first + 1)
    return pl.Series("streak", after[:-1])


def _breaks(games: pl.DataFrame) -> pl.Series:
    """Tell the days since the game before began."""
    days = (pl.col("played_ms") - pl.col("played_ms").shift(1)) / _DAY_MS
    return games.select(days.cast(pl.Float32).alias("days_since"))["days_since"]
