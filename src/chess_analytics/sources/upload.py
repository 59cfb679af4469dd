"""Read what somebody else has uploaded: nothing in it can take more than it is given."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Entry
from chess_analytics.sources.compression import Allowance, LimitReached
from chess_analytics.sources.files import ReadingProgress, read_parts
from chess_analytics.sources.unpack import Bounds, Unpacking, shown_name

# Room for `xz -7`, `zstd -19` and all of gzip and bzip2; `xz -9` takes four times as much.
_WINDOW_BYTES = 16 << 20

# So much may come out of any upload, however small it is.
_FREE_BYTES = 64_000_000

_SPLIT = "The games before this point were read. Split the file, and upload the parts one by one."


class UploadTooLarge(ChessAnalyticsError):
    """An upload goes on behind one of its limits; the games before were handed out."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much one upload may hold."""

    expanded_bytes: int
    """What comes out of it, over all files and all layers of compression in it."""
    games: int
    """Entries of every kind: games, those set aside, and broken ones."""
    members: int
    """Files and folders in ZIP archives, over all of them."""
    nesting: int
    """Layers of packing around a text; a file that has more is a Broken entry, and the others are
    read."""
    ratio: int = 100
    """What comes out of it, in sizes of the upload itself, where that is over 64 MB: games pack to
    a tenth."""


def read_upload(
    path: Path, name: str, limits: UploadLimits, progress: ReadingProgress | None = None
) -> Iterator[Entry]:
    """Yield every entry of an uploaded file, whatever its format and packing.

    The same file gives the same entries with the same places in the same order, each time. No more
    than 50 MB of memory is taken. A ZIP archive inside of another packing is written to a file
    without a name beside ``path`` while it is read. Files in archives that nothing marks as games
    are no entries: see `ReadingProgress.skipped`.

    Args:
        path: where the upload lies; it is never shown.
        name: what its owner calls it; every place begins with it.
        limits: what it may hold.
        progress: is kept up to date.

    Raises:
        UploadTooLarge: there is more than a limit allows; all entries before were yielded.
        OSError: the file cannot be opened, or the disk is full.
    """
    progress = progress or ReadingProgress()
    source = shown_name(name)
    progress.source = source
    with path.open("rb") as file:
        allowance = _allowance(os.fstat(file.fileno()).st_size, limits)
        bounds = Bounds(limits.members, limits.nesting, _WINDOW_BYTES, spool_folder=path.parent)
        parts = Unpacking(bounds, allowance).parts(file, source, progress.add_bytes)
        try:
            yield from _up_to(limits.games, read_parts(parts, source, progress))
        except LimitReached as limit:
            raise UploadTooLarge(f"{source}: {limit}. {_SPLIT}") from limit


def _allowance(upload_bytes: int, limits: UploadLimits) -> Allowance:
    by_ratio = max(_FREE_BYTES, limits.ratio * upload_bytes)
    if limits.expanded_bytes <= by_ratio:
        most = limits.expanded_bytes
        limit = f"more than {most:,} bytes come out of it, which is the limit for an upload"
        return Allowance(most, limit)
    why = f"for an upload of {upload_bytes:,} bytes, as games never pack so well"
    return Allowance(
        by_ratio, f"more than {by_ratio:,} bytes come out of it, which is the limit {why}"
    )


def _up_to(most: int, entries: Iterable[Entry]) -> Iterator[Entry]:
    for number, entry in enumerate(entries, 1):
        if number > most:
            raise LimitReached(f"it holds more than {most:,} games, which is the limit")
        yield entry
