"""Tell by its content which format a text has, and read the games in it."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from enum import Enum, auto

import ijson  # type: ignore[import-untyped]

from chess_analytics.games.model import Broken, Entry, Place, SetAside
from chess_analytics.games.pgn import read_pgn
from chess_analytics.games.pgn_lines import Lines
from chess_analytics.sources.chesscom import game_from_chesscom
from chess_analytics.sources.compression import DamagedInput, Stream
from chess_analytics.sources.decode import text_lines, utf16_name
from chess_analytics.sources.json_fields import text
from chess_analytics.sources.json_values import MOST_PARTS, Readable, json_values
from chess_analytics.sources.lichess import game_from_lichess

# A game of Lichess with analysis and clocks takes 100 KB at most.
MAX_JSON_GAME_BYTES = 1_000_000

_BOM = codecs.BOM_UTF8


class Format(Enum):
    """How the games of a text are written down."""

    PGN = auto()
    JSON_LINES = auto()
    """One JSON object a line."""
    JSON_OBJECTS = auto()
    """One game as a JSON object over many lines, or several behind each other."""
    JSON_ARRAY = auto()
    JSON_MONTH = auto()
    """Chess.com's ``{"games": […]}``."""
    WEB_PAGE = auto()
    BINARY = auto()


_BEGINNINGS = (
    (Format.JSON_ARRAY, re.compile(r"\[\s*[{\]]")),
    (Format.JSON_MONTH, re.compile(r'\{\s*"games"\s*:')),
    (Format.JSON_LINES, re.compile(r'\{\s*"[^"]*"\s*:[^\n]*\}[ \t\r]*(?:\n|$)')),
    (Format.JSON_OBJECTS, re.compile(r'\{\s*"[^"]*"\s*:')),
    (Format.WEB_PAGE, re.compile(r"<(?:!doctype|html|\?xml)", re.IGNORECASE)),
)
_PATHS = {
    Format.JSON_OBJECTS: [],
    Format.JSON_ARRAY: ["item"],
    Format.JSON_MONTH: ["games", "item"],
}
_NOT_GAMES = {
    Format.WEB_PAGE: "this is a web page, not games: download the games again",
    Format.BINARY: "this is not a text: games come as PGN or JSON, compressed or not",
}


_OUR_OWN = "this is our own output, not games"


def format_of(head: bytes) -> Format:
    """Tell the format from the beginning of a text."""
    encoding = utf16_name(head)
    if b"\0" in head and encoding is None:
        return Format.BINARY
    beginning = head.decode(encoding or "utf-8", "ignore").lstrip("\ufeff \t\r\n")
    for name, pattern in _BEGINNINGS:
        if pattern.match(beginning):
            return name
    return Format.PGN


def read_stream(stream: Stream, source: str) -> Iterator[Entry]:
    """Yield the games of an open text; of our own output one entry that says so.

    Raises:
        DamagedInput: the text cannot be read to its end.
    """
    for entry in _entries(stream, source):
        yield entry
        if isinstance(entry, SetAside) and entry.reason == _OUR_OWN and entry.place.number == 1:
            return


def _entries(stream: Stream, source: str) -> Iterator[Entry]:
    # `peek` alone may give less than is needed to tell.
    head = stream.peek(io.DEFAULT_BUFFER_SIZE)
    form = format_of(head)
    match form:
        case Format.PGN:
            yield from read_pgn(text_lines(stream), source)
        case Format.JSON_LINES:
            yield from _json_lines(text_lines(stream), source)
        case Format.WEB_PAGE | Format.BINARY:
            yield Broken(Place(source, 1, None), _NOT_GAMES[form], None, {})
        case _:
            yield from _json_document(_utf8(stream, head), source, _PATHS[form])


def _json_lines(texts: Iterator[str], source: str) -> Iterator[Entry]:
    number = 0
    lines = Lines(texts)
    for line in lines:
        game = line.strip("\ufeff \t\r\n")
        if not game:
            continue
        number += 1
        place = Place(source, number, lines.number)
        if lines.overlong or _has_too_many_parts(game):
            yield Broken(place, "this line is longer than any game", lines.number, {})
            continue
        try:
            value = json.loads(game)
        except (ValueError, RecursionError):
            yield Broken(place, "this line is not a whole JSON object", lines.number, {})
        else:
            yield _json_entry(value, place)


def _has_too_many_parts(line: str) -> bool:
    # Every part of a value but the first has one of these signs before or behind it.
    return len(line) > MOST_PARTS and sum(map(line.count, ",:]}")) > MOST_PARTS


def _json_document(stream: Readable, source: str, path: list[str]) -> Iterator[Entry]:
    number = 0
    try:
        values = json_values(stream, path, most_bytes=MAX_JSON_GAME_BYTES)
        for number, value in enumerate(values, 1):
            yield _json_entry(value, Place(source, number, None))
    except (ijson.JSONError, ValueError, OverflowError) as error:
        first_line = str(error).splitlines()[:1]
        reason = f"the JSON is damaged after this many games: {number} ({''.join(first_line)})"
        raise DamagedInput(reason) from error


def _json_entry(value: object, place: Place) -> Entry:
    if not isinstance(value, dict):
        return Broken(place, "not a game: a JSON object was expected here", place.line, {})
    if "thresholds" in value and isinstance(value.get("moves"), list):
        return SetAside(place, _OUR_OWN, {})
    if "chess.com/" in text(value, "url") or "time_class" in value or "tcn" in value:
        return game_from_chesscom(value, place)
    if "players" in value or ("id" in value and "variant" in value):
        return game_from_lichess(value, place)
    reason = "this JSON object is not a game as Lichess or Chess.com export it"
    return Broken(place, reason, place.line, {})


def _utf8(stream: Stream, head: bytes) -> Readable:
    encoding = utf16_name(head)
    if encoding:
        return codecs.EncodedFile(stream, "utf-8", encoding)
    if head.startswith(_BOM):
        stream.read(len(_BOM))
    return stream
