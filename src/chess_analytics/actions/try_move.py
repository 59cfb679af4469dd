"""Try another move where one was played in a reviewed game, and hear what it is worth."""

from collections.abc import Sequence

from chess_analytics.actions.check_move import MoveCheck
from chess_analytics.actions.exports.stored_pgn import read_again
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.review.judge import judge_game
from chess_analytics.review.replay import replay
from chess_analytics.store.games import StoredGame
from chess_analytics.training.answers import Judged, Verdict, judge_answer
from chess_analytics.training.drill import DrillPosition, KnownMove


class PlyUnknown(ChessAnalyticsError):
    """The game has no such move."""


def try_move(
    game: StoredGame,
    evaluations: Sequence[Evaluation | None],
    check: MoveCheck,
    *,
    ply: int,
    text: str,
) -> Judged:
    """Judge a move, UCI or in standard notation, in the place of a ply's; nothing of it is kept.

    Raises:
        PlyUnknown: the game has no such ply.
        AnswerRefused: it is no legal move.
        ChecksBusy: the engine has too much to do.
        StoredGameUnreadable, EvaluationsMissing: the game cannot be reviewed.
    """
    played = replay(read_again(game))
    review = judge_game(played, evaluations)
    if not 1 <= ply <= len(review.moves):
        raise PlyUnknown(f"this game has {len(review.moves)} plies; there is no ply {ply}")
    move = review.moves[ply - 1]
    position = DrillPosition.of(played.steps[ply - 1].board)
    uci = position.uci(position.move(text))
    # Where nobody knows the best move, its evaluation is known all the same.
    best = KnownMove(move.best or "", move.score_before)
    before = evaluations[ply - 1]
    known = {move.uci: KnownMove(move.uci, move.score)}
    if before and before.second and before.second.moves:
        second = before.second
        known[second.moves[0]] = KnownMove(second.moves[0], second.score)
    judged = judge_answer(position, uci, best, known)
    if judged.verdict is not Verdict.UNKNOWN:
        return judged
    score = check(position, uci)
    return (
        judged if score is None else judge_answer(position, uci, best, {uci: KnownMove(uci, score)})
    )
