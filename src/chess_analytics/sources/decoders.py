"""Undo gzip, bzip2, xz, LZMA, Zstandard and deflate in bounded memory, whatever is in them."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

import zstandard

# What the decoder of xz needs beside its window.
_XZ_STATE_BYTES = 1 << 20
_GZIP_BITS = 16 + zlib.MAX_WBITS
_INPUT_BYTES = 16_384
# Small, because four bytes of Zstandard can unfold to 128 KB, and all of it comes at once.
_ZSTD_STEP_BYTES = 64

# What the decoders raise where the data is damaged; bzip2's raises OSError without a number.
DECODER_ERRORS = (zlib.error, lzma.LZMAError, zstandard.ZstdError)


class ByteStream(Protocol):
    """What we need of an open file."""

    def read1(self, size: int, /) -> bytes: ...


Opener = Callable[[ByteStream, int], ByteStream]
"""Undoes one packing; the number is the memory that its window may take, in bytes."""


class Decoder(Protocol):
    """Unpacks one piece of compressed data, no more than is asked for at a time."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /, max_length: int) -> bytes: ...


class Unpacked:
    """The plain bytes of compressed pieces, of one or of any number behind each other."""

    def __init__(
        self, stream: ByteStream, new_decoder: Callable[[], Decoder], *, only_one: bool = False
    ) -> None:
        self._stream = stream
        self._new_decoder = new_decoder
        self._decoder = new_decoder()
        self._only_one = only_one
        self._rest = b""
        self._is_begun = False

    def read1(self, size: int, /) -> bytes:
        while not self._decoder.eof or self._begin_another():
            data = b""
            if self._decoder.needs_input:
                data = self._input()
                if not data:
                    break
                self._is_begun = True
            if piece := self._decoder.decompress(data, max_length=size):
                return piece
        if self._is_begun and not self._decoder.eof:
            raise EOFError
        return b""

    def _input(self) -> bytes:
        data, self._rest = self._rest or self._stream.read1(_INPUT_BYTES), b""
        return data

    def _begin_another(self) -> bool:
        """Go on with the piece behind the one that has ended; tell if there is any."""
        if self._only_one:
            return False
        self._rest = self._decoder.unused_data
        while data := self._input():
            # Tapes fill up with zeros, and so does xz.
            if rest := data.lstrip(b"\0"):
                self._rest = rest
                self._decoder = self._new_decoder()
                self._is_begun = False
                return True
        return False


class _Inflater:
    """Deflate, with gzip's wrapping or without, behind the same door as the other decoders."""

    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)
        self._may_hold_more = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._may_hold_more

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, /, max_length: int) -> bytes:
        piece = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._may_hold_more = len(piece) == max_length
        return piece


class _ZstdDecoder:
    """One frame of Zstandard.

    The library's own reader takes a stream that was cut off for one that has ended.
    """

    def __init__(self, window_bytes: int) -> None:
        library = zstandard.ZstdDecompressor(max_window_size=window_bytes)
        self._inner = library.decompressobj()
        self._in = memoryview(b"")
        self._out = memoryview(b"")

    @property
    def eof(self) -> bool:
        return self._inner.eof and not self._out

    @property
    def needs_input(self) -> bool:
        return not self._in and not self._out

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + bytes(self._in)

    def decompress(self, data: bytes, /, max_length: int) -> bytes:
        if data:
            self._in = memoryview(data)
        while self._in and not self._out and not self._inner.eof:
            step, self._in = self._in[:_ZSTD_STEP_BYTES], self._in[_ZSTD_STEP_BYTES:]
            self._out = memoryview(self._inner.decompress(step))
        piece, self._out = self._out[:max_length], self._out[max_length:]
        return bytes(piece)


def inflate(stream: ByteStream, _: int) -> ByteStream:
    """Undo deflate as ZIP archives hold it, without a wrapping."""
    return Unpacked(stream, lambda: _Inflater(-zlib.MAX_WBITS), only_one=True)


def gunzip(stream: ByteStream, _: int) -> ByteStream:
    """Undo gzip."""
    return Unpacked(stream, lambda: _Inflater(_GZIP_BITS))


def bunzip2(stream: ByteStream, _: int) -> ByteStream:
    """Undo bzip2."""
    return Unpacked(stream, bz2.BZ2Decompressor)


def unxz(stream: ByteStream, window_bytes: int) -> ByteStream:
    """Undo xz."""
    limit = window_bytes + _XZ_STATE_BYTES
    return Unpacked(stream, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=limit))


def unlzma(
    stream: ByteStream, window_bytes: int, properties: bytes, size: int | None
) -> ByteStream:
    """Undo LZMA as ZIP archives hold it: ``size`` is that of the plain data, if it has no end."""
    plain_size = size.to_bytes(8, "little") if size is not None else b"\xff" * 8
    limit = window_bytes + _XZ_STATE_BYTES

    def decoder() -> Decoder:
        # Only with the head of an .lzma file does the library heed a limit.
        inner = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=limit)
        inner.decompress(properties + plain_size, max_length=0)
        return inner

    return Unpacked(stream, decoder, only_one=True)


def unzstd(stream: ByteStream, window_bytes: int) -> ByteStream:
    """Undo Zstandard."""
    return Unpacked(stream, lambda: _ZstdDecoder(window_bytes))


WITH_WINDOW = frozenset({unxz, unzstd})
"""Openers that take as much memory as the data asks for; the others need little."""
