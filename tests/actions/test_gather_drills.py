"""Drills follow the games: one a position, of own mistakes, as the newest analysis sees them."""

import pytest
from sqlalchemy import update

from chess_analytics.actions.gather_drills import Gathered, gather_drills
from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.store import tables
from chess_analytics.store.drill_mistakes import mistakes_of
from chess_analytics.store.drill_tables import drills
from chess_analytics.store.games import delete_game
from chess_analytics.store.session import Store
from tests.accounts import DAY_MS, NOW_MS, all_at_once, signed_up
from tests.drills import answer, drills_of, keep_mistaken_game
from tests.library import MOVES, keep_game, keep_run

# The same position by another way, and another mistake in it.
TRANSPOSED = "1. Nf3 Nc6 2. e4 e5 3. Bd3 Nf6 4. O-O Be7 *"


@pytest.fixture
def ada(store: Store) -> int:
    return signed_up(store, "ada").id


def gather(store: Store, user_id: int, most_games: int | None = None) -> Gathered:
    return gather_drills(store, user_id, now_ms=NOW_MS, most_games=most_games)


def behind(store: Store, user_id: int) -> list[list[int]]:
    """Give the games behind each drill, the latest first."""
    with store.reading() as connection:
        found = mistakes_of(connection, [drill.id for drill in drills_of(store, user_id)])
    return [[mistake.game_id for mistake in mistakes] for mistakes in found.values()]


def test_a_mistake_of_ones_own_becomes_a_drill(store: Store, ada: int) -> None:
    game_id = keep_mistaken_game(store, ada, played_ms=DAY_MS)
    assert gather(store, ada) == Gathered(games=1, left=0)
    (drill,) = drills_of(store, ada)
    assert drill.position.fen == (
        "r1bqkbnr/pppp1ppp/2n5/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R w KQkq - 0 1"
    )
    assert (drill.best.uci, drill.best.score, drill.line) == ("a2a3", Score(cp=28), ("a2a3",))
    assert (drill.mistakes, drill.played_ms, drill.begun_ms) == (1, DAY_MS, None)
    assert drill.loss == pytest.approx(36.6, abs=0.1)
    assert behind(store, ada) == [[game_id]]


def test_a_position_is_one_drill_however_often_and_on_whichever_way_it_was_reached(
    store: Store, ada: int
) -> None:
    early = keep_mistaken_game(store, ada, played_ms=DAY_MS)
    late = keep_mistaken_game(store, ada, TRANSPOSED, played_ms=3 * DAY_MS)
    gather(store, ada)
    (drill,) = drills_of(store, ada)
    assert (drill.mistakes, drill.played_ms) == (2, 3 * DAY_MS)
    assert behind(store, ada) == [[late, early]]


def test_games_of_others_and_mistakes_of_opponents_are_left_out(store: Store, ada: int) -> None:
    keep_run(store, keep_game(store, ada))
    opponents = keep_game(store, ada, color=Side.BLACK)
    keep_run(store, opponents)
    bob = signed_up(store, "bob").id
    keep_mistaken_game(store, bob)
    # Others' games have nothing to be read for; of the second there is nothing to be trained.
    assert gather(store, ada) == Gathered(games=1, left=0)
    assert drills_of(store, ada) == []
    gather(store, bob)
    assert len(drills_of(store, bob)) == 1


def test_games_are_read_some_at_a_time_the_newest_first_and_once(store: Store, ada: int) -> None:
    ids = [keep_mistaken_game(store, ada, played_ms=day * DAY_MS) for day in (2, 3, 1)]
    assert gather(store, ada, 1) == Gathered(games=1, left=2)
    assert behind(store, ada) == [[ids[1]]]
    assert gather(store, ada, 1) == Gathered(games=1, left=1)
    assert behind(store, ada) == [[ids[1], ids[0]]]
    assert gather(store, ada) == Gathered(games=1, left=0)
    assert gather(store, ada) == Gathered(games=0, left=0)
    assert behind(store, ada) == [[ids[1], ids[0], ids[2]]]


def test_another_analysis_is_read_anew_and_a_drill_keeps_its_history(
    store: Store, ada: int
) -> None:
    game_id = keep_mistaken_game(store, ada)
    gather(store, ada)
    (before,) = drills_of(store, ada)
    answer(store, ada, before.id, "a3")
    # The same mistake, seen a little differently.
    keep_run(store, game_id, scores_cp=(30, 25, 30, 50, -450, -460, -455, -470))
    assert gather(store, ada) == Gathered(games=1, left=0)
    (after,) = drills_of(store, ada)
    assert (after.id, after.best.score) == (before.id, Score(cp=50))
    assert after.begun_ms == NOW_MS
    # None any more.
    keep_run(store, game_id, scores_cp=(30,) * 8)
    gather(store, ada)
    assert drills_of(store, ada) == []


def test_a_shallower_analysis_does_not_change_what_is_best(store: Store, ada: int) -> None:
    keep_mistaken_game(store, ada)
    gather(store, ada)
    with store.writing() as connection:
        connection.execute(update(drills).values(nodes=1_000))
    other = keep_game(store, ada, TRANSPOSED, color=Side.WHITE)
    keep_run(store, other, TRANSPOSED, scores_cp=(30, 25, 30, 90, -450, -460, -455, -470))
    gather(store, ada)
    (drill,) = drills_of(store, ada)
    assert (drill.mistakes, drill.best.score) == (2, Score(cp=28))


def test_who_turns_out_to_have_played_the_other_side_has_other_drills(
    store: Store, ada: int
) -> None:
    keep_mistaken_game(store, ada)
    gather(store, ada)
    for color, number in ((Side.BLACK, 0), (Side.WHITE, 1), (None, 0)):
        with store.writing() as connection:
            connection.execute(update(tables.games).values(color=color))
        assert gather(store, ada) == Gathered(games=1, left=0)
        assert len(drills_of(store, ada)) == number


def test_drills_go_with_their_games_and_others_stay(store: Store, ada: int) -> None:
    first = keep_mistaken_game(store, ada)
    keep_mistaken_game(store, ada, MOVES.replace("1. e4 e5 2. Nf3 Nc6", "1. Nf3 Nc6 2. e4 e5"))
    alone = keep_mistaken_game(store, ada, "1. e4 e5 2. Nf3 d6 3. Ba6 bxa6 4. O-O Nf6 *")
    gather(store, ada)
    assert sorted(len(games) for games in behind(store, ada)) == [1, 2]
    for game_id in (first, alone):
        with store.writing() as connection:
            delete_game(connection, ada, game_id)
    gather(store, ada)
    assert [len(games) for games in behind(store, ada)] == [1]


def test_a_text_that_is_no_game_any_more_is_read_once(store: Store, ada: int) -> None:
    keep_mistaken_game(store, ada)
    with store.writing() as connection:
        connection.execute(update(tables.game_texts).values(pgn="1. e4 e9"))
    assert gather(store, ada) == Gathered(games=1, left=0)
    assert gather(store, ada) == Gathered(games=0, left=0)
    assert drills_of(store, ada) == []


def test_two_who_gather_at_once_make_each_drill_once(store: Store, ada: int) -> None:
    ids = [keep_mistaken_game(store, ada, played_ms=day * DAY_MS) for day in range(1, 4)]
    done = all_at_once([lambda: gather(store, ada)] * 3)
    assert all(isinstance(it, Gathered) and it.left == 0 for it in done), done
    assert behind(store, ada) == [ids[::-1]]
