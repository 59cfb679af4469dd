"""Players are fetched again in their turn, and nobody is who was never fetched."""

from sqlalchemy import insert, select, update

from chess_analytics.actions.sync_again import sync_again
from chess_analytics.games.model import Site
from chess_analytics.store.imports import ImportState
from chess_analytics.store.session import Store
from chess_analytics.store.tables import imports, players, users
from tests.accounts import DAY_MS, NOW_MS
from tests.library import link_player


def _add_user(store: Store) -> int:
    new = insert(users).values(name="ada", name_key="ada", is_admin=False, created_ms=NOW_MS)
    with store.writing() as connection:
        user_id: int = connection.execute(new.returning(users.c.id)).scalar_one()
    return user_id


def _synced(store: Store, player_id: int, days_ago: int) -> None:
    when = update(players).where(players.c.id == player_id)
    with store.writing() as connection:
        connection.execute(when.values(synced_ms=NOW_MS - days_ago * DAY_MS))


def _asked(store: Store) -> list[tuple[int | None, str]]:
    with store.reading() as connection:
        found = connection.execute(select(imports.c.player_id, imports.c.state)).all()
    return [(row.player_id, row.state) for row in found]


def test_whose_last_time_is_long_enough_ago_is_fetched_again_once(store: Store) -> None:
    ada = _add_user(store)
    due = link_player(store, ada, "due")
    _synced(store, due, 2)
    _synced(store, link_player(store, ada, "lately"), 0)
    _synced(store, link_player(store, ada, "a name in PGNs", Site.OTHER), 2)
    link_player(store, ada, "never")
    assert sync_again(store, now_ms=NOW_MS, every_ms=DAY_MS) == 1
    assert sync_again(store, now_ms=NOW_MS, every_ms=DAY_MS) == 0
    assert _asked(store) == [(due, ImportState.WAITING)]


def test_a_player_who_cannot_be_fetched_is_tried_again_no_sooner(store: Store) -> None:
    ada = _add_user(store)
    due = link_player(store, ada, "due")
    _synced(store, due, 2)
    sync_again(store, now_ms=NOW_MS, every_ms=DAY_MS)
    with store.writing() as connection:
        connection.execute(update(imports).values(state=ImportState.FAILED))
    assert sync_again(store, now_ms=NOW_MS + DAY_MS // 2, every_ms=DAY_MS) == 0
    assert sync_again(store, now_ms=NOW_MS + 2 * DAY_MS, every_ms=DAY_MS) == 1
    assert _asked(store) == [(due, ImportState.FAILED), (due, ImportState.WAITING)]
