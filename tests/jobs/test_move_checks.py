"""The engine that is kept for people who wait: real, deterministic, and fit for Chess960."""

import chess
import pytest

from chess_analytics.engine.discovery import Places
from chess_analytics.engine.evaluation import Score
from chess_analytics.engine.uci import UciSettings
from chess_analytics.jobs.engine_supply import InstalledEngine
from chess_analytics.jobs.move_checks import MoveChecks
from chess_analytics.training.drill import DrillPosition
from tests.engine.engines import real_command

HANGING = "4k3/8/8/3q4/8/8/3R4/4K3 w - - 0 1"
CASTLING = "1k6/8/8/8/8/8/4P3/2K3R1 w G - 0 1"


@pytest.mark.engine
def test_a_real_engine_says_the_same_of_the_same_move_and_knows_good_from_bad() -> None:
    command = real_command()
    source = InstalledEngine(command.argv[0], Places.here(), UciSettings())
    checks = MoveChecks(source)
    position = DrillPosition.of(chess.Board(HANGING))
    castling = DrillPosition.of(chess.Board(CASTLING, chess960=True))
    try:
        good = checks(position, "d2d5")
        bad = checks(position, "d2a2")
        again = checks(position, "d2d5")
        castled = checks(castling, castling.uci(castling.move("O-O")))
    finally:
        checks.close()
    assert good is not None
    assert good == again
    assert _centipawns(good) > 300
    assert bad is not None
    assert _centipawns(bad) < -100
    assert castled is not None
    assert _centipawns(castled) > 300
    # Whoever comes when the server stops gets nothing.
    assert checks(position, "d2d5") is None


def test_without_a_source_nothing_is_known() -> None:
    assert MoveChecks(None)(DrillPosition.of(chess.Board()), "e2e4") is None


def _centipawns(score: Score) -> int:
    if score.cp is not None:
        return score.cp
    return 10_000 if (score.mate or 0) > 0 else -10_000
