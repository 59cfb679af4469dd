"""Try another move where one was played in a reviewed game, and hear what it is worth."""

from collections.abc import Iterator, Sequence

from chess_analytics.actions.check_move import MoveCheck
from chess_analytics.actions.exports.stored_pgn import read_again
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.review.judge import JudgedMove, judge_game
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
) -> tuple[Judged, str]:
    """Judge a move, UCI or in standard notation, in the place of a ply's; nothing of it is kept.

    Its standard notation is given beside.

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
    known = {it.uci: it for it in _looked_at(move, evaluations[ply - 1])}
    judged = judge_answer(position, uci, best, known)
    if judged.verdict is Verdict.UNKNOWN:
        score = check(position, uci)
        if score is not None:
            judged = judge_answer(position, uci, best, {uci: KnownMove(uci, score)})
    return judged, "".join(position.sans((uci,)))


def _looked_at(move: JudgedMove, before: Evaluation | None) -> Iterator[KnownMove]:
    yield KnownMove(move.uci, move.score)
    if before and before.second and before.second.moves:
        yield KnownMove(before.second.moves[0], before.second.score)
