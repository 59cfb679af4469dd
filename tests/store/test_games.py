"""Stored games: what goes in comes out, to its owner only, and is recognised again."""

from dataclasses import fields

import pytest
from sqlalchemy import Connection, func, select

from chess_analytics.games.clocks import Speed
from chess_analytics.games.fingerprint import fingerprint, is_same_game
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.games import (
    NewGame,
    delete_game,
    find_game,
    find_games,
    games_after,
    games_alike,
    insert_games,
)
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.tables import game_texts, games, moves, runs
from tests.builders import Details, game
from tests.store.stored_games import (
    NOW_MS,
    add_import,
    add_player,
    add_user,
    new_game,
    new_game_of,
    run_of,
)

LINE = "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6"


def _insert(connection: Connection, user_id: int, *new: NewGame) -> list[int]:
    return insert_games(connection, user_id, None, new, now_ms=NOW_MS)


def _full(player_id: int) -> NewGame:
    return new_game(
        moves_key="f" * 32,
        site=Site.LICHESS,
        site_id="q7ZvsdUF",
        variant=Variant.CHESS960,
        white="Ádám",
        black="DrNykterstein",
        white_rating=2800,
        black_rating=3100,
        result=Result.BLACK_WON,
        played_ms=-3_000_000_000_000,
        time_control="180+2",
        speed=Speed.BLITZ,
        eco="D85",
        opening="Grünfeld Defense: Exchange Variation",
        plies=83,
        player_id=player_id,
        color=Side.WHITE,
        outcome=Outcome.LOSS,
        rating=2800,
        opponent="DrNykterstein",
        opponent_rating=3100,
        pgn='[Event "Ő"]\n\n1. d4 { 象棋 😀 } *\n',
        headers={"White": "Ádám", "Black": "DrNykterstein", "Event": "Ő"},
    )


def test_what_goes_in_comes_out(connection: Connection) -> None:
    user_id = add_user(connection)
    new = _full(add_player(connection, user_id))
    import_id = add_import(connection, user_id)
    [game_id] = insert_games(connection, user_id, import_id, [new], now_ms=NOW_MS)
    stored = find_game(connection, user_id, game_id)
    assert stored
    assert (stored.moves_key, stored.headers, stored.pgn) == (new.moves_key, new.headers, new.pgn)
    shown = {field.name for field in fields(NewGame)} - {"moves_key", "headers", "pgn"}
    assert {name: getattr(stored.listed, name) for name in shown} == {
        name: getattr(new, name) for name in shown
    }
    assert isinstance(stored.listed.outcome, Outcome)
    assert (stored.listed.import_id, stored.listed.added_ms) == (import_id, NOW_MS)
    assert stored.listed.run is None


def test_a_game_of_which_nothing_is_known_is_stored_as_well(connection: Connection) -> None:
    user_id = add_user(connection)
    [game_id] = _insert(connection, user_id, new_game())
    stored = find_game(connection, user_id, game_id)
    assert stored
    assert stored.listed.white is stored.listed.opponent is stored.listed.color is None
    assert (stored.headers, stored.pgn) == ({}, "*\n")


def test_texts_that_no_database_holds_lose_only_those_characters(connection: Connection) -> None:
    user_id = add_user(connection)
    told = {"white": "a\x00b", "opponent": "c\ud83dd", "site_id": "\x00", "pgn": "{ \x00 } *\n"}
    [game_id] = _insert(connection, user_id, new_game(**told, headers={"White": "a\x00b\ud83d"}))
    stored = find_game(connection, user_id, game_id)
    assert stored
    assert stored.listed.white == "a\ufffdb"
    assert stored.listed.opponent == "c\ufffdd"
    assert stored.pgn == "{ \ufffd } *\n"
    assert stored.headers == {"White": "a\ufffdb\ufffd"}


def test_endless_texts_are_no_trouble(connection: Connection) -> None:
    user_id = add_user(connection)
    # Of different characters: an index would take a long one that is easily compressed.
    long = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(10_000))
    told = {"white": long, "opponent": long, "opening": long, "eco": long, "pgn": long}
    [game_id] = _insert(connection, user_id, new_game(**told, headers={"White": long}))
    stored = find_game(connection, user_id, game_id)
    assert stored
    assert stored.listed.opponent == stored.listed.opening == stored.pgn == long


def test_ids_come_in_the_order_of_the_games(connection: Connection) -> None:
    user_id = add_user(connection)
    wanted = [new_game(moves_key=f"{number:032x}", pgn=f"{number}") for number in range(2500)]
    ids = _insert(connection, user_id, *wanted)
    rows = connection.execute(
        select(games.c.id, games.c.moves_key, game_texts.c.pgn).join(game_texts)
    )
    found = {row.id: (row.moves_key, row.pgn) for row in rows}
    assert [found[game_id] for game_id in ids] == [(new.moves_key, new.pgn) for new in wanted]
    assert ids == sorted(ids)


def test_inserting_nothing_is_nothing(connection: Connection) -> None:
    assert _insert(connection, add_user(connection)) == []


def test_another_users_game_is_not_found_and_not_deleted(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    [game_id] = _insert(connection, ada, new_game())
    assert find_game(connection, bob, game_id) is None
    assert find_games(connection, bob, [game_id]) == {}
    assert list(find_games(connection, ada, [game_id, game_id + 1])) == [game_id]
    assert not delete_game(connection, bob, game_id)
    assert find_game(connection, ada, game_id)


def test_a_deleted_game_takes_all_that_is_its_own_along(connection: Connection) -> None:
    user_id = add_user(connection)
    gone, left = _insert(connection, user_id, new_game(), new_game())
    run = run_of(LINE)
    insert_runs(connection, [(gone, *run), (left, *run)], now_ms=NOW_MS)
    assert delete_game(connection, user_id, gone)
    assert not delete_game(connection, user_id, gone)
    assert find_game(connection, user_id, gone) is None
    assert find_game(connection, user_id, left)
    counts = [
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (games, game_texts, runs, moves)
    ]
    assert counts == [1, 1, 1, 6]


def test_the_number_of_a_deleted_game_is_never_given_again(connection: Connection) -> None:
    user_id = add_user(connection)
    [gone] = _insert(connection, user_id, new_game())
    delete_game(connection, user_id, gone)
    [fresh] = _insert(connection, user_id, new_game())
    assert fresh > gone


def test_all_games_come_in_the_order_of_adding_some_at_a_time(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    first = _insert(connection, ada, *(new_game(pgn=str(number)) for number in range(3)))
    _insert(connection, bob, new_game())
    second = _insert(connection, ada, *(new_game(pgn=str(number)) for number in range(3, 5)))
    found = []
    after = 0
    while batch := games_after(connection, ada, after, limit=2):
        found += [(stored.listed.id, stored.pgn) for stored in batch]
        after = batch[-1].listed.id
    assert found == list(zip(first + second, "01234", strict=True))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"white": "Carlsen, Magnus", "black": "Ding, Liren", "result": "1/2-1/2"},
        {"site": Site.LICHESS, "site_id": "q7ZvsdUF", "result": "1-0"},
        {"site": Site.CHESSCOM, "tags": {"UTCDate": "2021.05.??", "UTCTime": "12:34:56"}},
        {"tags": {"Date": "2020.02.30", "Event": "Cup", "Round": "7.1", "EndTime": "1:02:03"}},
    ],
)
def test_a_stored_game_is_as_like_as_the_game_itself(connection: Connection, told: Details) -> None:
    played = game(LINE, **told)
    user_id = add_user(connection)
    [game_id] = _insert(connection, user_id, new_game_of(played))
    print_ = fingerprint(played)
    [likeness] = games_alike(connection, user_id, [print_.moves_key])[print_.moves_key]
    assert likeness.game_id == game_id
    assert likeness.fingerprint == print_
    assert is_same_game(likeness.fingerprint, print_)


def test_a_hostile_header_leaves_a_game_recognisable(connection: Connection) -> None:
    played = game(LINE, white="a\x00b", tags={"Event": "\ud83d", "Round": "1"})
    user_id = add_user(connection)
    _insert(connection, user_id, new_game_of(played))
    print_ = fingerprint(played)
    [likeness] = games_alike(connection, user_id, [print_.moves_key])[print_.moves_key]
    assert likeness.fingerprint == print_


def test_likeness_is_asked_of_ones_own_games_and_many_at_once(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    keys = [f"{number:032x}" for number in range(2000)]
    ids = _insert(connection, ada, *(new_game(moves_key=key) for key in [*keys, keys[7]]))
    _insert(connection, bob, new_game(moves_key=keys[3]), new_game(moves_key="other"))
    found = games_alike(connection, ada, [*keys, keys[0], "other", "none"])
    assert {key: [each.game_id for each in alike] for key, alike in found.items()} == {
        key: [game_id] if number != 7 else [game_id, ids[-1]]
        for number, (key, game_id) in enumerate(zip(keys, ids, strict=False))
    }
    assert games_alike(connection, ada, []) == {}
