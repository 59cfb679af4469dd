"""Runs and shared positions that one archive leaves behind for the next."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from chess_analytics.actions.analyse_game import Run, analyse_game, engine_key
from chess_analytics.actions.keep_runs import RunKeeper
from chess_analytics.engine.evaluation import EngineIdentity, Evaluation, Line, Score
from chess_analytics.engine.profile import Profile, uniform
from chess_analytics.games.model import Game
from chess_analytics.games.positions import shared_fens
from chess_analytics.store.evaluations import (
    count_evaluations,
    find_evaluations,
    save_evaluations,
)
from chess_analytics.store.kept_runs import count_kept_runs
from chess_analytics.store.session import Store
from tests.builders import game
from tests.fakes import FakeEngine

PROFILE = Profile("test", sweep_nodes=10, shared_nodes=100)
FIRST = game("1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6")
# After plies 4, 5 and 6 it stands as the first game does; it came there in another order.
SECOND = game("1. Nf3 Nc6 2. e4 e5 3. Bb5 a6 4. Bxc6 dxc6")
TODAY = 20_000


def _keeper(
    store: Store,
    profile: Profile = PROFILE,
    identity: EngineIdentity | None = None,
    today: int = TODAY,
) -> RunKeeper:
    return RunKeeper(store, identity or FakeEngine().identity, profile, today=today)


def _analyse(keeper: RunKeeper, line: Game, profile: Profile = PROFILE) -> tuple[Run, FakeEngine]:
    """Do with one game what an archive does with each."""
    engine = FakeEngine()
    assert keeper.find(line) is None
    run = analyse_game(line, engine, profile, shared=keeper.shared)
    keeper.save(line, run)
    return run, engine


def _counts(store: Store) -> tuple[int, int]:
    """Count the shared evaluations and the kept runs."""
    with store.reading() as connection:
        return count_evaluations(connection), count_kept_runs(connection)


def _of_use_today(store: Store, fens: Iterable[str]) -> dict[str, Evaluation]:
    key = engine_key(FakeEngine().identity)
    with store.writing() as connection:
        return find_evaluations(connection, list(fens), engine_key=key, nodes=100, today=TODAY)


def _shared_searches(engine: FakeEngine) -> list[str]:
    return [request.initial_fen for request in engine.asked if request.nodes == 100]


def test_a_kept_run_is_found_and_says_who_made_it(store: Store) -> None:
    run, _ = _analyse(_keeper(store), FIRST)
    assert _keeper(store).find(FIRST) == run
    assert (run.engine, run.profile) == ("Fake 1", "test")


def test_a_second_game_finds_what_the_first_left_behind(store: Store) -> None:
    _analyse(_keeper(store), FIRST)
    keeper = _keeper(store)
    run, engine = _analyse(keeper, SECOND)
    first, second = (set(shared_fens(line).values()) for line in (FIRST, SECOND))
    assert len(first & second) == 3
    assert (keeper.shared.hits, keeper.shared.misses) == (3, 5)
    assert keeper.shared.nodes_saved == 300
    assert sorted(_shared_searches(engine)) == sorted(second - first)
    assert run == replace(analyse_game(SECOND, FakeEngine(), PROFILE), seconds=run.seconds)


def test_within_one_archive_nothing_is_searched_twice(store: Store) -> None:
    keeper = _keeper(store)
    _analyse(keeper, FIRST)
    _, engine = _analyse(keeper, SECOND)
    assert len(_shared_searches(engine)) == 5
    assert _counts(store) == (8 + 5, 2)


@pytest.mark.parametrize(
    "profile",
    [
        replace(PROFILE, shared_nodes=99),
        replace(PROFILE, shared_nodes=101),
        replace(PROFILE, shared_nodes=0),
        uniform(100),
    ],
)
def test_a_profile_with_another_budget_for_shared_positions_takes_nothing_over(
    store: Store, profile: Profile
) -> None:
    _analyse(_keeper(store), FIRST)
    keeper = _keeper(store, profile)
    _analyse(keeper, SECOND, profile)
    assert keeper.shared.hits == 0


def test_a_profile_that_differs_elsewhere_takes_everything_over(store: Store) -> None:
    _analyse(_keeper(store), FIRST)
    profile = replace(PROFILE, sweep_nodes=77)
    keeper = _keeper(store, profile)
    _analyse(keeper, FIRST, profile)
    assert (keeper.shared.hits, keeper.shared.misses) == (8, 0)


@pytest.mark.parametrize(
    "identity",
    [
        EngineIdentity("Fake 2", None, ()),
        EngineIdentity("Fake 1", "nn.nnue", ()),
        EngineIdentity("Fake 1", None, (("Hash", "32"),)),
    ],
)
def test_another_engine_takes_nothing_over(store: Store, identity: EngineIdentity) -> None:
    _analyse(_keeper(store), FIRST)
    keeper = _keeper(store, identity=identity)
    _analyse(keeper, FIRST)
    assert keeper.shared.hits == 0


def test_a_profile_without_shared_positions_leaves_none_behind(store: Store) -> None:
    profile = Profile("plain", sweep_nodes=100)
    _analyse(_keeper(store, profile), FIRST, profile)
    assert _counts(store) == (0, 1)


def test_only_what_is_not_known_yet_is_made_ready(store: Store) -> None:
    fens = list(shared_fens(FIRST).values())
    in_store = {fen: _evaluation(1) for fen in fens[:4]}
    key = engine_key(FakeEngine().identity)
    with store.writing() as connection:
        save_evaluations(connection, in_store, engine_key=key, nodes=100, today=TODAY - 5)
    keeper = _keeper(store)
    keeper.shared.put(fens[0], _evaluation(2))
    assert keeper.find(FIRST) is None
    assert keeper.shared.unknown(fens) == fens[4:]
    assert keeper.shared.get(fens[0]) == _evaluation(2)
    assert keeper.shared.get(fens[1]) == _evaluation(1)
    # What was asked for was of use today; what was there already was not asked for.
    keeper.trim(3)
    assert _of_use_today(store, fens).keys() == set(fens[1:4])


def test_a_game_with_a_run_makes_nothing_ready(store: Store) -> None:
    _analyse(_keeper(store), FIRST)
    keeper = _keeper(store)
    assert keeper.find(FIRST)
    fens = list(shared_fens(FIRST).values())
    assert keeper.shared.unknown(fens) == fens


def test_the_bound_holds_what_was_used_last(store: Store) -> None:
    _analyse(_keeper(store, today=TODAY - 3), FIRST)
    keeper = _keeper(store)
    _analyse(keeper, SECOND)
    keeper.trim(8)
    fens = shared_fens(SECOND).values()
    assert _of_use_today(store, fens).keys() == set(fens)
    # Two runs: the bound is for shared evaluations only.
    assert _counts(store) == (8, 2)


def _evaluation(cp: int) -> Evaluation:
    return Evaluation(Line(Score(cp=cp), ("e2e4",)), depth=9, nodes=100)
