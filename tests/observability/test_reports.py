"""What is reported of a fault, to a stand-in of Sentry on this machine."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.observability.stand_in import StandIn, standing_in

pytestmark = pytest.mark.enable_socket


def _events(sentry: StandIn) -> list[dict[str, Any]]:
    """Read envelopes: a head, and for each item a head and a body, a line each."""
    found = []
    for envelope in sentry.bodies:
        _, *items = envelope.splitlines()
        for head, body in zip(items[::2], items[1::2], strict=True):
            if json.loads(head)["type"] == "event":
                found.append(json.loads(body))
    return found


_APPLICATION = """
import logging, sys
from pathlib import Path
from fastapi.testclient import TestClient
from pydantic import BaseModel
from chess_analytics.api.app import create_app
from chess_analytics.observability.context import belonging_to
from chess_analytics.observability.seen import be_seen
from chess_analytics.settings import Settings

class Body(BaseModel):
    name: str

def fail(body: Body) -> None:
    pgn = "[White \\"lovelace\\"]"
    raise RuntimeError(f"'{body.name}' cannot be read: {pgn}")

settings = Settings(data_dir=Path(sys.argv[1]), workers=0)
be_seen(settings.sight)
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
    with standing_in("/api/42/envelope/", b"{}") as sentry:
        dsn = f"http://key@{sentry.place}/42"
        assert _run(tmp_path, sentry_dsn=dsn) == "True"
        failing, told = sorted(_events(sentry), key=lambda event: "exception" not in event)
        raw = b"".join(sentry.bodies).decode()
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
