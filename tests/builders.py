"""Small builders for tests: a line of moves becomes a Game.

    game("1. e4 e5 2. Nf3", white="A", clocks=[300, 299, 295.5])
    game(open("one.pgn").read())
    game("1. e4 { [%eval 0.3] [%clk 0:05:00] } e5", tags={"TimeControl": "300+0"})

python-chess does the reading, so these games are independent of our own reader.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict, TypeVar, Unpack

import chess
import chess.pgn
from hypothesis import strategies as st

from chess_analytics.games.model import (
    Game,
    Place,
    PlayedMove,
    Result,
    Site,
    SuppliedEvaluation,
    Variant,
)

HERE = Place("test.pgn", 1, 1)

_T = TypeVar("_T")


class Details(TypedDict, total=False):
    """What can be said of a game beside its moves; all of it may be left out.

    Sequences hold one item a ply, the first ply first, and may be shorter than the game.
    """

    white: str
    black: str
    result: str
    fen: str
    chess960: bool
    tags: Mapping[str, str]
    """Any other PGN tags."""
    clocks: Sequence[float | None]
    """Seconds left after each ply."""
    elapsed: Sequence[float | None]
    """Seconds spent on each ply, as ``[%emt]`` tells."""
    evals: Sequence[int | str | None]
    """White's view after each ply: centipawns, or a mate as ``"#3"`` and ``"#-3"``."""
    site: Site
    site_id: str
    place: Place


def game(text: str = "", **details: Unpack[Details]) -> Game:
    """Build a game from movetext or from a whole PGN; ``details`` go before what the text says.

    Raises:
        ValueError: a move of the text is not legal, or the position is not set up properly.
    """
    parsed = chess.pgn.read_game(io.StringIO(_set_up(details) + text)) or chess.pgn.Game()
    if parsed.errors:
        raise ValueError(f"the test's own game is wrong: {parsed.errors[0]}")
    return game_from(parsed, **details)


def game_of(moves: Iterable[chess.Move | str], **details: Unpack[Details]) -> Game:
    """Build a game from moves, UCI where they are text."""
    parsed = chess.pgn.read_game(io.StringIO(_set_up(details)))
    root = parsed or chess.pgn.Game()
    node: chess.pgn.GameNode = root
    for move in moves:
        parsed_move = node.board().parse_uci(move) if isinstance(move, str) else move
        node = node.add_variation(parsed_move)
    return game_from(root, **details)


def game_from(parsed: chess.pgn.Game, **details: Unpack[Details]) -> Game:
    """Turn a game of python-chess into ours, its clocks and evaluations included."""
    _decorate(parsed, details)
    board = parsed.board()
    moves: list[PlayedMove] = []
    for ply, node in enumerate(parsed.mainline(), start=1):
        moves.append(
            PlayedMove(
                ply=ply,
                move=node.move,
                written=board.san(node.move),
                clock_s=node.clock(),
                elapsed_s=node.emt(),
                supplied=_supplied(node),
            )
        )
        board.push(node.move)
    return Game(
        headers=dict(parsed.headers),
        variant=Variant.CHESS960 if board.chess960 else Variant.STANDARD,
        initial_fen=parsed.headers.get("FEN", chess.STARTING_FEN),
        moves=tuple(moves),
        result=Result(parsed.headers.get("Result", "*")),
        pgn=f"{parsed}\n",
        place=details.get("place", HERE),
        site=details.get("site", Site.OTHER),
        site_id=details.get("site_id"),
    )


@st.composite
def games(
    draw: st.DrawFn, *, max_plies: int = 40, starts: Sequence[str] = (chess.STARTING_FEN,)
) -> Game:
    """Draw a legal game of at most ``max_plies`` from one of the given positions.

    A start with the castling rights of Chess960 gives a game of Chess960.
    """
    fen = draw(st.sampled_from(starts))
    choices = draw(st.lists(st.integers(0, 10_000), max_size=max_plies))
    return played(choices, fen=fen)


def played(choices: Iterable[int], *, fen: str = chess.STARTING_FEN) -> Game:
    """Play a game in which each number picks one of the legal moves; it ends where none is left."""
    chess960 = chess.Board(fen).has_chess960_castling_rights()
    board = chess.Board(fen, chess960=chess960)
    for choice in choices:
        legal = sorted(board.legal_moves, key=chess.Move.uci)
        if not legal:
            break
        board.push(legal[choice % len(legal)])
    return game_of(board.move_stack, fen=fen, chess960=chess960, result=board.result())


def _set_up(details: Details) -> str:
    fen = details.get("fen", chess.STARTING_FEN)
    lines = [f'[FEN "{fen}"]\n[SetUp "1"]'] if fen != chess.STARTING_FEN else []
    lines += ['[Variant "Chess960"]'] if details.get("chess960") else []
    return "".join(f"{line}\n" for line in lines) + ("\n" if lines else "")


def _decorate(parsed: chess.pgn.Game, details: Details) -> None:
    for tag, value in details.get("tags", {}).items():
        parsed.headers[tag] = value
    named = {"White": "white", "Black": "black", "Result": "result"}
    for tag, key in named.items():
        if key in details:
            parsed.headers[tag] = str(details[key])  # type: ignore[literal-required]
    nodes = list(parsed.mainline())
    for node, score in _pairs(nodes, [_eval(value) for value in details.get("evals", ())]):
        node.comment = f"[%eval {score}] {node.comment}".strip()
    for node, left in _pairs(nodes, details.get("clocks", ())):
        node.set_clock(left)
    for node, spent in _pairs(nodes, details.get("elapsed", ())):
        node.set_emt(spent)


def _pairs(
    nodes: Sequence[chess.pgn.ChildNode], values: Sequence[_T | None]
) -> list[tuple[chess.pgn.ChildNode, _T]]:
    assert len(values) <= len(nodes), f"{len(values)} values for {len(nodes)} plies"
    return [(node, value) for node, value in zip(nodes, values, strict=False) if value is not None]


def _eval(value: int | str | None) -> str | None:
    return f"{value / 100:.2f}" if isinstance(value, int) else value


def _supplied(node: chess.pgn.ChildNode) -> SuppliedEvaluation | None:
    score = node.eval()
    if score is None:
        return None
    white = score.white()
    return SuppliedEvaluation(cp=white.score(), mate=white.mate(), depth=node.eval_depth())
