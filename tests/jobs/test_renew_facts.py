"""After an upgrade, the server makes facts anew by itself."""

from sqlalchemy import Connection, func, select, update

from chess_analytics.actions.load_facts import load_facts
from chess_analytics.games.model import Side
from chess_analytics.insights.columns import FACTS_VERSION
from chess_analytics.jobs.renew_facts import FactsRenewal, renewing_facts
from chess_analytics.store.fact_tables import run_facts
from chess_analytics.store.job_sweep import take_lease
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import Store
from tests.accounts import signed_up
from tests.jobs.studio import wait_until
from tests.library import keep_game, keep_run, link_player


def _outdated(connection: Connection) -> int:
    old = select(func.count()).where(run_facts.c.version != FACTS_VERSION)
    number: int = connection.execute(old.select_from(run_facts)).scalar_one()
    return number


def _is_renewed(store: Store) -> bool:
    with store.reading() as connection:
        return _outdated(connection) == 0


def _age(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(update(run_facts).values(version=0, game=b"old", moves=b"old"))


def _fill(store: Store) -> int:
    user_id = signed_up(store, "ada").id
    name = link_player(store, user_id, "ada_plays")
    for _ in range(3):
        keep_run(store, keep_game(store, user_id, seen_by=(name, Side.WHITE)))
    return user_id


def test_old_facts_are_made_anew_when_a_server_starts(store: Store) -> None:
    user_id = _fill(store)
    before = load_facts(store, user_id)
    _age(store)
    with renewing_facts(store, "one"):
        wait_until(lambda: _is_renewed(store))
    assert load_facts(store, user_id).games.equals(before.games)


def test_what_an_older_worker_leaves_behind_is_found_later(store: Store) -> None:
    _fill(store)
    renewal = FactsRenewal(store, "one", look_s=0.01)
    renewal.start()
    try:
        for _ in range(2):
            _age(store)
            wait_until(lambda: _is_renewed(store))
    finally:
        renewal.stop()


def test_of_several_servers_one_makes_facts_anew(store: Store) -> None:
    if store.is_embedded:
        return
    _fill(store)
    _age(store)
    with store.writing() as connection:
        now_ms = lease_clock(store)(connection)
        assert take_lease(connection, "facts", "other", now_ms=now_ms, until_ms=now_ms + 60_000)
    renewal = FactsRenewal(store, "one")
    assert renewal._renew() is False
    with store.reading() as connection:
        assert _outdated(connection) == 3
