"""Read ZIP archives one file at a time, in bounded memory, and believe little of what they say.

Python's own reader holds the whole list of files in memory, unfolds bzip2 and LZMA without a limit,
and gives up an archive for one bad file.
"""

import io
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from chess_analytics.sources.compression import DamagedInput
from chess_analytics.sources.decoders import (
    WITH_WINDOW,
    ByteStream,
    Opener,
    bunzip2,
    inflate,
    unlzma,
    unxz,
    unzstd,
)

OnRead = Callable[[int], None]

ZIP_MAGIC = rb"PK(?:\x03\x04|\x05\x06|\x07\x08|00PK)"

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64_BYTES = 20
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LZMA_HEAD = struct.Struct("<2xH5s")
_EXTRA = struct.Struct("<2H")
_NUMBER_64 = struct.Struct("<Q")
_LONGEST_COMMENT = 65_535

# Bits of the general purpose flags.
_ENCRYPTED, _LZMA_HAS_END, _NAME_IS_UTF8 = 0x1, 0x2, 0x800
_STORED, _LZMA = 0, 14
_ELSEWHERE = 0xFFFFFFFF  # the number stands among the extras, in 64 bits
_EXTRA_64 = 1
_UNIX = 3  # the system that wrote the entry; only it tells the mode of a file

_NO_LIST = "the ZIP archive's list of files is missing: it was cut off, or is still being written"
_BAD_LIST = "the ZIP archive's list of files is damaged"
_OVERLAP = "the files of the ZIP archive overlap, as in no honest one"
_BAD_FILE = "the compressed data is damaged"

_OPENERS: dict[int, Opener] = {8: inflate, 12: bunzip2, 93: unzstd, 95: unxz}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive, as the archive's list describes it."""

    name: str
    """As it is written there: it may be anything."""
    method: int
    flags: int
    checksum: int
    packed_bytes: int
    claimed_bytes: int
    """What it is said to unfold to; nothing holds it to that."""
    offset: int
    mode: int
    """Of Unix; 0 where the archive has none."""

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.mode)

    @property
    def takes_window(self) -> bool:
        """To unpack it takes much memory."""
        return self.method == _LZMA or _OPENERS.get(self.method) in WITH_WINDOW


def members(file: BinaryIO) -> Iterator[Member]:
    """Yield the files of an archive in the order of its list, which is at the archive's end.

    ``file`` may be moved and read between two members.

    Raises:
        DamagedInput: there is no list, or it cannot be read further.
    """
    file_bytes = file.seek(0, io.SEEK_END)
    at, end, shift = _find_list(file, file_bytes)
    packed_bytes = 0
    while at < end:
        member, at = _read_entry(file, at, shift)
        packed_bytes += member.packed_bytes
        # Else a few bytes could be listed ten thousand times, and read as often.
        if packed_bytes > file_bytes:
            raise DamagedInput(_OVERLAP)
        yield member


def open_member(file: BinaryIO, member: Member, window_bytes: int, on_read: OnRead) -> ByteStream:
    """Open one file of an archive; its checksum is compared when all of it was read.

    ``on_read`` is told how many bytes of ``file`` were read.

    Raises:
        DamagedInput: it needs a password, it is packed in a way that we do not know, or there is
            nothing at its place.
    """
    if member.flags & _ENCRYPTED:
        raise DamagedInput("it needs a password: unpack it first")
    # Far behind its end a file cannot even be asked.
    is_inside = member.offset < file.seek(0, io.SEEK_END)
    head = _read_at(file, member.offset, _LOCAL.size) if is_inside else b""
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise DamagedInput(_BAD_FILE)
    name_bytes, extra_bytes = _LOCAL.unpack(head)[-2:]
    start = member.offset + _LOCAL.size + name_bytes + extra_bytes
    packed = _Slice(file, start, member.packed_bytes, on_read)
    return _Checked(_opened(packed, member, window_bytes), member.checksum)


def _opened(packed: ByteStream, member: Member, window_bytes: int) -> ByteStream:
    if member.method == _STORED:
        return packed
    if member.method == _LZMA:
        head = packed.read1(_LZMA_HEAD.size)
        if len(head) < _LZMA_HEAD.size:
            raise DamagedInput(_BAD_FILE)
        size = None if member.flags & _LZMA_HAS_END else member.claimed_bytes
        return unlzma(packed, window_bytes, _LZMA_HEAD.unpack(head)[1], size)
    if member.method not in _OPENERS:
        raise DamagedInput(
            f"it is packed by method {member.method} of ZIP, which cannot be read: "
            "pack it again by the usual method, Deflate"
        )
    return _OPENERS[member.method](packed, window_bytes)


class _Slice:
    """A part of a file, whoever else reads the file meanwhile."""

    def __init__(self, file: BinaryIO, start: int, size: int, on_read: OnRead) -> None:
        self._file = file
        self._at = start
        self._end = start + size
        self._on_read = on_read

    def read1(self, size: int, /) -> bytes:
        data = _read_at(self._file, self._at, min(size, self._end - self._at))
        self._at += len(data)
        self._on_read(len(data))
        if not data and self._at < self._end:
            raise EOFError
        return data


class _Checked:
    """Compares the checksum of what was read."""

    def __init__(self, stream: ByteStream, checksum: int) -> None:
        self._stream = stream
        self._expected = checksum
        self._checksum = 0

    def read1(self, size: int, /) -> bytes:
        piece = self._stream.read1(size)
        self._checksum = zlib.crc32(piece, self._checksum)
        if not piece and self._checksum != self._expected:
            raise DamagedInput(_BAD_FILE)
        return piece


def _find_list(file: BinaryIO, file_bytes: int) -> tuple[int, int, int]:
    """Give where the list starts and ends, and how far the archive is from the file's start.

    Programs that unpack themselves have an archive behind them.
    """
    tail_at = max(0, file_bytes - _END.size - _LONGEST_COMMENT)
    tail = _read_at(file, tail_at, file_bytes - tail_at)
    at = _find_end(tail)
    *_, size, offset, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    end_64 = _read_at(file, max(0, end - _LOCATOR_64_BYTES - _END_64.size), _END_64.size)
    if tail[:at][-_LOCATOR_64_BYTES:].startswith(b"PK\x06\x07") and end_64[:4] == b"PK\x06\x06":
        size, offset = _END_64.unpack(end_64)[-2:]
        end -= _LOCATOR_64_BYTES + _END_64.size
    shift = end - size - offset
    if shift < 0:
        raise DamagedInput(_BAD_LIST)
    return end - size, end, shift


def _find_end(tail: bytes) -> int:
    """Find the record that ends an archive; a comment may follow, which may look like one."""
    last = at = tail.rfind(b"PK\x05\x06", 0, len(tail) - _END.size + 4)
    while at >= 0:
        if at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail):
            return at
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if last < 0:
        raise DamagedInput(_NO_LIST)
    return last


def _read_entry(file: BinaryIO, at: int, shift: int) -> tuple[Member, int]:
    """Read one entry of the list; give also where the next one starts."""
    head = _read_at(file, at, _ENTRY.size)
    if len(head) < _ENTRY.size or not head.startswith(b"PK\x01\x02"):
        raise DamagedInput(_BAD_LIST)
    (_, made_by, _, flags, method, _, _, checksum, packed, claimed, *rest) = _ENTRY.unpack(head)
    name_bytes, extra_bytes, comment_bytes, _, _, attributes, offset = rest
    at += _ENTRY.size
    name = _read_at(file, at, name_bytes)
    extra = _read_at(file, at + name_bytes, extra_bytes)
    claimed, packed, offset = _in_64_bits([claimed, packed, offset], extra)
    member = Member(
        name=_decoded(name, flags),
        method=method,
        flags=flags,
        checksum=checksum,
        packed_bytes=packed,
        claimed_bytes=claimed,
        offset=offset + shift,
        mode=attributes >> 16 if made_by >> 8 == _UNIX else 0,
    )
    return member, at + name_bytes + extra_bytes + comment_bytes


def _in_64_bits(numbers: list[int], extra: bytes) -> Iterator[int]:
    """Give the numbers of an entry; those that have no room in it stand in the extras, in order."""
    at, large = 0, b""
    while at + _EXTRA.size <= len(extra):
        kind, size = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        if kind == _EXTRA_64:
            large = extra[at : at + size]
        at += size
    for number in numbers:
        if number == _ELSEWHERE and len(large) >= _NUMBER_64.size:
            yield _NUMBER_64.unpack_from(large)[0]
            large = large[_NUMBER_64.size :]
        else:
            yield number


def _decoded(name: bytes, flags: int) -> str:
    if not flags & _NAME_IS_UTF8:
        # Many programs write UTF-8 and do not say so; what is not is in the DOS code page.
        try:
            return name.decode()
        except UnicodeDecodeError:
            return name.decode("cp437")
    return name.decode(errors="replace")


def _read_at(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)
