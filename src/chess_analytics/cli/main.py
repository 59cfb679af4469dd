"""The command ``chess-analytics``: its subcommands and how errors are told."""

import sys

import typer

from chess_analytics import __version__
from chess_analytics.cli import (
    analyse,
    db,
    doctor,
    engine,
    export,
    fleet,
    games,
    import_,
    jobs,
    serve,
    user,
    worker,
)
from chess_analytics.cli.talk import STDERR
from chess_analytics.errors import ChessAnalyticsError

app = typer.Typer(
    name="chess-analytics",
    help="Analyse a whole archive of chess games with Stockfish, on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(analyse.analyse)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(fleet.beat)
app.command()(fleet.flower)
app.command("import")(import_.import_)
app.command()(games.games)
app.command()(export.export)
app.command()(doctor.doctor)
app.add_typer(db.app, name="db")
app.add_typer(engine.app, name="engine")
app.add_typer(jobs.app, name="jobs")
app.add_typer(user.app, name="user")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - the shape that typer calls
    if wanted:
        typer.echo(f"chess-analytics {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(  # noqa: FBT001 - an option of the command
        False,  # noqa: FBT003
        "--version",
        callback=_show_version,
        is_eager=True,
        help="Show the version and stop.",
    ),
) -> None:
    """Analyse a whole archive of chess games with Stockfish, on your own machine."""


def main() -> None:
    """Run the command; our own errors are told in a sentence, without a traceback."""
    try:
        app()
    except ChessAnalyticsError as error:
        STDERR.print(f"chess-analytics: {error}", style="bold red", markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        STDERR.print("stopped", markup=False)
        sys.exit(130)
