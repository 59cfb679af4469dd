"""Open compressed streams by what they contain, not by their names, and tell damage from an end."""

import bz2
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import zstandard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    Stream = io.BufferedReader[Any]
else:
    Stream = io.BufferedReader

# Small, because a few bytes of Zstandard can unfold to 128 KB.
_ZSTD_INPUT_BYTES = 2_048
_BUFFER_BYTES = 65_536

_CUT_OFF = "the file ends too early: it was cut off, or is still being written"
_DAMAGED = "the compressed data is damaged"


class DamagedInput(Exception):
    """The input cannot be read further; what was read before it stands."""


class ByteStream(Protocol):
    """What we need of an open file."""

    def read1(self, size: int, /) -> bytes: ...


def plain_stream(stream: Stream) -> Stream:
    """Undo the compression of a stream, if it has one.

    Reading raises DamagedInput where the data is damaged or ends too early. `peek` gives as much
    as there is, up to 64 KB.
    """
    head = stream.peek(6)[:6]
    opened: ByteStream = stream
    for magic, open_stream in _OPENERS.items():
        if re.match(magic, head, re.DOTALL):
            opened = open_stream(stream)
    return io.BufferedReader(_Guarded(opened), _BUFFER_BYTES)


class _Guarded(io.RawIOBase):
    """Fills whole buffers, and raises damage only after all that came before it was read."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._damage: DamagedInput | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        filled = 0
        while filled < len(view) and not self._damage:
            piece = self._read(len(view) - filled)
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        if self._damage and not filled:
            raise self._damage
        return filled

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read1(size)
        except EOFError:
            self._damage = DamagedInput(_CUT_OFF)
        except (zlib.error, lzma.LZMAError, zstandard.ZstdError, gzip.BadGzipFile):
            self._damage = DamagedInput(_DAMAGED)
        except OSError as error:
            # bz2 has no error of its own; a disk's has a number.
            why = f"it cannot be read further: {error.strerror}" if error.errno else _DAMAGED
            self._damage = DamagedInput(why)
        return b""


class _ZstdStream:
    """A Zstandard stream of any number of frames.

    The library's own reader takes a stream that was cut off for one that has ended.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decoder = zstandard.ZstdDecompressor().decompressobj()
        self._in_frame = False
        self._rest = b""
        self._out = memoryview(b"")

    def read1(self, size: int, /) -> bytes:
        while not self._out:
            data = self._rest or self._stream.read1(_ZSTD_INPUT_BYTES)
            if not data:
                if self._in_frame:
                    raise EOFError
                return b""
            self._out = memoryview(self._decoder.decompress(data))
            self._in_frame = not self._decoder.eof
            self._rest = b""
            if self._decoder.eof:
                self._rest = self._decoder.unused_data
                self._decoder = zstandard.ZstdDecompressor().decompressobj()
        piece, self._out = self._out[:size], self._out[size:]
        return bytes(piece)


def _gzip(stream: Stream) -> ByteStream:
    return gzip.GzipFile(fileobj=stream)


_OPENERS: dict[bytes, Callable[[Stream], ByteStream]] = {
    rb"\x1f\x8b": _gzip,
    rb"BZh[1-9]": bz2.BZ2File,
    rb"\xfd7zXZ\x00": lzma.LZMAFile,
    rb"\x28\xb5\x2f\xfd": _ZstdStream,
    # Frames without games that parallel compressors put before the first.
    rb"[\x50-\x5f]\x2a\x4d\x18": _ZstdStream,
}
