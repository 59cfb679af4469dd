"""Turn bytes into lines of text, whatever their encoding and line ends."""

import codecs
import io
from collections.abc import Iterator

from chess_analytics.sources.compression import Stream

# Lines longer than this come in pieces; a game with every note is ten times smaller.
MAX_PIECE_BYTES = 1_000_000

_CHUNK_BYTES = 65_536
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def utf16_name(head: bytes) -> str | None:
    """Name the encoding if the first bytes of a text are UTF-16, with a mark or without."""
    if head.startswith(_UTF16_MARKS):
        return "utf-16"
    # Every text that we read begins with an ASCII character, which has one zero byte in UTF-16.
    match [byte == 0 for byte in head[:4]]:
        case [False, True, False, True]:
            return "utf-16-le"
        case [True, False, True, False]:
            return "utf-16-be"
        case _:
            return None


def text_lines(stream: Stream) -> Iterator[str]:
    r"""Yield the lines of a text, each with its ``\n``; an endless line comes in pieces.

    UTF-8 is expected and UTF-16 recognised. A line that is neither is read as Windows-1252, so
    that the names in old files come out right; line by line, because old and new are mixed.
    """
    encoding = utf16_name(stream.peek(4)[:4])
    if encoding:
        text = io.TextIOWrapper(stream, encoding, errors="replace")
        try:
            yield from iter(lambda: text.readline(MAX_PIECE_BYTES), "")
        finally:
            text.detach()
        return
    for line in _byte_lines(stream):
        yield _decode(line)


def _byte_lines(stream: Stream) -> Iterator[bytes]:
    r"""Split at ``\n``, ``\r\n`` and ``\r``."""
    rest = b""
    while chunk := stream.read1(_CHUNK_BYTES):
        lines = (rest + chunk).splitlines(keepends=True)
        # The last line may go on, and a \r at the end may be the first half of a \r\n.
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        yield from lines
        if len(rest) > MAX_PIECE_BYTES:
            yield rest
            rest = b""
    if rest:
        yield rest


def _decode(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    if text.endswith(("\r\n", "\r")):
        return text.rstrip("\r\n") + "\n"
    return text
