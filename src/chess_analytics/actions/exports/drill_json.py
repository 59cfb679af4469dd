"""Drills as JSON objects: the same at every door and in the export."""

from collections.abc import Mapping, Sequence
from typing import Any

from chess_analytics.store.drill_answers import DrillAnswer
from chess_analytics.store.drill_mistakes import StoredMistake
from chess_analytics.store.drills import StoredDrill
from chess_analytics.training.answers import Judged, Verdict, judge_answer
from chess_analytics.training.drill import KnownMove

Object = dict[str, Any]


def drill_object(drill: StoredDrill, mistakes: Sequence[StoredMistake]) -> Object:
    """Show a drill with the mistakes behind it, and without its solution."""
    memory = drill.memory
    return {
        "id": drill.id,
        "variant": drill.position.variant,
        "fen": drill.position.fen,
        "side": drill.position.side,
        "loss": drill.loss,
        "mistakes": [_mistake_object(drill, mistake) for mistake in mistakes],
        "is_new": drill.begun_ms is None,
        "is_suspended": drill.is_suspended,
        "begun_ms": drill.begun_ms,
        # The store sorts what is new as long overdue; nobody else needs to know.
        "due_ms": drill.due_ms or None,
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "reviewed_ms": memory.reviewed_ms if memory else None,
    }


def solution_object(drill: StoredDrill, known: Mapping[str, KnownMove]) -> Object:
    """Show what is right in a drill: the best move with its line, and others as good."""
    position, best = drill.position, drill.best
    line = position.sans(drill.line or (best.uci,))
    return {
        "uci": best.uci,
        "san": line[0] if line else best.uci,
        "line": list(line),
        "cp": best.score.cp if best.score else None,
        "mate": best.score.mate if best.score else None,
        "also_right": also_right(drill, known),
    }


def also_right(drill: StoredDrill, known: Mapping[str, KnownMove]) -> list[str]:
    """Name other right answers that are known, in standard algebraic notation."""
    position = drill.position
    judged = (judge_answer(position, uci, drill.best, known) for uci in known)
    return [
        san
        for it in judged
        if it.verdict is Verdict.RIGHT and it.uci != drill.best.uci
        for san in position.sans((it.uci,))
    ]


def judged_object(judged: Judged, san: str) -> Object:
    """Show what an answer is worth."""
    score = judged.score
    return {
        "uci": judged.uci,
        "san": san,
        "verdict": judged.verdict,
        "cp": score.cp if score else None,
        "mate": score.mate if score else None,
        "loss": judged.loss,
    }


def answer_object(answer: DrillAnswer) -> Object:
    """Show an answer that was given."""
    return {
        "at_ms": answer.at_ms,
        "uci": answer.uci,
        "is_right": answer.is_right,
        "grade": answer.grade,
        "spent_ms": answer.spent_ms,
    }


def known_move_object(move: KnownMove) -> Object:
    """Show what is known of a move."""
    score = move.score
    return {
        "uci": move.uci,
        "cp": score.cp if score else None,
        "mate": score.mate if score else None,
    }


def _mistake_object(drill: StoredDrill, mistake: StoredMistake) -> Object:
    sans = drill.position.sans((mistake.uci,))
    return {
        "game_id": mistake.game_id,
        "ply": mistake.ply,
        "uci": mistake.uci,
        "san": sans[0] if sans else mistake.uci,
        "judgment": mistake.judgment,
        "loss": mistake.loss,
        "played_ms": mistake.played_ms or None,
        "white": mistake.white,
        "black": mistake.black,
    }
