"""What the tests of this room share: scripted engines, real ones, and a look at processes."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import chess
import pytest

from chess_analytics.engine.discovery import (
    EngineCommand,
    EngineKind,
    EngineNotFound,
    Places,
    find_engine,
)
from chess_analytics.engine.evaluation import SearchRequest
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.engine.watchdog import Patience

SCRIPT = Path(__file__).with_name("scripted_engine.py")

# So short that a hung engine costs a test little, so long that a busy machine passes it.
BRIEF = Patience(start_s=2.0, floor_s=0.8, factor=1.0, first_guess_nps=1_000_000)
LONG = Patience()
# For engines that are ended by somebody else before that.
ENDLESS = Patience(start_s=3600.0, floor_s=3600.0)


def scripted_command(behaviour: str, *arguments: object) -> EngineCommand:
    argv = (sys.executable, "-I", "-S", str(SCRIPT), behaviour, *map(str, arguments))
    return EngineCommand(argv, EngineKind.NATIVE, "made for a test")


def scripted(behaviour: str, *arguments: object, patience: Patience = LONG) -> UciEngine:
    # Other programs on the machine of the tests are no reason for a test to fail.
    settings = UciSettings(niceness=0, patience=patience)
    return UciEngine(scripted_command(behaviour, *arguments), settings)


def real_command() -> EngineCommand:
    try:
        return find_engine(None)
    except EngineNotFound:
        pytest.skip("no chess engine is installed here")


def wasm_command() -> EngineCommand:
    """Give the WebAssembly build, where one was installed or is named by a variable."""
    named = os.environ.get("CHESS_ANALYTICS_TEST_WASM")
    script = Path(named) if named else Places.here().wasm_script
    if not script.is_file():
        pytest.skip(
            f"no WebAssembly engine is installed at {script}: `chess-analytics engine install` "
            "puts it there, or CHESS_ANALYTICS_TEST_WASM names one"
        )
    try:
        return find_engine(str(script))
    except EngineNotFound as error:
        pytest.skip(str(error))


def start_position(*moves: str, nodes: int = 1000, only: tuple[str, ...] = ()) -> SearchRequest:
    return SearchRequest(chess.STARTING_FEN, moves, nodes, only=only)


def is_running(pid: int) -> bool:
    """Tell whether a process is there; one that only waits to be collected is not (Linux)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def wait_until(claim: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
