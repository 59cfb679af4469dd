"""Stand-ins for what is slow or far away."""

import hashlib
import threading
from collections.abc import Callable

from chess_analytics.engine.evaluation import (
    EngineDied,
    EngineIdentity,
    Evaluation,
    Line,
    Score,
    SearchRequest,
)


class FakeEngine:
    """Answers at once with numbers that depend on the position alone; may die as told.

    Its best move is the first of ``request.only``, or else a null-like ``a1a1`` nobody plays.
    """

    def __init__(
        self,
        *,
        dies_at: Callable[[SearchRequest], bool] = lambda _request: False,
        before: Callable[[SearchRequest], None] = lambda _request: None,
        name: str = "Fake 1",
    ) -> None:
        self._dies_at = dies_at
        self._before = before
        self._name = name
        self._closed = threading.Event()
        self.asked: list[SearchRequest] = []
        self.games = 0

    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity(self._name, None, ())

    def new_game(self) -> None:
        self.games += 1

    def search(self, request: SearchRequest) -> Evaluation:
        self._before(request)
        if self._closed.is_set() or self._dies_at(request):
            raise EngineDied("the fake engine was told to die")
        self.asked.append(request)
        text = " ".join((request.initial_fen, *request.moves))
        cp = hashlib.blake2b(text.encode()).digest()[0] * 4 - 512
        best = request.only[0] if request.only else "a1a1"
        return Evaluation(Line(Score(cp=cp), (best,)), depth=1, nodes=request.nodes)

    def interrupt(self) -> None:
        self._closed.set()

    def close(self) -> None:
        self._closed.set()
