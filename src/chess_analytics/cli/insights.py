"""``chess-analytics insights`` and ``findings``: what a career says, asked on the command line."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.actions.exports.bars import answers_svg
from chess_analytics.actions.load_facts import FactShelf
from chess_analytics.cli.insight_words import (
    all_names,
    answers_csv,
    as_table,
    as_words,
    findings_object,
    summary,
)
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whole_files import write_whole_file
from chess_analytics.cli.whose import DataDirOption, UserOption, open_library
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.insights.answering import answer
from chess_analytics.insights.findings import Asked, find
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.presets import PRESETS
from chess_analytics.insights.question import (
    MOST_BUCKETS,
    Filter,
    Question,
    QuestionRefused,
    read_filter,
)
from chess_analytics.store.facts import OWN, Viewpoint

_PRESET_HELP = "A question in words by its name; --list shows them all."

NameOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Look at this player's games in your library, not at yours."),
]
ZoneOption = Annotated[
    str,
    typer.Option(metavar="ZONE", help="Whose clock tells days and hours, such as Europe/Vienna."),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DIMENSION=BUCKET[|BUCKET…]",
        help="Only what falls into these, such as speed=blitz|rapid; may be repeated.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON.")]


class NothingAnalysed(ChessAnalyticsError):
    """There is nothing to answer from."""


def insights(  # noqa: PLR0913 - each is an option of the command
    preset: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help=_PRESET_HELP)] = None,
    *,
    metric: Annotated[
        str | None, typer.Option(metavar="METRIC", help="Measure this instead.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="DIMENSION", help="Cut it by this.")] = None,
    then: Annotated[
        str | None, typer.Option(metavar="DIMENSION", help="And each part by this.")
    ] = None,
    only: OnlyOption = None,
    player: NameOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw the answers as bars with intervals, too."),
    ] = None,
    most: Annotated[
        int, typer.Option(min=1, metavar="N", help="Of openings, opponents and the like.")
    ] = MOST_BUCKETS,
    names: Annotated[
        bool, typer.Option("--list", help="List the questions, metrics and dimensions.")
    ] = False,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Answer a question over all analysed games, with how sure the answer is.

    Without a word it answers how much is lost in which phase of the game.
    """
    if names:
        _print("".join(f"{line}\n" for line in all_names()))
        return
    if preset and metric:
        raise typer.BadParameter("a QUESTION and --metric both say what to measure; give one")
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv both say how to write; give one")
    if (by or then) and not metric:
        raise typer.BadParameter("--by and --then cut what --metric measures; name a metric")
    asked = _questions(preset, metric, by, then)
    filters = _filters(only)
    facts = facts_of(user, data_dir, player)
    answers = [
        answer(facts, replace(each, filters=(*each.filters, *filters), zone=zone, most=most))
        for each in asked
    ]
    if plot:
        write_whole_file([answers_svg(answers).encode()], plot)
    if as_json:
        _print("".join(f"{json.dumps(asdict(each), ensure_ascii=False)}\n" for each in answers))
    elif as_csv:
        _print(answers_csv(answers))
    else:
        _print("\n".join(as_table(each) for each in answers))
    STDERR.print(f"{facts.games.height} games, {facts.own_moves.height} moves", markup=False)


def findings(
    *,
    only: OnlyOption = None,
    player: NameOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Tell what costs most, how sure that is, where to see it, and what to do next."""
    filters = _filters(only)
    facts = facts_of(user, data_dir, player)
    found = find(facts, Asked(span=Span(filters=filters, zone=zone)))
    if as_json:
        _print(f"{json.dumps(findings_object(found), ensure_ascii=False)}\n")
    else:
        _print("\n".join(as_words(each) for each in found.findings))
    STDERR.print(summary(found), markup=False)


def facts_of(user: str | None, data_dir: DataDirOption, player: str | None) -> Facts:
    """Load the facts of a player of one user's games.

    Raises:
        NothingAnalysed: there are none yet.
    """
    with open_library(user, data_dir) as library:
        viewpoint = Viewpoint(name=player) if player else OWN
        facts = FactShelf().facts(library.store, library.owner.id, viewpoint)
    if not facts.own_moves.height:
        whose = f"of {player}'s" if player else "of yours"
        raise NothingAnalysed(
            f"no game {whose} was analysed yet: analyse some with `chess-analytics jobs start "
            "--wait`, or name another player with --player"
        )
    return facts


def _questions(
    preset: str | None, metric: str | None, by: str | None, then: str | None
) -> tuple[Question, ...]:
    if metric:
        return (Question(metric=metric, by=by, then=then),)
    chosen = PRESETS.get(preset or "phases")
    if chosen is None:
        raise typer.BadParameter(
            f"there is no question {preset!r}; there are: {', '.join(PRESETS)}"
        )
    return chosen.questions


def _filters(only: list[str] | None) -> tuple[Filter, ...]:
    try:
        return tuple(read_filter(text) for text in only or ())
    except QuestionRefused as error:
        raise typer.BadParameter(str(error)) from error


def _print(text: str) -> None:
    # As bytes: what is written does not depend on the locale.
    typer.echo(text.encode(), nl=False)
