"""One engine's process: lines in, lines out, within bounds of time and memory."""

import os
import re
import select
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Never

from chess_analytics.engine.discovery import EngineCommand
from chess_analytics.engine.evaluation import EngineBabbled, EngineDied, EngineError, EngineHung
from chess_analytics.engine.spawner import spawn
from chess_analytics.engine.watchdog import Countdown

# Printable ASCII: whatever a position or an option holds, it can never start a second command.
_SENDABLE = re.compile(r"[ -~]+")
_READ_BYTES = 65_536
# The longest variation that fits into Stockfish's 246 plies takes less than 2 KB.
_LONGEST_LINE_BYTES = 65_536
_LAST_WORDS_BYTES = 500
# A pipe takes 64 KB at once; an engine that leaves more than that unread is not listening.
_WRITE_S = 5.0
# How long an engine that closed its output may take to end, so that its exit code is its own.
_DYING_S = 0.5
_QUITTING_S = 0.5
# Fields of /proc/PID/stat after the program's name, counted from 0; see proc(5).
_STATE, _USER, _SYSTEM = 0, 11, 12
_LONGEST_STAT_BYTES = 4096


class SearchInterrupted(EngineError):
    """Somebody stopped the engine on purpose: Ctrl-C, a cancelled job, a closed pool."""


class EngineProcess:
    """A running engine. Used by one thread; only `interrupt` may be called by others.

    After any error the process is gone, with its whole process group.
    """

    def __init__(self, command: EngineCommand, *, memory_bytes: int, niceness: int) -> None:
        self._command = command
        self._ending = Lock()
        self._has_ended = False
        self._was_interrupted = False
        self._unfinished = b""
        self._last_line = b""
        self._complaints = b""
        self._cpu_s_before = 0.0
        self._popen = spawn(command, memory_bytes=memory_bytes, niceness=niceness)
        self._proc = Path(f"/proc/{self._popen.pid}")
        self._stat = _open_stat(self._proc)
        # Bare `poll` and `read` cost a fifth of `selectors` and file objects, and an engine that
        # runs at a million nodes a second says dozens of lines in every search.
        self._poll = select.poll()
        for pipe in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(pipe.fileno(), False)
        self._poll.register(self._stdout, select.POLLIN)
        self._poll.register(self._stderr, select.POLLIN)
        self._output = self._stdout.fileno()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def send(self, *lines: str, patience_s: float = _WRITE_S) -> None:
        """Write commands, in one go.

        Raises:
            ValueError: a line holds anything but printable ASCII.
            EngineDied: the engine has ended, or closed its input.
            EngineHung: it does not read.
            SearchInterrupted: it was stopped on purpose.
        """
        for line in lines:
            if not _SENDABLE.fullmatch(line):
                raise ValueError(f"not one line of printable ASCII: {line!r}")
        self._check()
        self._cpu_s_before = self._cpu_s()
        unsent = memoryview("".join(f"{line}\n" for line in lines).encode("ascii"))
        while unsent:
            try:
                unsent = unsent[os.write(self._stdin.fileno(), unsent) :]
            except BlockingIOError:
                self._wait_until_it_reads(patience_s)
            except OSError:
                self._died()

    def receive(self, countdown: Countdown) -> list[bytes]:
        """Wait for the engine to say something: one whole line or more, without their ends.

        Raises:
            EngineDied: its output ended.
            EngineHung: the countdown has expired.
            EngineBabbled: a line does not end.
            SearchInterrupted: it was stopped on purpose.
        """
        self._check()
        while True:
            if countdown.has_expired and not self._is_starved(countdown):
                self._hung(countdown.why)
            ready = self._poll.poll(1000 * countdown.slice_s)
            if self._was_interrupted:
                self._check()
            # What is there is read before the clock is looked at: we may be the ones who were late.
            lines = self._read(ready)
            countdown.look(heard=bool(lines))
            if lines:
                self._last_line = lines[-1]
                return lines

    def babbled(self, what: str) -> Never:
        """End an engine that cannot be understood.

        Raises:
            EngineBabbled: always.
        """
        self._end()
        raise EngineBabbled(f"The engine {self._name} answered what is not UCI: {what}")

    def interrupt(self) -> None:
        """End the engine at once, whatever it does; may be called from any thread."""
        self._was_interrupted = True
        self._kill()

    def close(self) -> None:
        """Ask the engine to leave, and see it out if it does not."""
        if not self._has_ended:
            with suppress(OSError):
                os.write(self._stdin.fileno(), b"quit\n")
            self._stdin.close()
            self._end(polite_s=0.0 if self._was_interrupted else _QUITTING_S)

    def _is_starved(self, countdown: Countdown) -> bool:
        used_s = self._cpu_s() - self._cpu_s_before
        return self._wants_to_run() and countdown.forgive(used_s)

    def _cpu_s(self) -> float:
        """Seconds of processor time so far; 0 where the system does not tell (macOS)."""
        fields = _fields(self._stat)
        ticks = int(fields[_USER]) + int(fields[_SYSTEM]) if fields else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def _wants_to_run(self) -> bool:
        # The thread that listens to us sleeps while another one searches.
        threads = self._proc.glob("task/*")
        return any(_status(thread)[_STATE : _STATE + 1] == [b"R"] for thread in threads)

    def _read(self, ready: list[tuple[int, int]]) -> list[bytes]:
        said = None
        for pipe, _ in ready:
            if pipe == self._output:
                said = os.read(pipe, _READ_BYTES)
            else:
                self._hear_complaints()
        if said is None:
            return []
        if not said:
            self._died()
        *lines, self._unfinished = (self._unfinished + said).split(b"\n")
        if len(self._unfinished) > _LONGEST_LINE_BYTES:
            self.babbled(f"a line of more than {_LONGEST_LINE_BYTES} bytes")
        return lines

    def _hear_complaints(self) -> None:
        complaint = b""
        with suppress(BlockingIOError):
            complaint = os.read(self._stderr.fileno(), _READ_BYTES)
            if not complaint:
                self._poll.unregister(self._stderr)
        self._complaints = (self._complaints + complaint)[-_LAST_WORDS_BYTES:]

    def _wait_until_it_reads(self, patience_s: float) -> None:
        poll = select.poll()
        poll.register(self._stdin, select.POLLOUT)
        if not poll.poll(1000 * patience_s):
            self._hung(f"it did not read its input for {patience_s:.0f} s")

    def _check(self) -> None:
        if self._was_interrupted:
            self._end()
            raise SearchInterrupted(f"The engine {self._name} was stopped on request.")
        if self._has_ended:
            raise EngineDied(f"The engine {self._name} was ended before. Start a new one.")

    def _hung(self, why: str) -> Never:
        self._end()
        raise EngineHung(
            f"The engine {self._name} hung: {why}. It was ended. If this happens often, the "
            "machine is overloaded or the engine is broken: run fewer engines, or try another."
        )

    def _died(self) -> Never:
        code = self._end(polite_s=_DYING_S)
        if self._was_interrupted:
            self._check()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        words = (self._complaints.strip() or self._last_line.strip()).decode("utf-8", "replace")
        last = f" Its last words: {words[-_LAST_WORDS_BYTES:]!r}." if words else ""
        raise EngineDied(f"The engine {self._name} ended by itself ({how}).{last}")

    def _end(self, *, polite_s: float = 0.0) -> int:
        """Kill what is left of the process group, and give the exit code as Popen does."""
        if polite_s:
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(polite_s)
        self._kill()
        code = self._popen.wait()
        with self._ending:
            if not self._has_ended:
                self._has_ended = True
                self._hear_last_complaints()
                for pipe in (self._stdin, self._stdout, self._stderr):
                    with suppress(OSError):
                        pipe.close()
                self._close_stat()
        return code

    def _hear_last_complaints(self) -> None:
        with suppress(OSError):
            left = os.read(self._stderr.fileno(), _READ_BYTES)
            self._complaints = (self._complaints + left)[-_LAST_WORDS_BYTES:]

    def _close_stat(self) -> None:
        stat, self._stat = self._stat, None
        if stat is not None:
            os.close(stat)

    def _kill(self) -> None:
        # The group's number stays ours until its leader is waited for; what remains of the group
        # after that keeps it taken, and numbers are not given out again within microseconds.
        with self._ending, suppress(ProcessLookupError, PermissionError):
            if not self._has_ended:
                os.killpg(self._popen.pid, signal.SIGKILL)

    @property
    def _name(self) -> str:
        # Everybody whose game fails reads it: where it lies is the operator's business.
        return Path(self._command.argv[-1]).name

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._popen.stdin is not None  # noqa: S101 - a pipe was asked for
        return self._popen.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._popen.stdout is not None  # noqa: S101 - a pipe was asked for
        return self._popen.stdout

    @property
    def _stderr(self) -> IO[bytes]:
        assert self._popen.stderr is not None  # noqa: S101 - a pipe was asked for
        return self._popen.stderr


def _status(process: Path) -> list[bytes]:
    """Read the state of a process or a thread; nothing where it is gone, or the system is mute."""
    stat = _open_stat(process)
    try:
        return _fields(stat)
    finally:
        if stat is not None:
            os.close(stat)


def _open_stat(process: Path) -> int | None:
    """Open what tells the state of a process; nothing where it is gone, or the system is mute."""
    try:
        return os.open(process / "stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _fields(stat: int | None) -> list[bytes]:
    """Read the state anew from the open file, which costs a third of opening it again."""
    if stat is None:
        return []
    try:
        return os.pread(stat, _LONGEST_STAT_BYTES, 0).rpartition(b")")[2].split()
    except OSError:
        return []
