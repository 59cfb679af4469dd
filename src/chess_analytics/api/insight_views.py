"""How insights look in answers. What the insights say in values of their own is said as it is."""

from collections.abc import Mapping

from chess_analytics.api.finding_views import FindingsView
from chess_analytics.api.view import View
from chess_analytics.games.model import Side
from chess_analytics.insights.behind import GameBehind, MoveBehind
from chess_analytics.insights.change_points import ChangePoint
from chess_analytics.insights.clock_games import ClockGames
from chess_analytics.insights.clock_use import EasyMoves, HardMoves, TimeCell
from chess_analytics.insights.dimension import Level
from chess_analytics.insights.evidence import Evidence
from chess_analytics.insights.excess import Excess
from chess_analytics.insights.measured import Measured
from chess_analytics.insights.metric import Kind
from chess_analytics.insights.opening_costs import OpeningCost
from chess_analytics.insights.openings_tree import TreePosition
from chess_analytics.insights.question import AnswerRow, Question
from chess_analytics.insights.repeated_mistakes import RepeatedMistake
from chess_analytics.insights.theory_exits import TheoryExit
from chess_analytics.insights.trends import TrendPoint


class Basis(View):
    """How much there is to answer from, before any filter."""

    games: int
    analysed: int
    """Games that somebody has analysed: only these tell of moves."""
    moves: int
    """The player's moves in them."""


class MetricView(View):
    """Something to measure."""

    key: str
    name: str
    about: str
    unit: str
    """Empty where the number has none."""
    level: Level
    """Measured over games or over moves."""
    kind: Kind
    parts: tuple[str, ...]
    """Of shares: what they are the shares of, in order."""
    more_is: int
    """1 where more is better for the player, -1 where less is, 0 where it is neither."""


class DimensionView(View):
    """A way to cut."""

    key: str
    name: str
    about: str
    level: Level
    """Cuts games or moves."""
    buckets: tuple[str, ...]
    """In order; empty where the games themselves decide which there are."""


class PresetView(View):
    """A question in words."""

    key: str
    words: str
    questions: tuple[Question, ...]
    """What is asked of the facts to answer it."""


class Catalogue(View):
    """All that can be asked."""

    metrics: list[MetricView]
    dimensions: list[DimensionView]
    presets: list[PresetView]


class InsightAnswer(View):
    """The answer to a question, with how sure it is."""

    question: Question
    metric: MetricView
    rows: tuple[AnswerRow, ...]
    """In the natural order of the buckets, or the most games first where they have none. Buckets
    that nothing falls into are left out."""
    total: tuple[AnswerRow, ...]
    """The same of all that passes the filters: one row, or one for each part of shares."""
    left_out: int
    """Buckets that are no rows because there are more than `most`, of each dimension."""
    basis: Basis


class PresetAnswer(View):
    """A question in words, with its answers."""

    key: str
    words: str
    answers: list[InsightAnswer]


class BehindAnswer(View):
    """The games and moves that one number stands on."""

    all_games: int
    """How many there are on all pages."""
    all_moves: int
    games: tuple[GameBehind, ...]
    moves: tuple[MoveBehind, ...]
    """Of a metric of games: the player's moves in these games and in the bucket, the worst
    first."""


class TrendView(View):
    """A metric over time: a smoothed line with its band, and when it changed."""

    metric: MetricView
    points: tuple[TrendPoint, ...]
    """None where there are fewer than 20 games."""
    changes: tuple[ChangePoint, ...]
    """Only those that are significant; in the order of time."""
    games: int
    window_games: int
    """Games that stand behind each point."""


class TreeView(View):
    """The beginnings of the analysed standard games with one colour; transpositions meet."""

    color: Side
    root: str
    """Name of the position in which games begin."""
    positions: Mapping[str, TreePosition]
    """By name; empty where there are no games."""
    games: int


class CostList(View):
    """Openings, what costs most first."""

    items: tuple[OpeningCost, ...]
    next: None = None


class ExitList(View):
    """Moves that leave theory, the commonest first."""

    items: tuple[TheoryExit, ...]
    next: None = None


class RepeatedList(View):
    """Mistakes made again, what cost most first."""

    items: tuple[RepeatedMistake, ...]
    next: None = None


class TimeMap(View):
    """Time against difficulty: where the clock goes, and what that costs."""

    cells: tuple[TimeCell, ...]
    moves: int
    """Moves of which the time spent is known."""
    known: float
    """Percent of these of whose difficulty something is known."""
    searched: float
    """Percent of these where the second-best move was searched, so that it is known best."""
    easy: EasyMoves
    hard: HardMoves
    trouble: Excess | None
    """What moves in time trouble cost beyond others; null where there are too few."""
    trouble_evidence: Evidence
    games: ClockGames


class SheetView(View):
    """What a player's games tell of them."""

    name: str
    games: int
    analysed: int
    first_ms: int | None
    last_ms: int | None
    rating: int | None
    """In the newest game that tells it."""
    score: Mapping[Side, Measured | None]
    """Points with each colour, in percent."""
    form: Measured | None
    """Points in the newest twenty games, in percent."""
    trees: Mapping[Side, TreeView]
    openings: tuple[OpeningCost, ...]
    repeated: tuple[RepeatedMistake, ...]
    """Traps that they walk into again."""
    findings: FindingsView
    clock: TimeMap
