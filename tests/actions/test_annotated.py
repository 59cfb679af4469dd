"""Annotated PGN: what is ours is added, what is the author's stays."""

import io

import pytest

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.exports.annotated import annotated_pgn
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.games.model import Game
from chess_analytics.games.pgn import read_pgn
from chess_analytics.review.judge import judge_game
from tests.builders import game

EVALUATED = "1. e4 { [%eval 0.3] } e5 { [%eval 0.2] } 2. Ke2 { [%eval -0.9] } Nf6 { [%eval -0.8] }"


def annotated(line: Game) -> Game:
    """Export by the game's own evaluations, and read the export."""
    run = supplied_run(line)
    assert isinstance(run, Run)
    text = annotated_pgn(judge_game(line, run.evaluations), run)
    (again,) = read_pgn(io.StringIO(text), "annotated.pgn")
    assert isinstance(again, Game)
    return again


def test_opening_and_annotator_are_filled_in_where_they_are_absent() -> None:
    headers = annotated(game(EVALUATED, tags={"ECO": "?"})).headers
    assert headers["ECO"] == "C20"
    assert headers["Opening"].startswith("Bongcloud")
    assert headers["Annotator"] == "chess-analytics (input)"


@pytest.mark.parametrize("tag", ["ECO", "Opening"])
def test_the_authors_opening_stays(tag: str) -> None:
    assert annotated(game(EVALUATED, tags={tag: "the author's"})).headers[tag] == "the author's"


def test_a_second_export_adds_nothing() -> None:
    once = annotated(game(EVALUATED, tags={"Annotator": "Kasparov"}))
    assert once.headers["Annotator"] == "Kasparov; chess-analytics (input)"
    again = annotated(once)
    assert (again.pgn, again.headers) == (once.pgn, once.headers)
