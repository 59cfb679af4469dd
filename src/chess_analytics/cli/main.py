"""The command ``chess-analytics``: its subcommands and how errors are told."""

import sys
from importlib import import_module

import typer

from chess_analytics import __version__
from chess_analytics.cli.talk import STDERR
from chess_analytics.errors import ChessAnalyticsError

# Where each subcommand lives. Only the one that is called is imported: all of them together take
# as long as some of them take to do their work.
_COMMANDS = {
    "analyse": "analyse:analyse",
    "serve": "serve:serve",
    "worker": "worker:worker",
    "beat": "fleet:beat",
    "flower": "fleet:flower",
    "import": "import_:import_",
    "games": "games:games",
    "export": "export:export",
    "insights": "insights:insights",
    "findings": "insights:findings",
    "drills": "drills:app",
    "trend": "trend:trend",
    "openings": "openings:openings",
    "clock": "clock:clock",
    "opponent": "opponent:opponent",
    "facts": "facts:facts",
    "doctor": "doctor:doctor",
    "status": "status:status",
    "plan": "plan:plan",
    "db": "db:app",
    "engine": "engine:app",
    "jobs": "jobs:app",
    "user": "user:app",
}


def build_app(*names: str) -> typer.Typer:
    """Put together the command with these subcommands, or with all of them."""
    app = typer.Typer(
        name="chess-analytics",
        help="Analyse a whole archive of chess games with Stockfish, on your own machine.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_options)
    for name in names or _COMMANDS:
        module, _, member = _COMMANDS[name].partition(":")
        command = getattr(import_module(f"chess_analytics.cli.{module}"), member)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - the shape that typer calls
    if wanted:
        typer.echo(f"chess-analytics {__version__}")
        raise typer.Exit


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
    called = [word for word in sys.argv[1:2] if word in _COMMANDS]
    try:
        build_app(*called)()
    except ChessAnalyticsError as error:
        STDERR.print(f"chess-analytics: {error}", style="bold red", markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        STDERR.print("stopped", markup=False)
        sys.exit(130)
