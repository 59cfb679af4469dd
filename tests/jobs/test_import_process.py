"""A process that works on imports beside a server: started when there is one, rung, and ended."""

import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from chess_analytics.jobs import import_process
from chess_analytics.jobs.import_process import ImportProcess, work_until_told
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.store.imports import ImportState
from chess_analytics.store.session import Store, open_store
from tests.jobs.studio import wait_until
from tests.workshop import Bench

LONG_ENOUGH_S = 60
GAMES = '[White "Ann"]\n\n1. e4 e5 1-0\n\n[White "Bob"]\n\n1. d4 d5 0-1\n'
REAL = (sys.executable, "-m", "chess_analytics.api.importing")
# Writes down its number, then all that it is told.
WRITER = """
import os, sys
with open(sys.argv[1], "ab", buffering=0) as heard:
    heard.write(b"%d:" % os.getpid())
    while told := os.read(0, 1):
        heard.write(b"rung,")
    heard.write(b"told to end;")
"""
FAILING = 'import sys; open(sys.argv[1], "ab").write(b"begun;"); sys.exit(3)'


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path / "data")


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    file = tmp_path / "heard"
    file.touch()
    return file


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once, instead of after some seconds."""
    monkeypatch.setattr(import_process, "_LOOK_S", 0.01)
    monkeypatch.setattr(import_process, "_PAUSE_S", 0.05)


@contextmanager
def started(bench: Bench, *command: str) -> Iterator[ImportProcess]:
    process = ImportProcess(bench.worker(name="clerk"), command)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def script(text: str, heard: Path) -> tuple[str, ...]:
    return sys.executable, "-S", "-c", text, str(heard)


def is_done(bench: Bench, import_id: int) -> Callable[[], bool]:
    return lambda: bench.look(import_id).state is ImportState.DONE


def test_a_process_is_there_from_the_first_import_and_hears_every_ring(
    bench: Bench, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_process, "_LOOK_S", float(LONG_ENOUGH_S))
    with started(bench, *script(WRITER, heard)) as process:
        process.ring()
        time.sleep(0.05)
        assert heard.read_bytes() == b""
        bench.upload(GAMES)
        process.ring()
        wait_until(lambda: heard.read_bytes().endswith(b":"))
        process.ring()
        wait_until(lambda: heard.read_bytes().endswith(b":rung,"))
    assert heard.read_bytes().endswith(b":rung,told to end;")


def test_one_that_dies_is_told_and_another_one_started_while_something_waits(
    bench: Bench, heard: Path, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = bench.upload(GAMES)
    with started(bench, *script(FAILING, heard)):
        wait_until(lambda: heard.read_bytes().count(b"begun;") >= 3)
        bench.worker().run_waiting()
        assert is_done(bench, waiting)()
    assert "import.process_died" in caplog.text
    assert "code=3" in caplog.text


def test_a_program_that_is_not_there_is_told_and_looked_for_again(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.upload(GAMES)
    with started(bench, "/no/such/program"):
        wait_until(lambda: caplog.text.count("No such file or directory: '/no/such/program'") >= 2)


def test_the_program_itself_imports_and_gives_way(
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("CHESS_ANALYTICS_DATABASE_URL", postgres_url)
    monkeypatch.setenv("CHESS_ANALYTICS_DATA_DIR", str(tmp_path))
    with open_store(tmp_path, postgres_url) as store:
        bench = Bench(store, tmp_path)
        first = bench.upload(GAMES)
        with started(bench, *REAL) as process:
            wait_until(is_done(bench, first))
            [pid] = map(int, re.findall(r"process_started pid=(\d+)", caplog.text))
            ours = os.getpriority(os.PRIO_PROCESS, 0)
            assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, ours + 10)
            second = bench.upload(GAMES)
            process.ring()
            wait_until(is_done(bench, second))
        assert bench.look(second).counts.already_there == 2
        assert bench.uploads() == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@contextmanager
def orders() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    hears, tells = os.pipe()
    with os.fdopen(hears, "rb") as hearing, os.fdopen(tells, "wb", buffering=0) as telling:
        yield hearing, telling


def test_it_works_when_rung_and_ends_when_whoever_rings_is_gone(bench: Bench) -> None:
    worker = bench.worker()
    with orders() as (hearing, telling):
        working = threading.Thread(target=work_until_told, args=(worker, hearing))
        working.start()
        waiting = bench.upload(GAMES)
        telling.write(b"\n")
        wait_until(is_done(bench, waiting))
        telling.close()
        working.join(LONG_ENOUGH_S)
        assert not working.is_alive()


class AtWork(ImportWorker):
    """Has an import at hand whenever it is asked, three times."""

    asked = 0

    @property
    def is_busy(self) -> bool:
        self.asked += 1
        return self.asked <= 3


def test_it_ends_by_itself_when_nothing_was_to_be_done_for_long(bench: Bench) -> None:
    worker = AtWork(bench.shop(), "w")
    with orders() as (hearing, _telling):
        work_until_told(worker, hearing, idle_s=0.01)
    assert worker.asked == 4
