"""Run the command as a user does: a process of its own, a home of its own, no network."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.forking import run_forked
from tests.cli.running import Running

SIMULATED = Path(__file__).resolve().parents[1] / "simulated_engine.py"
LONG_ENOUGH_S = 120


@dataclass(frozen=True, slots=True)
class Home:
    """A user's machine for one test."""

    folder: Path
    started: list["subprocess.Popen[str] | Running"] = field(default_factory=list, compare=False)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "CHESS_ANALYTICS_DATA_DIR": str(self.folder / "data"),
            "NO_COLOR": "1",
            "COLUMNS": "100",
        }

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def engine(self, latency_ms: int = 0, *more: int) -> str:
        """Put a program there that looks like an engine, and give its path."""
        words = " ".join(map(str, (latency_ms, *more)))
        path = self.folder / f"engine-{words.replace(' ', '-')}"
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SIMULATED}" {words}\n')
        path.chmod(0o755)
        return str(path)

    def start(self, *words: str, settings: Mapping[str, str] | None = None) -> Running:
        """Start the command and leave it running, with nothing to read.

        It is forked as those are which are run to their end (see `run`).
        """
        process = Running(words, self.folder, {**self.environment, **(settings or {})})
        self.started.append(process)
        return process

    def start_anew(
        self, *words: str, stdin: int | None = None, settings: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        """Start the command by its name, as a user does, and leave it running."""
        process = subprocess.Popen(
            [sys.executable, "-m", "chess_analytics", *words],
            env={**self.environment, **(settings or {})},
            cwd=self.folder,
            text=True,
            encoding="utf-8",
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.started.append(process)
        return process

    def leave(self) -> None:
        """End what a failed test has left running."""
        for process in self.started:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()

    def run(
        self, *words: str, feed: str | None = None, settings: Mapping[str, str] | None = None
    ) -> "Ended":
        """Run the command to its end; what is fed comes to it through a pipe.

        Only such a command is started anew. Others are forked from a process that has loaded the
        libraries, which saves most of their time.
        """
        if feed is None:
            environment = {**self.environment, **(settings or {})}
            return Ended(*run_forked(words, self.folder, environment, LONG_ENOUGH_S))
        process = self.start_anew(*words, stdin=subprocess.PIPE, settings=settings)
        out, err = process.communicate(feed, timeout=LONG_ENOUGH_S)
        return Ended(process.returncode, out, err)


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str
