"""The small picture of a game: whose chances, which marks, what is read aloud."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from chess_analytics.actions.exports.graph import graph_svg, white_chances
from tests.actions.exports.reviews import reviewed


def test_the_chances_are_whites_whoever_moves() -> None:
    review, _ = reviewed()
    chances = white_chances(review)
    assert len(chances) == len(review.moves) + 1
    for move, before, after in zip(review.moves, chances, chances[1:], strict=False):
        own = (before, after) if move.side.color else (100 - before, 100 - after)
        assert own == pytest.approx((move.win_before, move.win_after))
    assert chances[4] > chances[3]  # Black's king walk raises White's chance.


def test_a_graph_marks_each_judged_move_once() -> None:
    review, _ = reviewed()
    judged = [move.judgment.value for move in review.moves if move.judgment]
    picture = ET.fromstring(graph_svg(review, "A game"))  # noqa: S314 - it is our own
    marks = [part.get("class") for part in picture if part.get("class") in set(judged)]
    assert sorted(map(str, marks)) == sorted(judged)
    assert "blunder" in judged


def test_what_is_read_aloud_is_escaped() -> None:
    words = "\"><script>alert(1)</script> & <b>'Ana'</b>"
    picture = ET.fromstring(graph_svg(reviewed()[0], words))  # noqa: S314 - it is our own
    assert picture.get("aria-label") == words
    assert picture.get("role") == "img"


def test_a_game_without_moves_has_no_graph() -> None:
    review, _ = reviewed()
    empty = replace(review, moves=())
    assert white_chances(empty) == []
    assert not graph_svg(empty, "nothing")
