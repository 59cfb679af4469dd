"""Whether a move really gives a piece away, or only seems to.

Pieces are counted in pawns (a rook for a knight is 2), and pawns are not counted at all: neither
are they a sacrifice, nor does taking two of them make up for a piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import chess

from chess_analytics.review.material import PIECES, balance, best_exchanges, taken

# The engine's line is followed so far to see whether the material comes back: reply, own move,
# reply, own move. What is regained sooner was an exchange or a combination, not a sacrifice.
FOLLOWED_PLIES = 4


@dataclass(frozen=True, slots=True)
class Sacrifice:
    """Pieces that a move offers, counted in pawns."""

    offered: int
    """How much the opponent can win by taking, what the move itself took deducted."""
    invested: int
    """How much of it does not come back at once."""
    is_accepted: bool
    """Whether the engine's line takes it."""


def find_sacrifice(
    board: chess.Board, move: chess.Move, answer: Sequence[str], at_least: int
) -> Sacrifice | None:
    """Find the sacrifice in a move; `answer` is the engine's line after it, UCI.

    The opponent must win so much by taking. If the line takes, it must leave the mover so much
    down, or mate. If it declines, taking must not be met by simply taking as much elsewhere.
    Pieces that would be lost in any case are not told apart here: see `is_lost_anyway`.
    """
    after, offered, captures = _offer(board, move)
    if not captures or offered < at_least:
        return None
    reply = _legal(after, answer[0]) if answer else None
    if reply is None:
        return None
    is_accepted = reply.to_square in {capture.to_square for capture in captures}
    if is_accepted:
        invested = _lost_along(board, [move.uci(), *answer])
    else:
        invested = _lost_if_taken(board, move)
    return Sacrifice(offered, invested, is_accepted) if invested >= at_least else None


def is_lost_anyway(board: chess.Board, line: Sequence[str], sacrifice: Sacrifice) -> bool:
    """Tell whether the line of the best other move gives as much, so that nothing was chosen."""
    move = _legal(board, line[0]) if line else None
    if move is None:
        return False
    return max(_lost_along(board, line), _lost_if_taken(board, move)) >= sacrifice.invested


def _offer(board: chess.Board, move: chess.Move) -> tuple[chess.Board, int, list[chess.Move]]:
    after = board.copy(stack=False)
    after.push(move)
    won, captures = best_exchanges(after, PIECES)
    return after, won - taken(board, move, PIECES), captures


def _lost_if_taken(board: chess.Board, move: chess.Move) -> int:
    """Count what a move costs if the opponent takes at once and the mover takes back at once."""
    after, _, captures = _offer(board, move)
    losses = [0]
    for capture in captures:
        lost = taken(after, capture, PIECES) - taken(board, move, PIECES)
        after.push(capture)
        losses.append(lost - best_exchanges(after, PIECES)[0])
        after.pop()
    return max(losses)


def _lost_along(board: chess.Board, line: Sequence[str]) -> int:
    """Count how much the side to move is down after a move and the plies that are followed.

    What it can take at the end counts as taken. Whoever mates is down what was given most on the
    way. A line may end early, or with a move that cannot be played.
    """
    mover, start = board.turn, balance(board, board.turn, PIECES)
    played = board.copy(stack=False)
    losses = [0]
    for uci in line[: 1 + FOLLOWED_PLIES]:
        move = _legal(played, uci)
        if move is None:
            break
        played.push(move)
        losses.append(start - balance(played, mover, PIECES))
    if played.is_checkmate() and played.turn != mover:
        return max(losses)
    return losses[-1] - (best_exchanges(played, PIECES)[0] if played.turn == mover else 0)


def _legal(board: chess.Board, uci: str) -> chess.Move | None:
    try:
        return board.parse_uci(uci)
    except ValueError:
        return None
