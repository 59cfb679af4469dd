"""``jobs``: analysis of the library from the command line."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from chess_analytics.cli.main import build_app
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.job_rows import JobState
from chess_analytics.store.jobs import jobs_before
from chess_analytics.store.runs import runs_of_game
from tests.accounts import DAY_MS, signed_up
from tests.analysing import Hands
from tests.cli.commands import Ended, Home
from tests.cli.libraries import Desk
from tests.library import MOVES, SCHOLARS_MATE, keep_game


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    """Give a machine with two games of ada's on it."""
    desk = Desk(home, database_url)
    with desk.library() as store:
        ada = signed_up(store, "ada").id
        keep_game(store, ada, SCHOLARS_MATE, white="Ann", black="Bob", played_ms=10 * DAY_MS)
        keep_game(store, ada, MOVES, played_ms=20 * DAY_MS)
    return desk


@pytest.fixture
def embedded(home: Home) -> Desk:
    """Give such a machine with SQLite, where a command has to work by itself."""
    desk = Desk(home, None)
    with desk.library() as store:
        ada = signed_up(store, "ada").id
        keep_game(store, ada, SCHOLARS_MATE)
        keep_game(store, ada, MOVES)
    return desk


def run(desk: Desk, *words: str, **settings: Any) -> Ended:
    """Run a command in this process: starting another one takes longer than all it does."""
    environment = {**desk.home.environment, **desk.settings, **settings}
    result = CliRunner().invoke(build_app(), ["jobs", *words], env=environment)
    if isinstance(result.exception, ChessAnalyticsError):
        return Ended(1, result.stdout, f"{result.stderr}{result.exception}")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def working(desk: Desk) -> dict[str, str]:
    return {"CHESS_ANALYTICS_ENGINE": desk.home.engine(), "CHESS_ANALYTICS_WORKERS": "1"}


def state_of(desk: Desk) -> JobState:
    with desk.library() as store, store.reading() as connection:
        (job,) = jobs_before(connection, 1, None, 10)
    return job.state


def test_a_job_is_started_shown_paused_resumed_and_cancelled(desk: Desk) -> None:
    started = run(desk, "start", "--profile", "fast", "--since", "1970-01-15", "--json")
    assert started.code == 0, started.err
    job = json.loads(started.out)
    assert (job["id"], job["state"], job["total"]) == (1, "pending", 1)
    assert job["wanted"] == {"games": {"since_ms": 14 * DAY_MS}, "reanalyse": False}
    refused = run(desk, "start")
    assert (refused.code, refused.out) == (1, "")
    assert "a job is already running" in refused.err
    for words, state in (("pause", "paused"), ("resume", "pending"), ("cancel", "cancelled")):
        ended = run(desk, words, "1", "--json")
        assert ended.code == 0, ended.err
        assert json.loads(ended.out)["state"] == state
    again = run(desk, "resume", "1")
    assert again.code == 1
    assert "start a new job" in again.err
    listed = run(desk, "list")
    assert listed.out.split()[:3] == ["1", "cancelled", "fast"]


def test_failed_games_are_named_with_the_reason_and_tried_again(desk: Desk) -> None:
    assert run(desk, "start").out == "1\n"
    with desk.library() as store:
        hands = Hands(store)
        hands.do(1)
        hands.refuse(hands.begin(), "the text is no game any more")
    shown = run(desk, "show", "1")
    assert shown.out == "     1  completed with failures   standard      1 of 2 games, 1 failed\n"
    assert "failed: game 1: Ann - Bob" in shown.err
    assert "the text is no game any more" in shown.err
    retried = run(desk, "retry", "1", "--json")
    assert json.loads(retried.out)["counts"]["queued"] == 1


def test_with_sqlite_a_command_that_waits_does_the_work(embedded: Desk) -> None:
    ended = run(embedded, "start", "--nodes", "100", "--wait", **working(embedded))
    assert ended.code == 0, ended.err
    assert ended.out.split()[:6] == ["1", "completed", "nodes-100", "2", "of", "2"]
    with embedded.library() as store, store.reading() as connection:
        assert [len(runs_of_game(connection, game_id)) for game_id in (1, 2)] == [1, 1]


def test_a_job_that_was_left_is_taken_up_by_watching_it(embedded: Desk) -> None:
    assert run(embedded, "start", "--nodes", "100").code == 0
    ended = run(embedded, "watch", "1", "--json", **working(embedded))
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["state"] == "completed"
    assert run(embedded, "watch", "1").code == 0


def test_without_an_engine_nobody_waits_for_ever(embedded: Desk) -> None:
    ended = run(embedded, "start", "--wait", CHESS_ANALYTICS_ENGINE="/nowhere/stockfish")
    assert ended.code == 1
    assert "/nowhere/stockfish" in ended.err
    assert state_of(embedded) is JobState.PENDING


def test_refusals_are_told_in_a_sentence_by_the_command_itself(embedded: Desk) -> None:
    ended = embedded.run("jobs", "show", "7")
    assert (ended.code, ended.out) == (1, "")
    assert "ada has no job 7" in ended.err
    assert "Traceback" not in ended.err
