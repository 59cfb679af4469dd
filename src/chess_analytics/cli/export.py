"""``chess-analytics export``: everything that a user owns, as one archive."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from chess_analytics.actions.export_player import export_player
from chess_analytics.cli.outputs import OutputNotWritable
from chess_analytics.cli.talk import STDERR
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
            _write(pieces, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            size = _write_file(pieces, Path(output))
            STDERR.print(f"written: {output}, {size / 1e6:.1f} MB", markup=False)


def _write_file(pieces: Iterable[bytes], path: Path) -> int:
    """Write beside the file first: half an archive must not stand where a whole one did."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # A pipe or a device is written to, not replaced.
            with path.open("wb") as file:
                return _write(pieces, file)
        try:
            # It holds private things, whoever else may look into the folder.
            unfinished.touch(mode=0o600)
            with unfinished.open("wb") as file:
                size = _write(pieces, file)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OutputNotWritable(
            f"cannot write {path}: {error.strerror}; name another file"
        ) from error
    return size


def _write(pieces: Iterable[bytes], file: BinaryIO) -> int:
    return sum(file.write(piece) for piece in pieces)
