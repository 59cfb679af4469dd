"""Which games and moves a question is about, and into which buckets they fall."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from chess_analytics.insights.dimension import Dimension, Level
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.metric import Metric
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import Filter, Question, QuestionRefused

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int16 | np.int32]
Truths = npt.NDArray[np.bool_]

_NOWHERE = -1
_SMALL = 32_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A dimension, and the bucket of each game or move; -1 where it falls into none."""

    dimension: Dimension
    labels: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True, slots=True)
class Selection:
    """All that a question is about, as arrays: over games, and over the player's moves."""

    metric: Metric
    value: Floats
    """Of the metric's games or moves; not a number for what does not count."""
    cuts: tuple[Coded, ...]
    games: Truths
    """Which games pass the filters."""
    moves: Truths | None
    """Which moves pass the filters of moves; absent where there are none."""
    game_of_move: Rows
    """The row of each move's game."""


def select(facts: Facts, question: Question) -> Selection:
    """Look up what a question names, and put games and moves into buckets.

    Raises:
        QuestionRefused: it names something that does not exist.
    """
    metric = METRICS.get(question.metric)
    if metric is None:
        raise QuestionRefused(f"there is no metric {question.metric!r}", METRICS)
    names = [name for name in (question.by, question.then) if name is not None]
    dimensions = [_dimension(name) for name in names]
    filters = [(_dimension(each.dimension), each) for each in question.filters]
    tables = _Tables(facts, question)
    passing = [(dimension.level, tables.passes(dimension, each)) for dimension, each in filters]
    of_games = [truth for level, truth in passing if level is Level.GAMES]
    of_moves = [truth for level, truth in passing if level is Level.MOVES]
    return Selection(
        metric=metric,
        value=tables.value(metric),
        cuts=tuple(tables.code(dimension) for dimension in dimensions),
        games=np.logical_and.reduce([tables.in_time(), *of_games]),
        moves=np.logical_and.reduce(of_moves) if of_moves else None,
        game_of_move=facts.game_of_own_move,
    )


class _Tables:
    """The tables of facts as one question sees them."""

    def __init__(self, facts: Facts, question: Question) -> None:
        self._facts = facts
        self._zone = question.zone
        self._games = facts.games
        self._is_whole = question.since_ms is None and question.until_ms is None
        if not self._is_whole:
            began = pl.col("played_ms")
            since, until = question.since_ms, question.until_ms
            within = pl.lit(value=True)
            within = within if since is None else within & (began >= since)
            within = within if until is None else within & (began < until)
            # What is relative to the newest or to all games is relative to those asked about.
            self._games = self._games.with_columns(played_ms=pl.when(within).then(began))

    def in_time(self) -> Truths:
        if self._is_whole:
            return np.ones(len(self._games), dtype=np.bool_)
        return self._games["played_ms"].is_not_null().to_numpy()

    def value(self, metric: Metric) -> Floats:
        value = metric.value.cast(pl.Float64)
        return self._column(metric.level, value).fill_null(np.nan).to_numpy()

    def code(self, dimension: Dimension) -> Coded:
        """Give the bucket of each game or move; what may be asked again is kept."""
        if not self._is_whole and dimension.level is Level.GAMES:
            labels, codes = self._code(dimension)
        else:
            kept, name = self._facts.buckets, f"{dimension.key} {self._zone}"
            labels, codes = kept.get(name) or kept.setdefault(name, self._code(dimension))
        return Coded(dimension, labels, codes)

    def passes(self, dimension: Dimension, wanted: Filter) -> Truths:
        """Tell which games or moves fall into one of the buckets that are wanted."""
        coded = self.code(dimension)
        unknown = set(wanted.buckets) - set(coded.labels)
        if unknown and dimension.cut.labels:
            raise QuestionRefused(
                f"the dimension {dimension.key} has no bucket {min(unknown)!r}", coded.labels
            )
        codes = [code for code, label in enumerate(coded.labels) if label in wanted.buckets]
        return np.isin(coded.codes, codes)

    def _code(self, dimension: Dimension) -> tuple[tuple[str, ...], Codes]:
        try:
            found = self._column(dimension.level, dimension.cut.expression(self._zone))
        except pl.exceptions.ComputeError as error:
            raise QuestionRefused(
                f"there is no time zone {self._zone!r}; zones are named like Europe/Vienna"
            ) from error
        labels = dimension.cut.labels
        if found.dtype == pl.String:
            labels = tuple(found.drop_nulls().unique().sort().to_list())
            found = found.cast(pl.Enum(labels)).to_physical()
        small = pl.Int16 if len(labels) < _SMALL else pl.Int32
        return labels, found.cast(small).fill_null(_NOWHERE).to_numpy()

    def _column(self, level: Level, expression: pl.Expr) -> pl.Series:
        """Work out something of each game, or of each of the player's moves."""
        table = self._games
        if level is Level.MOVES:
            table = self._facts.own(*dict.fromkeys(expression.meta.root_names()))
        return table.select(expression.alias("found"))["found"]


def _dimension(name: str) -> Dimension:
    dimension = DIMENSIONS.get(name)
    if dimension is None:
        raise QuestionRefused(f"there is no dimension {name!r}", DIMENSIONS)
    return dimension
