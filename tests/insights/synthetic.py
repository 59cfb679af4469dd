"""Made-up players whose weaknesses are known: facts as frames, drawn from a seed.

Losses do not depend on anything but the form of the day, unless a weakness is planted. Games differ
in how well they go, so that moves of one game are alike; the clock runs as in blitz.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from chess_analytics.insights.frames import Facts
from chess_analytics.insights.structure import Structure
from tests.insights.archives import facts_of

OPENINGS = (
    "Sicilian Defense",
    "French Defense",
    "Caro-Kann Defense",
    "Italian Game",
    "Queen's Gambit Declined",
    "King's Indian Defense",
    "English Opening",
    "Scotch Game",
)
HOUR_MS = 3_600_000
_START_MS = 1_700_000_000_000
_INITIAL_S = 180.0

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """How much more often the player errs than they would, and where."""

    below_20_s: float = 1.0
    bad_opening: float = 1.0
    """In the whole of games with the first of `OPENINGS`, as Black."""
    endgame: float = 1.0
    since_ms: int | None = None
    """Everywhere, from then on: twice as often."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    random: np.random.Generator
    games: int
    plies: npt.NDArray[np.int64]
    form: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", self.random.gamma(6, 1 / 6, self.games))


def synthetic_player(seed: int, *, games: int = 240, weakness: Weakness | None = None) -> Facts:
    """Draw a player's games and moves."""
    random = np.random.default_rng(seed)
    plies = 2 * np.clip(random.normal(34, 11, games), 12, 75).astype(np.int64)
    drawn = _Drawn(random, games, plies)
    empty = facts_of([])
    table = _games(drawn)
    moves = _moves(drawn, table, weakness or Weakness())
    return Facts(_filled(table, empty.games), _filled(moves, empty.moves))


def _games(drawn: _Drawn) -> pl.DataFrame:
    random, games = drawn.random, drawn.games
    between = np.where(random.random(games) < 0.6, 0.3, 30) * random.exponential(1, games)
    played = _START_MS + (np.cumsum(between) * HOUR_MS).astype(np.int64)
    weights = np.array([5, 4, 3, 3, 2, 2, 1, 1]) / 21
    opening = random.choice(len(OPENINGS), games, p=weights)
    variation = random.integers(0, 3, games)
    ratings = random.normal(1600, 40, (2, games)).astype(np.int64)
    return pl.DataFrame(
        {
            "game_id": np.arange(1, games + 1),
            "played_ms": played,
            "site": ["lichess"] * games,
            "variant": ["standard"] * games,
            "speed": random.choice(["blitz", "rapid"], games, p=[0.8, 0.2]),
            "color": random.choice(["white", "black"], games),
            "outcome": random.choice(["win", "draw", "loss"], games, p=[0.46, 0.06, 0.48]),
            "rating": ratings[0],
            "opponent_rating": ratings[1],
            "family": [OPENINGS[each] for each in opening],
            "opening": [
                f"{OPENINGS[each]}: Variation {line}"
                for each, line in zip(opening, variation, strict=True)
            ],
            "is_analysed": [True] * games,
            "session_place": random.integers(1, 9, games),
            "streak": random.integers(-4, 5, games),
            "days_since": between / 24,
            "plies": drawn.plies,
            "queens_traded": random.random(games) < 0.5,
            "book_ply": random.integers(2, 16, games),
            "leaves_book": random.random(games) < 0.5,
            "opponent_leaves_book": random.random(games) < 0.5,
            "structure": random.choice([each.value for each in Structure], games),
            "castling": random.choice(["kingside", "queenside"], games, p=[0.8, 0.2]),
            "opponent_castling": random.choice(["kingside", "queenside"], games),
            "knows_time": [True] * games,
        }
    )


def _moves(drawn: _Drawn, games: pl.DataFrame, weakness: Weakness) -> pl.DataFrame:
    random, plies = drawn.random, drawn.plies
    total = int(plies.sum())
    game = np.repeat(np.arange(drawn.games), plies)
    ply = np.arange(total) - np.repeat(np.cumsum(plies) - plies, plies) + 1
    is_white = ply % 2 == 1
    is_mine = is_white == (games["color"] == "white").to_numpy()[game]
    spent = random.gamma(1.5, 3.2, total)
    # Both clocks run down together in the order of plies: every second sum is one player's.
    before = np.maximum(_INITIAL_S - _run_before(spent, ply), 1.0)
    phase = np.where(ply <= 20, "opening", np.where(ply <= 50, "middlegame", "endgame"))
    errs = drawn.form[game]
    errs = errs * _planted(weakness, games, game, before=before, phase=phase, is_mine=is_mine)
    loss = _losses(random, errs)
    judged = np.select(
        [loss >= 15, loss >= 10, loss >= 5], ["blunder", "mistake", "inaccuracy"], ""
    )
    return pl.DataFrame(
        {
            "game": game,
            "is_mine": is_mine,
            "ply": ply,
            "is_white": is_white,
            "move": np.full(total, 12 + 64 * 28),
            "position": random.integers(1, 2**40, total),
            "piece": random.choice(["pawn", "knight", "bishop", "rook", "queen", "king"], total),
            "captured": pl.Series(
                random.choice(["pawn", "knight", "bishop", "rook", "queen", ""], total)
            ).replace("", None),
            "gives_check": random.random(total) < 0.07,
            "phase": phase,
            "endgame": pl.Series(np.where(phase == "endgame", "rook", "")).replace("", None),
            "pieces": np.clip(14 - ply // 7, 0, 14),
            "material": random.integers(-4, 5, total),
            "eval_cp": np.clip(random.normal(0, 200, total), -1000, 1000).astype(np.int64),
            "win_before": np.clip(random.normal(50, 20, total), 0, 100),
            "win_after": np.clip(random.normal(50, 20, total), 0, 100),
            "loss": loss,
            "loss_cp": (loss * 8).astype(np.int64),
            "accuracy": np.clip(100 - 3 * loss, 0, 100),
            "judgment": pl.Series(judged).replace("", None),
            "label": ["good"] * total,
            "is_forced": random.random(total) < 0.03,
            "is_book": ply <= 8,
            "clock_before_s": before,
            "clock_s": np.maximum(before - spent, 0.1),
            "clock_share": 100 * np.maximum(before - spent, 0.1) / _INITIAL_S,
            "spent_s": spent,
            "answers_error": random.random(total) < 0.08,
            "misses_win": [False] * total,
            "is_turning_point": [False] * total,
        }
    )


def _run_before(spent: Floats, ply: npt.NDArray[np.int64]) -> Floats:
    """Sum what the mover spent before this ply, in the same game."""
    run = np.zeros_like(spent)
    for parity in (0, 1):
        own = np.flatnonzero(ply % 2 == parity)
        summed = np.cumsum(spent[own]) - spent[own]
        starts = np.flatnonzero(ply[own] <= 2)
        offset = np.repeat(summed[starts], np.diff([*starts, len(own)]))
        run[own] = summed - offset
    return run


def _planted(
    weakness: Weakness,
    games: pl.DataFrame,
    game: npt.NDArray[np.int64],
    *,
    before: Floats,
    phase: npt.NDArray[np.str_],
    is_mine: Truths,
) -> Floats:
    is_bad = ((games["family"] == OPENINGS[0]) & (games["color"] == "black")).to_numpy()[game]
    factor = np.ones(len(game))
    factor[is_mine & (before < 20)] *= weakness.below_20_s
    factor[is_mine & is_bad] *= weakness.bad_opening
    factor[is_mine & (phase == "endgame")] *= weakness.endgame
    if weakness.since_ms is not None:
        late = (games["played_ms"] >= weakness.since_ms).to_numpy()[game]
        factor[is_mine & late] *= 2
    return factor


def _losses(random: np.random.Generator, errs: Floats) -> Floats:
    """Draw losses: blunders, mistakes and inaccuracies as often as in blitz."""
    size = len(errs)
    drawn = random.random(size) / errs
    return np.select(
        [drawn < 0.035, drawn < 0.075, drawn < 0.15],
        [
            15 + random.exponential(10, size).clip(0, 75),
            random.uniform(10, 15, size),
            random.uniform(5, 10, size),
        ],
        random.exponential(0.8, size).clip(0, 4.9),
    )


def _filled(table: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    """Give a table all columns that facts have; those that nobody drew are null."""
    return table.select(
        pl.col(name).cast(type_) if name in table.columns else pl.lit(None, dtype=type_).alias(name)
        for name, type_ in like.schema.items()
    )
