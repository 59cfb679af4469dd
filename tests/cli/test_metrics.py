"""What a real server shows Prometheus while it imports and analyses."""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.commands import Home
from tests.cli.shown_server import ShownServer
from tests.observability.stand_in import standing_in
from tests.pgns import MIXED

pytestmark = pytest.mark.enable_socket

ALERTS = Path(__file__).resolve().parents[2] / "deploy" / "monitoring" / "alerts.yaml"
PLAYERS = re.findall(r'\[(?:White|Black) "(\w{4,})', MIXED)
ADDED = 4
"""Of the games in `MIXED`."""
_LOOKED_UP_S = 5.1
"""What is looked up in the database is shown for so long."""


def _numbers(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_server_tells_what_it_has_done_and_what_waits(
    home: Home, database_url: str | None
) -> None:
    """With PostgreSQL the process that works on imports counts and logs with it."""
    database = {"database_url": database_url} if database_url else {}
    with standing_in("/v1/traces") as collector:
        address = f"http://{collector.place}"
        server = ShownServer(home, home.engine(), otlp_url=address, **database)
        assert server.api.get("health/ready").json()["status"] == "ok"
        server.bring(MIXED)
        total = server.analyse(nodes=1000)
        assert server.api.get("games/999").status_code == 404
        time.sleep(_LOOKED_UP_S)
        text = server.metrics()
        server.end()
    found = _numbers(text)

    def number(name: str, **labels: str) -> float:
        return found[f"chess_analytics_{name}", tuple(sorted(labels.items()))]

    assert number("imports_total", state="done") == 1
    assert number("imported_games_total") == ADDED
    assert number("tasks_total", outcome="done") == total > 0
    assert number("game_analysis_seconds_count") == total
    assert number("engine_nodes_total") >= number("positions_total") > 2 * total
    assert number("job_wait_seconds_count", kind="batch", state="completed") == 1
    assert number("queued_tasks", **{"class": "batch"}) == 0
    assert number("workers", engine="found") == 1
    missing = {"method": "GET", "route": "/api/v1/games/{game_id}", "status": "404"}
    assert number("http_request_duration_seconds_count", **missing) == 1
    # Nothing of anybody's: no names, no addresses of games.
    assert "games/999" not in text
    assert "mixed.pgn" not in text
    assert _names_in_alerts() <= {name for name, _ in found}
    _check_by_prometheus(text)
    _check_log(server.log, games=total)
    _check_traces(collector.bodies, games=total)


def _check_log(lines: list[str], *, games: int) -> None:
    """Each line is an object that bears numbers of what it belongs to, and nothing of anybody's."""
    logged = [json.loads(line) for line in lines]
    assert {"timestamp", "level", "logger", "event"} <= set.intersection(*map(set, logged))
    ended = [line for line in logged if line["event"].startswith("task.ended")]
    assert len(ended) == games
    assert all({"task", "job", "user"} <= set(line) for line in ended)
    (accepted,) = [line for line in logged if "POST /api/v1/analysis-jobs 202" in line["event"]]
    assert accepted["job"] == ended[0]["job"]
    assert accepted["user"] == ended[0]["user"]
    assert re.fullmatch(r"[0-9a-f]{16}", accepted["request"])
    assert any(line["event"].startswith("import.ended") and line["import"] for line in logged)
    # The web server's own words come in the same form.
    assert any(line["logger"].startswith("uvicorn") for line in logged)
    everything = "".join(lines)
    assert not [name for name in ("mixed.pgn", *PLAYERS) if name in everything]


def _check_traces(bodies: list[bytes], *, games: int) -> None:
    """Hold the trace of a job together: its games below it, and the request that links to it."""
    spans = [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    named = defaultdict(list)
    for span in spans:
        named[span.name].append(span)
    (job,) = named["job"]
    (request,) = named["POST /api/v1/analysis-jobs"]
    assert [link.trace_id for link in request.links] == [job.trace_id]
    assert {task.parent_span_id for task in named["task"]} == {job.span_id}
    tasks = {task.span_id for task in named["task"]}
    assert len(tasks) == games
    for part in ("engine", "save"):
        assert {it.parent_span_id for it in named[part]} == tasks
        assert {it.trace_id for it in named[part]} == {job.trace_id}
    assert not [name for name in PLAYERS if name.encode() in b"".join(bodies)]


def _names_in_alerts() -> set[str]:
    own = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]
    return set(re.findall(r"chess_analytics_\w+|process_\w+", " ".join(r["expr"] for r in own)))


def _check_by_prometheus(text: str) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        return
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    ours = [line for line in checked.stderr.splitlines() if line.startswith("chess_analytics")]
    assert ours == []


def test_by_default_nothing_is_shown_anywhere(home: Home) -> None:
    ended = home.run("serve", "--help")
    assert ended.code == 0
    code = "from chess_analytics.settings import Settings; print(Settings().exposition)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env=home.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "None"


def test_a_port_that_is_taken_is_said_in_a_sentence(home: Home, postgres_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = {
            "CHESS_ANALYTICS_DATABASE_URL": postgres_url,
            "CHESS_ANALYTICS_METRICS_PORT": str(taken.getsockname()[1]),
        }
        ended = home.run("worker", settings=settings)
    assert ended.code == 1
    assert "set CHESS_ANALYTICS_METRICS_PORT to another one" in ended.err
    assert "Traceback" not in ended.err
