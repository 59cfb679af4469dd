"""One move of a review: what was played, what it was worth, and what was better."""

from dataclasses import dataclass

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.games.san_write import san_and_push, spell_line
from chess_analytics.review.case import Case
from chess_analytics.review.judgment import Cause, Judgment
from chess_analytics.review.phases import Phase
from chess_analytics.review.rules import Label

# As many plies of a better line as Lichess keeps.
LINE_PLIES = 12


@dataclass(frozen=True, slots=True)
class JudgedMove:
    """A judged move. Scores are White's; chances and losses are the mover's."""

    ply: int
    side: Side
    san: str
    uci: str
    score_before: Score
    score: Score | None
    """After the move; absent when it mates."""
    best: str | None
    """UCI of the engine's first choice, where it is known; it may be the move played."""
    best_san: str | None
    better_line: tuple[str, ...]
    """UCI of the line that starts with `best`; empty where the best move was played."""
    better_sans: tuple[str, ...]
    """The same line in standard algebraic notation; only where the move is judged."""
    judgment: Judgment | None
    cause: Cause | None
    """Which rule gave the judgment."""
    label: Label
    loss: float
    """Percent points of winning chance given away, 0 or more."""
    loss_cp: int
    """Centipawns given away, 0 or more; 2000 at most."""
    win_before: float
    """Percent."""
    win_after: float
    accuracy: float
    """0 to 100."""
    phase: Phase
    clock_s: float | None
    spent_s: float | None
    is_forced: bool
    is_book: bool


def judged_move(
    case: Case, label: Label, phase: Phase, *, clock_s: float | None, spent_s: float | None
) -> JudgedMove:
    """Write down what was found out about a move."""
    step, cost, verdict = case.step, case.cost, case.verdict
    line = (
        () if case.is_best or case.best is None or case.before is None else case.before.line.moves
    )
    return JudgedMove(
        ply=step.ply,
        side=step.side,
        san=step.san,
        uci=step.uci,
        score_before=case.score_before,
        score=case.score_after,
        best=step.board.uci(case.best) if case.best else None,
        best_san=_san(case),
        better_line=line[:LINE_PLIES],
        better_sans=spell_line(step.board, line[:LINE_PLIES]) if verdict else (),
        judgment=verdict.judgment if verdict else None,
        cause=verdict.cause if verdict else None,
        label=label,
        loss=cost.loss,
        loss_cp=cost.loss_cp,
        win_before=cost.win_before,
        win_after=cost.win_after,
        accuracy=cost.accuracy,
        phase=phase,
        clock_s=clock_s,
        spent_s=spent_s,
        is_forced=case.is_forced,
        is_book=case.opening is not None,
    )


def lichess_comment(move: JudgedMove) -> str | None:
    """Say of a judged move what Lichess writes under it: ``Inaccuracy. h4 was best.``."""
    if move.judgment is None or move.cause is None:
        return None
    match move.cause:
        case Cause.CHANCES_FELL:
            sentence = f"{move.judgment.value.capitalize()}."
        case Cause.MATE_ALLOWED:
            sentence = "Checkmate is now unavoidable."
        case Cause.MATE_LOST:
            sentence = "Lost forced checkmate sequence."
    has_better = move.best_san is not None and move.best != move.uci
    return f"{sentence} {move.best_san} was best." if has_better else sentence


def _san(case: Case) -> str | None:
    if case.best is None:
        return None
    if case.is_best:
        return case.step.san
    return san_and_push(case.step.board.copy(stack=False), case.best)
