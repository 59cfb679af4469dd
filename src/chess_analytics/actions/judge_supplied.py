"""Take the evaluations that came with a game as a run of their own; no engine is asked."""

from dataclasses import dataclass, replace

import chess

from chess_analytics.actions.analyse_game import Run
from chess_analytics.engine.evaluation import Evaluation, Line
from chess_analytics.games.model import Game, SuppliedEvaluation
from chess_analytics.games.positions import boards
from chess_analytics.review.win_chance import START_SCORE

SUPPLIED = "input"

_START = Evaluation(Line(START_SCORE, ()))
_PLIES_NAMED = 5


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Why a game's own evaluations make no run."""

    reason: str
    """One of few, so that games can be counted by it."""
    detail: str = ""


def supplied_run(game: Game) -> Run | NotEnough:
    """Give the run, or say in words why the game's own evaluations are not enough."""
    supplied = [played.supplied for played in game.moves]
    missing = [ply for ply, given in enumerate(supplied, start=1) if given is None]
    if len(missing) == len(supplied):
        return NotEnough("no evaluations come with the game")
    *before, last = [board.copy(stack=False) for board in boards(game)]
    if missing == [len(supplied)] and last.is_game_over():
        missing = []
    if missing:
        detail = f"none after ply {_spelled(missing)}"
        return NotEnough("its evaluations are incomplete", detail)
    evaluations = [None, *(Evaluation.supplied(given) if given else None for given in supplied)]
    for index, (board, given) in enumerate(zip(before, supplied, strict=True)):
        if given and given.best:
            known = evaluations[index] or _START
            line = _line(board, given, given.best)
            evaluations[index] = replace(known, line=Line(known.score, line))
    return Run(tuple(evaluations), SUPPLIED, None, 0, 0.0)


def _line(board: chess.Board, given: SuppliedEvaluation, best: str) -> tuple[str, ...]:
    """Spell the source's better line in UCI; what cannot be played ends it."""
    moves: list[str] = []
    for san in given.variation:
        try:
            move = board.push_san(san)
        except ValueError:
            break
        moves.append(move.uci())
    return tuple(moves) if moves and moves[0] == best else (best,)


def _spelled(plies: list[int]) -> str:
    shown = ", ".join(str(ply) for ply in plies[:_PLIES_NAMED])
    more = len(plies) - _PLIES_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
