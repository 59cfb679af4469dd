"""What is behind a bar is what the bar was made of, game by game and move by move."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chess_analytics.insights.answering import answer
from chess_analytics.insights.behind import Bar, Behind, Order, Page, behind
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.metrics import METRICS, Kind
from chess_analytics.insights.question import Filter, Question, QuestionRefused
from tests.insights.archives import facts_of, sample_games

ALL = Page(limit=100_000)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of(sample_games())


_keys = st.sampled_from([*DIMENSIONS])
_questions = st.builds(
    Question,
    metric=st.sampled_from([*METRICS]),
    by=_keys,
    then=st.none() | _keys,
    filters=st.sampled_from([(), (Filter("phase", ("opening", "endgame")),)]),
)


@settings(max_examples=60, deadline=None)
@given(question=_questions, data=st.data())
def test_the_number_of_a_bar_can_be_counted_again_from_what_is_behind_it(
    facts: Facts, question: Question, data: st.DataObject
) -> None:
    rows = answer(facts, question).rows
    if question.by == question.then or not rows:
        return
    row = data.draw(st.sampled_from(rows))
    metric = METRICS[question.metric]
    bar = Bar(row.bucket, row.second, row.part)
    shown = behind(facts, question, bar, ALL)
    assert (shown.all_games, shown.all_moves) == (len(shown.games), len(shown.moves))
    if metric.kind is Kind.SHARES:
        whole = behind(facts, question, Bar(row.bucket, row.second), ALL)
        counted, of = _counted(shown, metric.level), _counted(whole, metric.level)
        assert row.value == pytest.approx(100 * counted / of)
        return
    assert shown.all_games == row.games
    scale = 1 if metric.kind is Kind.MEAN else 100
    if metric.level == "moves":
        values = [move.value for move in shown.moves]
        assert len(values) == row.moves
    else:
        values = [game.value for game in shown.games]
    known = [value for value in values if value is not None]
    assert len(known) == len(values)
    assert row.value == pytest.approx(scale * sum(known) / len(known), rel=1e-5, abs=1e-6)


def _counted(shown: Behind, level: str) -> int:
    return shown.all_moves if level == "moves" else shown.all_games


def test_what_speaks_against_the_player_comes_first(facts: Facts) -> None:
    worst = behind(facts, Question(metric="loss"), page=ALL).moves
    assert _are_sorted([-(move.value or 0) for move in worst])
    missed = behind(facts, Question(metric="awareness"), page=ALL).moves
    assert _are_sorted([move.value or 0 for move in missed])
    assert {missed[0].value, missed[-1].value} == {0.0, 1.0}
    lost = behind(facts, Question(metric="score"), page=ALL).games
    assert (lost[0].outcome, lost[-1].outcome) == ("loss", "win")


def _are_sorted(values: list[float]) -> bool:
    return values == sorted(values)


def test_the_newest_come_first_where_that_is_asked_for(facts: Facts) -> None:
    shown = behind(facts, Question(metric="loss"), page=Page(Order.NEWEST, limit=100_000))
    played = [game.played_ms or 0 for game in shown.games]
    assert played == sorted(played, reverse=True)
    plies = [move.ply for move in shown.moves if move.game_id == shown.games[0].game_id]
    assert plies == sorted(plies)


def test_pages_follow_each_other_without_a_gap(facts: Facts) -> None:
    question = Question(metric="error_rate", by="phase")
    bar = Bar("middlegame")
    whole = behind(facts, question, bar, ALL)
    pages = [
        behind(facts, question, bar, Page(skip=skip, limit=40))
        for skip in range(0, whole.all_moves, 40)
    ]
    assert tuple(move for page in pages for move in page.moves) == whole.moves


def test_an_opening_that_was_never_played_has_nothing_behind_it(facts: Facts) -> None:
    shown = behind(facts, Question(metric="score", by="opening"), Bar("Grob Opening"))
    assert (shown.all_games, shown.games, shown.moves) == (0, (), ())


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        (Bar(second="blitz"), "no dimension to which 'blitz'"),
        (Bar("dawn"), "has no bucket 'dawn'; there are: opening, middlegame, endgame"),
        (Bar("opening", part="win"), "has no part 'win'"),
    ],
)
def test_a_bar_that_there_cannot_be_is_refused(facts: Facts, bar: Bar, said: str) -> None:
    with pytest.raises(QuestionRefused, match=said):
        behind(facts, Question(metric="loss", by="phase"), bar)
