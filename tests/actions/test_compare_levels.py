"""Findings are compared with others of the level: enough of them, like with like, as averages."""

import statistics

import pytest
from sqlalchemy import update

from chess_analytics.actions.compare_levels import LEVEL_WIDTH, Levels
from chess_analytics.actions.load_facts import load_facts
from chess_analytics.games.clocks import Speed
from chess_analytics.insights.comparing import LEAST_PEERS, LevelComparison
from chess_analytics.insights.findings import Asked, Findings, find
from chess_analytics.insights.loss_table import Span, excess_of, loss_table
from chess_analytics.store.fact_tables import run_facts
from chess_analytics.store.session import Store
from tests.accounts import NOW_MS
from tests.levels import keep_career
from tests.store.stored_games import add_user

# What is asked of the database is the same in all tests: one of them runs on both.
_embedded = pytest.mark.parametrize("database_url", [None])
HOUR_MS = 3_600_000
MINE = 1500


def _users(store: Store, count: int) -> list[int]:
    with store.writing() as connection:
        return [add_user(connection, f"user {number}") for number in range(count)]


def _found(store: Store, user_id: int) -> Findings:
    """Find whatever there is: forty games are few."""
    found = find(load_facts(store, user_id), Asked(rate=0.9))
    assert found.findings
    return found


def _levels(
    store: Store, user_id: int, levels: Levels, now_ms: int = NOW_MS
) -> list[LevelComparison | None]:
    facts, found = load_facts(store, user_id), _found(store, user_id)
    compared = levels.compared(store, user_id, facts, found, Span(), now_ms)
    assert [each.cut for each in compared.findings] == [each.cut for each in found.findings]
    return [each.level for each in compared.findings]


def test_findings_stand_beside_the_average_of_others_of_the_level(store: Store) -> None:
    me, *others = _users(store, LEAST_PEERS + 3)
    keep_career(store, me, MINE)
    *peers, stronger, faster = others
    for number, user_id in enumerate(peers):
        keep_career(store, user_id, MINE + 7 * number, first=5 * number)
    keep_career(store, stronger, MINE + LEVEL_WIDTH + 1)
    keep_career(store, faster, MINE, speed=Speed.BULLET)
    tables = [loss_table(load_facts(store, each), Span()) for each in peers]
    found = _found(store, me)
    for finding, level in zip(found.findings, _levels(store, me, Levels()), strict=True):
        measured = [excess_of(table, finding.cut) for table in tables]
        theirs = [each.difference for each in measured if each is not None]
        if len(theirs) < LEAST_PEERS:
            assert level is None
            continue
        assert level is not None
        assert level.players == len(theirs)
        assert level.theirs == pytest.approx(statistics.mean(theirs))
        assert level.more == pytest.approx(finding.excess.difference - level.theirs)
        assert level.low < level.more < level.high
        assert level.origin == (
            "other players of this server, rated 1400 to 1600 at blitz on lichess"
        )
    assert any(_levels(store, me, Levels()))


@_embedded
def test_fewer_than_ten_others_are_no_level(store: Store) -> None:
    me, *others = _users(store, LEAST_PEERS)
    for user_id in (me, *others):
        keep_career(store, user_id, MINE)
    assert not any(_levels(store, me, Levels()))


@_embedded
def test_what_was_read_of_others_is_kept_for_an_hour(store: Store) -> None:
    me, *others = _users(store, LEAST_PEERS + 1)
    for user_id in (me, *others):
        keep_career(store, user_id, MINE)
    levels = Levels()
    first = _levels(store, me, levels)
    assert any(first)
    facts, found = load_facts(store, me), _found(store, me)
    with store.writing() as connection:
        # As after an upgrade: facts that are outdated take no part.
        connection.execute(update(run_facts).values(version=0))

    def compared(now_ms: int) -> list[LevelComparison | None]:
        after = levels.compared(store, me, facts, found, Span(), now_ms)
        return [each.level for each in after.findings]

    assert compared(NOW_MS + HOUR_MS - 1) == first
    assert not any(compared(NOW_MS + HOUR_MS))


@_embedded
def test_one_has_a_level_only_where_one_has_played_enough(store: Store) -> None:
    me, *others = _users(store, LEAST_PEERS + 1)
    for user_id in (me, *others):
        keep_career(store, user_id, MINE)
    facts, found = load_facts(store, me), _found(store, me)
    few = Span(until_ms=int(facts.games["played_ms"].sort()[20]))
    compared = Levels().compared(store, me, facts, found, few, NOW_MS)
    assert compared == found
