"""Show how far a long command is: a live bar in a terminal, a line now and then elsewhere."""

import threading
import time
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

_PLAIN_EVERY_S = 30.0
# From so many minutes on, nobody counts seconds.
_ROUGH_FROM_MIN = 10
# Drawing costs CPU time that the engines want.
_DRAWS_PER_SECOND = 2


class AnalysisProgress:
    """Counts games and positions; safe to call from the threads that analyse."""

    def __init__(self, console: Console, games: int, positions: int) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._began = self._last_line = time.monotonic()
        self._games = games
        self._positions = positions
        self._games_done = 0
        self._searched = 0
        self._bar = Progress(
            TextColumn("Analysing"),
            BarColumn(),
            _Described(self.describe),
            console=console,
            refresh_per_second=_DRAWS_PER_SECOND,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID = self._bar.add_task("", total=max(positions, 1))

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def position_done(self) -> None:
        """Count one position that an engine has searched."""
        with self._lock:
            self._searched += 1
        self._bar.update(self._task, completed=self._searched)

    def game_done(self, plies: int, *, is_kept: bool) -> None:
        """Count one game; a kept one takes its positions out of the work."""
        self._games_done += 1
        if is_kept:
            self._positions -= plies
        self.draw()

    def draw(self) -> None:
        """Show the present state."""
        if self._console.is_terminal:
            total = max(self._positions, 1)
            self._bar.update(self._task, completed=self._searched, total=total)
        elif time.monotonic() - self._last_line >= _PLAIN_EVERY_S:
            self._last_line = time.monotonic()
            self._console.print(self.describe(), highlight=False)

    def describe(self) -> str:
        """Say games done, speed and time left in one line."""
        speed = self._searched / max(time.monotonic() - self._began, 0.001)
        left = max(self._positions - self._searched, 0)
        time_left = f"{spell_seconds(left / speed)} left" if speed else "time left not known yet"
        return f"{self._games_done} of {self._games} games, {speed:.1f} positions/s, {time_left}"


class _Described(ProgressColumn):
    """A column that asks for its text whenever the bar is drawn."""

    def __init__(self, describe: Callable[[], str]) -> None:
        super().__init__()
        self._describe = describe

    def render(self, task: Task) -> Text:  # noqa: ARG002 - there is only one task
        return Text(self._describe())


def spell_seconds(seconds: float) -> str:
    """Write a duration for a person: ``45 s``, ``12 min``, ``3 h 05 min``."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes_left = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min {rest:02} s" if minutes < _ROUGH_FROM_MIN else f"{minutes} min"
    return f"{hours} h {minutes_left:02} min"
