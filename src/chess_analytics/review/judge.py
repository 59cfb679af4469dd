"""Judge a whole game: the one function that others call."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chess_analytics.engine.evaluation import Evaluation, Score
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.clocks import seconds_spent
from chess_analytics.games.model import Game, Side
from chess_analytics.games.openings import Opening
from chess_analytics.review.accuracy import average_loss_cp, game_accuracies
from chess_analytics.review.case import Case, gather_cases
from chess_analytics.review.judged_move import JudgedMove, judged_move
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.labels import label_move
from chess_analytics.review.moments import (
    Moment,
    missed_wins,
    time_trouble_errors,
    turning_points,
)
from chess_analytics.review.phases import Division
from chess_analytics.review.replay import Replay, replay
from chess_analytics.review.rules import LabelKind
from chess_analytics.review.special import could_be_special
from chess_analytics.review.thresholds import LICHESS, Thresholds
from chess_analytics.review.win_chance import START_SCORE

__all__ = [
    "EvaluationsMissing",
    "JudgedMove",
    "Review",
    "SideSummary",
    "cases_of",
    "judge_game",
    "wants_second",
]

# What a position is worth in which the game has ended as a draw.
_DRAW = Score(cp=0)


class EvaluationsMissing(ChessAnalyticsError):
    """Positions of the game that have to be judged have no evaluation."""

    def __init__(self, plies: tuple[int, ...]) -> None:
        named = ", ".join(map(str, plies[:5])) + (" and others" if len(plies) > 5 else "")  # noqa: PLR2004
        super().__init__(
            f"the game cannot be judged: no evaluation after ply {named}; analyse it with an engine"
        )
        self.plies = plies


@dataclass(frozen=True, slots=True)
class SideSummary:
    """One player's game in numbers, unrounded."""

    accuracy: float | None
    """0 to 100; absent while a side has not moved."""
    acpl: float | None
    """Average centipawn loss; absent where the side made no move that counts."""
    inaccuracies: int
    mistakes: int
    blunders: int
    labels: Mapping[LabelKind, int]
    """Every kind with its number of moves, 0 included."""


@dataclass(frozen=True, slots=True)
class Review:
    """A judged game."""

    game: Game
    thresholds: Thresholds
    opening: Opening | None
    division: Division
    moves: tuple[JudgedMove, ...]
    white: SideSummary
    black: SideSummary
    turning_points: tuple[Moment, ...]
    missed_wins: tuple[Moment, ...]
    time_trouble_errors: tuple[Moment, ...]

    def side(self, side: Side) -> SideSummary:
        return self.white if side is Side.WHITE else self.black


def judge_game(
    game: Game | Replay, evaluations: Sequence[Evaluation | None], thresholds: Thresholds = LICHESS
) -> Review:
    """Judge every move of a game by the evaluations of its positions.

    `evaluations` has one item a position: index 0 is the start, index i stands after ply i. The
    start may be absent: it counts as 15 centipawns then, as on Lichess. So may a last position
    in which the game ended on the board: a mate takes no part in accuracy and centipawn loss, as
    on Lichess, and a stalemate or a draw by material is 0.

    Raises:
        EvaluationsMissing: any other evaluation is absent.
    """
    played = replay(game)
    cases = cases_of(played, evaluations, thresholds)
    phases = [played.division.phase(case.step.ply) for case in cases]
    moves = tuple(
        judged_move(
            case, label_move(case, thresholds), phase, clock_s=move.clock_s, spent_s=spent_s
        )
        for case, phase, move, spent_s in zip(
            cases, phases, played.game.moves, seconds_spent(played.game), strict=True
        )
    )
    white, black = _summaries(played.game, cases, moves, thresholds)
    return Review(
        game=played.game,
        thresholds=thresholds,
        opening=played.opening,
        division=played.division,
        moves=moves,
        white=white,
        black=black,
        turning_points=turning_points(moves, thresholds),
        missed_wins=missed_wins(moves, thresholds),
        time_trouble_errors=time_trouble_errors(played.game, moves),
    )


def cases_of(
    played: Replay, evaluations: Sequence[Evaluation | None], thresholds: Thresholds = LICHESS
) -> list[Case]:
    """Give what a review begins with: each move's cost and judgment, without labels and accuracy.

    Raises:
        EvaluationsMissing: as for `judge_game`.
    """
    positions = len(played.steps) + 1
    if len(evaluations) > positions:
        raise ValueError(f"{len(evaluations)} evaluations for a game of {positions} positions")
    padded = [*evaluations, *[None] * (positions - len(evaluations))]
    return gather_cases(
        played.steps,
        padded,
        scores=_scores(played, padded),
        opening=played.opening,
        thresholds=thresholds,
    )


def wants_second(
    game: Game | Replay, evaluations: Sequence[Evaluation | None], thresholds: Thresholds = LICHESS
) -> tuple[int, ...]:
    """Name the positions (0 is the start) where a search for the second-best move could matter.

    There the best move was played, another might make it great or brilliant, and nobody knows yet
    what the best other move is worth.

    Raises:
        EvaluationsMissing: as for `judge_game`.
    """
    cases = cases_of(replay(game), evaluations, thresholds)
    return tuple(index for index, case in enumerate(cases) if could_be_special(case, thresholds))


def _scores(played: Replay, evaluations: Sequence[Evaluation | None]) -> list[Score | None]:
    """Give every position its score; only a last position that is mate has none."""
    scores = [evaluation.score if evaluation else None for evaluation in evaluations]
    if played.is_mate:
        scores[-1] = None
    elif scores[-1] is None and played.is_dead_draw:
        scores[-1] = _DRAW
    scores[0] = scores[0] or START_SCORE
    needed = scores[:-1] if played.is_mate else scores
    missing = tuple(ply for ply, score in enumerate(needed) if score is None)
    if missing:
        raise EvaluationsMissing(missing)
    return scores


def _summaries(
    game: Game, cases: Sequence[Case], moves: Sequence[JudgedMove], thresholds: Thresholds
) -> tuple[SideSummary, SideSummary]:
    counted = [case for case in cases if case.score_after is not None]
    scores = [case.score_before for case in counted[:1]]
    scores += [case.score_after for case in counted if case.score_after is not None]
    percents = [thresholds.curve.win_percent(score) for score in scores]
    white_starts = game.side_to_move(1) is Side.WHITE
    accuracies = game_accuracies(percents, white_starts=white_starts) or (None, None)
    white, black = (
        _summary([move for move in moves if move.side is side], accuracy)
        for side, accuracy in zip((Side.WHITE, Side.BLACK), accuracies, strict=True)
    )
    return white, black


def _summary(moves: Sequence[JudgedMove], accuracy: float | None) -> SideSummary:
    judged = Counter(move.judgment for move in moves)
    labelled = Counter(move.label.kind for move in moves)
    return SideSummary(
        accuracy=accuracy,
        acpl=average_loss_cp([move.loss_cp for move in moves if move.score is not None]),
        inaccuracies=judged[Judgment.INACCURACY],
        mistakes=judged[Judgment.MISTAKE],
        blunders=judged[Judgment.BLUNDER],
        labels={kind: labelled[kind] for kind in LabelKind},
    )
