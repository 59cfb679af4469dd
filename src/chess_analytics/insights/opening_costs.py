"""What each opening brings and costs a player, with each colour."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.insights.cuts import Cut
from chess_analytics.insights.excess import Excess
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import LossTable, Span, excesses_of, loss_table
from chess_analytics.insights.measured import Measured, Rows, means, rates, sum_groups
from chess_analytics.insights.months import months, played_ms
from chess_analytics.insights.question import Filter
from chess_analytics.insights.selection import Floats, select

_OPENING = Filter("phase", ("opening",))


@dataclass(frozen=True, slots=True)
class OpeningCost:
    """An opening with one colour."""

    color: Side
    name: str
    games: int
    score: Measured | None
    """Points of those there were, in percent, with Wilson's interval."""
    loss: Measured | None
    """Points of winning chance lost a move while it was the opening; absent without analysis."""
    exit_cp: Measured | None
    """The player's evaluation where the named openings end, in centipawns."""
    leaves_first: Measured | None
    """How often it is the player who leaves the named openings, in percent."""
    points: float
    """Lost by all these moves together: loss x frequency."""
    points_a_month: float
    excess: Excess | None
    """What is lost beyond the player's other openings; absent where there is too little."""


def opening_costs(
    facts: Facts, span: Span | None = None, *, by: str = "opening"
) -> tuple[OpeningCost, ...]:
    """Weigh every opening, or with ``by="variation"`` every variation; what costs most first."""
    span = span or Span()
    selection = select(facts, span.question("score", by))
    names, code = selection.cuts[0].labels, selection.cuts[0].codes
    code = np.where(selection.games & (code >= 0), code.astype(np.int64) * 2 + _is_black(facts), -1)
    used = np.unique(code[code >= 0])
    per_game = _PerGame(facts.games, code, 2 * len(names))
    scores = per_game.rate(selection.value)
    exits = per_game.mean(_floats(facts.games["exit_cp"]))
    leaves = per_game.rate(_leaves(facts.games))
    table = loss_table(facts, replace(span, filters=(*span.filters, _OPENING)))
    losses = _losses(table, code, 2 * len(names))
    points = _points(table, code, 2 * len(names))
    span_months = months(played_ms(facts.games, np.flatnonzero(selection.games)))
    cells = used.tolist()
    cuts = [_cut(by, names[cell // 2], _side(cell)) for cell in cells]
    rows = [
        OpeningCost(
            color=_side(cell),
            name=names[cell // 2],
            games=int(per_game.counted[cell]),
            score=scores[cell],
            loss=losses[cell],
            exit_cp=exits[cell],
            leaves_first=leaves[cell],
            points=float(points[cell]),
            points_a_month=float(points[cell]) / span_months,
            excess=measured,
        )
        for cell, measured in zip(cells, excesses_of(table, cuts), strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.points, -row.games)))


class _PerGame:
    """Measures values of games in cells."""

    def __init__(self, games: pl.DataFrame, code: Rows, cells: int) -> None:
        self._code, self._cells = code, cells
        self._row = np.arange(len(games), dtype=np.int64)
        self.counted = np.bincount(code[code >= 0], minlength=cells)

    def rate(self, value: Floats) -> list[Measured | None]:
        keep = (self._code >= 0) & ~np.isnan(value)
        return rates(sum_groups(self._code[keep], self._row[keep], value[keep], self._cells))

    def mean(self, value: Floats) -> list[Measured | None]:
        keep = (self._code >= 0) & ~np.isnan(value)
        return means(sum_groups(self._code[keep], self._row[keep], value[keep], self._cells))


def _losses(table: LossTable, code: Rows, cells: int) -> list[Measured | None]:
    cell = code[table.game]
    keep = cell >= 0
    return means(sum_groups(cell[keep], table.game[keep], table.loss[keep], cells))


def _points(table: LossTable, code: Rows, cells: int) -> Floats:
    cell = code[table.game]
    keep = cell >= 0
    return np.bincount(cell[keep], weights=table.loss[keep], minlength=cells).astype(np.float64)


def _cut(by: str, name: str, side: Side) -> Cut:
    return Cut((Filter(by, (name,)), Filter("color", (side.value,))))


def _side(cell: int) -> Side:
    return Side.BLACK if cell % 2 else Side.WHITE


def _is_black(facts: Facts) -> Rows:
    return (facts.games["color"] == Side.BLACK.value).cast(pl.Int64).to_numpy()


def _leaves(games: pl.DataFrame) -> Floats:
    """Give 1 where the player left the named openings, 0 where the opponent did."""
    left = pl.when("leaves_book").then(1.0).when("opponent_leaves_book").then(0.0)
    return _floats(games.select(left.alias("left"))["left"])


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy()
