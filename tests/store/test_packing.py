"""Evaluations as one value: nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.store.packing import pack, unpack
from tests.store.strategies import evaluations


@given(st.lists(st.none() | evaluations, max_size=4))
def test_packing_loses_nothing(items: list[Evaluation | None]) -> None:
    assert unpack(pack(items)) == tuple(items)
