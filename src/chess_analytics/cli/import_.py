"""``chess-analytics import``: games of files, or of a player on a site, into the library."""

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from chess_analytics.actions.exports.account_json import import_object
from chess_analytics.actions.link_players import checked_name
from chess_analytics.cli.import_run import ImportRun
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.reading import InputReader
from chess_analytics.cli.stopping import stop_on_signals
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.games.model import Site
from chess_analytics.store.import_problems import Problem, problems_after
from chess_analytics.store.imports import ImportState, StoredImport

_STOPPED = 130
_PROBLEMS_SHOWN = 10
_SITES = {"lichess": Site.LICHESS, "chesscom": Site.CHESSCOM}


def import_(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Files or folders of games (PGN, Lichess NDJSON, Chess.com JSON, also .gz, .zst "
            "and .zip), - for standard input, lichess:NAME, or chesscom:NAME.",
            show_default=False,
        ),
    ],
    *,
    user: UserOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object a line.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Import games into the library; what is there already is not added twice.

    With lichess:NAME or chesscom:NAME all games of that player are fetched from the site, the next
    time only those that are new; the name is linked to the user, whose games they become. Give the
    same command again after it was stopped, and it goes on. Exit code 0: done, games that could
    not be read included; 1: an import failed; 2: wrong words; 130: stopped.
    """
    named = [(source, _player_of(source)) for source in sources]
    players = [player for _, player in named if player]
    for site, name in players:
        checked_name(site, name)
    paths = [source for source, player in named if not player]
    reader = InputReader(paths, STDERR) if paths else None
    settings = read_settings(data_dir=data_dir)
    with open_library(user, data_dir) as library, stop_on_signals() as stop:
        run = ImportRun(library, settings, stop)
        states = [_tell(library, found, as_json=as_json) for found in run.go(reader, players)]
        is_stopped = stop.event.is_set()
    if is_stopped:
        STDERR.print("stopped; give the same command again and it goes on")
        raise typer.Exit(_STOPPED)
    raise typer.Exit(0 if all(state is ImportState.DONE for state in states) else 1)


def _player_of(source: str) -> tuple[Site, str] | None:
    """Understand lichess:NAME; a file that is called so is meant with ./ before it."""
    site, colon, name = source.partition(":")
    return (_SITES[site], name) if colon and site in _SITES else None


def _tell(library: Library, found: StoredImport, *, as_json: bool) -> ImportState:
    """Say what came of an import, and give its state."""
    with library.store.reading() as connection:
        problems = problems_after(connection, found.id, 0, _PROBLEMS_SHOWN + 1)
    for line in _what_went_wrong(found, problems):
        STDERR.print(line, markup=False)
    if as_json:
        typer.echo(json.dumps(import_object(found), ensure_ascii=False))
    else:
        typer.echo(_summary(found))
    return found.state


def _what_went_wrong(found: StoredImport, problems: list[Problem]) -> Iterator[str]:
    for problem in problems[:_PROBLEMS_SHOWN]:
        at = f", line {problem.line}" if problem.line else ""
        detail = f" ({problem.detail})" if problem.detail else ""
        kind = problem.kind.replace("_", " ")
        yield f"{kind}: {problem.source}: game {problem.number}{at}: {problem.reason}{detail}"
    more = found.counts.set_aside + found.counts.broken - _PROBLEMS_SHOWN
    if problems and more > 0:
        yield f"and {more} more that are not in the library"
    for reason, count in found.counts.reasons.items():
        yield f"not in the library: {count} ({reason})"
    if found.error:
        yield f"{found.name}: {found.error}"


def _summary(found: StoredImport) -> str:
    """Say where every entry went; the numbers add up."""
    counts = found.counts
    parts = [f"{counts.added} added", f"{counts.already_there} already there"]
    parts += [f"{counts.set_aside} set aside"] if counts.set_aside else []
    parts += [f"{counts.broken} broken"] if counts.broken else []
    games = "game" if counts.found == 1 else "games"
    return f"{found.name}: {found.state}, {counts.found} {games} found: {', '.join(parts)}"
