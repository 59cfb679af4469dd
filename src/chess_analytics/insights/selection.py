"""Which games and moves a question is about, and into which buckets they fall."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from chess_analytics.insights.buckets import Cut
from chess_analytics.insights.dimension import Dimension, Level
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.frames import Buckets, Codes, Facts
from chess_analytics.insights.metric import Metric
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import Filter, Question, QuestionRefused

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
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
    filtered = [_dimension(each.dimension) for each in question.filters]
    tables = _Tables(facts, question)
    coded = tables.code((*dimensions, *filtered))
    passing = [(coded[each.dimension], each) for each in question.filters]
    of_games = [_pass(*each) for each in passing if each[0].dimension.level is Level.GAMES]
    of_moves = [_pass(*each) for each in passing if each[0].dimension.level is Level.MOVES]
    return Selection(
        metric=metric,
        value=tables.value(metric),
        cuts=tuple(coded[name] for name in names),
        games=np.logical_and.reduce([tables.in_time(), *of_games]),
        moves=np.logical_and.reduce(of_moves) if of_moves else None,
        game_of_move=facts.game_of_own_move,
    )


def code(facts: Facts, question: Question, names: Iterable[str]) -> Mapping[str, Coded]:
    """Put games and moves into the buckets of dimensions, whichever of them a question is about.

    Raises:
        QuestionRefused: a dimension, or the question's time zone, does not exist.
    """
    return _Tables(facts, question).code([_dimension(name) for name in names])


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
        value = metric.value.cast(pl.Float64).fill_null(np.nan)
        return self._columns(metric.level, {metric.key: value})[metric.key].to_numpy()

    def code(self, dimensions: Iterable[Dimension]) -> Mapping[str, Coded]:
        """Give the bucket of each game or move; what may be asked again is kept."""
        wanted = {each.key: each for each in dimensions}
        lasting = [key for key, each in wanted.items() if self._is_lasting(each)]
        kept, zone = self._facts.buckets, self._zone
        found = {key: kept[key, zone] for key in lasting if (key, zone) in kept}
        for level in Level:
            lacking = {
                key: each.cut
                for key, each in wanted.items()
                if each.level is level and key not in found
            }
            found |= self._work_out(level, lacking)
        kept.update({(key, zone): found[key] for key in lasting})
        return {key: Coded(each, *found[key]) for key, each in wanted.items()}

    def _is_lasting(self, dimension: Dimension) -> bool:
        """Tell whether the buckets are the same whatever time is asked about."""
        return (
            self._is_whole
            or dimension.level is Level.MOVES
            or "played_ms" not in dimension.cut.expression(self._zone).meta.root_names()
        )

    def _work_out(self, level: Level, cuts: Mapping[str, Cut]) -> dict[str, Buckets]:
        """Put games, or moves, into buckets in several ways at once.

        With few games a call of Polars costs more than the work that it does.
        """
        if not cuts:
            return {}
        try:
            found = self._columns(level, {key: _code(cut, self._zone) for key, cut in cuts.items()})
        except pl.exceptions.ComputeError as error:
            raise QuestionRefused(
                f"there is no time zone {self._zone!r}; zones are named like Europe/Vienna"
            ) from error
        return {
            key: (cut.labels, found[key].to_numpy()) if cut.labels else _number(found[key])
            for key, cut in cuts.items()
        }

    def _columns(self, level: Level, expressions: Mapping[str, pl.Expr]) -> pl.DataFrame:
        """Work out something of each game, or of each of the player's moves."""
        table = self._games
        if level is Level.MOVES:
            names = (name for each in expressions.values() for name in each.meta.root_names())
            table = self._facts.own(*dict.fromkeys(names))
        return table.select(**expressions)


@functools.lru_cache(maxsize=512)
def _code(cut: Cut, zone: str) -> pl.Expr:
    """Give the code of each row; texts where the rows decide which buckets there are."""
    expression = cut.expression(zone)
    return _stored(expression, len(cut.labels)) if cut.labels else expression


def _number(texts: pl.Series) -> Buckets:
    """Give the texts that there are, in order, and of each row the place of its text."""
    labels = tuple(sorted(label for label in texts.unique().to_list() if label is not None))
    code = pl.col("text").cast(pl.Enum(labels)).to_physical()
    found = texts.alias("text").to_frame().select(_stored(code, len(labels)))
    return labels, found["text"].to_numpy()


def _stored(code: pl.Expr, labels: int) -> pl.Expr:
    return code.cast(pl.Int16 if labels < _SMALL else pl.Int32).fill_null(_NOWHERE)


def _pass(coded: Coded, wanted: Filter) -> Truths:
    """Tell which games or moves fall into one of the buckets that are wanted."""
    unknown = set(wanted.buckets) - set(coded.labels)
    if unknown and coded.dimension.cut.labels:
        raise QuestionRefused(
            f"the dimension {coded.dimension.key} has no bucket {min(unknown)!r}", coded.labels
        )
    codes = [code for code, label in enumerate(coded.labels) if label in wanted.buckets]
    return np.isin(coded.codes, codes)


def _dimension(name: str) -> Dimension:
    dimension = DIMENSIONS.get(name)
    if dimension is None:
        raise QuestionRefused(f"there is no dimension {name!r}", DIMENSIONS)
    return dimension
