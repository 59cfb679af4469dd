"""Ports for servers that tests start, each given away once, whichever process asks."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Below those that systems give to whoever asks for any port or calls somebody: between the
# moment at which a port is found free and that at which a server listens, it could become theirs.
_FIRST, _COUNT = 20_000, 12_000
_RESERVED: list[int] = []
"""Open files: locks of the ports that this process has given away."""


def free_port() -> int:
    """Find a port on which nobody listens; no test of another process gets it while this one lives.

    Raises:
        LookupError: there is none left.
    """
    for port in _PORTS:
        if _reserve(port) and _is_free(port):
            return port
    raise LookupError("every port that tests use is taken")


def _from(start: int) -> Iterator[int]:
    yield from (_FIRST + (start + number) % _COUNT for number in range(_COUNT))


_PORTS = _from(os.getpid() * 61)


def _reserve(port: int) -> bool:
    """Take the lock of a port, which ends with the process, however that ends."""
    folder = Path(tempfile.gettempdir()) / f"chess-analytics-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    file = os.open(folder / str(port), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return False
    _RESERVED.append(file)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: what remains of earlier connections keeps nobody from listening.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
