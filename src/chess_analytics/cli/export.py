"""``chess-analytics export``: everything that a user owns, as one archive."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.actions.export_player import export_player
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whole_files import write_pieces, write_whole_file
from chess_analytics.cli.whose import DataDirOption, UserOption, open_library

_STDOUT = "-"


def export(
    output: Annotated[
        str, typer.Argument(metavar="OUTPUT.zip", help="The file to write; - is standard output.")
    ],
    *,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Write everything that a user owns into one ZIP: games, analyses, imports, the account.

    A README in it explains its files. The file appears when it is whole.
    """
    if output == _STDOUT and sys.stdout.isatty():
        raise typer.BadParameter(
            "a ZIP is nothing for a terminal; name a file, or a pipe behind it"
        )
    with open_library(user, data_dir) as library:
        pieces = export_player(library.store, library.owner.id, now_ms=time.time_ns() // 1_000_000)
        if output == _STDOUT:
            write_pieces(pieces, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            size = write_whole_file(pieces, Path(output))
            STDERR.print(f"written: {output}, {size / 1e6:.1f} MB", markup=False)
