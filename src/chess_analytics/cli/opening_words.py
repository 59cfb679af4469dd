"""How reports about openings read in a terminal, and as rows of a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import chess

from chess_analytics.cli.career import day_of, measured_cells, measured_words, places_of
from chess_analytics.cli.game_options import printable
from chess_analytics.insights.opening_costs import OpeningCost
from chess_analytics.insights.openings_tree import OpeningTree, TreeMove, TreePosition
from chess_analytics.insights.repeated_mistakes import RepeatedMistake
from chess_analytics.insights.theory_exits import TheoryExit


@dataclass(frozen=True, slots=True)
class Table:
    """How one report is written."""

    lines: Callable[[Sequence[Any]], Iterator[str]]
    columns: tuple[str, ...]
    rows: Callable[[Sequence[Any]], Iterable[dict[str, object]]]


def cost_lines(costs: Sequence[OpeningCost]) -> Iterator[str]:
    """Tell what each opening brings and costs."""
    for each in costs:
        cost = f", {each.points_a_month:.1f} points of winning chance a month" if each.loss else ""
        yield (
            f"{printable(each.name)} ({each.color}): {each.games} games, "
            f"score {measured_words(each.score, ' %')}{cost}"
        )
        if each.loss:
            yield (
                f"  {measured_words(each.loss)} points lost a move; "
                f"{measured_words(each.exit_cp)} centipawns where theory ends; "
                f"first to leave it in {measured_words(each.leaves_first, ' %')}"
            )
        if each.excess:
            yield (
                f"  in all {each.excess.points:.0f} points beyond other openings, "
                f"{each.excess.low:.0f} to {each.excess.high:.0f}"
            )


def tree_lines(trees: Sequence[OpeningTree]) -> Iterator[str]:
    """Write the moves below each other; what is reached in two ways goes on in one place."""
    for tree in trees:
        yield f"with {tree.color}, {tree.games} games"
        shown: set[str] = set()
        if tree.root in tree.positions:
            yield from _branches(tree, tree.positions[tree.root], shown)


def exit_lines(exits: Sequence[TheoryExit]) -> Iterator[str]:
    """Tell where theory is left, by whom, and how that turns out."""
    for each in exits:
        whose = "the player leaves" if each.is_mine else "the opponent leaves"
        yield (
            f"{printable(each.opening or 'no named opening')} ({each.color}): {whose} it with "
            f"{each.san or each.uci}, {each.games} games"
        )
        yield (
            f"  score {measured_words(each.score, ' %')}; the move loses "
            f"{measured_words(each.loss)} points; see: {places_of(each.seen)}"
        )


def repeated_lines(mistakes: Sequence[RepeatedMistake]) -> Iterator[str]:
    """Tell which bad moves were made again and again."""
    for each in mistakes:
        yield (
            f"{printable(each.opening or 'no named opening')} ({each.color}): "
            f"{each.san or each.uci}, {each.times} of {each.times_there} times, "
            f"{each.points:.0f} points lost"
        )
        yield (
            f"  {each.loss:.2f} points each time, last on {day_of(each.last_ms)}; "
            f"see: {places_of(each.seen)}"
        )


def _branches(tree: OpeningTree, position: TreePosition, shown: set[str]) -> Iterator[str]:
    shown.add(position.name)
    for move in position.moves:
        following = tree.positions.get(move.leads_to)
        is_shown = move.leads_to in shown
        yield _branch(position, move, following) + ("; as above" if is_shown else "")
        if following and not is_shown:
            yield from _branches(tree, following, shown)


def _branch(position: TreePosition, move: TreeMove, following: TreePosition | None) -> str:
    board = chess.Board(position.fen)
    number = f"{board.fullmove_number}{'.' if board.turn else '...'}"
    name = f"  {following.opening}" if following and following.opening else ""
    return (
        f"{'  ' * (position.ply + 1)}{number} {board.san(chess.Move.from_uci(move.uci))}  "
        f"{move.games} games, {measured_words(move.score, ' %')}, "
        f"loses {measured_words(move.loss)}{name}"
    )


def _columns(*names: str, measured: Sequence[str]) -> tuple[str, ...]:
    return (*names, *(cell for name in measured for cell in measured_cells(name, None)))


def _cells(given: object, names: Sequence[str], measured: Sequence[str]) -> dict[str, object]:
    cells: dict[str, object] = {name: getattr(given, name) for name in names}
    for name in measured:
        cells |= measured_cells(name, getattr(given, name))
    return cells


def _table(
    lines: Callable[[Sequence[Any]], Iterator[str]], names: Sequence[str], measured: Sequence[str]
) -> Table:
    return Table(
        lines,
        _columns(*names, measured=measured),
        lambda found: (_cells(each, names, measured) for each in found),
    )


def _tree_rows(trees: Sequence[OpeningTree]) -> Iterator[dict[str, object]]:
    for tree in trees:
        for position in tree.positions.values():
            where = _cells(position, _OF_POSITION, ())
            for move in position.moves:
                yield {"color": tree.color, **where} | _cells(move, *_OF_MOVE)


_OF_POSITION = ("name", "fen", "ply", "opening", "is_mine")
_OF_MOVE = ("uci", "leads_to", "games"), ("score", "loss")

COSTS = _table(
    cost_lines,
    ("color", "name", "games", "points", "points_a_month"),
    ("score", "loss", "exit_cp", "leaves_first"),
)
EXITS = _table(
    exit_lines,
    ("position", "uci", "san", "color", "is_mine", "opening", "games"),
    ("score", "loss", "eval_cp"),
)
REPEATED = _table(
    repeated_lines,
    (
        "position",
        "uci",
        "san",
        "color",
        "times",
        "times_there",
        "opening",
        "loss",
        "points",
        "last_ms",
    ),
    (),
)
TREES = Table(
    tree_lines,
    ("color", *_OF_POSITION, *_columns(*_OF_MOVE[0], measured=_OF_MOVE[1])),
    _tree_rows,
)
