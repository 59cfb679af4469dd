"""The files that an analysis writes: opened before the work starts, filled as games finish."""

import json
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
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


class Outputs:
    """Writes every review to the files that were asked for."""

    def __init__(
        self, summary: Summary, *, jsonl: Path | None, pgn: Path | None, report: Path | None
    ) -> None:
        self._summary = summary
        self._jsonl_path = jsonl
        self._pgn_path = pgn
        self._report_path = report
        self._report = HtmlReport(summary) if report else None
        self._open = ExitStack()
        self._jsonl: TextIO | None = None
        self._pgn: TextIO | None = None

    def __enter__(self) -> Self:
        self._jsonl = self._writable(self._jsonl_path)
        self._pgn = self._writable(self._pgn_path)
        if self._report_path:  # Hours of work must not end in «no such folder».
            self._writable(self._report_path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def add(self, review: Review, run: Run) -> None:
        """Write one review down at once, so that a reader can follow and nothing waits."""
        self._summary.add(review)
        if self._jsonl:
            self._jsonl.write(review_line(review, run))
            self._jsonl.flush()
        if self._pgn:
            self._pgn.write(annotated_pgn(review, run) + "\n")
            self._pgn.flush()
        if self._report:
            self._report.add(review, run)

    def finish(self, reading: Reading, today: date) -> list[Path]:
        """Write what needs all reviews, and name the files that were written."""
        if self._report and self._report_path:
            self._report.write(self._report_path, reading, today)
        files = (self._jsonl_path, self._pgn_path, self._report_path)
        return [path for path in files if path and path != _STDOUT]

    def _writable(self, path: Path | None) -> TextIO | None:
        if path is None:
            return None
        if path == _STDOUT:
            return sys.stdout
        return self._open.enter_context(open_to_write(path))


def open_to_write(path: Path) -> TextIO:
    """Open a file for writing, its folder made if need be.

    Raises:
        OutputNotWritable: it cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise OutputNotWritable(
            f"cannot write {path}: {error.strerror}; name another file"
        ) from error


def write_problems(path: Path, left_out: list[Broken | SetAside]) -> None:
    """List the games that were left out, one JSON object a line."""
    with open_to_write(path) as file:
        for entry in left_out:
            is_broken = isinstance(entry, Broken)
            line = entry.line if isinstance(entry, Broken) else None
            record = {
                "file": entry.place.source,
                "game": entry.place.number,
                "line": line or entry.place.line,
                "problem": "broken" if is_broken else "set aside",
                "reason": entry.reason,
                "headers": dict(entry.headers),
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
