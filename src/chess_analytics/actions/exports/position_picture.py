"""A position of a game as a picture for other pages."""

import chess.svg

from chess_analytics.games.model import Game, Side
from chess_analytics.games.positions import board_at

_SIDE_PX = 480
# The colours of our own boards, and no others: `web/src/styles/tokens.css`.
_COLORS = {
    "square light": "#e9edf2",
    "square dark": "#8ba3bd",
    "square light lastmove": "#cdd8a0",
    "square dark lastmove": "#a5b27c",
    "margin": "#4b5058",
    "coord": "#ffffff",
}


def position_svg(game: Game, ply: int, side: Side) -> str:
    """Draw the position after so many plies (0 is the start, the last one at most) as SVG.

    ``side`` is the one below.
    """
    at = min(ply, len(game.moves))
    board = board_at(game, at)
    last = game.moves[at - 1].move if at else None
    check = board.king(board.turn) if board.is_check() else None
    return chess.svg.board(
        board, orientation=side.color, lastmove=last, check=check, size=_SIDE_PX, colors=_COLORS
    )
