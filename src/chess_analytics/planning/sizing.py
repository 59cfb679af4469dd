"""The fewest slots that keep a promise: so many simulations, each with the same jobs."""

import math
import statistics
from dataclasses import dataclass

from chess_analytics.planning.demand import DAY_S, Asked, Demand, make_up
from chess_analytics.planning.scaling import Fixed, Scaling
from chess_analytics.planning.simulation import Outcome, simulate
from chess_analytics.planning.waits import Waits, of_batches, of_singles

OVERHEAD_S = 0.01
"""What a game costs its slot beside the engine: claim, saving, facts. A slot on PostgreSQL does 94
games a second that need no engine (bench/results, `tasks_per_s_of_one_slot`)."""

_ENOUGH_JOBS = 800
_MOST_GAMES = 20_000
"""Of so many games a simulation takes about a second; of more, a part of the users is simulated."""
_FEWEST_DAYS = 2


@dataclass(frozen=True, slots=True)
class Workload:
    """What is asked for, and what it takes."""

    demand: Demand
    service_s: tuple[float, ...]
    """What games take one engine: each as likely as the others."""
    target_s: float
    """95 of 100 batches shall be done after so long."""
    seed: int = 1

    @property
    def mean_s(self) -> float:
        """What a game takes a slot, on average."""
        return statistics.fmean(self.service_s) + OVERHEAD_S

    @property
    def mean_slots(self) -> float:
        """How many slots are at work on average, whatever their number."""
        return self.demand.games_a_day * self.mean_s / DAY_S


@dataclass(frozen=True, slots=True)
class Shown:
    """What a number of slots comes to, for all users."""

    slots: int
    """The most there were at once."""
    mean_slots: float
    """Those that were there on average, at work or not."""
    busy: float
    """The part of them that was at work, 0 to 1."""
    batches: Waits
    singles: Waits
    places: int
    """Batch jobs that were at work at once, at most."""
    parts: int
    """So many equal parts of the users there are, of which one was simulated."""

    def keeps(self, target_s: float) -> bool:
        return self.batches.p95_s <= target_s


class Rehearsal:
    """The jobs of some days, the same for every number of slots that is tried."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        days, self.parts = _extent(workload.demand)
        self._asked: list[Asked] = make_up(
            workload.demand.part(self.parts), days, workload.service_s, workload.seed
        )

    def fixed(self, slots: int) -> Shown:
        """Try a number of slots for all users; each part of them has its share of these."""
        mine = max(1, round(slots / self.parts))
        return self._shown(simulate(self._asked, Fixed(mine), overhead_s=OVERHEAD_S))

    def scaled(self, scaling: Scaling) -> Shown:
        """Try slots that follow the backlog; the numbers are those of one part."""
        return self._shown(simulate(self._asked, scaling, overhead_s=OVERHEAD_S))

    def fewest(self) -> Shown:
        """Find the fewest slots that keep the target: more never make anybody wait longer.

        Where no number keeps it, they are those that just bear the load.
        """
        target_s = self.workload.target_s
        low = max(1, math.ceil(self.workload.mean_slots / self.parts))
        high, best = low, self.fixed(low * self.parts)
        if not self.fixed(_most_of_use(self._asked) * self.parts).keeps(target_s):
            return best
        while not best.keeps(target_s):
            low, high = high + 1, high * 2
            best = self.fixed(high * self.parts)
        while low < high:
            middle = (low + high) // 2
            tried = self.fixed(middle * self.parts)
            if tried.keeps(target_s):
                high, best = middle, tried
            else:
                low = middle + 1
        return best

    def _shown(self, outcome: Outcome) -> Shown:
        return Shown(
            slots=outcome.most_slots * self.parts,
            mean_slots=outcome.paid_slot_s / max(outcome.over_s, 1.0) * self.parts,
            busy=outcome.busy_slot_s / max(outcome.paid_slot_s, 1.0),
            batches=of_batches(outcome),
            singles=of_singles(outcome),
            places=outcome.most_at_work * self.parts,
            parts=self.parts,
        )


def _extent(demand: Demand) -> tuple[int, int]:
    """Say how many days are simulated, and of which part of the users."""
    jobs_a_day = demand.users * demand.jobs_a_user_week / 7
    days = max(_FEWEST_DAYS, math.ceil(_ENOUGH_JOBS / jobs_a_day))
    games = demand.games_a_day
    affordable = math.floor(_MOST_GAMES / games)
    if affordable >= _FEWEST_DAYS:
        return min(days, affordable), 1
    return _FEWEST_DAYS, math.ceil(games * _FEWEST_DAYS / _MOST_GAMES)


def _most_of_use(asked: list[Asked]) -> int:
    """With a slot for every game of all jobs nobody waits for anybody."""
    return sum(len(job.seconds) for job in asked)
