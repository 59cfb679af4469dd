"""``chess-analytics drills``: one's own mistakes as drills, listed, solved, and taken elsewhere."""

import json
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.actions.due_drills import DueNow, drills_due, drills_from
from chess_analytics.actions.exports.drill_json import drill_object
from chess_analytics.actions.gather_drills import gather_drills
from chess_analytics.actions.load_facts import load_facts
from chess_analytics.actions.write_drills import write_drills_anki, write_drills_pgn
from chess_analytics.cli.career import OnlyOption, ZoneOption, read_span
from chess_analytics.cli.drills_solve import solve_drills, wall_ms
from chess_analytics.cli.game_options import SinceOption, UntilOption, printable
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whole_files import write_pieces, write_whole_file
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.engine.discovery import Places
from chess_analytics.engine.uci import UciSettings
from chess_analytics.insights.loss_table import Span
from chess_analytics.jobs.engine_supply import InstalledEngine
from chess_analytics.jobs.move_checks import MoveChecks
from chess_analytics.store.drill_mistakes import StoredMistake, mistakes_of
from chess_analytics.store.drills import StoredDrill

app = typer.Typer(
    help="Train with positions of your own games in which you missed something better.",
    no_args_is_help=True,
)

_STDOUT = "-"
_NONE_YET = (
    "no drills yet: they come from mistakes in your own analysed games (`chess-analytics jobs "
    "start` analyses; your names are linked in the settings)"
)
_NONE_OF_THESE = "no drill comes from such moves; without --only, --since and --until all are asked"

LimitOption = Annotated[
    int, typer.Option(min=1, max=10_000, metavar="N", help="So many drills at most.")
]
MoreOption = Annotated[
    int,
    typer.Option(
        "--more-new", min=0, max=10_000, metavar="N", help="New ones beyond the ten of a day."
    ),
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which drills are asked for, and how many."""

    limit: int
    more_new: int
    span: Span

    @property
    def is_narrow(self) -> bool:
        """Whether only drills of some moves are meant."""
        span = self.span
        return bool(span.filters) or span.since_ms is not None or span.until_ms is not None


class DrillFormat(StrEnum):
    """How drills are written."""

    PGN = "pgn"
    ANKI = "anki"


@app.command("list")
def list_(  # noqa: PLR0913 - each is an option of the command
    *,
    user: UserOption = None,
    limit: LimitOption = 50,
    more_new: MoreOption = 0,
    only: OnlyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    zone: ZoneOption = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help="Print an object a line.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List what is due: drills that come back, then new ones. Games are read for mistakes first.

    With --only, those that come from such moves, as `findings` names them.
    """
    asked = _Asked(limit, more_new, read_span(only, zone, since, until))
    with open_library(user, data_dir) as library:
        due = _due(library, asked)
        with library.store.reading() as connection:
            mistakes = mistakes_of(connection, [drill.id for drill in due.drills])
    for drill in due.drills:
        behind = mistakes[drill.id]
        if as_json:
            typer.echo(json.dumps(drill_object(drill, behind), ensure_ascii=False).encode())
        else:
            typer.echo(_line(drill, behind).encode())
    _tell(due, asked)


@app.command()
def solve(  # noqa: PLR0913 - each is an option of the command
    *,
    user: UserOption = None,
    limit: LimitOption = 50,
    more_new: MoreOption = 0,
    only: OnlyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    zone: ZoneOption = "UTC",
    data_dir: DataDirOption = None,
) -> None:
    """Solve what is due, here in the terminal: type a move such as Nf3 or g1f3.

    A move that no analysis has looked at is checked by the engine of this machine. With --only,
    drills that come from such moves, as `findings` names them.
    """
    asked = _Asked(limit, more_new, read_span(only, zone, since, until))
    settings = read_settings(data_dir=data_dir)
    uci = UciSettings(hash_mb=settings.hash_mb, niceness=0, syzygy_path=settings.syzygy_path)
    source = InstalledEngine(settings.engine, Places.here(settings.data_dir), uci)
    with open_library(user, data_dir) as library:
        due = _due(library, asked)
        if not due.drills:
            _tell(due, asked)
            return
        checks = MoveChecks(source)
        try:
            solve_drills(library, due.drills, checks)
        finally:
            checks.close()


@app.command()
def export(
    output: Annotated[
        str, typer.Argument(metavar="OUTPUT", help="The file to write; - is standard output.")
    ],
    *,
    to: Annotated[
        DrillFormat,
        typer.Option("--format", help="PGN for any board, or a text that Anki imports."),
    ] = DrillFormat.PGN,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Write all drills but those that were set aside, with their solutions."""
    write = write_drills_pgn if to is DrillFormat.PGN else write_drills_anki
    with open_library(user, data_dir) as library:
        _gather(library)
        pieces = (text.encode() for text in write(library.store, library.owner.id))
        if output == _STDOUT:
            write_pieces(pieces, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            size = write_whole_file(pieces, Path(output))
            STDERR.print(f"written: {output}, {size / 1e3:.1f} kB", markup=False)


def _due(library: Library, asked: _Asked) -> DueNow:
    _gather(library)
    store, whose = library.store, library.owner.id
    facts = load_facts(store, whose) if asked.is_narrow else None
    with store.reading() as connection:
        among = drills_from(connection, whose, facts, asked.span) if facts else None
        return drills_due(
            connection,
            whose,
            now_ms=wall_ms(),
            limit=asked.limit,
            more_new=asked.more_new,
            among=among,
        )


def _gather(library: Library) -> None:
    done = gather_drills(library.store, library.owner.id, now_ms=wall_ms())
    if done.games:
        STDERR.print(f"{done.games:,} analysed games read for mistakes", markup=False)


def _line(drill: StoredDrill, mistakes: list[StoredMistake]) -> str:
    last = mistakes[0] if mistakes else None
    names = f"{last.white or '?'} - {last.black or '?'}" if last else ""
    kind = "new" if drill.begun_ms is None else "again"
    often = f"{len(mistakes)} times" if len(mistakes) > 1 else "once"
    return (
        f"{drill.id:>8}  {kind:5}  {drill.position.side:5}  missed {often:8}  "
        f"{drill.position.fen}  {printable(names)}"
    )


def _tell(due: DueNow, asked: _Asked) -> None:
    counts = due.counts
    if not counts.all:
        told = _NONE_OF_THESE if asked.is_narrow else _NONE_YET
        STDERR.print(told, markup=False)
        return
    STDERR.print(
        f"{counts.due} due, {due.new_today} new today, {counts.all:,} in all", markup=False
    )
