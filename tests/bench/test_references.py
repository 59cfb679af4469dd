"""The references of the measurements: whole, legal, and held out where they say so."""

from bench.reference_games import ReferenceSet, own_files, read_lines, read_references

from chess_analytics.games.fingerprint import moves_key
from chess_analytics.review.judge import judge_game


def test_no_held_out_game_is_among_those_that_the_profiles_were_chosen_with() -> None:
    held_out, others = set[str](), set[str]()
    for each in read_references():
        is_held_out = each.set is ReferenceSet.HELD_OUT
        (held_out if is_held_out else others).add(moves_key(each.game))
    assert others
    assert not held_out & others


def test_no_reference_of_our_own_is_there_twice() -> None:
    names = [record["id"] for file in own_files() for record in read_lines(file)]
    assert len(names) == len(set(names))


def test_every_reference_can_be_judged() -> None:
    for reference in read_references():
        assert len(judge_game(reference.game, reference.evaluations).moves) >= 1
