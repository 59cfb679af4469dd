"""Small builders for tests of reviews: numbers become evaluations."""

from collections.abc import Sequence

import chess
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.model import Game
from chess_analytics.games.positions import boards

Value = int | str
"""White's view: centipawns, or a mate as ``"#3"`` and ``"#-3"``."""


def score(value: Value) -> Score:
    """Read a value as a score."""
    return Score(cp=value) if isinstance(value, int) else Score(mate=int(value.removeprefix("#")))


def line(value: Value, moves: str = "") -> Line:
    """Build a line from its value and its UCI moves, separated by blanks."""
    return Line(score(value), tuple(moves.split()))


def known(value: Value, moves: str = "", *, second: Line | None = None) -> Evaluation:
    """Build an evaluation with its best line and, where given, the second best."""
    return Evaluation(line(value, moves), second)


def each(*values: Value | None) -> list[Evaluation | None]:
    """Build the evaluations of all positions of a game, the start first, without lines."""
    return [None if value is None else known(value) for value in values]


scores = st.one_of(
    st.integers(-1600, 1600).map(lambda cp: Score(cp=cp)),
    st.integers(1, 30).map(lambda mate: Score(mate=mate)),
    st.integers(1, 30).map(lambda mate: Score(mate=-mate)),
)


@st.composite
def evaluations_of(draw: st.DrawFn, game: Game) -> list[Evaluation]:
    """Draw an evaluation, legal lines included, for every position of a game."""
    found: list[Evaluation] = []
    for index, board in enumerate(boards(game)):
        legal = sorted(board.legal_moves, key=chess.Move.uci)
        played = [game.moves[index].move] if index < len(game.moves) else []
        best = draw(st.sampled_from([None, *legal, *played, *played]))
        others = [move for move in legal if move != best]
        second = draw(st.sampled_from([None, *others])) if best else None
        found.append(
            Evaluation(
                Line(draw(scores), _spelled(board, best)),
                Line(draw(scores), _spelled(board, second)) if second else None,
            )
        )
    return found


def _spelled(board: chess.Board, move: chess.Move | None) -> tuple[str, ...]:
    return (board.uci(move),) if move else ()


def mirrored(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Swap the colours and the ranks of every line and score."""
    return [
        Evaluation(_mirrored_line(item.line), _mirrored_line(item.second) if item.second else None)
        for item in evaluations
    ]


def _mirrored_line(given: Line) -> Line:
    value = given.score
    flipped = Score(cp=-value.cp) if value.cp is not None else Score(mate=-(value.mate or 0))
    return Line(flipped, tuple(mirrored_move(move) for move in given.moves))


def mirrored_move(uci: str) -> str:
    """Turn the board upside down under a move: ``e2e4`` becomes ``e7e5``."""
    return "".join(str(9 - int(sign)) if sign.isdigit() else sign for sign in uci)
