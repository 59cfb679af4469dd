"""Draw positions as SVG; all boards of a page share one drawing of each man."""

import re
from html import escape

import chess
import chess.svg

_PLAYED_COLOUR = "#c33a"
_BEST_COLOUR = "#2a7a"
# What python-chess puts into every board: the position as text, and the men with their ids.
_OWN_PARTS = re.compile(r"<desc>.*?</desc>|<defs>.*?</defs>", re.DOTALL)


def shared_men() -> str:
    """Draw each of the twelve men once, unseen; boards refer to them by id."""
    men = "".join(chess.svg.PIECES[symbol] for symbol in "PNBRQKpnbrqk")
    return f'<svg class="men" width="0" height="0" aria-hidden="true"><defs>{men}</defs></svg>'


def board_svg(board: chess.Board, played: str, best: str | None, describe: str) -> str:
    """Draw the position before a move, with an arrow for it and one for the better move (UCI).

    The side to move is below. ``describe`` is plain text, to be read aloud. The page must hold
    `shared_men`.
    """
    arrows = [_arrow(played, _PLAYED_COLOUR)]
    if best:
        arrows.append(_arrow(best, _BEST_COLOUR))
    drawn = chess.svg.board(
        board, arrows=arrows, orientation=board.turn, size=260, coordinates=False
    )
    named = f'<svg role="img" aria-label="{escape(describe)}" '
    return _OWN_PARTS.sub("", drawn).replace("<svg ", named, 1)


def _arrow(uci: str, colour: str) -> chess.svg.Arrow:
    move = chess.Move.from_uci(uci)
    return chess.svg.Arrow(move.from_square, move.to_square, color=colour)
