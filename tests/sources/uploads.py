"""Read uploads in tests."""

from collections.abc import Iterator
from pathlib import Path

from chess_analytics.games.model import Entry
from chess_analytics.sources.files import ReadingProgress
from chess_analytics.sources.upload import UploadLimits, UploadTooLarge, read_upload

LIMITS = UploadLimits(expanded_bytes=10_000_000, games=10_000, members=100, nesting=2)


def read(
    path: Path,
    data: bytes,
    limits: UploadLimits = LIMITS,
    *,
    name: str = "mine.zip",
    progress: ReadingProgress | None = None,
) -> list[Entry]:
    path.write_bytes(data)
    return list(read_upload(path, name, limits, progress))


def gather(source: Iterator[Entry]) -> tuple[list[Entry], str]:
    """Keep what an iterator gives, and what it says if it ends at a limit."""
    found: list[Entry] = []
    try:
        found.extend(source)
    except UploadTooLarge as limit:
        return found, str(limit)
    return found, ""


def read_to_the_limit(path: Path, data: bytes, limits: UploadLimits) -> tuple[list[Entry], str]:
    path.write_bytes(data)
    return gather(read_upload(path, "mine.zip", limits))
