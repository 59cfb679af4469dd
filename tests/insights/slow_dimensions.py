"""Every dimension once more: the bucket of one game, or of one move, told by plain conditions."""

from collections.abc import Callable

from chess_analytics.insights.rows import MoveFacts
from tests.insights.slow_games import SlowGame

Bucket = str | None


def _below(value: float | None, *steps: tuple[float, str] | str) -> Bucket:
    """Give the label of the first bound that the value is below, or the last label."""
    if value is None:
        return None
    for step in steps:
        if isinstance(step, str):
            return step
        if value < step[0]:
            return step[1]
    raise AssertionError("the last step has no bound")


def _tens(value: float) -> str:
    ten = min(int(value // 10), 9) * 10
    return f"{ten} to {ten + 10} %"


def _opponent_strength(game: SlowGame) -> Bucket:
    ours, theirs = game.library.rating, game.library.opponent_rating
    if ours is None or theirs is None:
        return None
    gap = theirs - ours
    if abs(gap) <= 100:
        return "similar"
    if gap < 0:
        return "much weaker" if gap < -200 else "weaker" if gap < -100 else "similar"
    return "much stronger" if gap > 200 else "stronger"


def _opponent_strength_of_edges(game: SlowGame) -> Bucket:
    # Exactly 100 and 200 points: weaker ones belong to the nearer bucket, see lila.
    found = _opponent_strength(game)
    gap = (game.library.opponent_rating or 0) - (game.library.rating or 0)
    return "weaker" if found and gap == -200 else found


def _streak(game: SlowGame) -> Bucket:
    count = abs(game.streak)
    if count == 0:
        return "none"
    word = "win" if game.streak > 0 else "loss"
    many = {"win": "wins", "loss": "losses"}[word]
    if count >= 4:
        return f"4 {many} and more"
    return f"1 {word}" if count == 1 else f"{count} {many}"


def _book_leaver(game: SlowGame) -> Bucket:
    if game.facts is None or game.own is None or game.facts.shared.book_ply is None:
        return None
    if game.own.leaves_book is None:
        return "nobody"
    return "the player" if game.own.leaves_book else "the opponent"


def _shared(name: str) -> Callable[[SlowGame, str], Bucket]:
    return lambda game, _: getattr(game.facts.shared, name) if game.facts else None


def _flag(flag: object, yes: str, no: str) -> Bucket:
    return None if flag is None else yes if flag else no


GAMES: dict[str, Callable[[SlowGame, str], Bucket]] = {
    "period": lambda g, _: _below(
        g.days_before_newest,
        (7, "last week"),
        (30, "last month"),
        (90, "last quarter"),
        (182, "last half-year"),
        (365, "last year"),
        (730, "last two years"),
        "earlier",
    ),
    "date": lambda g, _: " to ".join(g.dates) if g.dates else None,
    "speed": lambda g, _: g.library.speed,
    "variant": lambda g, _: g.library.variant,
    "result": lambda g, _: g.library.outcome,
    "termination": _shared("termination"),
    "color": lambda g, _: g.library.color,
    "opening": lambda g, _: (g.library.opening or "").split(":")[0].split(",")[0] or None,
    "variation": lambda g, _: g.library.opening,
    "opponent_strength": lambda g, _: _opponent_strength_of_edges(g),
    "castling": lambda g, _: (g.own.castling or "did not castle") if g.own else None,
    "opponent_castling": lambda g, _: (g.other.castling or "did not castle") if g.other else None,
    "queen_trade": lambda g, _: (
        _flag(g.facts.shared.queens_traded, "queens traded", "queens kept") if g.facts else None
    ),
    "month": lambda g, zone: f"{began:%Y-%m}" if (began := g.began(zone)) else None,
    "year": lambda g, zone: f"{began:%Y}" if (began := g.began(zone)) else None,
    "day": lambda g, zone: f"{began:%A}" if (began := g.began(zone)) else None,
    "hour": lambda g, zone: f"{began:%H}:00" if (began := g.began(zone)) and g.has_time else None,
    "session_length": lambda g, _: _below(
        g.session_games,
        (2, "1 game"),
        (4, "2 to 3 games"),
        (7, "4 to 6 games"),
        (11, "7 to 10 games"),
        "11 games and more",
    ),
    "session_place": lambda g, _: _below(
        g.session_place,
        (2, "first"),
        (3, "second"),
        (4, "third"),
        (6, "4th to 5th"),
        (11, "6th to 10th"),
        "11th and later",
    ),
    "streak": lambda g, _: _streak(g),
    "rest": lambda g, _: _below(
        g.days_since,
        (1 / 24, "under an hour"),
        (1, "under a day"),
        (3, "1 to 3 days"),
        (7, "3 to 7 days"),
        (30, "7 to 30 days"),
        "30 days and more",
    ),
    "structure": lambda g, _: g.own.structure if g.own else None,
    "opponent": lambda g, _: g.library.opponent,
    "site": lambda g, _: g.library.site,
    "eco": lambda g, _: g.library.eco,
    "book_exit": lambda g, _: _below(
        g.facts.shared.book_ply if g.facts else None,
        (5, "0 to 2 moves"),
        (9, "3 to 4 moves"),
        (13, "5 to 6 moves"),
        (17, "7 to 8 moves"),
        (21, "9 to 10 moves"),
        "11 moves and more",
    ),
    "book_leaver": lambda g, _: _book_leaver(g),
    "endgame_entered": lambda g, _: (g.facts.shared.endgame_entered or "none") if g.facts else None,
    "game_length": lambda g, _: _below(
        g.own.moves if g.own else None,
        (21, "up to 20"),
        (31, "21 to 30"),
        (41, "31 to 40"),
        (61, "41 to 60"),
        "61 and more",
    ),
    "rated": lambda g, _: _flag(g.facts.shared.is_rated if g.facts else None, "rated", "casual"),
    "source": lambda g, _: g.library.run_source,
}

_MATERIAL = {1: "1", 2: "2 to 3", 3: "2 to 3", 4: "4 to 6", 5: "4 to 6", 6: "4 to 6"}
_EVALUATIONS = (
    (600, "above 6.00", "below -6.00"),
    (350, "3.51 to 6.00", "-6.00 to -3.51"),
    (175, "1.76 to 3.50", "-3.50 to -1.76"),
    (80, "0.81 to 1.75", "-1.75 to -0.81"),
    (25, "0.26 to 0.80", "-0.80 to -0.26"),
)


def _material(move: MoveFacts) -> Bucket:
    if move.material == 0:
        return "equal"
    where = "ahead" if move.material > 0 else "behind"
    return f"{_MATERIAL.get(abs(move.material), 'more than 6')} {where}"


def _evaluation(move: MoveFacts) -> Bucket:
    for beyond, ahead, behind in _EVALUATIONS:
        if abs(move.eval_cp) > beyond:
            return ahead if move.eval_cp > 0 else behind
    return "-0.25 to 0.25"


def _loss(move: MoveFacts) -> Bucket:
    if move.loss_cp is None:
        return None
    bounds = (0, 10, 25, 50, 100, 200, 500)
    for low, high in zip((0, *bounds), bounds, strict=False):
        if move.loss_cp <= high:
            return f"{low + 1} to {high}" if high else "0"
    return "more than 500"


def time_share(move: MoveFacts) -> float | None:
    """Give the time spent in percent of what was left."""
    if move.spent_s is None or not move.clock_before_s or move.clock_before_s <= 0:
        return None
    return 100 * move.spent_s / move.clock_before_s


MOVES: dict[str, Callable[[MoveFacts], Bucket]] = {
    "phase": lambda m: m.phase,
    "piece": lambda m: m.piece,
    "move_time": lambda m: _below(
        m.spent_s,
        (1, "under 1 s"),
        (3, "1 to 3 s"),
        (5, "3 to 5 s"),
        (10, "5 to 10 s"),
        (30, "10 to 30 s"),
        "30 s and more",
    ),
    "material": _material,
    "loss_cp": _loss,
    "evaluation": _evaluation,
    "accuracy": lambda m: _tens(m.accuracy),
    "win_chance": lambda m: _tens(m.win_before),
    "time_pressure": lambda m: _below(
        m.clock_share,
        (3, "under 3 %"),
        (10, "3 to 10 %"),
        (25, "10 to 25 %"),
        (50, "25 to 50 %"),
        "50 % and more",
    ),
    "time_variance": lambda m: _below(
        m.time_variance,
        (0.25, "very even"),
        (0.4, "even"),
        (0.6, "medium"),
        (0.75, "uneven"),
        "very uneven",
    ),
    "captured": lambda m: m.captured or "nothing",
    "check": lambda m: "check" if m.gives_check else "no check",
    "clock_left": lambda m: _below(
        m.clock_before_s,
        (5, "under 5 s"),
        (10, "5 to 10 s"),
        (20, "10 to 20 s"),
        (30, "20 to 30 s"),
        (60, "30 to 60 s"),
        (180, "1 to 3 min"),
        (600, "3 to 10 min"),
        "10 min and more",
    ),
    "time_share": lambda m: _below(
        time_share(m),
        (1, "under 1 %"),
        (2, "1 to 2 %"),
        (5, "2 to 5 %"),
        (10, "5 to 10 %"),
        (20, "10 to 20 %"),
        "20 % and more",
    ),
    "difficulty": lambda m: _below(
        m.gap,
        (2, "many good moves"),
        (5, "2 to 5 points"),
        (10, "5 to 10 points"),
        (20, "10 to 20 points"),
        "only one good move",
    ),
    "endgame": lambda m: m.endgame,
    "pieces": lambda m: _below(
        m.pieces,
        (3, "0 to 2"),
        (5, "3 to 4"),
        (7, "5 to 6"),
        (9, "7 to 8"),
        (11, "9 to 10"),
        (13, "11 to 12"),
        "13 and more",
    ),
    "label": lambda m: m.label,
    "book": lambda m: "book" if m.is_book else "own moves",
    "after_error": lambda m: "an error" if m.answers_error else "no error",
    "move_number": lambda m: _below(
        -(-m.ply // 2),
        (11, "1 to 10"),
        (21, "11 to 20"),
        (31, "21 to 30"),
        (41, "31 to 40"),
        (61, "41 to 60"),
        "61 and later",
    ),
}
