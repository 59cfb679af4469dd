"""Find, write and play ordinary moves the quick way; python-chess does the rest.

Nine moves in ten have one piece that can make them and no king nearby to worry about. For these
a look at the attack tables is three times as quick as the generation of legal moves, and moving one
piece three times as quick as a `push` that could be taken back.
"""

import re
from functools import lru_cache

import chess

# Qa1xb2+: what is longer is not ordinary, and must not stay in memory.
_LONGEST_WORD = 7
# A pawn's first leap, in squares.
_TWO_RANKS = 16
_SQUARES = {name: square for square, name in enumerate(chess.SQUARE_NAMES)}
_ORDINARY = re.compile(r"([NBRQK])?([a-h])?([1-8])?x?([a-h])([1-8])[+#]?")


def quick_move(board: chess.Board, word: str) -> chess.Move | None:
    """Find the legal move that ``word`` means; nothing where that takes a closer look.

    Castling, promotion, en passant, a check, a possible pin, a choice between two pieces and all
    that is no legal move are left to `chess.Board.parse_san`.
    """
    aim = _aim(word) if len(word) <= _LONGEST_WORD else None
    if aim is None:
        return None
    return _only_move(board, *aim)


def quick_uci(board: chess.Board, word: str) -> chess.Move | None:
    """Do the same with a move that is written as engines do, which names both squares."""
    from_square, to_square = _SQUARES.get(word[:2]), _SQUARES.get(word[2:])
    if from_square is None or to_square is None:
        return None
    piece, origins = board.piece_type_at(from_square), chess.BB_SQUARES[from_square]
    if piece == chess.PAWN:
        if chess.BB_SQUARES[to_square] & chess.BB_BACKRANKS:
            return None
        straight = chess.square_file(from_square) == chess.square_file(to_square)
        origins = chess.BB_EMPTY if straight else chess.BB_FILES[chess.square_file(from_square)]
    move = _only_move(board, piece, origins, to_square) if piece else None
    return move if move and move.from_square == from_square else None


def quick_san(board: chess.Board, move: chess.Move) -> str | None:
    """Write a legal move without a sign of check; nothing where that takes a closer look."""
    to_square = move.to_square
    piece = board.piece_type_at(move.from_square)
    name = chess.SQUARE_NAMES[to_square]
    if piece is None or move.promotion or move.drop:
        return None
    if piece == chess.PAWN:
        file = chess.FILE_NAMES[chess.square_file(move.from_square)]
        return name if file == name[0] else f"{file}x{name}"
    target, own = chess.BB_SQUARES[to_square], board.occupied_co[board.turn]
    alike = board.pieces_mask(piece, board.turn) & _reach(board, piece, to_square)
    # Castling, or another piece of the kind that may be able to go there.
    if own & target or alike != chess.BB_SQUARES[move.from_square]:
        return None
    letter = chess.piece_symbol(piece).upper()
    return f"{letter}x{name}" if board.occupied & target else letter + name


def play_quickly(board: chess.Board, move: chess.Move) -> None:
    """Play a move of `quick_move` as `chess.Board.push` does, but so that nothing takes it back."""
    if board.promoted:
        board.push(move)
        return
    turn, from_bb = board.turn, chess.BB_SQUARES[move.from_square]
    to_bb = chess.BB_SQUARES[move.to_square]
    own, others = board.occupied_co[turn], board.occupied_co[not turn]
    is_capture = bool(others & to_bb)
    board.halfmove_clock += 1
    board.fullmove_number += turn == chess.BLACK
    board.ep_square = None
    if is_capture:
        _take(board, to_bb)
        board.occupied_co[not turn] = others = others & ~to_bb
    _move_piece(board, from_bb | to_bb, from_bb)
    if is_capture or board.pawns & to_bb:
        board.halfmove_clock = 0
        if abs(move.to_square - move.from_square) == _TWO_RANKS and board.pawns & to_bb:
            board.ep_square = (move.from_square + move.to_square) // 2
    if board.castling_rights:
        board.castling_rights &= ~(from_bb | to_bb)
        if board.kings & to_bb:
            board.castling_rights &= ~(chess.BB_RANK_1 if turn else chess.BB_RANK_8)
    board.occupied_co[turn] = own = own ^ (from_bb | to_bb)
    board.occupied = own | others
    board.turn = not turn


def _take(board: chess.Board, square: chess.Bitboard) -> None:
    board.pawns &= ~square
    board.knights &= ~square
    board.bishops &= ~square
    board.rooks &= ~square
    board.queens &= ~square


def _move_piece(board: chess.Board, change: chess.Bitboard, origin: chess.Bitboard) -> None:
    if board.pawns & origin:
        board.pawns ^= change
    elif board.knights & origin:
        board.knights ^= change
    elif board.bishops & origin:
        board.bishops ^= change
    elif board.rooks & origin:
        board.rooks ^= change
    elif board.queens & origin:
        board.queens ^= change
    else:
        board.kings ^= change


def _only_move(
    board: chess.Board, piece: chess.PieceType, origins: chess.Bitboard, to_square: chess.Square
) -> chess.Move | None:
    """Find the one move of a piece from one of some squares; of a pawn: from a file."""
    if board.occupied_co[board.turn] & chess.BB_SQUARES[to_square]:
        return None
    if piece == chess.PAWN:
        origins = _pawn_origin(board, origins, to_square)
    else:
        origins &= _reach(board, piece, to_square) & board.pieces_mask(piece, board.turn)
    # One bit only: one piece can go there.
    if not origins or origins & (origins - 1):
        return None
    from_square = origins.bit_length() - 1
    return chess.Move(from_square, to_square) if _is_safe(board, from_square, to_square) else None


@lru_cache(maxsize=8192)
def _aim(word: str) -> tuple[chess.PieceType, chess.Bitboard, chess.Square] | None:
    """Take a word apart: the piece, where it may come from, where it goes."""
    match = _ORDINARY.fullmatch(word)
    if match is None:
        return None
    letter, from_file, from_rank, to_file, to_rank = match.groups()
    origins = chess.BB_ALL
    if from_file:
        origins &= chess.BB_FILES[chess.FILE_NAMES.index(from_file)]
    if from_rank:
        origins &= chess.BB_RANKS[int(from_rank) - 1]
    to_square = chess.parse_square(to_file + to_rank)
    if letter:
        return chess.PIECE_SYMBOLS.index(letter.lower()), origins, to_square
    # A pawn move without a file stays on its file; e2e4 may be any piece's move.
    if from_rank or chess.BB_SQUARES[to_square] & chess.BB_BACKRANKS:
        return None
    return chess.PAWN, origins if from_file else chess.BB_EMPTY, to_square


def _reach(board: chess.Board, piece: chess.PieceType, square: chess.Square) -> chess.Bitboard:
    """Give the squares from which a piece attacks ``square``: attacks are mutual."""
    if piece == chess.KNIGHT:
        return chess.BB_KNIGHT_ATTACKS[square]
    if piece == chess.KING:
        return chess.BB_KING_ATTACKS[square]
    occupied = board.occupied
    reach = chess.BB_EMPTY
    if piece != chess.ROOK:
        reach = chess.BB_DIAG_ATTACKS[square][chess.BB_DIAG_MASKS[square] & occupied]
    if piece != chess.BISHOP:
        reach |= chess.BB_RANK_ATTACKS[square][chess.BB_RANK_MASKS[square] & occupied]
        reach |= chess.BB_FILE_ATTACKS[square][chess.BB_FILE_MASKS[square] & occupied]
    return reach


def _pawn_origin(board: chess.Board, file: chess.Bitboard, to_square: int) -> chess.Bitboard:
    """Find the pawn that goes, or captures, to a square; not en passant."""
    white = board.turn == chess.WHITE
    pawns = board.pawns & board.occupied_co[board.turn]
    target = chess.BB_SQUARES[to_square]
    if file:
        if not board.occupied_co[not board.turn] & target:
            return chess.BB_EMPTY
        return chess.BB_PAWN_ATTACKS[not board.turn][to_square] & file & pawns
    if board.occupied & target:
        return chess.BB_EMPTY
    one = target >> 8 if white else target << 8
    if one & pawns:
        return one
    if one & board.occupied or not target & (chess.BB_RANK_4 if white else chess.BB_RANK_5):
        return chess.BB_EMPTY
    return (target >> 16 if white else target << 16) & pawns


def _is_safe(board: chess.Board, from_square: chess.Square, to_square: chess.Square) -> bool:
    """Tell if the move surely leaves no king of its own side in check."""
    king = board.king(board.turn)
    if king is None:
        return False
    enemy = not board.turn
    if from_square == king:
        seen_through = board.occupied & ~chess.BB_SQUARES[from_square]
        return not board.attackers_mask(enemy, to_square, seen_through)
    sliders = (board.bishops | board.rooks | board.queens) & board.occupied_co[enemy]
    # Who leaves the line between the king and a slider may have stood in the way.
    line = chess.BB_RAYS[king][from_square]
    if line & sliders and not line & chess.BB_SQUARES[to_square]:
        return False
    return not board.attackers_mask(enemy, king)
