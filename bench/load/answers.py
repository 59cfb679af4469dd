"""What people were answered under load, and how soon: by route, and against what was promised."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

GOAL_CHEAP_P99_MS = 100
CHEAP = frozenset(
    {
        "GET /about",
        "GET /me",
        "GET /players",
        "GET /games",
        "GET /games/{id}",
        "GET /analysis-jobs",
        "GET /analysis-jobs/{id}",
        "GET /imports",
        "GET /imports/{id}",
    }
)
"""Reads that look up some rows; a page needs several of them before it shows anything."""
NONE = 0
"""Instead of a status: no answer came."""
_FAULT = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to somebody."""

    route: str
    """The method, and the template of the address."""
    status: int
    at_s: float
    """When it was asked for, on the driver's clock."""
    seconds: float
    retry_after: str | None = None


def report(answers: Sequence[Answer], *, since_s: float) -> dict[str, Any]:
    """Sum up: times of what was asked since then, faults and refusals of all."""
    timed = [it for it in answers if it.at_s >= since_s]
    by_route = defaultdict(list)
    for it in timed:
        by_route[it.route].append(it)
    cheap = [it.seconds for it in timed if it.route in CHEAP]
    return {
        "goal_cheap_p99_ms": GOAL_CHEAP_P99_MS,
        "cheap_reads": spread(cheap),
        "error_budget": error_budget(answers),
        "routes": {
            route: {**spread(it.seconds for it in of_route), "statuses": _statuses(of_route)}
            for route, of_route in sorted(by_route.items())
        },
    }


def error_budget(answers: Sequence[Answer]) -> dict[str, Any]:
    """Count what was not answered as it should be, and what was refused as it should be."""
    refused = [it for it in answers if it.status == HTTPStatus.TOO_MANY_REQUESTS]
    faults = [it for it in answers if it.status >= _FAULT]
    lost = [it for it in answers if it.status == NONE]
    return {
        "requests": len(answers),
        "share_5xx": _share(faults, answers),
        "share_without_answer": _share(lost, answers),
        "share_429": _share(refused, answers),
        "share_of_429_with_retry_after": _share([it for it in refused if it.retry_after], refused),
    }


def spread(seconds: Iterable[float]) -> dict[str, float]:
    """Tell how times are spread, in milliseconds; of none there is only their count."""
    in_order = sorted(1000 * it for it in seconds)
    if not in_order:
        return {"count": 0}
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99, "most_ms": 1.0}
    found = {
        name: round(in_order[math.ceil(share * len(in_order)) - 1], 1)
        for name, share in shares.items()
    }
    return {"count": len(in_order), **found}


def _share(some: Sequence[Answer], of_all: Sequence[Answer]) -> float | None:
    return round(len(some) / len(of_all), 5) if of_all else None


def _statuses(answers: Iterable[Answer]) -> dict[str, int]:
    counted = Counter(it.status for it in answers)
    return {str(status): count for status, count in sorted(counted.items())}
