"""What an exchange of men wins or loses, counted in pawns."""

from collections.abc import Mapping

import chess

Values = Mapping[chess.PieceType, int]

PAWNS: Values = {
    chess.PAWN: 1,
    chess.KNIGHT: 3,
    chess.BISHOP: 3,
    chess.ROOK: 5,
    chess.QUEEN: 9,
    chess.KING: 0,
}
# Pieces alone: a piece given for two pawns is a piece given.
PIECES: Values = {**PAWNS, chess.PAWN: 0}
# Who takes first; the king takes last, because he can only ever end an exchange.
_ORDER: Values = {**PAWNS, chess.KING: 100}


def balance(board: chess.Board, color: chess.Color, values: Values) -> int:
    """Count how much more material one colour has than the other."""
    own, others = board.occupied_co[color], board.occupied_co[not color]
    masks = {piece: board.pieces_mask(piece, chess.WHITE) for piece in values}
    masks = {piece: mask | board.pieces_mask(piece, chess.BLACK) for piece, mask in masks.items()}
    return sum(
        values[piece] * ((mask & own).bit_count() - (mask & others).bit_count())
        for piece, mask in masks.items()
    )


def taken(board: chess.Board, move: chess.Move, values: Values) -> int:
    """Count what a legal move gains at once: the man that it takes, the piece that it becomes."""
    gained = values[move.promotion] - values[chess.PAWN] if move.promotion else 0
    if board.is_en_passant(move):
        return gained + values[chess.PAWN]
    captured = board.piece_type_at(move.to_square) if board.is_capture(move) else None
    return gained + (values[captured] if captured else 0)


def exchange(board: chess.Board, move: chess.Move, values: Values) -> int:
    """Count what a legal move wins when both sides then take on its square while it pays.

    Static exchange evaluation over legal captures, so pinned men do not take part.
    """
    gain = taken(board, move, values)
    board.push(move)
    answer = _cheapest_capture(board, move.to_square)
    if answer is not None:
        gain -= max(0, exchange(board, answer, values))
    board.pop()
    return gain


def best_exchanges(board: chess.Board, values: Values) -> tuple[int, list[chess.Move]]:
    """Find the captures that win most for the side to move; 0 and none where none wins."""
    most, found = 0, list[chess.Move]()
    for capture in list(board.generate_legal_captures()):
        gain = exchange(board, capture, values)
        if gain > most:
            most, found = gain, []
        if gain == most > 0:
            found.append(capture)
    return most, found


def hangs(board: chess.Board, square: chess.Square) -> bool:
    """Tell whether the other side would win material on a square if it were to move."""
    if board.is_check():
        return False
    passed = board.copy(stack=False)
    passed.push(chess.Move.null())
    captures = list(passed.generate_legal_captures(to_mask=chess.BB_SQUARES[square]))
    return any(exchange(passed, capture, PAWNS) > 0 for capture in captures)


def _cheapest_capture(board: chess.Board, square: chess.Square) -> chess.Move | None:
    captures = board.generate_legal_captures(to_mask=chess.BB_SQUARES[square])
    return min(captures, key=lambda capture: _cost(board, capture), default=None)


def _cost(board: chess.Board, capture: chess.Move) -> tuple[int, int, int]:
    """Rank the captures of one square; between equals the file decides, as in a mirrored game."""
    piece = board.piece_type_at(capture.from_square) or chess.KING
    rank = chess.square_rank(capture.from_square)
    from_home = rank if board.turn == chess.WHITE else 7 - rank
    return (
        _ORDER[piece],
        -(capture.promotion or 0),
        8 * chess.square_file(capture.from_square) + from_home,
    )
