"""``chess-analytics facts``: the facts of all games as tables, for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.actions.export_facts import FactsFormat, FactsTable, write_facts
from chess_analytics.cli.career import NameOption, facts_of
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whole_files import write_whole_file
from chess_analytics.cli.whose import DataDirOption, UserOption
from chess_analytics.insights.dictionary import described

_DICTIONARY = "facts.md"


def facts(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files are written.")],
    *,
    form: Annotated[
        FactsFormat, typer.Option("--format", help="What other programs can read best.")
    ] = FactsFormat.PARQUET,
    player: NameOption = None,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Write the facts of all games as two tables, and a page that explains every column.

    FOLDER gets games and moves, as Parquet or CSV, and facts.md.
    """
    loaded = facts_of(user, data_dir, player)
    for table in FactsTable:
        path = folder / f"{table}.{form}"
        size = write_whole_file(write_facts(loaded, table, form), path)
        STDERR.print(f"written: {path}, {size / 1e6:.1f} MB", markup=False)
    write_whole_file([described().encode()], folder / _DICTIONARY)
    STDERR.print(f"written: {folder / _DICTIONARY}", markup=False)
