"""What the library holds, as one JSON object each: the same at every door and in the export."""

from collections.abc import Iterable, Mapping
from typing import Any

from chess_analytics.engine.evaluation import Evaluation, Line
from chess_analytics.store.game_rows import ListedGame
from chess_analytics.store.games import StoredGame
from chess_analytics.store.moves import StoredMove
from chess_analytics.store.runs import GameRun, SideNumbers

Object = dict[str, Any]


def listed_game_object(game: ListedGame) -> Object:
    """Show a game as lists do."""
    return {
        "id": game.id,
        "site": game.site,
        "site_id": game.site_id,
        "variant": game.variant,
        "white": game.white,
        "black": game.black,
        "white_rating": game.white_rating,
        "black_rating": game.black_rating,
        "result": game.result,
        # The store sorts what has no date as the oldest; nobody else needs to know.
        "played_ms": game.played_ms or None,
        "time_control": game.time_control,
        "speed": game.speed,
        "eco": game.eco,
        "opening": game.opening,
        "plies": game.plies,
        "added_ms": game.added_ms,
        "import_id": game.import_id,
        "player_id": game.player_id,
        "color": game.color,
        "outcome": game.outcome,
        "rating": game.rating,
        "opponent": game.opponent,
        "opponent_rating": game.opponent_rating,
        "is_analysed": game.is_analysed,
        "run": run_object(game.run) if game.run else None,
    }


def game_object(game: StoredGame, runs: Iterable[Mapping[str, Any]]) -> Object:
    """Show all of one game: its headers, its text, and its runs, which are objects already."""
    return {
        **listed_game_object(game.listed),
        "headers": dict(game.headers),
        "pgn": game.pgn,
        "runs": [*runs],
    }


def run_object(run: GameRun) -> Object:
    """Show a run without its moves."""
    return {
        "id": run.id,
        "game_id": run.game_id,
        "source": run.source,
        "engine": run.engine,
        "profile": run.profile,
        "settings_key": run.settings_key,
        "nodes": run.nodes,
        "seconds": run.seconds,
        "created_ms": run.created_ms,
        "white": _side_object(run.white),
        "black": _side_object(run.black),
    }


def move_object(move: StoredMove) -> Object:
    """Show what a move of a run was worth."""
    return {
        "ply": move.ply,
        "uci": move.uci,
        "san": move.san,
        "cp": move.score.cp if move.score else None,
        "mate": move.score.mate if move.score else None,
        "best": move.best,
        "judgment": move.judgment,
        "label": move.label,
        "loss": move.loss,
        "accuracy": move.accuracy,
        "phase": move.phase,
        "clock_s": move.clock_s,
        "spent_s": move.spent_s,
    }


def evaluation_object(evaluation: Evaluation | None) -> Object | None:
    """Show what an engine said of one position, or nothing where it was not asked."""
    if evaluation is None:
        return None
    return {
        **_line_object(evaluation.line),
        "second": _line_object(evaluation.second) if evaluation.second else None,
        "depth": evaluation.depth,
        "nodes": evaluation.nodes,
    }


def _side_object(side: SideNumbers) -> Object:
    return {
        "accuracy": side.accuracy,
        "acpl": side.acpl,
        "inaccuracies": side.inaccuracies,
        "mistakes": side.mistakes,
        "blunders": side.blunders,
    }


def _line_object(line: Line) -> Object:
    return {"cp": line.score.cp, "mate": line.score.mate, "line": " ".join(line.moves)}
