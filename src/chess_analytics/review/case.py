"""All that a label may depend on, gathered for one move."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import chess

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.openings import Opening
from chess_analytics.review.judgment import Cost, Verdict, judge_move, move_cost
from chess_analytics.review.replay import Step
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.review.win_chance import START_SCORE


@dataclass(frozen=True, slots=True)
class Case:
    """One move with the evaluations around it, what it cost, and the case of the move before."""

    step: Step
    before: Evaluation | None
    """Of the position before the move; absent at a start that nobody searched."""
    after: Evaluation | None
    """Of the position after it; absent where the game ended on the board."""
    score_before: Score
    score_after: Score | None
    """Absent after a mate."""
    best: chess.Move | None
    """The engine's first choice, where it is known and legal."""
    cost: Cost
    verdict: Verdict | None
    opening: Opening | None
    """The game's opening while the move belongs to it."""
    previous: "Case | None" = field(repr=False)

    @property
    def is_best(self) -> bool:
        return self.best == self.step.move

    @property
    def is_forced(self) -> bool:
        return self.step.choices == 1

    @property
    def alternative(self) -> Line | None:
        """Give the best line that starts with another move than the one played, if known."""
        if self.before is None or self.best is None:
            return None
        return self.before.second if self.is_best else self.before.line

    @property
    def win_two_plies_ago(self) -> float | None:
        """Give the mover's winning chance in percent before the opponent's last move."""
        return None if self.previous is None else 100 - self.previous.cost.win_before


def gather_cases(
    steps: Sequence[Step],
    evaluations: Sequence[Evaluation | None],
    *,
    scores: Sequence[Score | None],
    opening: Opening | None,
    thresholds: Thresholds,
) -> list[Case]:
    """Put together what is known of each move; `scores` has a gap only after a mate."""
    cases: list[Case] = []
    for index, step in enumerate(steps):
        was, now = scores[index] or START_SCORE, scores[index + 1]
        best = _best(step, evaluations[index])
        # Lichess judges no move that was the engine's own first choice, whatever it thinks later.
        is_best = best == step.move
        cases.append(
            Case(
                step=step,
                before=evaluations[index],
                after=None if now is None else evaluations[index + 1],
                score_before=was,
                score_after=now,
                best=best,
                cost=move_cost(was, now, step.side, thresholds),
                verdict=None if is_best else judge_move(was, now, step.side, thresholds),
                opening=opening if opening and step.ply <= opening.ply else None,
                previous=cases[-1] if cases else None,
            )
        )
    return cases


def _best(step: Step, evaluation: Evaluation | None) -> chess.Move | None:
    """Give the engine's first choice; a name that is no legal move here counts as unknown."""
    if evaluation is None or evaluation.best is None:
        return None
    if evaluation.best == step.uci:
        return step.move
    try:
        return step.board.parse_uci(evaluation.best)
    except ValueError:
        return None
