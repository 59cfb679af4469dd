"""Ways to cut moves; every bucket is seen from the player who moved."""

import polars as pl

from chess_analytics.insights.buckets import (
    Cut,
    by_flag,
    by_steps,
    by_steps_up_to,
    by_word,
    by_word_or,
)
from chess_analytics.insights.columns import MOVE_COLUMNS
from chess_analytics.insights.dimension import Dimension, Level

_COLUMNS = {column.name: column for column in MOVE_COLUMNS}
_TENS = tuple(range(10, 100, 10))
_TEN_LABELS = ("0 to 10 %", *(f"{ten} to {ten + 10} %" for ten in _TENS))
_ALWAYS = pl.lit(value=True)

TIME_SHARE = 100 * pl.col("spent_s").cast(pl.Float64) / pl.col("clock_before_s")
"""Time spent on a move, in percent of what was left."""
_HAS_CLOCK = pl.col("clock_before_s") > 0


def _moves(key: str, name: str, about: str, how: Cut) -> Dimension:
    return Dimension(key, name, about, Level.MOVES, how)


# Each side of equality alike, as in lila's MaterialRange and EvalRange.
_MATERIAL = by_steps(
    pl.col("material"),
    (-6, -3, -1, 0, 1, 2, 4, 7),
    (
        "more than 6 behind",
        "4 to 6 behind",
        "2 to 3 behind",
        "1 behind",
        "equal",
        "1 ahead",
        "2 to 3 ahead",
        "4 to 6 ahead",
        "more than 6 ahead",
    ),
)
_EVALUATION = by_steps(
    pl.col("eval_cp"),
    (-600, -350, -175, -80, -25, 26, 81, 176, 351, 601),
    (
        "below -6.00",
        "-6.00 to -3.51",
        "-3.50 to -1.76",
        "-1.75 to -0.81",
        "-0.80 to -0.26",
        "-0.25 to 0.25",
        "0.26 to 0.80",
        "0.81 to 1.75",
        "1.76 to 3.50",
        "3.51 to 6.00",
        "above 6.00",
    ),
)

MOVE_DIMENSIONS = (
    # Lichess's.
    _moves("phase", "Phase", "Opening, middlegame or endgame.", by_word(_COLUMNS["phase"])),
    _moves("piece", "Piece moved", "What the player moved.", by_word(_COLUMNS["piece"])),
    _moves(
        "move_time",
        "Move time",
        "Seconds spent on the move.",
        by_steps(
            pl.col("spent_s"),
            (1, 3, 5, 10, 30),
            ("under 1 s", "1 to 3 s", "3 to 5 s", "5 to 10 s", "10 to 30 s", "30 s and more"),
        ),
    ),
    _moves("material", "Material", "Pawns ahead or behind before the move.", _MATERIAL),
    _moves(
        "loss_cp",
        "Centipawn loss",
        "What the move gave away, in centipawns.",
        by_steps_up_to(
            pl.col("loss_cp"),
            (0, 10, 25, 50, 100, 200, 500),
            (
                "0",
                "1 to 10",
                "11 to 25",
                "26 to 50",
                "51 to 100",
                "101 to 200",
                "201 to 500",
                "more than 500",
            ),
        ),
    ),
    _moves("evaluation", "Evaluation", "The evaluation before the move, in pawns.", _EVALUATION),
    _moves(
        "accuracy",
        "Accuracy",
        "Accuracy of the move.",
        by_steps(pl.col("accuracy"), _TENS, _TEN_LABELS),
    ),
    _moves(
        "win_chance",
        "Winning chance",
        "The winning chance before the move.",
        by_steps(pl.col("win_before"), _TENS, _TEN_LABELS),
    ),
    _moves(
        "time_pressure",
        "Time pressure",
        "Clock after the move, of the initial time and forty increments.",
        by_steps(
            pl.col("clock_share"),
            (3, 10, 25, 50),
            ("under 3 %", "3 to 10 %", "10 to 25 %", "25 to 50 %", "50 % and more"),
        ),
    ),
    _moves(
        "time_variance",
        "Time variance",
        "How unevenly the time was spent around the move.",
        by_steps(
            pl.col("time_variance"),
            (0.25, 0.4, 0.6, 0.75),
            ("very even", "even", "medium", "uneven", "very uneven"),
        ),
    ),
    # Ours.
    _moves(
        "captured",
        "Piece captured",
        "What the move took.",
        by_word_or(_COLUMNS["captured"], "nothing", _ALWAYS),
    ),
    _moves(
        "check",
        "Check",
        "Whether the move gave check.",
        by_flag(pl.col("gives_check"), "check", "no check"),
    ),
    _moves(
        "clock_left",
        "Clock left",
        "Seconds left when the move was due.",
        by_steps(
            pl.col("clock_before_s"),
            (5, 10, 20, 30, 60, 180, 600),
            (
                "under 5 s",
                "5 to 10 s",
                "10 to 20 s",
                "20 to 30 s",
                "30 to 60 s",
                "1 to 3 min",
                "3 to 10 min",
                "10 min and more",
            ),
        ),
    ),
    _moves(
        "time_share",
        "Share of the clock spent",
        "Time spent on the move, of what was left.",
        by_steps(
            pl.when(_HAS_CLOCK).then(TIME_SHARE),
            (1, 2, 5, 10, 20),
            ("under 1 %", "1 to 2 %", "2 to 5 %", "5 to 10 %", "10 to 20 %", "20 % and more"),
        ),
    ),
    _moves(
        "difficulty",
        "Difficulty",
        "How much the second-best move would cost, in points of winning chance; where it is known.",
        by_steps(
            pl.col("gap"),
            (2, 5, 10, 20),
            (
                "many good moves",
                "2 to 5 points",
                "5 to 10 points",
                "10 to 20 points",
                "only one good move",
            ),
        ),
    ),
    _moves("endgame", "Endgame", "Kind of endgame on the board.", by_word(_COLUMNS["endgame"])),
    _moves(
        "pieces",
        "Pieces left",
        "Queens, rooks, bishops and knights of both on the board.",
        by_steps(
            pl.col("pieces"),
            (3, 5, 7, 9, 11, 13),
            ("0 to 2", "3 to 4", "5 to 6", "7 to 8", "9 to 10", "11 to 12", "13 and more"),
        ),
    ),
    _moves(
        "label",
        "Label",
        "The label of the move.",
        by_word(_COLUMNS["label"]),
    ),
    _moves(
        "book",
        "Book",
        "Whether the move belongs to a named opening.",
        by_flag(pl.col("is_book"), "book", "own moves"),
    ),
    _moves(
        "after_error",
        "The opponent's last move",
        "Whether the opponent's last move was a mistake or a blunder.",
        by_flag(pl.col("answers_error"), "an error", "no error"),
    ),
    _moves(
        "move_number",
        "Move number",
        "Which move of the player's it is.",
        by_steps(
            (pl.col("ply") + 1) // 2,
            (11, 21, 31, 41, 61),
            ("1 to 10", "11 to 20", "21 to 30", "31 to 40", "41 to 60", "61 and later"),
        ),
    ),
)
"""Every dimension of moves."""
