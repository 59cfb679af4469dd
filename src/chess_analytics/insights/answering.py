"""Answer a question from a player's facts, in columns: no move is looked at on its own.

Values are summed over each game within each bucket first, because games are what is sampled
(`confidence.py`); then these sums, and their squares, over games.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from chess_analytics.insights.confidence import Sums, mean_interval, rate_interval
from chess_analytics.insights.dimension import Level
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.metric import Kind, Metric
from chess_analytics.insights.per_game import PerGame, sum_games
from chess_analytics.insights.question import Answer, AnswerRow, Question
from chess_analytics.insights.selection import Coded, Floats, Rows, Selection, Truths, select

# Below these a number says too little. Of moves as other programs have it; of games because a
# result is one of three things only.
LEAST_MOVES = 40
LEAST_GAMES_OF_MOVES = 5
LEAST_GAMES = 10
_PERCENT = 100


def answer(facts: Facts, question: Question) -> Answer:
    """Answer a question.

    Raises:
        QuestionRefused: it names something that does not exist.
    """
    selection = select(facts, question)
    per_game = sum_games(selection)
    cuts, codes, left_out = _most_played(
        selection.cuts, _codes(per_game, selection.cuts), question.most
    )
    rows = _rows(selection, per_game, cuts, codes)
    whole = per_game.whole(selection.metric.level)
    total = _rows(selection, whole, (), ()) if selection.cuts else rows
    return Answer(question, tuple(rows), tuple(total), left_out)


def _rows(
    selection: Selection, per_game: PerGame, cuts: Sequence[Coded], codes: Sequence[Rows]
) -> list[AnswerRow]:
    metric = selection.metric
    cells = np.zeros_like(per_game.game)
    for cut, code in zip(cuts, codes, strict=True):
        cells = np.where((cells >= 0) & (code >= 0), cells * len(cut.labels) + code, -1)
    counts = cells >= 0
    used, sums = _sum_cells(cells[counts], per_game.x[counts], per_game.ys[counts])
    numbers = [_numbers(metric, used, each) for each in sums]
    part = np.repeat(np.arange(len(numbers)), [len(each) for each in numbers])
    return list(_answer_rows(metric, cuts, np.concatenate(numbers), part))


def _codes(per_game: PerGame, cuts: Sequence[Coded]) -> list[Rows]:
    """Give the bucket of each sum in each dimension; -1 where it falls into none."""
    codes: list[Rows] = []
    rest = per_game.bucket
    for cut in reversed(cuts):
        if cut.dimension.level is Level.MOVES:
            # The last number stands for no bucket, see `sum_games`.
            size = len(cut.labels) + 1
            code = rest % size
            codes.insert(0, np.where(code == len(cut.labels), -1, code))
            rest = rest // size
        else:
            codes.insert(0, cut.codes[per_game.game].astype(np.int64))
    return codes


def _most_played(
    cuts: Sequence[Coded], codes: Sequence[Rows], most: int
) -> tuple[list[Coded], list[Rows], int]:
    """Keep the buckets with most games, where the games decide which there are."""
    kept_cuts, kept_codes, left_out = list(cuts), list(codes), 0
    for place, (cut, code) in enumerate(zip(cuts, codes, strict=True)):
        if cut.dimension.cut.is_ordered or len(cut.labels) <= most:
            continue
        played = np.bincount(code[code >= 0], minlength=len(cut.labels))
        # Of those with as many games the first by name, as rows are ordered; their order stays.
        order = np.argsort(-played, kind="stable")
        kept = np.sort(order[:most])
        left_out += int(np.count_nonzero(played[order[most:]]))
        # The last place is that of the code -1, which is in no bucket.
        new = np.full(len(cut.labels) + 1, -1, dtype=np.int64)
        new[kept] = np.arange(len(kept))
        kept_cuts[place] = replace(cut, labels=tuple(cut.labels[each] for each in kept.tolist()))
        kept_codes[place] = new[code]
    return kept_cuts, kept_codes, left_out


def _sum_cells(cells: Rows, x: Floats, ys: Floats) -> tuple[Rows, list[Sums]]:
    """Sum over the games of each cell; give the cells in which there are any, and sums for each y.

    How many count is the same for all.
    """
    used = np.flatnonzero(np.bincount(cells, minlength=1))

    def summed(values: Floats | None = None) -> Floats:
        return np.bincount(cells, values, minlength=1)[used].astype(np.float64)

    games, xs, xx = summed(), summed(x), summed(x * x)
    columns = (np.ascontiguousarray(column) for column in ys.T)
    return used, [
        Sums(games=games, x=xs, y=summed(y), xx=xx, xy=summed(x * y), yy=summed(y * y))
        for y in columns
    ]


def _numbers(metric: Metric, used: Rows, sums: Sums) -> Floats:
    """Give a row of numbers for each cell: cell, value, lower and upper end, counted, games."""
    is_mean = metric.kind is Kind.MEAN
    low, high = mean_interval(sums) if is_mean else rate_interval(sums)
    scale = 1 if is_mean else _PERCENT
    ratio = sums.ratio()
    return np.column_stack([used, scale * ratio, scale * low, scale * high, sums.x, sums.games])


def _answer_rows(
    metric: Metric, cuts: Sequence[Coded], numbers: Floats, part: Rows
) -> Iterator[AnswerRow]:
    """Turn numbers into rows, in their order; everything is worked out for all of them at once."""
    first, second = _buckets(cuts, numbers[:, 0].astype(np.int64))
    games = numbers[:, -1]
    popular: Floats = np.zeros(len(games))
    if cuts and not cuts[0].dimension.cut.is_ordered:
        popular = np.bincount(first, games, minlength=1).astype(np.float64)[first]
    order = np.lexsort((part, second, first, -popular))
    of_moves = metric.level is Level.MOVES
    value, low, high, counted, played = numbers[order, 1:].T
    # Of one game there is no telling how games differ.
    sure = played > 1
    few = played < LEAST_GAMES
    if of_moves:
        few = (counted < LEAST_MOVES) | (played < LEAST_GAMES_OF_MOVES)
    labels = (cuts[0].labels if cuts else (None,), cuts[1].labels if len(cuts) > 1 else (None,))
    return map(
        AnswerRow,
        _named(first[order], labels[0]),
        _named(second[order], labels[1]),
        _named(part[order], metric.parts if metric.kind is Kind.SHARES else (None,)),
        value.tolist(),
        _where(sure, low),
        _where(sure, high),
        (counted if of_moves else np.zeros_like(counted)).astype(np.int64).tolist(),
        played.astype(np.int64).tolist(),
        few.tolist(),
    )


def _named(places: Rows, names: Sequence[str | None]) -> Iterator[str | None]:
    return map(names.__getitem__, places.tolist())


def _where(known: Truths, values: Floats) -> Iterator[float | None]:
    pairs = zip(values.tolist(), known.tolist(), strict=True)
    return (value if is_known else None for value, is_known in pairs)


def _buckets(cuts: Sequence[Coded], cells: Rows) -> tuple[Rows, Rows]:
    """Give the bucket of each cell in the first and the second dimension; 0 where there is none."""
    match cuts:
        case [_]:
            return cells, np.zeros_like(cells)
        case [_, other]:
            return cells // len(other.labels), cells % len(other.labels)
        case _:
            return np.zeros_like(cells), np.zeros_like(cells)
