"""``drills``: what is due, solved in the terminal, and taken elsewhere."""

import json

import pytest
from typer.testing import CliRunner

from chess_analytics.cli.main import build_app
from chess_analytics.games.model import Side
from tests.accounts import signed_up
from tests.cli.commands import Home
from tests.cli.libraries import Desk
from tests.drills import drills_of, keep_mistaken_game
from tests.library import MOVES, keep_game, keep_run, link_player


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    """Give a machine with an analysed game of ada's on it, in which she has erred."""
    desk = Desk(home, database_url)
    with desk.library() as store:
        ada = signed_up(store, "ada").id
        keep_mistaken_game(store, ada, white="ada", black="\x1b[2JBob")
    return desk


def run(desk: Desk, *words: str, feed: str | None = None) -> tuple[str, str]:
    """Run the command in this process: each start of one costs a second."""
    runner = CliRunner(env={**desk.home.environment, **desk.settings})
    ended = runner.invoke(build_app("drills"), ["drills", *words], input=feed)
    assert ended.exit_code == 0, ended.output
    return ended.stdout, ended.stderr


def test_what_is_due_is_listed_and_nothing_gives_orders_to_the_terminal(desk: Desk) -> None:
    out, _ = run(desk, "list")
    assert out.split()[:4] == ["1", "new", "white", "missed"]
    assert "r1bqkbnr/pppp1ppp/2n5/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R w KQkq - 0 1" in out
    assert "ada - \ufffd[2JBob" in out
    (drill,) = map(json.loads, run(desk, "list", "--json")[0].splitlines())
    assert (drill["is_new"], drill["mistakes"][0]["san"]) == (True, "Ba6")


def test_a_drill_is_solved_by_typing(desk: Desk) -> None:
    ended = desk.run("drills", "solve", feed="Ke5\nBa6\na3\n")
    assert ended.code == 0, ended.err
    assert "1 analysed games read for mistakes" in ended.err
    assert "8  r . b q k b n r\n" in ended.err
    for told in (
        "'Ke5' is no legal move here",
        "not this: 37 points",
        "right. a3; you played Ba6 in ada - \ufffd[2JBob (game 1). This was practice",
    ):
        assert told in ended.err.replace("\n", " ")
    with desk.library() as store:
        (drill,) = drills_of(store, 1)
        assert drill.begun_ms is not None


@pytest.mark.parametrize(
    ("typed", "is_begun", "is_suspended", "is_put_off"),
    [
        ("?\n", True, False, True),
        ("skip\n", False, False, True),
        ("aside\n", False, True, False),
        ("quit\n", False, False, False),
        ("\n", False, False, False),
    ],
)
def test_drills_are_shown_skipped_and_set_aside(
    home: Home, typed: str, is_begun: object, is_suspended: object, is_put_off: object
) -> None:
    desk = Desk(home, None)
    with desk.library() as store:
        keep_mistaken_game(store, signed_up(store, "ada").id)
    run(desk, "solve", feed=typed)
    with desk.library() as store:
        (drill,) = drills_of(store, 1)
    assert (drill.begun_ms is not None) is is_begun
    assert drill.is_suspended is is_suspended
    assert (drill.due_ms > 0) is is_put_off


def test_drills_of_some_moves_are_asked_alone(home: Home) -> None:
    desk = Desk(home, None)
    with desk.library() as store:
        ada = signed_up(store, "ada").id
        seen_by = (link_player(store, ada, "ada_plays"), Side.WHITE)
        for opponent, played in (("Bob", MOVES), ("Cyd", MOVES.replace("Nc6", "d6"))):
            kept = keep_game(store, ada, played, black=opponent, seen_by=seen_by)
            keep_run(store, kept, played)
    out, told = run(desk, "list", "--only", "opponent=Cyd", "--only", "phase=opening|middlegame")
    assert "Cyd" in out
    assert "Bob" not in out
    assert "0 due, 1 new today, 1 in all" in told
    assert len(run(desk, "list")[0].splitlines()) == 2
    assert "no drill comes from such moves" in run(desk, "solve", "--only", "phase=endgame")[1]
    assert "no drill comes from such moves" in run(desk, "list", "--since", "2999-01-01")[1]


def test_drills_are_exported_for_boards_and_for_anki(desk: Desk) -> None:
    assert '[Event "Drill 1"]' in run(desk, "export", "-")[0]
    assert run(desk, "export", "-", "--format", "anki")[0].startswith("#separator:tab\n")
    path = desk.home.folder / "drills.pgn"
    run(desk, "export", str(path))
    assert "1. a3" in path.read_text(encoding="utf-8")


def test_who_has_no_drills_is_told_where_they_come_from(home: Home) -> None:
    desk = Desk(home, None)
    with desk.library() as store:
        keep_game(store, signed_up(store, "ada").id)
    ended = desk.run("drills", "solve")
    assert (ended.code, ended.out) == (0, "")
    assert "no drills yet" in ended.err
