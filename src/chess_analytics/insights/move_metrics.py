"""Metrics of the player's moves."""

import polars as pl

from chess_analytics.insights.columns import MOVE_COLUMNS
from chess_analytics.insights.dimension import Level
from chess_analytics.insights.metric import Kind, Metric
from chess_analytics.insights.move_dimensions import MOVE_DIMENSIONS, TIME_SHARE
from chess_analytics.review.judgment import Judgment

_COLUMNS = {column.name: column for column in MOVE_COLUMNS}
_CUTS = {dimension.key: dimension.cut for dimension in MOVE_DIMENSIONS}

# A move that mates has no evaluation after it, and counts nowhere, as on Lichess.
_COUNTS = pl.col("loss_cp").is_not_null()
_BLUNDERS = (pl.col("judgment") == Judgment.BLUNDER.value).fill_null(value=False)
_MISTAKES = (pl.col("judgment") == Judgment.MISTAKE.value).fill_null(value=False)
_ERRORS = _BLUNDERS | _MISTAKES


def _mean(key: str, name: str, about: str, unit: str, value: pl.Expr, more_is: int = 0) -> Metric:
    return Metric(key, name, about, unit, Level.MOVES, Kind.MEAN, value, more_is=more_is)


def _rate(key: str, name: str, about: str, value: pl.Expr, more_is: int = 0) -> Metric:
    return Metric(key, name, about, "%", Level.MOVES, Kind.RATE, value, more_is=more_is)


def _shares(key: str, name: str, about: str, cut: str) -> Metric:
    how = _CUTS[cut]
    value = how.expression("UTC")
    return Metric(key, name, about, "%", Level.MOVES, Kind.SHARES, value, how.labels)


def _counted(value: pl.Expr) -> pl.Expr:
    return pl.when(_COUNTS).then(value)


MOVE_METRICS = (
    # Lichess's.
    _mean("acpl", "Centipawn loss", "Average loss a move.", "centipawns", pl.col("loss_cp"), -1),
    _shares("loss_shares", "Shares of losses", "How the moves divide by their loss.", "loss_cp"),
    _mean(
        "accuracy",
        "Accuracy",
        "Average accuracy of the moves. The accuracy of a game weighs its moves, and is lower.",
        "%",
        _counted(pl.col("accuracy")),
        1,
    ),
    _mean("move_time", "Move time", "Average time spent on a move.", "seconds", pl.col("spent_s")),
    _shares("piece_shares", "Pieces moved", "How the moves divide by the piece.", "piece"),
    _rate(
        "awareness",
        "Tactical awareness",
        "After a mistake or a blunder of the opponent's: the answer is none itself.",
        pl.when(pl.col("answers_error")).then(~_ERRORS),
        1,
    ),
    _rate(
        "luck",
        "Luck",
        "Of the player's mistakes and blunders: the opponent answered with another.",
        pl.when(_ERRORS).then(pl.col("is_let_off")),
    ),
    _mean(
        "material",
        "Material",
        "Pawns ahead before a move, on average.",
        "pawns",
        pl.col("material"),
        1,
    ),
    _mean(
        "clock_share",
        "Clock left",
        "Clock after a move, of the initial time and forty increments.",
        "%",
        pl.col("clock_share"),
        1,
    ),
    _mean(
        "time_variance",
        "Time variance",
        "How unevenly time is spent on moves: deviation by mean of 13 moves.",
        "",
        pl.col("time_variance"),
    ),
    # Ours.
    _mean(
        "loss",
        "Winning chance lost",
        "Winning chance given away a move.",
        "points",
        _counted(pl.col("loss")),
        -1,
    ),
    _rate("blunder_rate", "Blunders", "Blunders a hundred moves.", _counted(_BLUNDERS), -1),
    _rate("mistake_rate", "Mistakes", "Mistakes a hundred moves.", _counted(_MISTAKES), -1),
    _rate(
        "inaccuracy_rate",
        "Inaccuracies",
        "Inaccuracies a hundred moves.",
        _counted((pl.col("judgment") == Judgment.INACCURACY.value).fill_null(value=False)),
        -1,
    ),
    _rate(
        "error_rate",
        "Mistakes and blunders",
        "Mistakes and blunders a hundred moves.",
        _counted(_ERRORS),
        -1,
    ),
    _rate(
        "best_rate",
        "Engine's first choices",
        "How often the engine's first choice is played, where it is known.",
        pl.col("is_best"),
        1,
    ),
    _rate(
        "missed_win_rate",
        "Missed wins",
        "Of the moves in won positions: the win is gone after it.",
        pl.when(pl.col("win_before") >= 80).then(pl.col("misses_win")),  # noqa: PLR2004 - `Thresholds.winning`
        -1,
    ),
    _mean("win_chance", "Winning chance", "Before a move.", "%", pl.col("win_before"), 1),
    _mean(
        "time_share",
        "Share of the clock spent",
        "Time spent on a move, of what was left.",
        "%",
        pl.when(pl.col("clock_before_s") > 0).then(TIME_SHARE),
    ),
    _mean(
        "difficulty",
        "Difficulty",
        "What the second-best move would cost, where it is known.",
        "points",
        pl.col("gap"),
    ),
    _rate("check_rate", "Checks", "Moves that give check.", pl.col("gives_check")),
    _rate("capture_rate", "Captures", "Moves that take.", pl.col("captured").is_not_null()),
)
"""Every metric of moves."""
