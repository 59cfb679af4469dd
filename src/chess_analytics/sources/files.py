"""Read the games of files, folders and standard input, whatever their format and packing."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Broken, Entry, Place
from chess_analytics.sources.compression import Allowance, DamagedInput, Stream
from chess_analytics.sources.formats import read_stream
from chess_analytics.sources.unpack import (
    FORMS,
    KNOWN_ENDINGS,
    UNKNOWN_ENDING,
    Bounds,
    Text,
    Unpacking,
    Unread,
)

STANDARD_INPUT = "-"

SKIPPED_KEPT = 100
"""How many skipped files are kept to be shown; all are counted."""


class InputNotReadable(ChessAnalyticsError):
    """What the user named cannot be opened at all."""


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is not read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that will be read, in order, and those that will not."""

    files: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    total_bytes: int | None
    """As they lie on the disk; unknown where standard input is one of them."""


@dataclass(slots=True)
class ReadingProgress:
    """How far the reading has come; whoever reads keeps it up to date."""

    read_bytes: int = 0
    """Of the files as they lie on the disk."""
    source: str = ""
    """What is being read."""
    without_games: list[str] = field(default_factory=list)
    """Files that were read to their end and hold no game."""
    skipped: list[SkippedFile] = field(default_factory=list)
    """The first SKIPPED_KEPT files in archives that are not read, for nothing says that they hold
    games."""
    skipped_count: int = 0

    def add_bytes(self, count: int) -> None:
        self.read_bytes += count

    def skip(self, file: SkippedFile) -> None:
        self.skipped_count += 1
        if len(self.skipped) < SKIPPED_KEPT:
            self.skipped.append(file)


def read_paths(paths: Sequence[str], progress: ReadingProgress | None = None) -> Iterator[Entry]:
    """Yield the games of files and folders (see `find_inputs`).

    Raises:
        InputNotReadable: a path does not exist or may not be read; nothing has been read then.
    """
    return read_inputs(find_inputs(paths), progress)


def find_inputs(paths: Sequence[str]) -> Inputs:
    """Find the files to read: those that are named, and in folders all with KNOWN_ENDINGS.

    Folders are searched to the bottom, in alphabetical order, hidden files and folders left out.
    ``-`` is standard input.

    Raises:
        InputNotReadable: a path does not exist or may not be read.
    """
    files: dict[str, int | None] = {}
    skipped = []
    for path in paths:
        for name, size, fault in _look_at(path):
            if fault:
                skipped.append(SkippedFile(name, fault))
            else:
                files[name] = size
    sizes = [size for size in files.values() if size is not None]
    total = sum(sizes) if len(sizes) == len(files) else None
    return Inputs(tuple(files), tuple(skipped), total)


def read_inputs(inputs: Inputs, progress: ReadingProgress | None = None) -> Iterator[Entry]:
    """Yield the games of all files, one file after the other.

    A file that breaks off gives all games before the break, and a Broken entry for the break.
    """
    progress = progress or ReadingProgress()
    for name in inputs.files:
        progress.source = name
        yield from _read_file(name, progress)


def _look_at(path: str) -> Iterator[tuple[str, int | None, str]]:
    """Give name, size and fault (empty if there is none) of every file at a path."""
    if path == STANDARD_INPUT:
        if sys.stdin is None or sys.stdin.closed:
            raise InputNotReadable(
                "standard input is closed, so no games can come from it. "
                "Pipe them into the command, or name a file."
            )
        yield path, None, ""
        return
    try:
        status = Path(path).stat()
    except OSError as error:
        raise InputNotReadable(f"cannot open {path}: {error.strerror}. Check the name.") from error
    if stat.S_ISDIR(status.st_mode):
        yield from _look_into(path)
        return
    if not os.access(path, os.R_OK):
        raise InputNotReadable(f"cannot open {path}: you may not read it. Check its permissions.")
    is_file = stat.S_ISREG(status.st_mode)
    fault = "the file is empty" if is_file and not status.st_size else ""
    yield path, status.st_size if is_file else None, fault


def _look_into(folder: str) -> Iterator[tuple[str, int | None, str]]:
    found = False
    faults: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = str(Path(parent, name))
            if name.lower().endswith(KNOWN_ENDINGS):
                found = True
                yield from _look_at_one(path)
            else:
                yield path, None, UNKNOWN_ENDING
    for fault in faults:
        yield str(fault.filename), None, f"it cannot be opened: {fault.strerror}"
    if not found:
        endings = ", ".join((*FORMS, ".zip"))
        raise InputNotReadable(
            f"the folder {folder} holds no file of games. Their names end in {endings} "
            "(with .gz, .zst, .bz2 or .xz behind it, or not); name other files one by one."
        )


def _look_at_one(path: str) -> Iterator[tuple[str, int | None, str]]:
    """Look at a file in a folder: one that cannot be read does not stop the others."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            # To open a pipe is to wait for somebody who writes into it, perhaps for ever.
            yield path, None, "it is not a regular file; name it by itself to read it"
        else:
            yield from _look_at(path)
    except InputNotReadable as error:
        yield path, None, str(error)


def _read_file(name: str, progress: ReadingProgress) -> Iterator[Entry]:
    unpacking = Unpacking(Bounds(), Allowance())
    try:
        if name == STANDARD_INPUT:
            parts = unpacking.parts(sys.stdin.buffer, name, progress.add_bytes)
            yield from read_parts(parts, name, progress)
            return
        with Path(name).open("rb") as file:
            parts = unpacking.parts(file, name, progress.add_bytes)
            yield from read_parts(parts, name, progress)
    except OSError as error:
        yield Broken(Place(name, 1, None), str(error), None, {})


def read_parts(
    parts: Iterable[Text | Unread], name: str, progress: ReadingProgress
) -> Iterator[Entry]:
    """Yield the games of everything that an input holds; ``name`` is the input's.

    A file that should hold games and cannot be read is a Broken entry; one that nobody takes for
    games, as a README in an archive, is none: ``progress`` keeps it as skipped.
    """
    is_empty = True
    for part in parts:
        progress.source = part.source
        match part:
            case Text(source, stream):
                is_empty = False
                yield from _read_text(source, stream, progress)
            case Unread(source, reason, is_broken=True):
                is_empty = False
                yield Broken(Place(source, 1, None), reason, None, {})
            case Unread(source, reason):
                progress.skip(SkippedFile(source, reason))
    if is_empty:
        progress.without_games.append(name)


def _read_text(source: str, stream: Stream, progress: ReadingProgress) -> Iterator[Entry]:
    number = 0
    try:
        for entry in read_stream(stream, source):
            number = entry.place.number
            yield entry
    except DamagedInput as damage:
        number += 1
        reason = f"{damage}; the games before this point were read"
        yield Broken(Place(source, number, None), reason, None, {})
    if not number:
        progress.without_games.append(source)
