"""Tell the user what became of every game: a table, the counts, the files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from chess_analytics.actions.exports.html import Reading
from chess_analytics.actions.exports.summary import Summary
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.actions.take_in_games import Intake
from chess_analytics.cli.talk import STDERR
from chess_analytics.review.judgment import Judgment

_BROKEN_SHOWN = 10
_NAMES_SHOWN = 5
# Narrower, and rich would cut the headings to nothing.
_TABLE_COLUMNS = 75


@dataclass(frozen=True, slots=True)
class Told:
    """All that is worth telling when an analysis ends."""

    summary: Summary
    intake: Intake
    reading: Reading
    shared: SharedEvaluations
    files: list[Path]
    is_read: bool
    """The input was read to its end."""


def tell(told: Told) -> None:
    """Say it on standard error."""
    for line in _what_went_wrong(told):
        STDERR.print(line, markup=False)
    if told.summary.games:
        _show(told.summary)
    for line in _what_was_done(told):
        STDERR.print(line, markup=False)


def _what_went_wrong(told: Told) -> Iterator[str]:
    yield from (f"broken: {text}" for text in told.reading.broken[:_BROKEN_SHOWN])
    more = told.intake.broken_count - _BROKEN_SHOWN
    if more > 0:
        yield f"broken: {more} more; --problems FILE lists them all"
    yield from (f"failed: {text}" for text in told.reading.failed)


def _what_was_done(told: Told) -> Iterator[str]:
    yield spell_counts(told.reading, told.intake.broken_count)
    if told.summary.players and not told.summary.games and told.intake.found:
        names = ", ".join(told.intake.most_frequent_names(_NAMES_SHOWN))
        yield f"names that are in the games: {names}"
    if told.shared.hits:
        yield _spell_shared(told.shared)
    yield from (f"written: {path}" for path in told.files)
    if not told.is_read:
        yield "stopped before the input was read to its end"
    if told.reading.not_reached:
        yield "stopped; give the same command again and it goes on"


def spell_counts(reading: Reading, broken: int) -> str:
    """Say where every game of the input went; the numbers add up."""
    parts = [f"{reading.analysed} analysed"]
    parts += [f"{count} set aside ({reason})" for reason, count in reading.set_aside.items()]
    parts += [f"{broken} broken"] if broken else []
    parts += [f"{len(reading.failed)} failed"] if reading.failed else []
    parts += [f"{reading.not_reached} not reached"] if reading.not_reached else []
    games = "game" if reading.found == 1 else "games"
    return f"{reading.found} {games} in the input: {', '.join(parts)}"


def _spell_shared(shared: SharedEvaluations) -> str:
    share = 100 * shared.hits / (shared.hits + shared.misses)
    return (
        f"{shared.hits} first positions ({share:.0f} %) were known from other games, "
        f"which saved {shared.nodes_saved / 1e6:.1f} million nodes"
    )


def _show(summary: Summary) -> None:
    rows = [
        (
            side.value.capitalize(),
            str(tally.games),
            f"{tally.accuracy:.1f} %" if tally.accuracy is not None else "-",
            f"{tally.acpl:.0f}" if tally.acpl is not None else "-",
            *(str(tally.judgments[judgment]) for judgment in Judgment),
        )
        for side, tally in sorted(summary.by_side.items(), reverse=True)
    ]
    headings = ("", "games", "accuracy", "ACPL", "inaccuracies", "mistakes", "blunders")
    if STDERR.width < _TABLE_COLUMNS:
        for row in rows:
            cells = (f"{name} {cell}" for name, cell in zip(headings[1:], row[1:], strict=True))
            STDERR.print(f"{row[0]}: {', '.join(cells)}", markup=False)
        return
    table = Table(title=", ".join(summary.players) or None)
    for heading in headings:
        table.add_column(heading, justify="left" if not heading else "right")
    for row in rows:
        table.add_row(*row)
    STDERR.print(table)
