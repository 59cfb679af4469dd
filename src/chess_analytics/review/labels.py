"""Give every move a label and the reason that a player can be shown."""

from chess_analytics.engine.evaluation import Score
from chess_analytics.review.case import Case
from chess_analytics.review.judgment import Cause, Judgment, Verdict, limit
from chess_analytics.review.rules import RULES, Label
from chess_analytics.review.special import special_label
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.review.win_chance import mover_score


def label_move(case: Case, thresholds: Thresholds) -> Label:
    """Find the first rule that a move meets; `rules.RULES` holds their words."""
    if case.score_after is None:
        return RULES["checkmate"].label()
    if case.is_forced:
        return RULES["forced"].label()
    if case.verdict:
        return _missed(case, case.verdict, thresholds) or _judged(case, case.verdict, thresholds)
    if case.opening:
        return RULES["book"].label(opening=case.opening.name, eco=case.opening.eco)
    return special_label(case, thresholds) or _sound(case, thresholds)


def _missed(case: Case, verdict: Verdict, thresholds: Thresholds) -> Label | None:
    """Find a bad move that lost nothing but a chance: it is not punished, it just did not win."""
    cost = case.cost
    if verdict.judgment is Judgment.INACCURACY or verdict.cause is Cause.MATE_ALLOWED:
        return None
    chances = {"win_before": cost.win_before, "win_after": cost.win_after, "loss": cost.loss}
    mate = abs(case.score_before.mate or 0) if verdict.cause is Cause.MATE_LOST else 0
    if 0 < mate <= thresholds.mate_in_sight and cost.win_after >= thresholds.holds:
        return RULES["mate missed"].label(**chances, mate=mate)
    if cost.win_after >= thresholds.open_until:
        return None
    error, earlier = _opponents_error(case), case.win_two_plies_ago or 0.0
    had_a_chance = cost.win_before >= thresholds.holds
    if error and had_a_chance and cost.win_after >= earlier - thresholds.regained:
        return RULES["chance given back"].label(**chances, error=error.value, win_earlier=earlier)
    if cost.win_before >= thresholds.winning and cost.win_after >= thresholds.holds:
        return RULES["win missed"].label(**chances, limit=thresholds.winning)
    return None


def _opponents_error(case: Case) -> Judgment | None:
    verdict = case.previous.verdict if case.previous else None
    return verdict.judgment if verdict and verdict.judgment is not Judgment.INACCURACY else None


def _judged(case: Case, verdict: Verdict, thresholds: Thresholds) -> Label:
    chances = {"win_before": case.cost.win_before, "win_after": case.cost.win_after}
    match verdict.cause:
        case Cause.CHANCES_FELL:
            return RULES[verdict.judgment.value].label(
                **chances, loss=verdict.fall, limit=limit(verdict.judgment, thresholds)
            )
        case Cause.MATE_ALLOWED:
            return RULES[f"mate allowed, {verdict.judgment.value}"].label(
                **chances,
                mate=abs(case.score_after.mate or 0) if case.score_after else 0,
                pawns=_mover_pawns(case, case.score_before),
            )
        case Cause.MATE_LOST:
            return RULES[f"mate lost, {verdict.judgment.value}"].label(
                **chances,
                mate=abs(case.score_before.mate or 0),
                pawns=_mover_pawns(case, case.score_after),
            )


def _sound(case: Case, thresholds: Thresholds) -> Label:
    cost = case.cost
    numbers = {"win_before": cost.win_before, "win_after": cost.win_after, "loss": cost.loss}
    if case.is_best:
        doubted = cost.loss >= thresholds.inaccuracy
        return RULES["first choice, doubted" if doubted else "first choice"].label(**numbers)
    if cost.loss < thresholds.excellent:
        return RULES["hardly any loss"].label(**numbers, limit=thresholds.excellent)
    return RULES["small loss"].label(**numbers, limit=thresholds.inaccuracy)


def _mover_pawns(case: Case, score: Score | None) -> float:
    return (mover_score(score, case.step.side).cp or 0) / 100 if score else 0.0
