"""Judge a stored game again by the evaluations of one of its runs."""

from collections.abc import Sequence

from chess_analytics.actions.exports.stored_pgn import read_again
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.review.judge import Review, judge_game
from chess_analytics.review.thresholds import LICHESS, Thresholds
from chess_analytics.store.games import StoredGame


def review_stored_game(
    game: StoredGame,
    evaluations: Sequence[Evaluation | None],
    thresholds: Thresholds = LICHESS,
) -> Review:
    """Give the whole review: each move with its label and the reason, and the moves that decided.

    Raises:
        StoredGameUnreadable: the text is no game any more.
        EvaluationsMissing: the evaluations do not fit the game.
    """
    return judge_game(read_again(game), evaluations, thresholds)
