"""Metrics of the player's games."""

import polars as pl

from chess_analytics.insights.columns import GAMES_TABLE, OutcomeWord
from chess_analytics.insights.dimension import Level
from chess_analytics.insights.endings import Termination
from chess_analytics.insights.metric import Kind, Metric

_COLUMNS = {column.name: column for column in GAMES_TABLE}
_OUTCOME = pl.col("outcome")
_WON, _DRAWN, _LOST = (_OUTCOME.eq(word.value) for word in OutcomeWord)
_POINTS = pl.when(_WON).then(1.0).when(_DRAWN).then(0.5).when(_LOST).then(0.0)
# lila counts a game as worth the opponent's rating, and 500 points more or less.
_PERFORMANCE = pl.col("opponent_rating").cast(pl.Float64) + 1000 * _POINTS - 500
# Below this chance a game is lost; the mirror of `Thresholds.winning`.
_LOST_UNTIL = 20
_BEHIND = pl.col("lowest_win") <= _LOST_UNTIL


def _mean(key: str, name: str, about: str, unit: str, value: pl.Expr, more_is: int = 0) -> Metric:
    return Metric(key, name, about, unit, Level.GAMES, Kind.MEAN, value, more_is=more_is)


def _rate(key: str, name: str, about: str, value: pl.Expr, more_is: int = 0) -> Metric:
    return Metric(key, name, about, "%", Level.GAMES, Kind.RATE, value, more_is=more_is)


def _shares(key: str, name: str, about: str, column: str) -> Metric:
    value, parts = pl.col(column).to_physical(), _COLUMNS[column].words
    return Metric(key, name, about, "%", Level.GAMES, Kind.SHARES, value, parts)


GAME_METRICS = (
    # Lichess's.
    _shares("results", "Results", "How the games divide by their result.", "outcome"),
    _shares("terminations", "Terminations", "How the games divide by their end.", "termination"),
    _mean(
        "performance",
        "Performance",
        "The opponent's rating, 500 points more for a win and less for a loss, on average.",
        "rating points",
        _PERFORMANCE,
        1,
    ),
    _mean(
        "rating_gain",
        "Rating gain",
        "Gained or lost a game, where the site says so.",
        "rating points",
        pl.col("rating_change"),
        1,
    ),
    _mean(
        "opponent_rating",
        "Opponent's rating",
        "On average.",
        "rating points",
        pl.col("opponent_rating"),
    ),
    _mean("moves_per_game", "Moves a game", "Moves of the player.", "moves", pl.col("moves")),
    _rate(
        "conversion",
        "Conversion",
        "Of games with a chance above 66.6 % and more than a pawn ahead at some moment: won.",
        pl.when(pl.col("was_ahead")).then(_WON),
        1,
    ),
    _rate(
        "resourcefulness",
        "Resourcefulness",
        "Of games with a chance below 33.3 % and more than a pawn behind at some moment: not lost.",
        pl.when(pl.col("was_behind")).then(_WON | _DRAWN),
        1,
    ),
    # Ours.
    _rate("score", "Score", "Points, of those that there were.", _POINTS, 1),
    _rate("win_rate", "Wins", "Games won.", _WON, 1),
    _rate("draw_rate", "Draws", "Games drawn.", _DRAWN),
    _rate("loss_rate", "Losses", "Games lost.", _LOST, -1),
    _mean(
        "game_accuracy",
        "Accuracy of games",
        "Lichess's accuracy of a game, on average.",
        "%",
        pl.col("accuracy"),
        1,
    ),
    _rate(
        "comeback",
        "Comebacks",
        "Of games with a chance of 20 % or less at some moment: won.",
        pl.when(_BEHIND).then(_WON),
        1,
    ),
    _mean(
        "missed_wins",
        "Missed wins",
        "Wins missed a game.",
        "wins",
        pl.col("missed_wins"),
        -1,
    ),
    _rate(
        "flag_rate",
        "Losses on time",
        "Games lost on time.",
        pl.when(pl.col("termination").is_not_null()).then(
            _LOST & (pl.col("termination") == Termination.TIME.value)
        ),
        -1,
    ),
    _mean(
        "book_moves",
        "Book moves",
        "Plies of the game that a named opening knows.",
        "plies",
        pl.col("book_ply"),
    ),
    _mean(
        "exit_cp",
        "Evaluation at the book's end",
        "For the player.",
        "centipawns",
        pl.col("exit_cp"),
        1,
    ),
    _mean(
        "clock_at_end",
        "Clock left at the end",
        "Clock after the last move, of the initial time and forty increments.",
        "%",
        pl.col("last_clock_share"),
    ),
)
"""Every metric of games."""
