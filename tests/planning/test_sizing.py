"""How many slots a promise takes, and which phase keeps it."""

from dataclasses import replace

import pytest

from chess_analytics.planning.demand import Demand
from chess_analytics.planning.phases import Plan, plan
from chess_analytics.planning.prices import Prices
from chess_analytics.planning.sizing import Rehearsal, Workload

PRICES = Prices(
    date="2026-11-01", currency="EUR", core=20, memory_gb=2, storage_gb=0.1, redis=10, cluster=70
)


def _workload(users: int, *, target_s: float = 3_600, seconds: float = 60) -> Workload:
    return Workload(Demand(users, games_a_user_week=10), (seconds,), target_s)


def test_the_fewest_slots_keep_the_target_and_fewer_do_not() -> None:
    workload = _workload(2_000, target_s=1_200)
    rehearsal = Rehearsal(workload)
    found = rehearsal.fewest()
    assert found.keeps(1_200)
    assert found.slots > 2
    assert not rehearsal.fixed(found.slots - 1).keeps(1_200)


def test_a_part_of_many_users_tells_of_all() -> None:
    few = Rehearsal(_workload(3_000)).fewest()
    many = Rehearsal(_workload(300_000)).fewest()
    assert few.parts == 1
    assert many.parts > 1
    assert many.slots == pytest.approx(100 * few.slots, rel=0.35)


def test_with_more_users_the_next_phase_fits() -> None:
    def fitting(users: int) -> int | None:
        choice = plan(_workload(users), server_cores=8).choice
        return choice.number if choice else None

    assert [fitting(users) for users in (5, 4_000, 1_000_000)] == [1, 2, None]


def test_a_phase_says_how_many_users_it_bears_and_does() -> None:
    one = plan(_workload(500), server_cores=8).phases[0]
    assert one.fits
    bears = one.users_at_most
    assert bears > 500
    assert plan(_workload(int(bears * 0.8)), server_cores=8).phases[0].fits
    assert not plan(_workload(int(bears * 1.3)), server_cores=8).phases[0].fits


def test_what_cannot_be_kept_is_said() -> None:
    made = plan(_workload(10, target_s=10), server_cores=8)
    assert not any(phase.keeps_target or phase.fits for phase in made.phases)


def test_cost_follows_the_prices() -> None:
    def month(made: Plan, number: int) -> float:
        found = made.phases[number - 1].month
        assert found is not None
        return found

    made = plan(_workload(50), 8, PRICES)
    dearer = plan(_workload(50), 8, replace(PRICES, core=40))
    assert month(dearer, 1) - month(made, 1) == pytest.approx(made.phases[0].cores * 20)
    assert made.a_million_games == pytest.approx(1e6 * 60.01 * 20 / (730 * 3600))
