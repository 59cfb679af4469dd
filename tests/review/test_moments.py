from collections.abc import Sequence
from typing import Any

import pytest

from chess_analytics.review.judge import Review, judge_game
from chess_analytics.review.moments import Moment
from tests.builders import game
from tests.review.evaluations import Value, each

# Knights that go out and back: any evaluation will do.
SHUFFLE = "1. Nf3 Nf6 2. Ng1 Ng8 3. Nc3 Nc6 4. Nb1 Nb8 5. Nf3 Nf6 6. Ng1 Ng8 7. Nc3 Nc6"


def reviewed(values: Sequence[Value | None], **details: Any) -> Review:
    words = SHUFFLE.split()
    text = " ".join(words[: len(values) - 1 + len(values) // 2])
    return judge_game(game(text, **details), each(*values))


def plies(moments: Sequence[Moment]) -> list[int]:
    return [moment.ply for moment in moments]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # White was better and is not; nobody was better and Black is; White was and Black is.
        ((150, 0, 0), [1]),
        ((0, -150, -150), [1]),
        ((150, -150, -150), [1]),
        ((0, 0, 200), [2]),
        # White stays better, or Black stays so.
        ((900, 200, 200), []),
        ((-150, -600, -600), []),
        # What changes hands slowly has no turning point.
        ((0, -60, -60, -120, -120), []),
    ],
)
def test_a_turning_point_is_a_great_loss_that_changed_who_is_better(
    values: tuple[int, ...], expected: list[int]
) -> None:
    assert plies(reviewed(values).turning_points) == expected


def test_only_the_five_greatest_turning_points_are_named_in_the_order_of_play() -> None:
    values = (0, -140, 140, -300, 300, -400, 400, -500, 500)
    assert plies(reviewed(values).turning_points) == [4, 5, 6, 7, 8]


def test_a_moment_carries_its_numbers() -> None:
    moment = reviewed((150, 0, 0)).turning_points[0]
    assert (moment.kind, moment.side) == ("turning point", "white")
    numbers = {name: round(float(value), 1) for name, value in moment.numbers}
    assert numbers == {"win_before": 63.5, "win_after": 50.0, "loss": 13.5}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((500, 100, 100), [1]),
        ((500, 480, 100), []),
        # It stays winning, or was never.
        ((900, 500, 500), []),
        ((300, 0, 0), []),
        # It slips below the line, but not by much.
        ((440, 330, 330), []),
        # A short mate counts though the game stays won, a long one does not.
        (("#3", 1500, 1500), [1]),
        (("#9", 1500, 1500), []),
        (("#9", 100, 100), [1]),
        ((0, "#-2", -900), [2]),
    ],
)
def test_a_win_is_missed_when_it_is_there_and_then_is_not(
    values: tuple[Value, ...], expected: list[int]
) -> None:
    assert plies(reviewed(values).missed_wins) == expected


def test_a_missed_mate_says_in_how_many_moves() -> None:
    assert dict(reviewed(("#3", 1500, 1500)).missed_wins[0].numbers)["mate"] == 3


@pytest.mark.parametrize(
    ("control", "clocks", "expected"),
    [
        ("300+0", [29.9], [1]),
        ("300+0", [30.0], []),
        ("300+5", [2.0], [1]),
        ("60+0", [7.0], []),
        ("300+0", [None], []),
        ("1/259200", [100.0], []),
        ("-", [1.0], []),
        ("?", [1.0], []),
    ],
)
def test_an_error_in_time_trouble_needs_a_clock_below_a_tenth_of_the_time(
    control: str, clocks: list[float | None], expected: list[int]
) -> None:
    found = reviewed((0, -300, -300), tags={"TimeControl": control}, clocks=clocks)
    assert plies(found.time_trouble_errors) == expected


def test_an_inaccuracy_in_time_trouble_is_not_worth_naming() -> None:
    found = reviewed((0, -60, -60), tags={"TimeControl": "300+0"}, clocks=[5.0])
    assert found.moves[0].judgment == "inaccuracy"
    assert found.time_trouble_errors == ()
