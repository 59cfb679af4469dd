"""A drill: a position of one's own games in which a clearly better move was missed."""

from dataclasses import dataclass
from typing import Self

import chess

from chess_analytics.engine.evaluation import Score
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Side, Variant
from chess_analytics.games.san_write import spell_line
from chess_analytics.review.judgment import Judgment


class AnswerRefused(ChessAnalyticsError):
    """What was given as an answer is no legal move of the position."""


@dataclass(frozen=True, slots=True)
class DrillPosition:
    """A position without its history: games that reach it by other ways reach the same drill."""

    variant: Variant
    fen: str
    """Counters are ``0 1``; castling and en passant stand in it only where they are possible."""

    @classmethod
    def of(cls, board: chess.Board) -> Self:
        variant = Variant.CHESS960 if board.chess960 else Variant.STANDARD
        return cls(variant, f"{board.epd()} 0 1")

    @property
    def side(self) -> Side:
        """Who is to move, and so whose drill it is."""
        return Side.WHITE if self.fen.split(" ")[1] == "w" else Side.BLACK

    def board(self) -> chess.Board:
        return chess.Board(self.fen, chess960=self.variant is Variant.CHESS960)

    def move(self, text: str) -> chess.Move:
        """Read a move: UCI, or standard algebraic notation.

        Raises:
            AnswerRefused: it is no legal move here.
        """
        board, word = self.board(), text.strip()
        for read in (board.parse_uci, board.parse_san):
            try:
                move = read(word)
            except ValueError:
                continue
            if move:
                return move
        raise AnswerRefused(
            f"{word[:20]!r} is no legal move here; write it like g1f3, e7e8q or Nf3"
        )

    def uci(self, move: chess.Move) -> str:
        """Spell a move as analyses do: castling in Chess960 as king takes rook."""
        return self.board().uci(move)

    def sans(self, line: tuple[str, ...]) -> tuple[str, ...]:
        """Write a line (UCI) in standard algebraic notation, up to a move that is not legal."""
        return spell_line(self.board(), line)


@dataclass(frozen=True, slots=True)
class KnownMove:
    """A move of a drill's position, and the evaluation that it leads to."""

    uci: str
    score: Score | None
    """White's; absent when the move mates."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A move of a game that makes a drill of the position before it."""

    position: DrillPosition
    ply: int
    judgment: Judgment
    loss: float
    """Percent points of winning chance given away."""
    played: KnownMove
    best: KnownMove
    line: tuple[str, ...]
    """UCI; begins with the best move."""
    nodes: int
    """Nodes behind the evaluation of the position; 0 where it came with the game."""
    others: tuple[KnownMove, ...] = ()
    """Further moves of the position that the analysis has looked at."""
