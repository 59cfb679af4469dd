"""How quick an engine is on one core: some searches, and what it says of itself meanwhile."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from chess_analytics.engine.discovery import EngineCommand
from chess_analytics.engine.evaluation import EngineIdentity, SearchRequest
from chess_analytics.engine.uci import UciEngine, UciSettings


@dataclass(frozen=True, slots=True)
class Probed:
    """An engine that answered."""

    identity: EngineIdentity
    nodes_a_second: float


def probe_engine(
    command: EngineCommand, settings: UciSettings, fens: Sequence[str], nodes: int
) -> Probed:
    """Let an engine search these positions with so many nodes each.

    Raises:
        EngineError: it does not start, or does not answer.
    """
    with UciEngine(command, settings) as engine:
        engine.new_game()
        speeds = sorted(_speed(engine, fen, nodes) for fen in fens)
        # What others on this machine take away is no matter of the engine: the slower half is
        # left out.
        return Probed(engine.identity, statistics.fmean(speeds[len(speeds) // 2 :]))


def _speed(engine: UciEngine, fen: str, nodes: int) -> float:
    began_s = time.perf_counter()
    searched = engine.search(SearchRequest(fen, (), nodes)).nodes
    return searched / (time.perf_counter() - began_s)
