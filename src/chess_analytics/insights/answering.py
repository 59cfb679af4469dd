"""Answer a question from a player's facts, in columns: no move is looked at on its own.

Values are summed over each game within each bucket first, because games are what is sampled
(`confidence.py`); then these sums, and their squares, over games.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chess_analytics.insights.confidence import Sums, mean_interval, rate_interval
from chess_analytics.insights.dimension import Level
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.metric import Kind
from chess_analytics.insights.question import Answer, AnswerRow, Question
from chess_analytics.insights.selection import Coded, Codes, Floats, Selection, select

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
    rows = _rows(selection, selection.cuts)
    total = _rows(selection, ()) if selection.cuts else rows
    return Answer(question, tuple(rows), tuple(total))


@dataclass(frozen=True, slots=True)
class _PerGame:
    """Sums over each game within each bucket of moves: what counts, and its values."""

    game: Codes
    bucket: Codes
    """Of moves: a number for the buckets of all dimensions of moves together."""
    x: Floats
    ys: Floats
    """One column; of shares, one for each part."""


def _rows(selection: Selection, cuts: Sequence[Coded]) -> list[AnswerRow]:
    metric = selection.metric
    per_game = _sum_games(selection, [cut for cut in cuts if cut.dimension.level is Level.MOVES])
    cells = _cells(per_game, cuts)
    counts = cells >= 0
    found: list[AnswerRow] = []
    for column in range(per_game.ys.shape[1]):
        used, sums = _sum_cells(cells[counts], per_game.x[counts], per_game.ys[counts, column])
        part = metric.parts[column] if metric.kind is Kind.SHARES else None
        found += _answer_rows(selection, cuts, part, used=used, sums=sums)
    return _ordered(found, cuts)


def _sum_games(selection: Selection, cuts: Sequence[Coded]) -> _PerGame:
    """Sum within games; ``cuts`` are those of moves."""
    metric, games = selection.metric, len(selection.games)
    of_moves = metric.level is Level.MOVES
    if not of_moves and not cuts and selection.moves is None:
        rows = np.flatnonzero(selection.games & ~np.isnan(selection.value))
        return _per_game(selection, rows, np.zeros_like(rows), selection.value[rows])
    bucket, buckets = _combined(cuts, len(selection.game_of_move))
    keep = selection.games[selection.game_of_move] & (bucket >= 0)
    if selection.moves is not None:
        keep &= selection.moves
    if of_moves:
        keep &= ~np.isnan(selection.value)
    key = selection.game_of_move[keep] * buckets + bucket[keep]
    if of_moves:
        value = selection.value[keep]
    else:
        # A game counts once in every bucket in which the player made a move.
        key = np.flatnonzero(np.bincount(key, minlength=games * buckets))
        value = selection.value[key // buckets]
        key, value = key[~np.isnan(value)], value[~np.isnan(value)]
    return _per_game(selection, key // buckets, key % buckets, value)


def _per_game(selection: Selection, game: Codes, bucket: Codes, value: Floats) -> _PerGame:
    """Sum the values of the same game and bucket."""
    buckets = int(bucket.max(initial=0)) + 1
    key = game * buckets + bucket
    used = np.flatnonzero(np.bincount(key, minlength=1))
    place = np.zeros(int(used.max(initial=0)) + 1, dtype=np.int64)
    place[used] = np.arange(len(used))
    row = place[key]
    x = np.bincount(row, minlength=len(used)).astype(np.float64)
    if selection.metric.kind is Kind.SHARES:
        parts = len(selection.metric.parts)
        part = row * parts + value.astype(np.int64)
        counted = np.bincount(part, minlength=len(used) * parts).astype(np.float64)
        ys = counted.reshape(len(used), parts)
    else:
        summed = np.bincount(row, weights=value, minlength=len(used)).astype(np.float64)
        ys = summed.reshape(len(used), 1)
    return _PerGame(used // buckets, used % buckets, x, ys)


def _combined(cuts: Sequence[Coded], moves: int) -> tuple[Codes, int]:
    """Give the buckets of several dimensions one number; -1 where one of them has none."""
    code, size = np.zeros(moves, dtype=np.int64), 1
    for cut in cuts:
        there = (code >= 0) & (cut.codes >= 0)
        code = np.where(there, code * len(cut.labels) + cut.codes, -1)
        size *= len(cut.labels)
    return code, size


def _cells(per_game: _PerGame, cuts: Sequence[Coded]) -> Codes:
    """Give each cell of the answer a number: all dimensions together, in their order."""
    codes: list[Codes] = []
    rest = per_game.bucket
    for cut in reversed(cuts):
        if cut.dimension.level is Level.MOVES:
            codes.insert(0, rest % len(cut.labels))
            rest = rest // len(cut.labels)
        else:
            codes.insert(0, cut.codes[per_game.game])
    cells = np.zeros_like(per_game.game)
    for cut, code in zip(cuts, codes, strict=True):
        cells = np.where((cells >= 0) & (code >= 0), cells * len(cut.labels) + code, -1)
    return cells


def _sum_cells(cells: Codes, x: Floats, y: Floats) -> tuple[Codes, Sums]:
    """Sum over the games of each cell; give the cells in which there are any."""
    games = np.bincount(cells, minlength=1)
    used = np.flatnonzero(games)
    xs, ys, xx, xy, yy = (
        np.bincount(cells, each, minlength=1)[used].astype(np.float64)
        for each in (x, y, x * x, x * y, y * y)
    )
    return used, Sums(games=games[used].astype(np.float64), x=xs, y=ys, xx=xx, xy=xy, yy=yy)


def _answer_rows(
    selection: Selection, cuts: Sequence[Coded], part: str | None, *, used: Codes, sums: Sums
) -> Iterator[AnswerRow]:
    is_mean = selection.metric.kind is Kind.MEAN
    low, high = mean_interval(sums) if is_mean else rate_interval(sums)
    scale = 1 if is_mean else _PERCENT
    of_moves = selection.metric.level is Level.MOVES
    values = zip(
        used.tolist(),
        (scale * sums.ratio()).tolist(),
        (scale * low).tolist(),
        (scale * high).tolist(),
        sums.x.tolist(),
        sums.games.tolist(),
        strict=True,
    )
    for cell, value, lowest, highest, x, games in values:
        first, second = _labels(cell, cuts)
        # Of one game there is no telling how games differ.
        sure = games > 1
        yield AnswerRow(
            bucket=first,
            second=second,
            part=part,
            value=value,
            low=lowest if sure else None,
            high=highest if sure else None,
            moves=int(x) if of_moves else 0,
            games=int(games),
            too_few=_too_few(x, games) if of_moves else games < LEAST_GAMES,
        )


def _too_few(moves: float, games: float) -> bool:
    return moves < LEAST_MOVES or games < LEAST_GAMES_OF_MOVES


def _labels(cell: int, cuts: Sequence[Coded]) -> tuple[str | None, str | None]:
    match cuts:
        case [one]:
            return one.labels[cell], None
        case [one, other]:
            return one.labels[cell // len(other.labels)], other.labels[cell % len(other.labels)]
        case _:
            return None, None


def _ordered(rows: list[AnswerRow], cuts: Sequence[Coded]) -> list[AnswerRow]:
    """Put together the parts of a bucket, and the buckets in order."""
    if not cuts:
        return rows
    places = [{label: place for place, label in enumerate(cut.labels)} for cut in cuts]
    most: dict[str | None, int] = {}
    for row in rows:
        most[row.bucket] = most.get(row.bucket, 0) + row.games

    def order(row: AnswerRow) -> tuple[int, int, int]:
        first = places[0][row.bucket or ""]
        second = places[1][row.second or ""] if len(places) > 1 else 0
        popular = 0 if cuts[0].dimension.cut.is_ordered else -most[row.bucket]
        return popular, first, second

    return sorted(rows, key=order)
