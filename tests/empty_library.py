"""An embedded library with all tables and no rows, to copy: making one takes longer than a test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from chess_analytics.store.session import FILE, open_store


def lay_empty_library(folder: Path) -> None:
    """Put an empty library into a data folder, unless there is one.

    What is put there are the bytes of the first one that this process has made: tests of how the
    tables come about make theirs by `open_store`.
    """
    file = folder / FILE
    if file.exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(_empty_library())


@cache
def _empty_library() -> bytes:
    with TemporaryDirectory(prefix="chess-analytics-empty-") as name:
        with open_store(Path(name)):
            pass
        return (Path(name) / FILE).read_bytes()
