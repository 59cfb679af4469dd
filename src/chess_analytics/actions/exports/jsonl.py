"""One review as one JSON object; its fields are described in docs/reference/json-lines.md."""

import json
from typing import Any

from chess_analytics.actions.analyse_game import Run
from chess_analytics.engine.evaluation import Score
from chess_analytics.games.clocks import speed
from chess_analytics.games.fingerprint import game_id
from chess_analytics.review.judge import JudgedMove, Review, SideSummary
from chess_analytics.review.moments import Moment


def review_line(review: Review, run: Run) -> str:
    """Write one review as one line, newline included. Numbers are not rounded."""
    return json.dumps(review_object(review, run), ensure_ascii=False, allow_nan=False) + "\n"


def review_object(review: Review, run: Run) -> dict[str, Any]:
    """Flatten a review to what JSON knows."""
    game, opening = review.game, review.opening
    pace = speed(game)
    return {
        "id": game_id(game),
        "source": {
            "file": game.place.source,
            "game": game.place.number,
            "line": game.place.line,
        },
        "headers": dict(game.headers),
        "variant": game.variant.value,
        "initial_fen": game.initial_fen,
        "result": game.result.value,
        "speed": pace.value if pace else None,
        "opening": {"eco": opening.eco, "name": opening.name, "ply": opening.ply}
        if opening
        else None,
        "division": {"middle": review.division.middle, "end": review.division.end},
        "white": _side(review.white),
        "black": _side(review.black),
        "engine": {"name": run.engine, "profile": run.profile, "nodes": run.nodes},
        "thresholds": review.thresholds.name,
        "turning_points": [_moment(moment) for moment in review.turning_points],
        "missed_wins": [_moment(moment) for moment in review.missed_wins],
        "time_trouble_errors": [_moment(moment) for moment in review.time_trouble_errors],
        "moves": [_move(move) for move in review.moves],
    }


def _side(side: SideSummary) -> dict[str, Any]:
    return {
        "accuracy": side.accuracy,
        "acpl": side.acpl,
        "inaccuracies": side.inaccuracies,
        "mistakes": side.mistakes,
        "blunders": side.blunders,
        "labels": {kind.value: count for kind, count in side.labels.items()},
    }


def _move(move: JudgedMove) -> dict[str, Any]:
    return {
        "ply": move.ply,
        "san": move.san,
        "uci": move.uci,
        "eval": _score(move.score),
        "best": move.best,
        "best_san": move.best_san,
        "line": list(move.better_sans),
        "judgment": move.judgment.value if move.judgment else None,
        "loss": move.loss,
        "loss_cp": move.loss_cp,
        "win_before": move.win_before,
        "win_after": move.win_after,
        "accuracy": move.accuracy,
        "phase": move.phase.value,
        "label": move.label.kind.value,
        "why": {
            "rule": move.label.rule,
            "text": move.label.text,
            "numbers": dict(move.label.numbers),
        },
        "clock": move.clock_s,
        "spent": move.spent_s,
    }


def _score(score: Score | None) -> dict[str, int]:
    """Write a score; a move that mates has none and is written as mate in 0."""
    if score is None:
        return {"mate": 0}
    return {"mate": score.mate} if score.mate is not None else {"cp": score.cp or 0}


def _moment(moment: Moment) -> dict[str, Any]:
    return {"ply": moment.ply, **dict(moment.numbers)}
