"""Questions in words, for players who do not want to put them together themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chess_analytics.insights.question import Filter, Question


@dataclass(frozen=True, slots=True)
class Preset:
    """A question in words, and what is asked of the facts to answer it."""

    key: str
    words: str
    questions: tuple[Question, ...]
    """Most need one; their answers are shown together."""


def _ask(
    metric: str, by: str | None = None, then: str | None = None, **only: str | tuple[str, ...]
) -> Question:
    filters = tuple(
        Filter(dimension, (buckets,) if isinstance(buckets, str) else buckets)
        for dimension, buckets in only.items()
    )
    return Question(metric=metric, by=by, then=then, filters=filters)


_TROUBLE = ("under 5 s", "5 to 10 s", "10 to 20 s", "20 to 30 s")

_ALL = (
    Preset(
        "punish_blunders",
        "Do I punish blunders?",
        (_ask("awareness"), _ask("awareness", "phase"), _ask("loss", "after_error")),
    ),
    Preset(
        "costly_openings",
        "Which opening costs me most?",
        (_ask("score", "opening", "color"), _ask("loss", "opening", phase="opening")),
    ),
    Preset(
        "short_of_time",
        "Do I play worse when short of time, or just faster?",
        (_ask("loss", "clock_left"), _ask("move_time", "clock_left"), _ask("loss", "move_time")),
    ),
    Preset(
        "stronger_opponents",
        "Against whom do I gain and lose rating?",
        (_ask("rating_gain", "opponent_strength"), _ask("performance", "opponent_strength")),
    ),
    Preset(
        "phases",
        "In which part of the game do I lose most?",
        (_ask("loss", "phase"), _ask("blunder_rate", "phase"), _ask("accuracy", "phase")),
    ),
    Preset(
        "opening_pieces",
        "How well do I play each piece in the opening?",
        (_ask("loss", "piece", phase="opening"), _ask("piece_shares", phase="opening")),
    ),
    Preset(
        "piece_speed",
        "How quickly do I move each piece?",
        (_ask("move_time", "piece", "speed"), _ask("loss", "piece", "speed")),
    ),
    Preset(
        "opponents",
        "How strong are my opponents?",
        (_ask("opponent_rating", "speed"), _ask("opponent_rating", "variant")),
    ),
    Preset(
        "tilt", "Do I play worse after losses?", (_ask("score", "streak"), _ask("loss", "streak"))
    ),
    Preset(
        "long_sessions",
        "Do I tire in a long session?",
        (_ask("loss", "session_place"), _ask("score", "session_place")),
    ),
    Preset(
        "time_of_day",
        "When do I play best?",
        (_ask("score", "hour"), _ask("loss", "hour"), _ask("score", "day")),
    ),
    Preset(
        "rest",
        "Does a break do me good?",
        (_ask("score", "rest"), _ask("loss", "rest")),
    ),
    Preset(
        "won_games",
        "Do I win my won games?",
        (_ask("conversion"), _ask("conversion", "speed"), _ask("missed_win_rate", "clock_left")),
    ),
    Preset(
        "lost_games",
        "Do I save my lost games?",
        (_ask("resourcefulness"), _ask("comeback"), _ask("resourcefulness", "opponent_strength")),
    ),
    Preset(
        "endgames",
        "Which endgames do I play badly?",
        (_ask("loss", "endgame"), _ask("score", "endgame_entered")),
    ),
    Preset(
        "structures",
        "Which pawn structures suit me?",
        (_ask("score", "structure"), _ask("loss", "structure", phase="middlegame")),
    ),
    Preset(
        "queens",
        "Should I trade queens?",
        (_ask("score", "queen_trade"), _ask("score", "queen_trade", "opponent_strength")),
    ),
    Preset(
        "castling",
        "Where should my king go?",
        (_ask("score", "castling", "opponent_castling"),),
    ),
    Preset(
        "hard_moves",
        "Do I give hard moves the time that they need?",
        (_ask("move_time", "difficulty"), _ask("loss", "difficulty")),
    ),
    Preset(
        "time_trouble",
        "What does time trouble do to me?",
        (_ask("blunder_rate", "phase", clock_left=_TROUBLE), _ask("flag_rate", "speed")),
    ),
    Preset(
        "book",
        "Do I know my openings?",
        (_ask("score", "book_leaver"), _ask("exit_cp", "color"), _ask("book_moves", "opening")),
    ),
    Preset(
        "progress",
        "Am I getting better?",
        (_ask("game_accuracy", "date"), _ask("loss", "date"), _ask("score", "date")),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.key: preset for preset in _ALL})
"""Every preset by its key."""
