"""What a metric is."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from chess_analytics.insights.dimension import Level

ALWAYS = pl.lit(value=True)


class Kind(StrEnum):
    """What a metric's value is, which decides its confidence interval."""

    MEAN = "mean"
    """An average, of numbers of any size."""
    RATE = "rate"
    """A share of what counts, in percent; each that counts has a value from 0 to 1."""
    SHARES = "shares"
    """How what counts is shared out among parts, in percent: a rate for each part."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something to measure over moves or games."""

    key: str
    name: str
    about: str
    unit: str
    level: Level
    kind: Kind
    value: pl.Expr
    """Of a move or a game; of shares, the code of the part. Null does not count."""
    parts: tuple[str, ...] = ()
    """Of shares: the parts, in order."""
    more_is: int = 0
    """1 where more is better for the player, -1 where less is, 0 where it is neither."""
