"""Whose side games are seen from, told anew."""

import pytest
from sqlalchemy import Connection, select

from chess_analytics.games.model import Result, Side, Site
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import count_games
from chess_analytics.store.game_rows import ListedGame, Outcome
from chess_analytics.store.game_sides import Sides, StoredNames, set_sides, stored_names
from chess_analytics.store.games import find_game, insert_games
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.tables import games
from tests.store.stored_games import (
    NOW_MS,
    add_player,
    add_user,
    as_accurate,
    new_game,
    run_of,
)

NOBODY = {
    "player_id": None,
    "color": None,
    "outcome": None,
    "rating": None,
    "opponent": None,
    "opponent_rating": None,
}


def _seen(connection: Connection, user_id: int, game_id: int) -> ListedGame:
    stored = find_game(connection, user_id, game_id)
    assert stored
    return stored.listed


def _accuracy(connection: Connection, game_id: int) -> float | None:
    wanted = select(games.c.accuracy).where(games.c.id == game_id)
    found: float | None = connection.execute(wanted).scalar_one()
    return found


def _sides(game_id: int, player_id: int, color: Side) -> Sides:
    return Sides(
        game_id=game_id,
        player_id=player_id,
        color=color,
        outcome=Outcome.WIN,
        rating=1500,
        opponent="Zoë",
        opponent_rating=1600,
    )


def test_names_come_some_at_a_time_and_only_ones_own(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    player_id = add_player(connection, ada)
    known = new_game(
        site=Site.LICHESS,
        white="A",
        black="B",
        white_rating=1,
        black_rating=2,
        result=Result.DRAW,
        player_id=player_id,
        color=Side.BLACK,
    )
    new = [known, new_game(), new_game(white="C")]
    ids = insert_games(connection, ada, None, new, now_ms=NOW_MS)
    insert_games(connection, bob, None, [new_game()], now_ms=NOW_MS)
    first = stored_names(connection, ada, 0, limit=2)
    assert first == [
        StoredNames(ids[0], Site.LICHESS, "A", "B", 1, 2, Result.DRAW, player_id, Side.BLACK),
        StoredNames(ids[1], Site.OTHER, None, None, None, None, Result.UNKNOWN, None, None),
    ]
    assert [names.game_id for names in stored_names(connection, ada, ids[1], limit=2)] == ids[2:]
    assert stored_names(connection, ada, ids[2], limit=2) == []


def test_a_game_is_given_a_side_and_loses_it_again(connection: Connection) -> None:
    user_id = add_user(connection)
    player_id = add_player(connection, user_id)
    new = [new_game(), new_game()]
    changed, left = insert_games(connection, user_id, None, new, now_ms=NOW_MS)
    sides = _sides(changed, player_id, Side.WHITE)
    set_sides(connection, user_id, [sides])
    seen = _seen(connection, user_id, changed)
    assert {name: getattr(seen, name) for name in NOBODY} == {
        name: getattr(sides, name) for name in NOBODY
    }
    assert count_games(connection, user_id, GameFilter(opponent="zoe")) == 1
    for game_id in (changed, left):
        set_sides(connection, user_id, [Sides(game_id=game_id, **NOBODY)])
        seen = _seen(connection, user_id, game_id)
        assert {name: getattr(seen, name) for name in NOBODY} == NOBODY
    assert count_games(connection, user_id, GameFilter(opponent="zoe")) == 0


@pytest.mark.parametrize(("color", "accuracy"), [(Side.WHITE, 70), (Side.BLACK, 80)])
def test_the_accuracy_changes_sides_as_well(
    connection: Connection, color: Side, accuracy: float
) -> None:
    user_id = add_user(connection)
    player_id = add_player(connection, user_id)
    new = [new_game(color=color.other), new_game(color=color.other)]
    analysed, plain = insert_games(connection, user_id, None, new, now_ms=NOW_MS)
    insert_runs(connection, [(analysed, *as_accurate(run_of("1. e4"), 70, 80))], now_ms=NOW_MS)
    set_sides(
        connection, user_id, [_sides(game_id, player_id, color) for game_id in (analysed, plain)]
    )
    assert _accuracy(connection, analysed) == accuracy
    assert _accuracy(connection, plain) is None
    set_sides(connection, user_id, [Sides(game_id=analysed, **NOBODY)])
    assert _accuracy(connection, analysed) is None


def test_another_users_game_is_left_alone(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    player_id = add_player(connection, bob)
    [game_id] = insert_games(connection, ada, None, [new_game()], now_ms=NOW_MS)
    before = _seen(connection, ada, game_id)
    set_sides(connection, bob, [_sides(game_id, player_id, Side.WHITE)])
    assert _seen(connection, ada, game_id) == before


def test_setting_nothing_is_nothing(connection: Connection) -> None:
    set_sides(connection, add_user(connection), [])
