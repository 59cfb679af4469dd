"""``chess-analytics engine``: find and install a chess engine."""

import shlex

import typer

from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.engine.discovery import Places, find_engine
from chess_analytics.engine.install import install_engine

app = typer.Typer(no_args_is_help=True, help="Find and install a chess engine.")


@app.command()
def install() -> None:
    """Install Stockfish unless an engine is there: the system's package, else a build for Node."""
    settings = read_settings()
    command = install_engine(
        lambda text: STDERR.print(text, markup=False),
        Places.here(settings.data_dir),
        setting=settings.engine,
    )
    STDERR.print(f"engine: {command.describe()}", markup=False)


@app.command()
def path() -> None:
    """Print the command line of the engine that would be used."""
    settings = read_settings()
    command = find_engine(settings.engine, Places.here(settings.data_dir))
    typer.echo(shlex.join(command.argv))
