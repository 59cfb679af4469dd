"""The folder in which uploads lie while they wait to be imported; nobody else may read it."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_OWNER_ONLY = 0o700
_ENDING = ".upload"


def uploads_folder(data_dir: Path) -> Path:
    """Name the folder; servers that share a database share it, too."""
    return data_dir / "uploads"


def new_upload(folder: Path) -> tuple[str, BinaryIO]:
    """Make a file with a name that nobody can guess, which only its owner may read."""
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    number, path = tempfile.mkstemp(suffix=_ENDING, dir=folder)
    return Path(path).name, os.fdopen(number, "wb")


def remove_uploads(folder: Path, names: Iterable[str]) -> None:
    """Remove files that no import needs any more; one that is gone already is no fault."""
    for name in names:
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def old_uploads(folder: Path, before_ms: int) -> list[str]:
    """Name the files to which nothing was written since: an upload on its way grows."""
    found = []
    for path in folder.glob(f"*{_ENDING}"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime * 1000 < before_ms:
                found.append(path.name)
    return found
