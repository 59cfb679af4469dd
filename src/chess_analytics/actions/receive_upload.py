"""Take in a file that somebody uploads: bounded, counted, and looked at before it may wait."""

import hashlib
import os
import re
import shutil
from pathlib import Path

from chess_analytics.actions.import_errors import DiskFull, UploadEmpty, UploadNotGames
from chess_analytics.actions.spool_uploads import new_upload, remove_uploads
from chess_analytics.sources.compression import packing_of
from chess_analytics.sources.formats import Format, format_of
from chess_analytics.sources.zip_archive import ZIP_MAGIC

KEPT_FREE_BYTES = 256_000_000
"""So much of the disk is left for the database and for everybody else."""

_HEAD_BYTES = 8192
_DIGEST_BYTES = 32
_RETRY_S = 600

_NOT_GAMES = {
    Format.WEB_PAGE: "this is a web page, not games: download the games again, and upload that "
    "file",
    Format.BINARY: "this is no file with games: they come as PGN or JSON, as they are or packed "
    "with zip, gzip, zstd, bzip2 or xz",
}


class IncomingUpload:
    """A file on its way into the folder of uploads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file, self._opened = new_upload(folder)
        self.bytes = 0
        self._hash = hashlib.blake2b(digest_size=_DIGEST_BYTES)

    @property
    def digest(self) -> str:
        """Name the content."""
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> None:
        """Add what has come.

        Raises:
            DiskFull: there is no room for it.
        """
        check_space(self._folder, len(piece))
        try:
            self._opened.write(piece)
        except OSError as error:
            raise disk_full() from error
        self._hash.update(piece)
        self.bytes += len(piece)

    def finish(self) -> None:
        """Look at what has come, now that it is whole.

        Raises:
            UploadEmpty: there is nothing in it.
            UploadNotGames: whatever it is, games it is not.
        """
        self._opened.flush()
        # The import that waits for it survives a power cut, and so must this.
        os.fsync(self._opened.fileno())
        self._opened.close()
        _look_at(self._folder / self.file)

    def remove(self) -> None:
        """Remove it: nobody needs it."""
        self._opened.close()
        remove_uploads(self._folder, [self.file])


def check_space(folder: Path, more_bytes: int) -> None:
    """Refuse what would fill the disk.

    Raises:
        DiskFull: says when to come again.
    """
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if shutil.disk_usage(there).free < more_bytes + KEPT_FREE_BYTES:
        raise disk_full()


def disk_full() -> DiskFull:
    return DiskFull(
        "the server has no room for this file at the moment; try again later, or tell its operator "
        "that the disk is full",
        _RETRY_S,
    )


def _look_at(path: Path) -> None:
    with path.open("rb") as file:
        head = file.peek(_HEAD_BYTES)
        is_packed = packing_of(file) is not None or re.match(ZIP_MAGIC, head) is not None
    if not head:
        raise UploadEmpty("the file is empty; send the games as the body of the request")
    words = None if is_packed else _NOT_GAMES.get(format_of(head))
    if words:
        raise UploadNotGames(words)
