"""By which rules, and from which position, a game is played."""

import chess
import pytest

from chess_analytics.games.model import Variant
from chess_analytics.games.movetext import Refusal
from chess_analytics.games.start import start_of, variant_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, Variant.STANDARD)
            for name in ("", "Standard", "chess", "Normal", "From Position")
        ),
        *((name, Variant.CHESS960) for name in ("Chess960", "chess 960", "Fischerandom")),
        *((name, Variant.CHESS960) for name in ("Fischer Random", "Freestyle Chess", "FRC")),
    ],
)
def test_the_rules_that_we_analyse_are_known_by_their_names(name: str, expected: Variant) -> None:
    assert variant_of(name) is expected


@pytest.mark.parametrize(
    "name",
    ["Atomic", "Crazyhouse", "Horde", "Three-check", "Antichess", "King of the Hill", "no-king"],
)
def test_other_rules_are_set_aside_by_name(name: str) -> None:
    assert variant_of(name) == Refusal(f"variant: {name}", sound=True)


def _start(fen: str, **headers: str) -> chess.Board:
    board = start_of({"FEN": fen, **headers})
    assert isinstance(board, chess.Board), board
    return board


def test_a_game_without_a_position_starts_as_usual() -> None:
    for headers in ({}, {"FEN": ""}, {"SetUp": "0", "FEN": "8/8/8/8/8/8/8/8 w - - 0 1"}):
        board = start_of(headers)
        assert isinstance(board, chess.Board)
        assert board.fen() == chess.STARTING_FEN
        assert not board.chess960


@pytest.mark.parametrize(
    ("fen", "chess960"),
    [
        pytest.param(chess.STARTING_FEN, False, id="the usual start"),
        pytest.param("bqnbnrkr/pppppppp/8/8/8/8/PPPPPPPP/BQNBNRKR w KQkq - 0 1", True, id="army"),
        pytest.param("1k1r2r1/8/8/8/8/8/8/1K1R2R1 w DGdg - 0 1", True, id="rooks named by files"),
        pytest.param("3k3r/8/8/8/8/8/8/3K3R w Kk - 0 1", False, id="rights that were never lost"),
        pytest.param("r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1", False, id="usual castling"),
        pytest.param(
            "rnbkqbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBKQBNR w - - 0 1", False, id="no castling"
        ),
    ],
)
def test_castling_rights_tell_chess960_only_where_they_make_no_other_sense(
    fen: str, *, chess960: bool
) -> None:
    assert _start(fen).chess960 is chess960


def test_a_variant_header_is_believed() -> None:
    assert _start(chess.STARTING_FEN, Variant="Chess960").chess960


@pytest.mark.parametrize(
    ("fen", "clean"),
    [
        ("4k3/8/8/8/8/8/8/4K2R w KQkq - 0 1", "4k3/8/8/8/8/8/8/4K2R w K - 0 1"),
        ("4k3/8/8/8/4P3/8/8/4K3 b - e3 0 1", "4k3/8/8/8/4P3/8/8/4K3 b - - 0 1"),
        ("4k3/8/8/8/8/8/8/4K3 w - e6 0 1", "4k3/8/8/8/8/8/8/4K3 w - - 0 1"),
        ("4k3/8/8/8/8/8/8/4K3 w", "4k3/8/8/8/8/8/8/4K3 w - - 0 1"),
        ("4k3/8/8/8/8/8/8/4K3 w - - 0 0", "4k3/8/8/8/8/8/8/4K3 w - - 0 1"),
    ],
)
def test_rights_that_do_not_exist_are_dropped_from_a_position(fen: str, clean: str) -> None:
    assert _start(fen).fen() == clean


@pytest.mark.parametrize(
    ("fen", "reason"),
    [
        ("not a fen", 'the start position cannot be read: "not a fen"'),
        ("8/8/8/8/8/8/8/4K3 w - - 0 1", "the start position is impossible: Black has no king"),
        (
            "k7/8/8/8/8/8/8/K6p w - - 0 1",
            "the start position is impossible: a pawn stands on the first or last rank",
        ),
        (
            "k6R/8/8/8/8/8/8/K7 w - - 0 1",
            "the start position is impossible: the side that has just moved is in check",
        ),
    ],
)
def test_an_impossible_position_is_refused_in_words(fen: str, reason: str) -> None:
    assert start_of({"FEN": fen}) == Refusal(reason)


def test_no_fault_that_python_chess_knows_goes_without_words() -> None:
    fens = [
        "8/8/8/8/8/8/8/8 w - - 0 1",
        "kkk5/8/8/8/8/8/8/KKK5 w - - 0 1",
        "k7/pppppppp/p7/8/8/P7/PPPPPPPP/K7 w - - 0 1",
        "kqqqqqqq/qqqqqqqq/q7/8/8/Q7/QQQQQQQQ/KQQQQQQQ w - - 0 1",
        "4k3/8/8/8/1b6/8/3n4/r3K2r w - - 0 1",
        "4k3/8/8/8/8/8/4r3/r3K2r w - - 0 1",
    ]
    for fen in fens:
        refusal = start_of({"FEN": fen})
        assert isinstance(refusal, Refusal)
        assert not refusal.reason.endswith(": ")
