"""What the alerts' runbooks tell people to do can be done, and shows what they say it shows."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chess_analytics.settings import Settings
from chess_analytics.store.session import open_database
from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.faults.engines import simulated_engines
from tests.faults.players import User, add_player, small_games
from tests.guides import GUIDES, commands, run_shell
from tests.plain_http import NO_TLS
from tests.ports import free_port

GUIDE = "alerts.md"
SOURCE = GUIDES.parents[1] / "src" / "chess_analytics"
_INTRODUCTION = "Alerts"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.leave()


@dataclass
class Installation:
    """A server with PostgreSQL, its metrics, and a user who is its administrator."""

    home: Home
    url: str
    ada: User
    api: str = ""
    metrics: str = ""

    def serve(self, engine: Path) -> None:
        """Start the server anew, with an engine."""
        for process in self.home.started:
            process.terminate()
            assert process.wait(LONG_ENOUGH_S) == 0
        port = free_port()
        more = {"ENGINE": str(engine), "METRICS_PORT": str(port), "WORKERS": "1"}
        process = self.home.start("serve", "--port", "0", settings=self.settings(**more))
        assert process.stderr
        found = re.search(r"http://[^ ,;]+", process.stderr.readline())
        assert found
        self.api, self.metrics = f"{found[0]}/api/v1", f"http://127.0.0.1:{port}/metrics"
        assert self.ask("GET", "health/ready").status_code == 200

    def settings(self, **more: str) -> dict[str, str]:
        told = {"DATABASE_URL": self.url, **more}
        return {f"CHESS_ANALYTICS_{name}": value for name, value in told.items()}

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.ada.token}"}
        return httpx2.request(
            method,
            f"{self.api}/{path}",
            headers=headers,
            verify=NO_TLS,
            timeout=LONG_ENOUGH_S,
            **more,
        )

    def follow(self, heading: str, *, code: int = 0, **more: str) -> str:
        """Do what the runbook says, and give what it shows; its last command ends with a code."""
        script = commands(GUIDE, _INTRODUCTION) + commands(GUIDE, heading)
        given = self.settings() | {"METRICS": self.metrics, **more}
        ended = run_shell(self.home, script, given)
        assert ended.returncode == code, ended.stdout + ended.stderr
        return ended.stdout

    def wait_until(self, claim: Callable[[str], bool]) -> None:
        """Wait until the metrics show something."""
        until_s = time.monotonic() + LONG_ENOUGH_S
        while not claim(
            text := httpx2.get(self.metrics, verify=NO_TLS, timeout=LONG_ENOUGH_S).text
        ):
            assert time.monotonic() < until_s, text
            time.sleep(0.2)


@pytest.mark.enable_socket
def test_runbooks_lead_from_the_alert_to_its_end(home: Home, postgres_url: str) -> None:
    with open_database(postgres_url) as store:
        ada = add_player(store, "ada", small_games(1))
    here = Installation(home, postgres_url, ada)
    nowhere = home.folder / "nowhere"
    here.serve(nowhere)
    job = here.ask("POST", "analysis-jobs", json={"nodes": 1000}).json()["id"]
    here.wait_until(lambda text: 'workers{engine="missing"} 1.0' in text)
    shown = here.follow("ChessAnalyticsNoWorker", code=1, CHESS_ANALYTICS_ENGINE=str(nowhere))
    assert 'chess_analytics_workers{engine="missing"} 1.0' in shown
    said = re.findall(r"^.*(no engine|PROBLEM): .*$", shown, re.MULTILINE)
    # By the status of the server, and by the doctor.
    assert said == ["no engine", "PROBLEM"], shown
    assert shown.count(f"'{nowhere}', does not exist") == 2

    engines = simulated_engines(home.folder)
    for _ in range(3):
        engines.order("die")
    here.serve(engines.program)
    here.wait_until(lambda text: 'tasks_total{outcome="failed"} 3.0' in text)
    shown = here.follow("ChessAnalyticsEnginesRestart")
    assert re.search(r"^chess_analytics_engine_restarts_total [1-9]", shown)
    shown = here.follow("ChessAnalyticsAnalysisSlow", NAME="ada")
    assert re.search(rf"^ *{job} +\w+ +nodes-1000 ", shown, re.MULTILINE), shown
    shown = here.follow("ChessAnalyticsDatabaseAway")
    assert "chess_analytics_database_up 1.0" in shown
    assert "chess_analytics_database_connections" in shown
    shown = here.follow("ChessAnalyticsGamesFail", NAME="ada", JOB=str(job))
    assert re.search(rf"of job {job}, attempt 3: .*engine", shown), shown
    assert 'chess_analytics_tasks_total{outcome="failed"} 3.0' in shown
    here.wait_until(lambda text: 'tasks_total{outcome="done"} 1.0' in text)


def _named(pattern: str) -> set[str]:
    return set(re.findall(pattern, (GUIDES / GUIDE).read_text(encoding="utf-8")))


def test_metrics_and_labels_that_runbooks_name_are_shown() -> None:
    shown = "".join(
        (SOURCE / name).read_text(encoding="utf-8")
        for name in ("jobs/queue_metrics.py", "observability/metrics.py")
    )
    rules = (GUIDES.parents[1] / "deploy/monitoring/alerts.yaml").read_text(encoding="utf-8")
    named = _named(r"\bchess_analytics_\w+[a-z]") | {
        f"chess_analytics_{name}" for name in _named(r"(?m)^metrics '?(\w+[a-z])\b")
    }
    assert len(named) > 5
    ends = r"(_total|_count|_sum|_bucket)$"
    unknown = {it for it in named if f'"{re.sub(ends, "", it)}' not in shown and it not in rules}
    assert not unknown


def test_settings_and_words_of_the_log_that_runbooks_name_exist() -> None:
    known = {f"CHESS_ANALYTICS_{name.upper()}" for name in Settings.model_fields}
    named = _named(r"CHESS_ANALYTICS_\w+")
    assert named
    assert named <= known
    said = _named(r"its log says `([a-z_.]+)`")
    assert said
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("jobs/**/*.py"))
    assert not [words for words in said if f'"{words}' not in code]
