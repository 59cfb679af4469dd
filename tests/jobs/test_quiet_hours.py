"""Quiet hours: which moments of a day they hold."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.jobs.quiet_hours import QuietHours, QuietHoursUnclear

_CLOCK = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("text", "quiet", "loud"),
    [
        ("8:00-18:00", ["08:00", "17:59"], ["07:59", "18:00", "00:00"]),
        ("22:00-06:30", ["22:00", "23:59", "00:00", "06:29"], ["06:30", "21:59", "12:00"]),
        ("8:00-12:00, 13:30-18:00", ["11:59", "13:30"], ["12:00", "13:29", "18:00"]),
        ("0:00-23:59", ["00:00", "23:58"], ["23:59"]),
    ],
)
def test_hours_hold_from_their_first_moment_up_to_their_last(
    text: str, quiet: list[str], loud: list[str]
) -> None:
    hours = QuietHours.parse(text)
    assert all(hours.holds(time.fromisoformat(moment)) for moment in quiet)
    assert not any(hours.holds(time.fromisoformat(moment)) for moment in loud)


@pytest.mark.parametrize("text", ["", "8-18", "8:00", "25:00-6:00", "8:60-9:00", "8:00-8:00", "x,"])
def test_what_is_no_hours_is_told_with_an_example(text: str) -> None:
    with pytest.raises(QuietHoursUnclear, match="8:00-18:00"):
        QuietHours.parse(text)


def test_without_hours_no_moment_is_quiet() -> None:
    assert not QuietHours().holds(time(3))


@given(_CLOCK, _CLOCK, _CLOCK)
def test_a_span_and_the_rest_of_the_day_share_no_moment(start: time, end: time, at: time) -> None:
    if start == end:
        return
    day, night = QuietHours(((start, end),)), QuietHours(((end, start),))
    assert day.holds(at) != night.holds(at)
