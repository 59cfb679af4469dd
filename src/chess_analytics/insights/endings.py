"""Which kind of endgame is on the board, and what ended a game."""

from enum import StrEnum

import chess

from chess_analytics.games.model import Game, Result, Site


class Endgame(StrEnum):
    """A kind of endgame, by the pieces of both sides beside kings and pawns."""

    PAWN = "pawn"
    MINOR = "minor piece"
    ROOK = "rook"
    ROOK_AND_MINOR = "rook and minor piece"
    QUEEN = "queen"
    QUEEN_AND_OTHERS = "queen and others"


class Termination(StrEnum):
    """What ended a game."""

    CHECKMATE = "checkmate"
    RESIGNATION = "resignation"
    TIME = "time"
    ABANDONED = "abandoned"
    RULES = "rules infraction"
    STALEMATE = "stalemate"
    MATERIAL = "insufficient material"
    REPETITION = "repetition"
    FIFTY_MOVES = "fifty moves"
    AGREEMENT = "agreement"


# What sites write in the Termination header, most telling first. Chess.com's are sentences: «Ada
# won on time», «Game drawn by timeout vs insufficient material».
_WORDS = (
    ("insufficient material", Termination.MATERIAL),
    ("stalemate", Termination.STALEMATE),
    ("repetition", Termination.REPETITION),
    ("50-move", Termination.FIFTY_MOVES),
    ("agreement", Termination.AGREEMENT),
    ("checkmate", Termination.CHECKMATE),
    ("resign", Termination.RESIGNATION),
    ("abandoned", Termination.ABANDONED),
    ("infraction", Termination.RULES),
    ("time", Termination.TIME),
)
_FIFTY_MOVES_PLIES = 100
_REPETITIONS = 3


def endgame(board: chess.Board) -> Endgame:
    """Class a position of the endgame by its pieces."""
    minors, others = board.knights | board.bishops, board.rooks | board.knights | board.bishops
    if board.queens:
        return Endgame.QUEEN_AND_OTHERS if others else Endgame.QUEEN
    if board.rooks:
        return Endgame.ROOK_AND_MINOR if minors else Endgame.ROOK
    return Endgame.MINOR if minors else Endgame.PAWN


def termination(game: Game, final: chess.Board) -> Termination | None:
    """Tell what ended a game, by the last position (with its history), then by its header.

    Nothing where the result is unknown, or neither tells. On Lichess a game that ended normally,
    and not on the board, was resigned or agreed to be a draw.
    """
    if game.result is Result.UNKNOWN:
        return None
    if on_board := _on_board(final):
        return on_board
    said = game.headers.get("Termination", "").lower()
    word = next((ending for part, ending in _WORDS if part in said), None)
    if word is not None or said not in ("normal", "") or game.site is not Site.LICHESS:
        return word
    if game.result is not Result.DRAW:
        return Termination.RESIGNATION
    return _claimed(final) or Termination.AGREEMENT


def _on_board(final: chess.Board) -> Termination | None:
    if final.is_checkmate():
        return Termination.CHECKMATE
    if final.is_stalemate():
        return Termination.STALEMATE
    return Termination.MATERIAL if final.is_insufficient_material() else None


def _claimed(final: chess.Board) -> Termination | None:
    if final.is_repetition(_REPETITIONS):
        return Termination.REPETITION
    return Termination.FIFTY_MOVES if final.halfmove_clock >= _FIFTY_MOVES_PLIES else None
