"""``chess-analytics db``: the tables of the library and their version."""

from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.actions.back_up_library import back_up_library
from chess_analytics.actions.rebuild_facts import rebuild_facts as rebuild_all
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.store.backup import BackupFailed
from chess_analytics.store.copying import CopyUnreadable, TableCopied, copy_library
from chess_analytics.store.session import (
    holds_library,
    open_database,
    open_folder,
    open_store,
    upgrade_database,
)

app = typer.Typer(
    help="The database: make, upgrade, copy or back up its tables.", no_args_is_help=True
)

DataDir = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where the library is kept, with SQLite.")
]


@app.command()
def upgrade(*, data_dir: DataDir = None) -> None:
    """Make the tables, or bring them to this version; what is in them stays.

    With SQLite `serve` does it by itself. With PostgreSQL run it before a new version is started;
    it may be run again and by several at once.
    """
    settings = read_settings(data_dir=data_dir)
    if settings.database_url:
        upgrade_database(settings.database_url.get_secret_value())
        typer.echo("the tables in PostgreSQL are up to date")
    else:
        with open_folder(settings.data_dir):
            typer.echo(f"the tables in {settings.data_dir} are up to date")


@app.command()
def rebuild_facts(*, data_dir: DataDir = None) -> None:
    """Make the facts that insights rest on anew, where their definitions have changed.

    They are made from the stored evaluations, without an engine, about a hundred games a second.
    """
    settings = read_settings(data_dir=data_dir)
    with open_store(settings.data_dir, settings.database) as store:
        rebuilt = rebuild_all(store, lambda done: STDERR.print(f"{done.all:,} games ..."))
    typer.echo(f"facts of {rebuilt.made:,} analyses were made anew")
    if rebuilt.unreadable:
        typer.echo(
            f"{rebuilt.unreadable:,} analyses do not fit the texts of their games any more and "
            "take no part in insights: delete these games and import them again",
            err=True,
        )


@app.command()
def check(*, data_dir: DataDir = None) -> None:
    """Tell whether the database can be used: exit code 0, or 1 and why not."""
    settings = read_settings(data_dir=data_dir)
    with open_store(settings.data_dir, settings.database) as store:
        kind = "SQLite" if store.is_embedded else "PostgreSQL"
        typer.echo(f"the library in {kind} can be used")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is not there.")],
    *,
    data_dir: DataDir = None,
) -> None:
    """Back up a library that is kept with SQLite, also while its server runs.

    The folder is a data folder then, as everything was at one moment, with the uploads that wait to
    be imported; it was read once to see that it is sound. A library in PostgreSQL is backed up by
    pg_dump; docs/guides/backup.md has the commands for both.
    """
    settings = read_settings(data_dir=data_dir)
    if settings.database_url:
        raise BackupFailed(
            "this library is kept in PostgreSQL (CHESS_ANALYTICS_DATABASE_URL): back it up with "
            "pg_dump, and copy the folder `uploads`"
        )
    size = back_up_library(settings.data_dir, target)
    typer.echo(f"{target} is a whole backup of {settings.data_dir}: {size / 1e6:,.1f} MB")


@app.command()
def copy(
    source: Annotated[
        str, typer.Argument(metavar="FOLDER_OR_URL", help="The data folder, or a PostgreSQL.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="POSTGRES_URL", help="An empty PostgreSQL database.")
    ],
) -> None:
    """Copy a whole library into an empty PostgreSQL database; what it is copied from stays.

    Every table is read back and compared, row for row by a checksum. All of it arrives or nothing.
    Stop the server before. Uploads that wait to be imported are files: copy the folder `uploads`,
    too. A password in an address can be left to PostgreSQL's own PGPASSFILE.
    """
    is_address = "://" in source
    if not (is_address or holds_library(Path(source))):
        raise CopyUnreadable(
            f"there is no library in the folder {source}: name the data folder, the one that "
            "holds analyses.sqlite3"
        )
    upgrade_database(target)
    with (
        open_store(Path(source), source if is_address else None) as old,
        open_database(target) as new,
    ):
        copied = copy_library(old, new, _tell)
    rows = sum(table.rows for table in copied)
    typer.echo(f"copied {rows} rows of {len(copied)} tables; counts and checksums are the same")


def _tell(table: TableCopied) -> None:
    STDERR.print(f"{table.name}: {table.rows} rows", markup=False, highlight=False)
