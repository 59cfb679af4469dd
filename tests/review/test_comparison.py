"""What two analyses of one game say differently of its moves."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.review.comparison import compare_judgments
from chess_analytics.review.judgment import Judgment

JUDGMENTS = st.sampled_from([None, *Judgment])


@dataclass(frozen=True)
class Move:
    ply: int
    judgment: Judgment | None


def moves(*judgments: Judgment | None) -> list[Move]:
    return [Move(ply, judgment) for ply, judgment in enumerate(judgments, 1)]


def test_a_blunder_that_is_only_a_mistake_to_the_other_is_told() -> None:
    one = moves(None, Judgment.BLUNDER, Judgment.INACCURACY, None)
    other = moves(None, Judgment.MISTAKE, Judgment.INACCURACY, Judgment.MISTAKE)
    found = compare_judgments(one, other)
    assert found.changed == ((one[1], other[1]), (one[3], other[3]))
    assert (found.moves, found.agreed) == (4, 50)
    assert found.before == {Judgment.INACCURACY: 1, Judgment.MISTAKE: 0, Judgment.BLUNDER: 1}
    assert found.after == {Judgment.INACCURACY: 1, Judgment.MISTAKE: 2, Judgment.BLUNDER: 0}


def test_moves_that_only_one_has_judged_are_not_compared() -> None:
    found = compare_judgments(moves(None, Judgment.BLUNDER), moves(None))
    assert (found.moves, found.changed, found.agreed) == (1, (), 100)


def test_where_nothing_was_judged_nothing_differs() -> None:
    assert compare_judgments([], []).agreed == 100


@given(st.lists(st.tuples(JUDGMENTS, JUDGMENTS)))
def test_it_says_the_same_the_other_way_round(pairs: list[tuple[Judgment, Judgment]]) -> None:
    one, other = moves(*(pair[0] for pair in pairs)), moves(*(pair[1] for pair in pairs))
    there, back = compare_judgments(one, other), compare_judgments(other, one)
    assert [(b, a) for a, b in there.changed] == [*back.changed]
    assert (there.before, there.after, there.agreed) == (back.after, back.before, back.agreed)


@given(st.lists(JUDGMENTS))
def test_an_analysis_differs_in_nothing_from_itself(judgments: list[Judgment | None]) -> None:
    found = compare_judgments(moves(*judgments), moves(*judgments))
    assert (found.changed, found.agreed, found.moves) == ((), 100, len(judgments))
