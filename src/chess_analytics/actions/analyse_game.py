"""Ask an engine about one game: first what many games share, then all, then what is in doubt."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from functools import lru_cache

import chess

from chess_analytics.actions.share_evaluations import SharedEvaluations
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
from chess_analytics.games.positions import shared_fens
from chess_analytics.review.judge import wants_second
from chess_analytics.review.plan import blend, next_searches
from chess_analytics.review.replay import Replay, replay

# Bump it when the same settings would give other numbers: kept runs are then not reused.
PLAN_VERSION = 4

# Few engines and profiles are in use at once; making a key costs as much as reading a game.
_KEYS_KEPT = 64
_DRAWN = Evaluation(Line(Score(cp=0), ()))


@dataclass(frozen=True, slots=True)
class Run:
    """One analysis of one game with one engine and one profile; never changed once made."""

    evaluations: tuple[Evaluation | None, ...]
    """One a position: index 0 is the start, index i stands after ply i."""
    engine: str
    """The engine's name; ``input`` where the evaluations came with the game."""
    profile: str | None
    nodes: int
    """Nodes behind the numbers, whether they were spent for this game or for one before."""
    seconds: float


def analyse_game(
    game: Game | Replay,
    engine: Engine,
    profile: Profile,
    *,
    shared: SharedEvaluations | None = None,
    on_position: Callable[[], None] = lambda: None,
) -> Run:
    """Evaluate all positions of a game with a hash that knows nothing but this game.

    The standard start position is not searched (index 0 is then absent), and neither are positions
    in which the game is over: a draw is 0, a checkmate has no evaluation. What ``shared`` knows or
    does not know changes what is searched, never a number.

    Raises:
        EngineError: the engine died, hung or babbled.
    """
    began = time.monotonic()
    search = _Search(replay(game), engine, profile, on_position)
    search.shared_positions(shared or SharedEvaluations())
    engine.new_game()
    search.sweep()
    search.doubts()
    search.second_bests()
    found = tuple(search.evaluations)
    seconds = time.monotonic() - began
    return Run(found, engine.identity.name, profile.name, nodes_spent(found), seconds)


@lru_cache(maxsize=_KEYS_KEPT)
def settings_key(identity: EngineIdentity, profile: Profile) -> str:
    """Name everything that decides a run's numbers besides the moves themselves."""
    _name, *budgets = astuple(profile)
    return _key(PLAN_VERSION, *_of_engine(identity), *budgets)


@lru_cache(maxsize=_KEYS_KEPT)
def engine_key(identity: EngineIdentity) -> str:
    """Name everything of an engine that decides what it says of one position."""
    return _key(*_of_engine(identity))


class _Search:
    """One game's evaluations while they are gathered."""

    def __init__(
        self, played: Replay, engine: Engine, profile: Profile, on_position: Callable[[], None]
    ) -> None:
        self._played = played
        self._game = game = played.game
        self._engine = engine
        self._profile = profile
        self._on_position = on_position
        self._moves = tuple(each.move.uci() for each in game.moves)
        self._is_chess960 = game.variant is Variant.CHESS960
        self.evaluations: list[Evaluation | None] = [None] * (len(game.moves) + 1)

    def shared_positions(self, shared: SharedEvaluations) -> None:
        """Take the first positions from what is shared; search those that are new by themselves.

        With an empty hash and without the moves before, so that everybody finds the same.
        """
        if not self._profile.shared_nodes:
            return
        for index, fen in shared_fens(self._game).items():
            evaluation = shared.get(fen)
            if evaluation is None:
                self._engine.new_game()
                request = SearchRequest(fen, (), self._profile.shared_nodes, self._is_chess960)
                evaluation = self._engine.search(request)
                shared.put(fen, evaluation)
            self.evaluations[index] = evaluation

    def sweep(self) -> None:
        """Give every position its first evaluation, in order."""
        for index, board in enumerate(self._played.boards):
            if self.evaluations[index] is None:
                self.evaluations[index] = self._first_look(index, board)
            self._on_position()

    def doubts(self) -> None:
        """Spend more where a judgment is open, then let neighbours hear of it."""
        if not self._profile.is_adaptive:
            return
        for index, nodes in next_searches(self._played, self.evaluations, self._profile).items():
            before = self.evaluations[index]
            found = self._engine.search(self._request(index, nodes))
            spent = found.nodes + (before.nodes if before else 0)
            self.evaluations[index] = replace(found, nodes=spent)
        self.evaluations = list(blend(self._played, self.evaluations))

    def second_bests(self) -> None:
        """Add the best line that starts with another move, where a label depends on it."""
        if not self._profile.second_nodes:
            return
        for index in wants_second(self._played, self.evaluations):
            evaluation = self.evaluations[index]
            if evaluation is not None and evaluation.best is not None:
                others = self._others(index, evaluation.best)
                request = self._request(index, self._profile.second_nodes)
                found = self._engine.search(replace(request, only=others))
                spent = evaluation.nodes + found.nodes
                self.evaluations[index] = replace(evaluation, second=found.line, nodes=spent)

    def _first_look(self, index: int, board: chess.Board) -> Evaluation | None:
        if index == 0 and self._starts_as_usual(board):
            return None
        # Where a move was played, one was legal.
        if index == len(self._moves):
            if board.is_checkmate():
                return None
            if board.is_stalemate():
                return _DRAWN
        if board.is_insufficient_material():
            return _DRAWN
        return self._engine.search(self._request(index, self._profile.sweep_nodes))

    def _starts_as_usual(self, board: chess.Board) -> bool:
        # A text of the position need not be the only one.
        return self._game.initial_fen == chess.STARTING_FEN or board.fen() == chess.STARTING_FEN

    def _request(self, index: int, nodes: int) -> SearchRequest:
        return SearchRequest(
            self._game.initial_fen, self._moves[:index], nodes, chess960=self._is_chess960
        )

    def _others(self, index: int, best: str) -> tuple[str, ...]:
        board = self._played.steps[index].board
        spelled = (board.uci(move) for move in board.legal_moves)
        return tuple(uci for uci in spelled if uci != best)


def _of_engine(identity: EngineIdentity) -> tuple[object, ...]:
    return identity.name, identity.net, identity.options


def _key(*parts: object) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
