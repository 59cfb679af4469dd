"""Every game of the input is counted once: passed on, set aside or broken."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.actions.take_in_games import BROKEN_KEPT, Intake
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
    left_out: list[SetAside | Broken] = []
    intake = Intake(["me"], on_left_out=left_out.append)
    passed = list(intake.games(entries))
    assert intake.found == len(entries)
    assert intake.passed_on == len(passed)
    assert intake.found == intake.passed_on + len(left_out)
    assert len(left_out) == sum(intake.reasons().values()) + intake.broken_count
    assert intake.broken_count == entries.count(BROKEN)


def test_names_are_compared_without_regard_to_case() -> None:
    assert list(Intake(["mE"]).games([MINE, NOT_MINE, ALSO_MINE])) == [MINE, ALSO_MINE]


def test_several_names_are_one_player() -> None:
    assert list(Intake(["me", "them"]).games([MINE, NOT_MINE])) == [MINE, NOT_MINE]


def test_the_same_game_again_is_set_aside_with_the_reason() -> None:
    left_out: list[SetAside | Broken] = []
    intake = Intake(on_left_out=left_out.append)
    assert list(intake.games([MINE, replace(MINE, place=Place("y.pgn", 9, 7))])) == [MINE]
    assert intake.reasons() == {"the same game as an earlier one": 1}
    assert left_out[0].place == Place("y.pgn", 9, 7)


def test_a_game_can_be_taken_back_and_the_counts_still_add_up() -> None:
    intake = Intake()
    (passed,) = intake.games([MINE])
    intake.take_back(passed, "no evaluations come with the game")
    assert (intake.found, intake.passed_on) == (1, 0)
    assert intake.reasons() == {"no evaluations come with the game": 1}


def test_reasons_are_counted_without_their_details() -> None:
    left_out: list[SetAside | Broken] = []
    intake = Intake(on_left_out=left_out.append)
    for passed in intake.games([MINE, ALSO_MINE]):
        intake.take_back(passed, "its evaluations are incomplete", f"none after {passed.place}")
    assert intake.reasons() == {"its evaluations are incomplete": 2}
    assert [entry.detail for entry in left_out if isinstance(entry, SetAside)] == [
        f"none after {MINE.place}",
        f"none after {ALSO_MINE.place}",
    ]


def test_of_many_broken_games_all_are_counted_and_the_first_are_kept() -> None:
    many = [replace(BROKEN, line=line) for line in range(BROKEN_KEPT + 5)]
    left_out: list[SetAside | Broken] = []
    intake = Intake(on_left_out=left_out.append)
    assert list(intake.games(many)) == []
    assert intake.broken_count == len(many)
    assert intake.broken == many[:BROKEN_KEPT]
    assert left_out == many


def test_a_name_is_found_in_either_order_of_its_words() -> None:
    named = game("1. e4", white="Carlsen, Magnus", black="Anand, V")
    assert list(Intake(["Magnus Carlsen"]).games([named, MINE])) == [named]
    assert list(Intake(["viswanathan anand"]).games([named, MINE])) == [named]


def test_the_most_frequent_names_are_known_though_no_game_is_passed_on() -> None:
    intake = Intake(["Nobody"])
    unnamed = game("1. e4 c5", white="?", black="You")
    assert list(intake.games([MINE, NOT_MINE, unnamed, ATOMIC])) == []
    assert intake.most_frequent_names(2) == ["You", "Me"]
    assert intake.most_frequent_names() == ["You", "Me", "Them"]
