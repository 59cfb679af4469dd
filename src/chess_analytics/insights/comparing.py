"""A cut's loss compared: with one's own past, with one's opponents, with players of one's level.

Compared is always how much *more* is lost in the cut than elsewhere, so that a stronger or weaker
player, or an easier or harder part of the game, does not look like a finding. The two numbers are
taken as independent. The numbers of other players are given by who has them, and carry where they
come from: nothing is made up where there are too few.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.insights.columns import (
    GAMES_TABLE,
    NEIGHBOUR_COLUMNS,
    SIDE_COLUMNS,
    OutcomeWord,
)
from chess_analytics.insights.confidence import student_t
from chess_analytics.insights.cuts import Cut
from chess_analytics.insights.excess import Excess
from chess_analytics.insights.frames import Facts, polars_type
from chess_analytics.insights.loss_table import LossTable, Span, excesses_of, loss_table

LEAST_PEERS = 10
"""Players of the same level; fewer say nothing of the level."""


@dataclass(frozen=True, slots=True)
class PastComparison:
    """How much more a cut cost before and after a moment, a move."""

    split_ms: int
    before: Excess
    after: Excess
    change: float
    """Points a move by which the excess grew; below 0 it is getting better."""
    low: float
    """Ends of the 95 % confidence interval of the change."""
    high: float


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """How much more a cut costs the player than others, a move."""

    origin: str
    """Who the others are, in words."""
    players: int | None
    """How many they are; absent where they are counted together."""
    theirs: float
    """Points a move that they lose more in the cut than elsewhere."""
    more: float
    """Points a move by which the player's excess is greater than theirs."""
    low: float
    """Ends of the 95 % confidence interval of it; above 0, others do not have this weakness."""
    high: float


@dataclass(frozen=True, slots=True)
class Reference:
    """How much more each of some players of the same level loses in certain cuts, a move."""

    origin: str
    """Where the numbers come from, in words: they are shown beside every comparison."""
    differences: Mapping[Cut, Sequence[float]]
    """Of each player who has enough moves in the cut and elsewhere."""


def halves(facts: Facts, span: Span, split_ms: int) -> tuple[LossTable, LossTable]:
    """Give the games before a moment, and those from it on, for `with_past`."""
    earlier = replace(span, until_ms=_least(span.until_ms, split_ms))
    later = replace(span, since_ms=_most(span.since_ms, split_ms))
    return loss_table(facts, earlier), loss_table(facts, later)


def with_past(before: Excess | None, after: Excess | None, split_ms: int) -> PastComparison | None:
    """Compare the games from a moment on with those before it; nothing where either is too few."""
    if before is None or after is None:
        return None
    change = after.difference - before.difference
    half = math.hypot(before.error, after.error)
    return PastComparison(split_ms, before, after, change, change - half, change + half)


def with_opponents(own: Excess, theirs: Excess | None) -> LevelComparison | None:
    """Compare with the opponents in the same games; nothing where they have too few moves."""
    if theirs is None:
        return None
    more, half = own.difference - theirs.difference, math.hypot(own.error, theirs.error)
    return LevelComparison(
        "the opponents in the same games",
        None,
        theirs.difference,
        more,
        more - half,
        more + half,
    )


def with_level(reference: Reference, cut: Cut, own: Excess) -> LevelComparison | None:
    """Compare with players of the same level; nothing where there are fewer than ten of them."""
    known = np.array(reference.differences.get(cut, ()), dtype=np.float64)
    if len(known) < LEAST_PEERS:
        return None
    theirs = float(known.mean())
    quantile = float(student_t(np.array([len(known) - 1.0]))[0])
    error = quantile * float(known.std(ddof=1)) / math.sqrt(len(known))
    more, half = own.difference - theirs, math.hypot(own.error, error)
    return LevelComparison(reference.origin, len(known), theirs, more, more - half, more + half)


def make_reference(
    origin: str, players: Iterable[Facts], cuts: Sequence[Cut], span: Span
) -> Reference:
    """Measure players of the same level, for `with_level`; who they are is for the caller."""
    found: dict[Cut, list[float]] = {cut: [] for cut in cuts}
    for facts in players:
        for cut, measured in zip(cuts, excesses_of(loss_table(facts, span), cuts), strict=True):
            if measured is not None:
                found[cut].append(measured.difference)
    return Reference(origin, found)


def other_side(facts: Facts) -> Facts:
    """Give the same games as the opponents see them.

    Their names for the player are unknown, and so is what they played in between.
    """
    games = facts.games.with_columns(_AS_THE_OPPONENT_SEES)
    return Facts(games, facts.moves.with_columns(~pl.col("is_mine")))


def _turned(name: str, one: str, other: str) -> pl.Expr:
    """Swap two words of a column."""
    word = pl.col(name)
    return word.replace({one: str(other), other: str(one)})


_SIDES = (*(column.name for column in SIDE_COLUMNS), "rating")
_NOT_KNOWN = ("opponent", "player_id", *(column.name for column in NEIGHBOUR_COLUMNS))
_AS_THE_OPPONENT_SEES = (
    *(pl.col(f"opponent_{name}").alias(name) for name in _SIDES),
    *(pl.col(name).alias(f"opponent_{name}") for name in _SIDES),
    _turned("color", Side.WHITE, Side.BLACK),
    _turned("outcome", OutcomeWord.WIN, OutcomeWord.LOSS),
    *(
        pl.lit(None, dtype=polars_type(column)).alias(column.name)
        for column in GAMES_TABLE
        if column.name in _NOT_KNOWN
    ),
)


def _least(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _most(one: int | None, other: int) -> int:
    return other if one is None else max(one, other)
