"""Sums over each game within each bucket of moves: the first step of every answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chess_analytics.insights.dimension import Level
from chess_analytics.insights.metric import Kind
from chess_analytics.insights.selection import Coded, Floats, Rows, Selection, Truths

# Beyond so many sums it is quicker to number only what there is.
_MOST_SUMS = 4_000_000


@dataclass(frozen=True, slots=True)
class PerGame:
    """What counts, and its values, summed over each game within each bucket of moves."""

    game: Rows
    bucket: Rows
    """One number for the buckets of all dimensions of moves together; 0 where there are none."""
    x: Floats
    """How many count."""
    ys: Floats
    """Their values: one column, or one for each part of shares."""

    def whole(self, level: Level) -> "PerGame":
        """Put the buckets of each game together."""
        if level is Level.GAMES:
            # The game has the same value in each of its buckets, and counts once.
            games, first = np.unique(self.game, return_index=True)
            return PerGame(games, np.zeros_like(games), self.x[first], self.ys[first])
        games = np.flatnonzero(np.bincount(self.game, minlength=1))
        x = np.bincount(self.game, self.x, minlength=1)[games].astype(np.float64)
        ys = [np.bincount(self.game, column, minlength=1)[games] for column in self.ys.T]
        return PerGame(games, np.zeros_like(games), x, np.column_stack(ys))


def sum_games(selection: Selection) -> PerGame:
    """Sum the values of what passes the filters; what falls into no bucket is there, too.

    A metric of games counts a game once in every bucket in which the player made a move.
    """
    cuts = [cut for cut in selection.cuts if cut.dimension.level is Level.MOVES]
    if selection.metric.level is Level.MOVES:
        key, buckets = _buckets(selection, cuts)
        keep = _kept_moves(selection) & ~np.isnan(selection.value)
        return _summed(selection, key[keep], buckets, selection.value[keep])
    if cuts or selection.moves is not None:
        key, buckets = _buckets(selection, cuts)
        keys = key[_kept_moves(selection)]
        there = np.flatnonzero(np.bincount(keys, minlength=1))
    else:
        there, buckets = np.flatnonzero(selection.games), 1
    value = selection.value[there // buckets]
    counts = ~np.isnan(value)
    return _summed(selection, there[counts], buckets, value[counts])


def _kept_moves(selection: Selection) -> Truths:
    if selection.games.all():
        keep = np.ones(len(selection.game_of_move), dtype=np.bool_)
    else:
        keep = selection.games[selection.game_of_move]
    return keep if selection.moves is None else keep & selection.moves


def _buckets(selection: Selection, cuts: Sequence[Coded]) -> tuple[Rows, int]:
    """Give each move one number for its game and its buckets; tell how many buckets there are."""
    key, size = selection.game_of_move, 1
    for cut in cuts:
        # One more bucket is for what falls into none.
        with_none = len(cut.labels) + 1
        code = np.where(cut.codes < 0, len(cut.labels), cut.codes)
        key = key * with_none + code
        size *= with_none
    return key, size


def _summed(selection: Selection, key: Rows, buckets: int, value: Floats) -> PerGame:
    parts = len(selection.metric.parts) if selection.metric.kind is Kind.SHARES else 0
    sums = len(selection.games) * buckets * max(parts, 1)
    used: Rows | None = None
    if sums > _MOST_SUMS:
        used, key = np.unique(key, return_inverse=True)
    size = int(key.max(initial=0)) + 1
    x = np.bincount(key, minlength=size)
    there = np.flatnonzero(x)
    if parts:
        part = key * parts + value.astype(np.int64)
        ys = np.bincount(part, minlength=size * parts).reshape(size, parts)[there]
    else:
        ys = np.bincount(key, value, minlength=size)[there].reshape(-1, 1)
    keys = there if used is None else used[there]
    return PerGame(
        keys // buckets, keys % buckets, x[there].astype(np.float64), ys.astype(np.float64)
    )
