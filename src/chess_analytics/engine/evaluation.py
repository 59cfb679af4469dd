"""What an engine says of a position, how hard it works, and the protocol of engines. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import SuppliedEvaluation


class EngineError(ChessAnalyticsError):
    """The engine cannot be used, or failed at a position."""


class EngineDied(EngineError):
    """The engine's process ended while we needed it."""


class EngineHung(EngineError):
    """The engine was silent, or busy, beyond its deadline; its process group was killed."""


class EngineBabbled(EngineError):
    """The engine answered something that is not UCI."""


class PositionRefused(EngineError):
    """The position is not valid, so it is not sent: engines may crash on it."""


@dataclass(frozen=True, slots=True)
class Score:
    """An evaluation's number, always from White's side.

    Exactly one of the two is set: ``cp`` centipawns, or ``mate``: White mates in n moves, Black
    when negative. A position that *is* checkmate has no score: the board says it all.
    """

    cp: int | None = None
    mate: int | None = None

    def __post_init__(self) -> None:
        if (self.cp is None) == (self.mate is None) or self.mate == 0:
            raise ValueError(f"a score is cp, or a mate in n != 0: not {self.cp}, {self.mate}")


@dataclass(frozen=True, slots=True)
class Line:
    """A variation with its score."""

    score: Score
    moves: tuple[str, ...]
    """UCI; castling as king-takes-rook in Chess960. Empty where the source gave a bare number."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is known of one position: the best line and, where it was asked for, the second best."""

    line: Line
    second: Line | None = None
    """The best line that starts with another move; absent where nobody asked, or none is legal."""
    depth: int | None = None
    nodes: int = 0
    """Nodes spent on this position, all searches together."""

    @property
    def score(self) -> Score:
        return self.line.score

    @property
    def best(self) -> str | None:
        return self.line.moves[0] if self.line.moves else None

    @classmethod
    def supplied(cls, given: SuppliedEvaluation, best: tuple[str, ...] = ()) -> Self:
        """Take over an evaluation that came with the game; it cost us no nodes."""
        return cls(Line(Score(given.cp, given.mate), best), depth=given.depth)


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """Which engine gave the numbers: enough to explain them and to repeat them."""

    name: str
    """As ``id name`` says: ``Stockfish 15.1``."""
    net: str | None
    """The evaluation file's name, where the engine tells it."""
    options: tuple[tuple[str, str], ...]
    """Every UCI option that we set, in the order of sending."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to an engine. Limits are nodes, never time, so that answers repeat."""

    initial_fen: str
    moves: tuple[str, ...]
    """UCI from ``initial_fen`` to the position: the engine sees repetitions and counters."""
    nodes: int
    chess960: bool = False
    only: tuple[str, ...] = ()
    """When not empty, only these root moves are searched (``searchmoves``)."""


class Engine(Protocol):
    """Somebody who evaluates positions: a UCI process, or a fake in tests."""

    @property
    def identity(self) -> EngineIdentity: ...

    def new_game(self) -> None:
        """Forget all that was searched, so that nothing before matters from here on."""
        ...

    def search(self, request: SearchRequest) -> Evaluation:
        """Evaluate a position that has a legal move (``second`` is never set).

        Raises:
            EngineError: the engine died, hung or babbled, or the position was refused.
        """
        ...


def nodes_spent(evaluations: Sequence[Evaluation | None]) -> int:
    """Sum the nodes of a game's evaluations."""
    return sum(evaluation.nodes for evaluation in evaluations if evaluation)
