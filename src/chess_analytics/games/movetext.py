"""Find the legal move that each written move means, whatever the spelling."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import chess

from chess_analytics.games.model import Broken, Place, SetAside, Side
from chess_analytics.games.pgn_split import KEPT_MOVES, WrittenMove
from chess_analytics.games.san import play_quickly, quick_move

# Lichess ends games at 600 plies; the longest game between masters on record has 538.
MAX_PLIES = 600

TOO_LONG = "longer than any real game"

NULL_MOVES = frozenset({"--", "Z0", "0000", "@@@@", "null", "pass"})

_LONGEST_QUOTE = 20
_PIECE_LETTERS = str.maketrans("♔♕♖♗♘♚♛♜♝♞", "KQRBNKQRBN", "♙♟")
_DASHES = str.maketrans("–—‑−", "----", "/()=")  # noqa: RUF001
_NONE: Mapping[int, str] = MappingProxyType({})
_CASTLING = re.compile(r"[0Oo]-[0Oo](-[0Oo])?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a game is not read: broken, or sound but not for us."""

    reason: str
    line: int | None = None
    sound: bool = False
    detail: str = ""
    """What `SetAside.detail` says; the reason of a broken game holds all."""

    def entry(self, place: Place, headers: dict[str, str]) -> SetAside | Broken:
        if self.sound:
            return SetAside(place, self.reason, headers, self.detail)
        return Broken(place, self.reason, self.line, headers)


@dataclass(frozen=True, slots=True)
class FoundMoves:
    """What written moves mean."""

    played: list[chess.Move]
    others: dict[int, str]
    """UCI of other moves than those with these indices; what means none is left out."""


def find_moves(
    board: chess.Board, written: Sequence[WrittenMove], others: Mapping[int, str] = _NONE
) -> FoundMoves | Refusal:
    """Play the written moves on ``board``; at the first that cannot be played say why.

    The board shows the last position then, and has no history. ``others`` are words for moves in
    place of those with these indices, as comments name them.
    """
    if len(written) > MAX_PLIES:
        count = f"over {KEPT_MOVES:,}" if len(written) > KEPT_MOVES else str(len(written))
        detail = f"{count} plies, the limit is {MAX_PLIES}"
        return Refusal(TOO_LONG, sound=True, detail=detail)
    found = FoundMoves([], {})
    for index, each in enumerate(written):
        if (word := others.get(index)) and (other := _find(board, word)):
            found.others[index] = board.uci(other)
        if move := quick_move(board, each.word):
            play_quickly(board, move)
        elif move := find_move(board, each.word):
            board.push(move)
        else:
            return _refusal(board, each)
        found.played.append(move)
    return found


def _find(board: chess.Board, word: str) -> chess.Move | None:
    return quick_move(board, word) or find_move(board, word)


def find_move(board: chess.Board, word: str) -> chess.Move | None:
    """Find the move that ``word`` means; nothing if it means none or several, or a null move."""
    try:
        return board.parse_san(word) or None
    except ValueError:
        pass
    try:
        return board.parse_san(_plain(word)) or None
    except ValueError:
        return None


def _plain(word: str) -> str:
    """Respell what programs and people write instead of standard algebraic notation."""
    word = word.translate(_DASHES).translate(_PIECE_LETTERS).replace(":", "x")
    word = word.removesuffix("e.p.").removesuffix("ep").rstrip("+#.,")
    if castling := _CASTLING.fullmatch(word):
        return "O-O-O" if castling[1] else "O-O"
    return word.removeprefix("P")


def _refusal(board: chess.Board, written: WrittenMove) -> Refusal:
    word = written.word
    quote = word if len(word) <= _LONGEST_QUOTE else word[:_LONGEST_QUOTE] + "…"
    where = f"move {board.fullmove_number} of {Side.of(board.turn).value.title()}"
    if word in NULL_MOVES or _plain(word) in NULL_MOVES:
        return Refusal("a null move", sound=True, detail=f'{where} ("{quote}")')
    if "@" in word:
        reason = "variant: Crazyhouse or Bughouse"
        return Refusal(reason, sound=True, detail=f"{where} drops a piece")
    return Refusal(f'{where}: "{quote}" {_fault(board, word)}', written.line)


def _fault(board: chess.Board, word: str) -> str:
    try:
        board.parse_san(_plain(word))
    except chess.AmbiguousMoveError:
        return "is ambiguous: more than one piece can move there"
    except chess.IllegalMoveError:
        return "is not a legal move here"
    except chess.InvalidMoveError:
        pass
    # Qb9 is a slip in a move; "whatever" is no move at all.
    looks_like_one = re.match(r"[KQRBN]?[a-z]?\d?x?[a-z]\d", word)
    return "is not a legal move here" if looks_like_one else "cannot be read as a move"
