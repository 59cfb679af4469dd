"""Whose career a command tells of and which games of it, and how what it says is written."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer

from chess_analytics.actions.load_facts import load_facts
from chess_analytics.actions.spell_moves import spell_moves
from chess_analytics.cli.game_options import DAY_MS, start_ms
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.insights.evidence import MoveRef
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.measured import Measured
from chess_analytics.insights.question import Filter, QuestionRefused, read_filter
from chess_analytics.store.facts import OWN, Viewpoint

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
CsvOption = Annotated[bool, typer.Option("--csv", help="Write CSV.")]

UTC_ZONE = "UTC"
"""Of the option, where nothing is said."""
_MOST_SEEN = 5

_Found = TypeVar("_Found")


class NothingAnalysed(ChessAnalyticsError):
    """There is nothing to answer from."""


@dataclass(frozen=True, slots=True)
class Career:
    """The facts of a player, and the open library that they come from."""

    library: Library
    facts: Facts

    def spelled(self, found: _Found) -> _Found:
        """Put standard notation beside the moves of what was found."""
        return spell_moves(self.library.store, found)


@contextmanager
def open_career(user: UserOption, data_dir: DataDirOption, player: str | None) -> Iterator[Career]:
    """Load the facts of a player of one user's games, analysed or not, and keep the library open.

    Opening it costs more than most questions: what is asked twice is asked of one that is open.
    """
    viewpoint = Viewpoint(name=player) if player else OWN
    with open_library(user, data_dir) as library:
        yield Career(library, load_facts(library.store, library.owner.id, viewpoint))


@contextmanager
def open_analysed_career(
    user: UserOption, data_dir: DataDirOption, player: str | None
) -> Iterator[Career]:
    """Do so where some of the games are analysed.

    Raises:
        NothingAnalysed: none is yet.
    """
    with open_career(user, data_dir, player) as career:
        if not career.facts.own_count:
            whose = f"of {player}'s" if player else "of yours"
            raise NothingAnalysed(
                f"no game {whose} was analysed yet: analyse some with `chess-analytics jobs start "
                "--wait`, or name another player with --player"
            )
        yield career


def facts_of(user: UserOption, data_dir: DataDirOption, player: str | None) -> Facts:
    """Load the facts of a player of one user's games, for who needs nothing else of the library.

    Raises:
        NothingAnalysed: none of them is analysed yet.
    """
    with open_analysed_career(user, data_dir, player) as career:
        return career.facts


def read_span(
    only: Sequence[str] | None,
    zone: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Span:
    """Put the options that say which games are meant into the words of the insights.

    Raises:
        typer.BadParameter: a filter cannot be read.
    """
    return Span(
        filters=_filters(only),
        since_ms=start_ms(since) if since else None,
        until_ms=start_ms(until) + DAY_MS if until else None,
        zone=zone,
    )


def span_words(
    only: Sequence[str] | None,
    zone: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[str]:
    """Write these options as one types them, for another command about the same games."""
    days = {"--since": since, "--until": until}
    return [
        *(word for text in only or () for word in ("--only", text)),
        *(word for name, day in days.items() if day for word in (name, f"{day:%Y-%m-%d}")),
        *(() if zone == UTC_ZONE else ("--zone", zone)),
    ]


def refuse_two_forms(*, as_json: bool, as_csv: bool) -> None:
    """Make sure that it is clear how to write.

    Raises:
        typer.BadParameter: it is not.
    """
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv both say how to write; give one")


def tell_basis(facts: Facts) -> None:
    """Say how much there is to answer from."""
    STDERR.print(f"{facts.games.height} games, {facts.own_count} moves", markup=False)


def print_text(text: str) -> None:
    """Write to standard output; as bytes, so that it does not depend on the locale."""
    typer.echo(text.encode(), nl=False)


def print_json(value: object) -> None:
    """Write one object as a line."""
    print_text(f"{json.dumps(value, ensure_ascii=False)}\n")


def print_csv(rows: Iterable[Mapping[str, object]], columns: Iterable[str]) -> None:
    """Write rows with these columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*columns])
    writer.writeheader()
    writer.writerows(rows)
    print_text(text.getvalue())


def measured_cells(name: str, measured: Measured | None) -> dict[str, float | None]:
    """Give the cells of a row that hold a number, its interval and how much stands behind it."""
    fields = ("value", "low", "high", "count")
    return {
        name if field == "value" else f"{name}_{field}": getattr(measured, field, None)
        for field in fields
    }


def measured_words(measured: Measured | None, unit: str = "") -> str:
    """Write a number with its interval, as far as they are known; percents with one digit."""
    if measured is None:
        return "-"
    places = 1 if unit else 2
    value = f"{measured.value:.{places}f}{unit}"
    if measured.low is None or measured.high is None:
        return value
    return f"{value} ({measured.low:.{places}f} to {measured.high:.{places}f})"


def places_of(seen: Sequence[MoveRef]) -> str:
    """Name some moves, as «17…Nxd3 (/games/12?ply=34)»: there the web app shows them."""
    return ", ".join(_place(each) for each in seen[:_MOST_SEEN])


def _place(move: MoveRef) -> str:
    number = f"{(move.ply + 1) // 2}{'.' if move.ply % 2 else '…'}"
    return f"{number}{move.san or move.uci} (/games/{move.game_id}?ply={move.ply})"


def day_of(at_ms: int | None) -> str:
    """Name the day of a moment, in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat() if at_ms else "-"


def _filters(only: Sequence[str] | None) -> tuple[Filter, ...]:
    try:
        return tuple(read_filter(text) for text in only or ())
    except QuestionRefused as error:
        raise typer.BadParameter(str(error)) from error
