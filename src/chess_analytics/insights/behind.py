"""The games and moves that a number of an answer stands on: what a click on a bar shows.

shown = behind(facts, Question(metric="blunder_rate", by="phase"), Bar(bucket="endgame"))
shown.moves[0].game_id, shown.moves[0].ply
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from chess_analytics.insights.dimension import Level
from chess_analytics.insights.evidence import move_uci
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.measured import Rows
from chess_analytics.insights.metric import Kind, Metric
from chess_analytics.insights.question import Question, QuestionRefused
from chess_analytics.insights.selection import Coded, Floats, Selection, Truths, select

MOST_SHOWN = 50


class Order(StrEnum):
    """What is shown first."""

    TELLING = "telling"
    """What speaks most against the player; where a metric tells neither good nor bad, the greatest
    values."""
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Bar:
    """Which number of an answer is meant. What is left out is not narrowed down."""

    bucket: str | None = None
    second: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Which games and moves of all are shown."""

    order: Order = Order.TELLING
    skip: int = 0
    limit: int = MOST_SHOWN


@dataclass(frozen=True, slots=True)
class MoveBehind:
    """A move that counts."""

    game_id: int
    ply: int
    uci: str
    san: str | None
    """As players write it. Null until it was looked up, and where it is not known."""
    value: float | None
    """What the metric sees in it; absent for metrics of games and for shares."""
    loss: float
    """Points of winning chance given away."""
    win_before: float
    """Winning chance before the move, in percent."""


@dataclass(frozen=True, slots=True)
class GameBehind:
    """A game that counts."""

    game_id: int
    played_ms: int | None
    color: str
    outcome: str | None
    opponent: str | None
    value: float | None
    """The metric in this game alone; absent for shares."""
    moves: int
    """The player's moves in it that count; of a metric of games, those in the bucket."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a number stands on."""

    all_games: int
    all_moves: int
    games: tuple[GameBehind, ...]
    moves: tuple[MoveBehind, ...]
    """Of a metric of games: the player's moves in these games and in the bucket, the worst first.
    None where nobody has analysed the games."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Rows of games and of the player's moves that count."""

    games: Rows
    moves: Rows
    game_value: Floats
    move_value: Floats


def behind(
    facts: Facts, question: Question, bar: Bar | None = None, page: Page | None = None
) -> Behind:
    """Give the games and moves behind one number of the answer to a question.

    Raises:
        QuestionRefused: the question or the bar names something that does not exist.
    """
    bar, page = bar or Bar(), page or Page()
    selection = select(facts, question)
    chosen = _choose(selection, _of_bar(selection, bar), _part(selection.metric, bar))
    return Behind(
        all_games=len(chosen.games),
        all_moves=len(chosen.moves),
        games=_games(facts, selection.metric, chosen, page),
        moves=_moves(facts, selection.metric, chosen, page),
    )


def _of_bar(selection: Selection, bar: Bar) -> tuple[Truths, Truths]:
    """Tell which games, and which moves, are in the buckets of the bar."""
    games = selection.games.copy()
    moves = np.ones(len(selection.game_of_move), dtype=np.bool_)
    if selection.moves is not None:
        moves &= selection.moves
    wanted = (bar.bucket, bar.second)
    for place, label in enumerate(wanted):
        if label is None:
            continue
        if place >= len(selection.cuts):
            raise QuestionRefused(f"the question has no dimension to which {label!r} could belong")
        within = _within(selection.cuts[place], label)
        if selection.cuts[place].dimension.level is Level.GAMES:
            games &= within
        else:
            moves &= within
    moves &= games[selection.game_of_move]
    if any(cut.dimension.level is Level.MOVES for cut in selection.cuts) or (
        selection.moves is not None
    ):
        # A game counts only where a move of it does.
        games &= np.bincount(selection.game_of_move[moves], minlength=len(games)) > 0
    return games, moves


def _within(cut: Coded, label: str) -> Truths:
    if label in cut.labels:
        within: Truths = cut.codes == cut.labels.index(label)
        return within
    if cut.dimension.cut.labels:
        raise QuestionRefused(
            f"the dimension {cut.dimension.key} has no bucket {label!r}", cut.labels
        )
    # Which there are, the games decide: these have none.
    return np.zeros(len(cut.codes), dtype=np.bool_)


def _part(metric: Metric, bar: Bar) -> int | None:
    if bar.part is None:
        return None
    if bar.part not in metric.parts:
        raise QuestionRefused(f"the metric {metric.key} has no part {bar.part!r}", metric.parts)
    return metric.parts.index(bar.part)


def _choose(selection: Selection, kept: tuple[Truths, Truths], part: int | None) -> _Chosen:
    games, moves = kept
    value = selection.value
    counts = ~np.isnan(value) if part is None else value == part
    if selection.metric.level is Level.GAMES:
        games = games & counts
        rows = np.flatnonzero(moves & games[selection.game_of_move])
        chosen = np.flatnonzero(games)
        return _Chosen(chosen, rows, value[chosen], np.full(len(rows), np.nan))
    rows = np.flatnonzero(moves & counts)
    game, size = selection.game_of_move[rows], len(games)
    counted = np.bincount(game, minlength=size)
    summed = np.bincount(game, weights=value[rows], minlength=size)
    chosen = np.flatnonzero(counted)
    return _Chosen(chosen, rows, summed[chosen] / counted[chosen], value[rows])


def _moves(facts: Facts, metric: Metric, chosen: _Chosen, page: Page) -> tuple[MoveBehind, ...]:
    table = facts.own("game", "ply", "move", "loss", "win_before")[chosen.moves]
    table = table.with_columns(value=_values(metric, Level.MOVES, chosen.move_value))
    shown = table[_order(metric, table, page)]
    ids = facts.games["game_id"].gather(shown["game"]).to_list()
    rows = shown.select("ply", "move", "value", "loss", "win_before").iter_rows()
    return tuple(
        MoveBehind(game_id, ply, move_uci(move), None, value, loss, win_before)
        for game_id, (ply, move, value, loss, win_before) in zip(ids, rows, strict=True)
    )


def _games(facts: Facts, metric: Metric, chosen: _Chosen, page: Page) -> tuple[GameBehind, ...]:
    game_of_move = facts.game_of_own_move[chosen.moves]
    moves = np.bincount(game_of_move, minlength=len(facts.games))
    lost = facts.own("loss")["loss"].cast(pl.Float64).fill_null(0).to_numpy()[chosen.moves]
    loss = np.bincount(game_of_move, weights=lost, minlength=len(facts.games))
    columns = ("game_id", "played_ms", "color", "outcome", "opponent")
    table = facts.games.select(columns)[chosen.games].with_columns(
        value=_values(metric, metric.level, chosen.game_value),
        moves=pl.Series(moves[chosen.games]),
        loss=pl.Series(loss[chosen.games]),
        game=pl.Series(chosen.games),
        ply=pl.lit(0),
    )
    shown = table[_order(metric, table, page)]
    return tuple(GameBehind(*row) for row in shown.select(*columns, "value", "moves").iter_rows())


def _values(metric: Metric, level: Level, value: Floats) -> pl.Series:
    has_value = metric.kind is not Kind.SHARES and metric.level is level
    return pl.Series(value if has_value else np.full(len(value), np.nan)).fill_nan(None)


def _order(metric: Metric, table: pl.DataFrame, page: Page) -> pl.Series:
    """Give the rows of one page, in order."""
    newest = {"game": True, "ply": False}
    first = {"value": metric.more_is <= 0, "loss": True}
    keys = newest if page.order is Order.NEWEST else first | newest
    rows = table.with_row_index("row").sort(
        *keys, descending=list(keys.values()), nulls_last=True, maintain_order=True
    )
    return rows["row"].slice(page.skip, page.limit)
