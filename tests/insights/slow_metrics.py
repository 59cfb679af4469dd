"""Every metric once more: its value for one game or move, or nothing where it does not count."""

from collections.abc import Callable

from chess_analytics.insights.rows import MoveFacts
from tests.insights.slow_dimensions import MOVES as BUCKETS
from tests.insights.slow_dimensions import time_share
from tests.insights.slow_games import SlowGame

Value = float | str | None
"""A number; of shares, the part."""

_POINTS = {"win": 1.0, "draw": 0.5, "loss": 0.0}


def _counted(move: MoveFacts, value: float) -> float | None:
    return None if move.loss_cp is None else float(value)


def _errs(move: MoveFacts) -> bool:
    return move.judgment in ("mistake", "blunder")


MOVES: dict[str, Callable[[MoveFacts], Value]] = {
    "acpl": lambda m: m.loss_cp,
    "loss_shares": BUCKETS["loss_cp"],
    "accuracy": lambda m: _counted(m, m.accuracy),
    "move_time": lambda m: m.spent_s,
    "piece_shares": lambda m: m.piece,
    "awareness": lambda m: float(not _errs(m)) if m.answers_error else None,
    "luck": lambda m: float(m.is_let_off) if _errs(m) and m.is_let_off is not None else None,
    "material": lambda m: m.material,
    "clock_share": lambda m: m.clock_share,
    "time_variance": lambda m: m.time_variance,
    "loss": lambda m: _counted(m, m.loss),
    "blunder_rate": lambda m: _counted(m, m.judgment == "blunder"),
    "mistake_rate": lambda m: _counted(m, m.judgment == "mistake"),
    "inaccuracy_rate": lambda m: _counted(m, m.judgment == "inaccuracy"),
    "error_rate": lambda m: _counted(m, _errs(m)),
    "best_rate": lambda m: None if m.is_best is None else float(m.is_best),
    "missed_win_rate": lambda m: float(m.misses_win) if m.win_before >= 80 else None,
    "win_chance": lambda m: m.win_before,
    "time_share": time_share,
    "difficulty": lambda m: m.gap,
    "check_rate": lambda m: float(m.gives_check),
    "capture_rate": lambda m: float(m.captured is not None),
}


def _points(game: SlowGame) -> float | None:
    return None if game.library.outcome is None else _POINTS[game.library.outcome]


def _is(game: SlowGame, outcome: str) -> float | None:
    return None if game.library.outcome is None else float(game.library.outcome == outcome)


def _performance(game: SlowGame) -> float | None:
    points, rating = _points(game), game.library.opponent_rating
    if points is None or rating is None:
        return None
    return rating + {1.0: 500, 0.5: 0, 0.0: -500}[points]


def _own(name: str) -> Callable[[SlowGame], Value]:
    return lambda game: getattr(game.own, name) if game.own else None


def _conversion(game: SlowGame) -> float | None:
    return _is(game, "win") if game.own and game.own.was_ahead else None


def _resourcefulness(game: SlowGame) -> float | None:
    lost = _is(game, "loss")
    return 1 - lost if game.own and game.own.was_behind and lost is not None else None


def _comeback(game: SlowGame) -> float | None:
    lowest = game.own.lowest_win if game.own else None
    return _is(game, "win") if lowest is not None and lowest <= 20 else None


def _flagged(game: SlowGame) -> float | None:
    ending = game.facts.shared.termination if game.facts else None
    lost = _is(game, "loss")
    return None if ending is None or lost is None else float(lost == 1 and ending == "time")


GAMES: dict[str, Callable[[SlowGame], Value]] = {
    "results": lambda g: g.library.outcome,
    "terminations": lambda g: g.facts.shared.termination if g.facts else None,
    "performance": _performance,
    "rating_gain": _own("rating_change"),
    "opponent_rating": lambda g: g.library.opponent_rating,
    "moves_per_game": _own("moves"),
    "conversion": _conversion,
    "resourcefulness": _resourcefulness,
    "score": _points,
    "win_rate": lambda g: _is(g, "win"),
    "draw_rate": lambda g: _is(g, "draw"),
    "loss_rate": lambda g: _is(g, "loss"),
    "game_accuracy": _own("accuracy"),
    "comeback": _comeback,
    "missed_wins": _own("missed_wins"),
    "flag_rate": _flagged,
    "book_moves": lambda g: g.facts.shared.book_ply if g.facts else None,
    "exit_cp": _own("exit_cp"),
    "clock_at_end": _own("last_clock_share"),
}
