"""Answers as pictures: what is drawn stands where its number is, and says how sure it is."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.actions.exports.bars import answers_svg
from chess_analytics.insights.answering import answer
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import Answer, AnswerRow, Question
from tests.insights.archives import facts_of, sample_games

SVG = "{http://www.w3.org/2000/svg}"


def _row(value: float | None, low: float | None = None, high: float | None = None) -> AnswerRow:
    return AnswerRow("opening", None, None, value, low, high, 100, 20, too_few=low is None)


def _drawn(*rows: AnswerRow, metric: str = "loss") -> ET.Element:
    given_answer = Answer(Question(metric=metric, by="phase"), rows, ())
    return ET.fromstring(answers_svg([given_answer]))  # noqa: S314 - our own text


def _bars(picture: ET.Element) -> list[tuple[float, float]]:
    rects = picture.iter(f"{SVG}rect")
    return [(float(bar.get("x", "")), float(bar.get("width", ""))) for bar in rects]


def test_bars_begin_at_zero_and_are_as_long_as_their_numbers() -> None:
    (x, one), (other_x, other) = _bars(_drawn(_row(2, 1.5, 2.5), _row(4, 3.5, 4.5)))
    assert x == other_x
    assert other == pytest.approx(2 * one, abs=0.2)


def test_what_is_below_zero_points_the_other_way() -> None:
    (left, width), (right, _) = _bars(_drawn(_row(-3, -4, -2), _row(3, 2, 4)))
    assert left + width == pytest.approx(right, abs=0.2)


def test_values_far_from_zero_are_points_because_bars_would_look_alike() -> None:
    picture = _drawn(_row(1510, 1490, 1530), _row(1550, 1540, 1560), metric="performance")
    assert _bars(picture) == []
    first, second = (float(dot.get("cx", "")) for dot in picture.iter(f"{SVG}circle"))
    assert second > first + 50


def test_too_little_is_hatched_and_said_and_does_not_stretch_the_scale() -> None:
    few = AnswerRow("endgame", None, None, 3.0, -500.0, 500.0, 4, 2, too_few=True)
    sure, picture = _bars(_drawn(_row(4, 3, 5))), _drawn(_row(4, 3, 5), few)
    assert _bars(picture)[0] == sure[0]
    [group] = [each for each in picture.iter(f"{SVG}g") if each.get("class") == "few"]
    assert "too few to say" in "".join(group.itertext())


def test_every_bar_says_its_numbers_in_words() -> None:
    text = "".join(_drawn(_row(2.3, 1.5, 3)).itertext())
    assert "Winning chance lost (points), by Phase" in text
    assert "2.3 (1.5 to 3.0), 100 moves" in text


def test_nothing_to_count_is_said() -> None:
    assert "there is nothing to count" in "".join(_drawn().itertext())


@given(st.text(max_size=60))
def test_any_name_is_drawn(name: str) -> None:
    row = AnswerRow(name, None, None, 1.0, None, None, 1, 1, too_few=True)
    _drawn(row)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5))
def test_any_numbers_are_drawn_inside(values: list[float]) -> None:
    for x, width in _bars(_drawn(*(_row(value, value - 1, value + 1) for value in values))):
        assert 229 <= x <= x + width <= 631


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_can_be_drawn(metric: str) -> None:
    facts = facts_of(sample_games())
    questions = [Question(metric=metric, by=by) for by in ("opening", "phase", None)]
    drawn = answers_svg([answer(facts, question) for question in questions])
    rows = sum(1 for each in ET.fromstring(drawn).iter(f"{SVG}g"))  # noqa: S314 - our own text
    assert rows == sum(len(answer(facts, question).rows) for question in questions)
