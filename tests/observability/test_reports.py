"""What is reported of a fault, to a stand-in of Sentry on this machine."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytestmark = pytest.mark.enable_socket


class _Sentry(ThreadingHTTPServer):
    """Takes envelopes, as https://develop.sentry.dev/sdk/foundations/transport/envelopes says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.raw: list[bytes] = []

    @property
    def events(self) -> list[dict[str, Any]]:
        found = []
        for envelope in self.raw:
            _, *items = envelope.splitlines()
            for head, body in zip(items[::2], items[1::2], strict=True):
                if json.loads(head)["type"] == "event":
                    found.append(json.loads(body))
        return found


class _Answers(BaseHTTPRequestHandler):
    server: _Sentry

    def do_POST(self) -> None:
        assert self.path == "/api/42/envelope/"
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        self.server.raw.append(gzip.decompress(body) if is_packed else body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _sentry() -> Iterator[_Sentry]:
    with _Sentry() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


_APPLICATION = """
import logging, sys
from pathlib import Path
from fastapi.testclient import TestClient
from pydantic import BaseModel
from chess_analytics.api.app import create_app
from chess_analytics.cli.seen import be_seen
from chess_analytics.observability.context import belonging_to
from chess_analytics.settings import Settings

class Body(BaseModel):
    name: str

def fail(body: Body) -> None:
    pgn = "[White \\"lovelace\\"]"
    raise RuntimeError(f"'{body.name}' cannot be read: {pgn}")

settings = Settings(data_dir=Path(sys.argv[1]), workers=0)
be_seen(settings)
app = create_app(settings)
app.add_api_route("/api/v1/failing", fail, methods=["POST"])
app.router.routes.insert(0, app.router.routes.pop())
with TestClient(app, base_url="http://127.0.0.1", cookies={"session": "hopper-cookie"}) as client:
    answer = client.post("/api/v1/failing?of=babbage", json={"name": "turing"},
                         headers={"X-Request-Id": "request-77"})
    assert answer.status_code == 500, answer.text
with belonging_to(job=7, task=8, user=9):
    logging.getLogger("chess_analytics.jobs").error("task.fault by %s, %s", "'noether'", "id=8")
    logging.getLogger("chess_analytics.jobs").warning("no fault of 'germain'")
print("sentry_sdk" in sys.modules)
"""
SOMEBODYS = ("lovelace", "turing", "babbage", "hopper", "noether", "germain", "secret-of-database")


def _run(folder: object, **settings: str) -> str:
    environment = {f"CHESS_ANALYTICS_{name.upper()}": value for name, value in settings.items()}
    ended = subprocess.run(
        [sys.executable, "-c", _APPLICATION, str(folder)],
        env=environment | {"NAME": "secret-of-database"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_a_fault_is_reported_with_its_place_and_numbers_and_nothing_of_anybodys(
    tmp_path: object,
) -> None:
    with _sentry() as sentry:
        dsn = f"http://key@127.0.0.1:{sentry.server_address[1]}/42"
        assert _run(tmp_path, sentry_dsn=dsn) == "True"
        failing, told = sorted(sentry.events, key=lambda event: "exception" not in event)
        raw = b"".join(sentry.raw).decode()
    (error,) = failing["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "(quoted) cannot be read: (pgn)")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert failing["tags"] == {"request": "request-77"}
    assert failing["release"].startswith("chess-analytics@")
    assert told["logentry"]["message"] == "task.fault by (quoted), id=8"
    assert told["tags"] == {"job": "7", "task": "8", "user": "9"}
    assert not {"request", "user", "extra", "breadcrumbs", "server_name"} & {*failing, *told}
    assert "vars" not in raw
    assert not [name for name in SOMEBODYS if name in raw]


def test_without_an_address_nothing_is_reported_and_the_library_not_even_loaded(
    tmp_path: object,
) -> None:
    assert _run(tmp_path) == "False"
