"""The simulated engine does what tests of everything around an engine rely on."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chess_analytics.engine.discovery import EngineCommand, EngineKind
from chess_analytics.engine.evaluation import EngineBabbled, EngineDied, EngineError, EngineHung
from chess_analytics.engine.uci import UciEngine, UciSettings
from tests.cli.commands import SIMULATED
from tests.engine.engines import BRIEF, is_running, start_position


@contextmanager
def simulated(words: str = "0") -> Iterator[UciEngine]:
    argv = (sys.executable, str(SIMULATED), *shlex.split(words))
    command = EngineCommand(argv, EngineKind.NATIVE, "made for a test")
    with UciEngine(command, UciSettings(niceness=0, patience=BRIEF)) as engine:
        yield engine


def test_it_says_the_same_of_a_position_each_time() -> None:
    requests = [start_position(), start_position("e2e4"), start_position("e2e4", "e7e5")]
    with simulated() as first, simulated() as second:
        said = [first.search(request) for request in requests]
        assert [second.search(request) for request in reversed(requests)] == said[::-1]
    assert len({evaluation.score for evaluation in said}) == len(said)


def test_its_scores_can_be_scripted() -> None:
    with simulated("0 --scores 10,-20,30") as engine:
        games = [(), ("e2e4",), ("e2e4", "e7e5")]
        assert [engine.search(start_position(*moves)).score.cp for moves in games] == [10, -20, 30]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("die", EngineDied),
        ("hang", EngineHung),
        ("babble", EngineBabbled),
        ("flood", EngineBabbled),
        ("mute", EngineHung),
    ],
)
def test_it_fails_after_as_many_searches_as_it_is_told(
    fault: str, error: type[EngineError]
) -> None:
    with simulated(f"0 --after 1={fault}") as engine:
        engine.search(start_position())
        with pytest.raises(error):
            engine.search(start_position())
        assert not is_running(engine.pid)


def test_it_fails_in_games_that_began_in_a_way_and_in_no_others() -> None:
    with simulated("0 --at e2e4,e7e5=die") as engine:
        engine.search(start_position("d2d4"))
        engine.search(start_position("e2e4"))
        with pytest.raises(EngineDied):
            engine.search(start_position("e2e4", "e7e5", "g1f3"))


def test_an_order_in_its_folder_is_for_one_engine_once(tmp_path: Path) -> None:
    words = f"0 --folder {tmp_path}"
    with simulated(words) as first, simulated(words) as second:
        first.search(start_position())
        (tmp_path / "die-1").touch()
        with pytest.raises(EngineDied):
            first.search(start_position())
        second.search(start_position())
    log = (tmp_path / "log").read_text().splitlines()
    assert [line.split()[0] for line in log].count("searches") == 3


def test_it_refuses_to_start_as_long_as_it_is_told(tmp_path: Path) -> None:
    words = f"0 --folder {tmp_path}"
    (tmp_path / "refuse").touch()
    with simulated(words) as engine, pytest.raises(EngineDied, match="cannot open the net"):
        engine.search(start_position())
    (tmp_path / "refuse").unlink()
    with simulated(words) as engine:
        engine.search(start_position())
