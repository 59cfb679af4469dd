"""Stopped at any moment, nothing that is done is lost, and no engine is left behind."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import LONG_ENOUGH_S, Home

GAMES = 12
# Different games, or they would be one: Black replies otherwise in each.
REPLIES = ["a6", "b6", "c6", "d6", "e6", "f6", "g6", "a5", "b5", "c5", "d5", "e5"]
ARCHIVE = "".join(
    f'[White "W{number}"]\n[Black "B"]\n\n1. e4 {reply} 2. Nf3 Nh6 3. Nc3 Ng8 4. Rb1 *\n\n'
    for number, reply in enumerate(REPLIES)
)


def _wait_for(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _engines(home: Home) -> list[str]:
    """Find the processes that run this test's engine."""
    found = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines() if str(home.folder / "engine") in line]


def _words(home: Home, latency_ms: int = 40) -> tuple[str, ...]:
    engine = home.engine(latency_ms)
    return (
        "analyse", home.write("g.pgn", ARCHIVE), "--engine", engine, "--workers", "2",
        "--json", "out.jsonl", "--nodes", "1000",
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_analysis_keeps_what_is_done_and_goes_on_later(
    home: Home, number: signal.Signals
) -> None:
    words, out = _words(home), home.folder / "out.jsonl"
    process = home.start(*words)
    _wait_for(lambda: len(_lines(out)) >= 3)
    process.send_signal(number)
    began = time.monotonic()
    _, err = process.communicate(timeout=LONG_ENOUGH_S)
    assert time.monotonic() - began < 5
    assert process.returncode == 130
    done = _lines(out)
    assert 3 <= len(done) < GAMES
    assert all(json.loads(line)["moves"] for line in done)
    assert f"{len(done)} analysed" in err
    assert f"{GAMES - len(done)} not reached" in err
    assert "the same command again" in err
    assert not _engines(home)

    ended = home.run(*words)
    assert ended.code == 0, ended.err
    finished = _lines(out)
    assert len(finished) == GAMES
    assert set(done) <= set(finished)


def test_a_killed_analysis_leaves_no_engine_and_loses_no_finished_game(home: Home) -> None:
    words, out = _words(home), home.folder / "out.jsonl"
    process = home.start(*words)
    _wait_for(lambda: len(_lines(out)) >= 3)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=LONG_ENOUGH_S)
    _wait_for(lambda: not _engines(home))
    kept = len(_lines(out))

    looked = json.loads(home.run("doctor", "--json", "--engine", home.engine()).out)
    (folder,) = [row["found"] for row in looked if row["subject"] == "data folder"]
    assert kept <= int(folder.split("; ")[1].split()[0]) < GAMES
    ended = home.run(*words)
    assert ended.code == 0, ended.err
    assert len(_lines(out)) == GAMES


def test_a_second_analysis_at_the_same_time_is_told_to_wait(home: Home) -> None:
    # So slow that it is still at work when the second has started, however long that takes.
    words, out = _words(home, latency_ms=700), home.folder / "out.jsonl"
    process = home.start(*words)
    _wait_for(lambda: len(_lines(out)) >= 1)
    second = home.run(*words[:-4], "--json", "other.jsonl")
    assert second.code == 1
    assert "another chess-analytics is using the data folder" in second.err
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LONG_ENOUGH_S)
