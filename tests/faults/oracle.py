"""What a game's analysis has to be: made in this process, where nothing fails."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import chess

from chess_analytics.actions.analyse_game import analyse_game
from chess_analytics.engine.evaluation import (
    Engine,
    EngineIdentity,
    Evaluation,
    Line,
    Score,
    SearchRequest,
)
from chess_analytics.engine.profile import PROFILES, Profile, uniform
from chess_analytics.insights.facts import pack_facts
from chess_analytics.insights.records import PackedFacts
from chess_analytics.review.judge import Review, judge_game
from tests.builders import game
from tests.simulated_engine import DEPTH, NAME, answer


@dataclass(frozen=True, slots=True)
class Expected:
    """All that an analysis leaves behind."""

    evaluations: tuple[Evaluation | None, ...]
    review: Review
    facts: PackedFacts


class SimulatedHere:
    """The simulated engine without a process."""

    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity(NAME, None, (("Threads", "1"), ("Hash", "64")))

    def new_game(self) -> None:
        pass

    def search(self, request: SearchRequest) -> Evaluation:
        board = chess.Board(request.initial_fen, chess960=request.chess960)
        for move in request.moves:
            board.push_uci(move)
        said = answer(board, request.only)
        cp = said.cp if board.turn is chess.WHITE else -said.cp
        return Evaluation(Line(Score(cp=cp), (said.best,)), depth=DEPTH, nodes=request.nodes)


def profile_of(name: str) -> Profile:
    """Give the profile of a job by its name."""
    return PROFILES.get(name) or uniform(int(name.removeprefix("nodes-")))


Expecting = Callable[[str, str], Expected]


def expectations(engine: Engine) -> Expecting:
    """Give what tells, for a game's text and a profile's name, what has to come out."""

    @lru_cache(maxsize=4096)
    def expected(pgn: str, profile: str) -> Expected:
        played = game(pgn)
        evaluations = analyse_game(played, engine, profile_of(profile)).evaluations
        review = judge_game(played, evaluations)
        return Expected(evaluations, review, pack_facts(review, evaluations))

    return expected
