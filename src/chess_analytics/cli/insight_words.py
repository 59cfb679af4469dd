"""How insights and findings read in a terminal, and as rows and objects."""

import csv
import io
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

from chess_analytics.cli.career import places_of
from chess_analytics.insights.comparing import LevelComparison, PastComparison
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.findings import Finding, Findings
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.presets import PRESETS
from chess_analytics.insights.question import Answer, AnswerRow
from chess_analytics.insights.titles import row_label, title


def all_names() -> Iterable[str]:
    """List what can be asked, with what it means."""
    yield "questions:"
    yield from (f"  {preset.key:24} {preset.words}" for preset in PRESETS.values())
    yield "metrics:"
    yield from (f"  {each.key:24} {each.about}" for each in METRICS.values())
    yield "dimensions:"
    yield from (f"  {each.key:24} {each.about}" for each in DIMENSIONS.values())


def as_table(given: Answer) -> str:
    """Write an answer as lines under a title."""
    asked = given.question
    totals = given.total if asked.by else ()
    lines = [_as_line(row) for row in given.rows] + [_as_line(row, "all") for row in totals]
    if given.left_out:
        lines.append(f"  and {given.left_out} with fewer games; --most N shows more")
    return "\n".join([title(asked), *lines]) + "\n"


def _as_line(row: AnswerRow, bucket: str | None = None) -> str:
    label = row_label(replace(row, bucket=bucket or row.bucket))
    value = "-" if row.value is None else f"{row.value:.2f}"
    known = row.low is not None and row.high is not None
    interval = f"{row.low:.2f} to {row.high:.2f}" if known else ""
    basis = f"{row.moves} moves, {row.games} games" if row.moves else f"{row.games} games"
    few = "; too few to say" if row.too_few else ""
    return f"  {label:36} {value:>9}  {interval:20}  {basis}{few}"


def answers_csv(answers: Iterable[Answer]) -> str:
    """Write the rows of answers as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["metric", "by", "then", *AnswerRow.__dataclass_fields__])
    writer.writeheader()
    for each in answers:
        asked = {"metric": each.question.metric, "by": each.question.by, "then": each.question.then}
        writer.writerows(asked | asdict(row) for row in each.rows)
    return text.getvalue()


def as_words(found: Finding) -> str:
    """Write a finding as some lines."""
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
        *_since(found.past),
        *_beside(found.level),
        f"  next: {found.step.words}",
        f"  see: {places_of(found.evidence.moves)}",
    ]
    return "\n".join(lines) + "\n"


def drills_line(found: Finding, options: Sequence[str]) -> str:
    """Write the command that asks the drills of a finding's moves.

    ``options`` say among which games it was found.
    """
    cut = [f"{each.dimension}={'|'.join(each.buckets)}" for each in found.cut.filters]
    words = [*options, *(word for text in cut for word in ("--only", text))]
    return f"  train: {shlex.join(['chess-analytics', 'drills', 'solve', *words])}\n"


def _since(past: PastComparison | None) -> Iterable[str]:
    """Say how it went from the first half of the games to the second, where there is enough."""
    if past is None:
        return
    told = "worse" if past.low > 0 else "better" if past.high < 0 else "not surely another"
    day = datetime.fromtimestamp(past.split_ms / 1000, UTC).date()
    yield (
        f"  since {day} {told}: {past.after.difference:.2f} points a move beyond the others, "
        f"{past.before.difference:.2f} before"
    )


def _beside(level: LevelComparison | None) -> Iterable[str]:
    """Say how others of the same level do there, and who they are."""
    if level is None:
        return
    told = "surely more" if level.low > 0 else "not surely more"
    yield (
        f"  {told} than {level.players} {level.origin}, who lose {level.theirs:.2f} points a move "
        "beyond the others"
    )


def findings_object(found: Findings) -> dict[str, object]:
    """Give findings as JSON has them."""
    rows = [
        {**asdict(each), "words": each.cut.words, "is_own": each.is_own, "next": each.step.words}
        for each in found.findings
    ]
    return asdict(found) | {"findings": rows}


def summary(found: Findings) -> str:
    """Say in how much was looked, and how far to trust what was found."""
    basis = f"{found.cuts} cuts of {found.moves} moves in {found.games} games were compared"
    if not found.findings:
        return f"nothing costs surely more than the rest; {basis}"
    return f"{basis}; at most {found.rate:.0%} of such findings are chance"
