"""How engines are started, and that none outlives the program that started it."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from chess_analytics.engine.discovery import EngineCommand, EngineKind
from chess_analytics.engine.spawner import spawn
from chess_analytics.engine.uci import UciEngine
from tests.engine.engines import (
    is_running,
    real_command,
    scripted,
    scripted_command,
    start_position,
    wait_until,
    wasm_command,
)

_ROOT = Path(__file__).resolve().parents[2]
_GIBIBYTE = 1 << 30

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc; parent-death signals")


@contextmanager
def _program(body: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program that starts engines and prints numbers on one line; it never outlives us."""
    opening = """
        import os, signal, sys, threading, time
        from chess_analytics.engine.discovery import find_engine
        from tests.engine.engines import scripted, scripted_command, start_position
        from chess_analytics.engine.uci import UciEngine
    """
    text = textwrap.dedent(opening) + textwrap.dedent(body)
    environment = {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'src'}"}
    program = subprocess.Popen(
        [sys.executable, "-c", text, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        yield program
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.communicate()


def _numbers(program: subprocess.Popen[str]) -> list[int]:
    assert program.stdout is not None
    return [int(word) for word in program.stdout.readline().split()]


@linux
def test_no_engine_outlives_a_program_that_is_killed() -> None:
    body = """
        engines = [scripted("good"), scripted("ignores everything"), scripted("good")]
        for engine in engines:
            engine.search(start_position())
        os.kill(engines[2].pid, signal.SIGSTOP)
        print(*(engine.pid for engine in engines), flush=True)
        time.sleep(60)
    """
    with _program(body) as program:
        pids = _numbers(program)
        assert len(pids) == 3
        assert all(is_running(pid) for pid in pids)
        program.kill()

    assert wait_until(lambda: not any(is_running(pid) for pid in pids))


@linux
@pytest.mark.engine
def test_no_real_engine_outlives_a_program_that_is_killed_while_it_searches() -> None:
    commands = [real_command(), wasm_command()]
    body = """
        engines = [UciEngine(find_engine(setting)) for setting in sys.argv[1:] for _ in "12"]
        for engine in engines:
            engine.new_game()
            engine._process.send("go infinite")
        os.kill(engines[1].pid, signal.SIGSTOP)
        os.kill(engines[3].pid, signal.SIGSTOP)
        print(*(engine.pid for engine in engines), flush=True)
        time.sleep(60)
    """
    with _program(body, *(command.argv[-1] for command in commands)) as program:
        pids = _numbers(program)
        assert len(pids) == 4
        assert all(is_running(pid) for pid in pids)
        program.kill()

    assert wait_until(lambda: not any(is_running(pid) for pid in pids))


@linux
def test_an_engine_lives_on_when_the_thread_that_wanted_it_ends() -> None:
    engines: list[UciEngine] = []

    def start() -> None:
        engines.append(scripted("good"))
        # Only an engine that has answered has its parent-death signal set for sure.
        engines[0].new_game()

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    with engines[0] as engine:
        time.sleep(0.3)
        assert engine.search(start_position()).best == "e2e4"


@linux
def test_an_engine_lives_on_while_other_threads_work_after_the_main_one() -> None:
    body = """
        engine = scripted("good")
        engine.new_game()
        def work():
            time.sleep(0.5)
            print(engine.search(start_position()).nodes, flush=True)
            engine.close()
        threading.Thread(target=work).start()
    """
    with _program(body) as program:
        assert _numbers(program) == [1000]
        assert program.wait(timeout=60) == 0


@linux
def test_a_forked_program_starts_engines_of_its_own() -> None:
    body = """
        scripted("good").close()
        child = os.fork()
        if child == 0:
            with scripted("good") as engine:
                print(engine.search(start_position()).nodes, flush=True)
            os._exit(0)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    with _program(body) as program:
        assert _numbers(program) == [1000]
        assert program.wait(timeout=60) == 0


@linux
def test_an_engine_gets_no_environment_no_core_dumps_a_limit_and_a_session_of_its_own() -> None:
    with UciEngine(scripted_command("good")) as engine:
        engine.new_game()
        about = Path(f"/proc/{engine.pid}")
        limits = {
            line[:25].strip(): line[26:].split()[0]
            for line in about.joinpath("limits").read_text(encoding="ascii").splitlines()
        }
        assert about.joinpath("environ").read_bytes() == b""
        assert limits["Max core file size"] == "0"
        assert limits["Max address space"] == str((64 + 1024) << 20)
        assert "NoNewPrivs:\t1" in about.joinpath("status").read_text(encoding="ascii")
        assert os.getsid(engine.pid) == engine.pid
        assert os.getpgid(engine.pid) == engine.pid
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, engine.pid) == own + 5
        assert about.joinpath("cwd").readlink() == Path("/")


@linux
def test_only_what_node_writes_to_is_limited() -> None:
    command = EngineCommand(scripted_command("good").argv, EngineKind.WASM, "made for a test")
    with UciEngine(command) as engine:
        engine.new_game()
        limits = Path(f"/proc/{engine.pid}/limits").read_text(encoding="ascii")
    assert f"Max data size             {(64 + 1024) << 20}" in limits
    assert "Max address space         unlimited" in limits


@linux
@pytest.mark.parametrize("kind", EngineKind)
def test_an_engine_that_wants_too_much_memory_does_not_get_it(kind: EngineKind) -> None:
    greedy = "held = bytearray(1 << 30)"
    command = EngineCommand((sys.executable, "-I", "-S", "-c", greedy), kind, "made for a test")
    popen = spawn(command, memory_bytes=_GIBIBYTE // 2, niceness=0)
    _, complaint = popen.communicate(timeout=60)
    assert popen.returncode == 1
    assert b"MemoryError" in complaint


@linux
def test_an_engine_is_not_started_for_a_parent_that_has_ended() -> None:
    launcher = _ROOT / "src" / "chess_analytics" / "engine" / "launch.py"
    said = subprocess.run(
        [sys.executable, "-I", "-S", str(launcher), "1", "none", "0", "--", "/bin/echo", "alive"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 126
    assert "has ended" in said.stderr
    assert said.stdout == ""
