"""Our client with real Stockfish: the same numbers always, the right sign, the right moves."""

from collections.abc import Iterator

import chess
import pytest

from chess_analytics.engine.discovery import EngineCommand
from chess_analytics.engine.evaluation import Evaluation, Score, SearchRequest
from chess_analytics.engine.uci import UciEngine, UciSettings
from tests.engine.engines import real_command, start_position, wasm_command

pytestmark = pytest.mark.engine

_NODES = 20_000


def _moves(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Kasparov - Topalov, Wijk aan Zee 1999, as far as 24. Rxd4.
_GAME = _moves(
    "e2e4 d7d6 d2d4 g8f6 b1c3 g7g6 c1e3 f8g7 d1d2 c7c6 f2f3 b7b5 g1e2 b8d7 e3h6 g7h6 d2h6 c8b7 "
    "a2a3 e7e5 e1c1 d8e7 c1b1 a7a6 e2c1 e8c8 c1b3 e5d4 d1d4 c6c5 d4d1 d7b6 g2g3 c8b8 b3a5 b7a8 "
    "f1h3 d6d5 h6f4 b8a7 h1e1 d5d4 c3d5 b6d5 e4d5 e7d6 d1d4"
)
_OTHER = _moves("d2d4 d7d5 c2c4 d5c4 e2e4 e7e5 g1f3 e5d4 f1c4 b8c6")


@pytest.fixture(scope="module", params=["native", "wasm"])
def command(request: pytest.FixtureRequest) -> EngineCommand:
    return real_command() if request.param == "native" else wasm_command()


@pytest.fixture(scope="module")
def running(command: EngineCommand) -> Iterator[UciEngine]:
    with UciEngine(command, UciSettings(hash_mb=16)) as engine:
        yield engine


@pytest.fixture
def engine(running: UciEngine) -> UciEngine:
    running.new_game()
    return running


def analyse(engine: UciEngine, game: tuple[str, ...]) -> list[Evaluation]:
    """Search every fourth position of a game, from its end to its beginning."""
    engine.new_game()
    return [
        engine.search(SearchRequest(chess.STARTING_FEN, game[:ply], _NODES))
        for ply in range(len(game), -1, -4)
    ]


def test_the_same_game_gives_the_same_numbers_whatever_went_before(
    command: EngineCommand, engine: UciEngine
) -> None:
    first = analyse(engine, _GAME)
    analyse(engine, _OTHER)
    assert analyse(engine, _GAME) == first
    with UciEngine(command, UciSettings(hash_mb=16)) as another:
        assert analyse(another, _GAME) == first
    assert len({found.score for found in first}) > 3


def test_a_game_that_went_before_would_change_the_numbers_if_it_were_remembered(
    engine: UciEngine,
) -> None:
    """Without this, the test above could not fail."""
    first = analyse(engine, _GAME)
    again = [
        engine.search(SearchRequest(chess.STARTING_FEN, _GAME[:ply], _NODES))
        for ply in range(len(_GAME), -1, -4)
    ]
    assert again != first


@pytest.mark.parametrize(
    ("fen", "mate", "best"),
    [
        ("6k1/5ppp/8/8/8/8/5PPP/1R4K1 w - - 0 1", 1, "b1b8"),
        ("1r4k1/5ppp/8/8/8/8/5PPP/6K1 b - - 0 1", -1, "b8b1"),
        ("7k/8/8/8/8/1R6/R7/K7 w - - 0 1", 2, None),
        ("k7/r7/1r6/8/8/8/8/7K b - - 0 1", -2, None),
        ("7k/R7/8/8/8/8/8/KR6 b - - 0 1", 1, "h8g8"),
        ("kr6/8/8/8/8/8/r7/7K w - - 0 1", -1, "h1g1"),
    ],
)
def test_a_mate_is_counted_from_whites_side(
    engine: UciEngine, fen: str, mate: int, best: str | None
) -> None:
    found = engine.search(SearchRequest(fen, (), _NODES))
    assert found.score == Score(mate=mate)
    if best is not None:
        assert found.best == best


@pytest.mark.parametrize(
    ("fen", "sign"), [("4k3/8/8/8/8/8/8/Q3K3", 1), ("q3k3/8/8/8/8/8/8/4K3", -1)]
)
@pytest.mark.parametrize("turn", ["w", "b"])
def test_a_lead_is_whites_plus_and_blacks_minus_whoever_moves(
    engine: UciEngine, fen: str, sign: int, turn: str
) -> None:
    score = engine.search(SearchRequest(f"{fen} {turn} - - 0 1", (), _NODES)).score
    number = score.cp if score.cp is not None else score.mate
    assert number is not None
    assert number * sign > 0


def test_only_the_moves_asked_about_are_searched(engine: UciEngine) -> None:
    free = engine.search(start_position(nodes=_NODES))
    forced = engine.search(start_position(nodes=_NODES, only=("g2g4", "f2f3")))
    assert free.best not in {"g2g4", "f2f3"}
    assert forced.best in {"g2g4", "f2f3"}
    assert forced.score.cp is not None
    assert free.score.cp is not None
    assert forced.score.cp < free.score.cp


def test_castling_in_chess960_is_king_takes_rook(engine: UciEngine) -> None:
    """The king stands beside its rook, and castling is the only move asked about."""
    fen = "4k3/8/8/8/8/8/5PPP/5KR1 w G - 0 1"
    found = engine.search(SearchRequest(fen, (), _NODES, chess960=True, only=("f1g1",)))
    assert found.best == "f1g1"
    after = engine.search(SearchRequest(fen, ("f1g1", "e8e7"), _NODES, chess960=True))
    board = chess.Board(fen, chess960=True)
    for move in ("f1g1", "e8e7"):
        board.push_uci(move)
    assert board.king(chess.WHITE) == chess.G1
    assert board.parse_uci(after.best or "") in board.legal_moves


def test_after_chess960_castling_is_spelt_as_ever(engine: UciEngine) -> None:
    fen = "4k3/8/8/8/8/8/5PPP/4K2R w K - 0 1"
    asked = ("e1g1",)
    in_chess960 = SearchRequest(fen, (), _NODES, chess960=True, only=asked)
    assert engine.search(in_chess960).best == "e1h1"
    assert engine.search(SearchRequest(fen, (), _NODES, only=asked)).best == "e1g1"


def test_the_nodes_asked_for_are_the_nodes_spent(engine: UciEngine) -> None:
    for nodes in (1, 1_000, 100_000):
        engine.new_game()
        found = engine.search(start_position("e2e4", nodes=nodes))
        assert nodes * 0.9 <= found.nodes <= nodes + 5_000


def test_an_engine_says_which_stockfish_and_which_net_it_is(engine: UciEngine) -> None:
    assert engine.identity.name.startswith("Stockfish")
    assert engine.identity.net is not None
    assert engine.identity.net.endswith(".nnue")
    assert engine.identity.options == (("Threads", "1"), ("Hash", "16"))


def test_a_variation_can_be_played(engine: UciEngine) -> None:
    for ply in range(0, len(_GAME), 9):
        board = chess.Board()
        for move in _GAME[:ply]:
            board.push_uci(move)
        for move in engine.search(
            SearchRequest(chess.STARTING_FEN, _GAME[:ply], _NODES)
        ).line.moves:
            board.push_uci(move)


def test_the_engine_sees_the_repetitions_that_a_game_led_to(engine: UciEngine) -> None:
    """A queen up, Black walks to and fro: the same step is a draw when it is the third time."""
    fen = "q5k1/5ppp/8/8/8/8/5PPP/5RK1 b - - 0 1"
    only = ("g8h8",)
    to_and_fro = ("g8h8", "g1h1", "h8g8", "h1g1") * 2
    once = engine.search(SearchRequest(fen, (), _NODES, only=only))
    engine.new_game()
    thrice = engine.search(SearchRequest(fen, to_and_fro, _NODES, only=only))
    assert once.score.cp is not None
    assert once.score.cp < -100
    assert thrice.score == Score(cp=0)
