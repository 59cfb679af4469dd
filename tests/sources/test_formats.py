"""The format of a text is told by its content."""

import gzip
import io
import json
from typing import TYPE_CHECKING

import pytest

from chess_analytics.games.model import Entry, Game
from chess_analytics.sources.compression import DamagedInput, plain_stream
from chess_analytics.sources.formats import MAX_JSON_GAME_BYTES, Format, format_of, read_stream
from chess_analytics.sources.json_values import MOST_LEVELS, MOST_PARTS
from tests.games.pgn_builders import outline

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LICHESS = {
    "id": "abcdefgh",
    "variant": "standard",
    "players": {"white": {"user": {"name": "Ann"}}, "black": {"user": {"name": "Bob"}}},
    "moves": "e4 e5 Nf3",
}
CHESSCOM = {
    "url": "https://www.chess.com/game/live/7",
    "rules": "chess",
    "time_class": "blitz",
    "pgn": '[White "Ann"]\n\n1. d4 d5 *',
}


def read(data: str | bytes) -> list[Entry]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_stream(io.BufferedReader(io.BytesIO(raw)), "input"))


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ('[Event "x"]', Format.PGN),
        ('\ufeff\n\n  [Event "x"]', Format.PGN),
        ('[ Event "x"]', Format.PGN),
        ("{ a comment } 1. e4", Format.PGN),
        ('{"quoted" comment} 1. e4', Format.PGN),
        ("1. e4 e5", Format.PGN),
        ("", Format.PGN),
        ('{"id":"x"}\n{"id":"y"}\n', Format.JSON_LINES),
        ('{"id":"x"}', Format.JSON_LINES),
        ('{"id":"x"}\r\n', Format.JSON_LINES),
        ('{\n "id": "x"\n}', Format.JSON_OBJECTS),
        ('{"id": "x",\n "moves": ""}', Format.JSON_OBJECTS),
        ('[{"id":"x"}]', Format.JSON_ARRAY),
        ("[\n  {\n", Format.JSON_ARRAY),
        ("[]", Format.JSON_ARRAY),
        ('{"games":[{"url"', Format.JSON_MONTH),
        ('{\n "games": [', Format.JSON_MONTH),
        ("<!DOCTYPE html><html>", Format.WEB_PAGE),
        ("\n<html>", Format.WEB_PAGE),
        ("\x89PNG\r\n\x1a\n\0\0\0", Format.BINARY),
    ],
)
def test_the_beginning_tells_the_format(beginning: str, expected: Format) -> None:
    assert format_of(beginning.encode()) is expected


def test_utf_16_is_no_binary_file() -> None:
    assert format_of('[Event "x"]'.encode("utf-16")) is Format.PGN
    assert format_of('{"id":"x"}\n'.encode("utf-16-le")) is Format.JSON_LINES


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps(LICHESS) + "\n" + json.dumps(CHESSCOM), id="lines"),
        pytest.param("\ufeff" + json.dumps(LICHESS) + "\r\n\r\n" + json.dumps(CHESSCOM), id="BOM"),
        pytest.param(json.dumps([LICHESS, CHESSCOM]), id="array"),
        pytest.param("\ufeff" + json.dumps([LICHESS, CHESSCOM], indent=2), id="array with BOM"),
        pytest.param(json.dumps({"games": [LICHESS, CHESSCOM]}, indent=1), id="month"),
        pytest.param(json.dumps({"games": [LICHESS, CHESSCOM]}), id="month on one line"),
        pytest.param(json.dumps(LICHESS, indent=1) + json.dumps(CHESSCOM, indent=1), id="objects"),
    ],
)
def test_json_games_are_read_in_every_arrangement(text: str) -> None:
    for data in (text.encode(), text.lstrip("\ufeff").encode("utf-16")):
        found = read(data)
        assert outline(found) == ["game of 3", "game of 2"]
        assert [entry.place.number for entry in found] == [1, 2]


def test_lines_of_json_have_line_numbers_and_documents_have_none() -> None:
    lines = "\n" + json.dumps(LICHESS) + "\n\n" + json.dumps(LICHESS) + "\n"
    assert [entry.place.line for entry in read(lines)] == [2, 4]
    assert [entry.place.line for entry in read(json.dumps([LICHESS]))] == [None]


def test_a_broken_line_of_json_costs_only_itself() -> None:
    good = json.dumps(LICHESS)
    bad = [good[:50], '{"id":' + "[" * 100_000, '"a string"', "[1]", "{}", '{"a": NaN}']
    found = read("\n".join([good, *bad, good]) + "\n")
    assert outline(found)[0] == outline(found)[-1] == "game of 3"
    assert outline(found)[1:-1] == [
        "broken: this line is not a whole JSON object (line 2)",
        "broken: this line is not a whole JSON object (line 3)",
        "broken: not a game: a JSON object was expected here (line 4)",
        "broken: not a game: a JSON object was expected here (line 5)",
        "broken: this JSON object is not a game as Lichess or Chess.com export it (line 6)",
        "broken: this JSON object is not a game as Lichess or Chess.com export it (line 7)",
    ]


@pytest.mark.parametrize(
    "long", ["e4 " * 1_000_000, "1," * (MOST_PARTS + 1)], ids=["long", "many parts"]
)
def test_a_line_longer_than_any_game_costs_only_itself(long: str) -> None:
    good = json.dumps(LICHESS)
    found = read(f"{good}\n{long}\n{good}\n")
    assert outline(found) == [
        "game of 3",
        "broken: this line is longer than any game (line 2)",
        "game of 3",
    ]
    assert [entry.place.line for entry in found] == [1, 2, 3]
    assert [entry.place.number for entry in found] == [1, 2, 3]


@pytest.mark.parametrize(
    "end", ["", ",", ', {"id": "half', ', {"id": nonsense}]', ', {"a": 1e999999}]']
)
def test_a_damaged_document_gives_the_games_before_the_damage(end: str) -> None:
    stream = io.BufferedReader(io.BytesIO(("[" + json.dumps(LICHESS) + end).encode()))
    entries = read_stream(stream, "input")
    assert isinstance(next(entries), Game)
    with pytest.raises(DamagedInput, match="the JSON is damaged"):
        list(entries)


def test_only_the_games_of_a_month_are_its_games() -> None:
    game = json.dumps(CHESSCOM)
    month = f'{{"games": [{game}, {game}], "more": [{game}], "none": {{"games": [{game}]}}}}'
    assert outline(read(month)) == ["game of 2"] * 2
    assert read('{"games": {"one": 1}, "item": [2]}') == []


def test_an_empty_array_holds_no_games() -> None:
    assert read("[]") == []
    assert read('{"games": []}') == []


def test_a_json_value_without_end_is_not_gathered() -> None:
    endless = '[{"moves": "' + "e4 " * (MAX_JSON_GAME_BYTES // 2) + '"}]'
    with pytest.raises(DamagedInput, match="longer than any game"):
        read(endless)
    with pytest.raises(DamagedInput, match="nested deeper than any game"):
        read("[" + '{"a":' * (MOST_LEVELS + 1))
    with pytest.raises(DamagedInput, match="more parts than any game"):
        read('[{"a":[' + "0," * MOST_PARTS)
    assert len(read('[{"a":[' + "0," * (MOST_PARTS - 10) + "0]}]")) == 1
    many = json.dumps([LICHESS] * (MAX_JSON_GAME_BYTES // 100))
    assert len(read(many)) == MAX_JSON_GAME_BYTES // 100


def test_what_is_not_games_at_all_is_one_broken_entry() -> None:
    assert outline(read("<html><p>Log in</p>\n*\n</html>")) == [
        "broken: this is a web page, not games: download the games again (line None)"
    ]
    assert outline(read(b"\x7fELF\0\0\0")) == [
        "broken: this is not a text: games come as PGN or JSON, compressed or not (line None)"
    ]


OURS = {
    "id": "0123abcd",
    "variant": "standard",
    "thresholds": "lichess",
    "moves": [{"ply": 1, "san": "e4"}],
}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{json.dumps(OURS)}\n" * 3, id="lines"),
        pytest.param(f"{json.dumps(OURS)}\n" * 2 + "{ not read", id="lines cut off"),
        pytest.param(json.dumps([OURS, OURS], indent=1), id="array"),
        pytest.param(json.dumps(OURS, indent=1) * 2, id="objects"),
        pytest.param(json.dumps(OURS | {"moves": []}) + "\n", id="no moves"),
    ],
)
def test_our_own_output_is_told_once_and_not_read_on(text: str) -> None:
    assert outline(read(text)) == ["set aside: this is our own output, not games"]


def test_our_own_output_behind_games_hides_no_game() -> None:
    text = "\n".join(json.dumps(each) for each in (LICHESS, OURS, LICHESS))
    assert outline(read(text)) == [
        "game of 3",
        "set aside: this is our own output, not games",
        "game of 3",
    ]


class Interrupted(io.RawIOBase):
    """Gives a first piece, and then somebody presses Ctrl-C."""

    def __init__(self, first: bytes) -> None:
        self._first = first

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        if not self._first:
            raise KeyboardInterrupt
        view, piece, self._first = memoryview(buffer), self._first, b""
        view[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize(
    "first",
    [
        b'[Event "a"]\n\n1. e4 e5 {',
        json.dumps(LICHESS).encode() + b"\n",
        b"[" + json.dumps(LICHESS).encode() + b",",
        gzip.compress(b'[Event "a"]\n\n1. e4 e5 *', mtime=0)[:-9],
    ],
    ids=["PGN", "JSON lines", "JSON array", "gzip"],
)
def test_an_interruption_ends_the_reading(first: bytes) -> None:
    with pytest.raises(KeyboardInterrupt):
        list(read_stream(plain_stream(io.BufferedReader(Interrupted(first))), "input"))
