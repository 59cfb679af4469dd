"""``chess-analytics openings``: what each brings and costs, the tree, and what goes wrong there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer

from chess_analytics.cli.career import (
    CsvOption,
    JsonOption,
    NameOption,
    OnlyOption,
    ZoneOption,
    open_analysed_career,
    print_csv,
    print_json,
    print_text,
    read_span,
    refuse_two_forms,
    tell_basis,
)
from chess_analytics.cli.game_options import ColorOption, SinceOption, UntilOption
from chess_analytics.cli.opening_words import COSTS, EXITS, REPEATED, TREES, Table
from chess_analytics.cli.whose import DataDirOption, UserOption
from chess_analytics.games.model import Side
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.opening_costs import opening_costs
from chess_analytics.insights.openings_tree import LEAST_GAMES, opening_tree
from chess_analytics.insights.repeated_mistakes import LEAST_TIMES, repeated_mistakes
from chess_analytics.insights.theory_exits import theory_exits

_PLIES = 10


class OpeningReport(StrEnum):
    """What can be told about openings."""

    COSTS = "costs"
    TREE = "tree"
    EXITS = "exits"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class _Asked:
    facts: Facts
    span: Span
    color: Side | None
    least: int
    plies: int
    by: str


def openings(  # noqa: PLR0913 - each is an option of the command
    report: Annotated[
        OpeningReport,
        typer.Argument(
            help="What each opening brings and costs; the tree of moves; where theory is left, and "
            "by whom; bad moves made again and again."
        ),
    ] = OpeningReport.COSTS,
    *,
    color: ColorOption = None,
    least: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="Of the tree, exits and repeated moves: in so many games."
        ),
    ] = LEAST_GAMES,
    plies: Annotated[
        int, typer.Option(min=1, max=39, metavar="N", help="Of the tree: so deep at most.")
    ] = _PLIES,
    variations: Annotated[
        bool, typer.Option("--variations", help="Of the costs: tell variations apart.")
    ] = False,
    only: OnlyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    player: NameOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Tell of a player's own openings: results, average loss, and what goes wrong there."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    span = read_span([*(only or ()), *([f"color={color}"] if color else ())], zone, since, until)
    by = "variation" if variations else "opening"
    with open_analysed_career(user, data_dir, player) as career:
        asked = _Asked(career.facts, span, color, least, plies, by)
        table, found = _REPORTS[report](asked)
        found = career.spelled(tuple(found))
    if as_json:
        print_json([asdict(each) for each in found])
    elif as_csv:
        print_csv(table.rows(found), table.columns)
    else:
        print_text("".join(f"{line}\n" for line in table.lines(found)))
    tell_basis(asked.facts)


def _costs(asked: _Asked) -> tuple[Table, Sequence[Any]]:
    return COSTS, opening_costs(asked.facts, asked.span, by=asked.by)


def _trees(asked: _Asked) -> tuple[Table, Sequence[Any]]:
    sides = [asked.color] if asked.color else list(Side)
    bounds = {"least_games": asked.least, "most_plies": asked.plies}
    return TREES, [opening_tree(asked.facts, side, asked.span, **bounds) for side in sides]


def _exits(asked: _Asked) -> tuple[Table, Sequence[Any]]:
    return EXITS, theory_exits(asked.facts, asked.span, least_games=asked.least)


def _repeated(asked: _Asked) -> tuple[Table, Sequence[Any]]:
    least = max(asked.least, LEAST_TIMES)
    return REPEATED, repeated_mistakes(asked.facts, asked.span, least_times=least)


_REPORTS = {
    OpeningReport.COSTS: _costs,
    OpeningReport.TREE: _trees,
    OpeningReport.EXITS: _exits,
    OpeningReport.REPEATED: _repeated,
}
