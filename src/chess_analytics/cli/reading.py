"""Read the input with a bar that fills as bytes go by, and tell what is no game."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from chess_analytics.games.model import Entry
from chess_analytics.sources.files import ReadingProgress, find_inputs, read_inputs

_DRAWS_PER_SECOND = 4
# Moving the bar at every game would cost more than reading some of them.
_GAMES_A_STEP = 50


def read_with_progress(paths: Sequence[str], console: Console) -> Iterator[Entry]:
    """Yield every entry of the paths; say which files were left out, and why.

    Raises:
        InputNotReadable: a path does not exist or may not be read.
    """
    inputs = find_inputs(paths)
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
            yield entry
            if number % _GAMES_A_STEP == 0:
                bar.update(task, completed=reading.read_bytes, description=f"{number} games")
    for name in reading.without_games:
        console.print(f"no games in {name}", markup=False)
