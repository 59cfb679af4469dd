"""Places in lists: what is given out is understood again, and nothing else is."""

import base64
import json
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.api.game_query import GameQuery, write_cursor
from chess_analytics.api.problems import Problem
from chess_analytics.store.game_pages import GameCursor, GameSort

ids = st.integers(1, 2**63 - 1)
values = st.none() | st.integers(-(2**63) + 1, 2**63 - 1)
accuracies = st.none() | st.floats(0, 100)


@given(st.sampled_from(GameSort), ids, values, accuracies)
def test_a_place_comes_back_as_it_was(
    sort: GameSort, game_id: int, value: int | None, accuracy: float | None
) -> None:
    cursor = GameCursor(accuracy if "accuracy" in sort else value, game_id)
    query = GameQuery(sort=sort, after=write_cursor(cursor, sort))
    assert query.cursor() == cursor


@given(st.text(max_size=200))
def test_no_word_breaks_the_reading_of_a_place(word: str) -> None:
    refused = None
    found = None
    try:
        found = GameQuery(after=word).cursor()
    except Problem as problem:
        refused = problem.status
    assert found is not None or refused == HTTPStatus.UNPROCESSABLE_ENTITY


def _word(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "word",
    [
        "",
        "x",
        "%%%",
        "ä",
        "bm8",
        _word("-played", "1", 1),
        _word("-played", 1.5, 1),
        _word("-played", True, 1),  # noqa: FBT003
        _word("-played", 2**80, 1),
        _word("-played", 1, 2**63),
        _word("-played", 1, 0),
        _word("-played", 1, True),  # noqa: FBT003
        _word("-played", 1, 1, 1),
        _word("-played", float("nan"), 1),
        _word(["-played"], 1, 1),
        _word({"sort": "-played"}),
    ],
)
def test_a_place_that_was_made_up_is_refused(word: str) -> None:
    with pytest.raises(Problem, match="`after` is not what `next` said"):
        GameQuery(after=word).cursor()


@pytest.mark.parametrize("value", [-1, 101, 1e308, float("inf"), float("nan"), True])
def test_an_accuracy_that_nobody_has_is_refused(value: float) -> None:
    with pytest.raises(Problem, match="`after` is not what `next` said"):
        GameQuery(sort=GameSort.MOST_ACCURATE, after=_word("-accuracy", value, 1)).cursor()


def test_a_place_in_another_order_is_told_so() -> None:
    with pytest.raises(Problem, match="sorted by '-accuracy', and this one is sorted by '-played'"):
        GameQuery(after=_word("-accuracy", 1.0, 1)).cursor()
