"""How long an engine may take."""

import pytest

from chess_analytics.engine.watchdog import Countdown, Patience, Speed


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def countdown(clock: Clock, *, total_s: float, silence_s: float) -> Countdown:
    return Countdown(total_s=total_s, silence_s=silence_s, clock=clock)


def test_a_countdown_expires_after_its_time_even_while_the_engine_talks() -> None:
    clock = Clock()
    left = countdown(clock, total_s=2.0, silence_s=1.0)
    for _ in range(20):
        assert not left.has_expired
        clock.now_s += 0.1
        left.look(heard=True)
    clock.now_s += 0.1
    left.look(heard=True)
    assert left.has_expired
    assert left.why == "it was not done after 2 s"


def test_silence_ends_it_sooner_and_a_line_begins_it_anew() -> None:
    clock = Clock()
    left = countdown(clock, total_s=100.0, silence_s=1.0)
    for heard in (False, True, False):
        clock.now_s += 0.4
        left.look(heard=heard)
    assert not left.has_expired
    clock.now_s += 0.4
    left.look(heard=False)
    clock.now_s += 0.4
    left.look(heard=False)
    assert left.has_expired
    assert left.why == "it said nothing for 1 s"


def test_an_hour_in_which_we_were_frozen_does_not_count() -> None:
    clock = Clock()
    left = countdown(clock, total_s=10.0, silence_s=10.0)
    clock.now_s += 3600.0
    left.look(heard=False)
    assert not left.has_expired
    assert left.slice_s == pytest.approx(0.5)


def test_an_engine_that_was_not_let_run_is_forgiven_until_it_has_had_its_time() -> None:
    clock = Clock()
    left = countdown(clock, total_s=0.4, silence_s=0.4)
    for cpu_s in (0.1, 0.3):
        clock.now_s += 0.4
        left.look(heard=False)
        assert left.has_expired
        assert left.forgive(cpu_s)
        assert not left.has_expired
    assert not left.forgive(0.4)


def test_an_engine_that_never_runs_is_not_forgiven_for_ever() -> None:
    left = countdown(Clock(), total_s=0.4, silence_s=0.4)
    assert sum(left.forgive(0.0) for _ in range(1000)) == 20


def test_no_wait_is_longer_than_what_is_left() -> None:
    left = countdown(Clock(), total_s=0.2, silence_s=10.0)
    assert left.slice_s == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("nodes", "nps", "seconds"),
    [(1_000, 800_000, 10.0), (1_000_000, 50_000, 80.0), (100_000_000, 1_000_000, 400.0)],
)
def test_a_deadline_grows_with_the_nodes_and_is_never_short(
    nodes: int, nps: float, seconds: float
) -> None:
    assert Patience().for_search(nodes, nps).why.startswith("it said nothing")
    assert Patience().for_search(nodes, nps)._total_s == pytest.approx(seconds)


def test_a_slower_engine_is_believed_at_once_and_a_faster_one_little_by_little() -> None:
    speed = Speed().after(1_000_000, 1.0)
    assert speed.nps == pytest.approx(1_000_000)
    slowed = speed.after(100_000, 1.0)
    assert slowed.nps == pytest.approx(100_000)
    assert slowed.after(1_000_000, 1.0).nps == pytest.approx(280_000)


def test_a_search_of_a_few_nodes_tells_no_speed() -> None:
    assert Speed().after(300, 0.5) == Speed(nodes=300, seconds=0.5, nps=0.0)
