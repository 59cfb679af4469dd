"""Read the games of files, folders and standard input, whatever their format and packing."""

import io
import os
import stat
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Broken, Entry, Place
from chess_analytics.sources.compression import DamagedInput, plain_stream
from chess_analytics.sources.formats import read_stream

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"

_FORMS = (".pgn", ".json", ".ndjson", ".jsonl")
_PACKINGS = ("", ".gz", ".zst", ".bz2", ".xz")
KNOWN_ENDINGS = (*(form + packing for form in _FORMS for packing in _PACKINGS), ".zip")

_ENCRYPTED = 0x1  # a bit of ZIP's general purpose flags
_ZIP_MAGIC = b"PK\x03\x04"


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
    """How far the reading has come; `read_inputs` keeps it up to date."""

    read_bytes: int = 0
    """Of the files as they lie on the disk."""
    source: str = ""
    """What is being read."""
    without_games: list[str] = field(default_factory=list)
    """Files that were read to their end and hold no game."""


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
        is_empty = True
        for entry in _read_file(name, progress):
            is_empty = False
            yield entry
        if is_empty:
            progress.without_games.append(name)


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
                yield path, None, "its name does not end like that of a file with games"
    for fault in faults:
        yield str(fault.filename), None, f"it cannot be opened: {fault.strerror}"
    if not found:
        endings = ", ".join((*_FORMS, ".zip"))
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
    number = 1
    try:
        for entry in _entries(name, progress):
            number = entry.place.number + 1
            yield entry
    except (DamagedInput, zipfile.BadZipFile, NotImplementedError, OSError) as damage:
        reason = f"{damage}; the games before this point were read"
        yield Broken(Place(name, number, None), reason, None, {})


def _entries(name: str, progress: ReadingProgress) -> Iterator[Entry]:
    if name == STANDARD_INPUT:
        yield from _stream_entries(sys.stdin.buffer, name, progress)
        return
    with Path(name).open("rb") as file:
        if file.peek(4).startswith(_ZIP_MAGIC):
            if not file.seekable():
                raise DamagedInput("a ZIP archive cannot be read from a pipe: unpack it first")
            yield from _zip_entries(name, progress)
        else:
            yield from _stream_entries(file, name, progress)


def _stream_entries(stream: BinaryIO, name: str, progress: ReadingProgress) -> Iterator[Entry]:
    counted = io.BufferedReader(_Counted(stream, progress), io.DEFAULT_BUFFER_SIZE * 8)
    yield from read_stream(plain_stream(counted), name)


def _zip_entries(name: str, progress: ReadingProgress) -> Iterator[Entry]:
    with zipfile.ZipFile(name) as archive:
        for member in archive.infolist():
            if member.flag_bits & _ENCRYPTED:
                raise DamagedInput(f"{member.filename} in it needs a password: unpack it first")
            if member.filename.lower().endswith(KNOWN_ENDINGS):
                with archive.open(member) as file:
                    unpacked = plain_stream(io.BufferedReader(_Counted(file, ReadingProgress())))
                    yield from read_stream(unpacked, f"{name}/{member.filename}")
            progress.read_bytes += member.compress_size


class _Counted(io.RawIOBase):
    """Counts what is read of a file."""

    def __init__(self, stream: IO[bytes], progress: ReadingProgress) -> None:
        self._stream = stream
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        piece = self._stream.read(len(view))
        view[: len(piece)] = piece
        self._progress.read_bytes += len(piece)
        return len(piece)
