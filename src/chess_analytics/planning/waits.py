"""How long users wait, in percentiles."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from chess_analytics.planning.simulation import Outcome

_PERCENTS = 100


@dataclass(frozen=True, slots=True)
class Waits:
    """Percentiles of some waits, in seconds; all 0 where there were none."""

    p50_s: float = 0.0
    p90_s: float = 0.0
    p95_s: float = 0.0
    p99_s: float = 0.0


def percentiles(seconds: Sequence[float]) -> Waits:
    """Give the percentiles, between two values where none stands there."""
    if not seconds:
        return Waits()
    if len(seconds) == 1:
        return Waits(*[seconds[0]] * 4)
    cuts = statistics.quantiles(seconds, n=_PERCENTS, method="inclusive")
    return Waits(cuts[49], cuts[89], cuts[94], cuts[98])


def of_batches(outcome: Outcome) -> Waits:
    """From a batch's creation to its completion."""
    return percentiles([it.wait_s for it in outcome.waited if not it.asked.is_single])


def of_singles(outcome: Outcome) -> Waits:
    """From asking for a single game to its analysis."""
    return percentiles([it.wait_s for it in outcome.waited if it.asked.is_single])
