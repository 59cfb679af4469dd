"""Evaluations that came with the games: taken over, or refused with a reason."""

from dataclasses import replace

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.judge_supplied import NotEnough, supplied_run
from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Game, SuppliedEvaluation
from tests.builders import game


def _with_best(base: Game, ply: int, best: str, *variation: str) -> Game:
    moves = list(base.moves)
    given = moves[ply - 1].supplied
    assert given
    better = SuppliedEvaluation(given.cp, given.mate, best=best, variation=variation)
    moves[ply - 1] = replace(moves[ply - 1], supplied=better)
    return replace(base, moves=tuple(moves))


def test_each_evaluation_stands_after_its_move() -> None:
    run = supplied_run(game("1. e4 e5 2. Nf3", evals=[30, -20, "#-3"]))
    assert isinstance(run, Run)
    assert [item.score if item else None for item in run.evaluations] == [
        None,
        Score(cp=30),
        Score(cp=-20),
        Score(mate=-3),
    ]
    assert (run.engine, run.profile, run.nodes) == ("input", None, 0)


def test_the_better_line_of_the_source_belongs_to_the_position_before_the_move() -> None:
    judged = _with_best(
        game("1. e4 e5 2. Ke2", evals=[30, 20, -90]), 3, "g1f3", "Nf3", "Nc6", "Bb5"
    )
    run = supplied_run(judged)
    assert isinstance(run, Run)
    before = run.evaluations[2]
    assert before
    assert before.score == Score(cp=20)
    assert before.line.moves == ("g1f3", "b8c6", "f1b5")


def test_a_line_that_cannot_be_played_leaves_its_first_move() -> None:
    judged = _with_best(game("1. e4 e5", evals=[30, 20]), 2, "c7c5", "Nf9")
    run = supplied_run(judged)
    assert isinstance(run, Run)
    assert run.evaluations[1]
    assert run.evaluations[1].line.moves == ("c7c5",)


def test_a_better_first_move_of_the_game_is_kept_too() -> None:
    judged = _with_best(game("1. g4 e5", evals=[-90, -90]), 1, "e2e4", "e4")
    run = supplied_run(judged)
    assert isinstance(run, Run)
    assert run.evaluations[0]
    assert run.evaluations[0].best == "e2e4"


def test_a_mate_on_the_board_needs_no_evaluation() -> None:
    run = supplied_run(game("1. f3 e5 2. g4 Qh4#", evals=[0, -40, "#-1", None]))
    assert isinstance(run, Run)
    assert run.evaluations[-1] is None


def test_a_game_without_evaluations_is_refused_in_words() -> None:
    assert supplied_run(game("1. e4 e5")) == NotEnough("no evaluations come with the game")


def test_a_game_with_holes_names_their_plies() -> None:
    lacking = supplied_run(game("1. e4 e5 2. Nf3 Nc6", evals=[30, None, 20, None]))
    assert lacking == NotEnough("its evaluations are incomplete", "none after ply 2, 4")


def test_many_holes_are_counted() -> None:
    long = game("1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O", evals=[30])
    assert supplied_run(long) == NotEnough(
        "its evaluations are incomplete", "none after ply 2, 3, 4, 5, 6 and 3 more"
    )
