"""``chess-analytics insights`` and ``findings``: what a career says, asked on the command line."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.actions.compare_levels import Levels
from chess_analytics.actions.exports.bars import answers_svg
from chess_analytics.cli.career import (
    CsvOption,
    JsonOption,
    NameOption,
    OnlyOption,
    ZoneOption,
    facts_of,
    open_analysed_career,
    print_json,
    print_text,
    read_span,
    refuse_two_forms,
    span_words,
    tell_basis,
)
from chess_analytics.cli.game_options import SinceOption, UntilOption
from chess_analytics.cli.insight_words import (
    all_names,
    answers_csv,
    as_table,
    as_words,
    drills_line,
    findings_object,
    summary,
)
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whole_files import write_whole_file
from chess_analytics.cli.whose import DataDirOption, UserOption, library_words
from chess_analytics.insights.answering import answer
from chess_analytics.insights.findings import Asked, find
from chess_analytics.insights.presets import PRESETS
from chess_analytics.insights.question import MOST_BUCKETS, Question

_PRESET_HELP = "A question in words by its name; --list shows them all."


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
    since: SinceOption = None,
    until: UntilOption = None,
    player: NameOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
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
        print_text("".join(f"{line}\n" for line in all_names()))
        return
    if preset and metric:
        raise typer.BadParameter("a QUESTION and --metric both say what to measure; give one")
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    if (by or then) and not metric:
        raise typer.BadParameter("--by and --then cut what --metric measures; name a metric")
    asked = _questions(preset, metric, by, then)
    span = read_span(only, zone, since, until)
    facts = facts_of(user, data_dir, player)
    answers = [answer(facts, replace(span.narrow(each), most=most)) for each in asked]
    if plot:
        write_whole_file([answers_svg(answers).encode()], plot)
    if as_json:
        for each in answers:
            print_json(asdict(each))
    elif as_csv:
        print_text(answers_csv(answers))
    else:
        print_text("\n".join(as_table(each) for each in answers))
    tell_basis(facts)


def findings(  # noqa: PLR0913 - each is an option of the command
    *,
    only: OnlyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    player: NameOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Tell what costs most, how sure that is, where to see it, and what to do next."""
    span = read_span(only, zone, since, until)
    is_compared = read_settings(data_dir=data_dir).compare_levels
    with open_analysed_career(user, data_dir, player) as career:
        found = find(career.facts, Asked(span=span))
        if is_compared:
            whose = career.library.store, career.library.owner.id
            now_ms = time.time_ns() // 1_000_000
            found = Levels().compared(*whose, career.facts, found, span, now_ms)
        found = career.spelled(found)
    if as_json:
        print_json(findings_object(found))
    else:
        options = [*library_words(user, data_dir), *span_words(only, zone, since, until)]
        # Only one's own mistakes become drills.
        told = (
            as_words(each) + ("" if player else drills_line(each, options))
            for each in found.findings
        )
        print_text("\n".join(told))
    STDERR.print(summary(found), markup=False)


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
