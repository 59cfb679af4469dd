"""Read an uploaded file into the library."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from chess_analytics.actions.import_errors import ImportFailed
from chess_analytics.actions.import_games import GameImport
from chess_analytics.games.model import Entry
from chess_analytics.sources.files import ReadingProgress
from chess_analytics.sources.upload import UploadLimits, UploadTooLarge, read_upload
from chess_analytics.store.imports import StoredImport

_NAMES_SHOWN = 3


def import_upload(
    games: GameImport, stored: StoredImport, folder: Path, limits: UploadLimits
) -> None:
    """Bring every game of a file into the library; one that was begun goes on where it stopped.

    Raises:
        ImportFailed: the file goes on behind a limit, is gone, or has no games.
        ImportHalted: the user wants the import to end, or the worker has to stop.
        ImportLost: another worker has the import.
    """
    if stored.file is None:
        raise ImportFailed(_GONE)
    games.progress.read_bytes = 0
    try:
        entries = read_upload(folder / stored.file, stored.name, limits, games.progress)
        # The same file gives the same entries in the same order.
        import_entries(games, islice(entries, stored.counts.found, None))
    except UploadTooLarge as error:
        games.commit()
        raise ImportFailed(str(error)) from error
    except FileNotFoundError as error:
        raise ImportFailed(_GONE) from error
    except OSError as error:
        games.commit()
        raise ImportFailed(
            f"the server cannot read the file further ({error.strerror}); its operator should "
            "look after the disk. Upload the file again later: no game is added twice."
        ) from error


def import_entries(games: GameImport, entries: Iterator[Entry]) -> None:
    """Bring entries into the library.

    Raises:
        ImportFailed: there was none.
        ImportHalted: the user wants the import to end, or the worker has to stop.
        ImportLost: another worker has the import.
    """
    for entry in entries:
        games.add(entry)
    games.commit()
    if not games.counts.found:
        raise ImportFailed(f"there are no games in it{_not_read(games.progress)}")


_GONE = (
    "the uploaded file is no longer on the server; upload it again. Where several servers share a "
    "database, they have to share the folder of uploads"
)


def _not_read(progress: ReadingProgress) -> str:
    if not progress.skipped:
        return ""
    shown = ", ".join(f"{file.name} ({file.reason})" for file in progress.skipped[:_NAMES_SHOWN])
    more = progress.skipped_count - min(_NAMES_SHOWN, len(progress.skipped))
    return f"; not read: {shown}{f' and {more} more' if more else ''}"
