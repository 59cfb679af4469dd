"""``chess-analytics trend``: how a metric moves over time, and when it surely changed."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from chess_analytics.cli.career import (
    CsvOption,
    JsonOption,
    NameOption,
    OnlyOption,
    ZoneOption,
    day_of,
    facts_of,
    print_csv,
    print_json,
    print_text,
    read_span,
    refuse_two_forms,
)
from chess_analytics.cli.game_options import SinceOption, UntilOption
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, UserOption
from chess_analytics.insights.question import Question
from chess_analytics.insights.titles import title
from chess_analytics.insights.trends import Trend, TrendAsked, TrendPoint
from chess_analytics.insights.trends import trend as follow

_POINTS = 24


def trend(  # noqa: PLR0913 - each is an option of the command
    metric: Annotated[
        str,
        typer.Argument(
            metavar="[METRIC]", help="What is followed; `insights --list` shows all metrics."
        ),
    ] = "loss",
    *,
    points: Annotated[
        int, typer.Option(min=2, max=300, metavar="N", help="Of the line, so many at most.")
    ] = _POINTS,
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
    """Follow a metric over time: a smoothed line with its band, and when it surely changed."""
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    span = read_span(only, zone, since, until)
    facts = facts_of(user, data_dir, player)
    found = follow(facts, TrendAsked(metric=metric, span=span, points=points))
    if as_json:
        print_json(_object(found))
    elif as_csv:
        print_csv((asdict(each) for each in found.points), TrendPoint.__dataclass_fields__)
    else:
        print_text("".join(f"{line}\n" for line in _lines(found)))
    STDERR.print(_summary(found), markup=False)


def _object(found: Trend) -> dict[str, object]:
    return {
        "metric": found.metric.key,
        "points": [asdict(each) for each in found.points],
        "changes": [asdict(each) for each in found.changes],
        "games": found.games,
        "window_games": found.window_games,
    }


def _lines(found: Trend) -> Iterator[str]:
    yield title(Question(metric=found.metric.key))
    for each in found.points:
        yield f"  {day_of(each.at_ms)}  {each.value:9.2f}  {each.low:.2f} to {each.high:.2f}"
    for change in found.changes:
        yield (
            f"  from {day_of(change.at_ms)} on {change.after:.2f}, {change.before:.2f} before: "
            f"changed by {change.low:.2f} to {change.high:.2f} (p {change.p:.3f})"
        )


def _summary(found: Trend) -> str:
    if not found.points:
        return f"{found.games} games are too few for a line"
    changes = f"{len(found.changes)} changes" if found.changes else "no change"
    return (
        f"{found.games} games, {found.window_games} behind each point; "
        f"{changes} that chance hardly explains"
    )
