"""The simulated queue against what is known of queues, and against what a server promises."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.planning.demand import DAY_S, HOUR_S, Asked, Demand, make_up
from chess_analytics.planning.scaling import Fixed, Scaling
from chess_analytics.planning.simulation import simulate


def _erlang_c(slots: int, busy: float) -> float:
    """Give the chance that who comes finds all slots at work (M/M/c)."""
    offered = slots * busy
    waiting = offered**slots / math.factorial(slots) / (1 - busy)
    return waiting / (sum(offered**k / math.factorial(k) for k in range(slots)) + waiting)


@pytest.mark.parametrize(("slots", "busy"), [(1, 0.5), (4, 0.7), (8, 0.8)])
def test_single_games_wait_as_long_as_the_formula_for_such_queues_says(
    slots: int, busy: float
) -> None:
    chance, mean_s, at_s = random.Random(7), 10.0, 0.0
    asked = []
    for user_id in range(6_000):
        at_s += chance.expovariate(slots * busy / mean_s)
        took = (chance.expovariate(1 / mean_s),)
        asked.append(Asked(at_s, user_id % 20, took, is_single=True))
    outcome = simulate(asked, Fixed(slots))
    waited = [it.begun_s - it.asked.at_s for it in outcome.waited]
    expected_s = _erlang_c(slots, busy) * mean_s / (slots * (1 - busy))
    assert sum(waited) / len(waited) == pytest.approx(expected_s, rel=0.15)


def test_a_few_games_do_not_wait_for_an_archive() -> None:
    archive = Asked(0.0, 1, (10.0,) * 1_000)
    few = Asked(100.0, 2, (10.0,) * 10)
    outcome = simulate([archive, few], Fixed(2))
    waits = {it.asked.user_id: it.wait_s for it in outcome.waited}
    # Half of two slots are theirs.
    assert waits[2] <= 10 * 10 + 2 * 10
    assert waits[1] == pytest.approx((1_000 + 10) * 10 / 2, abs=10)


def test_a_single_game_goes_before_every_batch() -> None:
    archive = Asked(0.0, 1, (10.0,) * 100)
    single = Asked(95.0, 2, (10.0,), is_single=True)
    outcome = simulate([archive, single], Fixed(1))
    assert outcome.waited[0].asked is single
    assert outcome.waited[0].wait_s == pytest.approx(5 + 10)


def test_a_users_second_batch_waits_for_the_first() -> None:
    first, second = Asked(0.0, 1, (10.0,)), Asked(1.0, 1, (10.0,))
    outcome = simulate([first, second], Fixed(5))
    assert [it.wait_s for it in outcome.waited] == [10.0, 19.0]
    assert outcome.most_at_work == 1


_JOBS = st.lists(
    st.builds(
        Asked,
        st.floats(0, 1_000),
        st.integers(1, 4),
        st.lists(st.floats(0.1, 50), min_size=1, max_size=6).map(tuple),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
).map(lambda jobs: sorted(jobs, key=lambda job: job.at_s))
_SCALINGS = st.one_of(
    st.integers(1, 5).map(Fixed),
    st.builds(Scaling, st.integers(1, 2), st.integers(3, 8), st.floats(5, 100)),
)


@given(_JOBS, _SCALINGS)
def test_every_job_ends_and_no_slot_does_two_games_at_once(
    asked: list[Asked], scaling: Scaling | Fixed
) -> None:
    outcome = simulate(asked, scaling)
    assert len(outcome.waited) == len(asked)
    assert {id(it.asked) for it in outcome.waited} == {id(job) for job in asked}
    work_s = sum(sum(job.seconds) for job in asked)
    assert outcome.busy_slot_s == pytest.approx(work_s)
    assert outcome.busy_slot_s <= outcome.paid_slot_s + 1e-6
    assert all(it.wait_s >= max(it.asked.seconds) - 1e-6 for it in outcome.waited)


def test_slots_follow_the_backlog_and_go_again() -> None:
    scaling = Scaling(least=1, most=20, drain_s=60, slots_a_worker=4)
    outcome = simulate([Asked(0.0, 1, (10.0,) * 200), Asked(5_000.0, 1, (10.0,))], scaling)
    assert outcome.most_slots == 20
    archive = outcome.waited[0]
    assert archive.wait_s < 200 * 10 / 4
    # They are paid for while there is work, and a while longer.
    assert outcome.paid_slot_s < 20 * (archive.ended_s + 600) + 5_000


def test_made_up_jobs_are_as_many_as_asked_for_and_most_come_in_the_evening() -> None:
    demand = Demand(users=1_000, games_a_user_week=10, jobs_a_user_week=2, peak=3)
    asked = make_up(demand, days=14, service_s=(5.0,), seed=2)
    batches = [job for job in asked if not job.is_single]
    assert len(batches) == pytest.approx(1_000 * 2 * 2, rel=0.05)
    assert sum(len(job.seconds) for job in batches) == pytest.approx(1_000 * 10 * 2, rel=0.05)
    evening = [job for job in asked if job.at_s % DAY_S >= 20 * HOUR_S]
    assert len(evening) / len(asked) == pytest.approx(0.5, abs=0.03)
    assert asked == sorted(asked, key=lambda job: job.at_s)
