"""Heads of requests that are too long, or do not come, at a real socket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from chess_analytics.cli.request_heads import MOST_HEAD_BYTES, RequestHeads
from tests.cli.commands import LONG_ENOUGH_S

pytestmark = pytest.mark.enable_socket

_SOUND = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
_FOR_EVER_S = 3_600


async def _tell(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


class _Heads(RequestHeads):
    """Waits as long as a test wants."""


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Give a connection to a server that waits for ever."""
    monkeypatch.setattr(_Heads, "most_head_s", _FOR_EVER_S)
    with _connected() as connection:
        yield connection


@contextmanager
def _connected() -> Iterator[socket.socket]:
    config = uvicorn.Config(
        _tell, http=_Heads, lifespan="off", log_config=None, timeout_keep_alive=_FOR_EVER_S
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            address = listening.getsockname()
            with socket.create_connection(address, timeout=LONG_ENOUGH_S) as connection:
                yield connection
        finally:
            server.should_exit = True
            thread.join()


def _rest(connection: socket.socket) -> bytes:
    """Read until the server closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def _answer(connection: socket.socket) -> bytes:
    """Read one whole answer."""
    read = b""
    while not read.endswith(b"\r\n\r\nok"):
        part = connection.recv(65_536)
        assert part, read
        read += part
    return read


def test_a_head_that_has_no_end_is_refused_as_soon_as_it_is_too_long(
    connection: socket.socket,
) -> None:
    begun = b"GET / HTTP/1.1\r\nHost: here\r\nX-Long: "
    # Not a byte more: what a server has not read when it closes would tear its answer down.
    connection.sendall(begun + b"a" * (MOST_HEAD_BYTES + 1 - len(begun)))
    said = _rest(connection)
    assert said.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert said.endswith(b"may have 65536 bytes.")


@pytest.mark.parametrize("piece", [1, 7, 4_096])
def test_a_head_of_any_pieces_is_answered(connection: socket.socket, piece: int) -> None:
    head = _SOUND.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"a" * 300 + b"\r\n\r\n")
    for _ in range(3):
        for at in range(0, len(head), piece):
            connection.sendall(head[at : at + piece])
        assert _answer(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_bodies_are_none_of_its_business(connection: socket.socket) -> None:
    body = b"b" * 3 * MOST_HEAD_BYTES
    head = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(body)
    connection.sendall(head + body)
    assert _answer(connection).startswith(b"HTTP/1.1 200 OK\r\n")
    connection.sendall(_SOUND)
    assert _answer(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_head_that_does_not_end_is_told_so(
    connection: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.sendall(_SOUND)
    assert _answer(connection)
    monkeypatch.setattr(_Heads, "most_head_s", 0.2)
    connection.sendall(_SOUND[:-2])
    said = _rest(connection)
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert said.endswith(b"did not come within 0.2 seconds.")


def test_a_connection_without_a_byte_is_closed_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_Heads, "most_head_s", 0.2)
    with _connected() as connection:
        assert _rest(connection) == b""
