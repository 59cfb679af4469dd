"""What insights are asked for: whose games, which of them, and what of them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.api.game_query import MOST
from chess_analytics.games.model import Side
from chess_analytics.insights.behind import MOST_SHOWN, Bar, Order, Page
from chess_analytics.insights.columns import POSITION_PLIES
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.findings import FALSE_DISCOVERY_RATE, MOST_FINDINGS, Asked
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.openings_tree import LEAST_GAMES, MOST_PLIES
from chess_analytics.insights.presets import PRESETS
from chess_analytics.insights.question import MOST_BUCKETS, Question, read_filter
from chess_analytics.insights.repeated_mistakes import LEAST_TIMES
from chess_analytics.insights.theory_exits import LEAST_GAMES as EXIT_GAMES
from chess_analytics.insights.trends import MOST_POINTS, TrendAsked

_MOST_LETTERS = 300
_MOST_FILTERS = 20
_MOST_FILTER_LETTERS = 2000
_MOST_NAMES = 50
_MOST_ROWS = 500
_MOST_GAMES = 10_000

_Id = Annotated[int, Field(ge=1, le=MOST)]
_Time = Annotated[int, Field(ge=-MOST, le=MOST)]
_Text = Annotated[str, Field(min_length=1, max_length=_MOST_LETTERS)]
_Word = Annotated[str, Field(max_length=_MOST_LETTERS)]
# Whoever reads the description sees the names that there are; who sends another one is told them.
_Metric = Annotated[_Word, Field(json_schema_extra={"enum": [*METRICS]})]
_Dimension = Annotated[_Word, Field(json_schema_extra={"enum": [*DIMENSIONS]})]
_Preset = Annotated[_Word, Field(json_schema_extra={"enum": [*PRESETS]})]


class WhoseQuery(BaseModel):
    """Whose games are looked at."""

    # A condition that is misspelled must not count as none.
    model_config = ConfigDict(frozen=True, extra="forbid")

    player: _Text | None = Field(
        default=None,
        description="Through the eyes of this player, whoever it is, in any of the games that you "
        "keep; by default yours.",
    )
    player_id: Annotated[list[_Id], Field(max_length=_MOST_NAMES)] = Field(
        default=[],
        description="Only games of this one of your names; say it again for another one.",
    )


class FactsQuery(WhoseQuery):
    """Whose games are looked at, and which of them."""

    only: Annotated[
        list[Annotated[str, Field(max_length=_MOST_FILTER_LETTERS)]],
        Field(max_length=_MOST_FILTERS),
    ] = Field(
        default=[],
        description="Only what falls into one of these buckets of a dimension; say it again for "
        "another dimension.",
        examples=[["speed=blitz|rapid"]],
    )
    since_ms: _Time | None = Field(
        default=None, description="Only games that began at this moment or later."
    )
    until_ms: _Time | None = Field(
        default=None, description="Only games that began before this moment."
    )
    zone: str = Field(
        default="UTC",
        max_length=64,
        pattern="^[A-Za-z0-9_+/-]+$",
        description="Whose clock tells days and hours.",
        examples=["Europe/Vienna"],
    )

    def span(self) -> Span:
        """Put it in the words of the insights.

        Raises:
            QuestionRefused: a filter cannot be read.
        """
        return Span(
            filters=tuple(read_filter(text) for text in self.only),
            since_ms=self.since_ms,
            until_ms=self.until_ms,
            zone=self.zone,
        )

    def within(self, question: Question) -> Question:
        """Ask a question of these games alone, besides what it asks for itself."""
        return self.span().narrow(question)


class AnswerQuery(FactsQuery):
    """A question."""

    metric: _Metric = Field(description="What is measured.", examples=["blunder_rate"])
    by: _Dimension | None = Field(
        default=None,
        description="Cut into the buckets of this dimension.",
        examples=["phase"],
    )
    then: _Dimension | None = Field(
        default=None, description="Cut each of these by a second dimension."
    )
    most: int = Field(
        default=MOST_BUCKETS,
        ge=1,
        le=_MOST_GAMES,
        description="Of openings, opponents and the like, so many: those with most games.",
    )

    def question(self) -> Question:
        """Put it in the words of the insights."""
        return self.within(Question(metric=self.metric, by=self.by, then=self.then, most=self.most))


class BehindQuery(AnswerQuery):
    """One number of the answer to a question."""

    bucket: _Word | None = Field(
        default=None, description="The row's `bucket`.", examples=["endgame"]
    )
    second: _Word | None = Field(default=None, description="The row's `second`.")
    part: _Word | None = Field(default=None, description="The row's `part`.")
    order: Order = Field(
        default=Order.TELLING,
        description="First what speaks most against the player, or the newest.",
    )
    skip: int = Field(default=0, ge=0, le=MOST, description="Leave out so many, for later pages.")
    limit: int = Field(
        default=MOST_SHOWN, ge=1, le=_MOST_ROWS, description="So many games, and moves, at most."
    )

    def bar(self) -> Bar:
        return Bar(self.bucket, self.second, self.part)

    def page(self) -> Page:
        return Page(self.order, self.skip, self.limit)


class PresetQuery(FactsQuery):
    """A question in words."""

    preset: _Preset = Field(description="Its key.", examples=["phases"])


class FindingsQuery(FactsQuery):
    """What costs most, and how sure that has to be."""

    rate: float = Field(
        default=FALSE_DISCOVERY_RATE,
        gt=0,
        le=0.5,
        description="Of what is found, such a share is expected to be chance at most.",
    )
    most: int = Field(default=MOST_FINDINGS, ge=1, le=50, description="So many at most.")
    split_ms: _Time | None = Field(
        default=None,
        description="Each is compared before and after this moment; by default the middle of the "
        "games.",
    )

    def asked(self) -> Asked:
        """Put it in the words of the insights."""
        return Asked(span=self.span(), rate=self.rate, most=self.most, split_ms=self.split_ms)


class TrendQuery(FactsQuery):
    """A metric over time."""

    metric: _Metric = Field(description="What is measured.", examples=["loss"])
    points: int = Field(default=MOST_POINTS, ge=2, le=300, description="Of the line, at most.")

    def asked(self) -> TrendAsked:
        """Put it in the words of the insights."""
        return TrendAsked(metric=self.metric, span=self.span(), points=self.points)


class TreeQuery(FactsQuery):
    """The beginnings of games with one colour."""

    color: Side = Field(description="The player's pieces.")
    least_games: int = Field(
        default=LEAST_GAMES, ge=1, le=_MOST_GAMES, description="Reached by so many games at least."
    )
    most_plies: int = Field(
        default=MOST_PLIES, ge=1, le=POSITION_PLIES - 1, description="So deep at most."
    )


class CostsQuery(FactsQuery):
    """Openings, or their variations."""

    variations: bool = Field(default=False, description="Tell variations of an opening apart.")


class ExitsQuery(FactsQuery):
    """Where theory is left."""

    least_games: int = Field(
        default=EXIT_GAMES, ge=1, le=_MOST_GAMES, description="In so many games at least."
    )


class RepeatedQuery(FactsQuery):
    """Mistakes made again."""

    least_times: int = Field(default=LEAST_TIMES, ge=2, le=_MOST_GAMES)


class DrillsQuery(FactsQuery):
    """Drills that come from some moves."""

    limit: int = Field(default=50, ge=1, le=200)
    more_new: int = Field(
        default=0, ge=0, le=200, description="New drills to offer beyond the ten of a day."
    )


class SheetQuery(FactsQuery):
    """A sheet about somebody."""

    player: _Text = Field(description="The opponent's name, as it stands in your games.")
