"""How agreement is counted: judgments, losses and accuracies, by set of games."""

from dataclasses import replace

import pytest
from bench.agreement import ALL, Agreement, compare, figures
from bench.reference_games import ReferenceSet

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.review.judge import Review, judge_game
from tests.builders import game

FOUR = game("1. e4 e5 2. Nf3 Nc6")


def _review(*centipawns: int) -> Review:
    found = [Evaluation(Line(Score(cp), ("h2h3",)), nodes=10) for cp in centipawns]
    return judge_game(FOUR, [None, *found])


def test_a_run_that_equals_the_reference_agrees_in_everything() -> None:
    found = compare(_review(15, 300, 300, 300), _review(15, 300, 300, 300))
    assert (found.hits, found.false, found.missed, found.same, found.moves) == (1, 0, 0, 4, 4)
    assert found.f1 == 1
    assert found.loss_errors == [0] * 4
    assert found.accuracy_error == 0


def test_another_judgment_is_both_false_and_missed() -> None:
    # Black's first move: a blunder in the reference, an inaccuracy in the run.
    found = compare(_review(15, 100, 100, 100), _review(15, 300, 300, 300))
    assert (found.hits, found.false, found.missed, found.same) == (0, 1, 1, 3)
    assert found.f1 == 0
    assert found.accuracy_errors[1] > 0


def test_a_judgment_where_the_reference_has_none_is_false_only() -> None:
    found = compare(_review(15, 300, 300, 300), _review(15, 15, 15, 15))
    assert (found.hits, found.false, found.missed) == (0, 1, 0)
    assert found.accuracy_errors[1] < 0


def test_errors_of_both_signs_do_not_cancel() -> None:
    total = Agreement(accuracy_errors=[2.0, -2.0])
    assert total.accuracy_error == 2


def test_held_out_games_are_told_apart() -> None:
    right = replace(
        compare(_review(15, 300, 300, 300), _review(15, 300, 300, 300)), nodes=40, positions=4
    )
    wrong = replace(
        compare(_review(15, 15, 15, 15), _review(15, 300, 300, 300)), nodes=80, positions=4
    )
    found = figures(
        {"fast": [right, wrong], "nodes-100000": [wrong, wrong]},
        [ReferenceSet.OWN, ReferenceSet.HELD_OUT],
    )
    assert found[ReferenceSet.OWN]["fast"]["f1"] == 1
    assert found[ReferenceSet.HELD_OUT]["fast"]["f1"] == 0
    assert found[ALL]["fast"]["nodes_a_position"] == 15
    promise = found[ReferenceSet.OWN]["fast against nodes-100000"]
    assert promise["nodes_ratio"] == pytest.approx(0.5)
    assert promise["f1_difference"] == 1


def test_a_set_without_games_has_no_figures() -> None:
    right = replace(compare(_review(15, 15, 15, 15), _review(15, 15, 15, 15)), positions=4)
    assert set(figures({"fast": [right]}, [ReferenceSet.OWN])) == {ALL, "own"}
