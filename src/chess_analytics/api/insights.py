"""Insights: questions about many games, their answers, and what stands behind these."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query

from chess_analytics.api import problems
from chess_analytics.api.identity import Reader
from chess_analytics.api.insight_query import AnswerQuery, BehindQuery, PresetQuery
from chess_analytics.api.insight_resources import TheDesk
from chess_analytics.api.insight_views import (
    Basis,
    BehindAnswer,
    Catalogue,
    DimensionView,
    InsightAnswer,
    MetricView,
    PresetAnswer,
    PresetView,
)
from chess_analytics.api.routes import Router
from chess_analytics.insights.answering import answer
from chess_analytics.insights.behind import behind
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.presets import PRESETS
from chess_analytics.insights.question import Question, QuestionRefused

router = Router(
    prefix="/insights",
    tags=["insights"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
_CATALOGUE = Catalogue(
    metrics=[MetricView.of(metric) for metric in METRICS.values()],
    dimensions=[DimensionView.of(dimension) for dimension in DIMENSIONS.values()],
    presets=[PresetView.of(preset) for preset in PRESETS.values()],
)
# Whoever says it all in another language finds there what has to be said.
_ALL_OF_IT: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {
        "content": {"application/json": {"example": _CATALOGUE.model_dump(mode="json")}}
    }
}
_REFUSED = problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.get("/catalogue", responses=_ALL_OF_IT)
def get_insight_catalogue(_who: Reader) -> Catalogue:
    """List what can be asked: metrics, dimensions with their buckets, and questions in words."""
    return _CATALOGUE


@router.get("/answers", responses=_REFUSED)
def answer_question(query: Annotated[AnswerQuery, Query()], desk: TheDesk) -> InsightAnswer:
    """Answer a question: a metric, cut by up to two dimensions, of the games that are meant.

    Every number says what it rests on and how sure it is; where there is too little to say
    anything, `too_few` is true.
    """
    question = query.question()
    return _answered(desk.facts(query), question)


@router.get("/preset-answers", responses=_REFUSED)
def answer_preset(query: Annotated[PresetQuery, Query()], desk: TheDesk) -> PresetAnswer:
    """Answer a question in words; some need several answers, which belong together."""
    preset = PRESETS.get(query.preset)
    if preset is None:
        raise QuestionRefused(f"there is no question {query.preset!r}", PRESETS)
    asked = [query.within(question) for question in preset.questions]
    facts = desk.facts(query)
    answers = [_answered(facts, question) for question in asked]
    return PresetAnswer(key=preset.key, words=preset.words, answers=answers)


@router.get("/behind", responses=_REFUSED)
def list_what_is_behind(query: Annotated[BehindQuery, Query()], desk: TheDesk) -> BehindAnswer:
    """List the games and moves behind one number of an answer.

    Ask what the answer was asked for, and add the row's `bucket`, `second` and `part`.
    """
    question = query.question()
    found = behind(desk.facts(query), question, query.bar(), query.page())
    return BehindAnswer.of(desk.spelled(found))


def _answered(facts: Facts, question: Question) -> InsightAnswer:
    found = answer(facts, question)
    return InsightAnswer(
        question=question,
        metric=MetricView.of(METRICS[question.metric]),
        rows=found.rows,
        total=found.total,
        left_out=found.left_out,
        basis=_basis(facts),
    )


def _basis(facts: Facts) -> Basis:
    return Basis(
        games=facts.games.height,
        analysed=int(facts.games["is_analysed"].sum()),
        moves=facts.own_count,
    )
