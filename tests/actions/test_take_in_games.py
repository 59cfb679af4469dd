"""Every game of the input is counted once: passed on, set aside or broken."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.actions.take_in_games import Intake
from chess_analytics.games.model import Broken, Entry, Place, SetAside
from tests.builders import game

HERE = Place("x.pgn", 1, 1)
BROKEN = Broken(HERE, "no", 3, {})
ATOMIC = SetAside(HERE, "variant: Atomic", {})
MINE = game("1. e4 e5 2. Nf3", white="Me", black="You")
ALSO_MINE = game("1. d4 d5 2. c4", white="Them", black="ME")
NOT_MINE = game("1. c4", white="You", black="Them")


@given(st.lists(st.sampled_from([BROKEN, ATOMIC, MINE, ALSO_MINE, NOT_MINE])))
def test_the_counts_always_add_up(entries: Sequence[Entry]) -> None:
    intake = Intake(["me"])
    passed = list(intake.games(entries))
    assert intake.found == len(entries)
    assert intake.passed_on == len(passed)
    assert intake.found == intake.passed_on + len(intake.set_aside) + len(intake.broken)
    assert sum(intake.reasons().values()) == len(intake.set_aside)


def test_names_are_compared_without_regard_to_case() -> None:
    assert list(Intake(["mE"]).games([MINE, NOT_MINE, ALSO_MINE])) == [MINE, ALSO_MINE]


def test_several_names_are_one_player() -> None:
    assert list(Intake(["me", "them"]).games([MINE, NOT_MINE])) == [MINE, NOT_MINE]


def test_the_same_game_again_is_set_aside_with_the_reason() -> None:
    intake = Intake()
    assert list(intake.games([MINE, replace(MINE, place=Place("y.pgn", 9, 7))])) == [MINE]
    assert intake.reasons() == {"the same game as an earlier one": 1}
    assert intake.set_aside[0].place == Place("y.pgn", 9, 7)


def test_a_game_can_be_taken_back_and_the_counts_still_add_up() -> None:
    intake = Intake()
    (passed,) = intake.games([MINE])
    intake.take_back(passed, "no evaluations come with the game")
    assert (intake.found, intake.passed_on) == (1, 0)
    assert intake.reasons() == {"no evaluations come with the game": 1}
