"""Texts of stored games, one after the other in a file: each is read as it was alone."""

import io
import itertools

import pytest

from chess_analytics.actions.exports.stored_pgn import plain_pgn
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game
from chess_analytics.games.pgn import read_pgn
from tests.shared_data import shared_data

ODD = {
    "plain": '[White "A"]\n[Black "B"]\n\n1. e4 e5 1-0',
    "without tags": "1. e4 c5 1-0",
    "without tags and result": "1. e4 c6 2. d4",
    "without a result": '[White "A"]\n\n1. e4 d6 2. d4',
    "without numbers, tags and result": "e4 a6 d4",
    "without numbers": '[White "A"]\n\ne4 d5',
    "with the result in the tags only": '[Result "1-0"]\n\n1. d4 d5',
    "ending in a comment": "1. d4 f5 {the end}",
    "ending in a comment to the end of the line": "1. d4 e5 ; the end",
    "ending in a variation": "1. c4 e5 (1... c5 2. Nf3)",
    "with brackets in a comment": '1. c4 c5 {[%clk 0:01:00] [White "C"]} 2. g3',
    "with a tag in no tag section": '{[Event "x"]} 1. c4 c6 *',
    "with lines to be passed over": '% one\n[White "A"]\n% two\n1. c4 g6 *\n% three',
    "with the line ends of Windows": '[White "A"]\r\n\r\n1. Nf3 d5\r\n2. g3 *\r\n',
    "with blank lines inside": '[White "A"]\n\n1. Nf3 c5\n\n2. g3 g6\n\n3. Bg2 *',
    "with a mark of the byte order": '\ufeff[White "A"]\n\n1. Nf3 f5 *',
    "with quotes in a tag": '[White "a \\"b\\" c"]\n\n1. Nf3 e6 *',
    "without moves of White's": (
        '[FEN "4k3/8/8/8/8/8/4p3/4K3 b - - 0 1"]\n[SetUp "1"]\n\n1... Kd7 2. Kxe2 *'
    ),
}


def _read(text: str) -> list[Game]:
    entries = list(read_pgn(io.StringIO(text, newline=""), "file"))
    games = [entry for entry in entries if isinstance(entry, Game)]
    assert len(games) == len(entries), entries
    return games


def _stored(text: str) -> Game:
    (game,) = _read(text)
    return game


@pytest.mark.parametrize("first", ODD)
def test_no_game_runs_into_the_one_that_follows(first: str) -> None:
    one = _stored(ODD[first])
    for second, text in ODD.items():
        other = _stored(text)
        again = _read(plain_pgn(one.pgn) + plain_pgn(other.pgn) + plain_pgn(one.pgn))
        assert list(map(moves_key, again)) == list(map(moves_key, (one, other, one))), second
        for before, after in zip((one, other, one), again, strict=True):
            assert before.headers.items() <= after.headers.items(), second


def test_a_text_with_tags_is_not_touched() -> None:
    text = '[White "A"]\n[Odd  "x" ]\n\n1.e4   {why   not} e5?! $4 *'
    assert plain_pgn(f"\n{text}\n") == f"{text}\n\n"


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["archives", "gold", "pgn_torture"])
def test_whole_archives_come_back_game_by_game(folder: str) -> None:
    for file in sorted(shared_data(folder).rglob("*.pgn")):
        text = file.read_text(encoding="utf-8", errors="replace")
        entries = read_pgn(io.StringIO(text), file.name)
        games = [entry for entry in itertools.islice(entries, 200) if isinstance(entry, Game)]
        again = _read("".join(plain_pgn(game.pgn) for game in games))
        assert list(map(moves_key, again)) == list(map(moves_key, games)), file.name
