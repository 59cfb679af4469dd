"""How values fall into buckets: each way gives the buckets' labels, and a code for every row."""

import functools
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from chess_analytics.insights.columns import Column


@dataclass(frozen=True, slots=True)
class Cut:
    """Puts rows into buckets: the code of a row is the place of its bucket among the labels."""

    labels: tuple[str, ...]
    """Empty where the rows decide which buckets there are: then the expression gives texts."""
    expression: Callable[[str], pl.Expr]
    """Gives codes, or texts, for a time zone; null for what falls into no bucket. What depends on
    no zone is built once: that takes longer than working it out for a few games."""
    is_ordered: bool = True
    """The buckets have a natural order; else the one with most games comes first."""


def by_word(column: Column) -> Cut:
    """Cut by the words of a column."""
    return _anywhere(column.words, pl.col(column.name).to_physical())


def by_flag(flag: pl.Expr, yes: str, no: str) -> Cut:
    """Cut into what is so and what is not."""
    return _anywhere((yes, no), pl.when(flag).then(0).when(~flag).then(1))


def by_word_or(column: Column, otherwise: str, known: pl.Expr) -> Cut:
    """Cut by the words of a column, and into what has none of them though it is known."""
    code = pl.col(column.name).to_physical()
    rest = pl.when(known).then(len(column.words))
    return _anywhere((*column.words, otherwise), pl.coalesce(code, rest))


def by_steps(value: pl.Expr, bounds: Sequence[float], labels: Sequence[str]) -> Cut:
    """Cut numbers: a bucket holds what is below its bound, and not below the one before."""
    if len(labels) != len(bounds) + 1:
        raise ValueError(f"{len(bounds)} bounds make {len(bounds) + 1} buckets")
    return _anywhere(labels, _count(value >= bound for bound in bounds))


def by_steps_up_to(value: pl.Expr, bounds: Sequence[float], labels: Sequence[str]) -> Cut:
    """Cut numbers: a bucket holds what is up to its bound, and above the one before."""
    if len(labels) != len(bounds) + 1:
        raise ValueError(f"{len(bounds)} bounds make {len(bounds) + 1} buckets")
    return _anywhere(labels, _count(value > bound for bound in bounds))


def by_place(expression: Callable[[str], pl.Expr], labels: Sequence[str]) -> Cut:
    """Cut by codes that somebody else works out."""
    return Cut(tuple(labels), expression)


def by_text(value: pl.Expr) -> Cut:
    """Cut by whatever texts there are, those with most games first."""
    return Cut((), lambda _: value, is_ordered=False)


def by_sorted_text(expression: Callable[[str], pl.Expr]) -> Cut:
    """Cut by whatever texts there are, in the order of their letters and digits."""
    return Cut((), expression)


def _anywhere(labels: Sequence[str], code: pl.Expr) -> Cut:
    return Cut(tuple(labels), lambda _: code)


def _count(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Count which conditions hold; null where they cannot be told."""
    first, *rest = (condition.cast(pl.UInt8) for condition in conditions)
    return functools.reduce(operator.add, rest, first)
