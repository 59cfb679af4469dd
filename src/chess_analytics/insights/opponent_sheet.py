"""A sheet about any player whose games are there: what to expect, and where to aim.

The facts are those of the named player's games, as they see them; nothing else is needed::

    opponent_sheet("Ada", shelf.facts(store, user_id, Viewpoint(name="Ada")))
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.insights.clock_use import ClockUse, clock_use
from chess_analytics.insights.findings import Asked, Findings, find
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.measured import Measured, rate_of
from chess_analytics.insights.opening_costs import OpeningCost, opening_costs
from chess_analytics.insights.openings_tree import OpeningTree, opening_tree
from chess_analytics.insights.repeated_mistakes import RepeatedMistake, repeated_mistakes
from chess_analytics.insights.selection import Floats, select

FORM_GAMES = 20


@dataclass(frozen=True, slots=True)
class OpponentSheet:
    """What a player's games tell of them."""

    name: str
    games: int
    analysed: int
    first_ms: int | None
    last_ms: int | None
    rating: int | None
    """In the newest game that tells it."""
    score: Mapping[Side, Measured | None]
    """Points with each colour, in percent."""
    form: Measured | None
    """Points in the newest twenty games, in percent."""
    trees: Mapping[Side, OpeningTree]
    openings: tuple[OpeningCost, ...]
    repeated: tuple[RepeatedMistake, ...]
    """Traps that they walk into again."""
    findings: Findings
    clock: ClockUse


def opponent_sheet(name: str, facts: Facts, span: Span | None = None) -> OpponentSheet:
    """Ask the usual questions of a player's games."""
    span = span or Span()
    selection = select(facts, span.question("score"))
    games = facts.games.filter(pl.Series(selection.games))
    points: Floats = selection.value[selection.games]
    row = np.arange(len(games), dtype=np.int64)
    played = games["played_ms"].drop_nulls()
    ratings = games["rating"].drop_nulls()
    scores = {
        side: rate_of(row, np.where((games["color"] == side.value).to_numpy(), points, np.nan))
        for side in Side
    }
    return OpponentSheet(
        name=name,
        games=len(games),
        analysed=int(games["is_analysed"].sum()),
        first_ms=played[0] if len(played) else None,
        last_ms=played[-1] if len(played) else None,
        rating=ratings[-1] if len(ratings) else None,
        score=scores,
        form=rate_of(row[-FORM_GAMES:], points[-FORM_GAMES:]),
        trees={side: opening_tree(facts, side, span) for side in Side},
        openings=opening_costs(facts, span),
        repeated=repeated_mistakes(facts, span),
        findings=find(facts, Asked(span=span)),
        clock=clock_use(facts, span),
    )
