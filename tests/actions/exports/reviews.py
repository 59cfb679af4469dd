"""Reviews for the tests of this room, made from the evaluations that a small game brings along."""

from typing import Unpack

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.review.judge import Review, judge_game
from tests.builders import Details, game

# Black blunders at once, White gives some of it back, Black the rest.
TEXT = "1. e4 e5 2. Nf3 Ke7 3. Nxe5 d6"
EVALS = (30, 30, 30, 400, 250, 500)


def reviewed(text: str = TEXT, **details: Unpack[Details]) -> tuple[Review, Run]:
    """Judge a game by its own evaluations; without any it gets those of `TEXT`."""
    if "evals" not in details:
        details["evals"] = EVALS
    played = game(text, **details)
    run = supplied_run(played)
    assert isinstance(run, Run), run
    return judge_game(played, run.evaluations), run
