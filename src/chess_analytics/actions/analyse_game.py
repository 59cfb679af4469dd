"""Ask an engine about every position of one game."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import chess

from chess_analytics.engine.evaluation import (
    Engine,
    EngineIdentity,
    Evaluation,
    Line,
    Score,
    SearchRequest,
    nodes_spent,
)
from chess_analytics.engine.profile import Profile
from chess_analytics.games.model import Game, Variant
from chess_analytics.games.positions import boards
from chess_analytics.review.judge import wants_second

# Bump it when the same settings would give other numbers: kept runs are then not reused.
PLAN_VERSION = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One analysis of one game with one engine and one profile; never changed once made."""

    evaluations: tuple[Evaluation | None, ...]
    """One a position: index 0 is the start, index i stands after ply i."""
    engine: str
    """The engine's name; ``input`` where the evaluations came with the game."""
    profile: str | None
    nodes: int
    seconds: float


def analyse_game(
    game: Game, engine: Engine, profile: Profile, *, on_position: Callable[[], None] = lambda: None
) -> Run:
    """Evaluate all positions of a game, in order, with a hash that knows nothing but this game.

    The standard start position is not searched (index 0 is then absent), and neither are positions
    in which the game is over: a draw is 0, a checkmate has no evaluation.

    Raises:
        EngineError: the engine died, hung or babbled.
    """
    began = time.monotonic()
    engine.new_game()
    evaluations: list[Evaluation | None] = []
    for index, board in enumerate(boards(game)):
        evaluations.append(_evaluate(game, index, board, engine, profile.nodes))
        on_position()
    if profile.second_nodes:
        for index in wants_second(game, evaluations):
            evaluations[index] = _with_second(
                game, index, evaluations[index], engine, profile.second_nodes
            )
    return Run(
        tuple(evaluations),
        engine.identity.name,
        profile.name,
        nodes_spent(evaluations),
        time.monotonic() - began,
    )


def settings_key(identity: EngineIdentity, profile: Profile) -> str:
    """Name everything that decides a run's numbers besides the moves themselves."""
    parts = [
        PLAN_VERSION,
        identity.name,
        identity.net,
        identity.options,
        profile.nodes,
        profile.second_nodes,
    ]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def _evaluate(
    game: Game, index: int, board: chess.Board, engine: Engine, nodes: int
) -> Evaluation | None:
    if (index == 0 and board.fen() == chess.STARTING_FEN) or board.is_checkmate():
        return None
    if board.is_stalemate() or board.is_insufficient_material():
        return Evaluation(Line(Score(cp=0), ()))
    return engine.search(_request(game, index, nodes))


def _with_second(
    game: Game, index: int, evaluation: Evaluation | None, engine: Engine, nodes: int
) -> Evaluation | None:
    """Add the best line that starts with any other move than the best one."""
    if evaluation is None or evaluation.best is None:
        return evaluation
    board = _board_at(game, index)
    others = tuple(move.uci() for move in board.legal_moves if move.uci() != evaluation.best)
    found = engine.search(replace(_request(game, index, nodes), only=others))
    return replace(evaluation, second=found.line, nodes=evaluation.nodes + found.nodes)


def _board_at(game: Game, index: int) -> chess.Board:
    for at, board in enumerate(boards(game)):
        if at == index:
            return board
    raise IndexError(index)


def _request(game: Game, index: int, nodes: int) -> SearchRequest:
    return SearchRequest(
        game.initial_fen,
        tuple(played.move.uci() for played in game.moves[:index]),
        nodes,
        chess960=game.variant is Variant.CHESS960,
    )
