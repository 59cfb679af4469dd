"""The Syzygy tablebases that an engine is given: where they lie, how much they are."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from chess_analytics.engine.evaluation import EngineError

_SETTING = "Change CHESS_ANALYTICS_SYZYGY_PATH, or leave it out."
# An engine reads words: a second blank in a row, or one at an end, never reaches it.
_SENDABLE = re.compile(r"[!-~]+(?: [!-~]+)*")
# Who wins, and how far it is to the next capture or pawn move.
_WHO_WINS, _HOW_FAR = ".rtbw", ".rtbz"


@dataclass(frozen=True, slots=True)
class Tables:
    """Folders of tables as an engine is told, with what lies in them."""

    path: str
    """Absolute, as engines do not run in our folder; separated as in PATH."""
    files: int
    size_bytes: int

    def describe(self) -> str:
        """Tell these tables from others: more of them in the same folder give other numbers."""
        return f"{self.files} files, {self.size_bytes} bytes"


def find_tables(path: str) -> Tables:
    """Look into the folders of ``path``, which are separated as in PATH.

    Raises:
        EngineError: a folder does not exist, holds no tables, or cannot be told to an engine.
    """
    folders = [Path(name).absolute() for name in path.split(os.pathsep) if name]
    if not folders:
        raise EngineError(f"No folder of Syzygy tables is named in {path!r}. {_SETTING}")
    sizes = [size for folder in folders for size in _sizes(folder)]
    return Tables(os.pathsep.join(map(str, folders)), len(sizes), sum(sizes))


def _sizes(folder: Path) -> list[int]:
    if not _SENDABLE.fullmatch(str(folder)):
        raise EngineError(
            f"The folder of Syzygy tables {str(folder)!r} cannot be told to an engine: only "
            f"printable ASCII can, with single blanks. Rename it, or make a link. {_SETTING}"
        )
    try:
        files = [file for file in folder.iterdir() if file.suffix in {_WHO_WINS, _HOW_FAR}]
        sizes = [file.stat().st_size for file in files]
    except OSError as error:
        raise EngineError(
            f"The folder of Syzygy tables {folder} cannot be read: {error.strerror}. {_SETTING}"
        ) from error
    if not any(file.suffix == _WHO_WINS for file in files):
        raise EngineError(f"The folder {folder} holds no Syzygy tables (*{_WHO_WINS}). {_SETTING}")
    return sizes
