"""A question about many games, and its answer.

A question is a metric, cut by up to two dimensions, of the games and moves that pass the filters::

    Question("blunder_rate", by="phase", filters=(Filter("speed", ("blitz", "rapid")),))

Metrics are listed in `metrics.METRICS`, dimensions with their buckets in `dimensions.DIMENSIONS`,
questions in words in `presets.PRESETS`. `answering.answer(facts, question)` answers.

A dimension of games cuts games; one of moves cuts moves. A metric of games cut or filtered by a
dimension of moves counts a game once in every bucket in which the player made a move.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chess_analytics.errors import ChessAnalyticsError


class QuestionRefused(ChessAnalyticsError):
    """The question names something that does not exist."""

    def __init__(self, what: str, known: Iterable[str] = ()) -> None:
        names = ", ".join(known)
        super().__init__(f"{what}; there are: {names}" if names else what)


MOST_BUCKETS = 100
"""More bars than anybody looks at; thousands of opponents would only make every answer slow."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Only what falls into one of these buckets of a dimension."""

    dimension: str
    buckets: tuple[str, ...]


def read_filter(text: str) -> Filter:
    """Read a filter as people write it: ``speed=blitz|rapid``.

    Raises:
        QuestionRefused: it is not of that form.
    """
    dimension, equals, buckets = text.partition("=")
    if not equals or not buckets:
        raise QuestionRefused(f"{text!r} is not of the form DIMENSION=BUCKET|BUCKET")
    return Filter(dimension.strip(), tuple(bucket.strip() for bucket in buckets.split("|")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know; names that do not exist are refused when it is answered."""

    metric: str
    by: str | None = None
    """Cut into the buckets of this dimension; absent: one row for all."""
    then: str | None = None
    """Cut each of these by a second dimension."""
    filters: tuple[Filter, ...] = ()
    since_ms: int | None = None
    """Only games that began then or later."""
    until_ms: int | None = None
    """Only games that began before."""
    zone: str = "UTC"
    """Whose clock tells days and hours, as the IANA names it: ``Europe/Vienna``."""
    most: int = MOST_BUCKETS
    """Of a dimension such as openings or opponents, the buckets with most games: so many."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One number with what it rests on."""

    bucket: str | None
    """Of the first dimension; absent in the row of all."""
    second: str | None
    """Of the second dimension, where there is one."""
    part: str | None
    """Of a metric that tells shares (results, terminations ...): which share this is."""
    value: float | None
    """In the metric's unit; absent where nothing counts."""
    low: float | None
    """Lower end of the 95 % confidence interval; absent where there is too little for one."""
    high: float | None
    moves: int
    """Moves that count; 0 for a metric of games."""
    games: int
    """Games that count."""
    too_few: bool
    """There is too little to say anything: show the number grey, or not at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question."""

    question: Question
    rows: tuple[AnswerRow, ...]
    """In the natural order of the buckets, or the most games first where they have none. Buckets
    that nothing falls into are left out."""
    total: tuple[AnswerRow, ...]
    """The same of all that passes the filters, in a bucket or not; one row, or one a part."""
    left_out: int = 0
    """Buckets that are no rows because there are more than ``question.most``, of each dimension."""
