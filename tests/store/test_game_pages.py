"""Lists of games: every filter and every sort, page after page, against plain Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from chess_analytics.games.model import Side
from chess_analytics.store import game_pages
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameCursor, GameSort, count_games, game_page
from chess_analytics.store.games import delete_game, find_game, insert_games
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.session import open_folder
from tests.store.listed_in_python import (
    ASKED,
    MINE,
    OTHERS,
    Told,
    filters,
    in_order,
    meets,
    one_of_each,
    tolds,
)
from tests.store.stored_games import (
    NOW_MS,
    add_import,
    add_player,
    add_user,
    as_accurate,
    new_game,
    run_of,
)

RUN = run_of("1. e4")


@contextmanager
def _statements_of(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is asked of the database, with the values."""
    statements: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        if arguments[2] != "BEGIN":
            statements.append((arguments[2], arguments[3]))

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


class _Library:
    """A user's games, beside another user's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.user_id = add_user(connection, "ada")
        self.player_id = add_player(connection, self.user_id)
        self.import_id = add_import(connection, self.user_id)
        bob = add_user(connection, "bob")
        insert_games(connection, bob, None, [new_game()], now_ms=NOW_MS)

    def add(self, told: Told) -> int:
        """Store a game of this user's, and its run."""
        new = new_game(**told.new, player_id=self.player_id if told.is_mine else None)
        import_id = self.import_id if told.is_imported else None
        owned = (self._connection, self.user_id, import_id)
        [game_id] = insert_games(*owned, [new], now_ms=told.added_ms)
        if told.source:
            run, review = as_accurate(RUN, *told.accuracies)
            kept = (game_id, replace(run, source=told.source), review)
            insert_runs(self._connection, [kept], now_ms=NOW_MS)
        return game_id

    def filter(self, wanted: dict[str, Any]) -> GameFilter:
        """Ask with the ids that this library has."""
        ids = {
            "player_id": {MINE: self.player_id, OTHERS: self.player_id + 1},
            "import_id": {MINE: self.import_id, OTHERS: self.import_id + 1},
        }
        meant: dict[str, Any] = {
            name: ids[name][value] if name in ids else value for name, value in wanted.items()
        }
        return GameFilter(**meant)

    def pages(self, wanted: GameFilter, sort: GameSort, limit: int) -> list[list[int]]:
        """Turn all the pages of a list; give the ids on each."""
        found: list[list[int]] = []
        after: GameCursor | None = None
        while after is not None or not found:
            page = game_page(self._connection, self.user_id, wanted, sort, after=after, limit=limit)
            found.append([game.id for game in page.games])
            for game in page.games:
                stored = find_game(self._connection, self.user_id, game.id)
                assert stored
                assert game == stored.listed
            after = page.next
        return found


@given(
    told=st.lists(tolds, max_size=10),
    wanted=filters,
    sort=st.sampled_from(GameSort),
    limit=st.integers(1, 4),
    near=st.sampled_from([1, 3, 1000]),
)
@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_pages_together_are_the_whole_list_in_its_order(
    connection: Connection,
    told: list[Told],
    wanted: dict[str, Any],
    sort: GameSort,
    limit: int,
    near: int,
) -> None:
    example = connection.begin_nested()
    library = _Library(connection)
    kept = {library.add(each): each for each in told}
    right = in_order({id_: each for id_, each in kept.items() if meets(each, wanted)}, sort)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(game_pages, "_NEAR", near)
        pages = library.pages(library.filter(wanted), sort, limit)
    assert [game_id for page in pages for game_id in page] == right
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages) == max(1, -(-len(right) // limit))
    assert count_games(connection, library.user_id, library.filter(wanted)) == len(right)
    example.rollback()


def test_every_question_of_a_filter_is_answered_as_it_is_meant(connection: Connection) -> None:
    library = _Library(connection)
    kept = {library.add(each): each for each in one_of_each()}
    assert set(ASKED) == {field.name for field in fields(GameFilter)}
    for wanted in ({name: value} for name, values in ASKED.items() for value in values):
        meant = {id_: each for id_, each in kept.items() if meets(each, wanted)}
        [found] = library.pages(library.filter(wanted), GameSort.OLDEST, limit=100)
        assert found == in_order(meant, GameSort.OLDEST), wanted


def test_an_accuracy_of_zero_is_known_and_stands_before_what_is_not(
    connection: Connection,
) -> None:
    user_id = add_user(connection)
    new = [new_game(color=Side.WHITE)] * 3
    unknown, zero, unknown_too = insert_games(connection, user_id, None, new, now_ms=NOW_MS)
    insert_runs(connection, [(zero, *as_accurate(RUN, 0.0, None))], now_ms=NOW_MS)
    for sort, right in (
        (GameSort.MOST_ACCURATE, [zero, unknown_too, unknown]),
        (GameSort.LEAST_ACCURATE, [zero, unknown, unknown_too]),
    ):
        page = game_page(connection, user_id, GameFilter(), sort, after=None, limit=5)
        assert [game.id for game in page.games] == right


def test_a_game_that_is_deleted_between_two_pages_moves_no_other(connection: Connection) -> None:
    user_id = add_user(connection)
    new = [new_game(rating=rating) for rating in (3, 2, None, 2, 1)]
    ids = insert_games(connection, user_id, None, new, now_ms=NOW_MS)
    sort = GameSort.BEST_RATED
    first = game_page(connection, user_id, GameFilter(), sort, after=None, limit=2)
    assert [game.id for game in first.games] == [ids[0], ids[3]]
    delete_game(connection, user_id, ids[3])
    second = game_page(connection, user_id, GameFilter(), sort, after=first.next, limit=2)
    assert [game.id for game in second.games] == [ids[1], ids[4]]
    third = game_page(connection, user_id, GameFilter(), sort, after=second.next, limit=2)
    assert [game.id for game in third.games] == [ids[2]]
    assert third.next is None


@pytest.mark.parametrize(("wanted", "most"), [(GameFilter(), 1), (GameFilter(eco="C20"), 2)])
def test_a_page_is_one_statement_however_long_and_two_at_most_with_a_filter(
    connection: Connection, wanted: GameFilter, most: int
) -> None:
    library = _Library(connection)
    new = [new_game(eco="C20")] * 30
    for game_id in insert_games(connection, library.user_id, None, new, now_ms=NOW_MS):
        insert_runs(connection, [(game_id, *RUN)], now_ms=NOW_MS)
    for limit in (10, 30):
        with _statements_of(connection) as asked_for:
            page = game_page(
                connection, library.user_id, wanted, GameSort.NEWEST, after=None, limit=limit
            )
        assert [bool(game.run) for game in page.games] == [True] * limit
        assert len(asked_for) <= most


def test_what_is_rare_is_found_wherever_it_stands(connection: Connection) -> None:
    library = _Library(connection)
    rare, usual = (new_game(eco=eco, color=Side.WHITE, rating=1500) for eco in ("B00", "A00"))
    new = [rare, *[usual] * 500, rare, new_game(eco="B00")]
    first, *_, last, unknown = insert_games(connection, library.user_id, None, new, now_ms=NOW_MS)
    for sort in GameSort:
        pages = library.pages(GameFilter(eco="B"), sort, limit=2)
        assert sorted(game_id for page in pages for game_id in page) == [first, last, unknown]


@pytest.mark.parametrize("name", [None, *ASKED])
def test_which_games_make_a_page_is_read_from_an_index_alone(
    tmp_path: Path, name: str | None
) -> None:
    wanted = GameFilter(**{name: ASKED[name][-1]}) if name else GameFilter()
    with open_folder(tmp_path) as store, store.reading() as connection:
        with _statements_of(connection) as statements:
            for sort in GameSort:
                for after in (GameCursor(None, 7), GameCursor(7, 7)):
                    game_page(connection, 1, wanted, sort, after=after, limit=50)
            count_games(connection, 1, wanted)
        assert len(statements) > 2 * len(GameSort)
        for statement, values in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            steps = [row.detail for row in plan if "games" in row.detail]
            # All games of one opponent are few, and so are games that are named; they are found at
            # once.
            by_opponent = "(user_id=? AND opponent_key=?" in steps[0]
            by_number = name == "ids" and "USING INTEGER PRIMARY KEY" in steps[0]
            assert "COVERING INDEX" in steps[0] or by_opponent or by_number, plan


def test_a_list_of_nobodys_games_is_one_empty_page(connection: Connection) -> None:
    for sort in GameSort:
        page = game_page(connection, 1, GameFilter(), sort, after=None, limit=5)
        assert (page.games, page.next) == ((), None)
    assert count_games(connection, 1, GameFilter()) == 0
