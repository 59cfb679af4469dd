"""Open compressed streams by what they contain, not by their names, and tell damage from an end."""

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chess_analytics.sources.decoders import (
    DECODER_ERRORS,
    ByteStream,
    Opener,
    bunzip2,
    gunzip,
    unxz,
    unzstd,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    Stream = io.BufferedReader[Any]
else:
    Stream = io.BufferedReader

WINDOW_BYTES = 1 << 30
"""How far back a stream may refer, where nobody sets a limit: that much memory it takes."""

_BUFFER_BYTES = 65_536
_LONGEST_MAGIC = 6

_CUT_OFF = "the file ends too early: it was cut off, or is still being written"
_DAMAGED = "the compressed data is damaged"
_TOO_WIDE = (
    "unpacking it takes more memory than is allowed: "
    "pack it again with a lower level, such as xz -6 or zstd -19"
)


class DamagedInput(Exception):
    """The input cannot be read further; what was read before it stands."""


class LimitReached(Exception):
    """Reading on would cost more than is allowed; what was read before it stands."""


@dataclass(slots=True)
class Allowance:
    """How many bytes may still come out of streams; several streams may share one."""

    left: int = 1 << 62
    in_words: str = ""
    """What `LimitReached` says when no more is left."""


def plain_stream(stream: Stream) -> Stream:
    """Undo the compression of a stream, if it has one.

    Reading raises DamagedInput where the data is damaged or ends too early. `peek` gives as much
    as there is, up to 64 KB.
    """
    opener = packing_of(stream)
    return guarded(opener(stream, WINDOW_BYTES) if opener else stream, Allowance())


def packing_of(stream: Stream) -> Opener | None:
    """Tell by its first bytes how a stream is packed; nothing if it is not."""
    head = stream.peek(_LONGEST_MAGIC)[:_LONGEST_MAGIC]
    found = (opener for magic, opener in _OPENERS.items() if re.match(magic, head, re.DOTALL))
    return next(found, None)


def guarded(stream: ByteStream, allowance: Allowance) -> Stream:
    """Buffer a stream so that its damage and its limit come after all that can be read of it."""
    return io.BufferedReader(_Guarded(stream, allowance), _BUFFER_BYTES)


class _Guarded(io.RawIOBase):
    """Fills whole buffers, and raises what stops it only after all that came before was read."""

    def __init__(self, stream: ByteStream, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance
        self._stop: DamagedInput | LimitReached | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        filled = 0
        while filled < len(view) and not self._stop:
            piece = self._read(len(view) - filled)
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        if self._stop and not filled:
            raise self._stop
        return filled

    def _read(self, size: int) -> bytes:
        # One byte more than is left tells an input that ends at the limit from one that goes on.
        piece = self._decoded(min(size, self._allowance.left + 1))
        if len(piece) > self._allowance.left:
            self._stop = LimitReached(self._allowance.in_words)
            piece = piece[: self._allowance.left]
        self._allowance.left -= len(piece)
        return piece

    def _decoded(self, size: int) -> bytes:
        try:
            return self._stream.read1(size)
        except (DamagedInput, LimitReached) as stop:
            self._stop = stop
        except EOFError:
            self._stop = DamagedInput(_CUT_OFF)
        except DECODER_ERRORS as error:
            # Neither xz nor Zstandard has a number or a class for this.
            is_too_wide = "memory" in str(error).lower()
            self._stop = DamagedInput(_TOO_WIDE if is_too_wide else _DAMAGED)
        except OSError as error:
            # bz2 has no error of its own; a disk's has a number.
            why = f"it cannot be read further: {error.strerror}" if error.errno else _DAMAGED
            self._stop = DamagedInput(why)
        return b""


_OPENERS: dict[bytes, Opener] = {
    rb"\x1f\x8b": gunzip,
    rb"BZh[1-9]": bunzip2,
    rb"\xfd7zXZ\x00": unxz,
    rb"\x28\xb5\x2f\xfd": unzstd,
    # Frames without games that parallel compressors put before the first.
    rb"[\x50-\x5f]\x2a\x4d\x18": unzstd,
}
