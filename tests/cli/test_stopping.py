"""Stopped at any moment, nothing that is done is lost, and no engine is left behind."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.faults.engines import Engines, simulated_engines

GAMES = 12
SOON_DONE = 3
ANSWER_S = 0.3
# Different games, or they would be one: Black replies otherwise in each. After the first few come
# longer ones, which keep the engines busy for many times as long as it takes to see those done.
REPLIES = ["a6", "b6", "c6", "d6", "e6", "f6", "g6", "a5", "b5", "c5", "d5", "e5"]
ARCHIVE = "".join(
    f'[White "W{number}"]\n[Black "B"]\n\n1. e4 {reply} {rest} *\n\n'
    for number, (reply, rest) in enumerate(
        zip(REPLIES, [""] * SOON_DONE + ["2. Nf3 Nh6 3. Nc3 Ng8 4. Rb1"] * GAMES, strict=False)
    )
)


@pytest.fixture
def engines(home: Home) -> Engines:
    """Give engines that take their time."""
    engines = simulated_engines(home.folder)
    engines.slow_down(ANSWER_S)
    return engines


def _wait_for(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _words(home: Home, engines: Engines) -> tuple[str, ...]:
    return (
        "analyse", home.write("g.pgn", ARCHIVE), "--engine", str(engines.program), "--workers", "2",
        "--json", "out.jsonl", "--nodes", "1000",
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_analysis_keeps_what_is_done_and_goes_on_later(
    home: Home, engines: Engines, number: signal.Signals
) -> None:
    words, out = _words(home, engines), home.folder / "out.jsonl"
    process = home.start(*words)
    _wait_for(lambda: len(_lines(out)) >= SOON_DONE)
    # Who waited for the games at hand would never end.
    engines.hold()
    assert len({*engines.alive()} - {process.pid}) == 2
    process.send_signal(number)
    _, err = process.communicate(timeout=LONG_ENOUGH_S)
    assert process.returncode == 130
    done = _lines(out)
    assert SOON_DONE <= len(done) < GAMES
    assert all(json.loads(line)["moves"] for line in done)
    assert f"{len(done)} analysed" in err
    assert f"{GAMES - len(done)} not reached" in err
    assert "the same command again" in err
    assert not engines.alive()

    engines.let_go()
    engines.hurry()
    ended = home.run(*words)
    assert ended.code == 0, ended.err
    finished = _lines(out)
    assert len(finished) == GAMES
    assert set(done) <= set(finished)


def test_a_killed_analysis_leaves_no_engine_and_loses_no_finished_game(
    home: Home, engines: Engines
) -> None:
    words, out = _words(home, engines), home.folder / "out.jsonl"
    process = home.start(*words)
    _wait_for(lambda: len(_lines(out)) >= SOON_DONE)
    assert len({*engines.alive()} - {process.pid}) == 2
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=LONG_ENOUGH_S)
    _wait_for(lambda: not engines.alive())
    kept = len(_lines(out))
    engines.hurry()

    looked = json.loads(home.run("doctor", "--json", "--engine", home.engine()).out)
    (folder,) = [row["found"] for row in looked if row["subject"] == "data folder"]
    assert kept <= int(folder.split("; ")[1].split()[0]) < GAMES
    ended = home.run(*words)
    assert ended.code == 0, ended.err
    assert len(_lines(out)) == GAMES


def test_a_second_analysis_at_the_same_time_is_told_to_wait(home: Home, engines: Engines) -> None:
    words, out = _words(home, engines), home.folder / "out.jsonl"
    process = home.start(*words)
    _wait_for(lambda: len(_lines(out)) >= 1)
    # It is still at work when the second has started, however long that takes.
    engines.hold()
    second = home.run(*words[:-4], "--json", "other.jsonl")
    assert second.code == 1
    assert "another chess-analytics is using the data folder" in second.err
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LONG_ENOUGH_S)
