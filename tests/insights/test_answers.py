"""Every metric by every dimension is what a slow reading of the same games says."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chess_analytics.insights.answering import answer
from chess_analytics.insights.confidence import student_t
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import Answer, Filter, Question, QuestionRefused
from tests.insights import slow_dimensions, slow_metrics
from tests.insights.archives import Known, facts_of, sample_games, shared_games, shared_reviews
from tests.insights.slow_answers import Key, SlowRow, is_rate, slow_answer
from tests.insights.slow_games import SlowGame, slow_games
from tests.shared_data import shared_data

_CACHE: dict[str, tuple[Facts, list[SlowGame]]] = {}


def _loaded(name: str) -> tuple[Facts, list[SlowGame]]:
    """Read games both ways, once."""
    if name not in _CACHE:
        # Some games of the sample, because every question is asked of them.
        known: list[Known] = sample_games()[:24] if name == "sample" else shared_games()
        _CACHE[name] = facts_of(known), slow_games(known)
    return _CACHE[name]


def _found(told: Answer) -> dict[Key, tuple[float | None, int, int]]:
    rows = {(row.bucket, row.second, row.part): row for row in (*told.rows, *told.total)}
    return {key: (row.value, row.games, row.moves) for key, row in rows.items()}


def _agree(told: Answer, slow: dict[Key, SlowRow]) -> None:
    of_moves = told.question.metric in slow_metrics.MOVES
    found = {key: row for key, row in _found(told).items() if row[0] or key in slow}
    expected = {
        key: (row.value, row.games, row.rows if of_moves else 0) for key, row in slow.items()
    }
    assert found.keys() == expected.keys()
    for key, (value, games, moves) in expected.items():
        assert found[key][1:] == (games, moves), key
        # The facts hold numbers in 32 bits.
        assert found[key][0] == pytest.approx(value, rel=1e-5, abs=1e-4), key


def test_nothing_is_left_out_of_the_slow_reading() -> None:
    assert {*slow_metrics.MOVES, *slow_metrics.GAMES} == METRICS.keys()
    assert {*slow_dimensions.MOVES, *slow_dimensions.GAMES} == DIMENSIONS.keys()


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_by_every_dimension_is_what_the_sample_says(metric: str) -> None:
    facts, games = _loaded("sample")
    for dimension in DIMENSIONS:
        question = Question(metric=metric, by=dimension)
        _agree(answer(facts, question), slow_answer(games, question))


@pytest.mark.shared
def test_metrics_and_dimensions_are_what_a_slow_reading_of_real_archives_says() -> None:
    facts, games = _loaded("shared")
    asked = [(metric, dimension) for metric in ("loss", "results") for dimension in DIMENSIONS]
    asked += [(metric, "phase") for metric in METRICS]
    for metric, dimension in asked:
        question = Question(metric=metric, by=dimension)
        _agree(answer(facts, question), slow_answer(games, question))


@st.composite
def _questions(draw: st.DrawFn) -> Question:
    """Ask anything about the sample, by up to two dimensions, with filters that may be empty."""
    facts, _ = _loaded("sample")
    names = st.sampled_from(sorted(DIMENSIONS))
    filters = []
    for name in draw(st.lists(names, max_size=3)):
        told = answer(facts, Question(metric="win_rate", by=name))
        buckets = sorted({row.bucket for row in told.rows if row.bucket})
        if buckets:
            wanted = draw(st.lists(st.sampled_from(buckets), min_size=1, unique=True))
            filters.append(Filter(name, tuple(wanted)))
    times = facts.games["played_ms"].drop_nulls().to_list()
    moments = st.none() | st.sampled_from(times)
    by = draw(st.none() | names)
    # What is relative to the games asked about has a slow reading for all games only.
    relative = {"date", "period"} & {by, *(each.dimension for each in filters)}
    return Question(
        metric=draw(st.sampled_from(sorted(METRICS))),
        by=by,
        then=draw(st.none() | names.filter(lambda name: name not in ("date", "period")))
        if by
        else None,
        filters=tuple(filters),
        since_ms=None if relative else draw(moments),
        until_ms=None if relative else draw(moments),
        zone="UTC" if relative else draw(st.sampled_from(["UTC", "Europe/Vienna"])),
    )


@hypothesis_settings(max_examples=30)
@given(_questions())
def test_any_question_is_answered_as_by_the_slow_reading(question: Question) -> None:
    facts, games = _loaded("sample")
    _agree(answer(facts, question), slow_answer(games, question))


@pytest.mark.shared
def test_accuracy_and_loss_of_games_are_the_published_ones() -> None:
    """One game at a time, against values that were derived from the same evaluations elsewhere."""
    published = json.loads(shared_data("gold/reference_metrics.json").read_text())
    reference = {name: sides for file in published.values() for name, sides in file.items()}
    compared = 0
    for library, facts in shared_games():
        review = shared_reviews()[library.game_id][0]
        if facts is None or review.game.site_id not in reference:
            continue
        told = reference[review.game.site_id][library.color]
        alone = facts_of([(library, facts)])
        [acpl] = answer(alone, Question(metric="acpl")).rows
        [accuracy] = answer(alone, Question(metric="game_accuracy")).rows
        [blunders] = answer(alone, Question(metric="blunder_rate")).rows
        assert round(acpl.value or 0) == told["acpl"]
        assert accuracy.value == pytest.approx(told["accuracy"], abs=0.01)
        assert round((blunders.value or 0) * blunders.moves / 100) == told["blunder"]
        compared += 1
    assert compared > 30


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(metric="luckiness"), "no metric 'luckiness'; there are: acpl"),
        (Question(metric="loss", by="weather"), "no dimension 'weather'; there are: period"),
        (
            Question(metric="loss", filters=(Filter("phase", ("midgame",)),)),
            "has no bucket 'midgame'; there are: opening",
        ),
        (Question(metric="loss", by="hour", zone="Mars/Olympus"), "no time zone 'Mars/Olympus'"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(question: Question, words: str) -> None:
    facts, _ = _loaded("sample")
    with pytest.raises(QuestionRefused, match=words.replace(".", r"\.")):
        answer(facts, question)


def test_nothing_to_count_gives_no_rows() -> None:
    told = answer(facts_of([]), Question(metric="loss", by="phase", then="opening"))
    assert (told.rows, told.total) == ((), ())


@pytest.mark.parametrize("metric", ["score", "loss", "loss_shares"])
@pytest.mark.parametrize("then", [None, "color", "phase", "eco"])
def test_of_many_buckets_those_with_most_games_are_rows(metric: str, then: str | None) -> None:
    facts, _ = _loaded("sample")
    whole = answer(facts, Question(metric=metric, by="opponent", then=then))
    names = list(dict.fromkeys(row.bucket for row in whole.rows))
    assert (len(names) > 5, whole.left_out) == (True, 0)
    some = answer(facts, Question(metric=metric, by="opponent", then=then, most=5))
    shown = {row.bucket for row in some.rows}
    assert some.total == whole.total
    if then == "eco":
        # Of the codes, too, only five are left.
        assert {*some.rows} < {*whole.rows}
        assert (len(shown) <= 5, len({row.second for row in some.rows}) <= 5) == (True, True)
        return
    assert len(shown) == 5
    assert some.left_out == len(names) - 5
    assert some.rows == tuple(row for row in whole.rows if row.bucket in shown)
    if then is None:
        assert names[:5] == list(dict.fromkeys(row.bucket for row in some.rows))


def test_too_few_is_said_of_small_numbers() -> None:
    facts, _ = _loaded("sample")
    for row in answer(facts, Question(metric="loss", by="piece", then="opening")).rows:
        assert row.too_few is (row.moves < 40 or row.games < 5)
        assert (row.low is None) is (row.games < 2)
    for row in answer(facts, Question(metric="score", by="opening")).rows:
        assert row.too_few is (row.games < 10)


def test_intervals_of_means_are_those_of_the_slow_reading() -> None:
    facts, games = _loaded("sample")
    question = Question(metric="loss", by="phase")
    slow = slow_answer(games, question)
    for row in answer(facts, question).rows:
        error = slow[row.bucket, None, None].error
        assert not is_rate("loss")
        assert row.low is not None
        assert row.high is not None
        assert row.value is not None
        assert error is not None
        # Whose quantiles are held to published ones in test_confidence.py.
        assert (row.high - row.value) / error == pytest.approx(
            float(student_t(np.array([row.games - 1.0]))[0])
        )
        assert row.high - row.value == pytest.approx(row.value - row.low)
