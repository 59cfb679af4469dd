"""Engines that answer at once, so that all that is left of a game is ours."""

from chess_analytics.engine.evaluation import (
    EngineIdentity,
    Evaluation,
    Line,
    Score,
    SearchRequest,
)


class Instants:
    """As many of them as anybody wants, in the process that asks."""

    def look(self) -> str:
        return "nothing but answers"

    def start(self) -> "_Instant":
        return _Instant()


class _Instant:
    identity = EngineIdentity("Instant 1", None, ())

    def new_game(self) -> None:
        pass

    def search(self, request: SearchRequest) -> Evaluation:
        return Evaluation(Line(Score(cp=20), ("a1a1",)), depth=1, nodes=request.nodes)

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass
