"""Names are linked and unlinked, and every game that is there is seen anew."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, select

from chess_analytics.actions.import_errors import (
    OwnerGone,
    PlayerLinked,
    PlayerRefused,
    TooManyPlayers,
)
from chess_analytics.actions.link_players import (
    MOST_PLAYERS,
    checked_name,
    link_player,
    unlink_player,
)
from chess_analytics.actions.start_imports import start_import, start_sync
from chess_analytics.games.model import Site
from chess_analytics.store.accounts import remove_account
from chess_analytics.store.imports import ImportKind, ImportState, NewImport, find_import
from chess_analytics.store.players import find_player, players_of, resume_of, set_resume
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games
from tests.accounts import NOW_MS, signed_up
from tests.builders import game
from tests.library import keep_game, keep_run

Seen = dict[str | None, tuple[Any, ...]]


@pytest.fixture
def ada(store: Store) -> int:
    """Give a user with three games: on Lichess, on Chess.com, and of nobody we know."""
    ada = signed_up(store, "ada").id
    for site, white, black in (
        (Site.LICHESS, "Ada_99", "Bob"),
        (Site.CHESSCOM, "Cid", "Ada_99"),
        (Site.OTHER, "Lovelace, Ada", "Eve"),
    ):
        tags = {"WhiteElo": "2000", "BlackElo": "1900"}
        keep_game(store, ada, game("1. e4 e5 1-0", white=white, black=black, result="1-0",
                                   tags=tags, site=site))  # fmt: skip
    return ada


@pytest.fixture
def connection(store: Store, ada: int) -> Iterator[Connection]:  # noqa: ARG001 - they are there
    with store.writing() as opened:
        yield opened


def seen(connection: Connection, user_id: int) -> Seen:
    """Tell of each game, by its White, how the owner sees it."""
    columns = (
        games.c.white, games.c.player_id, games.c.color, games.c.outcome, games.c.rating,
        games.c.opponent, games.c.opponent_rating,
    )  # fmt: skip
    rows = connection.execute(select(*columns).where(games.c.user_id == user_id))
    return {row.white: tuple(row)[1:] for row in rows}


NOBODY = (None,) * 6


def test_a_linked_name_owns_its_games_and_no_others(connection: Connection, ada: int) -> None:
    linked = link_player(connection, ada, Site.LICHESS, "ada_99", now_ms=NOW_MS)
    assert seen(connection, ada) == {
        "Ada_99": (linked.id, "white", "win", 2000, "Bob", 1900),
        "Cid": NOBODY,
        "Lovelace, Ada": NOBODY,
    }
    other = link_player(connection, ada, Site.OTHER, "Ada Lovelace", now_ms=NOW_MS)
    third = link_player(connection, ada, Site.CHESSCOM, "ada_99", now_ms=NOW_MS)
    assert seen(connection, ada) == {
        "Ada_99": (linked.id, "white", "win", 2000, "Bob", 1900),
        "Cid": (third.id, "black", "loss", 1900, "Cid", 2000),
        "Lovelace, Ada": (other.id, "white", "win", 2000, "Eve", 1900),
    }


def test_an_unlinked_name_leaves_its_games_to_nobody_or_to_another_name(
    connection: Connection, ada: int
) -> None:
    first = link_player(connection, ada, Site.LICHESS, "Ada_99", now_ms=NOW_MS)
    other = link_player(connection, ada, Site.OTHER, "Ada_99", now_ms=NOW_MS)
    assert seen(connection, ada)["Ada_99"][0] == first.id
    assert unlink_player(connection, ada, first.id, now_ms=NOW_MS)
    assert seen(connection, ada)["Ada_99"][0] == other.id
    assert unlink_player(connection, ada, other.id, now_ms=NOW_MS)
    assert set(seen(connection, ada).values()) == {NOBODY}
    assert not unlink_player(connection, ada, other.id, now_ms=NOW_MS)


def test_the_accuracy_in_lists_is_that_of_the_side(store: Store, ada: int) -> None:
    with store.reading() as connection:
        game_id = connection.execute(select(games.c.id).where(games.c.white == "Cid")).scalar_one()
    keep_run(store, game_id, "1. e4 e5", scores_cp=[30, 500])
    with store.writing() as connection:
        shown = select(games.c.accuracy).where(games.c.id == game_id)
        assert connection.execute(shown).scalar_one() is None
        player = link_player(connection, ada, Site.CHESSCOM, "Ada_99", now_ms=NOW_MS)
        accuracy = connection.execute(shown).scalar_one()
        assert accuracy is not None
        assert accuracy < 60
        unlink_player(connection, ada, player.id, now_ms=NOW_MS)
        assert connection.execute(shown).scalar_one() is None


def test_another_users_games_and_names_stay_as_they_are(store: Store, ada: int) -> None:
    bob = signed_up(store, "bob").id
    keep_game(store, bob, game("1. e4 e5 1-0", white="Ada_99", site=Site.LICHESS))
    with store.writing() as connection:
        linked = link_player(connection, ada, Site.LICHESS, "Ada_99", now_ms=NOW_MS)
        assert seen(connection, bob) == {"Ada_99": NOBODY}
        assert find_player(connection, bob, linked.id) is None
        assert not unlink_player(connection, bob, linked.id, now_ms=NOW_MS)
        assert [each.id for each in players_of(connection, ada)] == [linked.id]


@pytest.mark.parametrize(
    ("site", "name"),
    [
        (Site.LICHESS, "a"), (Site.LICHESS, "-ab"), (Site.LICHESS, "a" * 31),
        (Site.LICHESS, "a/b"), (Site.LICHESS, "änn"), (Site.CHESSCOM, "a b"),
        (Site.CHESSCOM, "a" * 26), (Site.OTHER, "?"), (Site.OTHER, "N.N."), (Site.OTHER, "..."),
        (Site.OTHER, "a" * 101), (Site.OTHER, "\ud800"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused_in_words(site: Site, name: str) -> None:
    with pytest.raises(PlayerRefused, match=r"name"):
        checked_name(site, name)


@pytest.mark.parametrize(
    ("site", "name", "kept"),
    [
        (Site.LICHESS, " Ada_99 ", "Ada_99"), (Site.CHESSCOM, "-ab", "-ab"),
        (Site.OTHER, "  Vachier-Lagrave,\tM. ", "Vachier-Lagrave, M."), (Site.OTHER, "Ö", "Ö"),
        (Site.OTHER, "李", "李"),
    ],
)  # fmt: skip
def test_a_name_is_kept_without_needless_spaces(site: Site, name: str, kept: str) -> None:
    assert checked_name(site, name) == kept


def test_a_name_is_linked_once_and_not_without_end(connection: Connection, ada: int) -> None:
    link_player(connection, ada, Site.LICHESS, "Ada_99", now_ms=NOW_MS)
    with pytest.raises(PlayerLinked, match="linked already"):
        link_player(connection, ada, Site.LICHESS, "ADA_99", now_ms=NOW_MS)
    for number in range(MOST_PLAYERS - 1):
        link_player(connection, ada, Site.OTHER, f"No {number}", now_ms=NOW_MS)
    with pytest.raises(TooManyPlayers, match=f"{MOST_PLAYERS} names"):
        link_player(connection, ada, Site.OTHER, "One More", now_ms=NOW_MS)


def test_an_account_that_is_gone_links_and_imports_nothing(
    connection: Connection, ada: int
) -> None:
    player = link_player(connection, ada, Site.LICHESS, "Ada_99", now_ms=NOW_MS)
    remove_account(connection, ada)
    with pytest.raises(OwnerGone, match="deleted"):
        link_player(connection, ada, Site.LICHESS, "Another", now_ms=NOW_MS)
    with pytest.raises(OwnerGone, match="deleted"):
        start_sync(connection, ada, player.id, now_ms=NOW_MS)
    new = NewImport(user_id=ada, kind=ImportKind.UPLOAD, name="x")
    with pytest.raises(OwnerGone, match="deleted"):
        start_import(connection, new, now_ms=NOW_MS)


def test_where_the_fetching_stands_is_kept_with_the_name(connection: Connection, ada: int) -> None:
    player = link_player(connection, ada, Site.LICHESS, "Ada_99", now_ms=NOW_MS)
    assert resume_of(connection, player.id) == "{}"
    set_resume(connection, player.id, '{"a": 1}')
    assert resume_of(connection, player.id) == '{"a": 1}'
    assert resume_of(connection, player.id + 1) == "{}"


def test_a_name_that_goes_takes_the_import_that_waits_for_it_along(
    connection: Connection, ada: int
) -> None:
    player = link_player(connection, ada, Site.LICHESS, "Ada_99", now_ms=NOW_MS)
    waiting = start_sync(connection, ada, player.id, now_ms=NOW_MS)
    assert waiting
    unlink_player(connection, ada, player.id, now_ms=NOW_MS + 5)
    found = find_import(connection, ada, waiting.id)
    assert found
    assert (found.state, found.ended_ms) == (ImportState.CANCELLED, NOW_MS + 5)
