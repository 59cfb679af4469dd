"""How long the games took, in months, so that what they cost can be told for one."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from chess_analytics.insights.measured import Rows

_MONTH_MS = 365.25 / 12 * 86_400_000


def months(played: Sequence[int]) -> float:
    """Tell the time between the first and the last game; one month at least, even for a day."""
    return max(1.0, (max(played) - min(played)) / _MONTH_MS) if played else 1.0


def played_ms(games: pl.DataFrame, rows: Rows) -> list[int]:
    """Give the moments at which some games began, as far as they are known, in order."""
    return sorted(games["played_ms"][np.unique(rows)].drop_nulls().to_list())
