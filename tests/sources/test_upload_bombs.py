"""Uploads that are made to do harm are read in little memory, or refused in words."""

import bz2
import gzip
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chess_analytics.games.movetext import MAX_PLIES
from chess_analytics.games.pgn_lines import MAX_GAME_CHARS, MAX_GAME_LINES
from chess_analytics.games.pgn_split import KEPT_MOVES
from chess_analytics.sources.formats import MAX_JSON_GAME_BYTES
from chess_analytics.sources.json_values import MOST_LEVELS, MOST_PARTS
from tests.sources.bounded_reading import MEMORY_BYTES, BoundedReader, bounded_reader
from tests.sources.crafted import (
    GAME,
    MB,
    repeated_gzip,
    with_lzma_dictionary,
    xz_with_dictionary,
    zipped,
    zstd_of_one_letter,
    zstd_with_window,
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux holds a process to its memory"
)

READ = {"game of 2": 1}
NOT_GAMES = "broken: this is not a text: games come as PGN or JSON, compressed or not"
CUT_OFF = "broken: the file ends too early: it was cut off, or is still being written"
TOO_NESTED = "broken: it is packed more than 2 times over: unpack it first"
TOO_WIDE_WINDOW = (
    "broken: unpacking it takes more memory than is allowed: "
    "pack it again with a lower level, such as xz -6 or zstd -19"
)
NO_GAME = "set aside: longer than any real game: over"
TOO_MANY_PLIES = f"{NO_GAME} {KEPT_MOVES:,} plies, the limit is {MAX_PLIES}"
TOO_MANY_CHARACTERS = f"{NO_GAME} {MAX_GAME_CHARS:,} characters"
TOO_MANY_LINES = f"{NO_GAME} {MAX_GAME_LINES:,} lines"
LONG_LINE = "broken: this line is longer than any game"
NO_JSON_LINE = "broken: this line is not a whole JSON object"
STOPPED = "the games before this point were read"
LONG_VALUE = (
    f"broken: one JSON value is longer than any game: over {MAX_JSON_GAME_BYTES:,} bytes; {STOPPED}"
)
DEEP_VALUE = (
    f"broken: the JSON is nested deeper than any game: over {MOST_LEVELS} levels; {STOPPED}"
)
WIDE_VALUE = f"broken: one JSON value has more parts than any game: over {MOST_PARTS:,}; {STOPPED}"


@dataclass(frozen=True)
class Bomb:
    """A way to build an upload, and all that comes of reading it."""

    build: Callable[[], bytes]
    entries: Mapping[str, int] = field(default_factory=dict)
    limit: str = ""
    """What UploadTooLarge says, if it is raised."""


EXPANDED_MB = 60
GAMES = 2_000
TOO_LARGE = f"more than {EXPANDED_MB},000,000 bytes come out of it"
TOO_MANY = f"it holds more than {GAMES:,} games"


def _endless(piece: bytes, times: int) -> bytes:
    return gzip.compress(GAME, mtime=0) + repeated_gzip(piece, times)


def _gzip_layers(count: int) -> bytes:
    data = GAME
    for _ in range(count):
        data = gzip.compress(data, mtime=0)
    return data


def _wide_xz(size_code: int) -> bytes:
    piece = xz_with_dictionary(b"a" * 5 * MB, size_code)
    return xz_with_dictionary(GAME, size_code) + piece * 20


def _moves(count: int) -> bytes:
    return GAME + b"1. e4 " + b"e4 " * count


PACKED = {
    "ten GB of zeros": Bomb(lambda: repeated_gzip(bytes(64 * MB), 160), {NOT_GAMES: 1}),
    "a name in gzip without end": Bomb(
        lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 5 * MB, {CUT_OFF: 1}
    ),
    "gzip in gzip": Bomb(
        lambda: gzip.compress(repeated_gzip(b"a" * MB, 5_000), 1), limit=TOO_LARGE
    ),
    "gzip in itself": Bomb(lambda: _gzip_layers(20), {TOO_NESTED: 1}),
    "bzip2": Bomb(lambda: bz2.compress(GAME) + bz2.compress(b"a" * 5 * MB) * 100, READ, TOO_LARGE),
    "zstd": Bomb(
        lambda: gzip.compress(zstd_of_one_letter(b"a", blocks=8_000, window_log=20)),
        limit=TOO_LARGE,
    ),
    "zstd with a window of 16 MB": Bomb(
        lambda: zstd_of_one_letter(b"a", blocks=8_000, window_log=24), limit=TOO_LARGE
    ),
    "zstd with a window of 32 MB": Bomb(
        lambda: zstd_of_one_letter(b"a", blocks=8_000, window_log=25), {TOO_WIDE_WINDOW: 1}
    ),
    "zstd with a window of 2 GB": Bomb(
        lambda: zstd_of_one_letter(b"a", blocks=8_000, window_log=31), {TOO_WIDE_WINDOW: 1}
    ),
    "xz with a dictionary of 16 MB": Bomb(lambda: _wide_xz(24), READ, TOO_LARGE),
    "xz with a dictionary of 64 MB": Bomb(
        lambda: xz_with_dictionary(GAME, 28), {TOO_WIDE_WINDOW: 1}
    ),
    "xz with a dictionary of 4 GB": Bomb(
        lambda: xz_with_dictionary(GAME, 40), {TOO_WIDE_WINDOW: 1}
    ),
    "xz in zstd, each as wide as may be": Bomb(
        lambda: zstd_with_window(_wide_xz(20), 24), READ, TOO_LARGE
    ),
    "xz in zstd, each as wide as may be alone": Bomb(
        lambda: zstd_with_window(xz_with_dictionary(GAME, 24), 24), {TOO_WIDE_WINDOW: 1}
    ),
    "deflate in a ZIP archive": Bomb(
        lambda: zipped(("a.pgn", GAME), ("b.pgn", b"a" * 70 * MB)), READ, TOO_LARGE
    ),
    "bzip2 in a ZIP archive": Bomb(
        lambda: zipped(("a.pgn", GAME), ("b.pgn", b"a" * 70 * MB), method=zipfile.ZIP_BZIP2),
        READ,
        TOO_LARGE,
    ),
    "LZMA in a ZIP archive with a dictionary of 4 GB": Bomb(
        lambda: with_lzma_dictionary(
            zipped(("a.pgn", GAME), ("b.pgn", GAME), method=zipfile.ZIP_LZMA), "b.pgn", 2**32 - 1
        ),
        READ | {TOO_WIDE_WINDOW: 1},
    ),
    "a ZIP archive of very many files": Bomb(
        lambda: zipped(*((f"{number}.txt", b"") for number in range(30_000))),
        limit="it holds more than 1,000 files",
    ),
    "a ZIP archive in a ZIP archive": Bomb(
        lambda: zipped(("a.zip", zipped(("b.pgn", b"a" * 70 * MB)))), limit=TOO_LARGE
    ),
}

PGN = {
    "one line": Bomb(lambda: _endless(b"a" * MB, 100), READ, TOO_LARGE),
    "one line in UTF-16": Bomb(
        lambda: gzip.compress(("[White “A”]\n" + "é" * 10 * MB).encode("utf-16"), 1),
        {TOO_MANY_CHARACTERS: 1},
    ),
    "one line of moves": Bomb(lambda: _endless(b"e4 " * MB, 30), READ, TOO_LARGE),
    "many moves": Bomb(lambda: gzip.compress(_moves(330_000)), READ | {TOO_MANY_PLIES: 1}),
    "a move a line": Bomb(lambda: GAME + b"1. e4 " + b"e4\n" * 120_000, READ | {TOO_MANY_LINES: 1}),
    "one line of comments": Bomb(lambda: _endless(b"{aa}" * MB, 20), READ, TOO_LARGE),
    "many comments": Bomb(
        lambda: GAME + b"1. e4 " + b"{aa}" * 249_000 + b" e5 *", {"game of 2": 2}
    ),
    "a comment of short lines": Bomb(
        lambda: GAME + b"1. e4 {" + b"a\n" * 120_000 + b"} *", READ | {TOO_MANY_LINES: 1}
    ),
    "a comment of clocks": Bomb(
        lambda: GAME + b"1. e4 {" + b"[%clk 1]" * 120_000 + b"} e5 *", {"game of 2": 2}
    ),
    "a comment of one word": Bomb(
        lambda: GAME + b"1. e4 {" + b"a" * 990_000 + b" best.} e5 *", {"game of 2": 2}
    ),
    "a variation": Bomb(lambda: GAME + b"1. e4 (" + b"e4 " * 330_000 + b") e5 *", {"game of 2": 2}),
    "very many tags": Bomb(
        lambda: (
            GAME + b"".join(b'[a%d "b"]\n' % number for number in range(70_000)) + b"\n1. e4 e5 *"
        ),
        {"game of 2": 2},
    ),
    "very long tags": Bomb(
        lambda: b"".join(
            b'[Event "%d"]\n[White "%s"]\n\n1. e4 e5 *\n' % (number, "ﷺ".encode() * 300_000)
            for number in range(3)
        ),
        {"game of 2": 3},
    ),
    "very many games in a line": Bomb(
        lambda: GAME + b"1. a * " * 140_000,
        READ | {'broken: move 1 of White: "a" cannot be read as a move': GAMES - 1},
        TOO_MANY,
    ),
    "very long words": Bomb(
        lambda: gzip.compress(
            b"".join(
                b'[Event "%d"]\n\n1. %s *\n' % (number, b"q" * 20 + b"%d" % number * 200_000)
                for number in range(100, 190)
            ),
            1,
        ),
        {'broken: move 1 of White: "qqqqqqqqqqqqqqqqqqqq…" cannot be read as a move': 90},
    ),
}

LICHESS = b'{"id":"abcdefgh","variant":"standard","players":{},"moves":"e4 e5"}'
WITH_MOVES = b'{"id":"abcdefgh","variant":"standard","players":{},"moves":"%s"}'
WITH_PGN = b'{"url":"https://www.chess.com/game/live/7","pgn":"%s"}'

LINES = {
    "a string without end": Bomb(
        lambda: _lines(b'{"moves":"' + b"e4 " * 10 * MB), READ | {LONG_LINE: 1}
    ),
    "a number without end": Bomb(lambda: _lines(b"1" * 30 * MB), READ | {LONG_LINE: 1}),
    "a long number": Bomb(lambda: _lines(b"1" * 900_000), READ | {NO_JSON_LINE: 1}),
    "levels without end": Bomb(lambda: _lines(b'{"a":' * 6 * MB), READ | {LONG_LINE: 1}),
    "many levels": Bomb(lambda: _lines(b"[" * 900_000), READ | {NO_JSON_LINE: 1}),
    "very many parts": Bomb(
        lambda: _lines(b"[" + b'{"":0},' * 130_000 + b"{}]"), READ | {LONG_LINE: 1}
    ),
    "very many moves": Bomb(
        lambda: _lines(WITH_MOVES % (b"e4 " * 330_000)), READ | {TOO_MANY_PLIES: 1}
    ),
    "very many games in one": Bomb(
        lambda: _lines(WITH_PGN % (rb"1. a *\n" * 110_000)),
        READ | {"broken: there are 110000 games where one was expected": 1},
    ),
    "very many lines in one": Bomb(
        lambda: _lines(WITH_PGN % (rb"a\r" * 120_000)), READ | {TOO_MANY_LINES: 1}
    ),
    "very many values": Bomb(
        lambda: _lines(b"1\n" * 100_000),
        READ | {"broken: not a game: a JSON object was expected here": GAMES - 1},
        TOO_MANY,
    ),
}
DOCUMENTS = {
    "a string without end": Bomb(lambda: b'{"moves":"' + b"e4 " * 7 * MB, READ | {LONG_VALUE: 1}),
    "a number without end": Bomb(lambda: b"1" * 20 * MB, READ | {LONG_VALUE: 1}),
    "levels without end": Bomb(lambda: b'{"a":' * 4 * MB, READ | {DEEP_VALUE: 1}),
    "many levels": Bomb(lambda: b'{"a":' * 20_000, READ | {DEEP_VALUE: 1}),
    "nothing without end": Bomb(lambda: b" " * 20 * MB, READ | {LONG_VALUE: 1}),
    "very many parts": Bomb(lambda: b"[" + b'{"":0},' * 130_000 + b"{}]", READ | {WIDE_VALUE: 1}),
}
DOCUMENT_STARTS = {
    "an array": b"[" + LICHESS + b",",
    "a month": b'{"games":[' + LICHESS + b",",
    "objects": LICHESS.replace(b",", b",\n") + b"\n",
}


def _lines(line: bytes) -> bytes:
    return LICHESS + b"\n" + line + b"\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    with bounded_reader() as started:
        yield started


def _named(bombs: Mapping[str, Bomb]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bomb", bombs.values(), ids=bombs)


def _explode(reader: BoundedReader, folder: Path, data: bytes, bomb: Bomb) -> None:
    path = folder / "spooled"
    path.write_bytes(data)
    found = reader.read(
        path,
        "games.pgn",
        expanded_bytes=EXPANDED_MB * MB,
        games=GAMES,
        members=1_000,
        nesting=2,
    )
    assert found.entries == bomb.entries
    assert bomb.limit in found.too_large
    assert bool(bomb.limit) == bool(found.too_large)
    assert [each.name for each in folder.iterdir()] == ["spooled"]


@_named(PACKED)
def test_packing_can_not_fill_the_memory(reader: BoundedReader, tmp_path: Path, bomb: Bomb) -> None:
    _explode(reader, tmp_path, bomb.build(), bomb)


@_named(PGN)
def test_a_pgn_can_not_fill_the_memory(reader: BoundedReader, tmp_path: Path, bomb: Bomb) -> None:
    _explode(reader, tmp_path, bomb.build(), bomb)


@_named(LINES)
def test_lines_of_json_can_not_fill_the_memory(
    reader: BoundedReader, tmp_path: Path, bomb: Bomb
) -> None:
    _explode(reader, tmp_path, bomb.build(), bomb)


@_named(DOCUMENTS)
@pytest.mark.parametrize("start", DOCUMENT_STARTS.values(), ids=DOCUMENT_STARTS)
def test_a_json_document_can_not_fill_the_memory(
    reader: BoundedReader, tmp_path: Path, start: bytes, bomb: Bomb
) -> None:
    _explode(reader, tmp_path, gzip.compress(start + bomb.build(), 1), bomb)


def test_what_takes_too_much_memory_is_noticed(reader: BoundedReader, tmp_path: Path) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(GAME)
    limits = {"expanded_bytes": MB, "games": 10, "members": 10, "nesting": 2}
    with pytest.raises(AssertionError, match="MemoryError"):
        reader.read(path, "games.pgn", **limits, wasted_bytes=2 * MEMORY_BYTES)
