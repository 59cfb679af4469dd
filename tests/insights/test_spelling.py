"""Moves are spelled wherever they stand in what was found, and nothing else is changed."""

from dataclasses import dataclass

from chess_analytics.insights.behind import Behind, MoveBehind
from chess_analytics.insights.evidence import Evidence, GameRef, MoveRef
from chess_analytics.insights.spelling import places, spelled


@dataclass(frozen=True)
class _Sheet:
    name: str
    by_side: dict[str, Evidence]


def _ref(ply: int, san: str | None) -> MoveRef:
    return MoveRef(7, ply, "e4d3", san, 12.0, 60.0)


def _sheet(san: str | None) -> _Sheet:
    evidence = Evidence((_ref(34, san), _ref(36, None)), (GameRef(7, None, 12.0, 2),))
    return _Sheet("Ada", {"white": evidence})


def test_moves_are_named_and_spelled_wherever_they_stand() -> None:
    assert list(places(_sheet(None))) == [(7, 34), (7, 36)]
    assert spelled(_sheet(None), {(7, 34): "Nxd3"}) == _sheet("Nxd3")


def test_what_stands_behind_a_number_is_spelled_too() -> None:
    def behind(san: str | None) -> Behind:
        return Behind(0, 1, (), (MoveBehind(7, 34, "e4d3", san, None, 12.0, 60.0),))

    assert spelled(behind(None), {(7, 34): "Nxd3"}) == behind("Nxd3")


def test_what_names_no_move_stays_the_very_same() -> None:
    empty = Evidence((), (GameRef(7, None, 12.0, 2),))
    assert spelled(empty, {}) is empty
