"""A sign of life that whoever looks after containers can see: the age of a file."""

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pulse:
    """Of one role, in a data folder."""

    file: Path

    def beat(self) -> None:
        """Say that all is well, at this moment."""
        try:
            self.file.touch()
        except FileNotFoundError:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.file.touch()

    def is_felt(self, most_s: float) -> bool:
        """Tell whether that was said within so many seconds."""
        try:
            return time.time() - self.file.stat().st_mtime <= most_s
        except FileNotFoundError:
            return False


def hearing(data_dir: Path) -> Pulse:
    """Give the pulse of a worker process that hears its broker."""
    return Pulse(data_dir / "worker.hears")


def visiting(data_dir: Path) -> Pulse:
    """Give the pulse of a worker's children: one of them has looked for work."""
    return Pulse(data_dir / "worker.visits")


def beating(data_dir: Path) -> Pulse:
    """Give the pulse of a beat."""
    return Pulse(data_dir / "beat.beats")
