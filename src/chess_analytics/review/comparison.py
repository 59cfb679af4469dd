"""What two analyses of one game say differently of its moves. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from chess_analytics.review.judgment import Judgment


class Judged(Protocol):
    """A move with what it was found to be."""

    @property
    def ply(self) -> int:
        """1 for the first move of the game."""

    @property
    def judgment(self) -> Judgment | None:
        """Absent where the move was not bad."""


M = TypeVar("M", bound=Judged)


@dataclass(frozen=True, slots=True)
class Comparison(Generic[M]):
    """What became of the judgments between one analysis and another."""

    moves: int
    """How many moves both have judged."""
    changed: tuple[tuple[M, M], ...]
    """The moves whose judgment is another one, each as the one and the other saw it."""
    before: Mapping[Judgment, int]
    """How many of each judgment the one gave."""
    after: Mapping[Judgment, int]

    @property
    def agreed(self) -> float:
        """Percent of the moves that got the same judgment, or both times none."""
        return 100 * (1 - len(self.changed) / self.moves) if self.moves else 100.0


def compare_judgments(before: Sequence[M], after: Sequence[M]) -> Comparison[M]:
    """Compare two analyses of the same game, move by move."""
    pairs = [*_pairs(before, after)]
    changed = tuple(pair for pair in pairs if pair[0].judgment is not pair[1].judgment)
    return Comparison(len(pairs), changed, _counted(before), _counted(after))


def _pairs(before: Sequence[M], after: Sequence[M]) -> Iterator[tuple[M, M]]:
    others = {move.ply: move for move in after}
    return ((move, others[move.ply]) for move in before if move.ply in others)


def _counted(moves: Sequence[Judged]) -> dict[Judgment, int]:
    found = Counter(move.judgment for move in moves)
    return {judgment: found[judgment] for judgment in Judgment}
