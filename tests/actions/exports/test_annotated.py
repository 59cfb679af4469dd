"""Annotated PGN of a review, read back by python-chess."""

import io

import chess.pgn

from chess_analytics.actions.exports.annotated import annotated_pgn
from tests.actions.exports.reviews import EVALS, reviewed


def _read_back(text: str) -> tuple[chess.pgn.Game, list[chess.pgn.ChildNode]]:
    parsed = chess.pgn.read_game(io.StringIO(text))
    assert parsed
    assert not parsed.errors
    return parsed, list(parsed.mainline())


def test_each_judged_move_has_its_glyph_and_its_words() -> None:
    review, run = reviewed(white="Ana", black="Ben")
    parsed, nodes = _read_back(annotated_pgn(review, run))
    glyphs = {"inaccuracy": 6, "mistake": 2, "blunder": 4}
    judged = 0
    for move, node in zip(review.moves, nodes, strict=True):
        if move.judgment:
            judged += 1
            assert glyphs[move.judgment] in node.nags
            assert f"{move.judgment.value.capitalize()}." in node.comment
    assert judged >= 2
    assert parsed.headers["White"] == "Ana"


def test_every_move_has_its_evaluation() -> None:
    review, run = reviewed()
    _, nodes = _read_back(annotated_pgn(review, run))
    scores = [node.eval() for node in nodes]
    assert [score.white().score() for score in scores if score] == list(EVALS)


def test_headers_tell_who_judged_and_how_well_they_played() -> None:
    review, run = reviewed()
    parsed, _ = _read_back(annotated_pgn(review, run))
    assert parsed.headers["Annotator"] == "chess-analytics (input)"
    assert review.opening
    assert parsed.headers["ECO"] == review.opening.eco
    assert parsed.headers["BlackAccuracy"] == f"{review.black.accuracy:.1f}"


def test_a_players_own_comment_stays() -> None:
    review, run = reviewed("1. e4 { my favourite } e5", evals=(30, 30))
    _, nodes = _read_back(annotated_pgn(review, run))
    assert "my favourite" in nodes[0].comment
