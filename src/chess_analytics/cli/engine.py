"""``chess-analytics engine``: find and install a chess engine."""

import typer

from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.engine.discovery import find_engine
from chess_analytics.engine.install import install_engine

app = typer.Typer(no_args_is_help=True, help="Find and install a chess engine.")


@app.command()
def install() -> None:
    """Install Stockfish unless an engine is there: the system's package, else a build for Node."""
    command = install_engine(lambda text: STDERR.print(text, markup=False))
    STDERR.print(f"engine: {command.describe()}", markup=False)


@app.command()
def path() -> None:
    """Print the command line of the engine that would be used."""
    typer.echo(" ".join(find_engine(read_settings().engine).argv))
