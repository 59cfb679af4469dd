"""A copy of the embedded database as it was at one moment, also while a server works with it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from chess_analytics.store.session import FILE, StoreError, holds_library

_PATIENCE_S = 30.0
_SOUND = [("ok",)]


class BackupFailed(StoreError):
    """The library could not be copied, or the copy cannot be trusted."""


def copy_embedded(folder: Path, target: Path) -> None:
    """Copy the data folder's database into another folder, and read the copy to see it is sound.

    One reading transaction: whoever writes meanwhile goes on, and is not in the copy. The source is
    opened for reading alone, so that it is never checkpointed by us (see `store.session`). The
    tables may be of any version.

    Raises:
        BackupFailed: there is no library, a file cannot be read or written, or is damaged.
    """
    if not holds_library(folder):
        raise BackupFailed(f"there is no library in {folder}; name the data folder by --data-dir")
    address = f"file:{quote(str((folder / FILE).absolute()))}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_S)) as source,
            closing(sqlite3.connect(target / FILE)) as copy,
        ):
            source.backup(copy)
            found = copy.execute("PRAGMA quick_check").fetchall()
    except sqlite3.Error as error:
        raise BackupFailed(f"the library in {folder} could not be copied: {error}") from error
    if found != _SOUND:
        raise BackupFailed(
            f"the copy of the library in {folder} is damaged, as the library may be: {found[0][0]}"
        )
