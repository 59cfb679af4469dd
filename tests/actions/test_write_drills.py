"""Drills for other programs: PGN that any board reads, and lines that Anki reads."""

import csv
import io

import chess
import chess.pgn
import pytest

from chess_analytics.actions.write_drills import write_drills_anki, write_drills_pgn
from chess_analytics.store.drills import suspend_drill
from chess_analytics.store.session import Store
from tests.accounts import DAY_MS, signed_up
from tests.drills import answer, keep_drill, keep_mistaken_game


@pytest.fixture
def ada(store: Store) -> int:
    """Give a user with one drill, missed twice, to which Bb5 is an answer as well."""
    user_id = signed_up(store, "ada").id
    keep_mistaken_game(store, user_id)
    names = {"white": "ada", "black": 'Bob "<b>\t\n{x}"'}
    drill_id = keep_drill(store, user_id, played_ms=20_000 * DAY_MS, **names)
    answer(store, user_id, drill_id, "Bb5", worth=20)
    answer(store, user_id, drill_id, "Bc4", worth=-200)
    return user_id


def test_a_drill_is_a_game_from_its_position(store: Store, ada: int) -> None:
    text = io.StringIO("".join(write_drills_pgn(store, ada)))
    parsed = chess.pgn.read_game(text)
    assert parsed is not None
    assert not parsed.errors
    assert (parsed.headers["White"], parsed.headers["Date"]) == ("ada", "2024.10.04")
    assert parsed.board().turn is chess.WHITE
    assert [node.san() for node in parsed.variations] == ["a3", "Bb5", "Ba6"]
    assert parsed.variations[1].comment == "As good."
    assert parsed.variations[2].nags == {4}
    comment = " ".join(parsed.comment.split())
    assert "White to move. You played Ba6 against Bob" in comment
    assert comment.endswith("2 games in all.")
    assert chess.pgn.read_game(text) is None


def test_a_card_is_one_line_with_the_board_in_front(store: Store, ada: int) -> None:
    text = "".join(write_drills_anki(store, ada))
    head, cards = text.split("#tags column:4\n")
    assert head.splitlines()[:2] == ["#separator:tab", "#html:true"]
    (card,) = csv.reader(cards.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    key, front, back, tags = card
    assert key.startswith("chess-analytics-")
    assert front.startswith("<svg ")
    assert front.endswith("<div>White to move.</div>")
    assert "<b>1. a3</b><br>As good: Bb5<br>You played Ba6 against Bob" in back
    assert "&lt;b&gt;" in back
    assert tags == "chess-analytics"
    # Who imports again gets no card twice.
    assert "".join(write_drills_anki(store, ada)) == text


def test_drills_that_were_set_aside_are_left_out(store: Store, ada: int) -> None:
    with store.writing() as connection:
        suspend_drill(connection, ada, 1, is_suspended=True)
    assert "".join(write_drills_pgn(store, ada)) == ""
    assert "<svg" not in "".join(write_drills_anki(store, ada))
