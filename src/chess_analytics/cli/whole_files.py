"""Files that appear when they are whole."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from chess_analytics.cli.outputs import OutputNotWritable


def write_whole_file(pieces: Iterable[bytes], path: Path) -> int:
    """Write beside the file first: half of one must not stand where a whole one did.

    Gives its size in bytes.

    Raises:
        OutputNotWritable: the disk is full, or there is no such folder and none can be made.
    """
    unfinished = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # A pipe or a device is written to, not replaced.
            with path.open("wb") as file:
                return write_pieces(pieces, file)
        try:
            # It holds private things, whoever else may look into the folder.
            unfinished.touch(mode=0o600)
            with unfinished.open("wb") as file:
                size = write_pieces(pieces, file)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OutputNotWritable(
            f"cannot write {path}: {error.strerror}; name another file"
        ) from error
    return size


def write_pieces(pieces: Iterable[bytes], file: BinaryIO) -> int:
    """Write one piece after the other; give their size in bytes."""
    return sum(file.write(piece) for piece in pieces)
