"""A server of its own for tests in a browser, as a user starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LONG_ENOUGH_S = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, and its address."""

    address: str
    folder: Path


@contextmanager
def running_server(folder: Path, *words: str, **settings: str) -> Iterator[Server]:
    """Start a server on a free port and stop it at the end; what it says is shown if it dies.

    Settings are called as in the program: ``lichess_url`` for CHESS_ANALYTICS_LICHESS_URL.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "CHESS_ANALYTICS_DATA_DIR": str(folder / "data"),
        "NO_COLOR": "1",
        **{f"CHESS_ANALYTICS_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "chess_analytics", "serve", "--port", "0", *words]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        said = process.stderr.readline()
        found = re.search(r"http://[^ ,;]+", said)
        assert found, said + process.stderr.read()
        yield Server(found[0], folder)
    finally:
        process.terminate()
        process.wait(_LONG_ENOUGH_S)
        process.stderr.close()
