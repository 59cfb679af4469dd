"""A server on this machine that answers as Lichess and Chess.com do, and fails when told to."""

import contextlib
import dataclasses
import gzip
import hashlib
import json
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Json = dict[str, Any]


class Ending(Enum):
    """How an answer tells where it ends."""

    CHUNKED = auto()
    LENGTH = auto()
    UNTIL_CLOSED = auto()


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request that arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def params(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclasses.dataclass(frozen=True)
class Reply:
    """What is sent back, and what goes wrong on the way."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    ending: Ending = Ending.CHUNKED
    cut_at: int | None = None
    """After so many bytes of the body the connection is closed; -1 is before the status."""
    silent_at: int | None = None
    """After so many bytes nothing more is sent, until the client gives up."""
    drip_s: float = 0.0
    """The pause before each single piece of ten bytes."""


Fault = Callable[[Reply], Reply]


def refused(status: int, **headers: str) -> Fault:
    """Answer with a status instead; underscores in the headers' names are hyphens."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda _reply: Reply(status, b"{}", named, Ending.LENGTH)


def cut(at: int, ending: Ending = Ending.CHUNKED) -> Fault:
    return lambda reply: dataclasses.replace(reply, cut_at=at, ending=ending)


def shortened(at: int, ending: Ending = Ending.CHUNKED) -> Fault:
    """End after so many bytes as if that were all."""
    return lambda reply: dataclasses.replace(reply, body=reply.body[:at], ending=ending)


def silent(at: int) -> Fault:
    return lambda reply: dataclasses.replace(reply, silent_at=at)


def dripping(pause_s: float) -> Fault:
    return lambda reply: dataclasses.replace(reply, drip_s=pause_s)


def packed(reply: Reply) -> Reply:
    body = gzip.compress(reply.body, mtime=0)
    return dataclasses.replace(
        reply, body=body, headers=(*reply.headers, ("Content-Encoding", "gzip"))
    )


def fine(reply: Reply) -> Reply:
    return reply


class Replay:
    """Answers by a function; the first answers have the faults that are lined up."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self._answer = answer
        self.base = ""
        self.asked: list[Asked] = []
        self.faults: deque[Fault] = deque()

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        fault = self.faults.popleft() if self.faults else fine
        return fault(self._answer(asked))


@contextlib.contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[Replay]:
    """Serve on a free port of this machine, which no proxy of this machine stands before."""
    replay = Replay(answer)

    class Handler(_Handler):
        site = replay

    with (
        pytest.MonkeyPatch.context() as patch,
        _Server(("127.0.0.1", 0), Handler) as server,
    ):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        replay.base = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield replay
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


class _Server(ThreadingHTTPServer):
    # No answer outlives its test: leaving waits for all of them.
    daemon_threads = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._connections: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address

    def hang_up(self) -> None:
        """End what still goes on, also for a client that a failed test left behind."""
        for connection in self._connections:
            with contextlib.suppress(OSError):  # most are closed by now
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # that is a client that gave up
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    site: Replay

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length).decode()
        self._send(self.site.reply_to(Asked(self.command, self.path, headers, body)))

    do_POST = do_GET  # noqa: N815
    do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the tests look at what was asked."""

    def _send(self, reply: Reply) -> None:
        self.close_connection = reply.ending is Ending.UNTIL_CLOSED
        if reply.cut_at == -1:
            self.close_connection = True
            return
        self._head(reply)
        try:
            for piece in _pieces(reply):
                self._piece(reply, piece)
            self._end(reply)
        except OSError:  # the client has given up
            self.close_connection = True

    def _head(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.ending is Ending.LENGTH:
            self.send_header("Content-Length", str(len(reply.body)))
        elif reply.ending is Ending.CHUNKED and reply.status != 304:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _piece(self, reply: Reply, piece: bytes) -> None:
        if reply.drip_s:
            threading.Event().wait(reply.drip_s)
        if reply.ending is Ending.CHUNKED:
            piece = b"%x\r\n%s\r\n" % (len(piece), piece)
        self.wfile.write(piece)

    def _end(self, reply: Reply) -> None:
        if reply.silent_at is not None:
            self.rfile.read(1)
        if reply.cut_at is not None or reply.silent_at is not None:
            self.close_connection = True
        elif reply.ending is Ending.CHUNKED and reply.status != 304:
            self.wfile.write(b"0\r\n\r\n")


def _pieces(reply: Reply) -> Iterator[bytes]:
    stops = [at for at in (reply.cut_at, reply.silent_at) if at is not None]
    body = reply.body[: stops[0]] if stops else reply.body
    size = 10 if reply.drip_s else 20_000
    for start in range(0, len(body), size):
        yield body[start : start + size]


class LichessSite:
    """Lichess's part: the games of one player as they are on the site, and lines that are none."""

    def __init__(self, player: str, games: Sequence[Json | bytes]) -> None:
        self.player = player
        self.games = list(games)

    def __call__(self, asked: Asked) -> Reply:
        if asked.method == "POST" and asked.path == "/api/games/export/_ids":
            wanted = asked.body.split(",")
            return _lines(
                game for game in self.games if isinstance(game, dict) and game["id"] in wanted
            )
        if asked.path.lower() != f"/api/games/user/{self.player.lower()}":
            return Reply(404, b'{"error":"Not found"}', (("Content-Type", "application/json"),))
        return _lines(self._since(int(asked.params.get("since", 0))))

    def _since(self, since_ms: int) -> Iterator[Json | bytes]:
        moment_ms = 0
        for game in self.games:
            # A line that is no game belongs to the game before it.
            moment_ms = game.get("createdAt") or moment_ms if isinstance(game, dict) else moment_ms
            if moment_ms >= since_ms:
                yield game


def line_of(game: Json | bytes) -> bytes:
    return (game if isinstance(game, bytes) else json.dumps(game).encode()) + b"\n"


def _lines(games: Iterator[Json | bytes]) -> Reply:
    body = b"".join(map(line_of, games))
    return Reply(body=body, headers=(("Content-Type", "application/x-ndjson"),))


class ChesscomSite:
    """Chess.com's part: the months of one player, each with an ETag of its content."""

    def __init__(self, player: str, months: Mapping[str, bytes]) -> None:
        self.player = player
        self.months = dict(months)
        self.listed: list[object] = []
        """What the list of months holds besides."""

    def __call__(self, asked: Asked) -> Reply:
        games = f"/pub/player/{self.player}/games"
        if asked.path == f"{games}/archives":
            listed = [f"https://api.chess.com{games}/{month}" for month in self.months]
            return _json({"archives": [*listed, *self.listed]})
        month = asked.path.removeprefix(f"{games}/")
        if month not in self.months:
            words = {"code": 0, "message": f'User "{self.player}" not found.'}
            return dataclasses.replace(_json(words), status=404)
        body = self.months[month]
        etag = f'W/"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        headers = (("ETag", etag), ("Last-Modified", f"Sat, {month} GMT"))
        if asked.headers.get("if-none-match") == etag:
            return Reply(304, b"", headers)
        return Reply(
            body=body, headers=(*headers, ("Content-Type", "application/json; charset=utf-8"))
        )


def _json(value: object) -> Reply:
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    return Reply(body=json.dumps(value).encode(), headers=headers, ending=Ending.LENGTH)


class RecordedWaits:
    """A wait that takes no time, and remembers how long it should have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
