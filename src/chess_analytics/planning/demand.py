"""What users will ask for: jobs over some days, busier in the evening, made up from chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S
HOUR_S = 3_600.0
PEAK_HOURS = 4
"""Of each day, the last ones, in which more is asked for than in the others."""

_OTHER_HOURS = 24 - PEAK_HOURS


@dataclass(frozen=True, slots=True)
class Demand:
    """Who asks for how much."""

    users: int
    games_a_user_week: float
    jobs_a_user_week: float = 1.0
    """In so many batches a user's games come."""
    singles_a_user_week: float = 1.0
    """Single games besides, which somebody waits for."""
    peak: float = 3.0
    """How many times the mean is asked for in the peak hours, 1 to 6."""

    @property
    def games_a_day(self) -> float:
        return self.users * (self.games_a_user_week + self.singles_a_user_week) / 7

    def part(self, parts: int) -> "Demand":
        """Give the demand of one of so many equal parts of the users."""
        return Demand(
            round(self.users / parts),
            self.games_a_user_week,
            self.jobs_a_user_week,
            self.singles_a_user_week,
            self.peak,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A job that a user creates at a moment."""

    at_s: float
    user_id: int
    seconds: tuple[float, ...]
    """What each of its games takes one engine."""
    is_single: bool = False
    """Somebody waits for it: it goes before every batch."""


def make_up(demand: Demand, days: int, service_s: tuple[float, ...], seed: int) -> list[Asked]:
    """Make up the jobs of so many days, in the order of time; games take one of ``service_s``."""
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    size = demand.games_a_user_week / demand.jobs_a_user_week
    asked = [
        Asked(at_s, chance.randrange(demand.users), _games(chance, size, service_s))
        for at_s in _moments(chance, demand, demand.jobs_a_user_week, days)
    ]
    asked += [
        Asked(at_s, chance.randrange(demand.users), (chance.choice(service_s),), is_single=True)
        for at_s in _moments(chance, demand, demand.singles_a_user_week, days)
    ]
    return sorted(asked, key=lambda job: job.at_s)


def _games(chance: random.Random, size: float, service_s: tuple[float, ...]) -> tuple[float, ...]:
    """Give as many games as the mean says: the next whole number, or the one below it."""
    many = int(size) + (chance.random() < size % 1)
    return tuple(chance.choices(service_s, k=max(1, many)))


def _moments(
    chance: random.Random, demand: Demand, a_user_week: float, days: int
) -> Iterator[float]:
    """Draw moments that know nothing of each other, more of them in the peak hours."""
    mean_a_s = demand.users * a_user_week / WEEK_S
    if mean_a_s <= 0:
        return
    quiet = (24 - PEAK_HOURS * demand.peak) / _OTHER_HOURS
    busiest = max(demand.peak, quiet)
    at_s = 0.0
    while (at_s := at_s + chance.expovariate(mean_a_s * busiest)) < days * DAY_S:
        is_peak = at_s % DAY_S >= _OTHER_HOURS * HOUR_S
        if chance.random() * busiest < (demand.peak if is_peak else quiet):
            yield at_s
