"""Remember the positions that many games pass through, so that each is searched only once."""

from collections.abc import Collection, Mapping
from threading import Lock

from chess_analytics.engine.evaluation import Evaluation


class SharedEvaluations:
    """What is known of shared positions; `get` and `put` may be called by any thread.

    It never decides a number: a position is searched the same way whenever it is searched.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, Evaluation] = {}
        self._new: dict[str, Evaluation] = {}
        self.hits = 0
        """Positions that were taken over."""
        self.misses = 0
        """Positions that had to be searched."""
        self.nodes_saved = 0

    def get(self, fen: str) -> Evaluation | None:
        """Give what is known of a position (see `positions.shared_fens`)."""
        with self._lock:
            known = self._known.get(fen)
            if known is None:
                self.misses += 1
            else:
                self.hits += 1
                self.nodes_saved += known.nodes
            return known

    def put(self, fen: str, evaluation: Evaluation) -> None:
        """Add a position that was searched just now."""
        with self._lock:
            self._known[fen] = self._new[fen] = evaluation

    def add_known(self, found: Mapping[str, Evaluation]) -> None:
        """Add positions that were searched at another time."""
        with self._lock:
            self._known |= {fen: item for fen, item in found.items() if fen not in self._known}

    def unknown(self, fens: Collection[str]) -> list[str]:
        """Tell which positions are not here yet."""
        with self._lock:
            return [fen for fen in fens if fen not in self._known]

    def take_new(self) -> dict[str, Evaluation]:
        """Hand over what was put here since the last time, to be kept."""
        with self._lock:
            new, self._new = self._new, {}
            return new
