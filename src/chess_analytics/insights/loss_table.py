"""The player's moves and what they lost, summed game by game for any cut."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from chess_analytics.insights.cuts import Cut
from chess_analytics.insights.dimensions import DIMENSIONS, Level
from chess_analytics.insights.excess import Excess, GameSums, excesses
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.measured import Rows
from chess_analytics.insights.question import Filter, Question
from chess_analytics.insights.selection import Coded, Floats, Truths, code, select

# Losses are of winning chance, not of centipawns: these say little in decided positions.
_METRIC = "loss"

_NOTHING = -1

# Cuts times games that are summed at once: with few games there are many cuts to a call of NumPy,
# and with many games no more memory is needed than for one cut.
_SUMS_AT_ONCE = 65_536


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
            self.look_up((dimension,))
        return self._coded[dimension]

    def look_up(self, dimensions: Iterable[str]) -> None:
        """Put all games and moves into the buckets of dimensions at once: `coded` has them then."""
        lacking = {each for each in dimensions if each not in self._coded}
        if lacking:
            found = code(self.facts, self.span.question(_METRIC), lacking)
            self._coded |= {name: self._of_table(each) for name, each in found.items()}

    def _of_table(self, coded: Coded) -> Coded:
        if coded.dimension.level is Level.GAMES:
            return coded
        return replace(coded, codes=coded.codes[self.rows])

    @property
    def whole(self) -> GameSums:
        """Sum all moves."""
        return GameSums(*(each[0] for each in self._summed(())))

    def part(self, cut: Cut) -> GameSums:
        """Sum the moves of a cut."""
        sums = self.parts((cut,))
        return GameSums(sums.moves[0], sums.loss[0])

    def parts(self, cuts: Sequence[Cut]) -> GameSums:
        """Sum the moves of cuts: one row for each, games as columns.

        Those by the same dimensions are summed together.
        """
        self.look_up(each.dimension for cut in cuts for each in cut.filters)
        sums = GameSums(*np.empty((2, len(cuts), self.games)))
        alike: dict[tuple[str, ...], list[int]] = {}
        for row, cut in enumerate(cuts):
            alike.setdefault(tuple(each.dimension for each in cut.filters), []).append(row)
        for rows in alike.values():
            sums.moves[rows], sums.loss[rows] = self._sum_alike([cuts[row] for row in rows])
        return sums

    def holds(self, cut: Cut) -> Truths:
        """Tell which moves of this table are in a cut."""
        found = np.ones(len(self.rows), dtype=np.bool_)
        for each in cut.filters:
            [within] = self._within((each,))
            found &= within if _level(each) is Level.MOVES else within[self.game]
        return found

    def _sum_alike(self, cuts: Sequence[Cut]) -> tuple[Floats, Floats]:
        """Sum moves and losses of cuts by the same dimensions: one row a cut, games as columns."""
        by_dimension = list(zip(*(cut.filters for cut in cuts), strict=True))
        of_moves = [each for each in by_dimension if _level(each[0]) is Level.MOVES]
        cells = self._cells(of_moves, len(cuts))
        moves, loss = (_add(each, cells) for each in self._summed(_dimensions(of_moves)))
        for each in by_dimension:
            if _level(each[0]) is Level.GAMES:
                within = self._within(each)
                moves, loss = moves * within, loss * within
        return moves, loss

    def _cells(self, of_moves: Sequence[Sequence[Filter]], cuts: int) -> Rows:
        """Tell which combinations of buckets each of so many cuts wants, by number: a row a cut.

        Rows that are shorter than others are filled up with `_NOTHING`.
        """
        rows = [[0]] * cuts
        for wanted in of_moves:
            labels = len(self.labels(wanted[0].dimension))
            rows = [
                [cell * labels + code for cell in cells for code in self._wanted(each)]
                for cells, each in zip(rows, wanted, strict=True)
            ]
        longest = max(1, *map(len, rows))
        return np.array([cells + [_NOTHING] * (longest - len(cells)) for cells in rows])

    def _within(self, wanted: Sequence[Filter]) -> Truths:
        """Tell which games, or moves, pass each of some filters by one dimension: one row each."""
        coded = self.coded(wanted[0].dimension)
        # The last place is that of the code -1, which is in no bucket.
        is_wanted = np.zeros((len(wanted), len(coded.labels) + 1), dtype=np.bool_)
        for row, each in enumerate(wanted):
            is_wanted[row, self._wanted(each)] = True
        return is_wanted.take(coded.codes, axis=1)

    def _wanted(self, each: Filter) -> list[int]:
        if each.dimension not in self._places:
            labels = self.labels(each.dimension)
            self._places[each.dimension] = {label: code for code, label in enumerate(labels)}
        places = self._places[each.dimension]
        return [places[label] for label in each.buckets if label in places]

    def _summed(self, dimensions: tuple[str, ...]) -> tuple[Floats, Floats]:
        """Sum moves and losses for each combination of buckets (rows) and game (columns)."""
        if dimensions not in self._sums:
            cell, width = np.zeros(len(self.game), dtype=np.int64), 1
            known = np.ones(len(self.game), dtype=np.bool_)
            for coded in map(self.coded, dimensions):
                cell, width = cell * len(coded.labels) + coded.codes, width * len(coded.labels)
                known &= coded.codes >= 0
            key, shape = (cell * self.games + self.game)[known], (width, self.games)
            moves = np.bincount(key, minlength=math.prod(shape)).astype(np.float64)
            loss = np.bincount(key, weights=self.loss[known], minlength=math.prod(shape))
            self._sums[dimensions] = moves.reshape(shape), loss.astype(np.float64).reshape(shape)
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
    [found] = excesses_of(table, (cut,))
    return found


def excesses_of(table: LossTable, cuts: Sequence[Cut]) -> Iterator[Excess | None]:
    """Tell it of many cuts, in their order."""
    whole, at_once = table.whole, max(1, _SUMS_AT_ONCE // max(1, table.games))
    for first in range(0, len(cuts), at_once):
        yield from excesses(whole, table.parts(cuts[first : first + at_once]))


def _add(summed: Floats, cells: Rows) -> Floats:
    """Add up the rows that each row of cells names, in their order."""
    first, *others = cells.T
    found: Floats = summed[first]
    found[first == _NOTHING] = 0
    for each in others:
        wanted = each != _NOTHING
        found[wanted] += summed[each[wanted]]
    return found


def _level(each: Filter) -> Level:
    return DIMENSIONS[each.dimension].level


def _dimensions(filters: Sequence[Sequence[Filter]]) -> tuple[str, ...]:
    return tuple(each[0].dimension for each in filters)
