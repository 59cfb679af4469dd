"""Turn a request into UCI commands, and refuse whatever is not a sound position."""

import re
from dataclasses import dataclass

import chess

from chess_analytics.engine.evaluation import PositionRefused, SearchRequest

MOVE = re.compile(r"[a-h][1-8][a-h][1-8][nbrq]?")
# What our own board object writes; counters that an engine's integers hold with room to spare.
_FEN = re.compile(
    r"[1-8pnbrqkPNBRQK/]{15,71} [wb] (?:[A-Ha-hKQkq]{1,4}|-) (?:[a-h][36]|-) [0-9]{1,3} [0-9]{1,4}"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One search in UCI's words."""

    board: chess.Board
    """The position to be searched. It moves on with the next question: not to be kept."""
    commands: tuple[str, ...]
    only: tuple[str, ...]
    """The root moves that are searched, as they are sent; empty for all."""


class Questions:
    """Makes questions, one after the other; it remembers where the last one stood.

    Positions of one game follow each other, forwards or backwards, so that a check of the whole
    position costs a move or two, not the whole game.
    """

    def __init__(self) -> None:
        self._root: tuple[str, bool] | None = None
        self._board = chess.Board()
        self._root_fen = ""
        self._given: list[str] = []
        self._sent: list[str] = []

    def ask(self, request: SearchRequest) -> Question:
        """Check a request and spell it out.

        Raises:
            PositionRefused: the position is not valid or has no legal move, or a move is not legal.
            ValueError: the request asks for no nodes.
        """
        if request.nodes < 1:
            raise ValueError(f"a search needs at least one node, not {request.nodes}")
        self._set_up(request)
        self._move_on(request.moves)
        if not any(self._board.legal_moves):
            raise PositionRefused(f"Nothing is left to search: the game is over ({self._where()}).")
        only = self._spell_all(request.only)
        return Question(self._board, (self._position(), _go(request.nodes, only)), only)

    def _set_up(self, request: SearchRequest) -> None:
        root = (request.initial_fen, request.chess960)
        if root == self._root:
            return
        board = _valid_board(request.initial_fen, chess960=request.chess960)
        self._root, self._board, self._root_fen = root, board, board.fen()
        self._given, self._sent = [], []

    def _move_on(self, moves: tuple[str, ...]) -> None:
        shared = _shared_start(self._given, moves)
        while len(self._given) > shared:
            self._board.pop()
            del self._given[-1], self._sent[-1]
        for move in moves[shared:]:
            # The engine must read the spelling of its own mode: it stops at a move that it does
            # not know, without a word, and would search another position.
            legal = self._legal(move)
            spelling = self._board.uci(legal)
            self._board.push(legal)
            self._given.append(move)
            self._sent.append(spelling)

    def _legal(self, move: str) -> chess.Move:
        try:
            if not MOVE.fullmatch(move):
                raise ValueError(move)  # noqa: TRY301 - null moves and drops are known to the board
            return self._board.parse_uci(move)
        except ValueError as error:
            raise PositionRefused(f"{move!r} is no legal move ({self._where()}).") from error

    def _spell_all(self, moves: tuple[str, ...]) -> tuple[str, ...]:
        if not moves:
            return ()
        # Whoever names nearly all legal moves spells them as we do: no need to look at each.
        legal = {self._board.uci(move) for move in self._board.legal_moves}
        return tuple(
            move if move in legal else self._board.uci(self._legal(move)) for move in moves
        )

    def _position(self) -> str:
        moves = f" moves {' '.join(self._sent)}" if self._sent else ""
        return f"position fen {self._root_fen}{moves}"

    def _where(self) -> str:
        return f"position {self._board.fen()}, after {len(self._given)} moves"


def _valid_board(fen: str, *, chess960: bool) -> chess.Board:
    try:
        board = chess.Board(fen, chess960=chess960)
    except ValueError as error:
        raise PositionRefused(f"{fen[:100]!r} describes no position: {error}.") from error
    status = board.status()
    if status != chess.STATUS_VALID:
        reasons = ", ".join(flag.name or "" for flag in chess.Status if flag & status)
        raise PositionRefused(f"The position {fen[:100]!r} cannot arise in a game: {reasons}.")
    if not _FEN.fullmatch(board.fen()):
        raise PositionRefused(f"The position {fen[:100]!r} has counters out of all proportion.")
    return board


def _shared_start(one: list[str], other: tuple[str, ...]) -> int:
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))


def _go(nodes: int, only: tuple[str, ...]) -> str:
    searched = f" searchmoves {' '.join(only)}" if only else ""
    return f"go nodes {nodes}{searched}"
