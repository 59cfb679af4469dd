"""One pass over the board that gathers all that judging needs to know of it."""

import itertools
from dataclasses import dataclass

import chess

from chess_analytics.games.model import Game, Side
from chess_analytics.games.positions import initial_board
from chess_analytics.review.phases import Divider, Division

# Beyond this the number of legal moves does not matter to any rule.
CHOICES_COUNTED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A move and the position in which it was made."""

    ply: int
    side: Side
    move: chess.Move
    uci: str
    san: str
    board: chess.Board
    """The position before the move, without its history; whoever moves on it copies it."""
    choices: int
    """Legal moves in the position, counted no further than `CHOICES_COUNTED`."""
    is_capture: bool
    is_recapture: bool
    """It takes back on the square of the capture just before it."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A game's steps, its phases, and the position in which it ended."""

    steps: tuple[Step, ...]
    division: Division
    final: chess.Board

    @property
    def is_mate(self) -> bool:
        return self.final.is_checkmate()

    @property
    def is_dead_draw(self) -> bool:
        """Whether the last position is drawn on the board itself."""
        return self.final.is_stalemate() or self.final.is_insufficient_material()


def replay(game: Game) -> Replay:
    """Play a game through once."""
    board = initial_board(game)
    divider = Divider()
    divider.show(board)
    steps: list[Step] = []
    taken_on: chess.Square | None = None
    for played in game.moves:
        move = played.move
        before = board.copy(stack=False)
        is_capture = board.is_capture(move)
        steps.append(
            Step(
                ply=played.ply,
                side=Side.of(board.turn),
                move=move,
                uci=board.uci(move),
                choices=sum(1 for _ in itertools.islice(before.legal_moves, CHOICES_COUNTED)),
                san=board.san_and_push(move),
                board=before,
                is_capture=is_capture,
                is_recapture=move.to_square == taken_on,
            )
        )
        taken_on = move.to_square if is_capture else None
        divider.show(board)
    return Replay(tuple(steps), divider.division(), board)
