"""The engines of a machine under test: simulated ones, which fail on order, or a real one."""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.cli.commands import SIMULATED
from tests.engine.engines import is_running

_ORDERS = count(1)


@dataclass(frozen=True, slots=True)
class Engines:
    """A program for CHESS_ANALYTICS_ENGINE, and what can be done to those who run it."""

    program: Path
    folder: Path

    def order(self, fault: str) -> None:
        """Have the next engine that is asked something fail (see `tests.simulated_engine`)."""
        (self.folder / f"{fault}-{next(_ORDERS)}").touch()

    def open_orders(self) -> list[str]:
        """Name the orders that no engine has carried out yet."""
        return sorted(path.name for path in self.folder.glob("*-*"))

    def hold(self) -> None:
        """Let no engine answer until `let_go`; for less than the watchdog's patience."""
        (self.folder / "hold").touch()

    def let_go(self) -> None:
        (self.folder / "hold").unlink(missing_ok=True)

    def slow_down(self, seconds: float | None = None) -> None:
        """Let every answer take some time, so that a job is not over too soon."""
        # A file that is half written would be read as well.
        written = self.folder / "slower"
        written.write_text("" if seconds is None else str(seconds))
        written.rename(self.folder / "slow")

    def hurry(self) -> None:
        """Let them answer at once again."""
        (self.folder / "slow").unlink(missing_ok=True)

    def refuse(self) -> None:
        """Let no engine start until `relent`."""
        (self.folder / "refuse").touch()

    def relent(self) -> None:
        (self.folder / "refuse").unlink(missing_ok=True)

    def searches(self) -> int:
        """Count how often any engine was asked something."""
        with suppress(FileNotFoundError):
            return (self.folder / "log").read_text().count("searches")
        return 0

    def alive(self) -> list[int]:
        """Name the processes of these engines, those that are starting included (Linux)."""
        return [pid for pid in _all_processes() if self._is_ours(pid) and is_running(pid)]

    def _is_ours(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(self.folder) in words or os.fsencode(self.program) in words


def simulated_engines(folder: Path, latency_ms: float = 0, *options: str) -> Engines:
    """Put a simulated engine there."""
    orders = folder / "engine"
    orders.mkdir(parents=True)
    program = folder / "simulated"
    words = " ".join([str(latency_ms), "--folder", f'"{orders}"', *options])
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SIMULATED}" {words}\n')
    program.chmod(0o755)
    return Engines(program, orders)


def real_engines(folder: Path, program: Path) -> Engines:
    """Use a real engine under a name of this machine's own, so that its processes are known."""
    orders = folder / "engine"
    orders.mkdir(parents=True)
    named = folder / "real"
    named.symlink_to(program)
    return Engines(named, orders)


def _all_processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
