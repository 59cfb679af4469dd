"""What comments tell to programs."""

import pytest

from chess_analytics.games.comments import Notes, better_move, read_notes
from chess_analytics.games.model import SuppliedEvaluation


@pytest.mark.parametrize(
    ("comment", "seconds"),
    [
        ("[%clk 0:10:00]", 600),
        ("[%clk 00:56:04]", 3364),
        ("[%clk 71:59:38]", 259178),
        ("[%clk 0:02:42.4]", 162.4),
        ("[%clk\n0:02:42.4]", 162.4),
        ("[%clk   1:05]", 65),
        ("[%clk 0:01:53.79]", 113.79),
        ("so little time [%eval 0.3] [%clk 0:00:00.1] left", 0.1),
        ("[%clk 0:00:05] [%clk 0:00:04]", 5),
        ("[%clk ]", None),
        ("[%clk soon]", None),
        ("[%clk 0:-1:00]", None),
        ("[%clk 0:01:00", None),
        ("[%clock 0:01:00]", None),
        ("%clk 0:01:00", None),
    ],
)
def test_a_clock_is_read_in_every_way_that_sites_write_it(
    comment: str, seconds: float | None
) -> None:
    assert read_notes(comment).clock_s == seconds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.3,12", SuppliedEvaluation(30, None, 12)),
        ("+1.25", SuppliedEvaluation(125, None)),
        ("-0.07", SuppliedEvaluation(-7, None)),
        ("0.29", SuppliedEvaluation(29, None)),
        (".5", SuppliedEvaluation(50, None)),
        ("3", SuppliedEvaluation(300, None)),
        ("0.0", SuppliedEvaluation(0, None)),
        ("#-3", SuppliedEvaluation(None, -3)),
        ("#+4", SuppliedEvaluation(None, 4)),
        ("#7,20", SuppliedEvaluation(None, 7, 20)),
        ("M2", SuppliedEvaluation(None, 2)),
        ("#0", None),
        ("nan", None),
        ("inf", None),
        ("1e5", None),
        ("--1", None),
        ("0.3;12", None),
        ("9" * 400, None),
    ],
)
def test_an_evaluation_is_read_or_left_out(value: str, expected: SuppliedEvaluation | None) -> None:
    assert read_notes(f"x [%eval {value}] y").supplied == expected


def test_a_comment_for_people_tells_programs_nothing() -> None:
    assert read_notes("A fine move! 12:30") == Notes()


def test_time_spent_is_not_time_left() -> None:
    assert read_notes("[%emt 0:00:12.5] [%clk 0:01:00]") == Notes(clock_s=60, elapsed_s=12.5)


@pytest.mark.parametrize(
    ("comment", "move"),
    [
        ("Inaccuracy. h4 was best.", "h4"),
        ("(8.69 → Mate in 1) Checkmate is now unavoidable. Rb4 was best.", "Rb4"),
        ("Blunder. O-O-O+ was best.", "O-O-O+"),
        ("Blunder. Nf3\nwas\nbest.", "Nf3"),
        ("Mistake. exd8=Q# was best.", "exd8=Q#"),
        ("this was best", None),
        ("x" * 1_000_000 + " best.", None),
        ("h4 " + " " * 1_000_000 + "was best.", "h4"),
        ("", None),
    ],
)
def test_the_better_move_is_found_in_lichess_words(comment: str, move: str | None) -> None:
    assert better_move(comment) == move
