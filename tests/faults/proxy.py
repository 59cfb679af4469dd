"""A line between two programs that can be cut, held up, slowed down, or cut after so many bytes."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536
_PATIENCE_S = 60.0


class Proxy:
    """Passes on what comes to its port, as long as nothing is wrong with the line.

    Its faults concern all connections, those that are open and those to come.
    """

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.latency_s = 0.0
        self._is_open = True
        self._refuses = False
        # Half-open: both sides believe in the connection, and nothing comes through.
        self._passes = threading.Event()
        self._passes.set()
        self._bytes_left: int | None = None
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def cut(self) -> None:
        """End every connection, and every new one at once, until it is mended."""
        self._refuses = True
        with self._lock:
            sockets = list(self._sockets)
        for each in sockets:
            _shut(each)

    def hold(self) -> None:
        """Keep every connection, and let nothing through, until it is mended."""
        self._passes.clear()

    def cut_after(self, count: int) -> None:
        """End every connection once so many more bytes of answers have come from the server."""
        with self._lock:
            self._bytes_left = count

    def mend(self) -> None:
        """Pass everything on again, also what was held up."""
        with self._lock:
            self._bytes_left = None
        self.latency_s = 0.0
        self._refuses = False
        self._passes.set()

    def close(self) -> None:
        """End all connections and threads."""
        self._is_open = False
        self._passes.set()
        _shut(self._listening)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join(_PATIENCE_S)
            assert not thread.is_alive()

    def _begin(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments, name="proxy", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while self._is_open:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._refuses:
                near.close()
                continue
            try:
                far = socket.create_connection(self._to)
            except OSError:
                # The server is away: so is the line to it.
                near.close()
                continue
            ends = _Ends(2)
            with self._lock:
                self._sockets |= {near, far}
            self._begin(self._pass_on, near, far, ends)
            self._begin(self._pass_on, far, near, ends)

    def _pass_on(self, source: socket.socket, target: socket.socket, ends: "_Ends") -> None:
        is_answer = source.getpeername()[1] == self._to[1] if _is_connected(source) else False
        with suppress(OSError):
            while received := source.recv(_CHUNK):
                time.sleep(self.latency_s)
                self._passes.wait()
                if is_answer and self._is_used_up(len(received)):
                    break
                target.sendall(received)
        _shut(source)
        _shut(target)
        if ends.is_last():
            with self._lock:
                self._sockets -= {source, target}
            source.close()
            target.close()

    def _is_used_up(self, count: int) -> bool:
        with self._lock:
            if self._bytes_left is None:
                return False
            self._bytes_left -= count
            return self._bytes_left < 0


class _Ends:
    """Counts down: who comes last closes the door."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._lock = threading.Lock()

    def is_last(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """Put a line in front of a port of this machine while a test needs it."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()


def _is_connected(end: socket.socket) -> bool:
    try:
        end.getpeername()
    except OSError:
        return False
    return True


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
