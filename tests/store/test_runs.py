"""Runs of stored games: kept whole, never changed, and the right one shown in lists."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.model import Side
from chess_analytics.review.judge import Review, judge_game
from chess_analytics.store.game_rows import ListedGame
from chess_analytics.store.games import find_game, insert_games
from chess_analytics.store.moves import moves_of_run, sans_of
from chess_analytics.store.runs import (
    NewRun,
    RunSource,
    evaluations_of_run,
    find_run,
    insert_runs,
    runs_of_game,
)
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games, moves
from tests.accounts import all_at_once
from tests.builders import game
from tests.store.stored_games import NOW_MS, add_user, as_accurate, new_game, run_of

LINE = "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6"
ENGINE, SUPPLIED = RunSource.ENGINE, RunSource.SUPPLIED

_Run = tuple[NewRun, Review]


def _game(connection: Connection, color: Side | None = None, user: str = "ada") -> tuple[int, int]:
    """Store a game of a new user; give the ids of both."""
    user_id = add_user(connection, user)
    new = [new_game(color=color)]
    return user_id, insert_games(connection, user_id, None, new, now_ms=NOW_MS)[0]


def _keep(connection: Connection, game_id: int, run: _Run) -> int:
    return insert_runs(connection, [(game_id, *run)], now_ms=NOW_MS)[0]


def _listed(connection: Connection, user_id: int, game_id: int) -> ListedGame:
    stored = find_game(connection, user_id, game_id)
    assert stored
    return stored.listed


def _accuracy(connection: Connection, game_id: int) -> float | None:
    wanted = select(games.c.accuracy).where(games.c.id == game_id)
    found: float | None = connection.execute(wanted).scalar_one()
    return found


def test_a_run_comes_out_with_its_numbers_and_evaluations(connection: Connection) -> None:
    user_id, game_id = _game(connection)
    new, review = run_of(LINE)
    run_id = _keep(connection, game_id, (new, review))
    [run] = runs_of_game(connection, game_id)
    assert run == find_run(connection, user_id, run_id)
    assert (run.id, run.game_id, run.created_ms) == (run_id, game_id, NOW_MS)
    same = ("source", "engine", "profile", "settings_key", "nodes", "seconds")
    assert [getattr(run, name) for name in same] == [getattr(new, name) for name in same]
    for side in Side:
        numbers, summary = run.side(side), review.side(side)
        assert numbers.accuracy == pytest.approx(summary.accuracy)
        assert numbers.acpl == pytest.approx(summary.acpl)
        judged = (summary.inaccuracies, summary.mistakes, summary.blunders)
        assert (numbers.inaccuracies, numbers.mistakes, numbers.blunders) == judged
    assert evaluations_of_run(connection, run_id) == new.evaluations


def test_moves_come_out_in_the_order_of_play(connection: Connection) -> None:
    _, game_id = _game(connection)
    played = game("1. f3 e5 2. g4 Qh4#", clocks=[60, 59.5, 58, None], tags={"TimeControl": "60"})
    evaluations = (
        None,
        Evaluation(Line(Score(cp=-20), ("e7e5",))),
        Evaluation(Line(Score(cp=-31), ("e2e4",))),
        Evaluation(Line(Score(mate=-1), ("d8h4",))),
        None,
    )
    review = judge_game(played, evaluations)
    run_id = _keep(connection, game_id, (replace(run_of(LINE)[0], evaluations=evaluations), review))
    stored = moves_of_run(connection, run_id)
    assert [(move.ply, move.uci, move.san) for move in stored] == [
        (1, "f2f3", "f3"),
        (2, "e7e5", "e5"),
        (3, "g2g4", "g4"),
        (4, "d8h4", "Qh4#"),
    ]
    assert [move.score for move in stored] == [Score(-20), Score(-31), Score(mate=-1), None]
    same = ("best", "judgment", "loss", "accuracy", "phase", "clock_s", "spent_s")
    for kept, judged in zip(stored, review.moves, strict=True):
        assert [getattr(kept, name) for name in same] == [getattr(judged, name) for name in same]
        assert kept.label is judged.label.kind
    assert stored[2].judgment == "blunder"
    assert stored[2].best == "e2e4"
    assert stored[0].clock_s == 60


def test_runs_of_many_games_are_kept_in_one_call(connection: Connection) -> None:
    user_id = add_user(connection)
    ids = insert_games(connection, user_id, None, [new_game()] * 900, now_ms=NOW_MS)
    run = run_of("1. e4 e5")
    kept = insert_runs(connection, [(game_id, *run) for game_id in ids], now_ms=NOW_MS)
    assert [runs_of_game(connection, game_id)[0].id for game_id in ids] == kept
    assert connection.execute(select(func.count()).select_from(moves)).scalar_one() == 1800
    # Once more, among others: none is kept twice.
    other = run_of("1. d4", settings="other")
    new = [(game_id, *each) for game_id in ids for each in (run, other)]
    again = insert_runs(connection, new, now_ms=NOW_MS)
    assert again[::2] == kept
    assert len({*again}) == 1800


def test_a_run_is_never_changed(connection: Connection) -> None:
    _, game_id = _game(connection)
    first = _keep(connection, game_id, as_accurate(run_of(LINE), 50, 60))
    second = insert_runs(
        connection, [(game_id, *as_accurate(run_of("1. e4"), 70, 80))], now_ms=NOW_MS + 1
    )
    assert second == [first]
    [run] = runs_of_game(connection, game_id)
    assert (run.white.accuracy, run.created_ms) == (50, NOW_MS)
    assert len(moves_of_run(connection, first)) == 6


def test_of_two_runs_of_a_kind_in_one_call_the_first_is_kept(connection: Connection) -> None:
    _, game_id = _game(connection)
    new = [
        (game_id, *as_accurate(run_of(LINE), 50, 60)),
        (game_id, *as_accurate(run_of("1. e4"), 70, 80)),
    ]
    one, other = insert_runs(connection, new, now_ms=NOW_MS)
    assert one == other
    [run] = runs_of_game(connection, game_id)
    assert run.white.accuracy == 50
    assert len(moves_of_run(connection, one)) == 6


def test_keeping_nothing_is_nothing(connection: Connection) -> None:
    assert insert_runs(connection, [], now_ms=NOW_MS) == []


def test_a_game_without_moves_has_a_run_without_moves(connection: Connection) -> None:
    _, game_id = _game(connection)
    run_id = _keep(connection, game_id, run_of(""))
    assert moves_of_run(connection, run_id) == []
    [run] = runs_of_game(connection, game_id)
    assert run.white.accuracy is None


def test_the_same_run_from_two_sides_at_once_is_kept_once(store: Store) -> None:
    with store.writing() as connection:
        _, game_id = _game(connection)

    def keep() -> int:
        with store.writing() as connection:
            return _keep(connection, game_id, run_of(LINE))

    kept = all_at_once([keep] * 4)
    with store.reading() as connection:
        [run] = runs_of_game(connection, game_id)
        assert kept == [run.id] * 4
        assert len(moves_of_run(connection, run.id)) == 6


def test_the_newest_run_comes_first(connection: Connection) -> None:
    _, game_id = _game(connection)
    ids = [_keep(connection, game_id, run_of(LINE, settings=key)) for key in "abc"]
    assert [run.id for run in runs_of_game(connection, game_id)] == ids[::-1]


def test_another_users_run_is_not_found(connection: Connection) -> None:
    _, game_id = _game(connection, user="ada")
    bob, _ = _game(connection, user="bob")
    run_id = _keep(connection, game_id, run_of(LINE))
    assert find_run(connection, bob, run_id) is None


@pytest.mark.parametrize(
    ("sources", "shown"),
    [
        ([SUPPLIED], 0),
        ([SUPPLIED, SUPPLIED], 1),
        ([SUPPLIED, ENGINE], 1),
        ([ENGINE, SUPPLIED], 0),
        ([ENGINE, ENGINE, SUPPLIED], 1),
    ],
)
@pytest.mark.parametrize("in_one_call", [True, False])
def test_a_list_shows_the_newest_run_of_an_engine_else_the_newest_that_came_with_the_game(
    connection: Connection, sources: list[RunSource], shown: int, *, in_one_call: bool
) -> None:
    user_id, game_id = _game(connection)
    assert _listed(connection, user_id, game_id).run is None
    new = [(game_id, *run_of(LINE, source, str(number))) for number, source in enumerate(sources)]
    batches = [new] if in_one_call else [[each] for each in new]
    ids = [run for batch in batches for run in insert_runs(connection, batch, now_ms=NOW_MS)]
    listed = _listed(connection, user_id, game_id)
    assert listed.run == find_run(connection, user_id, ids[shown])
    assert listed.is_analysed is (ENGINE in sources)


@pytest.mark.parametrize(
    ("color", "accuracy"), [(Side.WHITE, 91.5), (Side.BLACK, None), (None, None)]
)
def test_the_owners_accuracy_is_that_of_the_side_they_played(
    connection: Connection, color: Side | None, accuracy: float | None
) -> None:
    _, game_id = _game(connection, color)
    _keep(connection, game_id, as_accurate(run_of(LINE), 91.5, None))
    assert _accuracy(connection, game_id) == accuracy


def test_a_run_that_is_not_shown_leaves_the_accuracy_alone(connection: Connection) -> None:
    _, game_id = _game(connection, Side.BLACK)
    _keep(connection, game_id, as_accurate(run_of(LINE, ENGINE, "ours"), 10, 20))
    _keep(connection, game_id, as_accurate(run_of(LINE, SUPPLIED, "theirs"), 30, 40))
    assert _accuracy(connection, game_id) == 20


def test_moves_are_spelled_by_game_and_ply_of_the_run_that_stands_for_the_game(
    connection: Connection,
) -> None:
    _, game_id = _game(connection)
    assert sans_of(connection, [(game_id, 1)]) == {}
    _keep(connection, game_id, run_of(LINE))
    asked = [(game_id, 6), (game_id, 5), (game_id, 7), (game_id + 1, 1)]
    assert sans_of(connection, asked) == {(game_id, 5): "Bb5", (game_id, 6): "a6"}
    many = [(game_id, ply) for ply in range(1, 1001)]
    assert list(sans_of(connection, many).values()) == ["e4", "e5", "Nf3", "Nc6", "Bb5", "a6"]
