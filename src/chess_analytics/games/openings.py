"""Name a game's opening by the positions it passed through."""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

import chess

from chess_analytics.games.model import Game
from chess_analytics.games.positions import PositionKey, boards, position_key

# Lichess looks no further either (scalachess, OpeningDb), and the longest line of the table has
# 36 plies: what comes later only meets a named position by losing time.
MAX_PLIES = 40


@dataclass(frozen=True, slots=True)
class Opening:
    """A name for a game's beginning, and how far it goes."""

    eco: str
    """The code of the Encyclopaedia of Chess Openings: ``C65``."""
    name: str
    ply: int
    """The ply that reached the named position: after it the game is on its own."""

    @property
    def family(self) -> str:
        return opening_family(self.name)


def name_opening(game: Game) -> Opening | None:
    """Give the name of the last position of the game that has one, however it was reached.

    Nothing for a game that did not start from the initial position, or left the tables at once.
    """
    return opening_of(boards(game))


def opening_of(positions: Iterable[chess.Board]) -> Opening | None:
    """Do the same with the positions of a game, from its start on."""
    positions = itertools.islice(positions, MAX_PLIES + 1)
    if position_key(next(positions)) != _START:
        return None
    table = _table()
    found: Opening | None = None
    for ply, board in enumerate(positions, start=1):
        if named := table.get(position_key(board)):
            found = Opening(*named, ply)
        elif not _leads_to_a_name(_unmoved(board)):
            break
    return found


def opening_at(board: chess.Board) -> Opening | None:
    """Give the name of this very position, if it has one."""
    named = _table().get(position_key(board))
    return Opening(*named, board.ply()) if named else None


def opening_family(name: str) -> str:
    """Cut an opening's name before its variations.

    >>> opening_family("Sicilian Defense: Najdorf Variation, English Attack")
    'Sicilian Defense'
    """
    return re.split("[:,]", name, maxsplit=1)[0]


@functools.cache
def _table() -> dict[PositionKey, tuple[str, str]]:
    return {_key(epd): (eco, name) for eco, name, epd in _rows()}


@functools.lru_cache(maxsize=20_000)
def _leads_to_a_name(unmoved: chess.Bitboard) -> bool:
    """Tell whether a named position can still come: what has moved never goes home again."""
    return any(not needed & ~unmoved for needed in _needed())


@functools.cache
def _needed() -> list[chess.Bitboard]:
    """List what the named positions have unmoved, without those that need more than another."""
    least: list[chess.Bitboard] = []
    every = {_at_home(key[0], key[6]) | key[8] for key in _table()}
    for unmoved in sorted(every, key=int.bit_count):
        if all(needed & ~unmoved for needed in least):
            least.append(unmoved)
    return least


def _unmoved(board: chess.Board) -> chess.Bitboard:
    at_home = _at_home(board.pawns, board.occupied_co[chess.WHITE])
    return at_home | board.clean_castling_rights()


def _at_home(pawns: chess.Bitboard, white: chess.Bitboard) -> chess.Bitboard:
    return pawns & (white & chess.BB_RANK_2 | ~white & chess.BB_RANK_7)


def _rows() -> Iterator[list[str]]:
    text = resources.files("chess_analytics.games").joinpath("openings.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def _key(epd: str) -> PositionKey:
    """Read an EPD of the table: `position_key` of its board, several times as fast."""
    placement, turn, castling, en_passant = epd.split(" ")
    masks = dict.fromkeys("PNBRQKpnbrqk", 0)
    square = chess.A8
    for symbol in placement:
        if symbol == "/":
            square -= 16  # Back over the rank that was read, and down one more.
        elif symbol.isdigit():
            square += int(symbol)
        else:
            masks[symbol] |= 1 << square
            square += 1
    white = sum(masks[symbol] for symbol in "PNBRQK")
    pawns, knights, bishops, rooks, queens, kings = (
        masks[symbol] | masks[symbol.lower()] for symbol in "PNBRQK"
    )
    rights = sum(_CASTLING[symbol] for symbol in castling if symbol != "-")
    to_capture = chess.parse_square(en_passant) if en_passant != "-" else 0
    key = (pawns, knights, bishops, rooks, queens, kings, white)
    return (*key, turn == "w", rights, to_capture)


_START = position_key(chess.Board())
_CASTLING = {"K": chess.BB_H1, "Q": chess.BB_A1, "k": chess.BB_H8, "q": chess.BB_A8}
