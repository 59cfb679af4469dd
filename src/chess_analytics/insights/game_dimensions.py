"""Ways to cut games, as the player sees them."""

import polars as pl

from chess_analytics.insights.buckets import (
    Cut,
    by_flag,
    by_place,
    by_sorted_text,
    by_steps,
    by_text,
    by_word,
    by_word_or,
)
from chess_analytics.insights.columns import GAMES_TABLE
from chess_analytics.insights.dimension import Dimension, Level
from chess_analytics.insights.neighbours import KNOWS_TIME

_COLUMNS = {column.name: column for column in GAMES_TABLE}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_MS = 86_400_000
_STRETCHES = 12
_IS_ANALYSED = pl.col("is_analysed")


def _games(key: str, name: str, about: str, how: Cut) -> Dimension:
    return Dimension(key, name, about, Level.GAMES, how)


def _began(zone: str) -> pl.Expr:
    moment = pl.from_epoch("played_ms", time_unit="ms").dt.replace_time_zone("UTC")
    return moment.dt.convert_time_zone(zone)


def _at_time(zone: str) -> pl.Expr:
    """Give the moment at which a game began, where more than the day is known."""
    return pl.when(KNOWS_TIME).then(_began(zone))


def _date(zone: str) -> pl.Expr:
    """Name the stretch of time, one of twelve with as many games each."""
    rank = pl.col("played_ms").rank("ordinal") - 1
    stretch = rank * _STRETCHES // pl.col("played_ms").count()
    day = _began(zone).dt.strftime("%Y-%m-%d")
    first, last = (each.over(stretch) for each in (day.min(), day.max()))
    return pl.when(pl.col("played_ms").is_not_null()).then(pl.format("{} to {}", first, last))


def _ago_days() -> pl.Expr:
    """Tell how long before the newest game a game was played."""
    return (pl.col("played_ms").max() - pl.col("played_ms")) / _DAY_MS


_RATING_GAP = pl.col("opponent_rating").cast(pl.Int32) - pl.col("rating").cast(pl.Int32)
_LEAVES = (
    pl.when(pl.col("leaves_book"))
    .then(0)
    .when(pl.col("opponent_leaves_book"))
    .then(1)
    .when(pl.col("book_ply").is_not_null())
    .then(2)
)

GAME_DIMENSIONS = (
    # Lichess's.
    _games(
        "period",
        "Period",
        "How long before the newest game.",
        by_steps(
            _ago_days(),
            (7, 30, 90, 182, 365, 730),
            (
                "last week",
                "last month",
                "last quarter",
                "last half-year",
                "last year",
                "last two years",
                "earlier",
            ),
        ),
    ),
    _games("date", "Date", "Twelve stretches with as many games each.", by_sorted_text(_date)),
    _games("speed", "Speed", "By Lichess's classes.", by_word(_COLUMNS["speed"])),
    _games("variant", "Variant", "The rules.", by_word(_COLUMNS["variant"])),
    _games("result", "Result", "Win, draw or loss.", by_word(_COLUMNS["outcome"])),
    _games("termination", "Termination", "What ended the game.", by_word(_COLUMNS["termination"])),
    _games("color", "Colour", "The player's pieces.", by_word(_COLUMNS["color"])),
    _games("opening", "Opening", "Without variations.", by_text(pl.col("family"))),
    _games("variation", "Opening variation", "With the variation.", by_text(pl.col("opening"))),
    _games(
        "opponent_strength",
        "Opponent's strength",
        "The opponent's rating against the player's.",
        by_steps(
            _RATING_GAP,
            (-200, -100, 101, 201),
            ("much weaker", "weaker", "similar", "stronger", "much stronger"),
        ),
    ),
    _games(
        "castling",
        "Castling",
        "Where the player castled.",
        by_word_or(_COLUMNS["castling"], "did not castle", _IS_ANALYSED),
    ),
    _games(
        "opponent_castling",
        "Opponent's castling",
        "Where the opponent castled.",
        by_word_or(_COLUMNS["opponent_castling"], "did not castle", _IS_ANALYSED),
    ),
    _games(
        "queen_trade",
        "Queen trade",
        "Whether the queens were gone when the endgame began, or the game ended.",
        by_flag(pl.col("queens_traded"), "queens traded", "queens kept"),
    ),
    # Ours.
    _games(
        "month",
        "Month",
        "When the game was played.",
        by_sorted_text(lambda zone: _began(zone).dt.strftime("%Y-%m")),
    ),
    _games(
        "year",
        "Year",
        "When the game was played.",
        by_sorted_text(lambda zone: _began(zone).dt.strftime("%Y")),
    ),
    _games(
        "day",
        "Day of the week",
        "When the game was played.",
        by_place(lambda zone: _began(zone).dt.weekday() - 1, _DAYS),
    ),
    _games(
        "hour",
        "Hour",
        "The hour in which the game began.",
        by_place(lambda zone: _at_time(zone).dt.hour(), [f"{hour:02d}:00" for hour in range(24)]),
    ),
    _games(
        "session_length",
        "Length of the session",
        "Games in the session.",
        by_steps(
            pl.col("session_games"),
            (2, 4, 7, 11),
            ("1 game", "2 to 3 games", "4 to 6 games", "7 to 10 games", "11 games and more"),
        ),
    ),
    _games(
        "session_place",
        "Place in the session",
        "Which game of the session it was.",
        by_steps(
            pl.col("session_place"),
            (2, 3, 4, 6, 11),
            ("first", "second", "third", "4th to 5th", "6th to 10th", "11th and later"),
        ),
    ),
    _games(
        "streak",
        "Streak before",
        "Wins or losses in a row just before the game.",
        by_steps(
            pl.col("streak"),
            (-3, -2, -1, 0, 1, 2, 3, 4),
            (
                "4 losses and more",
                "3 losses",
                "2 losses",
                "1 loss",
                "none",
                "1 win",
                "2 wins",
                "3 wins",
                "4 wins and more",
            ),
        ),
    ),
    _games(
        "rest",
        "Time since the last game",
        "Since the game before began.",
        by_steps(
            pl.col("days_since"),
            (1 / 24, 1, 3, 7, 30),
            (
                "under an hour",
                "under a day",
                "1 to 3 days",
                "3 to 7 days",
                "7 to 30 days",
                "30 days and more",
            ),
        ),
    ),
    _games(
        "structure",
        "Pawn structure",
        "When the opening ended.",
        by_word(_COLUMNS["structure"]),
    ),
    _games("opponent", "Opponent", "The opponent's name.", by_text(pl.col("opponent"))),
    _games("site", "Site", "Where the game was played.", by_word(_COLUMNS["site"])),
    _games("eco", "ECO", "Code of the opening.", by_text(pl.col("eco"))),
    _games(
        "book_exit",
        "Book exit",
        "Moves by both that a named opening knows.",
        by_steps(
            pl.col("book_ply"),
            (5, 9, 13, 17, 21),
            (
                "0 to 2 moves",
                "3 to 4 moves",
                "5 to 6 moves",
                "7 to 8 moves",
                "9 to 10 moves",
                "11 moves and more",
            ),
        ),
    ),
    _games(
        "book_leaver",
        "Who left the book",
        "Who made the first move that no named opening knows.",
        by_place(lambda _: _LEAVES, ("the player", "the opponent", "nobody")),
    ),
    _games(
        "endgame_entered",
        "Endgame reached",
        "Kind of endgame when it began.",
        by_word_or(_COLUMNS["endgame_entered"], "none", _IS_ANALYSED),
    ),
    _games(
        "game_length",
        "Length of the game",
        "Moves of the player.",
        by_steps(
            pl.col("moves"),
            (21, 31, 41, 61),
            ("up to 20", "21 to 30", "31 to 40", "41 to 60", "61 and more"),
        ),
    ),
    _games(
        "rated",
        "Rated",
        "Whether ratings were at stake.",
        by_flag(pl.col("is_rated"), "rated", "casual"),
    ),
    _games("source", "Analysed by", "Whose evaluations they are.", by_word(_COLUMNS["run_source"])),
)
"""Every dimension of games."""
