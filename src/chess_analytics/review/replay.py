"""One pass over the board that gathers all that judging needs to know of it."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import chess

from chess_analytics.games.model import Game, Side
from chess_analytics.games.openings import Opening, opening_of
from chess_analytics.games.positions import initial_board
from chess_analytics.games.san_write import san_and_push
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
    """A game's steps, its opening and phases, and the position in which it ended."""

    game: Game
    steps: tuple[Step, ...]
    opening: Opening | None
    division: Division
    final: chess.Board
    """With its history."""

    @property
    def boards(self) -> Iterator[chess.Board]:
        """The position before every move and the last one: n moves give n + 1 positions."""
        return _boards(self.steps, self.final)

    @property
    def is_mate(self) -> bool:
        return self.final.is_checkmate()

    @property
    def is_dead_draw(self) -> bool:
        """Whether the last position is drawn on the board itself."""
        return self.final.is_stalemate() or self.final.is_insufficient_material()


def replay(game: Game | Replay) -> Replay:
    """Play a game through once; one that was played through already is given back as it is."""
    if isinstance(game, Replay):
        return game
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
                san=san_and_push(board, move),
                board=before,
                is_capture=is_capture,
                is_recapture=move.to_square == taken_on,
            )
        )
        taken_on = move.to_square if is_capture else None
        divider.show(board)
    opening = opening_of(_boards(steps, board))
    return Replay(game, tuple(steps), opening, divider.division(), board)


def _boards(steps: Sequence[Step], final: chess.Board) -> Iterator[chess.Board]:
    return itertools.chain((step.board for step in steps), (final,))
