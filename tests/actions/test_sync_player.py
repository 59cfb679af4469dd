"""A player's games come from their site: all of them, once, whatever happens on the way."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chess_analytics.actions.link_players import link_player, unlink_player
from chess_analytics.actions.start_imports import start_sync
from chess_analytics.games.model import Site
from chess_analytics.sources.http import SiteAccess
from chess_analytics.store.imports import Counts, ImportState
from chess_analytics.store.players import find_player
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games, runs
from tests.sources import chesscom_player, lichess_player
from tests.sources.replay import ChesscomSite, LichessSite, Replay, cut, refused, serving
from tests.workshop import Bench

# Any start, and replies that make games different.
REPLIES = ["a6", "b6", "c6", "d6", "e6", "f6", "g6", "h6", "a5", "b5", "c5", "d5", "e5", "f5"]


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


def lichess_game(number: int, **changes: object) -> dict[str, Any]:
    reply = REPLIES[number % len(REPLIES)]
    return lichess_player.game(number, **{"moves": f"e4 {reply}", **changes})


def chesscom_game(number: int) -> dict[str, Any]:
    link = f"https://www.chess.com/game/live/{number}"
    moves = f"1. e4 {REPLIES[number % len(REPLIES)]} *"
    head = f'[Site "Chess.com"]\n[White "Ann"]\n[Black "Bob"]\n[Link "{link}"]\n'
    return chesscom_player.game(number, pgn=f"{head}\n{moves}")


@pytest.fixture
def lichess_site() -> LichessSite:
    listed: list[dict[str, Any] | bytes] = [lichess_game(number) for number in range(1, 8)]
    # Two games of one moment, a variant, and a line that is none, just where it goes on later.
    listed[4] = lichess_game(5, createdAt=lichess_game(4)["createdAt"])
    listed += [lichess_game(8, variant="atomic"), b'{"id":']
    return LichessSite("Ann", listed)


@pytest.fixture
def lichess(
    lichess_site: LichessSite,
    bench: Bench,
    socket_enabled: None,  # noqa: ARG001
) -> Iterator[Replay]:
    with serving(lichess_site) as replay:
        bench.access = SiteAccess(lichess_base=replay.base, user_agent="chess-analytics/1")
        yield replay


@pytest.fixture
def chesscom_site() -> ChesscomSite:
    month, game = chesscom_player.month, chesscom_game
    months = {
        "2025/01": month(*map(game, range(1, 6))),
        # Chess.com has the last game of a month in the next one, too.
        "2025/02": month(game(5), {**game(6), "rules": "bughouse"}, *map(game, range(7, 13))),
        "2025/03": month(game(13), {"url": "https://www.chess.com/game/live/14", "pgn": "1. Nf9"}),
    }
    site = ChesscomSite("ann", months)
    site.listed = ["not the address of a month"]
    return site


@pytest.fixture
def chesscom(
    chesscom_site: ChesscomSite,
    bench: Bench,
    socket_enabled: None,  # noqa: ARG001
) -> Iterator[Replay]:
    with serving(chesscom_site) as replay:
        bench.access = SiteAccess(chesscom_base=replay.base, user_agent="chess-analytics/1")
        bench.now_ms = chesscom_player.NOW_MS
        yield replay


def link(bench: Bench, site: Site, name: str = "Ann") -> int:
    with bench.store.writing() as connection:
        return link_player(connection, bench.user_id, site, name, now_ms=bench.now_ms).id


def begin(bench: Bench, player_id: int) -> int:
    with bench.store.writing() as connection:
        started = start_sync(connection, bench.user_id, player_id, now_ms=bench.now_ms)
    assert started is not None
    return started.id


def sync(bench: Bench, player_id: int) -> Any:
    """Fetch a player's games, and give the import when it has ended."""
    import_id = begin(bench, player_id)
    bench.worker().run_waiting()
    return bench.look(import_id)


LICHESS_COUNTS = Counts(
    added=7, set_aside=1, broken=1,
    reasons={"variant: Atomic": 1, "this line is not a whole JSON object": 1},
)  # fmt: skip
CHESSCOM_COUNTS = Counts(
    added=12, already_there=1, set_aside=1, broken=2,
    reasons={
        "variant: Bughouse": 1,
        "this is not the address of a month": 1,
        "a written move is not a legal move here": 1,
    },
)  # fmt: skip


def test_all_games_of_lichess_come_and_are_the_users_own(bench: Bench, lichess: Replay) -> None:
    player_id = link(bench, Site.LICHESS)
    found = sync(bench, player_id)
    assert (found.state, found.error) == (ImportState.DONE, None)
    assert found.counts == LICHESS_COUNTS
    assert found.bytes_read > 1000
    assert bench.site_ids() == [f"game{number:04}" for number in range(1, 8)]
    with bench.store.reading() as connection:
        owners = set(connection.execute(select(games.c.player_id)).scalars())
        player = find_player(connection, bench.user_id, player_id)
    assert owners == {player_id}
    assert player
    assert player.synced_ms == bench.now_ms
    assert lichess.asked[0].headers["user-agent"] == "chess-analytics/1 (username: Ann)"


def test_the_operators_contact_goes_before_the_players_name(bench: Bench, lichess: Replay) -> None:
    bench.contact = "ops@chess.example"
    sync(bench, link(bench, Site.LICHESS))
    assert (
        lichess.asked[0].headers["user-agent"] == "chess-analytics/1 (contact: ops@chess.example)"
    )


def test_a_second_sync_counts_what_is_new_and_nothing_else(
    bench: Bench, lichess: Replay, lichess_site: LichessSite
) -> None:
    player_id = link(bench, Site.LICHESS)
    sync(bench, player_id)
    assert sync(bench, player_id).counts == Counts()
    lichess_site.games += [lichess_game(9), b"[]", lichess_game(10)]
    assert sync(bench, player_id).counts == Counts(
        added=2, broken=1, reasons={"this line is not a game as Lichess exports it": 1}
    )
    assert sync(bench, player_id).counts == Counts()
    # Each time it is asked for what is younger than the last game.
    since = [int(asked.params["since"]) for asked in lichess.asked[1:]]
    assert since == [lichess_game(number)["createdAt"] for number in (8, 8, 10)]


def test_games_that_were_being_played_come_when_they_are_over(
    bench: Bench, lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [lichess_game(1, status="started"), lichess_game(2)]
    player_id = link(bench, Site.LICHESS)
    assert sync(bench, player_id).counts == Counts(added=1)
    lichess_site.games[0] = lichess_game(1)
    assert sync(bench, player_id).counts == Counts(added=1)
    assert sync(bench, player_id).counts == Counts()
    assert bench.site_ids() == ["game0002", "game0001"]
    assert [asked.method for asked in lichess.asked] == ["GET", "POST", "GET", "GET"]


def test_games_of_lichess_that_a_file_brought_are_there_already(
    bench: Bench, lichess: Replay, lichess_site: LichessSite
) -> None:
    assert lichess.asked == []
    lines = [json.dumps(game) for game in lichess_site.games[:3]]
    bench.imported("\n".join(lines), "games.ndjson")
    found = sync(bench, link(bench, Site.LICHESS))
    assert (found.counts.added, found.counts.already_there) == (4, 3)


def test_analyses_of_lichess_come_along(
    bench: Bench, lichess: Replay, lichess_site: LichessSite
) -> None:
    assert lichess.base
    lichess_site.games[0] = lichess_game(1, analysis=[{"eval": 20}, {"eval": 30}])
    sync(bench, link(bench, Site.LICHESS))
    with bench.store.reading() as connection:
        engines = connection.execute(select(runs.c.engine)).scalars().all()
    assert engines == ["lichess server analysis"]


def test_all_games_of_chesscom_come_and_the_one_in_two_months_once(
    bench: Bench, chesscom: Replay
) -> None:
    found = sync(bench, link(bench, Site.CHESSCOM))
    assert (found.state, found.error) == (ImportState.DONE, None)
    assert found.counts == CHESSCOM_COUNTS
    assert bench.site_ids() == [str(number) for number in range(1, 14) if number != 6]
    assert len(chesscom.asked) == 4


def test_a_second_sync_of_chesscom_reads_only_the_months_that_have_changed(
    bench: Bench, chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    player_id = link(bench, Site.CHESSCOM)
    sync(bench, player_id)
    chesscom_site.listed = []
    assert sync(bench, player_id).counts == Counts()
    chesscom_site.months["2025/03"] = chesscom_player.month(chesscom_game(13), chesscom_game(15))
    assert sync(bench, player_id).counts == Counts(added=1, already_there=1)
    paths = [asked.path.rpartition("games/")[2] for asked in chesscom.asked[4:]]
    assert paths == ["archives", "2025/02", "2025/03"] * 2


def test_what_is_wrong_with_the_list_of_months_is_told_each_time(
    bench: Bench, chesscom: Replay
) -> None:
    assert chesscom.base
    player_id = link(bench, Site.CHESSCOM)
    sync(bench, player_id)
    found = sync(bench, player_id)
    assert found.counts == Counts(broken=1, reasons={"this is not the address of a month": 1})


@pytest.mark.parametrize("before_commit", [True, False])
@pytest.mark.parametrize("batch", [2, 200])
@pytest.mark.parametrize(
    ("site", "counts"), [(Site.LICHESS, LICHESS_COUNTS), (Site.CHESSCOM, CHESSCOM_COUNTS)]
)
def test_killed_at_any_commit_a_sync_ends_with_the_right_counts(
    bench: Bench,
    request: pytest.FixtureRequest,
    site: Site,
    counts: Counts,
    batch: int,
    before_commit: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    request.getfixturevalue(str(site))
    bench.batch = batch
    expected: list[str | None] | None = None
    killed = 0
    for number in range(1, 99):
        bench.user_id = bench.add_user(f"user{batch}{before_commit}{number}")
        player_id = link(bench, site)
        import_id = begin(bench, player_id)
        if not bench.dies_at(number, before_commit=before_commit):
            expected = bench.site_ids()
            break
        killed += 1
        assert bench.adds_up(import_id)
        bench.restart()
        found = bench.look(import_id)
        assert (found.state, found.counts) == (ImportState.DONE, counts), number
        assert len(bench.site_ids()) == counts.added, number
        assert len(set(bench.site_ids())) == counts.added, number
    assert killed >= 4
    assert expected
    assert len(expected) == counts.added


@pytest.mark.parametrize("before_commit", [True, False])
def test_killed_twice_a_sync_still_ends_with_the_right_counts(
    bench: Bench, chesscom: Replay, *, before_commit: bool
) -> None:
    assert chesscom.base
    bench.batch = 2
    for first in range(2, 9):
        bench.user_id = bench.add_user(f"user{before_commit}{first}")
        import_id = begin(bench, link(bench, Site.CHESSCOM))
        assert bench.dies_at(first, before_commit=before_commit)
        bench.now_ms += 120_000
        bench.worker().recover()
        assert bench.dies_at(4, before_commit=before_commit)
        bench.restart()
        assert bench.look(import_id).counts == CHESSCOM_COUNTS, first
        assert len(bench.site_ids()) == CHESSCOM_COUNTS.added


def test_a_site_that_stays_busy_ends_the_import_and_the_next_one_goes_on(
    bench: Bench, lichess: Replay, lichess_site: LichessSite
) -> None:
    size = len(json.dumps(lichess_site.games[0])) + 1
    lichess.faults.extend([cut(3 * size + 5), *[refused(429)] * 6])
    player_id = link(bench, Site.LICHESS)
    found = sync(bench, player_id)
    assert found.state is ImportState.FAILED
    assert "Start the import again in 15 minutes" in (found.error or "")
    assert found.counts == Counts(added=3)
    with bench.store.reading() as connection:
        player = find_player(connection, bench.user_id, player_id)
    assert player
    assert player.synced_ms is None
    lichess.faults.clear()
    assert sync(bench, player_id).counts == Counts(
        added=4, set_aside=1, broken=1, reasons=LICHESS_COUNTS.reasons
    )


def test_a_player_whom_the_site_does_not_know_is_told(bench: Bench, lichess: Replay) -> None:
    assert lichess.base
    found = sync(bench, link(bench, Site.LICHESS, "Nobody"))
    assert found.state is ImportState.FAILED
    assert "Lichess has no player 'Nobody'" in (found.error or "")


def test_a_month_that_fails_is_told_and_comes_the_next_time(
    bench: Bench, chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    chesscom_site.listed = []
    chesscom.faults.extend([lambda reply: reply, lambda reply: reply, *[refused(503)] * 6])
    player_id = link(bench, Site.CHESSCOM)
    found = sync(bench, player_id)
    assert found.state is ImportState.DONE
    assert found.counts.reasons["this month did not come"] == 1
    assert found.counts.added == 6
    assert sync(bench, player_id).counts.added == 6


def test_a_player_who_is_unlinked_while_their_games_come_keeps_them(
    bench: Bench, chesscom: Replay
) -> None:
    assert chesscom.base
    bench.batch = 2
    player_id = link(bench, Site.CHESSCOM)
    import_id = begin(bench, player_id)

    def unlink() -> None:
        with bench.store.writing() as connection:
            assert unlink_player(connection, bench.user_id, player_id, now_ms=bench.now_ms)

    bench.meanwhile(lambda: len(bench.site_ids()) >= 4, unlink)
    bench.worker().run_waiting()
    found = bench.look(import_id)
    assert (found.state, found.player_id) == (ImportState.CANCELLED, None)
    assert found.counts.added == len(bench.site_ids()) >= 4
    with bench.store.reading() as connection:
        owners = set(connection.execute(select(games.c.player_id, games.c.color)).all())
    assert {tuple(owner) for owner in owners} == {(None, None)}


def test_two_syncs_of_one_player_are_one(bench: Bench) -> None:
    player_id = link(bench, Site.LICHESS)
    assert begin(bench, player_id) == begin(bench, player_id)
