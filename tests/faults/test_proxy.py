"""The line between two programs breaks as it is told to."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.proxy import Proxy, proxy_to

pytestmark = pytest.mark.enable_socket


@contextmanager
def _echo() -> Iterator[int]:
    """Serve what was sent, back to who sent it."""

    def answer(one: socket.socket) -> None:
        with one:
            while received := one.recv(1000):
                one.sendall(received)

    def serve() -> None:
        while True:
            try:
                one, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(one,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture
def line() -> Iterator[Proxy]:
    with _echo() as port, proxy_to(port) as proxy:
        yield proxy


def _call(line: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=60)


def _ask(call: socket.socket, words: bytes = b"hello") -> bytes:
    try:
        call.sendall(words)
        return call.recv(1000)
    except ConnectionError:
        return b""


def test_what_is_said_comes_through(line: Proxy) -> None:
    with _call(line) as call:
        assert _ask(call) == b"hello"


def test_a_line_that_is_cut_ends_what_is_open_and_what_comes(line: Proxy) -> None:
    with _call(line) as call:
        assert _ask(call) == b"hello"
        line.cut()
        assert _ask(call) == b""
    with _call(line) as call:
        assert _ask(call) == b""
    line.mend()
    with _call(line) as call:
        assert _ask(call) == b"hello"


def test_a_line_that_is_held_up_stays_open_and_says_later_what_was_said(line: Proxy) -> None:
    with _call(line) as call:
        assert _ask(call) == b"hello"
        line.hold()
        call.settimeout(0.05)
        with pytest.raises(TimeoutError):
            _ask(call)
        line.mend()
        call.settimeout(60)
        assert call.recv(1000) == b"hello"


def test_a_slow_line_takes_its_time_both_ways(line: Proxy) -> None:
    line.latency_s = 0.05
    began = time.monotonic()
    with _call(line) as call:
        assert _ask(call) == b"hello"
    assert time.monotonic() - began >= 0.1


def test_a_line_can_break_within_an_answer(line: Proxy) -> None:
    line.cut_after(7)
    with _call(line) as call:
        assert _ask(call) == b"hello"
        assert _ask(call) == b""
