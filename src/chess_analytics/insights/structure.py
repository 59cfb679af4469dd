"""Which pawn structure a side has, seen from that side."""

from enum import StrEnum

import chess


class Structure(StrEnum):
    """A pawn structure; the first that fits, in this order, is the position's."""

    OWN_ISOLANI = "own isolated queen's pawn"
    THEIR_ISOLANI = "their isolated queen's pawn"
    OWN_HANGING = "own hanging pawns"
    THEIR_HANGING = "their hanging pawns"
    CLOSED = "closed centre"
    OPEN = "open centre"
    OWN_HALF_OPEN = "own half-open centre file"
    THEIR_HALF_OPEN = "their half-open centre file"
    BOTH_HALF_OPEN = "a half-open centre file each"
    SYMMETRICAL = "symmetrical"
    FLUID = "tension in the centre"


_B, _C, _D, _E = (1 << file for file in (1, 2, 3, 4))
_WIDE_CENTRE = chess.BB_FILE_C | chess.BB_FILE_D | chess.BB_FILE_E | chess.BB_FILE_F
_LOCKED_PAIRS = 2


def structure(board: chess.Board, color: chess.Color) -> Structure:
    """Class the pawns of a position.

    Isolated queen's pawn: on the d-file, with none on c and e, where the other side has no pawn on
    the d-file. Hanging pawns: on c and d, with none on b and e, where the other side has none on c
    and d. Closed: two pairs on the files c to f block each other. Open: nobody has a pawn on d or
    e. Half-open: a side has no pawn on one of these files, where the other has.
    """
    own, theirs = _files(board, color), _files(board, not color)
    return (
        _weak_centre(own, theirs)
        or (Structure.CLOSED if _locked(board) >= _LOCKED_PAIRS else None)
        or (Structure.OPEN if not (own | theirs) & (_D | _E) else None)
        or _half_open(own & (_D | _E), theirs & (_D | _E))
        or (Structure.SYMMETRICAL if own == theirs else Structure.FLUID)
    )


def _weak_centre(own: int, theirs: int) -> Structure | None:
    if _is_isolani(own, theirs):
        return Structure.OWN_ISOLANI
    if _is_isolani(theirs, own):
        return Structure.THEIR_ISOLANI
    if _are_hanging(own, theirs):
        return Structure.OWN_HANGING
    return Structure.THEIR_HANGING if _are_hanging(theirs, own) else None


def _half_open(own: int, theirs: int) -> Structure | None:
    mine, other = bool(theirs & ~own), bool(own & ~theirs)
    if mine and other:
        return Structure.BOTH_HALF_OPEN
    if mine:
        return Structure.OWN_HALF_OPEN
    return Structure.THEIR_HALF_OPEN if other else None


def _is_isolani(pawns: int, others: int) -> bool:
    return pawns & (_C | _D | _E) == _D and not others & _D


def _are_hanging(pawns: int, others: int) -> bool:
    return pawns & (_B | _C | _D | _E) == _C | _D and not others & (_C | _D)


def _files(board: chess.Board, color: chess.Color) -> int:
    """Give the files on which a side has pawns, a bit for each."""
    pawns = board.pawns & board.occupied_co[color]
    for rows in (32, 16, 8):
        pawns |= pawns >> rows
    return pawns & chess.BB_RANK_1


def _locked(board: chess.Board) -> int:
    """Count the pairs of pawns that stand head to head on the files c to f."""
    white = board.pawns & board.occupied_co[chess.WHITE] & _WIDE_CENTRE
    black = board.pawns & board.occupied_co[chess.BLACK]
    return (white << 8 & black).bit_count()
