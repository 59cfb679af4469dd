"""``chess-analytics opponent``: what to expect of somebody, and where to aim."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from chess_analytics.cli.career import (
    JsonOption,
    OnlyOption,
    ZoneOption,
    day_of,
    measured_words,
    open_career,
    print_json,
    print_text,
    read_span,
)
from chess_analytics.cli.clock import clock_lines
from chess_analytics.cli.game_options import SinceOption, UntilOption, printable
from chess_analytics.cli.insight_words import as_words, findings_object, summary
from chess_analytics.cli.opening_words import cost_lines, repeated_lines, tree_lines
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, UserOption
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Side
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.openings_tree import opening_tree
from chess_analytics.insights.opponent_sheet import OpponentSheet, opponent_sheet

_OPENINGS = 10
_REPEATED = 5
# The tree as it is read: deeper than this a page is too long.
_TREE = {"most_plies": 4, "least_games": 2}


class OpponentUnknown(ChessAnalyticsError):
    """Nobody of this name plays in any of the user's games."""


def opponent(  # noqa: PLR0913 - each is an option of the command
    name: Annotated[str, typer.Argument(metavar="NAME", help="As it stands in your games.")],
    *,
    only: OnlyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Prepare for an opponent: the usual questions, of all their games that you keep."""
    span = read_span(only, zone, since, until)
    with open_career(user, data_dir, name) as career:
        facts = career.facts
        if not facts.games.height:
            raise OpponentUnknown(
                f"nobody plays as {name!r} in any of your games; `chess-analytics import "
                "lichess:NAME` or `chesscom:NAME` fetches the games of anybody"
            )
        sheet = career.spelled(opponent_sheet(name, facts, span))
    if as_json:
        print_json({**asdict(sheet), "findings": findings_object(sheet.findings)})
    else:
        print_text("".join(f"{line}\n" for line in _lines(sheet, facts, span)))
    more = (
        "" if sheet.analysed else "; analysed ones tell more: `chess-analytics jobs start --wait`"
    )
    STDERR.print(f"{sheet.games} games, {sheet.analysed} of them analysed{more}", markup=False)


def _lines(sheet: OpponentSheet, facts: Facts, span: Span) -> Iterator[str]:
    rating = f", rated {sheet.rating}" if sheet.rating else ""
    yield (
        f"{printable(sheet.name)}{rating}: {sheet.games} games, {day_of(sheet.first_ms)} to "
        f"{day_of(sheet.last_ms)}"
    )
    for side in Side:
        yield f"  score with {side}: {measured_words(sheet.score[side], ' %')}"
    yield f"  score in the newest games: {measured_words(sheet.form, ' %')}"
    if sheet.analysed:
        yield "\nWhat costs them most"
        yield from (as_words(each).rstrip() for each in sheet.findings.findings)
        yield summary(sheet.findings)
    yield "\nTheir openings"
    yield from cost_lines(sheet.openings[:_OPENINGS])
    if not sheet.analysed:
        return
    yield from tree_lines([opening_tree(facts, side, span, **_TREE) for side in Side])
    if sheet.repeated:
        yield "\nMistakes that they make again"
        yield from repeated_lines(sheet.repeated[:_REPEATED])
    yield "\nTheir clock"
    yield from clock_lines(sheet.clock)
