"""Real runs under a real Prometheus: dashboards have data, and alerts fire.

The rules are those that are shipped; only how long a condition has to hold is shortened.
"""

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from scripts.dashboards import DASHBOARDS

from tests.cli.commands import Home
from tests.cli.shown_server import ShownServer
from tests.deploy.prometheus import Prometheus, filled, watching
from tests.deploy.test_alerts import ALERTS
from tests.faults.engines import simulated_engines
from tests.pgns import different, pgn

pytestmark = pytest.mark.enable_socket

# Why a question has no answer in a run in which all goes well.
QUIET = {
    'status=~"5.."': "no answer has failed",
    'status=~"413|429|503"': "nobody was refused",
    'outcome="failed"': "no game has failed",
}
_VALUES = {"$__rate_interval": "1m", "$__range": "1m", "$price": "0.04"}
_LOOKED_UP_S = 5.5
"""What is looked up in the database is shown for five seconds."""
_MOST_ROUNDS = 15
_MANY = 130
_HARD = 50_000_000
"""Nodes a position: the estimate of such games is hours, whatever the engine then needs."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.leave()


@contextmanager
def _watched(home: Home, engine: str, *words: str) -> Iterator[tuple[ShownServer, Prometheus]]:
    server = ShownServer(home, engine, *words)
    jobs = {"chess-analytics-server": server.port}
    with watching(home.folder / "prometheus", jobs, _impatient(home.folder)) as prometheus:
        try:
            yield server, prometheus
        finally:
            server.kill()


def _impatient(folder: Path) -> Path:
    """Write the shipped rules with a second in the place of minutes, and no other change."""
    shipped = ALERTS.read_text(encoding="utf-8")
    page = folder / "alerts.yaml"
    page.write_text(re.sub(r"(?m)^( +for:) .+$", r"\1 1s", shipped), encoding="utf-8")
    mine, theirs = (yaml.safe_load(text)["groups"] for text in (page.read_text(), shipped))
    assert [[(rule["alert"], rule["expr"]) for rule in group["rules"]] for group in mine] == [
        [(rule["alert"], rule["expr"]) for rule in group["rules"]] for group in theirs
    ]
    return page


def test_dashboards_have_data_and_a_long_queue_is_told(home: Home) -> None:
    engines = simulated_engines(home.folder, 20)
    with _watched(home, str(engines.program), "--workers", "1") as (server, prometheus):
        # Some rounds: what is counted from its first time on has no rate before the second.
        for number in range(1, _MOST_ROUNDS):
            server.bring(different(2 * number))
            server.analyse(profile="fast")
            time.sleep(0.6)
            reasons = _unanswered(prometheus)
            if all(reasons.values()):
                break
        assert not [asked for asked, why in reasons.items() if not why]
        # A reason that excuses nothing any more is to go.
        assert {why for given in reasons.values() for why in given} == {*QUIET.values()}
        prometheus.wait_for_calm()
        server.bring(different(_MANY))
        engines.hold()
        server.begin(nodes=_HARD)
        prometheus.wait_for("ChessAnalyticsQueueLongAllBusy", 60)


def _unanswered(prometheus: Prometheus) -> dict[tuple[str, str], list[str]]:
    """Ask all questions of all dashboards; of those without a number, give reasons for that."""
    return {
        (panel.title, query): [why for part, why in QUIET.items() if part in query]
        for dashboard in DASHBOARDS
        for panel in dashboard.panels
        for query in panel.queries.values()
        if not any(map(math.isfinite, prometheus.ask(filled(query, _VALUES))))
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_games_that_nobody_analyses_are_told(home: Home) -> None:
    with _watched(home, home.engine(), "--workers", "0") as (server, prometheus):
        server.bring(different(3))
        time.sleep(_LOOKED_UP_S)
        prometheus.wait_for_calm()
        server.begin(nodes=1000)
        prometheus.wait_for("ChessAnalyticsNoWorker", 60)
        server.end()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_games_that_fail_are_told(home: Home) -> None:
    # Each engine dies at its fifth search: of some games in the middle.
    with _watched(home, home.engine(0, 4), "--workers", "2") as (server, prometheus):
        server.bring(different(120))
        server.begin(nodes=1000)
        prometheus.wait_for("ChessAnalyticsGamesFail", 120)
        assert "ChessAnalyticsNoWorker" not in prometheus.firing()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_slow_analysis_is_told(home: Home) -> None:
    # A game of forty plies whose engine thinks for four seconds about each position.
    moves = "1. Nf3 Nf6 2. Ng1 Ng8 " * 10
    numbered = re.sub(r"\d+\. ", "", moves).split()
    text = " ".join(
        f"{place // 2 + 1}. {move}" if place % 2 == 0 else move
        for place, move in enumerate(numbered)
    )
    with _watched(home, home.engine(4000), "--workers", "1") as (server, prometheus):
        server.bring(pgn(text))
        server.begin(nodes=1000)
        prometheus.wait_for("ChessAnalyticsAnalysisSlow", 400)
        server.end()
