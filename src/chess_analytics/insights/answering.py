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
from chess_analytics.insights.metric import Kind
from chess_analytics.insights.per_game import PerGame, sum_games
from chess_analytics.insights.question import Answer, AnswerRow, Question
from chess_analytics.insights.selection import Coded, Floats, Rows, Selection, select

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
    found: list[AnswerRow] = []
    for column in range(per_game.ys.shape[1]):
        used, sums = _sum_cells(cells[counts], per_game.x[counts], per_game.ys[counts, column])
        part = metric.parts[column] if metric.kind is Kind.SHARES else None
        found += _answer_rows(selection, cuts, part, used=used, sums=sums)
    return _ordered(found, cuts)


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


def _sum_cells(cells: Rows, x: Floats, y: Floats) -> tuple[Rows, Sums]:
    """Sum over the games of each cell; give the cells in which there are any."""
    games = np.bincount(cells, minlength=1)
    used = np.flatnonzero(games)
    xs, ys, xx, xy, yy = (
        np.bincount(cells, each, minlength=1)[used].astype(np.float64)
        for each in (x, y, x * x, x * y, y * y)
    )
    return used, Sums(games=games[used].astype(np.float64), x=xs, y=ys, xx=xx, xy=xy, yy=yy)


def _answer_rows(
    selection: Selection, cuts: Sequence[Coded], part: str | None, *, used: Rows, sums: Sums
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
