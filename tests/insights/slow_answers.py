"""Answers worked out game by game and move by move."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from chess_analytics.insights.question import Question
from tests.insights import slow_dimensions, slow_metrics
from tests.insights.slow_games import SlowGame
from tests.insights.slow_metrics import Value

Key = tuple[str | None, str | None, str | None]
"""First bucket, second bucket, part."""
SHARES = ("loss_shares", "piece_shares", "results", "terminations")
_RATES = ("conversion", "resourcefulness", "score", "awareness", "luck", "comeback")


@dataclass
class SlowRow:
    """A number of an answer, with its sums by game."""

    hits: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    counts: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def value(self) -> float:
        return sum(self.hits.values()) / sum(self.counts.values())

    @property
    def games(self) -> int:
        return len(self.counts)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def error(self) -> float | None:
        """The standard error, from how the games differ."""
        if self.games < 2:
            return None
        ratio = self.value
        spread = sum((self.hits[g] - ratio * self.counts[g]) ** 2 for g in self.counts)
        return math.sqrt(spread * self.games / (self.games - 1)) / self.rows


def slow_answer(games: Sequence[SlowGame], question: Question) -> dict[Key, SlowRow]:
    """Answer a question; the rows of all buckets together are those without buckets."""
    found: dict[Key, SlowRow] = defaultdict(SlowRow)
    parts: list[str] | list[None] = _parts(games, question) if question.metric in SHARES else [None]
    for number, game in enumerate(games):
        if not _passes_time(game, question):
            continue
        for cells, value in _values(game, question):
            for part in parts:
                hit = float(value == part) if part is not None else float(value or 0)
                for first, second in cells:
                    row = found[first, second, part]
                    row.hits[number] += hit
                    row.counts[number] += 1
    scale = 100 if is_rate(question.metric) else 1
    for row in found.values():
        row.hits = {game: scale * hit for game, hit in row.hits.items()}
    return dict(found)


def is_rate(metric: str) -> bool:
    """Tell whether a metric is told in percent of what counts."""
    return metric.endswith("_rate") or metric in (*SHARES, *_RATES)


def _parts(games: Sequence[SlowGame], question: Question) -> list[str]:
    """List the parts of shares that there are."""
    values = {value for game in games for _, value in _values(game, question)}
    return [value for value in values if isinstance(value, str)]


_Cell = tuple[str | None, str | None]


def _values(game: SlowGame, question: Question) -> list[tuple[set[_Cell], Value]]:
    """List what counts in a game: the cells of the answer that it belongs to, and its value."""
    if question.metric in slow_metrics.MOVES:
        metric = slow_metrics.MOVES[question.metric]
        chosen = [(number, metric(move)) for number, move in enumerate(game.moves)]
        return [
            (_cells(game, question, [number]), value)
            for number, value in chosen
            if value is not None and _passes(game, question, number)
        ]
    value = slow_metrics.GAMES[question.metric](game)
    if value is None:
        return []
    passing = [number for number in range(len(game.moves)) if _passes(game, question, number)]
    of_moves = [name for name in _filtered(question) if name in slow_dimensions.MOVES]
    if of_moves and not passing:
        return []
    if not of_moves and not _passes(game, question, None):
        return []
    cells = _cells(game, question, passing)
    if _is_of_moves(question.by) or _is_of_moves(question.then):
        # What nobody moved in is in no bucket, and not among all either.
        return [(cells, value)] if passing else []
    return [(cells, value)]


def _filtered(question: Question) -> list[str]:
    return [each.dimension for each in question.filters]


def _is_of_moves(name: str | None) -> bool:
    return name in slow_dimensions.MOVES


def _cells(game: SlowGame, question: Question, moves: Sequence[int]) -> set[_Cell]:
    numbers: Sequence[int | None] = moves or [None]
    found: set[_Cell] = {(None, None)}
    for number in numbers:
        first = _bucket(game, question, question.by, number)
        second = _bucket(game, question, question.then, number)
        if question.by and first is not None and (second is not None or question.then is None):
            found.add((first, second))
    return found


def _bucket(game: SlowGame, question: Question, name: str | None, number: int | None) -> str | None:
    if name is None:
        return None
    place = (name, question.zone, number if name in slow_dimensions.MOVES else None)
    if place not in game.buckets:
        game.buckets[place] = _told(game, name, question.zone, number)
    return game.buckets[place]


def _told(game: SlowGame, name: str, zone: str, number: int | None) -> str | None:
    if name in slow_dimensions.GAMES:
        bucket = slow_dimensions.GAMES[name](game, zone)
    else:
        bucket = None if number is None else slow_dimensions.MOVES[name](game.moves[number])
    return None if bucket is None else str(bucket)


def _passes(game: SlowGame, question: Question, number: int | None) -> bool:
    return all(
        _bucket(game, question, each.dimension, number) in each.buckets for each in question.filters
    )


def _passes_time(game: SlowGame, question: Question) -> bool:
    at = game.library.played_ms
    if question.since_ms is None and question.until_ms is None:
        return True
    if at is None:
        return False
    return (question.since_ms is None or at >= question.since_ms) and (
        question.until_ms is None or at < question.until_ms
    )
