"""Which mistakes become drills, and as which position."""

from typing import Any

import chess
import pytest

from chess_analytics.engine.evaluation import Evaluation, Score
from chess_analytics.games.model import Side, Variant
from chess_analytics.review.judge import cases_of
from chess_analytics.review.replay import replay
from chess_analytics.review.thresholds import LICHESS
from chess_analytics.training.drill import AnswerRefused, DrillPosition, Mistake
from chess_analytics.training.selection import find_mistakes
from tests.builders import game
from tests.review.evaluations import Value, known, line

MOVES = "1. e4 e5 2. Nf3 f6 3. Nc3 Nc6"


def mistakes(
    before: Evaluation, after: Value, *, side: Side = Side.BLACK, text: str = MOVES, **details: Any
) -> list[Mistake]:
    """Find what is to be trained of a game whose fourth ply has these evaluations around it."""
    played = replay(game(text, **details))
    rest = [known(after)] * (len(played.steps) - 3)
    evaluations = [None, known(30), known(30), before, *rest]
    return find_mistakes(cases_of(played, evaluations), side, LICHESS)


def test_a_blunder_becomes_a_drill_of_the_position_before_it() -> None:
    (found,) = mistakes(known(30, "b8c6 f1b5"), 300)
    board = chess.Board()
    for san in ("e4", "e5", "Nf3"):
        board.push_san(san)
    assert found.position == DrillPosition(Variant.STANDARD, f"{board.epd()} 0 1")
    assert (found.position.side, found.ply, found.judgment) == (Side.BLACK, 4, "blunder")
    assert (found.played.uci, found.played.score) == ("f7f6", Score(cp=300))
    assert (found.best.uci, found.best.score) == ("b8c6", Score(cp=30))
    assert found.line == ("b8c6", "f1b5")
    assert found.position.sans(found.line) == ("Nc6", "Bb5")
    assert found.loss == pytest.approx(22.4, abs=0.1)


def test_the_other_sides_mistakes_are_not_ones_own() -> None:
    assert mistakes(known(30, "b8c6"), 300, side=Side.WHITE) == []


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (known(30, "b8c6"), 110, "an inaccuracy only"),
        (known(30), 300, "nobody knows what was better"),
        (known(30, "f7f6"), 300, "the engine would have played it"),
        (known(240, "b8c6"), 900, "the game was lost before"),
        (known(-900, "b8c6"), -380, "the game is won all the same"),
        (known("#-3", "b8c6"), -900, "a mate missed in a game that is won all the same"),
    ],
)
def test_what_teaches_nothing_is_no_drill(before: Evaluation, after: Value, why: str) -> None:
    assert mistakes(before, after) == [], why


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (known(220, "b8c6"), 600),
        (known(-900, "b8c6"), -360),
        (known("#-3", "b8c6"), 0),
        (known(30, "b8c6"), "#4"),
    ],
)
def test_open_games_and_wins_that_were_missed_are_drills(before: Evaluation, after: Value) -> None:
    assert len(mistakes(before, after)) == 1


def test_a_second_line_of_the_analysis_is_kept() -> None:
    second = line(35, "d7d6")
    (found,) = mistakes(known(30, "b8c6", second=second), 300)
    assert [(move.uci, move.score) for move in found.others] == [("d7d6", Score(cp=35))]
    (found,) = mistakes(known(30, "b8c6", second=line(300, "f7f6")), 300)
    assert found.others == ()


def test_ways_to_a_position_do_not_matter_but_castling_and_en_passant_do() -> None:
    def after(*sans: str) -> DrillPosition:
        board = chess.Board()
        for san in sans:
            board.push_san(san)
        return DrillPosition.of(board)

    assert after("Nf3", "Nf6", "Nc3", "Nc6") == after("Nc3", "Nc6", "Nf3", "Nf6")
    assert after("Nf3", "Nf6", "Ng1", "Ng8") == after()
    assert after("e4", "e5") == after("e3", "e6", "e4", "e5")
    assert after("Nf3", "Nf6", "Rg1", "Ng8", "Rh1", "Nf6") != after("Nf3", "Nf6")
    assert after("e4", "a6", "e5", "d5") != after("e4", "a6", "e5", "d6", "a3", "d5")


def test_a_position_that_came_twice_in_a_game_is_one_drill() -> None:
    text = "1. Nf3 Nf6 2. Ng1 Ng8 3. Nf3 Nf6 4. Ng1"
    played = replay(game(text))
    evaluations = [known(0)] + [known(0), known(0, "d2d4"), known(-300), known(-300)] * 2
    evaluations = evaluations[: len(played.steps) + 1]
    found = find_mistakes(cases_of(played, evaluations), Side.WHITE, LICHESS)
    assert [mistake.ply for mistake in found] == [3]


def test_moves_are_read_in_both_spellings_and_only_legal_ones() -> None:
    position = DrillPosition.of(chess.Board())
    assert position.uci(position.move(" g1f3 ")) == position.uci(position.move("Nf3")) == "g1f3"
    for word in ("", "e2e5", "Nf6", "0000", "--", "nonsense"):
        with pytest.raises(AnswerRefused, match="no legal move here"):
            position.move(word)


def test_castling_in_chess960_is_spelled_as_analyses_spell_it() -> None:
    board = chess.Board("1k6/8/8/8/8/8/8/2K3R1 w G - 0 1", chess960=True)
    position = DrillPosition.of(board)
    assert position.variant is Variant.CHESS960
    assert position.uci(position.move("O-O")) == position.uci(position.move("c1g1")) == "c1g1"
    assert position.board().has_kingside_castling_rights(chess.WHITE)
