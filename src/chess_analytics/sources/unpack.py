"""Open the texts that an input holds: layers of compression, ZIP archives, archives in archives."""

import io
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from chess_analytics.sources.compression import (
    WINDOW_BYTES,
    Allowance,
    DamagedInput,
    LimitReached,
    Stream,
    guarded,
    packing_of,
)
from chess_analytics.sources.decoders import WITH_WINDOW
from chess_analytics.sources.zip_archive import ZIP_MAGIC, Member, OnRead, members, open_member

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FORMS = (".pgn", ".json", ".ndjson", ".jsonl")
_PACKINGS = ("", ".gz", ".zst", ".bz2", ".xz")
KNOWN_ENDINGS = (*(form + packing for form in FORMS for packing in _PACKINGS), ".zip")

UNKNOWN_ENDING = "its name does not end like that of a file with games"

# Files that macOS and Windows put into archives by themselves.
_OF_THE_SYSTEM = re.compile(
    r"(?:^|/)(?:__MACOSX/|\._[^/]*$|(?:\.DS_Store|Thumbs\.db|desktop\.ini)$)"
)
_LONGEST_NAME, _END_SHOWN = 200, 50
_ZIP_HEAD_BYTES = 6
_BUFFER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is open to be read; it must be read before the next part is asked for."""

    source: str
    stream: Stream


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is not read, and why."""

    source: str
    reason: str
    is_broken: bool
    """It should have held games."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What unpacking an input may cost; the defaults are for people who read their own files."""

    members: int = 1 << 62
    """Entries of ZIP archives, over all of them."""
    nesting: int = 8
    """Layers of packing around a text: there are archives that hold themselves."""
    window_bytes: int = WINDOW_BYTES
    spool_folder: Path | None = None
    """Where an archive inside of another packing lies while it is read; in a file without name."""


@dataclass(frozen=True, slots=True)
class _Room:
    """What is left for a packing and for those inside of it."""

    layers: int
    window_bytes: int

    def inside(self, *, of_window: bool) -> "_Room":
        # Both windows are in memory at once.
        window_bytes = self.window_bytes // 4 if of_window else self.window_bytes
        return _Room(self.layers - 1, window_bytes)


@dataclass(frozen=True, slots=True)
class _Archive:
    """A ZIP archive that is open."""

    file: BinaryIO
    source: str
    room: _Room
    on_read: OnRead


class Unpacking:
    """Opens one input; its parts share the bounds and the allowance."""

    def __init__(self, bounds: Bounds, allowance: Allowance) -> None:
        self._bounds = bounds
        self._allowance = allowance
        self._members = 0
        self._sources: Counter[str] = Counter()

    def parts(self, file: BinaryIO, source: str, on_read: OnRead) -> Iterator[Text | Unread]:
        """Yield the texts of an open file, and the files in it that are not read.

        Folders of archives, and files that a system put there, are passed over without a word.
        ``on_read`` is told how many bytes of ``file`` were read.

        Raises:
            LimitReached: more is in it than may be; reading a text raises it, too.
        """
        room = _Room(self._bounds.nesting, self._bounds.window_bytes)
        if file.seekable() and _begins_like_zip(file):
            yield from self._members_of(_Archive(file, source, room, on_read))
            return
        stream = io.BufferedReader(_Counted(file, on_read), _BUFFER_BYTES)
        if _is_zip(stream):
            reason = "a ZIP archive cannot be read from a pipe: unpack it first"
            yield Unread(source, reason, is_broken=True)
        elif packing_of(stream):
            yield from self._inside(stream, source, room)
        else:
            yield Text(source, guarded(stream, self._allowance))

    def _inside(self, stream: Stream, source: str, room: _Room) -> Iterator[Text | Unread]:
        """Yield what is in a stream that may be packed once more."""
        try:
            while opener := packing_of(stream):
                self._check(room)
                stream = guarded(opener(stream, room.window_bytes), self._allowance)
                room = room.inside(of_window=opener in WITH_WINDOW)
            if not _is_zip(stream):
                yield Text(source, stream)
                return
            self._check(room)
            with tempfile.TemporaryFile(dir=self._bounds.spool_folder) as file:
                shutil.copyfileobj(stream, file, _BUFFER_BYTES)
                yield from self._members_of(_Archive(file, source, room, _ignore))
        except DamagedInput as damage:
            yield Unread(source, str(damage), is_broken=True)

    def _check(self, room: _Room) -> None:
        if not room.layers:
            raise DamagedInput(
                f"it is packed more than {self._bounds.nesting} times over: unpack it first"
            )

    def _members_of(self, archive: _Archive) -> Iterator[Text | Unread]:
        try:
            for member in members(archive.file):
                self._members += 1
                if self._members > self._bounds.members:
                    raise LimitReached(f"it holds more than {self._bounds.members:,} files")
                if not member.is_folder and not _OF_THE_SYSTEM.search(member.name):
                    yield from self._member(archive, member)
        except DamagedInput as damage:
            yield Unread(archive.source, str(damage), is_broken=True)

    def _member(self, archive: _Archive, member: Member) -> Iterator[Text | Unread]:
        source = f"{archive.source}/{shown_name(member.name)}"
        if reason := _reason_to_skip(member):
            yield Unread(source, reason, is_broken=False)
            return
        source = self._unique(source)
        try:
            opened = open_member(archive.file, member, archive.room.window_bytes, archive.on_read)
        except DamagedInput as damage:
            yield Unread(source, str(damage), is_broken=True)
            return
        inner = archive.room.inside(of_window=member.takes_window)
        yield from self._inside(guarded(opened, self._allowance), source, inner)

    def _unique(self, source: str) -> str:
        """Give every text a name of its own: an archive may hold several files of one name."""
        self._sources[source] += 1
        count = self._sources[source]
        return source if count == 1 else self._unique(f"{source} ({count})")


def shown_name(name: str) -> str:
    """Make a file's name harmless to show: no way up, no control characters, not endless."""
    steps = [step for step in re.split(r"[/\\]", name) if step not in ("", ".", "..")]
    clean = "".join(letter if letter.isprintable() else "\ufffd" for letter in "/".join(steps))
    if len(clean) > _LONGEST_NAME:
        clean = f"{clean[: _LONGEST_NAME - _END_SHOWN]}…{clean[-_END_SHOWN:]}"
    return clean or "?"


def _reason_to_skip(member: Member) -> str:
    if member.is_link:
        return "it is a link to a file, and no file"
    return "" if member.name.lower().endswith(KNOWN_ENDINGS) else UNKNOWN_ENDING


def _begins_like_zip(file: BinaryIO) -> bool:
    start = file.tell()
    head = file.read(_ZIP_HEAD_BYTES)
    file.seek(start)
    return re.match(ZIP_MAGIC, head) is not None


def _is_zip(stream: Stream) -> bool:
    return re.match(ZIP_MAGIC, stream.peek(_ZIP_HEAD_BYTES)) is not None


def _ignore(_: int) -> None:
    return


class _Counted(io.RawIOBase):
    """Tells how much is read of a file."""

    def __init__(self, file: BinaryIO, on_read: OnRead) -> None:
        self._file = file
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        self._on_read(len(piece))
        return len(piece)
