"""Read the input with a bar that fills as bytes go by, and tell what is no game."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from chess_analytics.games.model import Entry
from chess_analytics.samples import SAMPLE
from chess_analytics.sources.files import ReadingProgress, find_inputs, read_inputs

_DRAWS_PER_SECOND = 4
# Moving the bar at every game would cost more than reading some of them.
_GAMES_A_STEP = 50


class InputReader:
    """Finds the input at once and reads it later.

    Raises:
        InputNotReadable: a path does not exist or may not be read.
    """

    def __init__(self, paths: Sequence[str], console: Console) -> None:
        self._console = console
        self._inputs = find_inputs(paths)

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that will be read."""
        return self._inputs.files

    def entries(self) -> Iterator[Entry]:
        """Yield every entry of the input; say which files were left out, and why."""
        inputs, console = self._inputs, self._console
        for skipped in inputs.skipped:
            console.print(f"not read: {skipped.name}: {skipped.reason}", markup=False)
        if not inputs.files:
            console.print("there is no file to read", markup=False)
            return
        reading = ReadingProgress()
        bar = Progress(
            TextColumn("Reading"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            refresh_per_second=_DRAWS_PER_SECOND,
            transient=True,
            disable=not console.is_terminal,
        )
        with bar:
            task = bar.add_task("", total=inputs.total_bytes)
            for number, entry in enumerate(read_inputs(inputs, reading), start=1):
                yield _as_named(entry)
                if number % _GAMES_A_STEP == 0:
                    bar.update(task, completed=reading.read_bytes, description=f"{number} games")
        for skipped in reading.skipped:
            console.print(f"not read: {skipped.name}: {skipped.reason}", markup=False)
        if more := reading.skipped_count - len(reading.skipped):
            console.print(f"not read: {more} more files in archives")
        for name in reading.without_games:
            console.print(f"no games in {name}", markup=False)


def _as_named(entry: Entry) -> Entry:
    """Call the sample what the user called it; its path is nobody's business."""
    if entry.place.source != str(SAMPLE):
        return entry
    return replace(entry, place=replace(entry.place, source="sample"))
