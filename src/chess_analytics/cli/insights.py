"""``chess-analytics insights`` and ``findings``: what a career says, asked on the command line."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer

from chess_analytics.actions.load_facts import FactShelf
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, UserOption, open_library
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.insights.answering import answer
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.findings import Asked, Finding, Findings, find
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.presets import PRESETS
from chess_analytics.insights.question import (
    Answer,
    AnswerRow,
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
        _print("".join(f"{line}\n" for line in _names()))
        return
    if preset and metric:
        raise typer.BadParameter("a QUESTION and --metric both say what to measure; give one")
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv both say how to write; give one")
    if (by or then) and not metric:
        raise typer.BadParameter("--by and --then cut what --metric measures; name a metric")
    asked = _questions(preset, metric, by, then)
    filters = _filters(only)
    facts = _facts(user, data_dir, player)
    answers = [answer(facts, _within(question, filters, zone)) for question in asked]
    if as_json:
        _print("".join(f"{json.dumps(asdict(each), ensure_ascii=False)}\n" for each in answers))
    elif as_csv:
        _print(_as_csv(answers))
    else:
        _print("\n".join(_as_table(each) for each in answers))
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
    facts = _facts(user, data_dir, player)
    found = find(facts, Asked(span=Span(filters=filters, zone=zone)))
    if as_json:
        _print(f"{json.dumps(_finding_objects(found), ensure_ascii=False)}\n")
    else:
        _print("\n".join(_as_words(each) for each in found.findings))
    STDERR.print(_summary(found), markup=False)


def _facts(user: str | None, data_dir: DataDirOption, player: str | None) -> Facts:
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


def _within(question: Question, filters: tuple[Filter, ...], zone: str) -> Question:
    return Question(
        metric=question.metric,
        by=question.by,
        then=question.then,
        filters=(*question.filters, *filters),
        zone=zone,
    )


def _filters(only: list[str] | None) -> tuple[Filter, ...]:
    try:
        return tuple(read_filter(text) for text in only or ())
    except QuestionRefused as error:
        raise typer.BadParameter(str(error)) from error


def _names() -> Iterable[str]:
    yield "questions:"
    yield from (f"  {preset.key:24} {preset.words}" for preset in PRESETS.values())
    yield "metrics:"
    yield from (f"  {each.key:24} {each.about}" for each in METRICS.values())
    yield "dimensions:"
    yield from (f"  {each.key:24} {each.about}" for each in DIMENSIONS.values())


def _as_table(given: Answer) -> str:
    asked = given.question
    metric = METRICS[asked.metric]
    cuts = " and ".join(DIMENSIONS[key].name for key in (asked.by, asked.then) if key)
    unit = f" ({metric.unit})" if metric.unit else ""
    title = f"{metric.name}{unit}{f', by {cuts}' if cuts else ''}"
    totals = given.total if asked.by else ()
    lines = [_as_line(row) for row in given.rows] + [_as_line(row, "all") for row in totals]
    return "\n".join([title, *lines]) + "\n"


def _as_line(row: AnswerRow, bucket: str | None = None) -> str:
    label = " / ".join(word for word in (bucket or row.bucket, row.second, row.part) if word)
    value = "-" if row.value is None else f"{row.value:.2f}"
    known = row.low is not None and row.high is not None
    interval = f"{row.low:.2f} to {row.high:.2f}" if known else ""
    basis = f"{row.moves} moves, {row.games} games" if row.moves else f"{row.games} games"
    few = "; too few to say" if row.too_few else ""
    return f"  {label or 'all':36} {value:>9}  {interval:20}  {basis}{few}"


def _as_csv(answers: Iterable[Answer]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["metric", "by", "then", *AnswerRow.__dataclass_fields__])
    writer.writeheader()
    for each in answers:
        asked = {"metric": each.question.metric, "by": each.question.by, "then": each.question.then}
        writer.writerows(asked | asdict(row) for row in each.rows)
    return text.getvalue()


def _as_words(found: Finding) -> str:
    excess = found.excess
    whose = {True: "surely more than the opponents", False: "opponents may lose as much", None: ""}
    lines = [
        f"{found.cut.words}: {found.points_a_month:.0f} points of winning chance a month",
        (
            f"  {excess.loss:.2f} points lost a move here, {excess.elsewhere:.2f} elsewhere "
            f"({excess.moves} moves in {excess.games} games)"
        ),
        f"  in all {excess.points:.0f} points, {excess.low:.0f} to {excess.high:.0f}"
        + (f"; {whose[found.is_own]}" if whose[found.is_own] else ""),
        f"  next: {found.step.words}",
        "  see: " + ", ".join(f"game {m.game_id} ply {m.ply}" for m in found.evidence.moves[:5]),
    ]
    return "\n".join(lines) + "\n"


def _finding_objects(found: Findings) -> dict[str, object]:
    rows = [
        {**asdict(each), "words": each.cut.words, "is_own": each.is_own, "next": each.step.words}
        for each in found.findings
    ]
    return asdict(found) | {"findings": rows}


def _summary(found: Findings) -> str:
    basis = f"{found.cuts} cuts of {found.moves} moves in {found.games} games were compared"
    if not found.findings:
        return f"nothing costs surely more than the rest; {basis}"
    return f"{basis}; at most {found.rate:.0%} of such findings are chance"


def _print(text: str) -> None:
    # As bytes: what is written does not depend on the locale.
    typer.echo(text.encode(), nl=False)
