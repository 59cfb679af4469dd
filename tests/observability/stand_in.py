"""A stand-in on this machine for whoever takes what we report: it keeps all that is posted."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StandIn(ThreadingHTTPServer):
    """Keeps the bodies of what is posted to one path; anything else is refused."""

    def __init__(self, path: str, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.path = path
        self.answer = answer
        self.bodies: list[bytes] = []

    @property
    def place(self) -> str:
        """Where it listens: host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        if self.path != self.server.path:
            self.send_error(404)
            return
        self.server.bodies.append(gzip.decompress(body) if is_packed else body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def standing_in(path: str, answer: bytes = b"") -> Iterator[StandIn]:
    """Listen while the body runs."""
    with StandIn(path, answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
