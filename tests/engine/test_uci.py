"""Our UCI client with engines that behave, and with engines that do not."""

import os
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chess
import pytest

from chess_analytics.engine.discovery import EngineCommand, EngineKind
from chess_analytics.engine.evaluation import (
    EngineBabbled,
    EngineDied,
    EngineError,
    EngineHung,
    EngineIdentity,
    PositionRefused,
    Score,
    SearchRequest,
)
from chess_analytics.engine.process import EngineProcess, SearchInterrupted
from chess_analytics.engine.uci import UciEngine, UciSettings
from tests.engine.engines import (
    BRIEF,
    ENDLESS,
    is_running,
    scripted,
    scripted_command,
    start_position,
    wait_until,
)


def test_an_engine_that_behaves_gives_its_last_line_from_whites_side() -> None:
    with scripted("good") as engine:
        white = engine.search(start_position())
        black = engine.search(start_position("d2d4"))

    assert (white.score, white.best, white.depth, white.nodes) == (Score(cp=1), "e2e4", 9, 1000)
    assert (black.score, black.best) == (Score(cp=-2), "e7e5")


def test_an_engine_tells_who_it_is_and_what_was_set() -> None:
    with UciEngine(scripted_command("good"), UciSettings(hash_mb=32)) as engine:
        assert engine.identity == EngineIdentity(
            name="Scripted 1",
            net="nn-scripted.nnue",
            options=(("Threads", "1"), ("Hash", "32")),
        )


def test_a_hash_that_the_engine_does_not_take_is_refused_in_words() -> None:
    with (
        UciEngine(scripted_command("good"), UciSettings(hash_mb=4096)) as engine,
        pytest.raises(EngineError, match="a Hash of 1 to 1024, not 4096"),
    ):
        engine.new_game()


def test_nodes_and_time_of_all_searches_are_added_up() -> None:
    with scripted("good") as engine:
        for _ in range(3):
            engine.search(start_position())
        assert engine.speed.nodes == 3000
        assert 0 < engine.speed.seconds < 10


@pytest.mark.parametrize(
    ("behaviour", "number", "error", "message"),
    [
        ("dies at once", 0, EngineDied, r"exit code 3.*cannot open the net"),
        ("dies after", 0, EngineDied, r"exit code 7.*out of luck"),
        ("silent start", 0, EngineHung, r"not done after 2 s"),
        ("garbage at start", 0, EngineBabbled, "make no sense.*the weather"),
        ("hangs", 0, EngineHung, "not done after 1 s"),
        ("no bestmove", 0, EngineHung, "not done after 1 s"),
        ("slow drip", 0, EngineHung, "not done after 1 s"),
        ("endless info", 0, EngineHung, "not done after 1 s"),
        ("garbage", 0, EngineBabbled, "make no sense.*the weather"),
        ("endless line", 0, EngineBabbled, "more than 65536 bytes"),
    ],
)
def test_an_engine_that_fails_is_ended_and_the_error_says_how(
    behaviour: str, number: int, error: type[EngineError], message: str
) -> None:
    engine = scripted(behaviour, number, patience=BRIEF)
    began = time.monotonic()

    with pytest.raises(error, match=message):
        engine.search(start_position())

    assert time.monotonic() - began < 30
    assert not is_running(engine.pid)
    with pytest.raises(EngineDied, match="was ended before"):
        engine.search(start_position())
    engine.close()


@pytest.mark.parametrize("behaviour", ["endless line", "endless info", "garbage"])
def test_endless_words_cost_little_memory(behaviour: str) -> None:
    with scripted(behaviour, patience=BRIEF) as engine:
        engine.new_game()
        tracemalloc.start()
        with pytest.raises((EngineBabbled, EngineHung)):
            engine.search(start_position())
        peak_bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak_bytes < 2_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what an engine was given")
@pytest.mark.parametrize("behaviour", ["busy", "busy thread"])
def test_an_engine_that_other_programs_keep_from_running_has_not_hung(behaviour: str) -> None:
    with scripted(behaviour, 600, patience=BRIEF) as engine, _busy_neighbours(engine.pid, 4):
        began = time.monotonic()
        assert engine.search(start_position()).nodes == 1000
        assert time.monotonic() - began > BRIEF.floor_s


def test_an_engine_that_computes_for_ever_has_hung() -> None:
    with scripted("busy", 60_000, patience=BRIEF) as engine, pytest.raises(EngineHung):
        engine.search(start_position())


def test_an_engine_that_dies_later_gives_the_searches_before() -> None:
    with scripted("dies after", 2) as engine:
        assert engine.search(start_position()).score == Score(cp=1)
        assert engine.search(start_position()).score == Score(cp=2)
        with pytest.raises(EngineDied):
            engine.search(start_position())


def test_an_engine_that_does_not_read_its_input_hangs_nobody() -> None:
    engine = EngineProcess(scripted_command("silent start"), memory_bytes=1 << 30, niceness=0)
    with pytest.raises(EngineHung, match="did not read its input"):
        engine.send("position startpos moves" + " g1f3 g8f6 f3g1 f6g8" * 8_000, patience_s=0.3)
    assert not is_running(engine.pid)


def test_a_program_that_cannot_be_run_says_so() -> None:
    command = EngineCommand(("/etc/passwd",), EngineKind.NATIVE, "made for a test")
    with (
        UciEngine(command) as engine,
        pytest.raises(EngineDied, match=r"cannot start /etc/passwd: Permission denied"),
    ):
        engine.new_game()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["bestmove e2e4"], "none of its lines speaks"),
        (["info depth 1 score cp 3 nodes 1 pv d2d4", "bestmove e2e4"], "none of its lines speaks"),
        (["info depth 1 score cp 3 nodes 1 pv e2e4", "bestmove (none)"], "no legal move"),
        (["info depth 1 score cp 3 nodes 1 pv e2e4", "bestmove 0000"], "no legal move"),
        (["info depth 1 score cp 3 nodes 1 pv e2e4", "bestmove"], "no legal move"),
        (["info depth 1 score cp 3 nodes 1 pv e2e5", "bestmove e2e5"], "no legal move"),
        (["info depth 1 score cp x nodes 1 pv e2e4", "bestmove e2e4"], "a number was due"),
        (["info depth 1 score mate 0 nodes 1 pv e2e4", "bestmove e2e4"], "a score of 'mate' 0"),
        (["info depth 1 score wdl 3 nodes 1 pv e2e4", "bestmove e2e4"], "a score of 'wdl' 3"),
        (["info depth -- score cp 3 nodes 1 pv e2e4", "bestmove e2e4"], "a number was due"),
        (["info depth 1 score cp 99999999 pv e2e4", "bestmove e2e4"], "a number was due"),
        (["info depth 1 score cp 3 pv e2e4 rm", "bestmove e2e4"], "a variation of 'e2e4 rm'"),
    ],
)
def test_words_that_are_not_uci_are_no_evaluation(said: list[str], message: str) -> None:
    with scripted("raw", 0, *said) as engine:
        with pytest.raises(EngineBabbled) as caught:
            engine.search(start_position())
        assert message in str(caught.value)
        assert not is_running(engine.pid)


@pytest.mark.parametrize(
    ("said", "score", "depth", "nodes"),
    [
        pytest.param(
            [
                "info depth 7 score cp 30 nodes 70 pv e2e4 e7e5",
                "info depth 8 score cp 21 upperbound nodes 80 pv e2e4",
                "info depth 8 currmove d2d4 currmovenumber 2 nodes 90",
            ],
            Score(cp=30),
            7,
            90,
            id="an exact score stands before a later bound",
        ),
        pytest.param(
            [
                "info depth 7 score cp 30 nodes 70 pv d2d4",
                "info depth 8 score cp 45 lowerbound nodes 80 pv e2e4",
            ],
            Score(cp=45),
            8,
            80,
            id="a bound is all there is of a move found at the very end",
        ),
        pytest.param(
            [
                "info depth 2 score cp 9 lowerbound nodes 5 pv e2e4",
                "info depth 2 score cp 12 lowerbound nodes 6 pv e2e4",
            ],
            Score(cp=12),
            2,
            6,
            id="only bounds",
        ),
        pytest.param(
            ["info depth 3 score mate 4 pv e2e4\r"], Score(mate=4), 3, 0, id="mate, no nodes told"
        ),
    ],
)
def test_the_line_to_trust_is_picked(said: list[str], score: Score, depth: int, nodes: int) -> None:
    with scripted("raw", 0, *said, "bestmove e2e4") as engine:
        found = engine.search(start_position())
    assert (found.score, found.depth, found.nodes) == (score, depth, nodes)


def test_a_move_that_was_not_asked_about_is_no_answer() -> None:
    with (
        scripted("good") as engine,
        pytest.raises(EngineBabbled, match="the best move e2e4, where only"),
    ):
        engine.search(start_position(only=("d2d4",)))


def test_a_refused_position_leaves_the_engine_alone() -> None:
    no_kings = SearchRequest("8/8/8/8/8/8/8/8 w - - 0 1", (), 1000)
    with scripted("good") as engine:
        with pytest.raises(PositionRefused):
            engine.search(no_kings)
        assert engine.search(start_position()).score == Score(cp=1)


def test_a_search_can_be_interrupted_from_another_thread() -> None:
    with scripted("hangs", patience=ENDLESS) as engine:
        engine.new_game()
        timer = threading.Timer(0.2, engine.interrupt)
        timer.start()
        began = time.monotonic()
        with pytest.raises(SearchInterrupted, match="on request"):
            engine.search(start_position())
        # By itself it would answer nothing for a minute.
        assert time.monotonic() - began < 30
        assert not is_running(engine.pid)
        timer.join()


def test_an_engine_interrupted_before_its_handshake_ends_as_well() -> None:
    with scripted("silent start") as engine:
        engine.interrupt()
        with pytest.raises(SearchInterrupted):
            engine.new_game()
        assert not is_running(engine.pid)


@pytest.mark.parametrize("behaviour", ["good", "hangs", "ignores everything"])
def test_closing_ends_every_engine_and_may_be_repeated(behaviour: str) -> None:
    engine = scripted(behaviour, 5)
    engine.search(start_position())
    began = time.monotonic()

    engine.close()
    engine.close()

    # Who hangs or ignores everything does so for a minute.
    assert time.monotonic() - began < 30
    assert not is_running(engine.pid)


def test_an_engine_takes_the_rest_of_its_group_along() -> None:
    with scripted("has a child") as engine:
        group = engine.pid
        assert wait_until(lambda: len(_children_in_group(group)) == 1)
    assert wait_until(lambda: not _children_in_group(group))


def test_no_line_can_smuggle_in_a_second_command() -> None:
    with scripted("good") as engine:
        for fen in (f"{chess.STARTING_FEN}\nquit", f"{chess.STARTING_FEN}\rquit"):
            with pytest.raises(PositionRefused):
                engine.search(SearchRequest(fen, (), 1000))
        with pytest.raises(PositionRefused, match="no legal move"):
            engine.search(start_position("e2e4\nquit"))
        with pytest.raises(ValueError, match="printable ASCII"):
            engine._process.send("position startpos\nquit")
        assert engine.search(start_position()).best == "e2e4"


@contextmanager
def _busy_neighbours(pid: int, count: int) -> Iterator[None]:
    """Have an engine share one processor with programs that never rest."""
    one_processor = {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(pid, one_processor)
    # A session each, as the scheduler shares the processor among sessions first.
    hog = [sys.executable, "-I", "-S", "-c", "while True: pass"]
    hogs = [subprocess.Popen(hog, start_new_session=True) for _ in range(count)]
    try:
        for each in hogs:
            os.sched_setaffinity(each.pid, one_processor)
        yield
    finally:
        for each in hogs:
            each.kill()
            each.wait()


def _children_in_group(group: int) -> list[int]:
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        if int(fields[2]) == group != pid and is_running(pid):
            found.append(pid)
    return found
