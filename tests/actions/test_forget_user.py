"""Leaving: everything is gone, and somebody administers who stays."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from chess_analytics.actions.account_errors import LastAdministrator, NotOneself
from chess_analytics.actions.add_user import find_or_add_local_user
from chess_analytics.actions.appoint_administrator import appoint_administrator
from chess_analytics.actions.forget_user import forget_another, forget_oneself, forget_user
from chess_analytics.actions.recognise import Who, local_who, recognise_session
from chess_analytics.store import accounts
from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games, imports
from tests.accounts import NOW_MS, all_at_once, signed_up


def add_upload(store: Store, user_id: int, folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("1. e4")
    about = {"kind": "upload", "name": "a.pgn", "state": "waiting", "created_ms": 1}
    with store.writing() as connection:
        connection.execute(insert(imports).values(user_id=user_id, file=name, **about))
    return folder / name


def add_games(store: Store, user_id: int, many: int) -> None:
    game = {"user_id": user_id, "site": "other", "variant": "standard", "result": "1-0"}
    game |= {"played_ms": 0, "plies": 1, "added_ms": 1}
    with store.writing() as connection:
        connection.execute(
            insert(games), [{**game, "moves_key": f"{number}"} for number in range(many)]
        )


def row_counts(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            # How often somebody signed up from an address is forgotten after an hour.
            if table.name != "log_in_failures"
        }


def promote(store: Store, user_id: int, *, is_admin: bool = True) -> None:
    with store.writing() as connection:
        assert appoint_administrator(connection, user_id, is_admin=is_admin) is not None


def who_is(store: Store, name: str) -> Who:
    with store.reading() as connection:
        who = recognise_session(connection, f"{name}'s key", now_ms=NOW_MS)
    assert who is not None
    return who


def test_everything_of_a_user_goes_and_nothing_of_others(store: Store, tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    ada = signed_up(store)
    add_games(store, ada.id, 3)
    kept = add_upload(store, ada.id, uploads, "ada.upload")
    before = row_counts(store)
    bob = signed_up(store, "bob")
    add_games(store, bob.id, 450)
    gone = add_upload(store, bob.id, uploads, "bob.upload")
    assert forget_user(store, bob.id, uploads)
    assert row_counts(store) == before
    assert kept.exists()
    assert not gone.exists()
    assert not forget_user(store, bob.id, uploads)


def test_a_file_that_is_gone_already_keeps_nobody_here(store: Store, tmp_path: Path) -> None:
    ada = signed_up(store)
    add_upload(store, ada.id, tmp_path / "uploads", "ada.upload").unlink()
    assert forget_user(store, ada.id, tmp_path / "uploads")


def test_the_last_administrator_cannot_leave_others_alone(store: Store, tmp_path: Path) -> None:
    ada, bob = signed_up(store), signed_up(store, "bob")
    add_games(store, ada.id, 2)
    with pytest.raises(LastAdministrator, match="make another user one first"):
        forget_user(store, ada.id, tmp_path)
    with store.reading() as connection:
        assert accounts.holdings(connection, ada.id).games == 2
    promote(store, bob.id)
    assert forget_user(store, ada.id, tmp_path)
    assert forget_user(store, bob.id, tmp_path)


def test_the_last_administrator_cannot_resign(store: Store) -> None:
    ada, bob = signed_up(store), signed_up(store, "bob")
    with pytest.raises(LastAdministrator):
        promote(store, ada.id, is_admin=False)
    promote(store, bob.id)
    promote(store, ada.id, is_admin=False)
    with pytest.raises(LastAdministrator):
        promote(store, bob.id, is_admin=False)


def test_nobody_who_is_not_there_is_appointed(store: Store) -> None:
    ada = signed_up(store)
    with store.writing() as connection:
        assert appoint_administrator(connection, ada.id + 1, is_admin=True) is None


def test_of_many_administrators_who_leave_at_once_one_stays(store: Store, tmp_path: Path) -> None:
    leaders = [signed_up(store, f"leader{number}") for number in range(8)]
    for leader in leaders[1:]:
        promote(store, leader.id)
    signed_up(store, "somebody-else")
    outcomes = all_at_once([partial(forget_user, store, user.id, tmp_path) for user in leaders])
    assert outcomes.count(True) == len(leaders) - 1
    assert sum(isinstance(outcome, LastAdministrator) for outcome in outcomes) == 1


def test_an_administrator_removes_others_and_not_themself(store: Store, tmp_path: Path) -> None:
    signed_up(store)
    bob = signed_up(store, "bob")
    ada = who_is(store, "ada")
    assert forget_another(store, ada, bob.id, tmp_path)
    assert not forget_another(store, ada, bob.id, tmp_path)
    with pytest.raises(NotOneself, match="DELETE /api/v1/me"):
        forget_another(store, ada, ada.user_id, tmp_path)


def test_the_local_user_begins_anew_with_an_empty_library(store: Store, tmp_path: Path) -> None:
    before = find_or_add_local_user(store, now_ms=NOW_MS)
    add_games(store, before.id, 2)
    forget_oneself(store, local_who(before), tmp_path, now_ms=NOW_MS + 1)
    after = find_or_add_local_user(store, now_ms=NOW_MS + 2)
    assert (after.name, after.created_ms) == ("local", NOW_MS + 1)
    assert after.id != before.id
    with store.reading() as connection:
        assert accounts.holdings(connection, after.id).games == 0
