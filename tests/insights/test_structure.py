"""Pawn structures get the name that a player would give them."""

import chess
import pytest

from chess_analytics.insights.structure import Structure, structure

_CASES = (
    ("3qk3/pp3ppp/4p3/8/3P4/8/PP3PPP/3QK3", Structure.OWN_ISOLANI, Structure.THEIR_ISOLANI),
    ("3qk3/p4ppp/4p3/8/2PP4/8/P4PPP/3QK3", Structure.OWN_HANGING, Structure.THEIR_HANGING),
    ("4k3/ppp2ppp/3p4/3Pp3/4P3/8/PPP2PPP/4K3", Structure.CLOSED, Structure.CLOSED),
    ("4k3/pp3ppp/4p3/2ppP3/3P4/2P5/PP3PPP/4K3", Structure.CLOSED, Structure.CLOSED),
    ("4k3/ppp2ppp/8/8/8/8/PPP2PPP/4K3", Structure.OPEN, Structure.OPEN),
    ("4k3/pp2pppp/3p4/8/4P3/8/PPP2PPP/4K3", Structure.OWN_HALF_OPEN, Structure.THEIR_HALF_OPEN),
    ("4k3/ppp2ppp/4p3/8/3P4/8/PPP2PPP/4K3", Structure.BOTH_HALF_OPEN, Structure.BOTH_HALF_OPEN),
    ("4k3/pppp1ppp/4p3/8/8/4P3/PPPP1PPP/4K3", Structure.SYMMETRICAL, Structure.SYMMETRICAL),
    ("4k3/1ppp1ppp/4p3/8/8/4P3/PPPP1PP1/4K3", Structure.FLUID, Structure.FLUID),
)


@pytest.mark.parametrize(("placement", "white", "black"), _CASES)
def test_a_structure_is_named_from_each_side(
    placement: str, white: Structure, black: Structure
) -> None:
    board = chess.Board(f"{placement} w - - 0 1")
    assert structure(board, chess.WHITE) is white
    assert structure(board, chess.BLACK) is black
