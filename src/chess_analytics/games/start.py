"""Tell by which rules a game is played, and set up the position from which it starts."""

import re
from collections.abc import Mapping

import chess

from chess_analytics.games.model import Variant
from chess_analytics.games.movetext import Refusal

# Letters and digits of a Variant header, in lower case.
_STANDARD = frozenset(
    {"", "standard", "chess", "normal", "regular", "classical", "orthodox", "fromposition"}
)
_CHESS960 = re.compile(r".*960|fisch?er+andom.*|freestyle.*|frc")

_FAULTS = {
    chess.STATUS_EMPTY: "the board is empty",
    chess.STATUS_NO_WHITE_KING: "White has no king",
    chess.STATUS_NO_BLACK_KING: "Black has no king",
    chess.STATUS_TOO_MANY_KINGS: "there are too many kings",
    chess.STATUS_TOO_MANY_WHITE_PAWNS: "White has more than eight pawns",
    chess.STATUS_TOO_MANY_BLACK_PAWNS: "Black has more than eight pawns",
    chess.STATUS_PAWNS_ON_BACKRANK: "a pawn stands on the first or last rank",
    chess.STATUS_TOO_MANY_WHITE_PIECES: "White has more than sixteen pieces",
    chess.STATUS_TOO_MANY_BLACK_PIECES: "Black has more than sixteen pieces",
    chess.STATUS_OPPOSITE_CHECK: "the side that has just moved is in check",
    chess.STATUS_TOO_MANY_CHECKERS: "more pieces give check than is possible",
    chess.STATUS_IMPOSSIBLE_CHECK: "the checks cannot have come about",
}

_WHOLE_ARMIES = 32


def variant_of(name: str) -> Variant | Refusal:
    """Tell the rules from a Variant header; an empty one means standard chess."""
    key = "".join(filter(str.isalnum, name.lower()))
    if key in _STANDARD:
        return Variant.STANDARD
    if _CHESS960.fullmatch(key):
        return Variant.CHESS960
    return Refusal(f"variant: {name.strip()[:60]}", sound=True)


def start_of(headers: Mapping[str, str]) -> chess.Board | Refusal:
    """Set up the board that the headers describe; it plays Chess960 if they say or imply it."""
    variant = variant_of(headers.get("Variant", ""))
    if isinstance(variant, Refusal):
        return variant
    fen = headers.get("FEN", "").strip()
    if not fen or headers.get("SetUp", "1").strip() == "0":
        return chess.Board(chess960=variant is Variant.CHESS960)
    return _set_up(fen, variant)


def _set_up(fen: str, variant: Variant) -> chess.Board | Refusal:
    try:
        board = chess.Board(fen, chess960=True)
    except ValueError:
        return Refusal(f'the start position cannot be read: "{fen[:100]}"')
    board.chess960 = variant is Variant.CHESS960 or _implies_chess960(board, fen)
    # Programs claim castling rights and en passant squares that are not there.
    board.castling_rights = board.clean_castling_rights()
    if board.status() & chess.STATUS_INVALID_EP_SQUARE:
        board.ep_square = None
    status = board.status()
    if status == chess.STATUS_VALID:
        return board
    faults = [words for fault, words in _FAULTS.items() if status & fault]
    return Refusal(f"the start position is impossible: {', '.join(faults)}")


def _implies_chess960(board: chess.Board, fen: str) -> bool:
    """Tell if the castling rights make sense in Chess960 only, and are no slip of a program.

    A king that has moved and still claims KQkq is such a slip; rooks that are named by their
    files, or a whole army in another order, are not.
    """
    if not board.has_chess960_castling_rights():
        return False
    names_files = re.fullmatch(r"\S+ \S+ [A-Ha-h]+ .*", fen) is not None
    return names_files or board.occupied.bit_count() == _WHOLE_ARMIES
