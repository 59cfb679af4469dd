"""Time against difficulty: where the clock goes, and what that costs.

How hard a move is shows in the gap between the best move and the second-best, where somebody
searched for both; that is so for the few positions where a judgment was open, and so mostly for
sharp ones. Otherwise other facts tell that a move is easy: there is only one, a named opening
continues, or the game is decided. For all others the difficulty is unknown, and said to be.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from chess_analytics.insights.clock_games import ClockGames, clock_games
from chess_analytics.insights.cuts import Cut
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.evidence import Evidence, evidence
from chess_analytics.insights.excess import Excess
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import LossTable, Span, excess_of, loss_table
from chess_analytics.insights.measured import Measured, Rows, mean_of, means, sum_groups
from chess_analytics.insights.question import Filter
from chess_analytics.insights.selection import Floats, Truths

TROUBLE = Filter("time_pressure", ("under 3 %", "3 to 10 %"))
"""Less than a tenth of the clock, after the move."""
ONLY_MOVE_GAP = 10.0
"""Points: the second-best move is a mistake (`Thresholds.mistake`)."""
MANY_MOVES_GAP = 2.0
"""Points: the second-best move is excellent too (`Thresholds.excellent`)."""
DECIDED = 10.0
"""Percent: with less, or a hundred less this, no move matters much (`Thresholds.decided`)."""
LONG, SHORT = 2.0, 0.5
"""Of the usual time of the player's moves at that speed: more is long, less is short."""


class Difficulty(StrEnum):
    """How hard a move is, as far as facts tell."""

    FORCED = "only one legal move"
    BOOK = "named opening"
    DECIDED = "the game is decided"
    MANY = "several good moves"
    SOME = "few good moves"
    ONE = "one good move"
    UNKNOWN = "not known"


EASY = (Difficulty.FORCED, Difficulty.BOOK, Difficulty.DECIDED, Difficulty.MANY)


@dataclass(frozen=True, slots=True)
class TimeCell:
    """Moves of one difficulty on which about the same time was spent."""

    difficulty: Difficulty
    time: str
    """A bucket of the dimension ``move_time``."""
    moves: int
    seconds: float
    """Spent on all of them."""
    loss: Measured
    """Points of winning chance lost a move."""


@dataclass(frozen=True, slots=True)
class EasyMoves:
    """Easy moves that eat the clock."""

    moves: int
    """Easy moves on which long was thought."""
    seconds: float
    """Spent on these, beyond the usual time."""
    share: float
    """Of all time spent, in percent."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class HardMoves:
    """Moves with only one good answer: rushed, and with time taken."""

    rushed: Measured | None
    """Points of winning chance lost a move, where the time was short."""
    thought: Measured | None
    """The same where it was not."""
    evidence: Evidence
    """Of those rushed."""


@dataclass(frozen=True, slots=True)
class ClockUse:
    """What a player does with the clock."""

    cells: tuple[TimeCell, ...]
    moves: int
    """Moves of which the time spent is known."""
    known: float
    """Percent of these of whose difficulty something is known."""
    searched: float
    """Percent of these where the second-best move was searched, so that it is known best."""
    easy: EasyMoves
    hard: HardMoves
    trouble: Excess | None
    """What moves in time trouble cost beyond others; absent where there are too few."""
    trouble_evidence: Evidence
    games: ClockGames


@dataclass(frozen=True, slots=True)
class _Moves:
    """Moves of which the time spent is known."""

    table: LossTable
    difficulty: Rows
    spent_s: Floats
    usual_s: Floats
    """Median of the player's moves at that speed."""


def clock_use(facts: Facts, span: Span | None = None) -> ClockUse:
    """Put time spent beside difficulty, and tell what time trouble costs."""
    table = loss_table(facts, span or Span())
    moves = _with_time(table)
    codes = tuple(Difficulty)
    known = moves.difficulty != codes.index(Difficulty.UNKNOWN)
    searched = np.isin(moves.difficulty, [codes.index(each) for each in codes[3:6]])
    cut = Cut((TROUBLE,))
    return ClockUse(
        cells=_cells(moves),
        moves=len(moves.spent_s),
        known=_percent(known),
        searched=_percent(searched),
        easy=_easy(moves),
        hard=_hard(moves),
        trouble=excess_of(moves.table, cut),
        trouble_evidence=evidence(moves.table, moves.table.holds(cut)),
        games=clock_games(table),
    )


def _with_time(table: LossTable) -> _Moves:
    wanted = ("spent_s", "is_forced", "is_book", "gap", "win_before", "game")
    columns = table.facts.own(*wanted)[table.rows]
    speed = table.facts.games["speed"][columns["game"].cast(pl.Int64)]
    columns = columns.with_columns(
        speed.alias("speed"), pl.col("spent_s").cast(pl.Float64), difficulty=_difficulty()
    ).with_columns(usual_s=pl.col("spent_s").median().over("speed"))
    has_time = columns["spent_s"].is_not_null().to_numpy()
    columns = columns.filter(pl.Series(has_time))
    return _Moves(
        table=table.without(~has_time),
        difficulty=columns["difficulty"].cast(pl.Int64).to_numpy(),
        spent_s=columns["spent_s"].to_numpy(),
        usual_s=columns["usual_s"].to_numpy(),
    )


def _difficulty() -> pl.Expr:
    """Give the place of a move's difficulty among all; what is surest is asked first."""
    gap, win = pl.col("gap"), pl.col("win_before")
    places = {difficulty: place for place, difficulty in enumerate(Difficulty)}
    return (
        pl.when("is_forced")
        .then(places[Difficulty.FORCED])
        .when("is_book")
        .then(places[Difficulty.BOOK])
        .when(gap >= ONLY_MOVE_GAP)
        .then(places[Difficulty.ONE])
        .when(gap >= MANY_MOVES_GAP)
        .then(places[Difficulty.SOME])
        .when(gap < MANY_MOVES_GAP)
        .then(places[Difficulty.MANY])
        .when((win <= DECIDED) | (win >= 100 - DECIDED))
        .then(places[Difficulty.DECIDED])
        .otherwise(places[Difficulty.UNKNOWN])
    )


def _cells(moves: _Moves) -> tuple[TimeCell, ...]:
    times = DIMENSIONS["move_time"].buckets
    time = moves.table.coded("move_time").codes
    cell = moves.difficulty * len(times) + time
    size = len(Difficulty) * len(times)
    losses = means(sum_groups(cell, moves.table.game, moves.table.loss, size))
    seconds = np.bincount(cell, weights=moves.spent_s, minlength=size)
    difficulties = tuple(Difficulty)
    return tuple(
        TimeCell(
            difficulties[place // len(times)],
            times[place % len(times)],
            loss.count,
            float(seconds[place]),
            loss,
        )
        for place, loss in enumerate(losses)
        if loss is not None
    )


def _easy(moves: _Moves) -> EasyMoves:
    codes = [place for place, each in enumerate(Difficulty) if each in EASY]
    wasted = np.isin(moves.difficulty, codes) & (moves.spent_s > LONG * moves.usual_s)
    seconds = float((moves.spent_s - moves.usual_s)[wasted].sum())
    spent = float(moves.spent_s.sum())
    return EasyMoves(
        moves=int(np.count_nonzero(wasted)),
        seconds=seconds,
        share=100 * seconds / spent if spent else 0.0,
        evidence=evidence(moves.table, wasted),
    )


def _hard(moves: _Moves) -> HardMoves:
    is_hard = moves.difficulty == tuple(Difficulty).index(Difficulty.ONE)
    is_short = moves.spent_s < SHORT * moves.usual_s
    rushed, thought = is_hard & is_short, is_hard & ~is_short
    return HardMoves(
        rushed=_loss(moves, rushed),
        thought=_loss(moves, thought),
        evidence=evidence(moves.table, rushed),
    )


def _loss(moves: _Moves, chosen: Truths) -> Measured | None:
    return mean_of(moves.table.game[chosen], moves.table.loss[chosen])


def _percent(claims: Truths) -> float:
    return 100 * float(claims.mean()) if len(claims) else 0.0
