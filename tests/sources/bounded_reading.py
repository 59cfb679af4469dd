"""Read uploads in processes that may take little memory and little time, one process each.

Started as a program of its own; it answers each request, a line of JSON, with a line of JSON.
"""

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from chess_analytics.games.model import Broken, Entry, Game, SetAside
from chess_analytics.sources.files import ReadingProgress
from chess_analytics.sources.upload import UploadLimits, UploadTooLarge, read_upload

MEMORY_BYTES = 50_000_000
"""What reading may take beside what Python and our modules take anyhow."""
_CPU_S = 90
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading one upload."""

    entries: dict[str, int]
    """How often each kind of entry came, with its reason."""
    first: list[str]
    """Places and kinds of the first entries."""
    too_large: str
    """What UploadTooLarge said, if it was raised."""
    skipped: list[str]
    without_games: list[str]
    taken_bytes: int


class BoundedReader:
    """Talks to the program."""

    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests = requests
        self._answers = answers

    def read(self, path: Path, name: str, *, wasted_bytes: int = 0, **limits: int) -> Outcome:
        """Read an upload; fail if it takes more memory than it may, or for ever.

        ``wasted_bytes`` are taken first: so it is seen that taking too much is noticed.
        """
        request = {"path": str(path), "name": name, "limits": limits, "wasted_bytes": wasted_bytes}
        print(json.dumps(request), file=self._requests, flush=True)
        answer = json.loads(self._answers.readline())
        assert "failure" not in answer, answer["failure"]
        return Outcome(**answer)


@contextmanager
def bounded_reader() -> Iterator[BoundedReader]:
    """Start the program, and end it."""
    program = [sys.executable, "-m", "tests.sources.bounded_reading"]
    with subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdin
        assert process.stdout
        yield BoundedReader(process.stdin, process.stdout)
        process.stdin.close()


def _serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _answer_within_bounds(line)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            _answer({"failure": f"the process ended with {status}"})


def _answer_within_bounds(request: str) -> None:
    before = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (before + MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    try:
        answer = _read(**json.loads(request))
        answer["taken_bytes"] = _address_space("VmPeak") - before
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test has to see it
        answer = {"failure": f"{type(error).__name__}: {error}"[:1000]}
    _answer(answer)
    os._exit(0)


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _address_space(line: str = "VmSize") -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{line}:")[2].split()[0]) * 1024


def _read(path: str, name: str, limits: dict[str, int], wasted_bytes: int) -> dict[str, Any]:
    _wasted = bytes(wasted_bytes)
    kinds: Counter[str] = Counter()
    first: list[str] = []
    progress, too_large = ReadingProgress(), ""
    try:
        for entry in read_upload(Path(path), name, UploadLimits(**limits), progress):
            kinds[_kind(entry)] += 1
            if len(first) < _SHOWN:
                first.append(f"{entry.place}: {_kind(entry)}")
    except UploadTooLarge as error:
        too_large = str(error)
    skipped = [f"{file.name}: {file.reason}" for file in progress.skipped]
    return {
        "entries": dict(kinds.most_common(20)),
        "first": first,
        "too_large": too_large,
        "skipped": skipped,
        "without_games": progress.without_games[:20],
    }


def _kind(entry: Entry) -> str:
    match entry:
        case Game(moves=moves):
            return f"game of {len(moves)}"
        case SetAside(reason=reason, detail=detail):
            return f"set aside: {reason}: {detail}"
        case Broken(reason=reason):
            return f"broken: {reason}"


if __name__ == "__main__":
    _serve()
