"""The player's moves and what they lost, summed game by game for any cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from chess_analytics.insights.cuts import Cut
from chess_analytics.insights.dimensions import DIMENSIONS, Level
from chess_analytics.insights.excess import Excess, GameSums, excess
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.measured import Rows
from chess_analytics.insights.question import Filter, Question
from chess_analytics.insights.selection import Coded, Floats, Truths, select

# Losses are of winning chance, not of centipawns: these say little in decided positions.
_METRIC = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which games are asked about, and whose clock tells days and hours."""

    filters: tuple[Filter, ...] = ()
    since_ms: int | None = None
    """Only games that began then or later."""
    until_ms: int | None = None
    """Only games that began before."""
    zone: str = "UTC"

    def question(self, metric: str, by: str | None = None) -> Question:
        """Ask for a metric of these games."""
        return self.narrow(Question(metric=metric, by=by))

    def narrow(self, question: Question) -> Question:
        """Ask a question of these games alone, besides what it asks for itself."""
        return replace(
            question,
            filters=(*question.filters, *self.filters),
            since_ms=self.since_ms,
            until_ms=self.until_ms,
            zone=self.zone,
        )


@dataclass(slots=True, eq=False)
class LossTable:
    """Moves of the player that count, in the games that are asked about."""

    facts: Facts
    span: Span
    rows: Rows
    """Rows of ``facts.own_moves``."""
    game: Rows
    """Of each move, the row of its game."""
    loss: Floats
    """Of each move, in points of winning chance."""
    _coded: dict[str, Coded] = field(default_factory=dict)
    _places: dict[str, dict[str, int]] = field(default_factory=dict)
    _sums: dict[tuple[str, ...], tuple[Floats, Floats]] = field(default_factory=dict)

    @property
    def games(self) -> int:
        return len(self.facts.games)

    def without(self, gone: Truths) -> "LossTable":
        """Give the same table without some of its moves."""
        kept = ~gone
        coded = {
            name: each
            if each.dimension.level is Level.GAMES
            else replace(each, codes=each.codes[kept])
            for name, each in self._coded.items()
        }
        return replace(
            self,
            rows=self.rows[kept],
            game=self.game[kept],
            loss=self.loss[kept],
            _coded=coded,
            _sums={},
        )

    def labels(self, dimension: str) -> Sequence[str]:
        return self.coded(dimension).labels

    def coded(self, dimension: str) -> Coded:
        """Give the bucket of every game, or of every move of this table."""
        if dimension not in self._coded:
            coded = select(self.facts, self.span.question(_METRIC, dimension)).cuts[0]
            if coded.dimension.level is Level.MOVES:
                coded = replace(coded, codes=coded.codes[self.rows])
            self._coded[dimension] = coded
        return self._coded[dimension]

    @property
    def whole(self) -> GameSums:
        """Sum all moves."""
        return GameSums(*(each[:, 0] for each in self._summed(())))

    def part(self, cut: Cut) -> GameSums:
        """Sum the moves of a cut."""
        of_moves = [each for each in cut.filters if _level(each) is Level.MOVES]
        moves, loss = self._summed(tuple(each.dimension for each in of_moves))
        cells = np.zeros(1, dtype=np.int64)
        for each in of_moves:
            labels, wanted = self.labels(each.dimension), self._wanted(each)
            cells = (cells[:, None] * len(labels) + wanted[None, :]).ravel()
        passing = self._passing_games(cut)
        return GameSums(*(each[:, cells].sum(axis=1) * passing for each in (moves, loss)))

    def holds(self, cut: Cut) -> Truths:
        """Tell which moves of this table are in a cut."""
        found = self._passing_games(cut)[self.game]
        for each in cut.filters:
            if _level(each) is Level.MOVES:
                found &= self._falls_into(each)
        return found

    def _passing_games(self, cut: Cut) -> Truths:
        passing = np.ones(self.games, dtype=np.bool_)
        for each in cut.filters:
            if _level(each) is Level.GAMES:
                passing &= self._falls_into(each)
        return passing

    def _falls_into(self, each: Filter) -> Truths:
        """Tell which games, or moves, fall into a bucket that is wanted."""
        coded = self.coded(each.dimension)
        # The last place is that of the code -1, which is in no bucket.
        is_wanted = np.zeros(len(coded.labels) + 1, dtype=np.bool_)
        is_wanted[self._wanted(each)] = True
        return is_wanted[coded.codes]

    def _wanted(self, each: Filter) -> Rows:
        if each.dimension not in self._places:
            labels = self.labels(each.dimension)
            self._places[each.dimension] = {label: code for code, label in enumerate(labels)}
        places = self._places[each.dimension]
        return np.array(
            [places[label] for label in each.buckets if label in places], dtype=np.int64
        )

    def _summed(self, dimensions: tuple[str, ...]) -> tuple[Floats, Floats]:
        """Sum moves and losses for each game (rows) and combination of buckets (columns)."""
        if dimensions not in self._sums:
            cell, width = np.zeros(len(self.game), dtype=np.int64), 1
            known = np.ones(len(self.game), dtype=np.bool_)
            for coded in map(self.coded, dimensions):
                cell, width = cell * len(coded.labels) + coded.codes, width * len(coded.labels)
                known &= coded.codes >= 0
            key = (self.game.astype(np.int64) * width + cell)[known]
            size = self.games * width
            moves = np.bincount(key, minlength=size).astype(np.float64)
            loss = np.bincount(key, weights=self.loss[known], minlength=size).astype(np.float64)
            self._sums[dimensions] = moves.reshape(-1, width), loss.reshape(-1, width)
        return self._sums[dimensions]


def loss_table(facts: Facts, span: Span) -> LossTable:
    """Gather the moves that count.

    Raises:
        QuestionRefused: a filter names something that does not exist.
    """
    selection = select(facts, span.question(_METRIC))
    keep = selection.games[selection.game_of_move] & ~np.isnan(selection.value)
    if selection.moves is not None:
        keep &= selection.moves
    return LossTable(
        facts=facts,
        span=span,
        rows=np.flatnonzero(keep),
        game=selection.game_of_move[keep],
        loss=selection.value[keep],
    )


def excess_of(table: LossTable, cut: Cut) -> Excess | None:
    """Tell how much more is lost in a cut of a table; nothing where there is too little."""
    return excess(table.whole, table.part(cut))


def _level(each: Filter) -> Level:
    return DIMENSIONS[each.dimension].level
