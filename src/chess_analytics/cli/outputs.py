"""The files that an analysis writes: opened when all else is ready, filled as games finish."""

import errno
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Self, TextIO

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.exports.annotated import annotated_pgn
from chess_analytics.actions.exports.html import HtmlReport, Reading
from chess_analytics.actions.exports.jsonl import review_line
from chess_analytics.actions.exports.summary import Summary
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Broken, SetAside
from chess_analytics.review.judge import Review

_STDOUT = Path("-")


class OutputNotWritable(ChessAnalyticsError):
    """A file that was to be written cannot be."""


class OutputRefused(ChessAnalyticsError):
    """Writing it would destroy something: an input, or another output."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Where the user wants what; ``-`` is standard output."""

    json: Path | None = None
    pgn: Path | None = None
    report: Path | None = None
    problems: Path | None = None

    def named(self) -> list[tuple[str, Path]]:
        """List the options that were given, with their paths."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, path) for name, path in pairs if path is not None]

    def refuse_clashes(self, inputs: Sequence[str]) -> None:
        """Make sure that no output is an input, and no two outputs are one file.

        Raises:
            OutputRefused: one of them is.
        """
        given = self.named()
        for number, (name, path) in enumerate(given):
            for file in inputs:
                if file != str(_STDOUT) and _is_same(path, Path(file)):
                    raise OutputRefused(f"--{name} {path} is one of the inputs; name another file")
            for other, other_path in given[:number]:
                if _is_same(path, other_path):
                    raise OutputRefused(f"--{other} and --{name} both want {path}; name two files")


class Outputs:
    """Writes every review to the files that were asked for."""

    def __init__(self, summary: Summary, targets: Targets) -> None:
        self._summary = summary
        self._targets = targets
        self._report = HtmlReport(summary) if targets.report else None
        self._open = ExitStack()
        self._files: dict[Path, TextIO] = {}

    def __enter__(self) -> Self:
        for _, path in self._targets.named():
            # The page too: hours of work must not end in «no such folder».
            self._files[path] = _open_to_write(path)
            self._open.callback(self._files[path].close)
        return self

    def __exit__(self, *_: object) -> None:
        # What could not be written has been told already.
        try:
            self._open.close()
        except OSError:
            return

    def add(self, review: Review, run: Run) -> None:
        """Write one review down at once, so that a reader can follow and nothing waits."""
        self._summary.add(review)
        if self._targets.json:
            self._write(self._targets.json, review_line(review, run))
        if self._targets.pgn:
            self._write(self._targets.pgn, annotated_pgn(review, run) + "\n")
        if self._report:
            self._report.add(review, run)

    def leave_out(self, entry: SetAside | Broken) -> None:
        """Write down a game that was left out, if that was asked for."""
        if self._targets.problems:
            line = json.dumps(_problem(entry), ensure_ascii=False) + "\n"
            self._write(self._targets.problems, line)

    def finish(self, reading: Reading, today: date) -> list[Path]:
        """Write what needs all reviews, and name the files that were written."""
        if self._report and self._targets.report:
            self._write(self._targets.report, self._report.render(reading, today))
        return [path for _, path in self._targets.named() if path != _STDOUT]

    def _write(self, path: Path, text: str) -> None:
        with _told(path):
            self._files[path].write(text)
            self._files[path].flush()


def _open_to_write(path: Path) -> TextIO:
    """Open a file for writing, its folder made if need be; always UTF-8, whatever the locale."""
    with _told(path):
        if path != _STDOUT:
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("w", encoding="utf-8")
        if sys.stdout is None:
            raise OutputNotWritable("standard output is closed; name a file instead of -")
        return open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # Whoever read our output has had enough: nothing to be told.
        what = "standard output" if path == _STDOUT else str(path)
        raise OutputNotWritable(
            f"cannot write {what}: {error.strerror}; name another file"
        ) from error


def _problem(entry: SetAside | Broken) -> dict[str, object]:
    is_broken = isinstance(entry, Broken)
    line = entry.line if isinstance(entry, Broken) else None
    return {
        "file": entry.place.source,
        "game": entry.place.number,
        "line": line or entry.place.line,
        "problem": "broken" if is_broken else "set aside",
        "reason": entry.reason,
        "detail": entry.detail if isinstance(entry, SetAside) else "",
        "headers": dict(entry.headers),
    }


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths are one file that can hold something: /dev/null can be named twice."""
    if one == other:
        return one == _STDOUT or not one.exists() or one.is_file()
    try:
        return one.is_file() and one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()
